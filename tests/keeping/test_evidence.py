"""What rests on a document that changed: a draft that waits is stale at once, a sent reply is listed to be recalled."""

from pathlib import Path

import pytest
from fakes import FakeEmbedder
from fakes_learning import CITATION, FACT, School
from keeping.making import Keeper

from assistant.domain import DraftStatus
from assistant.replies.review.evidence_watch import EvidenceReport, draft_correction, find_instead
from assistant.replies.tables.recalls import Recall

_NOW_SAYS = "You can pause for 6 months in any year."


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    keeper = Keeper(tmp_path, FakeEmbedder())
    keeper.write(f"  - kind: folder\n    name: docs\n    path: {tmp_path / 'docs'}\n    audience: public\n")
    _write(keeper, FACT)
    keeper.sync("docs")
    return keeper


def _write(keeper: Keeper, fact: str, other: str = "Other text.") -> None:
    (keeper.folder / "docs").mkdir(exist_ok=True)
    (keeper.folder / "docs" / "pausing.md").write_text(f"---\nowner: ben@x.example\n---\n# Pausing\n\n{fact}\n")
    (keeper.folder / "docs" / "other.md").write_text(f"# Other\n\n{other}\n")


def _propose(keeper: Keeper) -> int:
    return School(keeper.assistant.settings.earshot_home).propose()


def _send(keeper: Keeper) -> int:
    draft_id = _propose(keeper)
    store = keeper.assistant.home.store
    store.change("update drafts set status = 'sent' where draft_id = ?", draft_id)
    store.change(
        "insert into replies (draft_id, mention_id, network, external_id, text, url, how, sent_at)"
        " values (?, 'x:1', 'x', 'r1', 'said', 'https://x.example/r1', 'api', '2026-11-16T09:00:00.000Z')",
        draft_id,
    )
    return draft_id


def _sync(keeper: Keeper) -> EvidenceReport:
    changes = keeper.sync("docs").ingest.changes
    return keeper.assistant.replies.evidence_watch.look({one.document_id for one in changes}, keeper.now)


def test_a_waiting_draft_is_stale_at_once_when_what_it_quotes_was_changed(keeper: Keeper) -> None:
    draft_id = _propose(keeper)
    assert _sync(keeper).stale == ()
    _write(keeper, _NOW_SAYS)
    assert _sync(keeper).stale == (draft_id,)
    draft = keeper.assistant.replies.drafts.find(draft_id)
    assert draft.status is DraftStatus.STALE
    assert draft.note.startswith("“Pausing” no longer says")
    actions = [row["action"] for row in keeper.assistant.home.audit.rows()]
    assert actions[-1] == "stale"


def test_a_waiting_draft_stays_when_another_page_was_changed(keeper: Keeper) -> None:
    draft_id = _propose(keeper)
    _write(keeper, FACT, other="Changed text.")
    assert _sync(keeper) == EvidenceReport()
    assert keeper.assistant.replies.drafts.find(draft_id).status is DraftStatus.PENDING


def test_a_waiting_draft_is_stale_when_its_page_is_gone(keeper: Keeper) -> None:
    draft_id = _propose(keeper)
    (keeper.folder / "docs" / "pausing.md").unlink()
    assert _sync(keeper).stale == (draft_id,)


def test_a_sent_reply_that_quoted_it_is_listed_once_with_what_the_page_says_now(keeper: Keeper) -> None:
    draft_id = _send(keeper)
    _write(keeper, _NOW_SAYS)
    [recall] = _sync(keeper).recalls
    assert (recall.draft_id, recall.quote, recall.says_now) == (draft_id, FACT, _NOW_SAYS)
    assert (recall.owner, recall.url) == ("ben@x.example", "https://x.example/r1")
    assert draft_correction(recall) == f"A correction to our earlier reply: {_NOW_SAYS}"
    _write(keeper, "You can pause for 7 months in any year.")
    assert _sync(keeper).recalls == ()
    assert len(keeper.assistant.replies.recalls.list_since()) == 1


def test_a_sent_reply_stays_out_of_it_while_its_words_stand_there(keeper: Keeper) -> None:
    _send(keeper)
    _write(keeper, f"{FACT} It begins at the end of the month.")
    assert _sync(keeper).recalls == ()


def test_a_reply_that_was_deleted_needs_no_recall(keeper: Keeper) -> None:
    _send(keeper)
    keeper.assistant.home.store.change("update replies set deleted_at = '2026-11-16T10:00:00.000Z'")
    _write(keeper, _NOW_SAYS)
    assert _sync(keeper).recalls == ()


def test_nothing_near_is_said_instead_where_the_page_speaks_of_something_else() -> None:
    assert find_instead(CITATION, ["The shop in Leeds opens at nine."]) == ""
    assert find_instead(CITATION, []) == ""


def test_no_correction_is_drafted_in_a_language_that_the_reply_was_not_in(keeper: Keeper) -> None:
    _send(keeper)
    _write(keeper, _NOW_SAYS)
    [recall] = _sync(keeper).recalls
    german = Recall(**{**recall.__dict__, "lang": "de"})
    assert draft_correction(german) == ""
