"""What a card shows of the post, the reply and its sources: as few lines as a decision takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.domain import About, Draft, DraftLook, DraftStatus, Mention, Urgency
from assistant.reports.digest import name_network
from assistant.reports.digest.names import name_language
from assistant.slack.cards import words
from assistant.slack.cards.card import TEXT_CHARACTERS, Card
from assistant.slack.client.blocks import (
    Block,
    build_context,
    build_day,
    build_link,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    name_person,
)
from assistant.slack.client.sources import link_places

_POST_CHARACTERS = 500
_WHOLE_POST_CHARACTERS = 1200
_BACK_CHARACTERS = 700
_COPY_CHARACTERS = 8000  # a decided card has room, and half a text must not be copied
_MOST_PIECES = 400
_MOST_SOURCES = 3


@dataclass(frozen=True)
class TextPiece:
    """A part of the text, with the numbers of the sources that back it."""

    text: str
    citations: tuple[int, ...] = ()
    is_unsupported: bool = False


def build_status(card: Card) -> Block:
    """One line: which draft it is, where it stands, how urgent it is and who is on it."""
    draft, claim = card.draft, card.around.claim
    is_ready = card.is_pending and card.state == words.STATES[DraftStatus.PENDING]  # as the main button says
    parts = [f"*{words.DRAFT.format(number=draft.draft_id)}*", "" if is_ready else card.state]
    if card.is_pending:
        urgency = dict(card.around.labels).get(About.URGENCY, Urgency.NORMAL)
        parts.append(words.URGENT.get(Urgency(urgency), ""))
        parts.append(words.VERSION.format(number=draft.version) if draft.version > 1 else "")
        until = build_time(claim.expires_at) if claim else ""
        parts.append(
            words.CLAIMED.format(who=name_person(claim.claimed_by), until=until) if claim else words.UNASSIGNED
        )
    return build_context(" · ".join(filter(None, parts)))


def build_post(card: Card) -> list[Block]:
    """Who wrote where and when, and the words."""
    mention = card.mention
    link = build_link(words.OPEN, mention.url) if mention.url else ""
    place = " · ".join(filter(None, [name_place(mention), build_day(mention.created_at), link]))
    return [build_section(f"*{_name_author(mention)}* · {place}\n{_quote(mention.text, _POST_CHARACTERS)}")]


def describe_post(mention: Mention) -> str:
    """Describe the post: author, network, and the words as a quote."""
    return f"*{_name_author(mention)}* · {name_place(mention)}\n{_quote(mention.text, _WHOLE_POST_CHARACTERS)}"


def name_place(mention: Mention) -> str:
    """The network as people call it, escaped."""
    return escape_line(name_network(mention.network), 60)


def _name_author(mention: Mention) -> str:
    return escape_line(mention.author, 100) or words.SOMEBODY


def _quote(text: str, most: int) -> str:
    return cut("\n".join(f"> {line}" for line in escape(text).split("\n")), most)


def build_reply(card: Card) -> list[Block]:
    """The text with a mark behind each sentence, and its meaning in the reviewers' language."""
    if card.draft.no_reply_reason and not card.draft.text:
        reason = escape_line(card.draft.no_reply_reason, 500)
        return [build_section(words.NO_REPLY_BECAUSE.format(reason=reason))]
    return [*_build_text(card), *_build_meaning(card)]


def build_sources(card: Card, today: date) -> list[Block]:
    """Build one line: the pages that the reply rests on, or those that are nearest where there is none."""
    is_found_only = card.draft.look is DraftLook.FINDINGS_ONLY and not card.draft.sentences
    places = link_places(card.draft, today, only_used=not is_found_only)
    if not places:
        return []
    line = " · ".join(places[:_MOST_SOURCES])
    more = len(places) - _MOST_SOURCES
    line = words.MORE_SOURCES.format(sources=line, number=more) if more > 0 else line
    return [build_context((words.NEAREST if is_found_only else words.SOURCES).format(sources=line))]


def mark_sentences(draft: Draft, doubted: frozenset[str] = frozenset()) -> list[TextPiece]:
    """The whole text, cut behind each sentence that stands in it; joined again, the pieces are the text."""
    pieces: list[TextPiece] = []
    place = 0
    for sentence in draft.sentences:
        pattern = r"\s+".join(map(re.escape, sentence.text.split()))
        found = re.compile(pattern).search(draft.text, place) if pattern else None
        if found is None or len(pieces) >= _MOST_PIECES:
            continue
        is_doubted = sentence.text in doubted
        pieces.append(TextPiece(draft.text[place : found.start()]))
        pieces.append(TextPiece(found[0], sentence.citations, is_doubted))
        place = found.end()
    return [piece for piece in (*pieces, TextPiece(draft.text[place:])) if piece.text]


def _build_text(card: Card) -> list[Block]:
    text = card.draft.text
    if not text.strip():
        return [build_section(words.NO_TEXT)]
    if card.is_for_hand:
        return [_build_copy(text)]
    # Rich text shows every character as it will leave: mrkdwn would eat asterisks and make links of its own.
    pieces = _cut_pieces(mark_sentences(card.draft, frozenset(card.unsupported)))
    label = {"type": "text", "text": words.REPLY, "style": {"bold": True}}
    section = {"type": "rich_text_section", "elements": [label, *_mark(pieces)]}
    return [{"type": "rich_text", "elements": [section]}]


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


def _build_copy(text: str) -> Block:
    """Preformatted rich text is shown as it is: what a person copies holds no escapes and no marks of ours."""
    element = {"type": "text", "text": cut(text, _COPY_CHARACTERS)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}


def _build_meaning(card: Card) -> list[Block]:
    draft, lang = card.draft, card.around.review_lang
    if draft.lang == lang or not draft.text.strip() or not card.is_pending:
        return []
    language = escape(name_language(draft.lang))
    if draft.back_translation:
        meaning = cut(escape(draft.back_translation), _BACK_CHARACTERS)
        return [build_context(words.MEANS.format(language=language, text=meaning))]
    return [build_context(words.IN_LANGUAGE.format(language=language))]
