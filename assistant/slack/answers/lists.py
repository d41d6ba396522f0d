"""The lists that people ask for by a command: missing answers, and the settings that count."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.roles import Action
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.knowledge.build import Knowledge
from assistant.knowledge.gaps import Gap, find_gaps
from assistant.live_settings.changes import SettingChanges
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.answers.proposal_blocks import WRITE_ANSWER
from assistant.slack.client.blocks import Block, build_button, build_context, build_section, escape_line, join_lines
from assistant.slack.client.commands import Command, Commands, Issued
from assistant.slack.client.failures import hash_key
from assistant.slack.client.membership import Membership
from assistant.slack.client.readers import Readers
from assistant.slack.home.settings_forms import tell_setting

_SHOWN = 10
_CHARACTERS = 2800
_MOST_ASKED = 200  # a button carries 2,000 characters


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

    def __init__(self, knowledge: Knowledge, membership: Membership, private: PrivateFlow, readers: Readers) -> None:
        self._knowledge = knowledge
        self._membership = membership
        self._private = private
        self._readers = readers

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle the command."""
        jobs.add(GapsAsk, self.answer)

    def answer(self, asked: GapsAsk) -> None:
        """Show a sign, then the list."""
        where = (asked.response_url, asked.channel, asked.user)
        self._private.show_sign(asked.key, *where, self._readers.wording_for(asked.user).say(Say.GAPS_LOOKING))
        self._private.say_once(asked.key, *where, lambda: self._build(asked.user))

    def _build(self, user: str) -> AnswerMessage:
        self._membership.check(user, Action.READ_SUMMARY)
        wording = self._readers.wording_for(user)
        found = find_gaps(self._knowledge.questions, self._knowledge.post_embedder)
        if not found:
            return AnswerMessage(text := wording.say(Say.GAPS_NONE), [build_section(text)])
        waiting = self._knowledge.proposals.list_written()
        head, more = wording.say(Say.GAPS_HEAD), len(found) - _SHOWN
        rest = [wording.say(Say.GAPS_MORE, count=more)] if more > 0 else []
        told = [_tell(gap, wording) for gap in found[:_SHOWN]]
        gaps = [_build_gap(gap, text, waiting, wording) for gap, text in zip(found, told, strict=False)]
        blocks = [build_section(head), *gaps, *map(build_context, rest)]
        return AnswerMessage(join_lines([head, *told, *rest], _CHARACTERS), blocks)


def _build_gap(gap: Gap, text: str, waiting: Collection[int], wording: Wording) -> Block:
    """One line, with the button that opens the form; without it where somebody wrote the answer already."""
    if not set(gap.asked).isdisjoint(waiting):
        return build_section(f"{text}\n_{wording.say(Say.GAPS_WAITS)}_")
    asked = ",".join(map(str, gap.asked[:_MOST_ASKED]))
    return build_section(text) | {"accessory": build_button(wording.say(Say.GAPS_WRITE), WRITE_ANSWER, asked)}


def _tell(gap: Gap, wording: Wording) -> str:
    counts = [wording.say(Say.GAPS_REFUSED, count=gap.refused)] if gap.refused else []
    counts += [wording.say(Say.GAPS_VOTED_DOWN, count=gap.voted_down)] if gap.voted_down else []
    channels = ", ".join(f"<#{one}>" for one in gap.channels if not one.startswith("D"))
    where = f" · {channels}" if channels else ""
    return f"• {escape_line(gap.question, 200)} ({', '.join(counts)}{where})"
