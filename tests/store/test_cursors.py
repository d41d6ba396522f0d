"""Cursors in the store: how far each network was read, and since when one fails."""

from datetime import datetime, timedelta

import pytest

from assistant.core.database import Store
from assistant.errors import TransientNetworkError
from assistant.listening.tables.upstream import Coverage, CursorTables


@pytest.fixture
def cursors(store: Store) -> CursorTables:
    return CursorTables(store)


def test_failed_since_is_kept_from_the_first_failure_and_cleared_by_a_read(
    cursors: CursorTables, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    cursors.note_failure("rss:a", "down", now)
    cursors.note_failure("rss:a", "still down", later, "mend it", later)
    assert cursors.coverages() == [Coverage("rss:a", None, now, "still down", "mend it", later)]
    cursors.note_read("rss:a", "cursor", later, is_capped=True)
    assert cursors.coverages() == [Coverage("rss:a", later, is_capped=True)]
    cursors.note_failure("rss:a", "down again", later)
    assert cursors.cursor("rss:a") == "cursor"
    assert cursors.coverage("rss:a").failed_since == later


def test_a_network_that_fails_in_part_goes_on_and_keeps_since_when(cursors: CursorTables, now: datetime) -> None:
    later = now + timedelta(hours=1)
    error = TransientNetworkError("One subreddit is down.", retry_at=later)
    cursors.note_partial("reddit", "1", now, error, is_capped=False)
    cursors.note_partial("reddit", "2", later, error, is_capped=False)
    assert cursors.cursor("reddit") == "2"
    found = cursors.coverage("reddit")
    assert (found.read_at, found.failed_since, found.retry_at) == (later, now, later)


def test_a_network_that_was_never_read_has_no_cursor(cursors: CursorTables) -> None:
    assert cursors.cursor("x") == ""
    assert cursors.coverage("x") == Coverage("x", None)
