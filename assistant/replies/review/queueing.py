"""What waits for whom: the queue as a reviewer sees it."""

from dataclasses import replace
from datetime import datetime

from assistant.replies.review.content import read_content
from assistant.replies.tables.queue import Waiting
from assistant.replies.tables.review import ReviewTables


def list_queue(tables: ReviewTables, now: datetime) -> list[Waiting]:
    """Every draft that waits, whose post is oldest first. A first approval of other content than now counts no more."""
    return [_drop_outdated(tables, one) if one.first_by else one for one in tables.queue.list_waiting(now)]


def _drop_outdated(tables: ReviewTables, waiting: Waiting) -> Waiting:
    content = read_content(tables, tables.drafts.find(waiting.draft_id))
    return waiting if content.hash == waiting.first_hash else replace(waiting, first_by="", first_hash="")
