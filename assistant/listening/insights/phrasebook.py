"""Questions about customers in other languages than English, put into plain English that the grammar reads.

The words are in `prompts/questions/`, a file for each language, which a translator or a company can add to.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel

from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.errors import ConfigError
from assistant.text.language import find_stop_words

_HINT = "The file de.yaml shows what each field holds."
_MOST_CHARACTERS = 300
_WORD = re.compile(r"[^\W_][\w'’+#-]*")
_WEEK = re.compile(
    r"\b(?:kw|woche|semaine|semana|settimana|week|tygodniu|tydzień)\s+(?:no\.?\s*|nr\.?\s*)?(\d{1,2})\b", re.IGNORECASE
)
_ENGLISH = "en"
Phrases = tuple[str, ...]


class PhraseForm(BaseModel, extra="forbid"):
    """What a file may hold: words by what they mean, and times in English."""

    people: Phrases
    say: Phrases
    complain: Phrases
    praise: Phrases
    ask: Phrases
    complaints: Phrases
    posts: Phrases
    count: Phrases
    share: Phrases
    top: Phrases
    who: Phrases
    where: Phrases
    network: Phrases
    change: Phrases
    negative: Phrases
    positive: Phrases
    negated: Phrases
    filler: Phrases
    documents: Phrases
    times: dict[str, str]


@dataclass(frozen=True)
class PhraseReading:
    """A question as one language reads it: the words of each meaning that are in it, when, and what is left.

    `known` counts the words that the language has.
    """

    meanings: frozenset[str]
    time: str
    subject: str
    known: int

    def has(self, *meanings: str) -> bool:
        """Return whether it holds a word of any of these meanings."""
        return not self.meanings.isdisjoint(meanings)

    @property
    def is_about_posts(self) -> bool:
        """Return whether it surely speaks of what customers wrote."""
        if self.has("documents"):
            return False
        says = self.has("people") and self.has("say", "complain", "praise", "ask")
        counted = bool(self.time) or self.has("count", "top", "network", "share", "change", "who", "where")
        if self.has("network") and self.has("negative", "positive", "complain"):
            return True
        return says or (self.has("complaints", "posts") and (counted or bool(self.subject)))

    @property
    def plain(self) -> str:
        """Return the same in English."""
        about = f" about {self.subject}" if self.subject else ""
        when = f" {self.time}" if self.time else ""
        is_negative, is_positive = self.has("complaints", "complain", "negative"), self.has("praise", "positive")
        thing = "complaints" if is_negative else "positive posts" if is_positive else "posts"
        if self.has("negated") and self.has("complain"):
            return f"how many people did not complain{about}{when}"
        if self.has("share"):
            return f"what share of posts{about} is {'positive' if is_positive else 'negative'}{when}"
        if self.has("change"):
            than = f" than{when}" if when else ""
            return f"are there more {thing.removeprefix('positive ')}{about}{than}"
        if self.has("network") and self.has("negative", "positive"):
            return f"which network is the most {'positive' if is_positive else 'negative'}{about}{when}"
        if self.has("network"):
            return f"which network has the most {thing.removeprefix('positive ')}{about}{when}"
        if self.has("where"):
            return f"where do {thing.removeprefix('positive ')}{about} come from{when}"
        if self.has("who"):
            return f"who {'complains' if is_negative else 'posts'} most{about}{when}"
        if self.has("top") and is_negative:
            return f"top complaints{about}{when}"
        return f"what do people ask{about}{when}" if self.has("ask") else f"all {thing}{about}{when}"


class Phrasebook:
    """The words of one language."""

    def __init__(self, language: str, form: PhraseForm) -> None:
        self._language = language
        self._form = form

    def read(self, text: str) -> PhraseReading:
        """Find what each word means, the times first."""
        left, time = self._take_time(text.casefold().replace("’", "'"))
        meanings, known = set[str](), 2 * bool(time)
        for name, pattern in self._meanings.items():
            if pattern.search(left):
                meanings.add(name)
                left, count = pattern.subn(" ", left)
                known += count
        words = [word.rpartition("'")[2] for word in _WORD.findall(left)]  # l'application
        content = [word for word in words if not self._stop_words.issuperset(word.split("-"))]
        known += len(words) - len(content)
        return PhraseReading(frozenset(meanings), time, " ".join(content), known)

    def _take_time(self, text: str) -> tuple[str, str]:
        if found := _WEEK.search(text):
            return f"{text[: found.start()]} {text[found.end() :]}", f"in week {found[1]}"
        for pattern, time in self._times:
            if found := pattern.search(text):
                return f"{text[: found.start()]} {text[found.end() :]}", time
        return text, ""

    @cached_property
    def _stop_words(self) -> frozenset[str]:
        return find_stop_words(self._language)

    @cached_property
    def _meanings(self) -> dict[str, re.Pattern[str]]:
        """Those that decide against it first; `how many percent` is no `how many`."""
        order = ("documents", "share", "count", "change", "top", "where", "network", "complaints", "complain")
        fields = [name for name in PhraseForm.model_fields if name != "times"]
        names = sorted(fields, key=lambda name: order.index(name) if name in order else len(order))
        return {name: _compile(getattr(self._form, name)) for name in names}

    @cached_property
    def _times(self) -> list[tuple[re.Pattern[str], str]]:
        """Longer ones first; names of days and months are the calendar's."""
        from babel.dates import get_day_names, get_month_names

        times = dict(self._form.times)
        for names, english, lead in (
            (get_day_names(locale=self._language), get_day_names(locale=_ENGLISH), "on"),
            (get_month_names(locale=self._language), get_month_names(locale=_ENGLISH), "in"),
        ):
            times |= {names[number].casefold(): f"{lead} {english[number]}" for number in english}
        return [(_compile([said]), times[said]) for said in sorted(times, key=len, reverse=True)]


class Phrasebooks:
    """Puts a question into English if it is about customers' posts in one of the languages."""

    def __init__(self, books: Sequence[Phrasebook]) -> None:
        self._books = books

    def translate(self, text: str, places: Mapping[str, str]) -> str:
        """Empty for what is English, or about something else. `places` are names that stay, and how English says
        them: `mastodon` is `on mastodon`."""
        text = text[:_MOST_CHARACTERS]
        english = find_stop_words(_ENGLISH)
        least = sum(word in english for word in _WORD.findall(text.casefold()))
        readings = [(book.read(text), book) for book in self._books]
        best, book = max(readings, key=lambda one: one[0].known, default=(None, None))
        if best is None or book is None or best.known <= least or not best.is_about_posts:
            return ""
        text, named = _take_places(text, places)  # there may be thousands: only where it matters
        return " ".join([book.read(text).plain, *named])


TranslateQuestion = Callable[[str, Mapping[str, str]], str]


def _take_places(text: str, places: Mapping[str, str]) -> tuple[str, list[str]]:
    named = []
    for place, english in places.items():
        found = re.search(rf"(?<![\w-]){re.escape(place)}(?![\w-])", text, re.IGNORECASE)
        if found:
            named.append(english)
            text = f"{text[: found.start()]} {text[found.end() :]}"
    return text, list(dict.fromkeys(named))


def _compile(phrases: Sequence[str]) -> re.Pattern[str]:
    """Whole words; `klag*` begins others."""
    said = (re.escape(phrase.casefold()).replace(r"\*", r"\w*") for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(said)})(?![\w-])")


def read_phrasebooks(folders: Sequence[Path]) -> list[Phrasebook]:
    """Read the file of each language below `questions/`; one of a later folder takes an earlier one's place. Raises
    ConfigError with the line."""
    paths = {path.stem: path for folder in folders for path in sorted((folder / "questions").glob("*.yaml"))}
    return [Phrasebook(language, _read(path)) for language, path in paths.items()]


def _read(path: Path) -> PhraseForm:
    file = FieldsFile(f"questions/{path.name}", _HINT, is_each_once=False)
    text = read_settings_file(path, True, "The file") or ""
    form = file.parse_form(text, PhraseForm, "people: [Kunden, Leute]", tuple(PhraseForm.model_fields))
    if form is None:
        raise ConfigError(f"questions/{path.name} is empty.", _HINT)
    return form
