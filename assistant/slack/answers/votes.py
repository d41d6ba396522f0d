"""The flow of a vote: the two buttons under an answer, a person's click, and what they see of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.errors import TransientNetworkError
from assistant.knowledge.build import Knowledge
from assistant.slack.client.blocks import Block, build_button
from assistant.slack.client.clicks import Click
from assistant.slack.client.poster import Poster
from assistant.slack.client.readers import Readers
from assistant.slack.client.tables import SlackTables

HELPFUL, NOT_HELPFUL, FEEDBACK = "vote_helpful", "vote_not_helpful", "answer_feedback"
VOTE_REASON = "vote_reason"
_UP, _DOWN = "+", "-"
REASONS = {
    "wrong": Say.REASON_WRONG,
    "outdated": Say.REASON_OUTDATED,
    "incomplete": Say.REASON_INCOMPLETE,
    "off_topic": Say.REASON_OFF_TOPIC,
    "other": Say.REASON_OTHER,
}
_REMARK_CHARACTERS = 500


@dataclass(frozen=True)
class Voted(Job):
    """A click on one of the buttons; `action_ts` is when, in seconds, as Slack writes it."""

    kind: ClassVar = "vote"
    question_key: str
    is_helpful: bool
    user: str
    channel: str
    thread_ts: str | None
    action_ts: str

    @property
    def key(self) -> str:
        """The same however often Slack delivers the click."""
        return f"vote:{self.action_ts}:{self.user}:{self.is_helpful}:{self.question_key}"

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel, self.thread_ts)


@dataclass(frozen=True)
class VoteReason(Job):
    """The form that asked why an answer did not help."""

    kind: ClassVar = "vote_reason"
    question_key: str
    user: str
    reason: str
    remark: str


def read_vote(body: dict[str, Any]) -> Voted:
    """The vote in the payload of a click."""
    click = Click(body)
    is_feedback = click.action == FEEDBACK
    return Voted(
        question_key=click.value[1:] if is_feedback else click.value,
        is_helpful=click.value[0] == _UP if is_feedback else click.action == HELPFUL,
        user=click.user,
        channel=click.channel,
        thread_ts=click.thread_ts,
        action_ts=click.at,
    )


def build_vote_buttons(question_key: str, wording: Wording) -> Block:
    """👍 and 👎, also in words: a screen reader hears what is voted on."""
    up, up_spoken = wording.say(Say.VOTE_UP), wording.say(Say.VOTE_UP_SPOKEN)
    down, down_spoken = wording.say(Say.VOTE_DOWN), wording.say(Say.VOTE_DOWN_SPOKEN)
    buttons = [
        build_button(f"👍 {up}", HELPFUL, question_key, spoken=up_spoken),
        build_button(f"👎 {down}", NOT_HELPFUL, question_key, spoken=down_spoken),
    ]
    return {"type": "actions", "elements": buttons}


def build_feedback(question_key: str, wording: Wording) -> Block:
    """Slack's own feedback buttons: it draws the thumbs itself."""
    labels = (
        ("positive", _UP, Say.VOTE_UP, Say.VOTE_UP_SPOKEN),
        ("negative", _DOWN, Say.VOTE_DOWN, Say.VOTE_DOWN_SPOKEN),
    )
    buttons = {
        f"{name}_button": {
            "text": {"type": "plain_text", "text": wording.say(label)},
            "value": sign + question_key,
            "accessibility_label": wording.say(spoken),
        }
        for name, sign, label, spoken in labels
    }
    feedback = {"type": "feedback_buttons", "action_id": FEEDBACK, **buttons}
    return {"type": "context_actions", "elements": [feedback]}


def build_reason_modal(voted: Voted, wording: Wording) -> Block:
    """Asks why an answer did not help; the vote itself is kept whether or not it is filled in."""
    options = [
        {"text": {"type": "plain_text", "text": wording.say(key)}, "value": name} for name, key in REASONS.items()
    ]
    reason = {"type": "radio_buttons", "action_id": "reason", "options": options}
    remark = {"type": "plain_text_input", "action_id": "remark", "multiline": True, "max_length": _REMARK_CHARACTERS}
    return {
        "type": "modal",
        "callback_id": VOTE_REASON,
        "private_metadata": voted.question_key,
        "title": {"type": "plain_text", "text": wording.say(Say.REASON_TITLE)},
        "submit": {"type": "plain_text", "text": wording.say(Say.REASON_SEND)},
        "close": {"type": "plain_text", "text": wording.say(Say.REASON_SKIP)},
        "blocks": [
            _build_input("reason", wording.say(Say.REASON_ASKED), reason),
            _build_input("remark", wording.say(Say.REASON_REMARK), remark, is_optional=True),
        ],
    }


def read_reason(body: dict[str, Any]) -> VoteReason:
    """Read the form."""
    values = body["view"]["state"]["values"]
    return VoteReason(
        question_key=body["view"]["private_metadata"],
        user=body["user"]["id"],
        reason=values["reason"]["reason"]["selected_option"]["value"],
        remark=values["remark"]["remark"].get("value") or "",
    )


def _build_input(name: str, label: str, element: Block, is_optional: bool = False) -> Block:
    plain = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": name, "label": plain, "element": element, "optional": is_optional}


class VoteFlow:
    """Keeps votes, and tells the person alone."""

    def __init__(
        self, home: Home, knowledge: Knowledge, tables: SlackTables, posting: Poster, readers: Readers
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._tables = tables
        self._posting = posting
        self._readers = readers

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle votes and their reasons."""
        jobs.add(Voted, self.take)
        jobs.add(VoteReason, self.explain)

    def explain(self, why: VoteReason) -> None:
        """Keep why an answer did not help; `earshot gaps` shows it. Raises when the vote is not kept yet."""
        if self._knowledge.questions.find(why.question_key) is None:
            return  # they saw that when they voted
        if not self._knowledge.questions.explain_vote(why.question_key, why.user, why.reason, why.remark):
            raise TransientNetworkError("The vote of this reason is not kept yet.", "It will be tried again.")

    def take(self, voted: Voted) -> None:
        """Handle a click: of two clicks the later one counts, whichever is handled first."""
        voted_at = datetime.fromtimestamp(float(voted.action_ts), UTC)
        is_kept = self._knowledge.questions.vote(voted.question_key, voted.user, voted.is_helpful, voted_at)
        is_help = self._home.settings.is_help_channel(voted.channel)
        if is_kept and not voted.is_helpful and is_help and voted.thread_ts:
            self._tables.mute(voted.channel, voted.thread_ts)
        key = (Say.VOTE_THANKS if voted.is_helpful else Say.VOTE_SORRY) if is_kept else Say.VOTE_GONE
        kept = self._knowledge.questions.find(voted.question_key)
        told = self._readers.wording_about(kept, voted.user).say(key)
        self._posting.tell(voted.channel, voted.user, told, voted.thread_ts)
