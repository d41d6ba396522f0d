"""Modals in which people type and choose: pure functions from a Draft to Block Kit."""

from collections.abc import Mapping, Sequence

from assistant.domain import About, Draft, Intent, Mention, Sentiment
from assistant.slack.cards.blocks_text import describe_post
from assistant.slack.cards.values import Seen, note_seen, to_value
from assistant.slack.client.blocks import Block, build_context, build_section, cut

OVERRULE = "overrule"
_INPUT_CHARACTERS = 3000
_OPTION_CHARACTERS = 75
_MOST_OPTIONS = 100
_QUESTIONS = {
    About.SENTIMENT: "Sentiment",
    About.INTENT: "Intent",
    About.TOPIC: "Topic",
}


def build_edit_modal(draft: Draft, mention: Mention) -> Block:
    """A modal with the customer's post to look at and the draft's text to change."""
    field = build_field("Reply")
    if draft.text:
        field["element"]["initial_value"] = draft.text[:_INPUT_CHARACTERS]
    overrule = {**build_field("Reason for overriding a check", OVERRULE), "optional": True}
    overrule["element"]["multiline"] = False
    overrule["hint"] = {"type": "plain_text", "text": "Second approvers only. Usually left empty."}
    blocks = [build_section(describe_post(mention)), field, overrule]
    return build_modal("edit", "Edit the reply", "Save", note_seen(draft), blocks)


def build_reject_modal(draft: Draft, mention: Mention) -> Block:
    """A modal that asks why; nobody has to say."""
    field = {**build_field("Why?"), "optional": True}
    blocks = [build_section(describe_post(mention)), field]
    return build_modal("reject", "Reject the draft", "Reject", note_seen(draft), blocks)


def build_relabel_modal(draft: Draft, mention: Mention, labels: Mapping[str, str], topic_names: Sequence[str]) -> Block:
    """A modal that asks what is right; `labels` were found. Without topics of the company's own none is asked for."""
    names: dict[About, Sequence[str]] = {About.SENTIMENT: list(Sentiment), About.INTENT: list(Intent)}
    names[About.TOPIC] = topic_names
    selects = [_build_select(about, offered, labels.get(about, "")) for about, offered in names.items() if offered]
    explained = build_context("What you change counts for this post from now on, and later posts are judged by it too.")
    blocks = [build_section(describe_post(mention)), *selects, explained]
    return build_modal("relabel", "Correct labels", "Save", note_seen(draft), blocks)


def read_labels(values: Mapping[str, Mapping[str, Block]], topic_names: Sequence[str]) -> dict[str, str]:
    """What was chosen in the modal, by what it is about; a long topic has its whole name again."""
    options = {block_id: block[block_id].get("selected_option") for block_id, block in values.items()}
    chosen = {about: str(option["value"]) for about, option in options.items() if option}
    whole = {name[:_OPTION_CHARACTERS]: name for name in topic_names}
    return {about: whole.get(label, label) if about == About.TOPIC else label for about, label in chosen.items()}


def _build_select(about: About, names: Sequence[str], found: str) -> Block:
    options = [
        {"text": {"type": "plain_text", "text": cut(name, _OPTION_CHARACTERS)}, "value": name[:_OPTION_CHARACTERS]}
        for name in (*names[: _MOST_OPTIONS - 1], names[-1])  # the last one is `none`
    ]
    options = list({option["value"]: option for option in options}.values())
    initial = [option for option in options if option["value"] == found[:_OPTION_CHARACTERS]]
    element: Block = {"type": "static_select", "action_id": str(about), "options": options}
    if initial:
        element["initial_option"] = initial[0]
    label = {"type": "plain_text", "text": _QUESTIONS[about]}
    return {"type": "input", "block_id": str(about), "optional": True, "label": label, "element": element}


def build_text_modal(title: str, blocks: list[Block]) -> Block:
    """A modal that is only read."""
    shown = {"type": "plain_text", "text": title}
    return {"type": "modal", "title": shown, "close": {"type": "plain_text", "text": "Close"}, "blocks": blocks[:100]}


def build_field(label: str, block_id: str = "text") -> Block:
    """A field of several lines."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "element": {
            "type": "plain_text_input",
            "action_id": block_id,
            "multiline": True,
            "max_length": _INPUT_CHARACTERS,
        },
    }


def build_modal(callback_id: str, title: str, submit: str, seen: Seen, blocks: list[Block]) -> Block:
    """A modal that is sent off; it carries what the person saw."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": to_value(seen),
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": blocks,
    }
