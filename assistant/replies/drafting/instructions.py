"""What a person's instruction asks for, as far as code can follow it without a chat model."""

import re
from dataclasses import dataclass

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
_FORMAL = re.compile(r"\b(?:more\s+)?(?:formal|polite)\b", re.I)
_FILLING = re.compile(
    r"\b(?:please|make|it|and|but|be|the|a|use|with|keep|also|then|this|reply|draft|quote)\b|[\W_]+", re.I
)


@dataclass(frozen=True)
class Orders:
    """What can be done, and `rest`, the words of the instruction that nobody followed."""

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
        ("formal", _FORMAL),
    ):
        found[name] = bool(pattern.search(text))
        text = pattern.sub(" ", text)
    rest = " ".join(text.split()).strip(" ,;.:-") if _FILLING.sub("", text) else ""
    return Orders(found["shorter"], found["without_links"], found["other_facts"], found["formal"], rest)
