"""A proposed answer as who decides on it sees it: its card, and the form that edits it; pure functions to Block Kit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.knowledge.tables.proposals import Proposal, ProposalStatus
from assistant.slack.answers.masking import Masked, find_marks
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_link,
    build_section,
    cut,
    escape,
    escape_line,
    name_person,
)

ACCEPT_ANSWER, EDIT_ANSWER, DROP_ANSWER, SAVE_EDITED = "accept_answer", "edit_answer", "drop_answer", "save_edited"
WRITE_ANSWER, SEND_WRITTEN = "write_answer", "send_written"
FIELD_CHARACTERS = 3000
_QUESTION, _ANSWER, _TITLE, _PUT_BACK = "question", "answer", "title", "put_back"
_SHOWN_CHARACTERS = 2_000
_TITLE_CHARACTERS = 150
_OPTION_CHARACTERS = 75
_MOST_OPTIONS = 10


@dataclass(frozen=True)
class AnswerForm:
    """What came back from the form; `put_back` are numbers of what was masked."""

    question: str
    answer: str
    title: str
    put_back: tuple[int, ...]


def build_card(proposal: Proposal, wording: Wording, decided_by: str = "") -> list[Block]:
    """The question, the answer, who wrote it, and the buttons; or what was decided."""
    say, text = wording.say, "\n".join(f"&gt; {escape(line)}" for line in proposal.text.splitlines())
    told = [say(Say.PROPOSAL_WRITTEN, author=escape_line(proposal.author_name, 80))]
    told += [say(Say.PROPOSAL_EDITED, person=name_person(proposal.edited_by))] if proposal.edited_by else []
    told += [build_link(say(Say.PROPOSAL_THREAD), proposal.url)] if proposal.url else []
    title = f"\n{say(Say.PROPOSAL_TITLED, title=escape_line(proposal.title, 200))}" if proposal.title else ""
    head = f"*{say(Say.PROPOSAL_HEAD)}*\n*{escape_line(proposal.question, 500)}*{title}"
    blocks = [build_section(head), build_section(cut(text, _SHOWN_CHARACTERS)), build_context(" · ".join(told))]
    if decided_by:
        is_done = proposal.status is ProposalStatus.ACCEPTED
        key = Say.PROPOSAL_ACCEPTED if is_done else Say.PROPOSAL_DROPPED
        return [*blocks, build_context(say(key, person=name_person(decided_by)))]
    if marks := find_marks(f"{proposal.question} {proposal.text}"):
        blocks.append(build_context(f":lock: {say(Say.PROPOSAL_LEFT_OUT, what=', '.join(marks))}"))
    return [*blocks, build_decision(proposal.proposal_id, wording)]


def build_decision(proposal_id: int, wording: Wording) -> Block:
    """The buttons that decide on a proposed answer."""
    buttons = [
        build_button(wording.say(Say.PROPOSAL_ACCEPT), ACCEPT_ANSWER, str(proposal_id), "primary"),
        build_button(wording.say(Say.PROPOSAL_EDIT), EDIT_ANSWER, str(proposal_id)),
        build_button(wording.say(Say.PROPOSAL_DROP), DROP_ANSWER, str(proposal_id)),
    ]
    return {"type": "actions", "elements": buttons}


def build_form(proposal: Proposal, masked: Sequence[Masked], place: tuple[str, str], wording: Wording) -> Block:
    """The form with question, answer and title; what was masked may be put back. `place` is the card's."""
    say = wording.say
    fields = [
        _build_field(_QUESTION, say(Say.WHY_QUESTION), proposal.question),
        _build_field(_ANSWER, say(Say.PROPOSAL_ANSWER), proposal.text),
        _build_field(_TITLE, say(Say.PROPOSAL_TITLE), proposal.title, say(Say.PROPOSAL_TITLE_HINT)),
    ]
    if masked:
        options = [
            {"text": _plain(cut(f"{one.words} {one.mark}", _OPTION_CHARACTERS)), "value": str(number)}
            for number, one in enumerate(masked[:_MOST_OPTIONS])
        ]
        boxes: Block = {"type": "checkboxes", "action_id": _PUT_BACK, "options": options}
        hint = _plain(say(Say.PROPOSAL_PUT_BACK_HINT))
        label = _plain(say(Say.PROPOSAL_PUT_BACK))
        block: Block = {"type": "input", "block_id": _PUT_BACK, "label": label, "hint": hint, "element": boxes}
        fields.append({**block, "optional": True})
    return {
        **build_told(wording, fields),
        "callback_id": SAVE_EDITED,
        "private_metadata": json.dumps([proposal.proposal_id, *place]),
        "submit": _plain(say(Say.PROPOSAL_SAVE)),
        "close": _plain(say(Say.SHARE_CANCEL)),
    }


def build_blank(question: str, asked: str, channel: str, wording: Wording) -> Block:
    """The form for an answer that is missing; `asked` and `channel` come back with it."""
    say = wording.say
    fields = [
        _build_field(_QUESTION, say(Say.WHY_QUESTION), question),
        _build_field(_ANSWER, say(Say.PROPOSAL_ANSWER), "", say(Say.PROPOSAL_PUT_BACK_HINT)) | {"optional": False},
        _build_field(_TITLE, say(Say.PROPOSAL_TITLE), "", say(Say.PROPOSAL_TITLE_HINT)),
    ]
    return {
        **build_told(wording, fields),
        "title": _plain(say(Say.GAPS_FORM)),
        "callback_id": SEND_WRITTEN,
        "private_metadata": json.dumps([asked, channel]),
        "submit": _plain(say(Say.GAPS_SEND)),
        "close": _plain(say(Say.SHARE_CANCEL)),
    }


def build_told(wording: Wording, blocks: list[Block]) -> Block:
    """A modal that only tells something."""
    return {"type": "modal", "title": _plain(wording.say(Say.PROPOSAL_FORM)), "blocks": blocks}


def read_edited(values: Mapping[str, Mapping[str, Any]]) -> AnswerForm:
    """Read the form."""
    question, answer, title = (str(values[n][n].get("value") or "").strip() for n in (_QUESTION, _ANSWER, _TITLE))
    ticked = values.get(_PUT_BACK, {}).get(_PUT_BACK, {}).get("selected_options") or []
    return AnswerForm(question, answer, " ".join(title.split()), tuple(int(one["value"]) for one in ticked))


def list_faults(edited: AnswerForm, wording: Wording) -> dict[str, str]:
    """What Slack lets through and would be no question or answer, by the field it is in."""
    names = {_QUESTION: edited.question, _ANSWER: edited.answer}
    return {name: wording.say(Say.PROPOSAL_EMPTY) for name, text in names.items() if not text}


def _build_field(name: str, label: str, text: str, hint: str = "") -> Block:
    most = _TITLE_CHARACTERS if name == _TITLE else FIELD_CHARACTERS
    field: Block = {"type": "plain_text_input", "action_id": name, "max_length": most, "multiline": name != _TITLE}
    field |= {"initial_value": text} if text else {}
    block: Block = {"type": "input", "block_id": name, "label": _plain(label), "element": field}
    return {**block, "optional": True, "hint": _plain(hint)} if hint else block


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
