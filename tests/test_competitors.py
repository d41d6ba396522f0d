"""Posts about competitors are kept and counted, never answered, and do not mix with what is said of us."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes_reply import NOW, make_mention
from test_figures import measure_period

from assistant.core.database import Store
from assistant.domain import Question, ThreadPost, TriageAction
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.brands import BrandFinder, Names
from assistant.listening.insights.answers import Opinions
from assistant.listening.pipeline import sort_again, sort_new_mentions
from assistant.listening.tables.analyses import DiscoveredTables
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.lessons import forget_lessons
from assistant.reports.figures import table, value, week_of

NAMES = Names(brands=("Larkspur",), handles=("larkspurbikes",), competitors=("Pedal Post", "Velo Go"))
BRANDS = BrandFinder(NAMES)
ANALYSER = Analyser(brands=BRANDS)
WEEK = week_of(NOW, ZoneInfo("UTC"))
TEXTS = (
    "Larkspur is late again, I am angry",
    "Why is Pedal Post so slow today?",
    "Pedal Post or Velo Go, which one should I take?",
    "Pedal Post is worse than Larkspur",
    "My battery is empty again, why?",
)


@pytest.fixture
def mentions(store: Store) -> MentionTables:
    """The posts, sorted."""
    tables = MentionTables(store)
    keep(tables, TEXTS)
    return tables


def keep(tables: MentionTables, texts: Sequence[str]) -> None:
    tables.add([make_mention(str(at), text) for at, text in enumerate(texts)], NOW)
    sort_new_mentions(tables, ANALYSER, NOW)


def count(tables: MentionTables) -> dict[tuple[str, bool], int]:
    rows = tables.analyses.count_brands(WEEK.start_at, WEEK.end_at)
    return {(row["name"], bool(row["is_ours"])): row["posts"] for row in rows}


def test_a_weeks_posts_are_counted_by_brand_and_competitor(mentions: MentionTables) -> None:
    assert count(mentions) == {("Pedal Post", False): 3, ("Larkspur", True): 2, ("Velo Go", False): 1}
    after = mentions.analyses.count_brands(WEEK.end_at, WEEK.end_at + timedelta(7))
    assert after == []


def test_a_post_about_competitors_alone_is_watched_and_never_drafted(mentions: MentionTables) -> None:
    found = {number: mentions.triage_of(f"file:{number}") for number in range(5)}
    assert found[1]
    assert (found[1]["action"], found[1]["reason"]) == ("watch", "It is about Pedal Post, not about us.")
    assert found[2]
    assert found[2]["reason"] == "It is about Pedal Post and Velo Go, not about us."
    assert sorted(mentions.to_draft(9)) == [f"file:{n}" for n in (0, 3, 4) if found[n]["action"] == TriageAction.REPLY]  # type: ignore[index]
    assert "file:0" in mentions.to_draft(9)


def test_what_is_said_of_competitors_alone_is_in_no_figure_about_us(store: Store, mentions: MentionTables) -> None:
    figures = measure_period(store, WEEK.label, ZoneInfo("UTC"))
    assert value(figures, "posts") == 3
    assert value(figures, "posts_by_triage.watch") == 0
    assert table(figures, "share_of_voice") == [
        {"label": "Pedal Post", "value": 50.0},
        {"label": "Larkspur", "value": 33.3},
        {"label": "Velo Go", "value": 16.7},
    ]
    assert len(DiscoveredTables(store).posts(WEEK)) == 3


def test_whoever_asks_about_a_competitor_is_told_what_people_say_of_it(store: Store, mentions: MentionTables) -> None:
    opinions = Opinions(OpinionTables(store), ZoneInfo("UTC"), BRANDS.names_competitor)
    later = NOW + timedelta(minutes=1)
    of_it = opinions.answer(Question("What do people say about Pedal Post?"), later)
    of_us = opinions.answer(Question("What do people say about being slow?"), later)
    assert of_it
    assert "3 posts" in of_it.answer
    assert of_us is None or "1 post" not in of_us.answer


def test_an_answer_to_a_post_of_ours_is_about_us_whatever_it_names(store: Store) -> None:
    tables, upstream = MentionTables(store), UpstreamTables(store, forget_lessons)
    upstream.keep_parents([ThreadPost("file", "above", "@LarkspurBikes", "We are here.", NOW)])
    to_parent = replace(make_mention("1", "Pedal Post is cheaper, why?"), in_reply_to="above")
    to_stranger = replace(make_mention("2", "Pedal Post is cheaper, they say"), in_reply_to="elsewhere")
    to_reply = replace(make_mention("3", "Pedal Post told me another thing?"), in_reply_to="sent-1")
    tables.add([to_parent, to_stranger, to_reply, make_mention("0", "Hi Larkspur")], NOW)
    _send(store, "file:0", "sent-1")
    sort_new_mentions(tables, ANALYSER, NOW)
    assert [tables.triage_of(f"file:{n}")["action"] for n in (1, 2, 3)] == ["reply", "watch", "reply"]  # type: ignore[index]


def _send(store: Store, mention_id: str, external_id: str) -> None:
    store.change(
        """insert into drafts (mention_id, text, status, sentences, citations, writer, prompt_version, created_at,
        changed_at) values (?, 'Hi', 'sent', '[]', '[]', 'quoting', '', '', '')""",
        mention_id,
    )
    values = (1, mention_id, "file", external_id, "Hi", None, "api", "2026-11-18T09:00:00.000Z")
    store.change(
        "insert into replies (draft_id, mention_id, network, external_id, text, url, how, sent_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        *values,
    )


def test_an_edit_and_a_removal_take_the_names_along(store: Store, mentions: MentionTables) -> None:
    upstream = UpstreamTables(store, forget_lessons)
    upstream.keep([replace(make_mention("1", "Larkspur it was, sorry"), edited_at=NOW)], NOW)
    upstream.remove(["file:2"], NOW)
    sort_new_mentions(mentions, ANALYSER, NOW)
    assert count(mentions) == {("Larkspur", True): 3, ("Pedal Post", False): 1}


def test_a_new_competitor_is_found_in_known_posts_when_they_are_analysed_again(mentions: MentionTables) -> None:
    wider = Analyser(brands=BrandFinder(replace(NAMES, competitors=("Pedal Post", "battery"))))
    assert sort_again(mentions, wider, NOW) == 5
    assert count(mentions) == {("Pedal Post", False): 3, ("Larkspur", True): 2, ("battery", False): 1}
