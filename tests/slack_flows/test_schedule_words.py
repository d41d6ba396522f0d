"""What people may rely on when they write a time in words, or read one."""

import pytest
from fakes import read_wordings
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.slack.home.schedule_words import read_schedule, tell_schedule

WORDINGS = read_wordings()


@st.composite
def crons(draw: st.DrawFn) -> str:
    """Schedules that there are words for."""
    weekday = st.integers(0, 6)
    several = st.lists(weekday, min_size=1, unique=True).map(lambda days: ",".join(map(str, sorted(days))))
    nth = st.builds("{}#{}".format, weekday, st.integers(1, 4))
    days = draw(st.sampled_from(["*", "1-5"]) | several | nth | st.builds("L{}".format, weekday))
    month_days = draw(st.just("*") | st.integers(1, 31).map(str) | st.just("L")) if days == "*" else "*"
    return f"{draw(st.integers(0, 59))} {draw(st.integers(0, 23))} {month_days} * {days}"


@settings(deadline=None)
@given(cron=crons())
def test_every_schedule_is_told_in_words_that_can_be_typed_back_in_every_language(cron: str) -> None:
    for language in WORDINGS.languages:
        words = tell_schedule(cron, WORDINGS.choose(language))
        assert words != cron
        assert read_schedule(words) == cron, (language, words)


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        ("every Monday at 09:00", "0 9 * * 1"),
        ("weekdays 8:30", "30 8 * * 1-5"),
        ("Mon 9:00", "0 9 * * 1"),
        ("first Monday of the month at 9", "0 9 * * 1#1"),
        ("Monday and Thursday at 7 pm", "0 19 * * 1,4"),
        ("monthly on the 15th at noon", "0 12 15 * *"),
        ("jeden Montag um 9 Uhr", "0 9 * * 1"),
        ("am 1. des Monats um 8 Uhr", "0 8 1 * *"),
        ("le premier lundi du mois à 9h", "0 9 * * 1#1"),
        ("w każdą środę o 9:15", "15 9 * * 3"),
        ("los lunes a las 9", "0 9 * * 1"),
        ("ogni giorno feriale alle 8", "0 8 * * 1-5"),
        ("op werkdagen om 8.30 uur", "30 8 * * 1-5"),
        ("todas as segundas às 9h", "0 9 * * 1"),
    ],
)
def test_a_schedule_is_written_as_people_write_it(words: str, cron: str) -> None:
    assert read_schedule(words) == cron


@pytest.mark.parametrize(
    "text",
    [
        *("every Monday at 25:00", "every Moonday at 9", "0 9 * * 1", "whenever", "every second Monday"),
        *("every 2 weeks", "every 3 days", "Mondays at 9 and 17", "last week of the month"),
    ],
)
def test_words_that_are_no_schedule_stay_what_they_are(text: str) -> None:
    assert read_schedule(text) == text
