"""Injection by a post, a document or a model into the exact text: commands, links, prompts, hidden signs.

How likely a post is to be written for the machine and not for us: a badge for the card, no verdict.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.lookalikes import (
    find_invisible,
    find_mixed_words,
    find_odd_letters,
    find_spaced,
    fold,
    spell_plainly,
)
from assistant.replies.guards.private_words import PrivateWords
from assistant.text.facts.links import find_addresses
from assistant.text.tokens import split_words

_CALL = re.compile(
    r"<!?(?:channel|here|everyone|subteam\^?\w*)[^>\n]*>?|(?<![\w.])@(?:channel|here|everyone|all)\b", re.IGNORECASE
)
_MRKDWN = re.compile(
    r"<[@#][A-Z0-9]+(?:\|[^>\n]*)?>|<!\w[^>\n]*>|<(?:https?|mailto|tel|slack)[:][^>\n]*>", re.IGNORECASE
)
_MARKUP = re.compile(
    r"</?(?:post|passage|question|earlier|example|reply|draft|instruction|system|user|assistant|script|iframe|img|svg|style)"
    r"\b[^>\n]*>?"
    r"|<\|[^|\n]{0,40}\|>|\{[{%]|\[/?INST\]|\"(?:sentences|citations|no_reply|missing|back_translation)\"\s*:|javascript:"
    r"|\[\d{1,2}\](?!\()",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\bas an? (?:ai|artificial intelligence|language model|large language)|\b(?:my|the) system prompt\b"
    r"|\bi(?:'m| am) an? (?:ai|language model|chat ?bot)\b|\b(?:the|numbered|given"
    r"|provided) passages?\b.{0,40}\b(?:say|state|mention|help|answer)"
    r"|\bignor(?:e|ing) (?:all |the |any |my )?(?:previous|prior|above|earlier) instructions",
    re.IGNORECASE,
)
_RUN_WORDS = 7


class InjectionGuard:
    """`prompts` are the texts that tell a model what to do."""

    def __init__(self, documents: DocumentTables, private: PrivateWords, prompts: Iterable[str]) -> None:
        self._documents = documents
        self._hosts = private.allowed_hosts
        self._runs = {run for prompt in prompts for run in _runs(_instructions(prompt))}

    def check(self, candidate: Candidate) -> list[Objection]:
        """Find injections by shape, then links that nobody gave, then words of the prompts."""
        text = candidate.text
        return [*_find_shapes(text), *_find_hidden(text), *self._find_links(candidate), *self._find_prompts(text)]

    def _find_links(self, candidate: Candidate) -> Iterator[Objection]:
        given = [part for citation in candidate.citations for part in (citation.url or "", citation.quote)]
        guide = (candidate.guide.greeting, candidate.guide.signature, candidate.guide.text)
        allowed = find_addresses("\n".join([*given, *guide]))
        said = (candidate.text, fold(candidate.text).text, spell_plainly(candidate.text).text)
        for address in sorted({address for text in said for address in find_addresses(text)}):
            if "@" in address.partition("/")[0] or address in allowed or self._is_ours(address):
                continue
            start = candidate.text.lower().find(address.lower())
            reason = f"The link “{address}” comes from no citation and is none of ours: take one of the cited pages."
            yield Objection("injection", address, reason, Effect.BLOCK, start)

    def _is_ours(self, address: str) -> bool:
        """On a host that guards.yaml allows, or an address that a public document has or states, whole."""
        host = re.split(r"[/?#:]", address.lower(), maxsplit=1)[0]
        if any(host == one or host.endswith(f".{one}") for one in self._hosts):
            return True
        stated = [*self._documents.urls(Audience.PUBLIC), *self._documents.texts_with(Audience.PUBLIC, address)]
        return address in find_addresses("\n".join(stated))

    def _find_prompts(self, text: str) -> Iterator[Objection]:
        said = split_words(text)
        if any(run in self._runs for run in _runs(said)):
            reason = "These are words of our instructions to the model, not of a reply: rewrite the sentence."
            run = next(run for run in _runs(said) if run in self._runs)
            yield Objection("injection", " ".join(run), reason, Effect.BLOCK)


def _find_shapes(text: str) -> Iterator[Objection]:
    shapes = (
        (_CALL, "would call everybody in a channel: leave it out"),
        (_MRKDWN, "is a mention or link in Slack's own writing, which means nothing outside: write it plainly"),
        (_MARKUP, "is markup or code and no part of a reply: leave it out"),
        (_MODEL, "is a model speaking of itself or of its instructions: rewrite it"),
    )
    for pattern, why in shapes:
        for found in pattern.finditer(text):
            yield Objection("injection", found[0], f"“{found[0]}” {why}.", Effect.BLOCK, found.start())


def _find_hidden(text: str) -> Iterator[Objection]:
    if places := find_invisible(text):
        before = text[max(0, places[0] - 15) : places[0]]
        reason = f"The text holds invisible signs ({len(places)}, the first after “{before}”): retype it."
        yield Objection("injection", text[places[0]], reason, Effect.BLOCK, places[0])
    for found in find_mixed_words(text):
        reason = f"“{found[0]}” mixes letters of two scripts that look alike: retype the word."
        yield Objection("injection", found[0], reason, Effect.BLOCK, found.start())
    for found in find_odd_letters(text):
        reason = f"“{found[0]}” is written in letters that only look like letters: type it plainly."
        yield Objection("injection", found[0], reason, Effect.BLOCK, found.start())
    for found in find_spaced(text):
        reason = f"“{found[0]}” has its letters spaced out, so it can't be checked: write it as words."
        yield Objection("injection", found[0], reason, Effect.BLOCK, found.start())


def _instructions(prompt: str) -> list[str]:
    """The words of a template without what is filled in."""
    return split_words(re.sub(r"\{[%{#][^{}]*[%}#]\}", " § ", prompt))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + _RUN_WORDS]) for i in range(len(words) - _RUN_WORDS + 1))


class RiskLevel(StrEnum):
    """Levels of the card's risk badge."""

    HIGH = "high"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True)
class Risk:
    """The level, and a plain sentence for each thing that was found."""

    level: RiskLevel
    reasons: tuple[str, ...] = ()


_HIGH, _SOME = 3, 2
_MANY_SIGNS = 8
_MARKS_FILE = "marks.txt"
_ENCODED = re.compile(r"(?<![\w/+.:-])(?:[A-Za-z0-9+/]{24,}={0,2}|(?:[0-9a-fA-F]{2}[ :]?){12,})(?![\w/+])")


def judge_risk(post: str) -> Risk:
    """Judge what in a post is meant for a machine. It only sets a badge: the guards work whatever it says."""
    plain = fold(post).text
    found = [(weight, told) for weight, told, pattern in _read_marks() if pattern.search(post) or pattern.search(plain)]
    found += _find_tricks(post)
    reasons = tuple(dict.fromkeys(told for _, told in found))
    total = sum(weight for weight, _ in found)
    level = RiskLevel.HIGH if total >= _HIGH else RiskLevel.SOME if total >= _SOME else RiskLevel.NONE
    return Risk(level, reasons)


@lru_cache(1)
def _read_marks() -> tuple[tuple[int, str, re.Pattern[str]], ...]:
    """What each mark weighs, what is told of it, and what finds it."""
    lines = (files("assistant.replies.guards") / _MARKS_FILE).read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("#")]
    names = dict(line.split(" ", 1) for line in told if line[0].isupper())
    marks: dict[str, list[str]] = {}
    for line in told:
        if line[0].isdigit():
            marks[line] = []
        elif line[0] == " ":
            marks[next(reversed(marks))].append(_fill_in(line.strip(), names))
    flags = re.IGNORECASE | re.MULTILINE | re.DOTALL
    return tuple((int(mark[0]), mark[2:], re.compile("|".join(ways), flags)) for mark, ways in marks.items())


def _fill_in(pattern: str, names: dict[str, str]) -> str:
    for name, words in names.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern


def _find_tricks(post: str) -> list[tuple[int, str]]:
    hidden = [
        # A few come with copied text and with names in some apps; a message hidden in them takes more.
        (1 if len(find_invisible(post)) < _MANY_SIGNS else 3, "It holds invisible signs.", bool(find_invisible(post))),
        (2, "It mixes letters of scripts that look alike.", any(find_mixed_words(post))),
        (1, "It is written in letters that only look like letters.", any(find_odd_letters(post))),
        (3, "Its letters are set apart.", any(find_spaced(post))),
        (2, "A part of it is encoded.", any(_is_encoded(found[0]) for found in _ENCODED.finditer(post))),
    ]
    return [(weight, told) for weight, told, is_there in hidden if is_there]


def _is_encoded(text: str) -> bool:
    """Whether it is text in base64 or in hexadecimal digits: what decodes to words was hidden on purpose."""
    for decode in (_from_hex, _from_base64):
        raw = decode(text)
        if len(raw) >= 8 and sum(32 <= byte < 127 for byte in raw) / len(raw) > 0.9:
            return True
    return False


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", text))
    except ValueError:
        return b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
