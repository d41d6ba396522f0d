"""The weekly summary: its text, its page and its JSON tell the same numbers, and nothing in it runs or is fetched."""

import json
import re
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes_figures import NASTY, World, keep_world, make_world
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.digest import Digest, build_digest, name_network, name_networks, shorten, to_html, to_text
from assistant.domain import Figure
from assistant.figures import find_week, measure
from assistant.slack.digests import build_digest_blocks
from assistant.store.cursors import Coverage
from assistant.store.mentions import MentionTables

ZONE = ZoneInfo("Europe/Warsaw")
WEEK = find_week("2026-W46", ZONE)
MADE_AT = datetime(2026, 11, 16, 9, tzinfo=UTC)


def make_digest(world: World, home: Path) -> Digest:
    store = keep_world(world, home)
    figures = measure(store, WEEK, ZONE)
    digest = build_digest(WEEK, figures, MentionTables(store).waiting(WEEK, 5), MADE_AT)
    store.close()
    return digest


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.rows: dict[str, str] = {}
        self.feed(html)
        cells = re.findall(r'<th scope="row">(.*?)</th>.*?<td class="n">(.*?)</td>', html)
        self.rows = dict(cells)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**9), size=st.sampled_from([0, 1, 2, 30, 120]))
def test_text_page_and_json_tell_the_same_numbers_and_every_number_is_a_figure(seed: int, size: int) -> None:
    world = make_world(seed, datetime(2026, 11, 7, tzinfo=UTC), 11, size)
    with tempfile.TemporaryDirectory() as home:
        digest = make_digest(world, Path(home))
    values = {str(figure.value) for figure in digest.figures}
    tables = [[f.value for f in found] for _, found in groupby(digest.figures, lambda f: f.name.partition(".")[0])]
    text, page = to_text(digest), Page(to_html(digest))
    kept = json.loads(json.dumps(asdict(digest), default=str))

    assert set(numbers(" ".join(digest.headlines))) <= values
    assert " ".join(digest.headlines) in page.text
    assert all(headline in text for headline in digest.headlines)
    assert tuple(kept["headlines"]) == digest.headlines
    assert [figure["value"] for figure in kept["figures"]] == [figure.value for figure in digest.figures]
    for section in digest.sections:
        assert [row["value"] for row in section.rows] in tables
        for row in section.rows:
            assert re.search(rf"^  {re.escape(row['label'])} +{row['value']}$", text, re.MULTILINE)
            assert page.rows[row["label"]] == str(row["value"])


def test_a_hostile_post_is_shown_as_text_and_nothing_is_fetched(tmp_path: Path) -> None:
    digest = make_digest(make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 120), tmp_path)
    [first, *_] = digest.posts
    hostile = replace(first, text=NASTY, author=NASTY, network=NASTY, url="javascript:alert(3)")
    page = Page(to_html(replace(digest, posts=(hostile, *digest.posts))))

    assert NASTY in page.text
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "embed", "svg", "base"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "srcset") for name in attributes)
        assert tag == "a" or "href" not in attributes
        assert (attributes.get("href") or "https://").startswith(("https://", "http://"))
    assert "url(" not in to_html(digest)
    assert "@import" not in to_html(digest)


def test_an_empty_week_says_so_in_one_sentence_without_empty_tables(tmp_path: Path) -> None:
    digest = make_digest(World(), tmp_path)

    assert digest.headlines == (
        "Nobody wrote about us this week, as far as the networks that were read can tell.",
        "No reply went out during this week.",
    )
    assert digest.sections == ()
    assert "Mon 9 Nov to Sun 15 Nov 2026" in to_html(digest)
    assert to_text(digest).startswith("Week 2026-W46\nMon 9 Nov to Sun 15 Nov 2026\n")


def make_figures(**values: float | None) -> tuple[Figure, ...]:
    names = {name.replace("__", "."): found for name, found in values.items()}
    return tuple(Figure(name, found, "", "select") for name, found in names.items())


@pytest.mark.parametrize(
    ("values", "headline"),
    [
        ({"posts": 1, "authors": 1}, "1 post from 1 author: 1 negative, 0 neutral, 0 positive."),
        ({"posts": 2, "authors": 0}, "2 posts: 1 negative, 0 neutral, 0 positive."),
        ({"posts_by_triage__reply": 0}, "None of them asks for an answer."),
        (
            {"posts_by_triage__reply": 1, "answered_share": 0.0},
            "1 deserves an answer; 0.0\N{NO-BREAK SPACE}% answered so far.",
        ),
        (
            {"posts_by_triage__reply": 4, "answered_share": 25.0},
            "4 deserve an answer; 25.0\N{NO-BREAK SPACE}% answered so far.",
        ),
        ({"replies": 0, "median_hours_to_reply": None}, "No reply went out during this week."),
        ({"replies": 1, "median_hours_to_reply": 2.5}, "1 reply went out during this week, 2.5 hours after the post."),
        (
            {"replies": 3, "median_hours_to_reply": 2.5},
            "3 replies went out during this week, half of them within 2.5 hours.",
        ),
    ],
)
def test_the_sentences_read_well_with_any_number(values: dict[str, float | None], headline: str) -> None:
    usual: dict[str, float | None] = {
        "posts": 5,
        "authors": 3,
        "posts_by_sentiment__negative": 1,
        "posts_by_sentiment__neutral": 0,
        "posts_by_sentiment__positive": 0,
        "posts_by_triage__reply": 2,
        "answered_share": 50.0,
        "replies": 2,
        "median_hours_to_reply": 1.0,
    }
    digest = build_digest(WEEK, make_figures(**usual | values), (), MADE_AT)
    assert headline in digest.headlines


@pytest.mark.parametrize(
    ("network", "name"),
    [
        ("x", "X"),
        ("file", "imported file"),
        ("app_store", "App Store"),
        ("hackernews", "Hacker News"),
        ("a network of ours", "a network of ours"),
        ("rss:https://www.blog.example/feed?x=1", "blog.example"),
        ("rss:nowhere", "rss:nowhere"),
        ("rss:https://[", "rss:https://["),
    ],
)
def test_a_network_is_called_as_people_call_it(network: str, name: str) -> None:
    assert name_network(network) == name


def test_feeds_of_one_host_are_told_apart_by_their_paths() -> None:
    feeds = ["rss:https://www.blog.example/a?x=1", "rss:https://blog.example/b/", "rss:https://other.example/a"]
    assert list(name_networks([*feeds, "x"]).values()) == ["blog.example/a", "blog.example/b", "other.example", "X"]


def test_days_and_networks_are_named_for_people_while_the_figures_keep_their_names(tmp_path: Path) -> None:
    digest = make_digest(make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 120), tmp_path)
    labels = {section.title: [row["label"] for row in section.rows] for section in digest.sections}

    assert labels["Posts a day"][0] == "Mon 9 Nov"
    assert {"X", "imported file"} <= set(labels["Networks"])
    assert {"posts_by_day.2026-11-09", "posts_by_network.x"} <= {figure.name for figure in digest.figures}


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("One two", 10, "One two"),
        (" One\n\ttwo ", 7, "One two"),
        ("One, two three", 9, "One…"),
        ("Onetwothreefour", 8, "Onetwot…"),
    ],
)
def test_a_long_post_is_cut_at_a_words_end(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short
    assert len(shorten(text, most)) <= most


def test_every_form_of_the_digest_says_which_network_was_not_heard_since_when() -> None:
    since = datetime(2026, 11, 12, 7, 30, tzinfo=UTC)
    coverages = [
        Coverage("mastodon", MADE_AT, since, "Mastodon <b>has trouble</b> of its own."),
        Coverage("x", MADE_AT, is_capped=True),
        Coverage("reddit", MADE_AT),
    ]
    digest = build_digest(WEEK, (), (), MADE_AT, coverages)
    assert len(digest.gaps) == 2
    for form in (to_text(digest), Page(to_html(digest)).text, json.dumps(build_digest_blocks(digest))):
        assert "Mastodon could not be read since 2026-11-12 07:30 UTC" in form
        assert "X has more posts than were read so far" in form
        assert "Reddit" not in form
    assert "<b>has" not in to_html(digest)


def test_a_digest_of_networks_that_are_all_heard_says_nothing_of_them() -> None:
    digest = build_digest(WEEK, (), (), MADE_AT, [Coverage("reddit", MADE_AT)])
    assert "not heard" not in to_text(digest) + to_html(digest)
