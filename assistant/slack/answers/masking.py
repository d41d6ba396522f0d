"""Personal data in what colleagues wrote and attached: left out before anybody else reads it, and put back."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.replies.guards.personal_data import find_personal

_MARK = re.compile(r"\[(?:address|card|iban|ip|mail|person number|phone)\]")


@dataclass(frozen=True)
class Masked:
    """Something personal that stands as `[phone]` in a question or an answer, and the words that stood there."""

    mark: str
    words: str


def mask(text: str) -> str:
    """The text with the kind of each personal thing in its place: whoever reads the channel sees what is shown."""
    parts, end = list[str](), 0
    for start, stop, mark in _list_masks(text):
        parts += [text[end:start], mark]
        end = stop
    return "".join([*parts, text[end:]])


def list_masked(text: str) -> list[Masked]:
    """What mask leaves out of a text, in its order."""
    return [Masked(mark, text[start:stop]) for start, stop, mark in _list_masks(text)]


def put_back(text: str, masked: Sequence[Masked], chosen: Collection[int]) -> str:
    """A masked text, perhaps edited, with what was chosen of it as it stood: the first `[phone]` is the first phone."""
    left = dict(enumerate(masked))

    def replace(found: re.Match[str]) -> str:
        number = next((number for number, one in left.items() if one.mark == found[0]), None)
        words = left.pop(number).words if number is not None else ""
        return words if number in chosen else found[0]

    return _MARK.sub(replace, text)


def find_marks(text: str) -> list[str]:
    """The kinds of what was left out, as they stand there."""
    return list(dict.fromkeys(_MARK.findall(text)))


def _list_masks(text: str) -> list[tuple[int, int, str]]:
    masks: list[tuple[int, int, str]] = []
    for span in find_personal(text):
        if not masks or span.start >= masks[-1][1]:
            masks.append((span.start, span.end, f"[{span.kind.replace('_', ' ')}]"))
    return masks
