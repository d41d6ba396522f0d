"""Flaws in documents as a whole: what contradicts, repeats or is overdue, and nothing that only looks like it."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.core.database import Store
from assistant.domain import Audience, Chunk, Document
from assistant.errors import InputError
from assistant.knowledge.flaws.contradictions import find_contradictions
from assistant.knowledge.flaws.finder import find_flaws
from assistant.knowledge.flaws.statements import read_statements
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.knowledge.tables.flaws import FlawKind, FlawStatus, FlawTables, FoundFlaw

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
Page = tuple[str, str, str]  # title, heading, text


def _look(*pages: Page) -> list[str]:
    chunks = [
        Chunk(number, "wiki", f"{number}.md", title, heading, text, 0, Audience.INTERNAL)
        for number, (title, heading, text) in enumerate(pages)
    ]
    return [pair.measure for pair in find_contradictions(list(read_statements(chunks)))]


CONTRADICTIONS: Sequence[tuple[str, str, str]] = [
    ("day", "Refunds are paid within 14 days of the return.", "We pay refunds within 30 days of the return."),
    ("month", "You can pause the city plan for up to 3 months.", "The city plan can be paused for up to six months."),
    ("pound", "The repair visit costs £12 in the city.", "A repair visit costs £15.50 in the city."),
    ("date", "Bookings for the summer camp open on 3 March.", "The bookings for the summer camp open on March 5."),
    ("time", "The workshop in the harbour opens at 9 am.", "The workshop in the harbour opens at 10:00."),
    ("%", "Members get 10% off spare parts.", "Members get 15% off all spare parts."),
    ("day", "Parental leave needs at least 30 days of notice.", "Parental leave needs at most 30 days of notice."),
    ("bike", "A member may reserve two bikes at once.", "Each member may reserve 4 bikes at once."),
]


@pytest.mark.parametrize(("measure", "one", "other"), CONTRADICTIONS)
def test_the_same_thing_with_two_figures_contradicts(measure: str, one: str, other: str) -> None:
    assert _look(("Terms", "", one), ("Questions and answers", "", other)) == [measure]


COMPATIBLE: Sequence[tuple[Page, Page]] = [
    (
        ("Leave", "", "You earn 4 sick leave hours per period."),
        ("Holidays", "", "You earn 8 annual leave hours per period."),
    ),
    (("Details", "", "A detail lasts 120 days."), ("Staffing", "", "A detail lasts up to 120 days.")),
    (("Terms", "", "The plan costs £10 per month."), ("Prices", "", "The plan costs £100 per year.")),
    (
        ("Oslo", "Parking", "Parking at the office costs £4 an hour."),
        ("Bergen", "Parking", "Parking at the office costs £7 an hour."),
    ),
    (("History", "", "The club was founded on March 19, 2014."), ("Club", "", "The club was founded in March 2014.")),
    (
        ("Plans", "Plans > City", "Bikes are serviced every 3 months."),
        ("Offers", "Plans > Cargo", "Bikes are serviced every 6 months."),
    ),
    (("API", "", "Call `GET /api/v1/bikes/` for 50 bikes."), ("API 2", "", "Call `GET /api/v2/bikes/` for 20 bikes.")),
    (("Guide", "", "Section 3 covers bike repairs."), ("Manual", "", "Section 4 covers bike repairs.")),
    (
        ("Terms", "", "Members need not return bikes within 3 days."),
        ("Rules", "", "Members need to return bikes within 5 days."),
    ),
    (
        ("Team", "", "Repairs are led by Priya with 3 mechanics."),
        ("Staff", "", "Repairs are led by Hanneke with 5 mechanics."),
    ),
]


@pytest.mark.parametrize(("one", "other"), COMPATIBLE)
def test_what_can_both_be_true_does_not_contradict(one: Page, other: Page) -> None:
    assert _look(one, other) == []


def test_where_the_other_page_says_the_same_as_well_nothing_contradicts() -> None:
    hours = "On Saturdays the shuttle runs from 6 am. On Sundays the shuttle runs from 8 am."
    assert _look(("Getting here", "", hours), ("Travel", "", hours)) == []


def test_pages_that_each_have_a_value_of_their_own_do_not_contradict() -> None:
    pages = [(f"Salary bands {number}", "", f"The yearly bonus is {number} days of leave.") for number in range(2, 9)]
    assert _look(*pages) == []


def _keep(documents: DocumentTables, name: str, title: str, text: str, review_by: date | None = None) -> None:
    document = Document(
        "wiki", f"{name}.md", title, text, Audience.INTERNAL, name, owner="ben@example.com", review_by=review_by
    )
    documents.replace(document, [PassagePiece("", text, ([], [], []))], NOW)


def test_copies_and_overdue_reviews_are_found_in_the_database_and_fixed_once_they_are_gone(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    documents, flaws = DocumentTables(store), FlawTables(store)
    long = "How a flat tyre is mended, step by step, with all that is needed for it. " * 8
    _keep(documents, "tyres", "Tyres", long)
    _keep(documents, "wheels", "Wheels", long.upper())
    _keep(documents, "old", "Old", "A page about lamps.", review_by=date(2026, 11, 1))
    _keep(documents, "next", "Next", "A page about bells.", review_by=date(2026, 12, 1))

    flaws.keep(find_flaws(tmp_path / "earshot.db", NOW.date()), NOW)
    assert [(one.kind, [side.title for side in one.sides]) for one in flaws.list_open()] == [
        (FlawKind.DUPLICATE, ["Tyres", "Wheels"]),
        (FlawKind.OVERDUE, ["Old"]),
    ]
    documents.remove("wiki", "wheels.md")
    flaws.keep(find_flaws(tmp_path / "earshot.db", NOW.date()), NOW)
    assert [one.kind for one in flaws.list_open()] == [FlawKind.OVERDUE]


def test_a_decision_stays_but_what_was_called_fixed_and_is_found_again_is_open(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    documents, flaws = DocumentTables(store), FlawTables(store)
    _keep(documents, "a", "A", "text")
    _keep(documents, "b", "B", "text")
    found = [
        FoundFlaw(FlawKind.CONTRADICTION, ("wiki", "a.md"), "3 days", ("wiki", "b.md"), "5 days"),
        FoundFlaw(FlawKind.DUPLICATE, ("wiki", "a.md"), "", ("wiki", "b.md"), ""),
    ]
    flaws.keep(found, NOW)
    contradiction, duplicate = flaws.list_open()
    flaws.decide(contradiction.flaw_id, FlawStatus.FIXED, "ada", NOW)
    flaws.decide(duplicate.flaw_id, FlawStatus.IGNORED, "ada", NOW)
    assert flaws.list_open() == []
    flaws.keep([FoundFlaw(one.kind, one.other_place, one.other_text, one.place, one.text) for one in found], NOW)
    assert [one.flaw_id for one in flaws.list_open()] == [contradiction.flaw_id]
    with pytest.raises(InputError, match="no flaw 99"):
        flaws.decide(99, FlawStatus.FIXED, "ada", NOW)
    with sqlite3.connect(tmp_path / "earshot.db") as db:
        assert db.execute("select count(*) from flaws").fetchone() == (2,)
