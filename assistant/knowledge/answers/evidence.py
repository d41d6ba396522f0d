"""The words that a sentence says it rests on: whether they stand in a passage, and what stands around them there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import SearchResult
from assistant.text.facts.agreement import negates
from assistant.text.sentences import split_sentences
from assistant.text.spans import Unit, split_units
from assistant.text.tokens import split_words

_LEAST_WORDS = 3  # fewer stand anywhere
_MOST_LEAD_WORDS = 12
_ELLIPSES = ("…", "...", "[...]", "[…]")


@dataclass(frozen=True)
class SpanEvidence:
    """Whole sentences or rows of one passage that hold a span; `around` is what gives them their meaning there.

    `place` is the passage's 1-based place in the search results, `headings` its title and the headings it stands
    under, `context` the head of a table or the lead-in of a list.
    """

    place: int
    quotes: tuple[str, ...]
    headings: tuple[str, ...]
    context: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """Return the quotes as they are meant: below a heading or lead-in that forbids, they forbid."""
        leads = [
            text.rstrip(" :") for text in self.around if negates(text) and len(split_words(text)) <= _MOST_LEAD_WORDS
        ]
        return tuple(" ".join([*leads, quote]) for quote in self.quotes)

    @property
    def around(self) -> tuple[str, ...]:
        """Return all that gives the quotes their meaning."""
        return (*self.headings, *self.context)


def find_evidence(spans: Sequence[str], places: Sequence[int], results: Sequence[SearchResult]) -> list[SpanEvidence]:
    """Find where the spans stand: in the passages that are named, else in any other, for numbers get mixed up."""
    order = [*places, *(place for place in range(1, len(results) + 1) if place not in places)]
    found = [
        evidence for span in spans for part in _cut_at_gaps(span) if (evidence := _find_first(part, order, results))
    ]
    return list(dict.fromkeys(found))


def _cut_at_gaps(span: str) -> Iterator[str]:
    """`All our bikes … are free today` is two spans."""
    for gap in _ELLIPSES:
        span = span.replace(gap, "\n")
    parts = [part for part in span.split("\n") if split_words(part)]
    yield from (part for part in parts if len(parts) == 1 or len(split_words(part)) >= _LEAST_WORDS)


def _find_first(span: str, order: Sequence[int], results: Sequence[SearchResult]) -> SpanEvidence | None:
    wanted = split_words(span)
    for place in order:
        chunk = results[place - 1].chunk
        if quotes := _find_quotes(wanted, chunk.text):
            units = [unit for unit in split_units(chunk.text) if any(_overlaps(quote, unit.quote) for quote in quotes)]
            headings = [chunk.title, *chunk.heading.split(" > "), *(unit.heading for unit in units)]
            return SpanEvidence(place, quotes, _without_repeats(headings), _without_repeats(map(_find_context, units)))
    return None


def _find_quotes(wanted: Sequence[str], text: str) -> tuple[str, ...]:
    """The sentences of a text that hold these words, one after the other; a span may begin and end within one."""
    sentences = split_sentences(text)
    words = [(word, number) for number, sentence in enumerate(sentences) for word in split_words(sentence)]
    size = len(wanted)
    for start in range(len(words) - size + 1):
        if words[start][0] == wanted[0] and all(words[start + i][0] == wanted[i] for i in range(size)):
            return tuple(sentences[words[start][1] : words[start + size - 1][1] + 1])
    return ()


def _overlaps(one: str, other: str) -> bool:
    return one in other or other in one


def _find_context(unit: Unit) -> str:
    """What it has besides its quote: a table's head, a list's lead-in, a sentence that limits it."""
    return "" if unit.quote == unit.text else unit.text.replace(unit.quote, " ").strip()


def _without_repeats(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
