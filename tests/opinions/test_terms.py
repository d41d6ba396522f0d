"""Posts are counted by every word of theirs, whatever happens to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from assistant.core.database import Store
from assistant.domain import Mention
from assistant.domain.outside import POST, bound
from assistant.listening.tables.insights import OpinionTables, PostFilter
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.lessons import forget_lessons
from assistant.text.tokens import find_terms

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
ALL = PostFilter(NOW - timedelta(30), NOW + timedelta(1))
_TEXTS = st.one_of(
    st.text(max_size=60).map(lambda text: bound(text, POST)),
    st.lists(st.sampled_from("Bike bikes vélo velo L2 24h a the".split())).map(" ".join),
)


def build(number: int, text: str) -> Mention:
    return Mention(f"x:{number}", "x", str(number), "ada", text, NOW)


def count(store: Store, text: str, is_any: bool = False) -> int:
    tables = OpinionTables(store)
    tables.fill_terms(find_terms)
    return tables.count(replace(ALL, terms=tuple(dict.fromkeys(find_terms(text))), is_any=is_any))[0]


def check(store: Store) -> None:
    """The index holds what the terms say. Raises StoreError where it does not."""
    store.change("insert into mention_terms_index (mention_terms_index, rank) values ('integrity-check', 1)")


def fold(texts: Sequence[str]) -> list[set[str]]:
    """The terms of each; the index takes no heed of capital ASCII letters, which styled letters fold to."""
    return [{term.lower() if term.isascii() else term for term in find_terms(text)} for text in texts]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "earshot.db")


@settings(max_examples=40, deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=8))
def test_counts_are_those_of_a_recount(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "earshot.db")
        UpstreamTables(store, forget_lessons).keep([build(number, text) for number, text in enumerate(texts)], NOW)
        for text, terms in zip(texts, fold(texts), strict=True):
            if terms and all(term.isascii() or term == term.lower() for term in find_terms(text)):
                assert count(store, text) == sum(terms <= other for other in fold(texts))
                assert count(store, text, is_any=True) == sum(bool(terms & other) for other in fold(texts))
        check(store)
        store.close()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Mon vélo à Kraków", "velo krakow"),
        ("the L2 works 24h", "l2 24h work"),
        (" ".join(f"word{n}" for n in range(200)) + " saddle", "saddle"),
        ("two batteries", "battery"),
    ],
)
def test_every_word_of_a_post_counts(store: Store, text: str, asked: str) -> None:
    UpstreamTables(store, forget_lessons).keep([build(1, text)], NOW)
    assert count(store, asked) == 1


def test_edits_and_removals_are_followed(store: Store) -> None:
    upstream = UpstreamTables(store, forget_lessons)
    upstream.keep([build(1, "the saddle"), build(2, "a saddle")], NOW)
    assert count(store, "saddle") == 2
    upstream.keep([build(1, "the bell")], NOW)
    assert (count(store, "saddle"), count(store, "bell")) == (1, 1)
    upstream.remove(["x:2"], NOW)
    assert count(store, "saddle") == 0
    store.change("delete from mentions")
    assert store.value("select count(*) from mention_terms") == 0
    upstream.keep([build(1, "the bell")], NOW)
    assert (count(store, "bell"), count(store, "saddle")) == (1, 0)
    check(store)


def test_what_other_programs_write_is_followed(store: Store) -> None:
    UpstreamTables(store, forget_lessons).keep([build(1, "the saddle")], NOW)
    assert count(store, "saddle") == 1
    Database(store.path).execute("update mentions set text = 'the bell'").connection.commit()
    assert (count(store, "saddle"), count(store, "bell")) == (0, 1)


def test_terms_are_filled_once(store: Store) -> None:
    UpstreamTables(store, forget_lessons).keep([build(number, "saddle") for number in range(2500)], NOW)
    assert [OpinionTables(store).fill_terms(find_terms) for _ in range(2)] == [2500, 0]
