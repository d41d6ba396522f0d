"""The modals that a card's buttons open beside editing and rejecting: pure functions from a Card to Block Kit."""

from collections.abc import Iterator, Sequence

from assistant.domain import MayReply, ThreadPost
from assistant.replies.review.clearance import name_finding
from assistant.replies.tables.versions import DraftVersion
from assistant.slack.cards import Card
from assistant.slack.cards.blocks_text import describe_post
from assistant.slack.cards.modals import build_field, build_modal, build_text_modal
from assistant.slack.client.blocks import Block, build_context, build_section, build_time, cut, escape, escape_line
from assistant.slack.client.people import name_person

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
    """A modal that names what the guards block, and asks a second approver why it may leave all the same."""
    told = [build_section(f":no_entry: {escape_line(name_finding(f), 500)}") for f in card.blocks]
    field = build_field("Reason for overriding")
    note = build_context("For second approvers. Your reason is kept, and somebody else has to approve the reply too.")
    blocks = [build_section(_quote(card)), *told[:20], field, note]
    return build_modal("overrule", "Override the checks", "Override", card.seen, blocks)


def build_mark_sent_modal(card: Card) -> Block:
    """A modal that asks where the reply stands; nobody has to say."""
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
