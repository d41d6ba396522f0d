"""Sources read by themselves: what changed there is in answers, what fails or shrinks too fast is kept and said."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import LocalServer, Served
from filelock import FileLock
from keeping.making import Keeper, write_pages

from assistant.domain import Question
from assistant.errors import InputError
from assistant.knowledge.sources.standing import list_standings, tell_freshness, tell_standing

_PAGE = (
    "<html><head><title>{0}</title></head><body><main><article><h1>{0}</h1><p>{1}</p></article></main></body></html>"
)


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    keeper = Keeper(tmp_path)
    write_pages(tmp_path / "docs", range(10))
    keeper.write(f"  - kind: folder\n    name: docs\n    path: {tmp_path / 'docs'}\n")
    return keeper


def _tell(keeper: Keeper) -> str:
    knowledge = keeper.assistant.knowledge
    settings = knowledge.read_source_settings()
    [standing] = list_standings(settings, knowledge.documents, knowledge.source_states, keeper.now)
    return ". ".join((tell_standing(standing, keeper.now), tell_freshness(standing.freshness)))


def test_a_round_without_changes_embeds_nothing(keeper: Keeper) -> None:
    assert keeper.sync("docs").ingest.documents == 10
    calls = keeper.embedder.calls
    report = keeper.sync("docs")
    assert (report.ingest.unchanged, report.ingest.changes, keeper.embedder.calls) == (10, [], calls)


def test_a_changed_a_new_and_a_deleted_file_are_in_answers_after_the_next_round(keeper: Keeper) -> None:
    keeper.sync("docs")
    write_pages(keeper.folder / "docs", [3], "The text of changed.")
    write_pages(keeper.folder / "docs", [11])
    (keeper.folder / "docs" / "5.md").unlink()
    report = keeper.sync("docs")
    assert {change.document_id for change in report.ingest.changes} == {"3.md", "5.md", "11.md"}
    assert [keeper.hits(word) for word in ("changed", "number3", "number5", "number11")] == [1, 0, 0, 1]


def test_how_long_a_change_took_is_measured_from_when_it_was_made(keeper: Keeper) -> None:
    keeper.sync("docs")
    assert keeper.seconds("docs") is None, "a first reading says nothing of freshness"
    write_pages(keeper.folder / "docs", [3], "The text of changed.")
    changed_at = (keeper.now + timedelta(minutes=4)).timestamp()
    os.utime(keeper.folder / "docs" / "3.md", (changed_at, changed_at))
    keeper.sync("docs", minutes=10)
    assert keeper.seconds("docs") == 6 * 60
    assert _tell(keeper) == "read just now. 95 % of 1 change in answers within 6 minutes"


@pytest.mark.parametrize("minutes", [-1000, 1000])
def test_a_clock_that_is_wrong_there_makes_no_delay_shorter(keeper: Keeper, minutes: int) -> None:
    keeper.sync("docs")
    write_pages(keeper.folder / "docs", [3], "The text of changed.")
    changed_at = (keeper.now + timedelta(minutes=minutes)).timestamp()
    os.utime(keeper.folder / "docs" / "3.md", (changed_at, changed_at))
    keeper.sync("docs", minutes=10)
    assert keeper.seconds("docs") == 10 * 60, "then it may have changed right after the last round"


def test_a_source_that_fails_keeps_its_documents_and_says_since_when(keeper: Keeper) -> None:
    keeper.sync("docs")
    (keeper.folder / "docs").rename(keeper.folder / "away")
    report = keeper.sync("docs", minutes=60)
    assert "cannot be read: No such file" in report.failure
    keeper.sync("docs", minutes=60)
    assert len(keeper.ids(str(keeper.folder / "docs"))) == 10
    since = keeper.now - timedelta(minutes=60)
    assert _tell(keeper).startswith(f"read 2 hours ago; can't be read since {since:%Y-%m-%d %H:%M} UTC: The folder")
    (keeper.folder / "away").rename(keeper.folder / "docs")
    assert keeper.sync("docs").failure == ""
    assert _tell(keeper) == "read just now. "


def test_an_answer_from_a_source_that_fails_says_when_it_was_last_read(keeper: Keeper) -> None:
    keeper.sync("docs")
    question = Question("number3")
    assert keeper.assistant.knowledge.retriever.search(question).results[0].chunk.last_read is None
    (keeper.folder / "docs").rename(keeper.folder / "away")
    read_on = keeper.now.date()
    keeper.sync("docs", minutes=3 * 24 * 60)
    assert keeper.assistant.knowledge.retriever.search(question).results[0].chunk.last_read == read_on


def test_a_listing_that_is_empty_or_suddenly_small_removes_nothing_before_somebody_says_so(keeper: Keeper) -> None:
    keeper.sync("docs")
    root = str(keeper.folder / "docs")
    for number in range(6):
        (keeper.folder / "docs" / f"{number}.md").unlink()
    assert (keeper.sync("docs").held, len(keeper.ids(root))) == (6, 10)
    assert (keeper.sync("docs").held, len(keeper.ids(root))) == (6, 10)
    assert "6 documents gone there are kept until an admin decides" in _tell(keeper)

    write_pages(keeper.folder / "docs", [0, 1])
    assert keeper.sync("docs").held == 0, "four are few enough"
    assert len(keeper.ids(root)) == 6
    for path in (keeper.folder / "docs").iterdir():
        path.unlink()
    assert keeper.sync("docs").held == 6
    section = keeper.assistant.knowledge.read_source_settings().find("docs")
    assert keeper.assistant.knowledge.syncing.remove_held(section).removed == 6
    assert keeper.ids(root) == []
    assert keeper.hits("text") == 0


def test_what_comes_back_waits_no_more_to_leave(keeper: Keeper) -> None:
    keeper.sync("docs")
    (keeper.folder / "docs").rename(keeper.folder / "away")
    (keeper.folder / "docs").mkdir()
    assert keeper.sync("docs").held == 10
    (keeper.folder / "docs").rmdir()
    (keeper.folder / "away").rename(keeper.folder / "docs")
    calls = keeper.embedder.calls
    assert keeper.sync("docs").held == 0
    assert keeper.assistant.knowledge.source_states.held(str(keeper.folder / "docs")) == frozenset()
    assert keeper.embedder.calls == calls


def test_another_audience_in_the_file_counts_at_the_next_round(keeper: Keeper) -> None:
    keeper.sync("docs")
    keeper.write(f"  - kind: folder\n    name: docs\n    path: {keeper.folder / 'docs'}\n    audience: public\n")
    keeper.sync("docs")
    assert keeper.assistant.knowledge.documents.count()["public_documents"] == 10
    assert keeper.seconds("docs") is None, "nothing changed at the source"


def test_an_address_in_the_file_leads_to_each_document(keeper: Keeper) -> None:
    keeper.sync("docs")
    keeper.write(
        f"  - kind: folder\n    name: docs\n    path: {keeper.folder / 'docs'}\n    address: https://x.example/{{page}}\n"
    )
    calls = keeper.embedder.calls
    keeper.sync("docs")
    [result, *_] = keeper.assistant.knowledge.retriever.search(Question("number3")).results
    assert result.chunk.url == "https://x.example/3"
    assert keeper.embedder.calls == calls + 1, "the question alone"


def test_nobody_reads_a_source_while_another_does(keeper: Keeper) -> None:
    room = keeper.assistant.knowledge.source_room.folder
    room.mkdir(parents=True)
    with FileLock(room / "docs.lock"), pytest.raises(InputError, match="docs is being read already"):
        keeper.sync("docs")


def test_two_sources_read_at_once_embed_nothing_twice(keeper: Keeper) -> None:
    write_pages(keeper.folder / "more", range(20, 30))
    keeper.file.write_text(
        keeper.file.read_text() + f"  - kind: folder\n    name: more\n    path: {keeper.folder / 'more'}\n"
    )
    threads = [threading.Thread(target=keeper.sync, args=(name,)) for name in ("docs", "more")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = keeper.embedder.texts
    assert len(texts) == len(set(texts))
    assert keeper.assistant.knowledge.documents.count()["chunks"] == 20


def test_single_pages_are_asked_for_again_only_by_what_their_server_calls_them(
    tmp_path: Path, server: LocalServer
) -> None:
    keeper = Keeper(tmp_path)
    text = "You can pause your plan in the app at any time, for up to three months. " * 3
    body = _PAGE.format("Pause", text).encode()
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"one"'}
    url = server.put("/help/pause", Served(body, headers=headers))
    keeper.write(f"  - kind: page\n    name: help\n    urls:\n      - {url}\n    audience: public\n")
    assert keeper.sync("help").ingest.documents == 1
    assert keeper.sync("help").ingest.unchanged == 1
    assert server.requests[-1][1]["if-none-match"] == '"one"'

    server.pages["/help/pause"] = Served(body.replace(b"three", b"four"), headers={**headers, "ETag": '"two"'})
    assert keeper.sync("help").ingest.documents == 1
    assert (keeper.hits("three"), keeper.hits("four")) == (0, 1)
    server.pages["/help/pause"] = Served(status=503)
    assert "HTTP 503 (its earlier version stays)" in keeper.sync("help").ingest.skipped[0].reason
    server.pages["/help/pause"] = Served(status=410)
    assert keeper.sync("help").ingest.removed == 1
