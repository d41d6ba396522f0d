"""The content of an approval: text, target, author, thread and evidence of a draft, in one hash."""

import json
from dataclasses import asdict, dataclass

from assistant.core.audit import hash_text
from assistant.domain import Draft
from assistant.replies.tables.review import ReviewTables

_SHOWN = 12


@dataclass(frozen=True)
class Content:
    """All of it; post, thread and evidence are given by their hashes."""

    text: str
    network: str
    mention_id: str
    url: str
    author: str
    post: str
    thread: str
    evidence: str

    @property
    def hash(self) -> str:
        """SHA-256, as hexadecimal digits."""
        return hash_text(json.dumps(asdict(self), sort_keys=True))

    @property
    def short_hash(self) -> str:
        """The beginning of it, for people to type."""
        return self.hash[:_SHOWN]


def read_content(tables: ReviewTables, draft: Draft) -> Content:
    """The content of a draft as the store knows it now."""
    mention = tables.mentions.find(draft.mention_id)
    now = tables.baselines.read(draft.mention_id, draft.citations)
    return Content(
        text=draft.text,
        network=mention.network,
        mention_id=mention.mention_id,
        url=mention.url or "",
        author=mention.author,
        post=hash_text(now.post),
        thread=hash_text(json.dumps([asdict(post) for post in now.thread])),
        evidence=hash_text(json.dumps([asdict(passage) for passage in now.evidence])),
    )
