"""The words around the facts: prompts/reply-<language>.md, where a marketer writes variants for each situation."""

import hashlib
import re
from dataclasses import dataclass

from assistant.core.prompts import Prompts

OPENING, NEXT_STEP, AFTER_FACTS = "Opening", "Next step", "After facts"
WITHOUT_MESSAGES = "Without private messages"
PAGE, PAGE_ALONE, FOREIGN_PAGE = "Page", "Page alone", "Page in another language"
_NEEDED = {
    OPENING: "complaint",
    NEXT_STEP: "general",
    AFTER_FACTS: "unhappy",
    WITHOUT_MESSAGES: "",
    PAGE: "",
    PAGE_ALONE: "",
    FOREIGN_PAGE: "",
}
_FORMAL = re.compile(r"\s*\(formal\)$")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FIGURE = re.compile(r"\d|https?:|www\.")


@dataclass(frozen=True)
class Phrases:
    """Variants by section and situation. The same post always gets the same one, another post perhaps another."""

    variants: dict[tuple[str, str], tuple[str, ...]]
    version: str

    @property
    def can_be_formal(self) -> bool:
        """Return whether there are formal variants."""
        return any(_FORMAL.search(phrase) for found in self.variants.values() for phrase in found)

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
