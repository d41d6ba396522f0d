"""The words around the facts: prompts/reply-<language>.md, where a marketer writes variants for each situation.

What a person's instruction asks for, as far as code can follow it without a chat model.
"""

import hashlib
import re
from dataclasses import dataclass

from assistant.core.prompts import Prompts

OPENING, NEXT_STEP, AFTER_FACTS = "Opening", "Next step", "After facts"
WITHOUT_MESSAGES, FOREIGN_FACTS = "Without private messages", "Facts in another language"
_NEEDED = {OPENING: "other", NEXT_STEP: "general", AFTER_FACTS: "other", WITHOUT_MESSAGES: "", FOREIGN_FACTS: ""}
_FORMAL = re.compile(r"\s*\(formal\)$")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FIGURE = re.compile(r"\d|https?:|www\.")


@dataclass(frozen=True)
class Phrases:
    """Variants by section and situation. The same post always gets the same one, another post perhaps another."""

    variants: dict[tuple[str, str], tuple[str, ...]]
    version: str

    def pick(
        self, section: str, situations: tuple[str, ...], seed: str, said: str = "", is_formal: bool = False
    ) -> str:
        """A phrase of the first situation that has some; none that stands in `said` already, where there is another."""
        found = next((self.variants[section, name] for name in situations if (section, name) in self.variants), ())
        marked = tuple(_FORMAL.sub("", phrase) for phrase in found if _FORMAL.search(phrase))
        plain = tuple(phrase for phrase in found if not _FORMAL.search(phrase))
        choices = (marked if is_formal else plain) or plain or marked
        fresh = tuple(phrase for phrase in choices if phrase not in said) or choices
        if not fresh:
            return ""
        digest = hashlib.sha256(f"{section}|{seed}".encode()).digest()
        return fresh[int.from_bytes(digest[:4], "big") % len(fresh)]


def read_phrases(prompts: Prompts, lang: str) -> Phrases | None:
    """The phrases of a language (a code of ISO 639), or None where there are none for it."""
    code = lang.lower().partition("-")[0]
    name = f"reply-{code}"
    if not _LANGUAGE.fullmatch(code) or not prompts.has(name):
        return None
    prompt = prompts.fill(name)
    return Phrases(_parse(prompt.text), prompt.version)


def lint_phrases(prompts: Prompts) -> list[str]:
    """List the faults of the phrases, each with file, line and the fix; empty when there are none."""
    names = [name for name in prompts.names("") if name.startswith("reply-")]
    told = (
        []
        if "reply-en" in names
        else ["prompts/reply-en.md is missing: write the phrases that all others fall back to."]
    )
    return told + [f"prompts/{name}.md{problem}" for name in names for problem in _lint(prompts.read(name))]


def _lint(source: str) -> list[str]:
    variants = _parse(source)
    told = [
        f", line 1: there is no phrase for “{section}{' / ' + name if name else ''}”. Write one below that heading."
        for section, name in _NEEDED.items()
        if (section, name) not in variants
    ]
    for number, line in enumerate(source.splitlines(), 1):
        if line.startswith("#") and line.removeprefix("# ") not in _NEEDED and not line.startswith("## "):
            told.append(f", line {number}: no section is called “{line.strip('# ')}”. They are: {', '.join(_NEEDED)}.")
        if line.startswith("-") and _FIGURE.search(line):
            told.append(f", line {number}: a phrase holds no number and no address. Put facts into a document.")
    return told


def _parse(text: str) -> dict[tuple[str, str], tuple[str, ...]]:
    variants: dict[tuple[str, str], tuple[str, ...]] = {}
    section = situation = ""
    for line in text.splitlines():
        if line.startswith("## "):
            situation = line[3:].strip()
        elif line.startswith("# "):
            section, situation = line[2:].strip(), ""
        elif line.startswith("- ") and line[2:].strip():
            variants[section, situation] = (*variants.get((section, situation), ()), " ".join(line[2:].split()))
    return variants


_SHORTER = re.compile(
    r"\b(?:(?:much|a\s+bit|a\s+little)\s+)?(?:shorter|shorten(?:\s+it)?|(?:more\s+)?brief(?:er)?|make\s+it\s+short|kürzer|too\s+long)\b",
    re.I,
)
_NO_LINKS = re.compile(
    r"\b(?:without|no|remove|drop|leave\s+out)\s+(?:the\s+|any\s+)?(?:links?|urls?|address(?:es)?)\b", re.I
)
_OTHER_FACTS = re.compile(
    r"\b(?:other|different|another|wrong)\s+(?:facts?|quotes?|passages?|documents?|source)\b", re.I
)
_INFORMAL = re.compile(r"\b(?:(?:more\s+|less\s+)?(?:informal|casual|relaxed)|less\s+formal)\b", re.I)
_INSTRUCTIONS_FORMAL = re.compile(r"\b(?:more\s+)?(?:formal|polite)\b", re.I)
_FILLING = re.compile(
    r"\b(?:please|make|it|and|but|be|the|a|use|with|keep|also|then|this|reply|draft|quote)\b|[\W_]+", re.I
)


@dataclass(frozen=True)
class Orders:
    """The instructions that can be followed, and `rest`, the words that cannot."""

    shorter: bool = False
    without_links: bool = False
    other_facts: bool = False
    formal: bool = False
    rest: str = ""

    def tell_rest(self) -> str:
        """A sentence for the person, where something is left to do."""
        if not self.rest:
            return ""
        can = "shorter, without links, other facts, formal, informal"
        return f"I can't do “{self.rest}” without a chat model. I can do: {can}. Edit the text for the rest."


def read_orders(instruction: str) -> Orders:
    """Read an instruction; an empty one asks for nothing."""
    text = " ".join(instruction.split())
    found: dict[str, bool] = {}
    for name, pattern in (
        ("shorter", _SHORTER),
        ("without_links", _NO_LINKS),
        ("other_facts", _OTHER_FACTS),
        ("informal", _INFORMAL),
        ("formal", _INSTRUCTIONS_FORMAL),
    ):
        found[name] = bool(pattern.search(text))
        text = pattern.sub(" ", text)
    rest = " ".join(text.split()).strip(" ,;.:-") if _FILLING.sub("", text) else ""
    return Orders(found["shorter"], found["without_links"], found["other_facts"], found["formal"], rest)
