"""Intake of messages into the inbox, whether Slack sent them or they were read afterwards.

What was said to Earshot while it could not hear: Slack sends an event for some six minutes, and then never again.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Inbox, Job, JobHandlers
from assistant.errors import NetworkError
from assistant.knowledge.answers.unasked import asks, may_be_for_documents
from assistant.knowledge.build import Knowledge
from assistant.slack.answers.events import (
    Asked,
    Deleted,
    Edited,
    FollowUp,
    HelpAsked,
    Overheard,
    OwnerReply,
    Silence,
    read_event,
)
from assistant.slack.client.client import translated
from assistant.slack.tables import SlackStore

Body = dict[str, Any]

HEARD = "slack_heard"
"""The name of the fact that holds the ts of the newest message that was read, or one a minute older."""

_NOTED_SECONDS = 60.0


class Intake:
    """Takes the body of an `app_mention` or a `message` event."""

    def __init__(self, home: Home, knowledge: Knowledge, slack_store: SlackStore, inbox: Inbox) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._inbox = inbox
        self._noted = 0.0

    def hear(self, body: Body) -> None:
        """Write down a question, an edit or a deletion; leave alone what is not for Earshot."""
        heard = read_event(body, self._home.settings.allowed_bots)
        if isinstance(heard, Asked):
            self._hear_question(heard)
        elif isinstance(heard, FollowUp):
            self._hear_follow_up(heard)
        elif isinstance(heard, Overheard):
            self._overhear(heard.asked, is_in_thread=False)
        elif isinstance(heard, Edited):
            self._inbox(heard, f"{heard.asked.key}:edit:{heard.version}")
        elif isinstance(heard, Deleted):
            self._inbox(heard, heard.key)

    def _overhear(self, asked: Asked, is_in_thread: bool) -> None:
        """In a help channel, a question may be answered without a mention."""
        if self._home.settings.is_help_channel(asked.channel, is_in_thread) and may_be_for_documents(asked.text):
            self._inbox(asked.to(HelpAsked), asked.key)

    def note(self, body: Body) -> None:
        """Keep that Slack was read until then. After `hear`: a crash in between must leave it to be read again."""
        ts = float(body["event"].get("event_ts") or body["event"]["ts"])
        if ts - self._noted >= _NOTED_SECONDS:
            self._noted = ts
            self._slack_store.service_facts.note(HEARD, str(ts), self._home.clock())

    def _hear_question(self, asked: Asked) -> None:
        if asked.is_direct and self._is_owners_reply(asked):
            self._inbox(asked.to(OwnerReply), f"owner_reply:{asked.key}")
        else:
            self._inbox(asked, asked.key)

    def _hear_follow_up(self, heard: FollowUp) -> None:
        asked = heard.asked
        if self._is_owners_reply(asked):
            self._inbox(asked.to(OwnerReply), f"owner_reply:{asked.key}")
        elif self._slack_store.slack_posts.is_muted(asked.channel, asked.thread_ts):
            self._slack_store.slack_posts.note_silence(asked.channel, asked.ts, asked.user, Silence.MUTED)
        elif self._knowledge.questions.is_asked_in(asked.channel, asked.thread_ts):
            silence = heard.silence or self._find_silence(asked)
            if silence and not self._is_our_reply_due(asked, silence):
                self._slack_store.slack_posts.note_silence(asked.channel, asked.ts, asked.user, silence)
            else:
                self._inbox(asked, asked.key)
        elif heard.silence is None:
            self._overhear(asked, is_in_thread=True)

    def _find_silence(self, asked: Asked) -> Silence | None:
        """In a help channel people help each other: only questions in a thread are for Earshot."""
        is_help = self._home.settings.is_help_channel(asked.channel)
        return Silence.COURTESY if is_help and not asks(asked.text) else None

    def _is_our_reply_due(self, asked: Asked, silence: Silence) -> bool:
        """`yes` and `both` ask nothing, unless Earshot had asked back."""
        asked_back = self._knowledge.questions.has_asked_back
        return silence is Silence.COURTESY and asked_back(asked.channel, asked.thread_ts)

    def _is_owners_reply(self, asked: Asked) -> bool:
        """A question is one whoever asks it, also the owner who was asked."""
        is_question = asked.text.rstrip().endswith(_QUESTION_MARKS)
        find_request = self._knowledge.proposals.find_request
        return not is_question and find_request(asked.channel, asked.thread_ts, asked.user) is not None


_QUESTION_MARKS = ("?", "？", "؟")
# An older question has found its answer elsewhere, or nobody wants it any more.
_LONGEST = timedelta(days=1)
_MARGIN = timedelta(minutes=2)
_KINDS = "public_channel,private_channel,mpim,im"
_PAGE = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MissedSince(Job):
    """Earshot heard nothing since then, in seconds since 1970."""

    kind: ClassVar = "catch_up"
    since: float


class MissedFlow:
    """Reads channels and threads again. What was heard already has its key in the inbox: nothing is answered twice."""

    def __init__(self, knowledge: Knowledge, client: WebClient, hearing: Intake) -> None:
        self._knowledge = knowledge
        self._client = client
        self._hearing = hearing

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what was missed."""
        jobs.add(MissedSince, self.catch_up)

    def catch_up(self, missed: MissedSince) -> None:
        """Hear what was said since then. Raises NetworkError when Slack cannot be asked."""
        since = missed.since
        with translated():
            me = self._client.auth_test()
            pages = list(self._client.users_conversations(types=_KINDS, exclude_archived=True, limit=_PAGE))
        channels = {one["id"]: one for page in pages for one in page["channels"]}
        threads = self._list_threads(since)
        for channel, about in channels.items():
            spoken = self._read_channel(channel, since)
            threads |= {(channel, one["ts"]) for one in spoken if float(one.get("latest_reply") or 0) > since}
            for message in spoken:
                self._hear(me, about, message)
        for channel, thread_ts in sorted(threads):
            if channel in channels:
                for message in self._read_thread(channel, thread_ts, since):
                    self._hear(me, channels[channel], message)

    def _hear(self, me: Any, channel: Body, message: Body) -> None:
        kind = "im" if channel.get("is_im") else "channel"
        event = {**message, "type": "message", "channel": channel["id"], "channel_type": kind}
        authorizations = [{"user_id": me["user_id"]}]
        self._hearing.hear({"team_id": me["team_id"], "authorizations": authorizations, "event": event})

    def _list_threads(self, since: float) -> set[tuple[str, str]]:
        """Those in which somebody asked a day before or later."""
        asked_since = datetime.fromtimestamp(since, UTC) - _LONGEST
        return set(self._knowledge.questions.list_threads(asked_since))

    def _read_channel(self, channel: str, since: float) -> list[Body]:
        return self._read(self._client.conversations_history, channel=channel, oldest=str(since), limit=_PAGE)[::-1]

    def _read_thread(self, channel: str, thread_ts: str, since: float) -> list[Body]:
        replies = self._client.conversations_replies
        spoken = self._read(replies, channel=channel, ts=thread_ts, oldest=str(since), limit=_PAGE)
        return [one for one in spoken if float(one["ts"]) > since]  # the thread's parent always comes along

    def _read(self, call: Any, **arguments: Any) -> list[Body]:
        try:
            with translated():
                return [message for page in call(**arguments) for message in page["messages"]]
        except NetworkError as error:
            if error.is_transient:
                raise
            _log.warning("what was missed in %s was not read: %s", arguments["channel"], error.message)
            return []


def find_last_heard(home: Home, slack_store: SlackStore) -> float | None:
    """Since when something may have been missed, in seconds since 1970; None where nothing was ever heard."""
    heard = slack_store.service_facts.find(HEARD)
    if heard is None:
        return None
    longest = (home.clock() - _LONGEST).timestamp()
    return max(float(heard[0]) - _MARGIN.total_seconds(), longest)
