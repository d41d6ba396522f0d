"""What a person asks to be changed, as far as code can follow it without a chat model, and what they can ask."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Sentence, Support
from assistant.replies.style_guides import LINK

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

    def tell_rest(self, choices: Sequence[str]) -> str:
        """A sentence for the person, where something is left to do; `choices` are the wishes that would work."""
        if not self.rest:
            return ""
        can = f" I can do: {', '.join(choices)}." if choices else ""
        return f"I can't do “{self.rest}” without a chat model.{can} Edit the text for the rest."


def read_orders(instruction: str, earlier: Sequence[str] = ()) -> Orders:
    """Read an instruction; an empty one asks for nothing. What was asked for earlier holds on, but for its rest."""
    text = " ".join(instruction.split())
    found: dict[str, bool] = {}
    for name, pattern in _PATTERNS:
        found[name] = bool(pattern.search(text))
        text = pattern.sub(" ", text)
    rest = " ".join(text.split()).strip(" ,;.:-") if _FILLING.sub("", text) else ""
    before = read_orders(earlier[-1], earlier[:-1]) if earlier else Orders()
    return Orders(
        found["shorter"] or before.shorter,
        found["without_links"] or before.without_links,
        found["other_facts"] or before.other_facts,
        found["formal"] or (before.formal and not found["informal"]),
        rest,
    )


def list_wishes(sentences: Sequence[Sentence], orders: Orders, has_more_facts: bool, can_be_formal: bool) -> list[str]:
    """The wishes that would change this draft."""
    courtesies = sum(one.support is Support.COURTESY for one in sentences)
    choices = {
        "shorter": not orders.shorter and len(sentences) > 1,
        "without links": any(LINK.search(one.text) for one in sentences) and len(sentences) > 1,
        "other facts": has_more_facts and courtesies < len(sentences),
        "formal": can_be_formal and courtesies > 0 and not orders.formal,
        "informal": can_be_formal and courtesies > 0 and orders.formal,
    }
    return [name for name, works in choices.items() if works]


_PATTERNS = (
    ("shorter", _SHORTER),
    ("without_links", _NO_LINKS),
    ("other_facts", _OTHER_FACTS),
    ("informal", _INFORMAL),
    ("formal", _INSTRUCTIONS_FORMAL),
)
