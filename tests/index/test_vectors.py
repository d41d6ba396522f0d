"""Chroma: what it is asked to keep it keeps, and its errors are said plainly."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fakes import FakeEmbedder, LocalServer, Served

from assistant.domain import Audience
from assistant.errors import SearchIndexError
from assistant.knowledge.search.vectors import ChromaIndex

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL


def test_the_nearest_comes_first_with_its_cosine(vectors: ChromaIndex, embedder: FakeEmbedder) -> None:
    vectors.add(PUBLIC, [1, 2], embedder.embed(["battery swap", "parental leave"]))
    found = vectors.search(PUBLIC, embedder.embed(["battery swap"])[0], 5)
    assert [chunk_id for chunk_id, _ in found] == [1, 2]
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)


def test_each_audience_is_searched_alone(vectors: ChromaIndex, embedder: FakeEmbedder) -> None:
    vectors.add(INTERNAL, [1], embedder.embed(["margin"]))
    assert vectors.search(PUBLIC, embedder.embed(["margin"])[0], 5) == []
    assert vectors.count(INTERNAL) == 1


def test_adding_again_replaces(vectors: ChromaIndex, embedder: FakeEmbedder) -> None:
    vectors.add(PUBLIC, [1], embedder.embed(["old"]))
    vectors.add(PUBLIC, [1], embedder.embed(["new"]))
    assert vectors.count(PUBLIC) == 1
    assert vectors.search(PUBLIC, embedder.embed(["new"])[0], 1)[0][1] == pytest.approx(1.0, abs=1e-5)


def test_more_than_a_batch_is_kept_whole(vectors: ChromaIndex, embedder: FakeEmbedder) -> None:
    ids = list(range(1, 2302))
    vectors.add(PUBLIC, ids, embedder.embed([f"text {i}" for i in ids]))
    assert vectors.count(PUBLIC) == len(ids)
    vectors.remove(PUBLIC, ids[:-1])
    assert vectors.count(PUBLIC) == 1


def test_removing_nothing_or_the_unknown_is_no_error(vectors: ChromaIndex) -> None:
    vectors.remove(PUBLIC, [])
    vectors.remove(PUBLIC, [12, 13])
    vectors.add(PUBLIC, [], FakeEmbedder().embed([]))
    assert vectors.count(PUBLIC) == 0


def test_a_cleared_index_can_be_filled_anew_also_with_longer_vectors(
    vectors: ChromaIndex, embedder: FakeEmbedder
) -> None:
    vectors.clear(PUBLIC)
    vectors.add(PUBLIC, [1], embedder.embed(["a"])[:, :8])
    vectors.clear(PUBLIC)
    assert vectors.count(PUBLIC) == 0
    vectors.add(PUBLIC, [1], embedder.embed(["a"]))
    assert vectors.count(PUBLIC) == 1


def test_vectors_of_another_length_are_refused_plainly(vectors: ChromaIndex, embedder: FakeEmbedder) -> None:
    vectors.add(PUBLIC, [1], embedder.embed(["a"]))
    with pytest.raises(SearchIndexError, match="does not work"):
        vectors.add(PUBLIC, [2], embedder.embed(["a"])[:, :8])


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path, embedder: FakeEmbedder) -> None:
    ChromaIndex(tmp_path / "chroma").add(PUBLIC, [1], embedder.embed(["a"]))
    assert ChromaIndex(tmp_path / "chroma").count(PUBLIC) == 1


def test_threads_may_use_one_index_at_once(vectors: ChromaIndex, embedder: FakeEmbedder) -> None:
    def work(first: int) -> None:
        for chunk_id in range(first, first + 20):
            vectors.add(PUBLIC, [chunk_id], embedder.embed([f"text {chunk_id}"]))
            assert vectors.search(PUBLIC, embedder.embed(["text"])[0], 3)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, (100, 200, 300, 400)))
    assert vectors.count(PUBLIC) == 80


def test_what_another_process_made_again_in_a_reindex_is_found(tmp_path: Path, embedder: FakeEmbedder) -> None:
    running, reindexing = (ChromaIndex(tmp_path / "chroma") for _ in range(2))
    running.add(PUBLIC, [1], embedder.embed(["a"]))
    reindexing.clear(PUBLIC)
    reindexing.add(PUBLIC, [1, 2], embedder.embed(["a", "b"]))
    assert running.count(PUBLIC) == 2
    assert len(running.search(PUBLIC, embedder.embed(["a"])[0], 5)) == 2
    reindexing.clear(PUBLIC)
    running.clear(PUBLIC)
    assert running.count(PUBLIC) == 0


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (httpx.ConnectError("refused"), "cannot be reached"),
        (httpx.RemoteProtocolError("cut"), "cannot be reached"),
        (httpx.ReadTimeout("slow"), "does not answer in time"),
    ],
)
def test_a_server_that_stops_while_earshot_runs_is_told_plainly(
    vectors: ChromaIndex, monkeypatch: pytest.MonkeyPatch, fault: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    vectors.count(PUBLIC)
    monkeypatch.setattr(type(vectors._collections[PUBLIC]), "count", fail)
    with pytest.raises(SearchIndexError, match=told):
        vectors.count(PUBLIC)


def test_a_folder_that_is_a_file_is_refused_plainly(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("")
    with pytest.raises(SearchIndexError, match=str(tmp_path / "chroma")) as caught:
        ChromaIndex(tmp_path / "chroma")
    assert "earshot reindex" in caught.value.hint


def test_a_broken_folder_is_refused_plainly(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database at all " * 100)
    with pytest.raises(SearchIndexError, match="does not work"):
        ChromaIndex(tmp_path / "chroma").count(PUBLIC)


def test_a_chroma_server_that_is_not_there_is_refused_plainly(server: LocalServer, tmp_path: Path) -> None:
    server.close()
    with pytest.raises(SearchIndexError, match="The Chroma server does not work") as caught:
        ChromaIndex(tmp_path, server.url)
    assert "EARSHOT_CHROMA_URL" in caught.value.hint
    assert "127" not in caught.value.message  # people in Slack read it, and an address may hold a password


def test_a_server_that_is_no_chroma_is_refused_plainly(server: LocalServer, tmp_path: Path) -> None:
    for path in ("/api/v2/auth/identity", "/api/v2/heartbeat", "/api/v2/pre-flight-checks"):
        server.put(path, Served(b"<html>hello</html>"))
    with pytest.raises(SearchIndexError, match="does not work"):
        ChromaIndex(tmp_path, server.url).count(PUBLIC)
