"""The form in App Home that rejects several drafts at once, or calls their posts not ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain import Draft
from assistant.replies.tables.review import QueuedDraft
from assistant.slack.cards.card import Seen, note_seen
from assistant.slack.cards.modals import build_field
from assistant.slack.client.blocks import Block, build_section, cut

SAVE_SEVERAL = "save_several"
MOST_DRAFTS = 20
_A_GROUP = 10  # of Slack's checkboxes
_LABEL_CHARACTERS = 75
_ACTION = "several_action"
_DRAFTS = "several_drafts"
_TITLE, _SAVE, _CANCEL = "Several at once", "Do it", "Cancel"
_WHICH, _WHAT, _WHY = "Which drafts?", "What with them?", "Why?"
_ACTIONS = {"reject": "Reject the drafts", "not_ours": "Not ours to answer"}
_NONE = "Nothing waits for a decision."


def build_several_form(waiting: Sequence[tuple[QueuedDraft, Draft]]) -> Block:
    """The drafts that wait, to be ticked; what is to be done with them, and why, which nobody has to say."""
    if not waiting:
        return {"type": "modal", "title": _plain(_TITLE), "close": _plain(_CANCEL), "blocks": [build_section(_NONE)]}
    groups = [waiting[start : start + _A_GROUP] for start in range(0, len(waiting[:MOST_DRAFTS]), _A_GROUP)]
    blocks: list[Block] = [
        _build_input(f"{_DRAFTS}-{place}", _WHICH, "checkboxes", [_to_option(*one) for one in group], optional=True)
        for place, group in enumerate(groups)
    ]
    actions = [{"text": _plain(text), "value": name} for name, text in _ACTIONS.items()]
    choice = _build_input(_ACTION, _WHAT, "radio_buttons", actions)
    choice["element"]["initial_option"] = actions[0]
    reason = {**build_field(_WHY), "optional": True}
    return {
        "type": "modal",
        "callback_id": SAVE_SEVERAL,
        "title": _plain(_TITLE),
        "submit": _plain(_SAVE),
        "close": _plain(_CANCEL),
        "blocks": [*blocks, choice, reason],
    }


def read_several(values: Mapping[str, Any]) -> tuple[str, list[Seen], str]:
    """Read what is to be done, with which versions of which drafts, and why."""
    ticked = [
        option["value"]
        for name, fields in values.items()
        if name.startswith(_DRAFTS)
        for option in fields[name].get("selected_options") or []
    ]
    action = str((values[_ACTION][_ACTION].get("selected_option") or {}).get("value") or "")
    reason = str(values["text"]["text"].get("value") or "").strip()
    return action if action in _ACTIONS else "", [_read_seen(value) for value in ticked], reason


def _to_option(one: QueuedDraft, draft: Draft) -> Block:
    seen = note_seen(draft)
    text = " ".join(f"{one.draft_id} · {one.author or 'somebody'}: {one.text}".split())
    return {
        "text": _plain(cut(text, _LABEL_CHARACTERS)),
        "value": f"{seen.draft_id}:{seen.version}:{seen.text_hash}",
    }


def _read_seen(value: str) -> Seen:
    draft_id, version, text_hash = value.split(":")
    return Seen(int(draft_id), text_hash, int(version))


def _build_input(name: str, label: str, kind: str, options: Sequence[Block], optional: bool = False) -> Block:
    element: Block = {"type": kind, "action_id": name, "options": list(options)}
    return {"type": "input", "block_id": name, "label": _plain(label), "element": element, "optional": optional}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
