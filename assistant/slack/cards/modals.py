"""Forms in which people type and choose: pure functions from a Card to Block Kit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.domain import About, Intent, Sentiment
from assistant.replies.drafting.wishes import Orders, list_wishes
from assistant.replies.guards.sources import Fact
from assistant.replies.review.clearance import name_finding
from assistant.replies.tables.approvals import Claim
from assistant.replies.tables.drafts import DraftVersion
from assistant.slack.cards import words
from assistant.slack.cards.blocks_text import describe_post
from assistant.slack.cards.card import Card, Seen, to_value
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
    name_person,
)
from assistant.slack.client.forms import build_alert, make_tall, read_typed

OVERRULE = "overrule"
VERSION = "version"
TEXT = "text"
FIND_SOURCE, INSERT_SOURCE = "find_source", "insert_source"
_INPUT_CHARACTERS = 3000
_COPY_CHARACTERS = 8000
_OPTION_CHARACTERS = 75
_MOST_OPTIONS = 100
_MOST_FACTS = 5
_FACT_CHARACTERS = 400
_INSERTED_CHARACTERS = 1500  # a button's value holds 2,000


def build_edit_modal(card: Card, text: str | None = None, turn: int = 0, extra: Sequence[Block] = ()) -> Block:
    """A form with the customer's post, the reply's text, and a search for a source to insert.

    Slack keeps what somebody typed as long as a field's id stays: another `turn` shows another text.
    """
    shown = card.draft.text if text is None else text
    field = make_tall(build_field(words.FIELD_REPLY, f"{TEXT}-{turn}" if turn else TEXT), shown)
    frozen = [build_alert(words.FROZEN_FORM)] if card.around.frozen else []
    find = {**_build_line(words.FIELD_FIND, FIND_SOURCE), "optional": True, "dispatch_action": True}
    find["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    find["element"]["placeholder"] = _plain(words.PLACEHOLDER_FIND)
    find["hint"] = _plain(words.HINT_FIND)
    overrule = {**_build_line(words.FIELD_OVERRIDE, OVERRULE), "optional": True, "hint": _plain(words.HINT_OVERRIDE)}
    blocks = [*frozen, build_section(describe_post(card.mention)), field, find, *extra, overrule]
    return build_modal("edit", words.EDIT_TITLE, words.SAVE, card.seen, blocks)


def build_found(text: str, facts: Sequence[Fact]) -> list[Block]:
    """The facts that a search found, each with a button that inserts it."""
    if not facts:
        return [build_context(words.NOTHING_FOUND.format(text=escape_line(text, 100)))]
    return [_build_fact(place, fact) for place, fact in enumerate(facts[:_MOST_FACTS])]


def build_inserted(place: str) -> list[Block]:
    """What says that a fact was inserted."""
    return [build_context(words.INSERTED.format(place=escape_line(place, 150)))]


def _build_fact(place: int, fact: Fact) -> Block:
    said = f"*{escape_line(fact.chunk.title, 150)}*\n{cut(escape(fact.text), _FACT_CHARACTERS)}"
    button = build_button(words.INSERT, INSERT_SOURCE, " ".join(fact.text.split())[:_INSERTED_CHARACTERS])
    return {**build_section(said), "block_id": f"fact-{place}", "accessory": button}


def build_taken_modal(card: Card, claim: Claim) -> Block:
    """What whoever wants to edit a claimed draft reads before they write."""
    who, until = name_person(claim.claimed_by), build_time(claim.expires_at)
    told = words.TAKEN.format(who=who, number=card.draft.draft_id, until=until)
    return build_text_modal(words.TAKEN_TITLE, [build_alert(told), build_context(words.TAKEN_HINT)])


def build_reason_modal(card: Card) -> Block:
    """A form that asks why a draft was rejected, or is not ours; nobody has to say."""
    blocks = [build_section(describe_post(card.mention)), build_field(words.FIELD_REASON)]
    return build_modal("reason", words.REASON_TITLE, words.SAVE, card.seen, blocks)


def build_problems_modal(card: Card) -> Block:
    """What is wrong with a draft or missing in it, and the way to approve it all the same."""
    told = [f":no_entry: {escape_line(name_finding(one), 500)}" for one in card.blocks]
    if card.unsupported:
        told += [words.UNSOURCED, *(f"> {escape_line(one, 300)}" for one in card.unsupported)]
    told += [words.WARNING.format(text=escape_line(one, 400)) for one in (card.draft.missing, card.draft.note) if one]
    alert = build_alert(words.PROBLEM_BLOCKED, "error") if card.blocks else build_alert(words.PROBLEM_MISSING)
    blocks = [alert, build_section(_quote(card)), build_section(join_lines(told, 2900))]
    blocks.append(build_context(words.PROBLEMS_HINT))
    if not card.blocks:
        return build_modal("approve", words.PROBLEMS_TITLE, words.APPROVE_ANYWAY, card.seen, blocks)
    blocks += [build_field(words.FIELD_OVERRULE), build_context(words.OVERRULE_NOTE)]
    return build_modal(OVERRULE, words.PROBLEMS_TITLE, words.OVERRIDE, card.seen, blocks)


def build_regenerate_modal(card: Card) -> Block:
    """A form that asks what is to be changed."""
    field = build_field(words.FIELD_WISH)
    field["element"]["placeholder"] = _plain(_suggest_wishes(card) or words.PLACEHOLDER_NO_WISH)
    blocks = [build_section(_quote(card)), field, build_context(words.REGENERATE_NOTE)]
    return build_modal("regenerate", words.REGENERATE_TITLE, words.WRITE_IT, card.seen, blocks)


def _suggest_wishes(card: Card) -> str:
    """Only what would change this draft; a chat model can do more."""
    if card.draft.writer == "chat":
        return words.PLACEHOLDER_WISH
    return ", ".join(list_wishes(card.draft.sentences, Orders(), has_more_facts=False, can_be_formal=False))


def build_mark_sent_modal(card: Card) -> Block:
    """A form that asks for the reply's address; it can be left empty."""
    field = {**build_field(words.FIELD_LINK), "optional": True}
    field["element"] = {"type": "url_text_input", "action_id": TEXT}
    blocks = [build_section(describe_post(card.mention)), field]
    return build_modal("mark_sent", words.MARK_TITLE, words.IT_IS_SENT, card.seen, blocks)


def build_copy_modal(card: Card) -> Block:
    """The reply alone, where it can be selected whole: preformatted, so that it holds no signs of Slack's."""
    element = {"type": "text", "text": cut(card.draft.text, _COPY_CHARACTERS) or "-"}
    copy = {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}
    return build_text_modal(words.COPY_TITLE, [copy, build_context(words.COPY_HINT)])


def build_versions_modal(card: Card, versions: Sequence[DraftVersion]) -> Block:
    """Every version with who asked for what; while the draft waits, one of the earlier can be brought back."""
    shown = list(versions)[-15:]
    blocks = [block for one in reversed(shown) for block in _describe_version(one)]
    earlier = [one for one in shown if one.draft.version != card.draft.version]
    if not card.is_pending or not earlier:
        return build_text_modal(words.VERSIONS_TITLE, blocks or [build_section(words.ONE_VERSION)])
    options = [
        {"text": _plain(words.VERSION_OPTION.format(number=one.draft.version)), "value": str(one.draft.version)}
        for one in reversed(earlier)
    ]
    element = {"type": "static_select", "action_id": VERSION, "options": options}
    choice = {"type": "input", "block_id": VERSION, "label": _plain(words.BRING_BACK), "element": element}
    return build_modal("bring_back", words.VERSIONS_TITLE, words.BRING_IT_BACK, card.seen, [choice, *blocks])


def build_relabel_modal(card: Card, labels: Mapping[str, str], topic_names: Sequence[str]) -> Block:
    """A form that asks what is right; `labels` were found. Without topics of the company's own none is asked for."""
    names: dict[About, Sequence[str]] = {About.SENTIMENT: list(Sentiment), About.INTENT: list(Intent)}
    names[About.TOPIC] = topic_names
    selects = [_build_select(about, offered, labels.get(about, "")) for about, offered in names.items() if offered]
    blocks = [build_section(describe_post(card.mention)), *selects, build_context(words.RELABEL_NOTE)]
    return build_modal("relabel", words.RELABEL_TITLE, words.SAVE, card.seen, blocks)


def read_labels(values: Mapping[str, Mapping[str, Block]], topic_names: Sequence[str]) -> dict[str, str]:
    """Read the labels chosen in the form, by what they are about; a long topic has its whole name again."""
    options = {block_id: block[block_id].get("selected_option") for block_id, block in values.items()}
    chosen = {about: str(option["value"]) for about, option in options.items() if option}
    whole = {name[:_OPTION_CHARACTERS]: name for name in topic_names}
    return {about: whole.get(label, label) if about == About.TOPIC else label for about, label in chosen.items()}


def read_field(view: Mapping[str, Any], block_id: str = "") -> str:
    """What was typed into a field, or chosen from the menu of versions; empty where nothing was. Raises InputError."""
    values = view["state"]["values"]
    if not block_id and VERSION in values:
        return str((values[VERSION][VERSION].get("selected_option") or {}).get("value") or "")
    name = block_id or next((one for one in values if one.partition("-")[0] == TEXT), TEXT)
    return read_typed(next(iter(values.get(name, {}).values()), {}))


def read_turn(view: Mapping[str, Any]) -> int:
    """How often the text was put in anew."""
    names = (str(block.get("block_id", "")).partition("-") for block in view["blocks"])
    return next((int(turn) for name, _, turn in names if name == TEXT and turn.isdecimal()), 0)


def build_text_modal(title: str, blocks: list[Block]) -> Block:
    """A modal that is only read."""
    return {"type": "modal", "title": _plain(title), "close": _plain(words.CLOSE), "blocks": blocks[:100]}


def build_field(label: str, block_id: str = TEXT) -> Block:
    """A field of several lines."""
    element = {
        "type": "plain_text_input",
        "action_id": block_id.partition("-")[0],
        "multiline": True,
        "max_length": _INPUT_CHARACTERS,
    }
    return {"type": "input", "block_id": block_id, "label": _plain(label), "element": element}


def build_modal(callback_id: str, title: str, submit: str, seen: Seen, blocks: list[Block]) -> Block:
    """A modal that is sent off; it carries what the person saw."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": to_value(seen),
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain(words.CANCEL),
        "blocks": blocks[:100],
    }


def _build_line(label: str, block_id: str) -> Block:
    field = build_field(label, block_id)
    field["element"]["multiline"] = False
    return field


def _build_select(about: About, names: Sequence[str], found: str) -> Block:
    options = [
        {"text": _plain(cut(name, _OPTION_CHARACTERS)), "value": name[:_OPTION_CHARACTERS]}
        for name in (*names[: _MOST_OPTIONS - 1], names[-1])  # the last one is `none`
    ]
    options = list({option["value"]: option for option in options}.values())
    initial = [option for option in options if option["value"] == found[:_OPTION_CHARACTERS]]
    element: Block = {"type": "static_select", "action_id": str(about), "options": options}
    if initial:
        element["initial_option"] = initial[0]
    label = _plain(words.LABEL_FIELDS[about])
    return {"type": "input", "block_id": str(about), "optional": True, "label": label, "element": element}


def _describe_version(one: DraftVersion) -> Iterator[Block]:
    wish = escape_line(one.instruction, 200)
    asked = words.ASKED_FOR.format(wish=wish) if one.instruction else words.FIRST_VERSION
    text = cut(escape(one.draft.text.strip() or one.draft.no_reply_reason or words.NO_DRAFT), 700)
    yield build_section(words.VERSION_LINE.format(number=one.draft.version, asked=asked, text=text))
    yield build_context(words.VERSION_BY.format(who=name_person(one.made_by), when=build_time(one.made_at)))


def _quote(card: Card) -> str:
    text = card.draft.text
    return words.THE_DRAFT.format(text=cut(escape(text), 1000)) if text else describe_post(card.mention)


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
