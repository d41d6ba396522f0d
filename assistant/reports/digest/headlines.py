"""The sentences that are read first: templates over the figures, every number a figure's.

Lets a chat model word the first sentences from the figures alone, and throws away what holds any other number.
"""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.domain import Audience, Figure, ScopeKind
from assistant.errors import ModelError
from assistant.reports.digest.names import name_networks, name_scope, show_value
from assistant.reports.digest.types import Material
from assistant.reports.figures import find, group, label_of, name_kind, value
from assistant.reports.figures.coverage import Outage

NOBODY = "No posts found for this {kind}."


def write_headlines(material: Material) -> tuple[str, ...]:
    """Two or three sentences: what was said, what moved or is most spoken of, what we answered."""
    kind = name_kind(material.period)
    told = [_tell_posts(material, kind), _tell_subject(material, kind)]
    if not value(material.figures, "posts"):
        told = [NOBODY.format(kind=kind)]
    if material.audience is Audience.INTERNAL:
        told.append(_tell_replies(material.figures, kind))
    return tuple(sentence for sentence in told if sentence)


def tell_coverage(material: Material) -> tuple[str, ...]:
    """Describe the coverage, a sentence each; a last one says what cannot be compared with before."""
    hearing, kind = material.hearing, name_kind(material.period)
    named = _name_all(material)
    names = ", ".join(named[network] for network in hearing.networks if network != _IMPORTED)
    sentences = _tell_scope(material)
    sentences += [f"Networks read: {names}." if names else "No network was read."]
    sentences += ["Posts imported from a file count too."] if _IMPORTED in hearing.networks else []
    sentences += [_tell_outage(outage, named[outage.network]) for outage in hearing.outages]
    # The present state is told of a period that it belongs to.
    for coverage in material.coverages:
        if coverage.failed_since and coverage.failure and coverage.failed_since < material.period.end_at:
            sentences.append(f"{named[coverage.network]} still can't be read: {coverage.failure}")
    if hearing.removed:
        sentences.append(f"{_count(hearing.removed, 'post was', 'posts were')} deleted since and no longer count.")
    if not hearing.is_over:
        sentences.append(f"The {kind} isn't over yet, so it isn't compared with the one before.")
    elif not hearing.comparable and hearing.networks:
        sentences.append(f"Nothing is compared with the {kind} before: no network was read throughout both.")
    elif hearing.not_comparable:
        names = ", ".join(named[network] for network in hearing.not_comparable)
        sentences.append(f"Changes leave {names} out, which wasn't read throughout the {kind} before.")
    return tuple(sentences)


def _tell_scope(material: Material) -> list[str]:
    """Whose posts count, and what is left out for it."""
    scope = material.scope
    if scope.kind is None:
        return []
    missing = ["topics discovered in the posts"]
    if material.audience is Audience.INTERNAL:
        missing = ["our aims", "what colleagues asked", "what it cost", "how far we have come", *missing]
    if scope.kind is not ScopeKind.NETWORK:
        missing.append("posts deleted since")
    if scope.kind is ScopeKind.BRAND:
        missing.append("share of voice")
    whose = {ScopeKind.TOPIC: "about the", ScopeKind.BRAND: "that name the"}.get(scope.kind, "from")
    listed = f"{', '.join(missing[:-1])} and {missing[-1]}"
    told = f"Only posts {whose} {name_scope(scope)} count here."
    if not material.is_scope_known:
        told += " No stored post matches: check how the name is spelt."
    return [told, f"Left out, because it can't be split by scope: {listed}."]


def _name_all(material: Material) -> dict[str, str]:
    """Every network of the hearing, feeds of one host told apart."""
    hearing = material.hearing
    told = (*hearing.networks, *hearing.not_comparable, *(outage.network for outage in hearing.outages))
    return name_networks(list(dict.fromkeys((*told, *(coverage.network for coverage in material.coverages)))))


def _tell_outage(outage: Outage, name: str) -> str:
    span = f"{outage.began_at:%a %d %b %H:%M} to {outage.ended_at:%a %d %b %H:%M} UTC"
    lasted = "less than an hour" if outage.hours < 1 else f"{outage.hours:g} hour{'s' if outage.hours != 1 else ''}"
    if outage.kind == "down":
        return f"{name} couldn't be read for {lasted} ({span})."
    return f"{name} had more posts than were read for {lasted} ({span})."


def _tell_posts(material: Material, kind: str) -> str:
    figures = material.figures
    posts, change = find(figures, "posts"), find(figures, "posts_change")
    authors = value(figures, "authors")
    source = f" from {_count(authors, 'author')}" if isinstance(authors, int) and authors else ""
    sentence = f"{_count(posts.value if posts else 0, 'post')}{source}"
    if change and isinstance(change.value, int | float):
        more = "more" if change.value > 0 else "fewer"
        # A share of the comparable networks only must not be read as one of all.
        where = " where both can be compared" if material.hearing.not_comparable else ""
        steady = f", as many as the {kind} before"
        moved = f", {show_value(abs(change.value), 'percent')} {more} than the {kind} before"
        sentence += (moved if change.value else steady) + where
    shares = [
        f"{show_value(value(figures, f'{feeling}_share'), 'percent')} {feeling}" for feeling in ("negative", "positive")
    ]
    return f"{sentence}: {' and '.join(shares)}." if value(figures, "negative_share") is not None else f"{sentence}."


def _tell_subject(material: Material, kind: str) -> str:
    """What moved; where nothing did, what most spoke of, unless an event or a subject is told already."""
    figures = material.figures
    for move in ("new", "rising", "falling"):
        for figure in group(figures, f"topics_{move}")[:1]:
            verb = {"new": "came up", "rising": "rose most", "falling": "fell most"}[move]
            posts = f"{_count(figure.value, 'post')}, {show_value(figure.before)} the {kind} before"
            return f"“{label_of(figure)}” {verb}: {posts}."
    for name in ("posts_by_topic", "discovered_topics"):
        for figure in group(figures, name)[: 0 if material.events or material.subjects else 1]:
            return f"Most spoken of: {label_of(figure)}, in {_count(figure.value, 'post')}."
    return ""


def _tell_replies(figures: tuple[Figure, ...], kind: str) -> str:
    wanting, share = value(figures, "posts_by_triage.reply"), value(figures, "answered_share")
    replies, hours = value(figures, "replies"), value(figures, "calendar_hours_to_reply")
    asked = "None of them needs a reply" if value(figures, "posts") else ""
    if wanting:
        verb = "post needs" if wanting == 1 else "posts need"
        asked = f"{show_value(wanting)} {verb} a reply, {show_value(share, 'percent')} got one"
    if not replies:
        sent = f"{'Earshot sent none' if share else 'no reply was sent'} this {kind}"
    elif replies == 1:
        sent = f"1 reply was sent, {show_value(hours)} hours after the post"
    else:
        sent = f"{show_value(replies)} replies were sent, half of them within {show_value(hours)} hours"
    text = f"{asked}; {sent}." if asked else f"{sent}."
    return text[0].upper() + text[1:]


def _count(number: object, noun: str, plural: str = "") -> str:
    return f"{show_value(number)} {noun if number == 1 else plural or noun + 's'}"


_log = logging.getLogger(__name__)

_MOST_CHARACTERS = 600
_IMPORTED = "file"  # no network, but posts that no network was read for
# Words of customers stand in these names: they are no business of a prompt, nor are people.
_UNSAID = ("topic_words", "discovered_topics", "advocates", "critics", "influencers", "posts_that_mattered")
_DETAILS = ("sentiment_by_day", "hours_to_reply_by_topic_90th", "hours_to_reply_by_network_90th")
_APART = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE} '’"
_NUMBER = re.compile(rf"\d+(?:[.,{_APART}]\d{{3}})*(?:[.,]\d+)?")
# `3k` and `2 m` are other numbers than 3 and 2.
_SCALED = re.compile(r"\d\s?(?:k|m|mn|mln|bn|tn|mio|mrd)\b|\de[+-]?\d", re.IGNORECASE)
_PERCENT = re.compile(rf"({_NUMBER.pattern})[\s-]*(?:[%％٪]|percent|per\scent)", re.IGNORECASE)
# Numbers in words cannot be compared with a table: whoever writes one may be right, but nobody can check it.
_WORDED = re.compile(
    r"\b(?:zero|(?<!got )(?<!get )one(?! another)|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|dozens?|hundreds?|thousands?|millions?|billions?"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|halved?|thirds?"
    r"|quarters?|twice|thrice|doubl\w+|tripl\w+|\w+fold|majority|most(?! (?:of all|often|posts come)))\b",
    re.IGNORECASE,
)


class ChatSummary(BaseModel):
    """The model's sentences."""

    sentences: list[str] = Field(min_length=1, max_length=3, description="One to three sentences for a manager")


class Teller:
    """Words the figures with a chat model; the template's sentences where it fails or invents."""

    def __init__(self, ask_model: Callable[[str], ChatSummary], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def tell(self, template: tuple[str, ...], figures: Sequence[Figure]) -> tuple[str, ...]:
        """Sentences whose every number is in the figures."""
        given = [figure for figure in figures if figure.name.partition(".")[0] not in (*_UNSAID, *_DETAILS)]
        lines = [_describe(figure) for figure in given if figure.value is not None]
        prompt = self._prompts.fill("summary", template=list(template), figures=lines)
        try:
            said = tuple(" ".join(sentence.split()) for sentence in self._ask_model(prompt.text).sentences)
        except ModelError as error:
            _log.warning("the summary keeps its template: %s", error.message)
            return template
        problem = find_problem(said, given)
        if problem:
            _log.warning("the summary keeps its template, the model's words hold %s", problem)
            return template
        return said


def find_problem(sentences: Iterable[str], figures: Sequence[Figure]) -> str:
    """Find what is not in the figures: a number, a number in words, a link; empty where there is nothing."""
    text = " ".join(sentences)
    if not text.strip() or len(text) > _MOST_CHARACTERS:
        return "no sentence, or too many"
    if "://" in text or "www." in text or "<" in text:
        return "a link or a tag"
    # A label such as `topic 4` brings a number of its own.
    for label in sorted({label_of(figure) for figure in figures} - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", "", text)
    worded = _WORDED.search(text) or _SCALED.search(text)
    # `½`, `Ⅷ` and `三`: signs with a value that are no digits.
    signs = [worded[0]] if worded else [sign for sign in text if _is_numeral(sign)]
    if signs:
        return f"a number in words: {signs[0]}"
    strange = _find_strange(_NUMBER, text, figures)
    # A number of posts is no percentage.
    strange += _find_strange(_PERCENT, text, [figure for figure in figures if figure.unit == "percent"])
    return f"the number {strange[0]}" if strange else ""


def _is_numeral(sign: str) -> bool:
    return not sign.isdecimal() and unicodedata.numeric(sign, None) is not None


def _find_strange(number: re.Pattern[str], text: str, figures: Sequence[Figure]) -> list[str]:
    known = _find_known(figures)
    return [found for found in number.findall(text) if _normalise(found) not in known]


def _find_known(figures: Sequence[Figure]) -> set[float]:
    numbers = [
        number
        for figure in figures
        for number in (figure.value, figure.low, figure.high, figure.before, figure.compared, figure.change)
        if isinstance(number, int | float)
    ]
    return {round(abs(float(number)), 2) for number in numbers}


def _normalise(text: str) -> float:
    """`1,500` and `1 500` are 1500; `3.3` and `3,3` are 3.3."""
    plain = re.sub(rf"[.,{_APART}](?=\d{{3}}(?:\D|$))", "", text)
    return round(float(plain.replace(",", ".")), 2) if plain.count(".") + plain.count(",") < 2 else -1.0


def _describe(figure: Figure) -> str:
    before = f" (before: {figure.before:.12g})" if figure.before is not None else ""
    return f"{figure.name}: {figure.value} {figure.unit}{before}"
