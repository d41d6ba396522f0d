"""The draft on a card: its exact text with a mark behind each sentence, what backs it, and what it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.domain import Draft, DraftLook, DraftStatus, Support
from assistant.reports.digest.names import name_language
from assistant.slack.cards.card import TEXT_CHARACTERS, Card
from assistant.slack.client.blocks import Block, build_context, build_section, cut, escape, escape_line, join_lines
from assistant.slack.client.sources import describe_draft_sources, describe_found, join_sources

_UNSUPPORTED_CHARACTERS = 600
_BACK_CHARACTERS = 700
_SOURCES_CHARACTERS = 1500
_COPY_CHARACTERS = 8000  # a decided card has room, and half a text must not be copied
_MOST_PIECES = 400
_PROPOSALS = (DraftStatus.PENDING, DraftStatus.REJECTED, DraftStatus.STALE, DraftStatus.BLOCKED)


@dataclass(frozen=True)
class Piece:
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
    """What the draft rests on, or, where none is proposed, what was found."""
    is_found_only = card.draft.look is DraftLook.FINDINGS_ONLY and not card.draft.sentences
    sources = describe_found(card.draft, today) if is_found_only else describe_draft_sources(card.draft, today)
    return [build_context(join_sources(sources, _SOURCES_CHARACTERS))] if sources else []


def mark_sentences(draft: Draft) -> list[Piece]:
    """The whole text, cut behind each sentence that stands in it; joined again, the pieces are the text."""
    pieces: list[Piece] = []
    place = 0
    for sentence in draft.sentences:
        pattern = r"\s+".join(map(re.escape, sentence.text.split()))
        found = re.compile(pattern).search(draft.text, place) if pattern else None
        if found is None or len(pieces) >= _MOST_PIECES:
            continue
        pieces.append(Piece(draft.text[place : found.start()]))
        pieces.append(Piece(found[0], sentence.citations, sentence.support is Support.UNSUPPORTED))
        place = found.end()
    return [piece for piece in (*pieces, Piece(draft.text[place:])) if piece.text]


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


def _mark(pieces: list[Piece]) -> Iterator[Block]:
    for piece in pieces:
        yield {"type": "text", "text": piece.text}
        for number in piece.citations:
            yield {"type": "text", "text": f" {number} ", "style": {"code": True}}
        if piece.is_unsupported:
            yield {"type": "emoji", "name": "warning"}


def _cut_pieces(pieces: list[Piece]) -> list[Piece]:
    """As many as have room."""
    kept: list[Piece] = []
    room = TEXT_CHARACTERS
    for piece in pieces:
        if len(piece.text) > room:
            return [*kept, Piece(cut(piece.text, max(room, 1)))]
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
