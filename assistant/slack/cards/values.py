"""What a card's buttons and modals carry: which draft it is, and exactly which content of it the person saw."""

import json
from dataclasses import asdict, dataclass

from assistant.core.audit import hash_text
from assistant.domain import Draft

_HASH_CHARACTERS = 16


@dataclass(frozen=True)
class Seen:
    """What a person had before their eyes.

    `content_hash` is the beginning of the hash over text, target, author, thread and evidence that an approval is of;
    `text_hash` is of the text alone. A version without another text is another one too.
    """

    draft_id: int
    text_hash: str
    version: int = 1
    content_hash: str = ""


def note_seen(draft: Draft, content_hash: str = "") -> Seen:
    """What whoever looks at the draft now sees of it."""
    return Seen(draft.draft_id, shorten_hash(hash_text(draft.text)), draft.version, shorten_hash(content_hash))


def to_value(seen: Seen) -> str:
    """For a button or the metadata of a modal."""
    return json.dumps(asdict(seen))


def read_value(value: str) -> Seen:
    """What a button or a modal carries."""
    return Seen(**json.loads(value))


def shorten_hash(content_hash: str) -> str:
    """As much of a hash as tells two contents apart."""
    return content_hash[:_HASH_CHARACTERS]


def shows_same_text(seen: Seen, draft: Draft) -> bool:
    """Whether the draft still is the version, and the text, that the person saw."""
    now = note_seen(draft)
    return (now.text_hash, now.version) == (seen.text_hash, seen.version)
