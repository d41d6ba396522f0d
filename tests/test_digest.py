"""The summary: its text, page, CSV and Slack blocks tell the same numbers, and nothing in it runs or is fetched."""

import csv
import io
import json
import re
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from fakes_figures import NASTY, World, keep_world, make_world
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Mention, read_scope
from assistant.domain.calendar import read_hours
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import CursorTables
from assistant.reports.digest import (
    Digest,
    figures_to_csv,
    name_network,
    name_networks,
    posts_to_csv,
    shorten,
    to_html,
    to_pdf,
    to_text,
)
from assistant.reports.digest.digest import Circumstances, DigestMaker
from assistant.reports.digest.headlines import find_problem, tell_coverage
from assistant.reports.digest.names import hide_handles, name_country, show_change, show_value
from assistant.reports.digest.types import Material, Quote
from assistant.reports.figures import NAMES, PUBLIC_NAMES, Measure, find_week
from assistant.reports.figures.coverage import Outage, PeriodCoverage
from assistant.reports.figures.definitions import DEFINITIONS, define
from assistant.reports.figures.tables import MeasuringTables
from assistant.slack.digests.blocks import build_head_blocks, build_section_messages

ZONE = ZoneInfo("Europe/Warsaw")
WEEK = find_week("2026-W46", ZONE)
MEASURING = Measure(ZONE, read_hours("Mon-Fri 09:00-17:00", ZONE), 8)
MADE_AT = datetime(2026, 11, 16, 9, tzinfo=UTC)


def make_digest(world: World, home: Path, is_hiding: bool = False) -> Digest:
    store = keep_world(world, home)
    CursorTables(store).note_read("x", "", datetime(2026, 10, 1, tzinfo=UTC))
    measuring = Measure(ZONE, read_hours("Mon-Fri 09:00-17:00", ZONE), 8, is_hiding)
    summing = DigestMaker(
        MeasuringTables(store),
        MentionTables(store),
        measuring,
        goals=lambda: (),
        embed=lambda texts: np.eye(len(texts), dtype=np.float32),
    )
    circumstances = Circumstances(
        gaps=(),
        coverages=(),
        known_names=(),
        has_reviewers=True,
        has_readers=True,
        public_documents=3,
        now=MADE_AT,
    )
    digest = summing.sum_up(WEEK, circumstances)
    store.close()
    return digest


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**9), size=st.sampled_from([0, 1, 2, 30, 120]))
def test_every_form_tells_the_same_sentences_and_every_number_in_them_is_a_figure(seed: int, size: int) -> None:
    world = make_world(seed, datetime(2026, 11, 1, tzinfo=UTC), 18, size)
    with tempfile.TemporaryDirectory() as home:
        digest = make_digest(world, Path(home))
    text, page = to_text(digest), Page(to_html(digest))
    blocks = json.dumps(
        [build_head_blocks(digest, []), [asdict(one) for one in build_section_messages(digest)]], ensure_ascii=False
    )
    kept = json.loads(json.dumps(asdict(digest), default=str))

    plain = [headline.replace("half of them", "the first ones") for headline in digest.headlines]
    assert find_problem(plain, digest.figures) == ""
    for form in (text, page.text, blocks.replace('\\"', '"')):
        assert all(headline in form for headline in digest.headlines)
    assert [figure["value"] for figure in kept["figures"]] == [figure.value for figure in digest.figures]
    for section in digest.sections:
        for line in section.lines:
            assert line.text in text
            assert line.text in page.text
    rows = list(csv.DictReader(io.StringIO(figures_to_csv(digest.figures))))
    assert [row["name"].lstrip("'") for row in rows] == [figure.name for figure in digest.figures]


def test_a_hostile_post_is_shown_as_text_and_nothing_is_fetched_or_run(tmp_path: Path) -> None:
    digest = make_digest(make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 120), tmp_path)
    quote = Quote("x:1", NASTY, NASTY, NASTY, MADE_AT, "javascript:alert(3)", NASTY)
    [first, *others] = digest.sections
    lines = tuple(replace(line, label=NASTY, note=NASTY) for line in first.lines)
    html = to_html(replace(digest, sections=(replace(first, title=NASTY, lines=lines, quotes=(quote,)), *others)))
    page = Page(html)

    assert NASTY in page.text
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "embed", "image", "base"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "srcset") for name in attributes)
        assert tag in ("a", "use") or not {"href", "xlink:href"} & attributes.keys()
        link = attributes.get("href") or attributes.get("xlink:href") or "#"
        assert link.startswith(("https://", "http://", "#") if tag == "a" else "#")
    assert "@import" not in html
    assert set(re.findall(r"url\((.)", html)) <= {"#"}


def test_the_page_has_one_heading_of_the_first_rank_a_language_and_no_picture_of_what_a_table_shows(
    tmp_path: Path,
) -> None:
    digest = make_digest(make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 120), tmp_path)
    tags = Page(to_html(digest)).tags
    names = [tag for tag, _ in tags]
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]

    assert names.count("h1") == names.count("main") == 1
    assert dict(tags)["html"] == {"lang": "en"}
    assert "svg" not in names, "what a table shows is not drawn besides"
    assert all(chart.alt for chart in digest.charts)
    assert len(ids) == len(set(ids))


def test_an_empty_week_says_so_in_one_sentence_without_empty_tables(tmp_path: Path) -> None:
    digest = make_digest(World(), tmp_path)

    assert digest.headlines == (
        "No posts found for this week.",
        "No reply was sent this week.",
    )
    assert digest.charts == ()
    assert not [section for section in digest.sections if section.title.startswith(("Posts", "Topics", "Networks"))]
    assert "Mon 9 Nov to Sun 15 Nov 2026" in to_html(digest)
    assert to_text(digest).startswith("Week 2026-W46\nMon 9 Nov to Sun 15 Nov 2026\n")


def test_where_authors_stay_unnamed_no_form_holds_a_name_a_handle_or_a_link(tmp_path: Path) -> None:
    world = make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 120)
    named = []
    for number, (post, found, action) in enumerate(world.posts):
        name = f"rss:https://x.example/grace_h/{number}"  # the id of a feed's entry is its address
        post = replace(post, mention_id=name, author="grace_h", text="@ada_l said so, and u/ada_l too")
        named.append((post, found and replace(found, mention_id=name), action))
    digest = make_digest(World(posts=named), tmp_path, is_hiding=True)
    blocks = json.dumps([build_head_blocks(digest, []), [asdict(one) for one in build_section_messages(digest)]])
    forms = (to_text(digest), to_html(digest), blocks, figures_to_csv(digest.figures))

    assert any(section.quotes for section in digest.sections)
    for form in forms:
        assert not re.search(r"grace_h|ada_l|x\.example", form)
    assert not re.search(r"grace_h|ada_l|x\.example", posts_to_csv([post for post, _, _ in named], True, ()))
    assert "grace_h" in posts_to_csv([post for post, _, _ in named], False, ())


def test_a_csv_cell_that_a_spreadsheet_would_run_is_disarmed() -> None:
    post = Mention("x:1", "x", "1", "@ada", '=HYPERLINK("https://evil.example")', MADE_AT)
    [_, row] = csv.reader(io.StringIO(posts_to_csv([post], False, ())))
    assert row[2] == "'@ada"
    assert row[-1].startswith("'=")


def test_the_handles_of_the_company_are_kept_where_those_of_people_are_hidden() -> None:
    assert hide_handles("@larkspur: @ada@mastodon.example, mail a@b.example", ("@Larkspur",)) == (
        "@larkspur: @…, mail a@b.example"
    )
    assert hide_handles("Hey @larkspur. See u/ada and ＠ada, https://x.example/ada/1!", ("@Larkspur",)) == (
        "Hey @larkspur. See @… and @…, (link)"
    )


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
    alike = ["rss:https://blog.example/a?key=1", "rss:https://blog.example/a?key=2"]
    assert list(name_networks(alike).values()) == ["blog.example/a (1)", "blog.example/a (2)"]


def test_a_scope_without_any_post_says_that_its_name_may_be_wrong() -> None:
    hearing = PeriodCoverage(("x",), (), 0, ("x",))
    material = Material(WEEK, (), (), hearing, MADE_AT, {}, scope=read_scope("topic=biling"), is_scope_known=False)
    assert "topic biling count here. No stored post matches" in tell_coverage(material)[0]


def test_what_was_not_heard_is_told_with_its_name_and_for_how_long() -> None:
    one, other = "rss:https://blog.example/a", "rss:https://blog.example/b"
    began_at = WEEK.start_at + timedelta(hours=10)
    outages = (
        Outage(one, "down", began_at, began_at + timedelta(minutes=20)),
        Outage(other, "down", began_at, began_at + timedelta(hours=1)),
        Outage("x", "capped", began_at, began_at + timedelta(hours=5)),
    )
    told = tell_coverage(Material(WEEK, (), (), PeriodCoverage((one, other, "x"), outages, 0, ()), MADE_AT, {}))
    assert [sentence.partition(" (")[0] for sentence in told[:4]] == [
        "Networks read: blog.example/a, blog.example/b, X.",
        "blog.example/a couldn't be read for less than an hour",
        "blog.example/b couldn't be read for 1 hour",
        "X had more posts than were read for 5 hours",
    ]


def test_numbers_countries_and_changes_are_shown_as_people_read_them() -> None:
    assert show_value(1234567) == "1,234,567"
    assert show_value(-8.3) == "−8.3"
    assert show_value(12.0, "percent") == "12.0\N{NO-BREAK SPACE}%"
    assert show_value(None) == "not measured"
    assert [show_change(change, "posts") for change in (None, 0, 3, -1234.0)] == ["", "as before", "+3", "−1,234"]
    assert show_change(-2.5, "percent") == "−2.5 points"
    assert name_country("GB") == "United Kingdom"
    assert name_country("??") == "??"


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


def test_a_pdf_is_made_from_the_same_page(tmp_path: Path) -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        pytest.skip("WeasyPrint or Pango is not here")
    digest = make_digest(make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 40), tmp_path)
    assert to_pdf(digest).startswith(b"%PDF-")


def test_every_number_of_the_page_leads_to_its_posts_in_the_same_file(tmp_path: Path) -> None:
    world = make_world(7, datetime(2026, 11, 9, tzinfo=UTC), 7, 120)
    kept = keep_world(world, tmp_path)
    making = DigestMaker(MeasuringTables(kept), MentionTables(kept), MEASURING, goals=lambda: (), embed=None)
    around = Circumstances((), (), (), has_reviewers=True, has_readers=True, public_documents=3, now=MADE_AT)
    digest = making.sum_up(WEEK, around)
    appendix = making.append(digest, ())
    page = Page(to_html(digest, appendix=appendix))
    kept.close()
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {str(there["href"])[1:] for tag, there in page.tags if tag == "a" and str(there["href"]).startswith("#")}
    assert links <= ids
    shown = {line.figure for section in digest.sections for line in section.lines if line.figure}
    behind = {figure.name for figure in digest.figures if figure.posts_query}
    assert {appendix.anchors[name] for name in shown & behind} <= links
    assert page.text.count("Public posts about us that were written in the period") == 1


def test_every_figure_says_what_it_counts() -> None:
    names = NAMES | PUBLIC_NAMES
    assert {name for name in names if not define(name)} == set()
    page = (Path(__file__).parent.parent / "docs" / "summaries.md").read_text(encoding="utf-8")
    assert [text for text in DEFINITIONS.values() if text not in page] == []
