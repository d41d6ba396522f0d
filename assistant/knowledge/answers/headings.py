"""Headings and the text below them: one asks, forbids, or names what the text leaves unsaid."""

import re
from collections.abc import Sequence

from assistant.text.spans import Unit
from assistant.text.tokens import find_terms

_SEPARATOR = " > "
_NEGATES = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|cannot|without|except|exceptions?|unless|avoid|forbidden|prohibited"
    r"|banned|excluded|exclusions?|unsupported|deprecated|obsolete|myths?|mistakes?|don[’']?ts?"
    r"|(?:do|does|is|are|can|could|did|should|must|need|have|has|was|were|wo|would|is)n[’']?t"
    r"|nicht|kein\w*|nie(?:mals)?|verboten|ohne|außer|pas|jamais|sans|interdits?|interdites?|sauf"
    r"|nunca|prohibid\w+|sin|excepto|não|proibid\w+|sem|non|mai|vietat\w+|senza|niet|geen|nooit|zonder"
    r"|nigdy|zakaz\w*|bez|zabronion\w+)\b|禁止|不可|不要|しないで",
    re.IGNORECASE,
)
_ENDS = ("?", "？", "؟", ":", "!", ".", "。")
_ASKS = ("?", "？", "؟")


def split_path(title: str, heading: str, inner: str) -> list[str]:
    """The headings above a unit from the outermost on; the document's title where there is none."""
    path = [part for part in (*heading.split(_SEPARATOR), inner) if part]
    return path or [title]


def negates(heading: str) -> bool:
    """Return whether a heading says that the text below it is not so, or must not be done."""
    return bool(_NEGATES.search(heading))


def asks(heading: str) -> bool:
    """Return whether the text below a heading answers it."""
    return heading.rstrip().endswith(_ASKS)


def is_bound(path: Sequence[str], unit: Unit) -> bool:
    """Return whether a unit says something else, or too little, without a heading of its path."""
    return unit.needs_heading or asks(path[-1]) or any(map(negates, path))


def find_lead(path: Sequence[str], unit: Unit, wanted: set[str]) -> str:
    """The headings to say before a unit: those that change it, or that hold words of the question which it has not."""
    said = set(find_terms(unit.text))
    unsaid = wanted - said
    needed = [place for place, part in enumerate(path) if negates(part) or unsaid & set(find_terms(part))]
    if not needed and not is_bound(path, unit):
        return ""
    return " › ".join(path[min([*needed, len(path) - 1]) :])


def put_before(lead: str, text: str) -> str:
    """A heading and what it heads."""
    if not lead:
        return text
    return f"{lead}{'' if lead.endswith(_ENDS) else ':'}{chr(10) if chr(10) in text else ' '}{text}"
