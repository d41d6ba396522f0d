"""Other ways to put a question: in the words that the documents use, by groups of words that mean the same.

People write `nicked`, `cab` and `headcount` where a page says stolen, taxi and employees, and no embedder of this size
knows that surely. The groups are in `prompts/synonyms/`, which a company can add to.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.domain import Audience
from assistant.errors import ConfigError
from assistant.knowledge.search.words import WordIndex
from assistant.text.tokens import find_terms, split_words

_WORD = re.compile(r"[^\W_]+|[€£$%]")
_MOST_WAYS, _MOST_WORDS = 2, 80
_MOSTLY = 10
_HINT = "Write a group on each line: - taxi, cab"
Keys = tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    start: int
    end: int
    others: tuple[str, ...]


class Synonyms:
    """Puts words of the documents in place of those of a question. A word of two groups has two meanings: it is put in
    for others, and never replaced."""

    def __init__(self, groups: Sequence[Sequence[str]], words: WordIndex) -> None:
        self._words = words
        self._others: dict[Keys, tuple[str, ...]] = {}
        counts = Counter(keys for group in groups for keys in set(map(_find_keys, group)))
        for group in groups:
            known = {_find_keys(word): word for word in reversed(group)}  # `taxi` and `taxis` are one
            for keys, word in known.items():
                if counts[keys] == 1 and find_terms(word):
                    self._others[keys] = tuple(other for one, other in known.items() if one != keys)[::-1]
        self._longest = max(map(len, self._others), default=0)

    def rewrite(self, text: str, audience: Audience) -> tuple[str, ...]:
        """Return at most two other ways to put a question, the likelier first; none where its words are as good."""
        matches = list(self._match(text, audience))
        if not matches:
            return ()
        ways = []
        for place in range(_MOST_WAYS):
            way, end = "", 0
            for match in matches:
                way += text[end : match.start] + match.others[min(place, len(match.others) - 1)]
                end = match.end
            ways.append(way + text[end:])
        return tuple(dict.fromkeys(ways))

    def _match(self, text: str, audience: Audience) -> Iterator[_Match]:
        found = list(_WORD.finditer(text))[:_MOST_WORDS]
        keys = [_find_key(one[0]) for one in found]
        place = 0
        while place < len(found):
            taken = 1
            for length in range(min(self._longest, len(found) - place), 0, -1):
                run = tuple(keys[place : place + length])
                if run not in self._others:
                    continue
                start, end = found[place].start(), found[place + length - 1].end()
                if others := self._choose(run, text[start:end], audience):
                    yield _Match(start, end, others)
                taken = length
                break
            place += taken

    def _choose(self, keys: Keys, written: str, audience: Audience) -> tuple[str, ...]:
        """The other words of a group, the commonest first, where the documents have the word itself hardly ever."""
        own = self._count(written, audience)
        counts = {other: self._count(other, audience) for other in self._others[keys]}
        better = sorted((other for other in counts if counts[other] > _MOSTLY * own), key=lambda other: -counts[other])
        return tuple(better[:_MOST_WAYS])

    def _count(self, phrase: str, audience: Audience) -> int:
        """In how many chunks these words stand, one after another."""
        words, terms = split_words(phrase), find_terms(phrase)
        if not terms:
            return 0
        found: Counter[str] = Counter()
        for each in audience.readable:
            found.update(self._words.count_chunks_with(each, terms))
        least = min(found[term] for term in terms)
        is_phrase = len(words) > 1 and least > 0
        return least if not is_phrase or any(self._words.has_run(each, words) for each in audience.readable) else 0


def read_synonyms(folders: Sequence[Path]) -> list[list[str]]:
    """Read every group of the files below `synonyms/` of some folders. Raises ConfigError with the line."""
    return [
        group for folder in folders for path in sorted((folder / "synonyms").glob("*.yaml")) for group in _read(path)
    ]


def _read(path: Path) -> Iterator[list[str]]:
    name = f"synonyms/{path.name}"
    file = FieldsFile(name, _HINT)
    lines = file.parse(read_settings_file(path, True, "The file") or "") or []
    if not isinstance(lines, list):
        raise ConfigError(f"{name}, line 1: it must be a list of groups.", _HINT)
    for place, line in enumerate(lines):
        group = [word.strip() for word in line.split(",")] if isinstance(line, str) else []
        if len(group) < 2 or not all(map(_find_keys, group)):
            raise ConfigError(f"{name}, line {file.line_of((place,))}: a group has two words or more.", _HINT)
        yield group


def _find_keys(text: str) -> Keys:
    return tuple(_find_key(found[0]) for found in _WORD.finditer(text))


def _find_key(word: str) -> str:
    return (find_terms(word) or split_words(word) or [word])[0]
