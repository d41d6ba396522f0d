"""`/earshot catchup #channel`, or of a crisis: what happened since this person was last there, for them alone."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.errors import InputError
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.answers.events import to_plain
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.client.blocks import build_link, build_section, build_time, escape_line, join_lines
from assistant.slack.client.client import translated
from assistant.slack.client.commands import COMMAND, Command, Commands, Issued
from assistant.slack.client.failures import hash_key
from assistant.slack.client.membership import Membership
from assistant.slack.client.tables import ServiceTables

_LONGEST, _USUAL = timedelta(days=7), timedelta(days=1)
_MOST_MESSAGES, _SHOWN = 200, 5
_CHARACTERS = 2_800
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{2,20})(?:\|[^>]{0,100})?>|#?([\w-]{1,80})")
_CRISIS = re.compile(r"crisis(?:\s+(\d{1,9}))?", re.IGNORECASE)
_WHICH = f"Name a channel, for example: `{COMMAND} catchup #replies`; or a crisis: `{COMMAND} catchup crisis`"
_NO_CHANNEL = "There's no channel #{name} that you and I are both in."
_LOOKING = "Reading what you missed… Only you will see it."
_KINDS = "public_channel,private_channel"


@dataclass(frozen=True)
class CatchUpAsk(Job):
    """The command: `where` is the channel as it was typed, empty for the one that it was typed in."""

    kind: ClassVar = "catchup"
    key: str
    channel: str
    user: str
    where: str
    response_url: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


class CatchUpCommands:
    """The subcommand."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def build_commands(self) -> Commands:
        """The subcommand."""
        told = "tells what happened there since you last wrote or asked, or in the latest crisis"
        return {"catchup": Command(self.ask, "[#CHANNEL | crisis]", told)}

    def ask(self, issued: Issued) -> str:
        """Written down, then a sign and what happened."""
        if issued.text and not (_CHANNEL.fullmatch(issued.text) or _CRISIS.fullmatch(issued.text)):
            return _WHICH
        key = f"catchup:{hash_key(issued.trigger_id)}"
        asked = CatchUpAsk(key, issued.channel, issued.user, issued.text, issued.response_url)
        self._inbox(asked, key)
        return ""


class CatchUpFlow:
    """Reads a channel for somebody who is in it; `tell_crisis` does so of a crisis, given a person and a number."""

    def __init__(
        self,
        home: Home,
        client: WebClient,
        facts: ServiceTables,
        membership: Membership,
        private: PrivateFlow,
        tell_crisis: Callable[[str, str], AnswerMessage],
    ) -> None:
        self._home = home
        self._client = client
        self._facts = facts
        self._membership = membership
        self._private = private
        self._tell_crisis = tell_crisis

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle the command."""
        jobs.add(CatchUpAsk, self.answer)

    def answer(self, asked: CatchUpAsk) -> None:
        """Tell, with a sign first, or say why not."""
        self._private.say_once(asked.key, asked.response_url, asked.channel, asked.user, lambda: self._build(asked))

    def _build(self, asked: CatchUpAsk) -> AnswerMessage:
        if of_crisis := _CRISIS.fullmatch(asked.where):
            return self._tell_crisis(asked.user, of_crisis[1] or "")
        channel = self._find_channel(asked)
        self._private.show_sign(asked.key, asked.response_url, asked.channel, asked.user, _LOOKING)
        now = self._home.clock()
        seen = self._facts.find(_name_fact(channel, asked.user))
        messages = self._read(channel, now - _LONGEST)
        since = _find_since(messages, asked.user, float(seen[0]) if seen else 0.0, now)
        new = [one for one in messages if float(one["ts"]) > since.timestamp() and one.get("user") != asked.user]
        text = self._tell(channel, since, new)
        self._facts.note(_name_fact(channel, asked.user), str(now.timestamp()), now)
        return AnswerMessage(text, [build_section(text)])

    def _find_channel(self, asked: CatchUpAsk) -> str:
        """The channel that is meant. Raises InputError where who asks and Earshot are not both in it."""
        found = _CHANNEL.fullmatch(asked.where)
        if found is None and asked.channel.startswith("D"):
            raise InputError(_WHICH)
        with translated():
            pages = self._client.users_conversations(types=_KINDS, exclude_archived=True, limit=_MOST_MESSAGES)
            named = {str(one["name"]): str(one["id"]) for page in pages for one in page["channels"]}
        name, channel = (found[2], found[1] or named.get(found[2], "")) if found else (None, asked.channel)
        if channel in named.values() and self._membership.is_in(channel, asked.user):
            return channel
        near = difflib.get_close_matches(name or "", named, 1)
        if near and near[0] != name and self._membership.is_in(named[near[0]], asked.user):
            raise InputError(_NO_CHANNEL.format(name=name), f"Did you mean {COMMAND} catchup #{near[0]}?")
        where = "that channel" if found else "this channel"
        told = _NO_CHANNEL.format(name=name) if name else f"You and I aren't both in {where}."
        raise InputError(told, "Join it, and invite me: /invite @Earshot")

    def _read(self, channel: str, since: datetime) -> list[dict[str, Any]]:
        with translated():
            page = self._client.conversations_history(
                channel=channel, oldest=str(since.timestamp()), limit=_MOST_MESSAGES
            )
        return [one for one in page["messages"] if one.get("user") and not one.get("subtype")]

    def _tell(self, channel: str, since: datetime, new: list[dict[str, Any]]) -> str:
        people = {one["user"] for one in new if not one.get("bot_id")}
        head = f"*<#{channel}> since {build_time(since)}*"
        if not new:
            return f"{head}\nNothing new."
        replies = sum(int(one.get("reply_count") or 0) for one in new)
        counts = [_count(len(new), "message"), *([_count(len(people), "person", "people")] if people else [])]
        counts += [_count(replies, "reply", "replies")] if replies else []
        busiest = sorted(new, key=lambda one: (-_weigh(one), -float(one["ts"])))[:_SHOWN]
        lines = [self._tell_message(channel, one) for one in sorted(busiest, key=lambda one: float(one["ts"]))]
        return join_lines([head, " · ".join(counts), *lines], _CHARACTERS)

    def _tell_message(self, channel: str, message: dict[str, Any]) -> str:
        url = f"{self._membership.workspace_url()}archives/{channel}/p{message['ts'].replace('.', '')}"
        words = escape_line(to_plain(str(message.get("text") or "")), 160) or "a message"
        replies = int(message.get("reply_count") or 0)
        more = f" ({_count(replies, 'reply', 'replies')})" if replies else ""
        return (
            f"• {escape_line(self._membership.name_of(message['user']), 60)}: {words}{more} {build_link('open', url)}"
        )


def _find_since(messages: list[dict[str, Any]], user: str, seen: float, now: datetime) -> datetime:
    """When they last wrote or asked; a day ago where neither is known."""
    written = max((float(one["ts"]) for one in messages if one.get("user") == user), default=0.0)
    last = max(written, seen)
    return datetime.fromtimestamp(last, UTC) if last else now - _USUAL


def _weigh(message: dict[str, Any]) -> int:
    """People talked about it, or reacted to it."""
    reactions = sum(int(one.get("count") or 0) for one in message.get("reactions") or ())
    return 2 * int(message.get("reply_count") or 0) + reactions


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _name_fact(channel: str, user: str) -> str:
    return f"caught_up:{channel}:{user}"
