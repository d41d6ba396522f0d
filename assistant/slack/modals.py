"""What the two modals of a review card look like: pure functions from a Draft to Block Kit."""

from assistant.domain import Draft, Mention
from assistant.slack.blocks import Block, build_section
from assistant.slack.cards import describe_post, to_button_value

_INPUT_CHARACTERS = 3000


def build_edit_modal(draft: Draft, mention: Mention) -> Block:
    """A modal with the customer's post to look at and the draft's text to change."""
    field = _build_field("Reply")
    if draft.text:
        field["element"]["initial_value"] = draft.text[:_INPUT_CHARACTERS]
    return _build_modal("edit", "Edit the reply", "Save", draft, [build_section(describe_post(mention)), field])


def build_reject_modal(draft: Draft, mention: Mention) -> Block:
    """A modal that asks why; nobody has to say."""
    field = {**_build_field("Why?"), "optional": True}
    return _build_modal("reject", "Reject the draft", "Reject", draft, [build_section(describe_post(mention)), field])


def _build_field(label: str) -> Block:
    return {
        "type": "input",
        "block_id": "text",
        "label": {"type": "plain_text", "text": label},
        "element": {
            "type": "plain_text_input",
            "action_id": "text",
            "multiline": True,
            "max_length": _INPUT_CHARACTERS,
        },
    }


def _build_modal(callback_id: str, title: str, submit: str, draft: Draft, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": to_button_value(draft),
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": blocks,
    }
