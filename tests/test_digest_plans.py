"""When which summary comes: plans of digests.yaml, and the periods they are about, also around a year's end."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.config import Settings
from assistant.domain import EVERYTHING, Scope, ScopeKind
from assistant.errors import ConfigError, InputError
from assistant.reports.digest.plans import choose_period, read_plans
from assistant.service.jobs import Schedule, find_last_due

EXAMPLE = Path(__file__).parent.parent / "digests.example.yaml"
WARSAW = ZoneInfo("Europe/Warsaw")


def make_settings(tmp_path: Path, text: str, channel: str = "") -> Settings:
    path = tmp_path / "plans.yaml"
    path.write_text(text)
    return Settings.model_validate({"digests_file": path, "digest_channel": channel})


def test_the_example_is_read(tmp_path: Path) -> None:
    plans = read_plans(make_settings(tmp_path, EXAMPLE.read_text(), "C0OWN"))
    assert [(plan.channel, plan.kind, plan.cron, plan.scope) for plan in plans] == [
        ("C0OWN", "week", "0 9 * * 1", EVERYTHING),
        ("C0123456789", "month", "0 9 1 * *", EVERYTHING),
        ("C0123456780", "week", "0 9 * * 1", Scope(ScopeKind.TOPIC, ("billing",))),
        ("C0123456781", "quarter", "30 8 2 1,4,7,10 *", Scope(ScopeKind.COUNTRY, ("DE", "AT", "CH"))),
    ]
    assert len({plan.key for plan in plans}) == 4
    assert plans[0].key == "digest"


def test_without_a_file_and_without_a_channel_there_is_no_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_plans(Settings()) == ()
    assert read_plans(make_settings(tmp_path, "")) == ()


def test_the_weekly_summary_of_the_digest_channel_is_one_though_the_file_names_it_too(tmp_path: Path) -> None:
    text = "digests:\n  - channel: C0OWN\n  - channel: C0OWN\n    period: month\n"
    plans = read_plans(make_settings(tmp_path, text, "C0OWN"))
    assert [(plan.key, plan.kind) for plan in plans] == [("digest", "week"), ("digest:C0OWN:month:", "month")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("period: month", "period: year", "line 9: digests.1.period"),
        ("channel: C0123456789", "channel: '#the weekly'", "line 8: digests.1.channel is not written as it should be"),
        ("  - channel: C0123456789\n", "  - \n", "channel is missing"),
        ("topic: billing", "planet: mars", "digests.2.scope is wrong: There is no scope planet."),
        ("topic: billing", "topic: billing\n      brand: a", "holds one of brand, country, topic or network"),
        # A channel that is meant for some posts must not get all of them.
        ("topic: billing", "topic:", "digests.2.scope must hold a kind with a name, like topic: billing"),
        ("scope:\n      topic: billing", "scope:", "digests.2.scope must hold a kind with a name"),
        ("scope:\n      topic: billing", "scope: billing", "digests.2.scope must hold a kind with a name"),
        ("30 8 2 1,4,7,10 *", "0 9 31 2 *", "line 17: digests.3.cron must be a cron schedule of five fields"),
        ("[DE, AT, CH]", "[Germany]", "Germany is no country's code"),
        ("30 8 2 1,4,7,10 *", "at nine", "line 17: digests.3.cron must be a cron schedule of five fields"),
        ("period: month", "perod: month", "there is no field digests.1.perod, perhaps period is meant"),
        ("digests:", "digest:", "there is no field digest, perhaps digests is meant"),
        ("C0123456780\n    scope:\n      topic: billing", "C0123456789\n    period: month", "is here twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = EXAMPLE.read_text()
    assert old in text
    with pytest.raises(ConfigError) as refused:
        read_plans(make_settings(tmp_path, text.replace(old, new, 1)))
    assert told in refused.value.message
    assert "plans.yaml, line " in refused.value.message


@pytest.mark.parametrize(
    ("kind", "due_at", "label"),
    [
        ("week", "2027-01-04T08:00+00:00", "2026-W53"),
        ("week", "2026-01-01T00:00+00:00", "2025-W52"),
        ("month", "2027-01-01T08:00+00:00", "2026-12"),
        ("quarter", "2027-01-01T08:00+00:00", "2026-Q4"),
        # In Warsaw it is November already.
        ("month", "2026-10-31T23:30+00:00", "2026-10"),
        # The Monday after the clocks went back, and the one after they went forward.
        ("week", "2026-10-25T23:30+00:00", "2026-W43"),
        ("week", "2026-03-29T22:30+00:00", "2026-W13"),
    ],
)
def test_a_plan_is_about_the_last_whole_period(tmp_path: Path, kind: str, due_at: str, label: str) -> None:
    text = f"digests:\n  - channel: C0\n    period: {kind}\n"
    [plan] = read_plans(make_settings(tmp_path, text))
    assert plan.find_period(datetime.fromisoformat(due_at), WARSAW).label == label


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        ("2026-10-26T07:59+00:00", "2026-10-19T07:00+00:00"),  # summer time: 9 in Warsaw is 7 in UTC
        ("2026-10-26T08:00+00:00", "2026-10-26T08:00+00:00"),  # winter time: 8
        ("2026-03-30T07:00+00:00", "2026-03-30T07:00+00:00"),
    ],
)
def test_nine_in_the_morning_is_nine_on_the_wall_also_after_the_clocks_change(now: str, due_at: str) -> None:
    schedule = Schedule("digest", "0 9 * * 1", "Europe/Warsaw", lambda _: None)
    found = find_last_due(schedule, datetime.fromisoformat(now).replace(second=1))
    assert found == datetime.fromisoformat(due_at)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", "2026-W53"),
        ("last", "2026-W53"),
        ("this", "2027-W01"),
        ("last month", "2026-12"),
        ("This Quarter", "2027-Q1"),
        ("last week", "2026-W53"),
        ("2026-q4", "2026-Q4"),
    ],
)
def test_a_period_may_be_named_from_today(text: str, label: str) -> None:
    assert choose_period(text, datetime(2027, 1, 4, 9, tzinfo=UTC), WARSAW).label == label


@pytest.mark.parametrize("text", ["yesterday", "last year", "2026-W54", "next", "this last", "2027-W02", "9999-12"])
def test_what_is_no_period_or_lies_ahead_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        choose_period(text, datetime(2027, 1, 4, 9, tzinfo=UTC), WARSAW)
