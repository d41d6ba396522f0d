"""The buttons under an answer; each carries the key of its question."""

from assistant.domain import Answer
from assistant.slack.answers.votes import build_feedback, build_vote_buttons
from assistant.slack.client.blocks import Block, build_button, build_confirm

PASSAGES, WHY, ASK_OWNER, SHARE, ASK_DIRECT = "show_passages", "show_why", "ask_owner", "share_answer", "ask_in_direct"
_CONFIRM_OWNER = build_confirm(
    "Ask someone who knows",
    "The owner of the nearest document gets your question with your name. Their reply becomes a proposed document, "
    "which a person accepts first.",
    "Ask them",
)


def build_answer_buttons(answer: Answer, question_key: str, is_private: bool = False) -> list[Block]:
    """Feedback where something was answered, then what one may do with it; a private answer can be shared."""
    buttons = [build_button("Share with the channel", SHARE, question_key, "primary")] if is_private else []
    buttons += [build_button("Show the passages", PASSAGES, question_key)] if answer.citations else []
    buttons.append(build_button("Why?", WHY, question_key, spoken="Why this answer?"))
    if not is_private and any(near.owner for near in answer.nearest):
        buttons.append(build_button("Ask someone who knows", ASK_OWNER, question_key, confirm=_CONFIRM_OWNER))
    # Feedback buttons are for messages that stay; an ephemeral one gets plain buttons.
    feedback = build_vote_buttons(question_key) if is_private else build_feedback(question_key)
    return [*([feedback] if answer.is_grounded else []), {"type": "actions", "elements": buttons}]


def build_direct_offer(question_key: str) -> Block:
    """The way to a direct message."""
    return {"type": "actions", "elements": [build_button("Ask in a direct message", ASK_DIRECT, question_key)]}
