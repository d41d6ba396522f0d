"""The flow of a vote: the two buttons under an answer, a person's click, and what they are told becomes of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.slack.blocks import Block, build_button
from assistant.slack.posting import Posting
from assistant.wiring import Assistant

HELPFUL, NOT_HELPFUL = "vote_helpful", "vote_not_helpful"
_THANKS = (
    "Thank you: your vote is kept. If this question stood among the gaps because of you, it leaves them. "
    "Click 👎 Not helpful if you change your mind."
)
_SORRY = (
    "Thank you: this question now stands among the gaps (`earshot gaps`), which show what the documents should say. "
    "Click 👍 Helpful if you change your mind."
)
_UNKNOWN = "I do not know this question any more, so your vote cannot be kept. Ask it again, then vote on that answer."


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
    return Voted(
        question_key=action["value"],
        is_helpful=action["action_id"] == HELPFUL,
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


class VoteFlow:
    """Keeps votes, and tells the person alone."""

    def __init__(self, assistant: Assistant, posting: Posting) -> None:
        self._assistant = assistant
        self._posting = posting

    def take(self, voted: Voted) -> None:
        """Work a click off: of two clicks the later one counts, whichever is worked off first."""
        voted_at = datetime.fromtimestamp(float(voted.action_ts), UTC)
        is_kept = self._assistant.questions.vote(voted.question_key, voted.user, voted.is_helpful, voted_at)
        text = (_THANKS if voted.is_helpful else _SORRY) if is_kept else _UNKNOWN
        self._posting.tell(voted.channel, voted.user, text, voted.thread_ts)
