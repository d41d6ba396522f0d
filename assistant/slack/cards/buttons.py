"""The buttons of a card: those that its draft's state allows, the usual ones first, the seldom ones in a menu."""

from assistant.domain import DraftStatus, MayReply
from assistant.slack.cards.card import Card
from assistant.slack.cards.values import to_value
from assistant.slack.client.blocks import Block, build_button, build_confirm, cut

MORE = "more_on_card"
EDIT_CHARACTERS = 3000  # of a field in a modal
_CONFIRM_CHARACTERS = 300
_CONFIRM_DELETE = build_confirm(
    "Delete the reply?", "The network takes it away for everybody. It stays on record here who did it.", "Delete it"
)


def build_buttons(card: Card) -> list[Block]:
    """One block of buttons, or none where nothing can be done."""
    if card.is_pending:
        elements = _build_decisions(card)
    elif card.draft.status is DraftStatus.APPROVED:
        elements = _build_approved(card)
    else:
        elements = _build_ended(card)
    return [{"type": "actions", "block_id": f"card-{card.draft.draft_id}", "elements": elements}] if elements else []


def read_block_id(block_id: str) -> int:
    """The draft's number: a menu's options have no room for more than a word."""
    return int(block_id.removeprefix("card-"))


def _build_decisions(card: Card) -> list[Block]:
    value, draft = to_value(card.seen), card.draft
    claim = ("Release", "release") if card.around.claim else ("Claim", "claim")
    buttons = [
        *_build_first(card, value),
        *([build_button("Edit", "edit", value)] if len(draft.text) <= EDIT_CHARACTERS else []),
        build_button("Regenerate", "regenerate", value),
        *([] if draft.no_reply_reason else [build_button("Reject", "reject", value, "danger")]),
        build_button("Not ours", "not_ours", value),
        build_button(*claim, value),
    ]
    return [*buttons, _build_menu()]


def _build_first(card: Card, value: str) -> list[Block]:
    """What is most likely wanted; nobody approves what they could not read, or what may not leave."""
    draft = card.draft
    if draft.no_reply_reason:
        return [
            build_button("Agree, no reply", "agree", value, "primary"),
            build_button("Reply anyway", "anyway", value),
        ]
    may_leave = card.eligibility.may_reply is not MayReply.NO and not card.around.frozen
    if not draft.text.strip() or not card.is_whole or not may_leave:
        return []
    if card.blocks:
        return [build_button("Override…", "overrule", value, "danger")]
    return [_build_approve(card, value)]


def _build_approve(card: Card, value: str) -> Block:
    if not card.unsupported:
        return build_button("Approve", "approve", value, "primary")
    named = " ".join(f"“{' '.join(text.split())}”" for text in card.unsupported)
    question = cut(f"No document says: {named}", _CONFIRM_CHARACTERS)
    return build_button("Approve", "approve", value, confirm=build_confirm("Send anyway?", question, "Approve"))


def _build_menu() -> Block:
    options = {"versions": "Versions of the draft", "whole": "Read everything"}
    return {
        "type": "overflow",
        "action_id": MORE,
        "options": [{"text": {"type": "plain_text", "text": text}, "value": name} for name, text in options.items()],
    }


def _build_approved(card: Card) -> list[Block]:
    value = to_value(card.seen)
    sent = [build_button("Mark as sent", "mark_sent", value, "primary")] if card.is_for_hand else []
    return [*sent, build_button("Undo", "undo", value)]


def _build_ended(card: Card) -> list[Block]:
    value, status = to_value(card.seen), card.draft.status
    if status is DraftStatus.UNKNOWN:
        return [build_button("I see it there: mark as sent", "mark_sent", value)]
    if status is DraftStatus.SENT and card.around.can_delete:
        return [build_button("Delete the sent reply", "delete", value, "danger", _CONFIRM_DELETE)]
    if status in (DraftStatus.STALE, DraftStatus.FAILED) and not card.mention.removed_at:
        return [build_button("New draft", "redraft", value)]
    return [build_button("It is ours after all", "ours", value)] if card.was_called_not_ours else []
