"""Sources of sentences: the citations of one place under one link, with their words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Citation, Draft, Sentence, Support
from assistant.knowledge.answers.lines import count_days_unread
from assistant.slack.client.blocks import build_link, cut, escape_line, join_lines
from assistant.text.tokens import strip_markup

_QUOTE_CHARACTERS = 120
_SOURCE_CHARACTERS = 1900
_REST_CHARACTERS = 60
_RETOLD = (Support.SUPPORTED, Support.DOUBTFUL)


@dataclass(frozen=True)
class PageNotes:
    """What is said of a page: since when its review is due, and how many days ago it could be read last."""

    tell_due: Callable[[str], str]
    tell_unread: Callable[[int], str]


_NOTES = PageNotes(
    lambda day: f"review was due {day}", lambda days: f"last read {days} day{'' if days == 1 else 's'} ago"
)


def _tell_rest(count: int) -> str:
    return f"… and {count} more source{'s'[: count != 1]}"


def describe_draft_sources(draft: Draft, today: date) -> list[str]:
    """Each place once, with its numbers and the sentences of the draft that rest on it; courtesies need none."""
    sources = []
    for place, citations in _group(draft.citations, today).items():
        numbers = {citation.number for citation in citations}
        said = [_describe(s, citations) for s in draft.sentences if numbers & set(s.citations)]
        used = sorted({number for s in draft.sentences for number in numbers & set(s.citations)})
        marks = " ".join(f"`{number}`" for number in used)
        sources += [_join([f"{marks} *{place}*", *said])] if said else []
    return sources


def link_places(draft: Draft, today: date, only_used: bool) -> list[str]:
    """Each page once as a link with its numbers; of those that the draft names, or all that were found."""
    places = []
    pages: dict[tuple[str, str | None], list[Citation]] = {}
    for citation in draft.citations:
        pages.setdefault((citation.title, citation.url), []).append(citation)
    for citations in pages.values():
        numbers = {citation.number for citation in citations}
        used = sorted({number for s in draft.sentences for number in numbers & set(s.citations)})
        marks = " ".join(f"`{number}`" for number in used)
        first = citations[0]
        link = build_link(cut(first.title, 60), first.url) + _describe_notes(first, today, _NOTES)
        places += [f"{marks} {link}".strip()] if used or not only_used else []
    return places


def describe_found(draft: Draft, today: date) -> list[str]:
    """Describe what was found for a person who writes the reply: each place once, with its first words."""
    places = _group(draft.citations, today)
    return [_join([f"*{place}*", *(_quote(one.quote) for one in citations)]) for place, citations in places.items()]


def describe_answer_sources(answer: Answer, today: date, wording: Wording) -> list[str]:
    """Each place once, with the numbers that mean it, and its words where the answer says it in other words."""
    retold = {number for s in answer.sentences if s.support in _RETOLD for number in s.citations}
    sources = []
    for place, citations in _group(answer.citations, today, notes_in(wording)).items():
        numbers = " ".join(f"[{citation.number}]" for citation in citations)
        quotes = [f"[{c.number}] {_quote(c.quote)}" for c in citations if c.number in retold]
        sources.append(_join([f"{numbers} {place}", *quotes]))
    return sources


def notes_in(wording: Wording) -> PageNotes:
    """The same in other words."""
    return PageNotes(
        lambda day: wording.say(Say.REVIEW_WAS_DUE, day=day), lambda days: wording.say(Say.LAST_READ, count=days)
    )


def tell_rest_in(wording: Wording) -> Callable[[int], str]:
    """A function that says how many sources are left out."""
    return lambda count: wording.say(Say.MORE_SOURCES, count=count)


def join_sources(sources: Sequence[str], most: int, tell_rest: Callable[[int], str] = _tell_rest) -> str:
    """As many sources as fit, and how many are left out."""
    kept: list[str] = []
    for source in sources:
        if len("\n".join([*kept, source])) > most - _REST_CHARACTERS:
            break
        kept.append(source)
    left_out = len(sources) - len(kept)
    rest = [tell_rest(left_out)] if left_out else []
    return "\n".join([*kept, *rest])


def _join(lines: Sequence[str]) -> str:
    return join_lines(lines, _SOURCE_CHARACTERS)


def _group(citations: Sequence[Citation], today: date, notes: PageNotes = _NOTES) -> dict[str, list[Citation]]:
    places: dict[str, list[Citation]] = {}
    for citation in citations:
        places.setdefault(describe_place(citation, today, notes), []).append(citation)
    return places


def describe_place(citation: Citation, today: date, notes: PageNotes = _NOTES) -> str:
    """Title and heading as a link, the day it was last changed, and what makes it less sure."""
    return _link_place(citation) + _describe_day(citation) + _describe_notes(citation, today, notes)


def _describe_day(citation: Citation) -> str:
    return f", {escape_line(citation.updated_on, 20)}" if citation.updated_on else ""


def _link_place(citation: Citation) -> str:
    path = citation.heading.split(" > ")
    inner = path[1:] if path[0] == citation.title else path
    return build_link(cut(" › ".join(filter(None, [citation.title, *inner])), 200), citation.url)


def _describe_notes(citation: Citation, today: date, notes: PageNotes) -> str:
    is_due = citation.review_by and citation.review_by < today.isoformat()
    told = [notes.tell_due(escape_line(citation.review_by or "", 20))] if is_due else []
    days = count_days_unread(citation, today)
    told += [notes.tell_unread(days)] if days else []
    return f" ({', '.join(told)})" if told else ""


def _describe(sentence: Sentence, citations: Sequence[Citation]) -> str:
    if sentence.support is Support.QUOTED:
        return f"quoted: {_quote(sentence.text)}"
    words = next(citation.quote for citation in citations if citation.number in sentence.citations)
    return f"supported: {_quote(sentence.text)} by {_quote(words)}"


def _quote(text: str) -> str:
    return f"“{escape_line(strip_markup(text), _QUOTE_CHARACTERS)}”"
