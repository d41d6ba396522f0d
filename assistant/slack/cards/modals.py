"""Modals in which people type and choose: pure functions from a Draft to Block Kit.

The modals that a card's buttons open beside editing and rejecting: pure functions from a Card to Block Kit.
"""

from collections.abc import Iterator, Mapping, Sequence

from assistant.domain import About, Draft, Intent, MayReply, Mention, Sentiment, ThreadPost
from assistant.replies.review.clearance import name_finding
from assistant.replies.tables.drafts import DraftVersion
from assistant.slack.cards import Card
from assistant.slack.cards.blocks_text import describe_post
from assistant.slack.cards.card import Seen, note_seen, to_value
from assistant.slack.client.blocks import (
    Block,
    build_context,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    name_person,
)

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
    """Read the labels chosen in the modal, by what they are about; a long topic has its whole name again."""
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


VERSION = "version"
_WHOLE_CHARACTERS = 6_000  # Slack takes 250 kB in a modal, and up to 12 bytes a character
_PIECE_CHARACTERS = 2900
_POST_CHARACTERS = 600
_MOST_POSTS = 10
_MOST_VERSIONS = 15
_VERSION_CHARACTERS = 700


def build_regenerate_modal(card: Card) -> Block:
    """A modal that asks what is to be changed."""
    field = build_field("What should change?")
    field["element"]["placeholder"] = _plain("shorter, offer the phone number")
    note = build_context("Another version is made from the same documents; the ones before are kept.")
    return build_modal(
        "regenerate", "Another version", "Write it", card.seen, [build_section(_quote(card)), field, note]
    )


def build_not_ours_modal(card: Card) -> Block:
    """A modal that asks whose it is; nobody has to say."""
    field = {**build_field("Why isn't this ours?"), "optional": True}
    note = build_context("The draft will be discarded and no new one made.")
    return build_modal("not_ours", "Not ours to answer", "Not ours", card.seen, [_post(card), field, note])


def build_overrule_modal(card: Card) -> Block:
    """A modal that names what the guards block, and asks a second approver for a reason to override them."""
    told = [build_section(f":no_entry: {escape_line(name_finding(f), 500)}") for f in card.blocks]
    field = build_field("Reason for overriding")
    note = build_context("For second approvers. Your reason is kept, and somebody else has to approve the reply too.")
    blocks = [build_section(_quote(card)), *told[:20], field, note]
    return build_modal("overrule", "Override the checks", "Override", card.seen, blocks)


def build_mark_sent_modal(card: Card) -> Block:
    """A modal that asks for the reply's address; it can be left empty."""
    field = {**build_field("Link to your reply"), "optional": True}
    field["element"] = {"type": "url_text_input", "action_id": "text"}
    return build_modal("mark_sent", "Mark as sent", "It is sent", card.seen, [_post(card), field])


def build_versions_modal(card: Card, versions: Sequence[DraftVersion]) -> Block:
    """Every version with who asked for what; while the draft waits, one of the earlier can be brought back."""
    shown = list(versions)[-_MOST_VERSIONS:]
    blocks = [block for one in reversed(shown) for block in _describe_version(one)]
    earlier = [one for one in shown if one.draft.version != card.draft.version]
    if not card.is_pending or not earlier:
        return build_text_modal(
            "Versions", blocks or [build_section("There is one version only, the one on the card.")]
        )
    options = [
        {"text": _plain(f"Version {one.draft.version}"), "value": str(one.draft.version)} for one in reversed(earlier)
    ]
    element = {"type": "static_select", "action_id": VERSION, "options": options}
    choice = {"type": "input", "block_id": VERSION, "label": _plain("Bring back"), "element": element}
    return build_modal("bring_back", "Versions", "Bring it back", card.seen, [choice, *blocks])


def build_whole_modal(card: Card) -> Block:
    """The post, the thread and the draft as far as a modal holds them; a draft that no card has room for is approved
    here, by who could read it."""
    text = card.draft.text
    blocks = [
        build_section("*The post*"),
        *_build_pieces(card.mention.text),
        *(block for post in card.around.thread[-_MOST_POSTS:] for block in _describe_thread(post)),
        build_section("*The reply*" if text.strip() else "*No reply is proposed.*"),
        *_build_pieces(text),
    ]
    if not _may_be_approved_here(card):
        return build_text_modal("All of it", blocks)
    lines = [f"> {escape_line(one, 300)}" for one in card.unsupported[:10]]
    doubts = [build_section("\n".join([":warning: *No document says this:*", *lines]))] if lines else []
    return build_modal("approve", "All of it", "Approve", card.seen, [*blocks, *doubts])


def _may_be_approved_here(card: Card) -> bool:
    is_readable = not card.is_whole and len(card.draft.text) <= _WHOLE_CHARACTERS
    may_leave = card.eligibility.may_reply is not MayReply.NO and not card.around.frozen
    return card.is_pending and is_readable and may_leave and not card.blocks


def _describe_version(one: DraftVersion) -> Iterator[Block]:
    asked = f"asked for “{escape_line(one.instruction, 200)}”" if one.instruction else "the first one"
    text = one.draft.text.strip() or one.draft.no_reply_reason or "no reply is proposed"
    yield build_section(f"*Version {one.draft.version}*, {asked}\n{cut(escape(text), _VERSION_CHARACTERS)}")
    yield build_context(f"{name_person(one.made_by)}, {build_time(one.made_at)}")


def _describe_thread(post: ThreadPost) -> Iterator[Block]:
    author = "We" if post.is_ours else escape_line(post.author, 100) or "Somebody"
    yield build_context(f"{author} in the thread, {build_time(post.created_at)}")
    yield from _build_pieces(cut(post.text, _POST_CHARACTERS))


def _build_pieces(text: str) -> Iterator[Block]:
    """Rich text shows every character as it stands there, and holds them all where escapes would not fit."""
    shown = cut(text, _WHOLE_CHARACTERS)
    for start in range(0, len(shown), _PIECE_CHARACTERS):
        element = {"type": "text", "text": shown[start : start + _PIECE_CHARACTERS]}
        yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def _post(card: Card) -> Block:
    return build_section(describe_post(card.mention))


def _quote(card: Card) -> str:
    return f"*The draft*\n{cut(escape(card.draft.text), 1000)}" if card.draft.text else describe_post(card.mention)


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
