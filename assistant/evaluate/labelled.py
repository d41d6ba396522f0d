"""Reads posts whose right labels are known, and says which of them no head was trained on."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluate.reading import read_lines

_HINT = 'A line looks like {"id": "1", "text": "…", "lang": "en", "labels": {"sentiment": "negative"}}.'
_NOISE = re.compile(r"@\w+|https?://\S+|\bhttp\b")
_GAP = re.compile(r"\W+")
_PARTS = 5


@dataclass(frozen=True)
class Labelled:
    """A post with its right label; `line` is the whole object of the file."""

    post_id: str
    text: str
    lang: str | None
    label: str
    line: dict[str, Any]

    @property
    def key(self) -> str:
        """The post's words alone: two copies with other handles or links have the same."""
        return _GAP.sub(" ", _NOISE.sub(" ", self.text.lower())).strip()[:80]

    @property
    def is_held_out(self) -> bool:
        """One post in five, by a hash of its words, on which no shipped head was trained."""
        return int(hashlib.sha256(self.key.encode()).hexdigest(), 16) % _PARTS == 0


def read_labelled(path: Path, kind: str) -> list[Labelled]:
    """All posts of a JSONL file (plain or .gz) that have the label `kind`, within `labels` or beside the text."""
    found = []
    for place, line in read_lines(path, _HINT):
        labels = line.get("labels")
        label = labels.get(kind) if isinstance(labels, dict) and kind in labels else line.get(kind)
        if label is None:
            continue
        if not isinstance(line.get("text"), str):
            raise InputError(f"{place} has no text.", _HINT)
        found.append(Labelled(str(line.get("id") or place), line["text"], line.get("lang"), str(label), line))
    if not found:
        raise InputError(f"No post of {path} has a label {kind}.", _HINT)
    return found
