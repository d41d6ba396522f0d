"""Culture guides of the networks: prompts/networks/*.md to Guides, what is wrong in them, and what a text breaks.

How long a text is as a network counts it, which decides whether it is taken.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import regex
import yaml

from assistant.core.prompts import Prompts
from assistant.domain import NoReply
from assistant.errors import PromptError

LINK = re.compile(
    r"(?:https?://|www\.)\S*[^\s.,;:!?)]"
    r"|(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|app|dev|eu|de|uk|fr|es|pl|example)\b(?:/\S*[^\s.,;:!?)])?",
    re.IGNORECASE,
)
_PICTURE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u231a-\u23fa]"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
_LINK_CHARACTERS = 23  # both X and Mastodon count any link so
_EMOJI_CHARACTERS = 2
# X counts signs of these ranges once and all others twice (twitter-text, config v3).
_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_REMOTE_HANDLE = re.compile(r"(?<!\w)(@\w+)@[\w.-]+\w")


class Counting(StrEnum):
    """Ways to count length: every sign, what a reader sees as one sign (Bluesky), Mastodon's, or X's."""

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    MASTODON = "mastodon"
    X = "x"


def measure_length(text: str, counting: Counting) -> int:
    """Measure how much of the network's limit the text takes."""
    return _MEASURES[counting](text)


def _count_graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def _count_as_mastodon(text: str) -> int:
    """A link is 23 characters, and of a handle elsewhere its server is not counted."""
    return _count_graphemes(_REMOTE_HANDLE.sub(r"\1", LINK.sub("x" * _LINK_CHARACTERS, text)))


def _count_as_x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    rest, links = LINK.subn("", text)
    rest, emoji = EMOJI.subn("", rest)
    signs = sum(1 if any(first <= ord(sign) <= last for first, last in _SINGLE) else 2 for sign in rest)
    return signs + links * _LINK_CHARACTERS + emoji * _EMOJI_CHARACTERS


_MEASURES: dict[Counting, Callable[[str], int]] = {
    Counting.CHARACTERS: len,
    Counting.GRAPHEMES: _count_graphemes,
    Counting.MASTODON: _count_as_mastodon,
    Counting.X: _count_as_x,
}


DEFAULT = "default"
_FOLDER = "networks"
_OTHER_NAMES = {"twitter": "x"}
_EMOJI_KINDS = {"none": 0, "few": 2, "free": 1000}
_GOOD_EXAMPLES = 3
HASHTAG = re.compile(r"(?<![\w&/])[#＃](?=\w*[^\W\d_])\w+")


@dataclass(frozen=True)
class Guide:
    """The style guide of one network: hard limits, which code checks, and the manner in words (`text`).

    `greeting` and `signature` come first and last in a reply, as they are. `no_reply` holds names of NoReply, and
    rules of one's own as `name: phrase, phrase`. `examples` are whole replies.
    Without `private_messages` customers cannot write to us unseen there. `counts` is whose way to count characters.
    With `names_author` people are notified of a reply only when it holds their handle.
    """

    network: str
    most_characters: int
    greeting: str = ""
    signature: str = ""
    emoji: str = "none"
    most_links: int = 1
    most_hashtags: int = 0
    forbidden: tuple[str, ...] = ()
    no_reply: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    text: str = ""
    private_messages: bool = True
    counts: Counting = Counting.CHARACTERS
    names_author: bool = False

    def measure(self, text: str) -> int:
        """Measure how much of `most_characters` a text takes, as the network counts."""
        return measure_length(text, self.counts)

    @property
    def most_emoji(self) -> int:
        """Return the most emoji that a reply may hold."""
        return _EMOJI_KINDS[self.emoji]


@dataclass(frozen=True)
class Breach:
    """A breach of a guide: its field, the words, where they start (-1: the text as a whole), and a sentence."""

    limit: str
    words: str
    start: int
    reason: str


@dataclass(frozen=True)
class _Problem:
    line: int
    message: str


@dataclass
class _Reading:
    """A guide's front matter on the way to a Guide: known values, the lines they stand in, and what is wrong."""

    text: str = ""
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[_Problem] = field(default_factory=list)


def read_guide(prompts: Prompts, network: str) -> Guide:
    """The guide of a network, or the default one. Raises PromptError that names file and line when it is wrong."""
    kind = network.partition(":")[0].replace("-", "_").lower()
    kind = _OTHER_NAMES.get(kind, kind)
    name = kind if kind.isidentifier() and prompts.has(f"{_FOLDER}/{kind}") else DEFAULT
    guide, problems = _read(prompts, name)
    if problems or guide is None:
        raise PromptError(_tell(name, problems[0]), "Fix the guide; `earshot doctor` checks them all.")
    return guide


def lint_guides(prompts: Prompts) -> list[str]:
    """List the faults of the guides, each with file, line and the fix; empty when there are none."""
    names = prompts.names(_FOLDER)
    told = [] if DEFAULT in names else [f"prompts/{_FOLDER}/{DEFAULT}.md is missing: write the guide for all others."]
    for name in names:
        told += [_tell(name, problem) for problem in sorted(_read(prompts, name)[1], key=lambda p: p.line)]
    return told


def find_breaches(guide: Guide, text: str) -> tuple[Breach, ...]:
    """Every hard limit of the guide that the text breaks, in the order of the guide's fields."""
    return tuple(_find_breaches(guide, text))


def _find_breaches(guide: Guide, text: str) -> Iterator[Breach]:
    length = guide.measure(text)
    if length > guide.most_characters:
        reason = f"{length} characters, and {guide.most_characters} are allowed"
        yield Breach("most_characters", "", -1, reason)
    counted = (
        ("emoji", EMOJI, guide.most_emoji, "emoji"),
        ("most_links", LINK, guide.most_links, "links"),
        ("most_hashtags", HASHTAG, guide.most_hashtags, "hashtags"),
    )
    for limit, pattern, most, what in counted:
        allowed = f"more {what} than the {most} allowed" if most else f"no {what} are allowed"
        for found in list(pattern.finditer(text))[most:]:
            yield Breach(limit, found[0], found.start(), allowed)
    for phrase in guide.forbidden:
        words = r"\s+".join(map(re.escape, phrase.split()))
        for found in re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE):
            yield Breach("forbidden", found[0], found.start(), f"“{phrase}” is a forbidden phrase")


def split_rule(rule: str) -> tuple[str, tuple[str, ...]]:
    """A rule of `no_reply` as its name and its phrases; one of NoReply's own has none."""
    name, _, phrases = rule.partition(":")
    return name.strip(), tuple(phrase.strip() for phrase in phrases.split(",") if phrase.strip())


def _read(prompts: Prompts, name: str) -> tuple[Guide | None, list[_Problem]]:
    reading = _Reading()
    _parse(prompts.read(f"{_FOLDER}/{name}"), reading)
    if reading.problems:
        return None, reading.problems
    known: dict[str, object] = {}
    for key, value in reading.values.items():
        check = _FIELDS.get(key)
        try:
            if check is None:
                raise ValueError(f"is no field of a guide. Fields are: {', '.join(_FIELDS)}")
            known[key] = check(value)
        except ValueError as error:
            reading.problems.append(_Problem(reading.lines.get(key, 1), f"{key} {error}"))
    if "most_characters" not in reading.values:
        reading.problems.append(_Problem(1, "most_characters is missing. Write a line like most_characters: 500"))
    if reading.problems:
        return None, reading.problems
    guide = Guide(network=name, text=reading.text, **known)  # type: ignore[arg-type]
    return guide, list(_check_examples(guide, reading.lines))


def _parse(source: str, reading: _Reading) -> None:
    begin, *rest = re.split(r"^---[ \t]*$\n?", source.lstrip("\ufeff"), maxsplit=2, flags=re.MULTILINE)
    if begin.strip() or len(rest) < 2:
        reading.problems.append(_Problem(1, "has no front matter. It begins with --- and a line most_characters: 500"))
        return
    reading.text = rest[1].strip()
    try:
        node = yaml.compose(rest[0], Loader=yaml.SafeLoader)
        values = yaml.safe_load(rest[0])
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        told = f"cannot be read: {error.problem}. Put text with a colon or a quote between quotation marks"
        reading.problems.append(_Problem(line, told))
        return
    except yaml.YAMLError:
        reading.problems.append(_Problem(1, "holds signs that YAML does not allow. Write it as plain text"))
        return
    if isinstance(values, Mapping) and isinstance(node, yaml.MappingNode):
        reading.values = {str(key): value for key, value in values.items()}
        reading.lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    elif values is not None:
        reading.problems.append(_Problem(2, "front matter is no list of fields. Write lines like most_characters: 500"))


def _check_examples(guide: Guide, lines: Mapping[str, int]) -> Iterator[_Problem]:
    for number, example in enumerate(guide.examples, 1):
        for breach in find_breaches(guide, example):
            told = f"example {number} breaks {breach.limit}: {breach.reason}. Fix the example, or the limit"
            yield _Problem(lines["examples"], told)
    if guide.examples and len(guide.examples) < _GOOD_EXAMPLES:
        yield _Problem(lines["examples"], f"examples holds {len(guide.examples)}. Give {_GOOD_EXAMPLES} good replies")


def _read_number(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"is no number from {least} on: {value!r}")
        return value

    return read


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is yes or no, not {value!r}")
    return value


def _read_line(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"is no text: {value!r}. Put it between quotation marks")
    return " ".join((value or "").split())


def _read_emoji(value: object) -> str:
    if value not in _EMOJI_KINDS:
        raise ValueError(f"is one of {', '.join(_EMOJI_KINDS)}, not {value!r}")
    return str(value)


def _read_counting(value: object) -> Counting:
    if value not in list(Counting):
        raise ValueError(f"is one of {', '.join(Counting)}, not {value!r}")
    return Counting(str(value))


def _read_texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError(
            "is no list of texts. Begin each with a dash, and put one with a colon between quotation marks"
        )
    return tuple(item.strip() for item in value)


def _read_rules(value: object) -> tuple[str, ...]:
    """Names, and `name: phrase, phrase`, which YAML reads as a mapping of its own."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    rules = []
    for item in items:
        if isinstance(item, Mapping) and len(item) == 1:
            item = ": ".join(str(part) for part in next(iter(item.items())))
        name, phrases = split_rule(item) if isinstance(item, str) else ("", ())
        if not name or (not phrases and name not in list(NoReply)):
            known = ", ".join(NoReply)
            raise ValueError(f"knows {known}, or a rule of your own as `name: phrase, phrase`, not {item!r}")
        rules.append(f"{name}: {', '.join(phrases)}" if phrases else name)
    return tuple(rules)


def _tell(name: str, problem: _Problem) -> str:
    return f"prompts/{_FOLDER}/{name}.md, line {problem.line}: {problem.message}."


_FIELDS: dict[str, Callable[[object], object]] = {
    "most_characters": _read_number(1),
    "greeting": _read_line,
    "signature": _read_line,
    "emoji": _read_emoji,
    "most_links": _read_number(0),
    "most_hashtags": _read_number(0),
    "forbidden": _read_texts,
    "no_reply": _read_rules,
    "examples": _read_texts,
    "private_messages": _read_flag,
    "counts": _read_counting,
    "names_author": _read_flag,
}
