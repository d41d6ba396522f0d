"""The flow of a vote: the two buttons under an answer, a person's click, and what they see of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.errors import TransientNetworkError
from assistant.knowledge.build import Knowledge
from assistant.slack.client.blocks import Block, build_button
from assistant.slack.client.poster import Poster

HELPFUL, NOT_HELPFUL, FEEDBACK = "vote_helpful", "vote_not_helpful", "answer_feedback"
VOTE_REASON = "vote_reason"
_UP, _DOWN = "+", "-"
REASONS = {
    "wrong": "It is wrong",
    "outdated": "It is out of date",
    "incomplete": "It is incomplete",
    "off_topic": "It is not what I asked",
    "other": "Something else",
}
_REMARK_CHARACTERS = 500
_THANKS = (
    "Thanks, your vote is saved. If you had marked this as a missing answer, I've removed it from the list. "
    "Click 👎 Not helpful if you change your mind."
)
_SORRY = (
    "Thanks. I've added this question to the list of missing answers (`earshot gaps`). "
    "Click 👍 Helpful if you change your mind."
)
_UNKNOWN = "I no longer have this question, so I can't save your vote. Ask it again, then vote on the new answer."


@dataclass(frozen=True)
class Voted:
    """A click on one of the buttons; `action_ts` is when, in seconds, as Slack writes it."""

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


def read_vote(body: dict[str, Any]) -> Voted:
    """The vote in the payload of a click."""
    action = body["actions"][0]
    value = str(action["value"])
    is_feedback = action["action_id"] == FEEDBACK
    return Voted(
        question_key=value[1:] if is_feedback else value,
        is_helpful=value[0] == _UP if is_feedback else action["action_id"] == HELPFUL,
        user=body["user"]["id"],
        channel=body["channel"]["id"],
        thread_ts=body.get("container", {}).get("thread_ts"),
        action_ts=action["action_ts"],
    )


def build_vote_buttons(question_key: str) -> Block:
    """👍 and 👎, also in words: a screen reader hears what is voted on."""
    buttons = [
        build_button("👍 Helpful", HELPFUL, question_key, spoken="Vote: this answer is helpful"),
        build_button("👎 Not helpful", NOT_HELPFUL, question_key, spoken="Vote: this answer is not helpful"),
    ]
    return {"type": "actions", "elements": buttons}


def build_feedback(question_key: str) -> Block:
    """Slack's own feedback buttons: it draws the thumbs itself."""
    labels = (("positive", _UP, "Helpful", "helpful"), ("negative", _DOWN, "Not helpful", "not helpful"))
    buttons = {
        f"{name}_button": {
            "text": {"type": "plain_text", "text": label},
            "value": sign + question_key,
            "accessibility_label": f"Vote: this answer is {spoken}",
        }
        for name, sign, label, spoken in labels
    }
    feedback = {"type": "feedback_buttons", "action_id": FEEDBACK, **buttons}
    return {"type": "context_actions", "elements": [feedback]}


def build_reason_modal(voted: Voted) -> Block:
    """Asks why an answer did not help; the vote itself is kept whether or not it is filled in."""
    options = [{"text": {"type": "plain_text", "text": text}, "value": name} for name, text in REASONS.items()]
    reason = {"type": "radio_buttons", "action_id": "reason", "options": options}
    remark = {"type": "plain_text_input", "action_id": "remark", "multiline": True, "max_length": _REMARK_CHARACTERS}
    return {
        "type": "modal",
        "callback_id": VOTE_REASON,
        "private_metadata": voted.question_key,
        "title": {"type": "plain_text", "text": "What was wrong?"},
        "submit": {"type": "plain_text", "text": "Send"},
        "close": {"type": "plain_text", "text": "Skip"},
        "blocks": [
            _build_input("reason", "Why did the answer not help?", reason),
            _build_input("remark", "What should it have said?", remark, is_optional=True),
        ],
    }


def read_reason(body: dict[str, Any]) -> dict[str, str]:
    """Read the form, for VoteFlow.explain."""
    values = body["view"]["state"]["values"]
    return {
        "question_key": body["view"]["private_metadata"],
        "user": body["user"]["id"],
        "reason": values["reason"]["reason"]["selected_option"]["value"],
        "remark": values["remark"]["remark"].get("value") or "",
    }


def _build_input(name: str, label: str, element: Block, is_optional: bool = False) -> Block:
    plain = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": name, "label": plain, "element": element, "optional": is_optional}


class VoteFlow:
    """Keeps votes, and tells the person alone."""

    def __init__(self, knowledge: Knowledge, posting: Poster) -> None:
        self._knowledge = knowledge
        self._posting = posting

    def explain(self, question_key: str, user: str, reason: str, remark: str) -> None:
        """Keep why an answer did not help; `earshot gaps` shows it. Raises when the vote is not kept yet."""
        if self._knowledge.questions.find(question_key) is None:
            return  # they saw that when they voted
        if not self._knowledge.questions.explain_vote(question_key, user, reason, remark):
            raise TransientNetworkError("The vote of this reason is not kept yet.", "It will be tried again.")

    def take(self, voted: Voted) -> None:
        """Handle a click: of two clicks the later one counts, whichever is handled first."""
        voted_at = datetime.fromtimestamp(float(voted.action_ts), UTC)
        is_kept = self._knowledge.questions.vote(voted.question_key, voted.user, voted.is_helpful, voted_at)
        text = (_THANKS if voted.is_helpful else _SORRY) if is_kept else _UNKNOWN
        self._posting.tell(voted.channel, voted.user, text, voted.thread_ts)
