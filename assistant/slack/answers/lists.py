"""The lists that people ask for by a command: missing answers, and the settings that count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.roles import Action
from assistant.knowledge.build import Knowledge
from assistant.knowledge.gaps import Gap, find_gaps
from assistant.live_settings.changes import SettingChanges
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.client.blocks import build_section, escape_line, join_lines
from assistant.slack.client.commands import Command, Commands, Issued
from assistant.slack.client.failures import hash_key
from assistant.slack.client.membership import Membership
from assistant.slack.client.readers import Readers
from assistant.slack.home.settings_forms import tell_setting

_SHOWN = 10
_CHARACTERS = 2800
_LOOKING = "Looking through unanswered questions… Only you will see them."
_NONE = "No unanswered questions. :tada:"
_HEAD = "*Missing answers*, most asked first:"


@dataclass(frozen=True)
class GapsAsk(Job):
    """`/earshot gaps`; `response_url` takes answers for half an hour."""

    kind: ClassVar = "gaps"
    key: str
    channel: str
    user: str
    response_url: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


class ListCommands:
    """The subcommands, each for those who may."""

    def __init__(self, readers: Readers, adjusting: SettingChanges, inbox: Inbox) -> None:
        self._readers = readers
        self._adjusting = adjusting
        self._inbox = inbox

    def build_commands(self) -> Commands:
        """The subcommands."""
        return {
            "gaps": Command(self.list_gaps, "", "lists questions that no document answers", needs=Action.READ_SUMMARY),
            "settings": Command(
                self.list_settings, "", "shows the settings; they change in my Home tab", needs=Action.CHANGE_SETTING
            ),
        }

    def list_gaps(self, issued: Issued) -> str:
        """`/earshot gaps`."""
        key = f"gaps:{hash_key(issued.trigger_id)}"
        self._inbox(GapsAsk(key, issued.channel, issued.user, issued.response_url), key)
        return ""

    def list_settings(self, issued: Issued) -> str:
        """`/earshot settings`."""
        standings, wording = self._adjusting.list_standings(), self._readers.wording_for(issued.user)
        lines = [f"*{one.adjustable.title}:* {tell_setting(one, one.value, wording)}" for one in standings]
        return join_lines([*lines, "To change one, open my Home tab."], _CHARACTERS)


class GapFlow:
    """Tells one person which answers are missing: putting questions together takes longer than a command may."""

    def __init__(self, knowledge: Knowledge, membership: Membership, private: PrivateFlow) -> None:
        self._knowledge = knowledge
        self._membership = membership
        self._private = private

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle the command."""
        jobs.add(GapsAsk, self.answer)

    def answer(self, asked: GapsAsk) -> None:
        """Show a sign, then the list."""
        where = (asked.response_url, asked.channel, asked.user)
        self._private.show_sign(asked.key, *where, _LOOKING)
        self._private.say_once(asked.key, *where, self._build(asked.user))

    def _build(self, user: str) -> Callable[[], AnswerMessage]:
        def build() -> AnswerMessage:
            self._membership.check(user, Action.READ_SUMMARY)
            found = find_gaps(self._knowledge.questions, self._knowledge.post_embedder)
            lines = [_HEAD, *map(_tell, found[:_SHOWN])]
            lines += [f"… and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
            text = join_lines(lines, _CHARACTERS) if found else _NONE
            return AnswerMessage(text, [build_section(text)])

        return build


def _tell(gap: Gap) -> str:
    counts = [f"{gap.refused} without an answer"] if gap.refused else []
    counts += [f"{gap.voted_down} found unhelpful"] if gap.voted_down else []
    channels = ", ".join(f"<#{one}>" for one in gap.channels if not one.startswith("D"))
    where = f" · {channels}" if channels else ""
    return f"• {escape_line(gap.question, 200)} ({', '.join(counts)}{where})"
