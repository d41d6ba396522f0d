"""Whatever strangers write and admins enter: Slack takes every Home and every form, and no link is forged."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fakes import read_wordings
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_double.api.views import MOST_VIEW_BYTES
from slack_double.blocks import check_view
from slack_flows.nasty import MOMENTS, TEXTS
from slack_flows.test_payloads import HALF_ESCAPED, OURS, STRESSED

from assistant.domain import DraftStatus, Period, Urgency
from assistant.listening.analysis.topics import Topic
from assistant.live_settings.overlay import ADJUSTABLE, KeptSetting, SettingKind, SettingState
from assistant.replies.tables.review import QueuedDraft
from assistant.reports.charts import Chart
from assistant.reports.digest import DigestSection, Line, Overview
from assistant.slack.client.blocks import Block
from assistant.slack.home.blocks import Counted, Frozen, HomePage, build_failure, build_home
from assistant.slack.home.queue import OPEN, HomeChoice, HomeView, Order, Show, to_value
from assistant.slack.home.settings_forms import (
    build_freeze_form,
    build_setting_form,
    build_topic_form,
    build_topics_modal,
)

ENGLISH = read_wordings().choose()
NOW = datetime(2026, 11, 12, 9, 14, tzinfo=UTC)
IDS = st.from_regex(r"[UWSCG][A-Z0-9]{5,10}", fullmatch=True)
NAMES = TEXTS | IDS
# People and channels that Slack knows stand there as mentions, which notify nobody in a Home.
MENTIONED = re.compile(r"<@[UW][A-Z0-9]{5,}>|<#[CG][A-Z0-9]{5,}>|<!subteam\^S[A-Z0-9]{5,}>")
WAITING = st.builds(
    QueuedDraft,
    st.integers(1, 10**9),
    st.sampled_from([DraftStatus.PENDING, DraftStatus.APPROVED, DraftStatus.SENDING, DraftStatus.UNKNOWN]),
    TEXTS | TEXTS.map(lambda text: f"rss:https://{text}"),
    TEXTS,
    TEXTS,
    MOMENTS,
    TEXTS,
    st.sampled_from(Urgency),
    NAMES,
    NAMES,
    channel=IDS,
    ts=st.sampled_from(["", "1795332903.000100"]),
)
QUEUES = st.lists(WAITING, max_size=40, unique_by=lambda one: one.draft_id)
# A filter by chance fits nothing: mostly there is none, so that entries are shown.
FOLDS = st.sampled_from(["", OPEN])
OPEN_CHOICES = st.builds(
    HomeChoice,
    order=st.sampled_from(Order),
    page=st.integers(0, 3),
    week=st.sampled_from(HomeView),
    figures=FOLDS,
    setup=FOLDS,
)
CHOICES = OPEN_CHOICES | st.builds(
    HomeChoice,
    st.sampled_from(Show) | TEXTS,
    st.just("") | TEXTS.map(to_value),
    st.sampled_from(Urgency) | st.just(""),
    st.just("") | TEXTS.map(to_value),
    st.sampled_from(Order),
    st.integers(0, 5),
    st.sampled_from(HomeView),
)
LINES = st.builds(Line, TEXTS, st.floats(0, 1e9), TEXTS, TEXTS, TEXTS, TEXTS)
CHARTS = st.builds(lambda text: Chart("trend", "stacked", text, text, (), ()), TEXTS)
SECTIONS = st.builds(
    DigestSection, TEXTS, st.lists(LINES, max_size=9).map(tuple), st.none() | CHARTS, st.just(()), TEXTS
)
OVERVIEWS = st.builds(
    Overview,
    st.just(Period("2026-W46", NOW, NOW + timedelta(days=7))),
    TEXTS,
    st.just(NOW),
    st.lists(TEXTS, max_size=9).map(tuple),
    *[SECTIONS] * 4,
)
COUNTED = st.none() | st.builds(Counted, OVERVIEWS, st.sampled_from(["", "F0123456789"]), TEXTS)
FROZEN = st.none() | st.builds(Frozen, NAMES, MOMENTS, TEXTS, NAMES)
SHORT = st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip()))
TOPICS = st.lists(
    st.builds(
        lambda name, description, examples: Topic(name=name, description=description, examples=tuple(examples)),
        SHORT,
        TEXTS.map(lambda text: text[:3000]),
        st.lists(SHORT, max_size=5),
    ),
    max_size=95,
).map(tuple)


@st.composite
def standings(draw: st.DrawFn) -> SettingState:
    """Any setting with values of its kind, changed or not."""
    adjustable = draw(st.sampled_from(ADJUSTABLE))
    values: st.SearchStrategy[Any] = {
        SettingKind.CHANNEL: IDS | st.just(""),
        SettingKind.SCHEDULE: TEXTS.map(lambda text: text[:100]),
        SettingKind.TOPICS: TOPICS,
    }.get(adjustable.kind, st.lists(IDS, max_size=60, unique=True).map(tuple))
    kept = KeptSetting(adjustable.name, None, draw(NAMES), draw(MOMENTS), 1) if draw(st.booleans()) else None
    return SettingState(adjustable, draw(values), draw(values), kept, draw(st.just("") | TEXTS) if kept else "")


SETTINGS = st.lists(standings(), max_size=10, unique_by=lambda one: one.adjustable.name)
FLAG = st.booleans()
PAGES = st.builds(
    *(HomePage, IDS, st.just(NOW), FLAG, CHOICES, TEXTS, st.none() | QUEUES, FLAG, FLAG, FROZEN, FLAG, COUNTED, FLAG),
    st.none() | SETTINGS,
).map(lambda page: replace(page, sources=() if page.standings is not None else None))
# Somebody who may see everything, with something to see.
FULL_PAGES = st.builds(
    *(HomePage, IDS, st.just(NOW), st.just(True), OPEN_CHOICES, TEXTS, QUEUES, st.just(True), FLAG, FROZEN),
    *(st.just(True), COUNTED, FLAG, SETTINGS, st.just(())),
)


def check(view: Block) -> None:
    """Slack takes it, and reads no marks in it but ours."""
    assert check_view(view).errors == []
    assert len(str(view)) < MOST_VIEW_BYTES
    _check_marks(view)


def _check_marks(part: object) -> None:
    if isinstance(part, dict) and part.get("type") == "mrkdwn":
        left = MENTIONED.sub("", OURS.sub("", part["text"]))
        assert "<" not in left, part["text"]
        assert not HALF_ESCAPED.search(part["text"]), part["text"]
        assert part["verbatim"] is True
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            _check_marks(inner)


@STRESSED
@given(page=FULL_PAGES | PAGES)
def test_a_home_of_anything_is_taken_and_forges_no_link(page: HomePage) -> None:
    check(build_home(page, lambda one: f"https://team.slack.com/archives/{one.channel}/p1" if one.ts else "", ENGLISH))


@settings(max_examples=60, deadline=None)
@given(page=PAGES)
def test_a_home_shows_the_queue_the_figures_and_the_settings_to_nobody_else(page: HomePage) -> None:
    shown = str(build_home(page, lambda one: "", ENGLISH))
    is_staff = page.is_full_member
    assert ("Replies that wait" in shown) == (is_staff and page.is_reviewer and page.waiting is not None)
    assert ("The week in figures" in shown) == (is_staff and page.is_manager and page.choice.figures == OPEN)
    assert ("Only admins see this." in shown) == (is_staff and page.standings is not None and page.choice.setup == OPEN)
    assert ("home_choose.setup" in shown) == (is_staff and page.standings is not None)


@STRESSED
@given(
    standing=standings(),
    groups=st.lists(st.tuples(IDS, SHORT), max_size=120, unique_by=lambda one: one[0]),
    told=TEXTS,
)
def test_a_form_of_anything_is_taken(standing: SettingState, groups: list[tuple[str, str]], told: str) -> None:
    if standing.adjustable.kind is SettingKind.TOPICS:
        check(build_topics_modal(standing, 1, ENGLISH))
        for topic in [one for one in standing.value if isinstance(one, Topic)][:3]:
            check(build_topic_form(topic, 1))
    else:
        check(build_setting_form(standing, 1, groups, ENGLISH))
    check(build_topic_form(None, 1))
    check(build_freeze_form())
    check(build_failure(told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), ENGLISH))
