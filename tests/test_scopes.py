"""A summary of some posts only: every figure is the one that a store of nothing else would give."""

import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes_figures import World, keep_world, make_world
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.database import Store
from assistant.domain import EVERYTHING, Figure, Scope, ScopeKind, read_scope
from assistant.domain.calendar import read_hours
from assistant.errors import InputError
from assistant.reports.figures import Measure, build_span, find_posts, find_week, is_scope_known, measure
from assistant.reports.figures.tables import MeasuringTables

ZONE = ZoneInfo("Europe/Warsaw")
MEASURING = Measure(ZONE, read_hours("Mon-Fri 09:00-17:00", ZONE), 8)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
WEEK = find_week("2026-W46", ZONE)
LABELS = {"topic": ("billing", "brakes", "none"), "country": ("DE", "AT", "GB")}
SCOPES = (
    Scope(ScopeKind.TOPIC, ("billing",)),
    Scope(ScopeKind.COUNTRY, ("DE", "AT")),
    Scope(ScopeKind.NETWORK, ("file", "x1")),
    Scope(ScopeKind.BRAND, ("Larkspur",)),
)


def label_world(world: World, seed: int) -> dict[str, dict[str, str]]:
    """Made-up labels of every post that was analysed, by what they are about."""
    chance = random.Random(seed)
    about = {**LABELS, "brand": ("Larkspur", "")}
    return {
        found.mention_id: {kind: chance.choice(labels) for kind, labels in about.items()}
        for _, found, _ in world.posts
        if found
    }


def keep_labels(store: Store, labels: dict[str, dict[str, str]]) -> None:
    for mention_id, found in labels.items():
        for about in LABELS:
            store.change(
                "insert into findings (mention_id, about, label, confidence, version) values (?, ?, ?, 1, 'test')",
                *(mention_id, about, found[about]),
            )
        if found["brand"]:
            store.change("insert into mention_brands values (?, ?, 1)", mention_id, found["brand"])


def is_within(scope: Scope, mention_id: str, labels: dict[str, dict[str, str]]) -> bool:
    if scope.kind is ScopeKind.NETWORK:
        return mention_id.partition(":")[0] in scope.names
    return labels.get(mention_id, {}).get(str(scope.kind)) in scope.names


def narrow(world: World, scope: Scope, labels: dict[str, dict[str, str]]) -> World:
    """The same world as if no other post had ever been written; drafts are numbered anew."""
    posts = [post for post in world.posts if is_within(scope, post[0].mention_id, labels)]
    kept = [draft for draft, mention_id in world.drafted.items() if is_within(scope, mention_id, labels)]
    numbers = {draft: number for number, draft in enumerate(kept, start=1)}
    return World(
        posts,
        [replace(one, draft_id=numbers[one.draft_id]) for one in world.decisions if one.draft_id in numbers],
        [replace(one, draft_id=numbers[one.draft_id]) for one in world.replies if one.draft_id in numbers],
        [],
        {numbers[draft]: world.drafted[draft] for draft in kept},
    )


def measure_world(
    world: World, labels: dict[str, dict[str, str]], scope: Scope
) -> tuple[dict[str, Figure], set[tuple[str, str]]]:
    with tempfile.TemporaryDirectory() as home:
        store = keep_world(world, Path(home))
        keep_labels(
            store, {name: found for name, found in labels.items() if name in {p[0].mention_id for p in world.posts}}
        )
        tables = MeasuringTables(store)
        figures = measure(tables, build_span(tables, WEEK, MEASURING, LATER, scope), MEASURING)
        behind = {(f.name, name) for f in figures for name in find_posts(tables, f, 1000)}
        store.close()
    return {figure.name: figure for figure in figures}, behind


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 10**9), scope=st.sampled_from(SCOPES))
def test_every_figure_of_a_scope_is_that_of_a_store_without_any_other_post(seed: int, scope: Scope) -> None:
    world = make_world(seed, datetime(2026, 11, 1, tzinfo=UTC), 18, 90)
    labels = label_world(world, seed)
    scoped, scoped_posts = measure_world(world, labels, scope)
    alone, alone_posts = measure_world(narrow(world, scope, labels), labels, EVERYTHING)
    # What can be compared hangs on how networks were heard: a narrow store of imported posts hears less.
    moved = ("posts_change", "topics_")
    whole = (
        "questions_",
        "minutes_to_answers_95th",
        "replies_to_recall",
        "model_",
        "network_readings",
        "minutes_spared",
        "discovered_topics",
        *moved,
    )
    left_out = (*whole, "share_of_voice") if scope.kind is ScopeKind.BRAND else whole
    names = {name for name in alone if not name.startswith(left_out)}

    assert {name for name in scoped if not name.startswith(moved)} == names
    for name in names:
        assert (name, scoped[name].value, scoped[name].note) == (name, alone[name].value, alone[name].note)
    assert {row for row in scoped_posts if row[0] in names} == {row for row in alone_posts if row[0] in names}


def test_a_figure_of_a_scope_can_be_asked_again_in_sqlite_with_the_query_it_carries(tmp_path: Path) -> None:
    world = make_world(5, datetime(2026, 11, 9, tzinfo=UTC), 7, 90)
    labels = label_world(world, 5)
    store = keep_world(world, tmp_path)
    keep_labels(store, labels)
    tables = MeasuringTables(store)
    figures = measure(tables, build_span(tables, WEEK, MEASURING, LATER, SCOPES[0]), MEASURING)
    for figure in figures:
        if figure.name in ("posts", "replies", "drafts_made"):
            assert ":scope" in figure.query
            [row] = tables.rows(figure.query, {"networks": None, **figure.values})
            assert row["value"] == figure.value
    store.close()


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("", EVERYTHING),
        ("topic=billing", Scope(ScopeKind.TOPIC, ("billing",))),
        ("Country= de, AT ,de", Scope(ScopeKind.COUNTRY, ("DE", "AT"))),
        ("country=uk", Scope(ScopeKind.COUNTRY, ("GB",))),
        ("network=X", Scope(ScopeKind.NETWORK, ("x",))),
        ("brand=Larkspur  Bikes", Scope(ScopeKind.BRAND, ("Larkspur Bikes",))),
    ],
)
def test_a_scope_is_read_and_written_in_one_way(text: str, scope: Scope) -> None:
    assert read_scope(text) == scope
    assert read_scope(str(scope)) == scope


@pytest.mark.parametrize("text", ["billing", "planet=mars", "topic=", "topic= , ", "country=Germany", "topic=a|b"])
def test_what_is_no_scope_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_scope(text)
    assert "rite" in refused.value.hint


def test_a_scope_to_which_no_post_ever_belonged_is_told_apart_from_a_quiet_week(tmp_path: Path) -> None:
    world = make_world(3, datetime(2026, 11, 9, tzinfo=UTC), 7, 60)
    store = keep_world(world, tmp_path)
    keep_labels(store, label_world(world, 3))
    tables = MeasuringTables(store)

    def ask(text: str) -> bool:
        return is_scope_known(
            tables, build_span(tables, find_week("2026-W47", ZONE), MEASURING, LATER, read_scope(text))
        )

    build_span(tables, WEEK, MEASURING, LATER)
    assert ask("topic=Billing")
    assert not ask("topic=biling")
    assert ask("network=x")
    assert not ask("country=FR")
    store.close()
