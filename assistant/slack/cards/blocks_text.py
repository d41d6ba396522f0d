"""The customer's side of a card: the post, who wrote it, what was found out about it, and the thread around it.

The draft on a card: its exact text with a mark behind each sentence, what backs it, and what it means.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.domain import About, Draft, DraftLook, DraftStatus, Mention, Support, ThreadPost, Urgency
from assistant.replies.tables.history import History
from assistant.reports.digest import name_network
from assistant.reports.digest.names import name_language
from assistant.slack.cards.card import TEXT_CHARACTERS, Card, to_value
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_link,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
)
from assistant.slack.client.sources import describe_draft_sources, describe_found, join_sources

_POST_CHARACTERS = 1200
_THREAD_CHARACTERS = 600
_LINE_CHARACTERS = 180
_MOST_POSTS = 3
_SHOWN_LABELS = (About.SENTIMENT, About.INTENT, About.TOPIC)


def build_post(card: Card) -> list[Block]:
    """The post with its author, and what is known of both; of the person no more than is needed once it is decided."""
    person = [build_context(_describe_person(card))] if card.is_live else []
    return [_build_words(card), build_context(_describe_choice(card)), *person]


def build_thread(card: Card) -> list[Block]:
    """Build the thread before the post and since, ours among it, as long as it matters."""
    if not card.is_live:
        return []
    thread, written_at = card.around.thread, card.mention.created_at
    before = [post for post in thread if post.created_at <= written_at]
    since = [post for post in thread if post.created_at > written_at]
    blocks = [_build_posts("Before it", before)] if before else []
    return [*blocks, *([_build_posts("Since then", since)] if since else [])]


def describe_post(mention: Mention) -> str:
    """Describe the post: author, network, and the words as a quote."""
    author = escape_line(mention.author, 100) or "somebody"
    quoted = "\n".join(f"> {line}" for line in escape(mention.text).split("\n"))
    return f"*{author}* · {name_place(mention)}\n{cut(quoted, _POST_CHARACTERS)}"


def name_place(mention: Mention) -> str:
    """The network as people call it, escaped."""
    return escape_line(name_network(mention.network), 60)


def _build_words(card: Card) -> Block:
    """The post, and beside it, as long as it is there, the way to put right what was found out about it."""
    section = build_section(describe_post(card.mention))
    if card.mention.removed_at:
        return section
    return {**section, "accessory": build_button("Wrong label?", "relabel", to_value(card.seen))}


def _describe_choice(card: Card) -> str:
    mention, labels = card.mention, dict(card.around.labels)
    link = build_link("open the post", mention.url) if mention.url else ""
    found = ", ".join(escape_line(labels[about], 60) for about in _SHOWN_LABELS if labels.get(about, "none") != "none")
    urgency = labels.get(About.URGENCY, Urgency.NORMAL)
    urgent = {Urgency.HIGH: ":fire: *urgent*", Urgency.RAISED: "medium priority"}.get(Urgency(urgency), "")
    why = escape_line(card.why, 200).removesuffix(".")
    return " · ".join(filter(None, [why, urgent, found, build_time(mention.created_at), link]))


def _describe_person(card: Card) -> str:
    followers = card.mention.followers
    counted = "followers unknown" if followers is None else f"{followers:,} follower{'s'[: followers != 1]}"
    said_in_thread = {post.text for post in card.around.thread if post.is_ours}
    return f"{counted} · {_describe_history(card.around.history, said_in_thread)}"


def _describe_history(history: History, said_in_thread: set[str]) -> str:
    if not history.posts:
        return "first post we've seen"
    posts = f"{history.posts:,} earlier post{'s'[: history.posts != 1]} here"
    since = f" since {build_time(history.since)}" if history.since else ""
    if not history.replies or history.last_reply_at is None:
        return f"{posts}{since}, we answered none"
    times = "once" if history.replies == 1 else f"{history.replies:,} times"
    said = (
        f": “{escape_line(history.last_reply, _LINE_CHARACTERS)}”" if history.last_reply not in said_in_thread else ""
    )
    return f"{posts}{since}, we answered {times}, last {build_time(history.last_reply_at)}{said}"


def _build_posts(title: str, posts: list[ThreadPost]) -> Block:
    left_out = len(posts) - _MOST_POSTS
    more = f", and {left_out} more" if left_out > 0 else ""
    lines = [f"*{title}* in the thread{more}:", *map(_describe_line, posts[-_MOST_POSTS:])]
    return build_context(join_lines(lines, _THREAD_CHARACTERS))


def _describe_line(post: ThreadPost) -> str:
    author = "*we*" if post.is_ours else escape_line(post.author, 60) or "somebody"
    return f"{author}: {escape_line(post.text, _LINE_CHARACTERS)}"


_UNSUPPORTED_CHARACTERS = 600
_BACK_CHARACTERS = 700
_SOURCES_CHARACTERS = 1500
_COPY_CHARACTERS = 8000  # a decided card has room, and half a text must not be copied
_MOST_PIECES = 400
_PROPOSALS = (DraftStatus.PENDING, DraftStatus.REJECTED, DraftStatus.STALE, DraftStatus.BLOCKED)


@dataclass(frozen=True)
class TextPiece:
    """A part of the text, with the numbers of the sources that back it."""

    text: str
    citations: tuple[int, ...] = ()
    is_unsupported: bool = False


def build_reply(card: Card) -> list[Block]:
    """The text, what no document says, and its meaning in the reviewers' language."""
    if card.draft.no_reply_reason and not card.draft.text:
        return [build_section(f":speech_balloon: *Better no reply*: {escape_line(card.draft.no_reply_reason, 500)}")]
    return [*_build_text(card), *_build_unsupported(card), *_build_meaning(card)]


def build_sources(card: Card, today: date) -> list[Block]:
    """Build the sources of the draft, or, where none is proposed, what was found."""
    is_found_only = card.draft.look is DraftLook.FINDINGS_ONLY and not card.draft.sentences
    sources = describe_found(card.draft, today) if is_found_only else describe_draft_sources(card.draft, today)
    return [build_context(join_sources(sources, _SOURCES_CHARACTERS))] if sources else []


def mark_sentences(draft: Draft) -> list[TextPiece]:
    """The whole text, cut behind each sentence that stands in it; joined again, the pieces are the text."""
    pieces: list[TextPiece] = []
    place = 0
    for sentence in draft.sentences:
        pattern = r"\s+".join(map(re.escape, sentence.text.split()))
        found = re.compile(pattern).search(draft.text, place) if pattern else None
        if found is None or len(pieces) >= _MOST_PIECES:
            continue
        pieces.append(TextPiece(draft.text[place : found.start()]))
        pieces.append(TextPiece(found[0], sentence.citations, sentence.support is Support.UNSUPPORTED))
        place = found.end()
    return [piece for piece in (*pieces, TextPiece(draft.text[place:])) if piece.text]


def _build_text(card: Card) -> list[Block]:
    text = card.draft.text
    if not text.strip():
        return [build_section("*No reply is proposed.* Write one with Edit, or ask for one with Regenerate.")]
    if card.is_for_hand:
        return _build_copy(text)
    title = "Proposed reply" if card.draft.status in _PROPOSALS else "Reply"
    # Rich text shows every character as it will leave: mrkdwn would eat asterisks and make links of its own.
    quote = {"type": "rich_text_quote", "elements": list(_mark(_cut_pieces(mark_sentences(card.draft))))}
    return [build_section(f"*{title}*"), {"type": "rich_text", "elements": [quote]}]


def _mark(pieces: list[TextPiece]) -> Iterator[Block]:
    for piece in pieces:
        yield {"type": "text", "text": piece.text}
        for number in piece.citations:
            yield {"type": "text", "text": f" {number} ", "style": {"code": True}}
        if piece.is_unsupported:
            yield {"type": "emoji", "name": "warning"}


def _cut_pieces(pieces: list[TextPiece]) -> list[TextPiece]:
    """As many as have room."""
    kept: list[TextPiece] = []
    room = TEXT_CHARACTERS
    for piece in pieces:
        if len(piece.text) > room:
            return [*kept, TextPiece(cut(piece.text, max(room, 1)))]
        kept.append(piece)
        room -= len(piece.text)
    return kept


def _build_copy(text: str) -> list[Block]:
    """Preformatted rich text is shown as it is: what a person copies holds no escapes and no marks of ours."""
    element = {"type": "text", "text": cut(text, _COPY_CHARACTERS)}
    copy = {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}
    return [build_section("*Reply*\nCopy this text, open the post, and mark it as sent:"), copy]


def _build_unsupported(card: Card) -> list[Block]:
    if not card.unsupported or not card.is_pending:
        return []
    lines = [f"> {escape_line(text, 300)}" for text in card.unsupported]
    return [build_section(join_lines([":warning: *No document says this:*", *lines], _UNSUPPORTED_CHARACTERS))]


def _build_meaning(card: Card) -> list[Block]:
    draft, lang = card.draft, card.around.review_lang
    if draft.lang == lang or not draft.text.strip() or not card.is_pending:
        return []
    spoken = escape(name_language(draft.lang))
    if draft.back_translation:
        return [
            build_context(f"*Written in {spoken}; it means:* {cut(escape(draft.back_translation), _BACK_CHARACTERS)}")
        ]
    why = "" if "back-translation" in draft.note else " No chat model has translated it back."
    return [build_context(f"*Written in {spoken}.*{why} Ask a speaker of the language to check it.")]
