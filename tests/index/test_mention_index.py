"""Posts are found by meaning, a month's collection at a time, and what is edited or removed is found no more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import Crash, CrashingVectors, FakeEmbedder

from assistant.core.database import Store
from assistant.domain import Mention
from assistant.errors import SearchIndexError
from assistant.knowledge.search.vectors import ChromaIndex, VectorIndex, mention_collection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.listening.post_index import MentionIndex
from assistant.listening.tables.post_vectors import MentionVectorTables
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.lessons import forget_lessons

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TEXTS = ("battery swap", "parental leave", "late delivery")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "earshot.db")


@pytest.fixture
def vectors(tmp_path: Path) -> VectorIndex:
    return ChromaIndex(tmp_path / "chroma")


def build(store: Store, vectors: VectorIndex, name: str = "fake") -> MentionIndex:
    return MentionIndex(MentionVectorTables(store), DocumentTables(store), vectors, FakeEmbedder(name))


def keep(store: Store, texts: Sequence[str] = TEXTS, days_apart: int = 0) -> list[Mention]:
    made = [
        Mention(f"x:{i}", "x", str(i), "ada", text, NOW - timedelta(days=i * days_apart), "en")
        for i, text in enumerate(texts)
    ]
    MentionTables(store).add(made, NOW)
    return made


def find(index: MentionIndex, text: str, since: datetime | None = None) -> list[str]:
    return [mention.text for mention, _ in index.search(text, since, 5)]


def test_the_nearest_post_comes_first(store: Store, vectors: VectorIndex) -> None:
    keep(store)
    index = build(store, vectors)
    assert index.catch_up() == 3
    assert find(index, "late delivery")[0] == "late delivery"
    assert index.catch_up() == 0


def test_months_have_collections_of_their_own_and_old_ones_are_left_out(store: Store, vectors: VectorIndex) -> None:
    keep(store, days_apart=40)
    index = build(store, vectors)
    index.catch_up()
    assert [vectors.count(mention_collection(month)) for month in ("2026-11", "2026-10", "2026-08")] == [1, 1, 1]
    assert set(find(index, "battery swap", NOW - timedelta(days=50))) == {"battery swap", "parental leave"}


def test_an_edited_post_is_found_by_its_new_words_only(store: Store, vectors: VectorIndex) -> None:
    keep(store)
    index = build(store, vectors)
    index.catch_up()
    edited = Mention("x:0", "x", "0", "ada", "wobbly saddle", NOW, "en", edited_at=NOW)
    UpstreamTables(store, forget_lessons).keep([edited], NOW)
    assert "battery swap" not in find(index, "battery swap")
    assert index.catch_up() == 1
    assert find(index, "wobbly saddle")[0] == "wobbly saddle"
    assert vectors.count(mention_collection("2026-11")) == 3


def test_a_removed_post_is_found_no_more_and_its_vector_leaves(store: Store, vectors: VectorIndex) -> None:
    keep(store)
    index = build(store, vectors)
    index.catch_up()
    UpstreamTables(store, forget_lessons).remove(["x:1"], NOW)
    assert len(find(index, "parental leave")) == 2
    index.catch_up()
    assert vectors.count(mention_collection("2026-11")) == 2


def test_a_row_that_is_deleted_takes_its_vector_along(store: Store, vectors: VectorIndex) -> None:
    keep(store)
    index = build(store, vectors)
    index.catch_up()
    store.change("delete from mentions where mention_id = 'x:1'")
    index.catch_up()
    assert vectors.count(mention_collection("2026-11")) == 2


@pytest.mark.parametrize("is_done_first", [False, True])
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_crash_at_any_change_loses_nothing_and_doubles_nothing(
    store: Store, vectors: VectorIndex, turn: int, is_done_first: bool
) -> None:
    keep(store, days_apart=40)
    with pytest.raises(Crash):
        build(store, CrashingVectors(vectors, turn, is_done_first)).catch_up()
    index = build(store, vectors)
    index.catch_up()
    assert sorted(find(index, "battery")) == sorted(TEXTS)
    assert sum(vectors.count(mention_collection(month)) for month in ("2026-11", "2026-10", "2026-08")) == 3


def test_vectors_of_another_embedder_are_refused_until_they_are_made_anew(store: Store, vectors: VectorIndex) -> None:
    keep(store)
    build(store, vectors).catch_up()
    other = build(store, vectors, "other")
    with pytest.raises(SearchIndexError, match="made by fake"):
        other.search("battery", None, 5)
    assert other.rebuild() == 3
    assert find(other, "late delivery")[0] == "late delivery"


def test_without_posts_nothing_is_found(store: Store, vectors: VectorIndex) -> None:
    assert find(build(store, vectors), "anything") == []


def test_a_day_within_a_month_finds_what_is_young_enough_however_far_it_is(store: Store, vectors: VectorIndex) -> None:
    old = [Mention(f"x:{i}", "x", str(i), "", "lost luggage", NOW - timedelta(days=9), "en") for i in range(40)]
    young = Mention("x:young", "x", "young", "", "my luggage", NOW, "en")
    MentionTables(store).add([*old, young], NOW)
    index = build(store, vectors)
    index.catch_up()
    found = index.search("lost luggage", NOW - timedelta(days=1), 2)
    assert [mention.mention_id for mention, _ in found] == ["x:young"]
