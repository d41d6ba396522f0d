"""The facts of public pages that answer a post: each question of it apart, by the same measure as staff's questions."""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Audience, Question, SearchResult
from assistant.knowledge.answers.excerpts import to_confidence
from assistant.knowledge.answers.headings import negates
from assistant.knowledge.answers.kinds import gives_kind
from assistant.knowledge.answers.passages import Part, Passage, PassageRating
from assistant.knowledge.answers.questions import split_questions
from assistant.knowledge.search.retriever import Findings
from assistant.listening.analysis.intent import is_question
from assistant.replies.drafting.local_words import Whereabouts, keep_own_currency, tell_row
from assistant.replies.drafting.translations import Translations
from assistant.text.facts.words import content_stems, stem_words
from assistant.text.sentences import split_sentences
from assistant.text.tokens import find_terms

_MOST_ASKED, _MOST_RESULTS, _MOST_RANKED = 3, 8, 5
_MOST_CHARACTERS = 420
# docs/decisions.md has how these were chosen.
_HEADING_WEIGHT, _WORDS_WEIGHT, _UNKNOWN_NAME, _SURE = 0.7, 0.7, 0.4, 0.2
_FIT_BELOW, _FIT_AND_GAP, _FIT_OF_PAGE = 0.05, 0.65, 0.4
_LEAST_GAP, _GAP_ALONE, _CROSSING, _LEAST_PAGE_GAP = 0.3, 0.6, 0.8, 0.05
_KIND = 0.3
_LEAST_ASKED, _LEAST_WITHIN = 3, 4  # words: `Submitted to whom?` asks for nothing that the rest of the post is about
_LEAST_STATED = 5  # words: `No.` says nothing without what was asked
_CALENDAR = frozenset(name.casefold() for name in (*calendar.day_name, *calendar.month_name) if name)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_LETTERS = re.compile(r"[^\W\d_]{2,}|[一-鿿぀-ヿ]")
_ELSEWHERE = re.compile(r"In ([A-ZÀ-Þ][^\W\d_]+)(?:,| and| [a-z])")
_MARK = re.compile(r"(?:[•–-]|\d+[.)])\s+")
_STATES = re.compile(r"(?:we|you|your|our|the|it|if|when|most|every|each|there|this)\b", re.IGNORECASE)
_WHOLE = re.compile(r"[^\W_][^\n]*[.!?][\"'”’)]*")
_POINTS_BACK = re.compile(
    r"(?:both|it|they|this|that|these|those|then|after\s+that|if\s+(?:it|not|so))\b", re.IGNORECASE
)
_POINTS_SOMEWHERE = re.compile(
    r"\b(?:it|that|this|these|those|they|them|dies\w*|dafür|davon|damit|ça|cela|eso|isso|questo)\b", re.IGNORECASE
)
_POINTER = re.compile(r":\s*\[[^\]]*\]\([^)\s]*\)[.\s]*\Z")  # `What to bring: [returns](returns.md).` tells nothing


@dataclass(frozen=True)
class PageFact:
    """What a page says to one question of a post. `quote` stands in the page; `text` is how a customer reads it.

    `place` is the 1-based place in the results of the FoundFacts, `sureness` how far it lies above what is asked for.
    One found `by_post` is nearest to the post as a whole, and not to the question alone.
    """

    asked: str
    text: str
    quote: str
    place: int
    sureness: float
    by_post: bool = False

    @property
    def is_sure(self) -> bool:
        """Return whether a colleague need only read it."""
        return self.sureness >= _SURE


@dataclass(frozen=True)
class FoundFacts:
    """Facts, or a page that answers and cannot be quoted; `unanswered` questions have neither.

    The page `is_foreign` where it is in another language than the customer's; it `has_more` where another passage
    would do too.
    """

    results: tuple[SearchResult, ...] = ()
    facts: tuple[PageFact, ...] = ()
    page: SearchResult | None = None
    is_foreign: bool = False
    unanswered: tuple[str, ...] = ()
    has_more: bool = False


def find_asked(text: str) -> tuple[str, ...]:
    """The parts of a post that ask, three at most; all of it where only the whole asks. `40 km?` asks nobody."""
    parts = [part for sentence in split_sentences(text) for part in split_questions(sentence) if is_question(part)]
    asked = [part for part in parts if len(_LETTERS.findall(part)) >= _LEAST_ASKED]
    return tuple(dict.fromkeys(asked[:_MOST_ASKED])) or ((text,) if is_question(text) and not parts else ())


class PageFacts:
    """Looks in public pages only. `least_confidence` is what staff's questions need."""

    def __init__(
        self,
        search: Callable[[Question], Findings],
        rating: PassageRating,
        translations: Translations,
        least_confidence: float,
    ) -> None:
        self._search = search
        self._rating = rating
        self._translations = translations
        self._least = least_confidence

    def find(self, text: str, lang: str, whereabouts: Whereabouts, rejected: Sequence[str] = ()) -> FoundFacts:
        """Find what answers each question of a post: its `text` without handles, addresses and our own name.

        No passage with a quote that was `rejected` is told.
        """
        found = FoundFacts()
        for asked in find_asked(text):
            best = self._look_twice(asked, text, lang, rejected)
            found = self._add(found, (asked, text) if _says_enough(asked) else (text,), asked, best, whereabouts)
        return found

    def _look_twice(self, asked: str, text: str, lang: str, rejected: Sequence[str]) -> "_Look":
        """The question alone, where it says enough, or else within the post: `Can I claim anything for that?`."""
        looks_alone = asked == text or _says_enough(asked)
        alone = self._look(_ask(asked), lang, rejected) if looks_alone else _Look(-1.0)
        is_brief = len(_LETTERS.findall(asked)) < _LEAST_WITHIN
        if asked == text or is_brief or (alone.sureness >= 0 and alone.passage):
            return alone
        whole = replace(self._look(_ask(text), lang, rejected), by_post=True)
        best, other = sorted((alone, whole), key=lambda one: -one.sureness)
        # A page in another language is known by its search alone: it must be the same one both times, or far ahead.
        is_agreed = not looks_alone or _is_same(best.result, other.result)
        is_doubtful = best.is_foreign and not best.is_alone and not is_agreed
        return _Look(-1.0) if is_doubtful else best

    def _add(
        self, found: FoundFacts, readings: Sequence[str], asked: str, best: "_Look", whereabouts: Whereabouts
    ) -> FoundFacts:
        if best.sureness < 0 or best.result is None:
            return replace(found, unanswered=(*found.unanswered, asked))
        known = [fact.quote for fact in found.facts]
        told = best.passage and _Teller(self._rating, readings, whereabouts).tell(best.passage, known)
        if not told:
            left = (*found.unanswered, asked) if found.facts else found.unanswered
            page, is_foreign = found.page or best.result, found.is_foreign or best.is_foreign
            return replace(found, page=page, is_foreign=is_foreign, unanswered=left)
        results = (*found.results, best.result)
        fact = PageFact(asked, *told, len(results), best.sureness, best.by_post)
        has_more = found.has_more or best.has_more
        return replace(found, results=results, facts=(*found.facts, fact), has_more=has_more)

    def _look(self, question: Question, lang: str, rejected: Sequence[str]) -> "_Look":
        findings = self._search(question)
        results = self._translations.keep_own(findings, lang)[:_MOST_RESULTS]
        rated = self._rating.rate(question, results) if results else []
        best = _Look(-1.0)
        if passages := [one for one in rated if not any(part.quote in rejected for part in one.parts)]:
            unknown = [name for name in findings.unknown_names if name.casefold() not in _CALENDAR]
            least = self._least + (_UNKNOWN_NAME if unknown else 0)
            best = _judge(self._rank(question, passages[:_MOST_RANKED]), least)
        page = self._translations.find_page(findings, lang)
        if best.sureness >= 0 or page is None:
            return best
        gap = find_page_gap(findings.results)
        sureness = findings.confidence + gap - self._least - _CROSSING if gap >= _LEAST_PAGE_GAP else -1.0
        return _Look(sureness, page, is_foreign=True, is_alone=gap >= _LEAST_GAP)

    def _rank(self, question: Question, passages: Sequence[Passage]) -> list[tuple[float, Passage]]:
        """Each passage with how well it fits, what its heading says, and how many of the question's words it has."""
        headings = [passage.result.chunk.heading.split(" > ")[-1] or passage.path[0] for passage in passages]
        near = self._rating.measure(question, [((), heading) for heading in headings])
        ranks = [
            to_confidence(passage.fit) + _HEADING_WEIGHT * alone + _WORDS_WEIGHT * _share_words(question.text, said)
            for passage, heading, (_, alone) in zip(passages, headings, near, strict=True)
            for said in (f"{heading} {max(passage.parts, key=lambda part: part.fit).unit.text}",)
        ]
        return sorted(zip(ranks, passages, strict=True), key=lambda pair: -pair[0])


@dataclass(frozen=True)
class _Look:
    """How far what was found lies above what is asked for; without a passage there is only its page to name."""

    sureness: float
    result: SearchResult | None = None
    passage: Passage | None = None
    has_more: bool = False
    is_foreign: bool = False
    is_alone: bool = False
    by_post: bool = False


def find_page_gap(results: Sequence[SearchResult]) -> float:
    """How far the best page lies above every other one."""
    others = [result.score for result in results if not _is_same(result, results[0])]
    return results[0].score - max(others) if others else _GAP_ALONE


def _judge(ranked: Sequence[tuple[float, Passage]], least: float) -> _Look:
    """The best passage, where no other one is nearly as good; of two on one page only the page is sure."""
    (rank, best), *others = ranked
    fit = to_confidence(best.fit)
    gap = rank - others[0][0] if others else _GAP_ALONE
    if gap >= _LEAST_GAP:
        sureness = min(fit - least + _FIT_BELOW, fit + gap - least - _FIT_AND_GAP)
        return _Look(sureness, best.result, best, bool(others) and to_confidence(others[0][1].fit) >= least)
    is_torn = fit >= least + _FIT_OF_PAGE and _is_same(best.result, others[0][1].result)
    return _Look(0.0 if is_torn else -1.0, best.result)


def _is_same(one: SearchResult | None, other: SearchResult | None) -> bool:
    """Whether they are of one page."""
    if one is None or other is None:
        return False
    return (one.chunk.source, one.chunk.document_id) == (other.chunk.source, other.chunk.document_id)


def _says_enough(asked: str) -> bool:
    """Whether it can be looked for alone: it points back to nothing, and has a word to look for."""
    return not _POINTS_SOMEWHERE.search(asked) and bool(find_terms(asked))


def _share_words(question: str, text: str) -> float:
    asked = set(content_stems(question))
    return len(asked & stem_words(text)) / max(1, len(asked))


@dataclass(frozen=True)
class _Teller:
    """Tells of a passage what a customer can read alone; `readings` are the question, and the post around it."""

    rating: PassageRating
    readings: Sequence[str]
    whereabouts: Whereabouts

    def tell(self, passage: Passage, known: Sequence[str]) -> tuple[str, str] | None:
        """The words for a customer and the quote they rest on; None where no part of it can be told alone."""
        if any(map(negates, [*passage.path, *passage.result.chunk.heading.split(" > ")])):
            return None
        part = self._choose(passage, known)
        if part is None or not part.quote or _MAIL.search(part.unit.text) or _POINTER.search(part.quote):
            return None
        said = "" if negates(part.unit.heading) else self._word(passage, part)
        elsewhere = _ELSEWHERE.match(said)
        if elsewhere and not self.whereabouts.names(elsewhere[1]):
            return None
        told = keep_own_currency(said, self.whereabouts)
        return (told, part.quote) if 0 < len(told) <= _MOST_CHARACTERS else None

    def _choose(self, passage: Passage, known: Sequence[str]) -> Part | None:
        """The part that is nearest by meaning, words and the kind of thing asked for."""
        parts = [part for part in passage.parts if part.quote not in known]
        fits = [0.0] * len(parts)
        for reading in self.readings:
            near = self.rating.measure(_ask(reading), [(passage.path, part.unit.text) for part in parts])
            for place, (part, pair) in enumerate(zip(parts, near, strict=True)):
                fits[place] += sum(pair) + _share_words(reading, part.unit.text)
                fits[place] += _KIND * gives_kind(reading, part.unit.text)
        return parts[fits.index(max(fits))] if parts else None

    def _word(self, passage: Passage, part: Part) -> str:
        unit, asked = part.unit, self.readings[0]
        if unit.is_row:
            return tell_row(unit.text, asked, self.whereabouts) if unit.stands_alone else ""
        if "\n" in unit.text:
            return _tell_list(unit.text, self.rating.find_keys(_ask(asked), passage, [part]))
        return _add_rest(passage, part) if is_whole(unit.text) and not unit.needs_heading else ""


def _ask(text: str) -> Question:
    return Question(text, Audience.PUBLIC)


def _add_rest(passage: Passage, part: Part) -> str:
    """A sentence with those after it that point back to it: `If it was the 31st, shorter months use their last day`."""
    text = part.unit.text
    for following in passage.parts[passage.parts.index(part) + 1 :]:
        said = following.unit.text
        if not following.goes_on or not _POINTS_BACK.match(said) or len(text) + len(said) >= _MOST_CHARACTERS:
            break
        text += f" {said}"
    return text


def _tell_list(text: str, keys: Sequence[str]) -> str:
    """The items that answer, where they state something; else the whole list, as a step alone may say too little."""
    marked = [(key[:1].isdigit(), _MARK.sub("", key)) for key in keys]
    items = [item for is_step, item in marked if is_whole(item) and (not is_step or _STATES.match(item))]
    is_led = is_lead(text.split("\n", 1)[0]) and len(text) <= _MOST_CHARACTERS
    return text if is_led and len(items) < len(keys) else " ".join(items)


def is_lead(line: str) -> bool:
    """Return whether a line leads in what follows it."""
    return line.rstrip().endswith(":") and not _MARK.match(line)


def is_whole(text: str) -> bool:
    """Return whether it is a sentence that can stand alone, and no row, heading or fragment."""
    is_sentence = bool(_WHOLE.fullmatch(text)) and len(text.split()) >= _LEAST_STATED
    return is_sentence and not _POINTS_BACK.match(text)
