"""Websites read by themselves, over a real server: by sitemap or links, politely, and never more than is theirs."""

import gzip
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import LocalServer, Served
from keeping.making import Keeper

_TEXT = "You can pause your plan in the app at any time, and the pause begins at the end of the month. "


class StaticSite:
    """Pages below /docs/ of a server, and their sitemap with the day or moment of each."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.modified: dict[str, str] = {}

    def put(self, path: str, words: str, links: tuple[str, ...] = (), head: str = "", tag: str = "") -> None:
        """A page; with `tag` the server knows its ETag."""
        anchors = "".join(f'<a href="{link}">next</a>' for link in links)
        title = path.strip("/").replace("/", " ")
        body = f"<html><head><title>{title}</title>{head}</head><body><nav>{anchors}</nav><main><h1>{title}</h1>"
        body += f"<p>{_TEXT}{words} {_TEXT}</p></main></body></html>"
        headers = {"Content-Type": "text/html; charset=utf-8"} | ({"ETag": f'"{tag}"'} if tag else {})
        self.server.pages[path] = Served(body.encode(), headers=headers)

    def list_in_sitemap(self, modified: Mapping[str, str]) -> None:
        """A sitemap of these pages."""
        entries = "".join(
            f"<url><loc>{self.server.url}{path}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</url>"
            for path, when in modified.items()
        )
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        text = f'<?xml version="1.0"?><urlset xmlns="{namespace}">{entries}</urlset>'
        self.server.pages["/sitemap.xml"] = Served(text.encode(), headers={"Content-Type": "application/xml"})

    def asked(self) -> list[str]:
        """The pages that were asked for since the last look."""
        paths = [path for path, _ in self.server.requests if path.startswith("/docs")]
        self.server.requests.clear()
        return sorted(paths)


@pytest.fixture
def site(server: LocalServer) -> StaticSite:
    return StaticSite(server)


@pytest.fixture
def keeper(tmp_path: Path, server: LocalServer) -> Keeper:
    keeper = Keeper(tmp_path)
    fields = ("kind: website", "name: docs", f"url: {server.url}/docs/", "pages_a_second: 1000", "audience: public")
    keeper.write("  - " + "\n    ".join(fields) + "\n")
    return keeper


def _moment(keeper: Keeper, minutes: float = 0) -> str:
    return (keeper.now + timedelta(minutes=minutes)).isoformat()


def _build_listed(keeper: Keeper, site: StaticSite, count: int = 6) -> dict[str, str]:
    modified = {f"/docs/{number}": _moment(keeper, -60) for number in range(count)}
    for number in range(count):
        site.put(f"/docs/{number}", f"word{number}")
    site.list_in_sitemap(modified)
    return modified


def test_what_the_sitemap_dates_as_before_is_not_even_asked_for(keeper: Keeper, site: StaticSite) -> None:
    _build_listed(keeper, site)
    assert keeper.sync("docs").ingest.documents == 6
    assert len(site.asked()) == 6
    calls = keeper.embedder.calls
    assert keeper.sync("docs").ingest.unchanged == 6
    assert (site.asked(), keeper.embedder.calls) == ([], calls)


def test_a_page_that_the_sitemap_dates_anew_is_in_answers_with_the_time_that_it_took(
    keeper: Keeper, site: StaticSite
) -> None:
    modified = _build_listed(keeper, site)
    keeper.sync("docs")
    site.asked()
    site.put("/docs/3", "changed")
    site.list_in_sitemap({**modified, "/docs/3": _moment(keeper, 7)})
    keeper.sync("docs", minutes=10)
    assert site.asked() == ["/docs/3"]
    assert (keeper.hits("changed"), keeper.hits("word3")) == (1, 0)
    assert keeper.seconds("docs") == 3 * 60


def test_without_a_date_the_server_says_whether_a_page_changed(keeper: Keeper, site: StaticSite) -> None:
    for number in range(3):
        site.put(f"/docs/{number}", f"word{number}", tag=f"first{number}")
    site.list_in_sitemap({f"/docs/{number}": "" for number in range(3)})
    keeper.sync("docs")
    site.put("/docs/1", "changed", tag="second")
    report = keeper.sync("docs").ingest
    assert (report.documents, report.unchanged, keeper.hits("changed")) == (1, 2, 1)


def test_at_night_no_date_is_believed(keeper: Keeper, site: StaticSite) -> None:
    _build_listed(keeper, site)
    keeper.sync("docs")
    site.put("/docs/3", "changed")
    keeper.sync("docs")
    assert keeper.hits("changed") == 0
    keeper.sync("docs", is_full=True)
    assert keeper.hits("changed") == 1


def test_a_page_is_gone_when_the_server_says_so_or_the_sitemap_has_it_no_more(keeper: Keeper, site: StaticSite) -> None:
    modified = _build_listed(keeper, site)
    keeper.sync("docs")
    site.server.pages["/docs/1"] = Served(status=410)
    site.list_in_sitemap({**{path: when for path, when in modified.items() if path != "/docs/2"}, "/docs/1": ""})
    assert keeper.sync("docs").ingest.removed == 2
    assert keeper.ids("docs") == ["docs/0", "docs/3", "docs/4", "docs/5"]


def test_a_page_that_asks_for_a_login_now_leaves_and_one_that_fails_stays(keeper: Keeper, site: StaticSite) -> None:
    modified = _build_listed(keeper, site)
    keeper.sync("docs")
    site.server.pages["/docs/1"] = Served(status=401)
    site.server.pages["/docs/2"] = Served(status=500)
    site.list_in_sitemap({**modified, "/docs/1": "", "/docs/2": ""})
    report = keeper.sync("docs").ingest
    assert report.removed == 1
    assert [one.reason for one in report.skipped] == ["answers with HTTP 500 (its earlier version stays)"]
    assert "docs/2" in keeper.ids("docs")


def test_an_empty_sitemap_removes_nothing(keeper: Keeper, site: StaticSite) -> None:
    _build_listed(keeper, site)
    keeper.sync("docs")
    site.list_in_sitemap({})
    assert keeper.sync("docs").held == 6
    assert len(keeper.ids("docs")) == 6


@pytest.mark.parametrize(
    "served",
    [
        Served(status=503),
        Served(b"<urlset><url><loc>http://x/", headers={}),
        Served(b"<urlset>", headers={}, stated_length=500),
        Served(b"\x1f\x8bnot packed"),
    ],
)
def test_a_sitemap_that_cannot_be_read_whole_fails_the_round_and_nothing_else(
    served: Served, keeper: Keeper, site: StaticSite
) -> None:
    _build_listed(keeper, site)
    site.server.pages["/robots.txt"] = Served(f"Sitemap: {site.server.url}/sitemap.xml".encode())
    keeper.sync("docs")
    site.server.pages["/sitemap.xml"] = served
    report = keeper.sync("docs")
    assert report.failure
    assert (report.held, report.ingest.removed, len(keeper.ids("docs"))) == (0, 0, 6)


def test_a_site_that_is_down_fails_as_a_whole_after_some_pages(keeper: Keeper, site: StaticSite) -> None:
    modified = _build_listed(keeper, site, 20)
    keeper.sync("docs")
    for path in modified:
        site.server.pages[path] = Served(status=503)
    site.list_in_sitemap(dict.fromkeys(modified, ""))
    site.asked()
    report = keeper.sync("docs")
    assert "page after page answers with HTTP 503" in report.failure
    assert len(site.asked()) == 5
    assert len(keeper.ids("docs")) == 20


def test_without_a_sitemap_pages_are_found_by_their_links_and_none_outside_is_asked_for(
    keeper: Keeper, site: StaticSite
) -> None:
    site.put(
        "/docs/", "start", links=("a", "/docs/b?utm_source=mail#part", "/other", "https://elsewhere.example/", "m:x")
    )
    site.put("/docs/a", "alpha", links=("/docs/c/", "/docs/"))
    site.put("/docs/b", "beta")
    site.put("/docs/c/", "gamma", links=("../b",))
    site.put("/other", "outside")
    assert keeper.sync("docs").ingest.documents == 4
    assert keeper.ids("docs") == ["docs", "docs/a", "docs/b", "docs/c"]
    assert site.asked() == ["/docs/", "/docs/a", "/docs/b", "/docs/c/"]

    site.put("/docs/a", "alpha", links=("/docs/d",))
    site.put("/docs/d", "delta")
    del site.server.pages["/docs/c/"]
    assert keeper.sync("docs").ingest.removed == 1
    assert keeper.ids("docs") == ["docs", "docs/a", "docs/b", "docs/d"]


def test_no_page_counts_as_unlinked_while_one_that_may_link_to_it_fails(keeper: Keeper, site: StaticSite) -> None:
    site.put("/docs/", "start", links=("a",))
    site.put("/docs/a", "alpha", links=("b",))
    site.put("/docs/b", "beta")
    keeper.sync("docs")
    site.server.pages["/docs/a"] = Served(status=500)
    assert keeper.sync("docs").ingest.removed == 0
    assert keeper.ids("docs") == ["docs", "docs/a", "docs/b"]


def test_robots_are_obeyed(keeper: Keeper, site: StaticSite) -> None:
    site.server.pages["/robots.txt"] = Served(b"User-agent: *\nDisallow: /docs/private\n")
    site.put("/docs/", "start", links=("private/a", "open"))
    site.put("/docs/private/a", "secret")
    site.put("/docs/open", "open")
    keeper.sync("docs")
    assert keeper.ids("docs") == ["docs", "docs/open"]
    site.server.pages["/robots.txt"] = Served(b"User-agent: Earshot\nDisallow: /\n")
    assert "does not allow" in keeper.sync("docs").failure
    assert len(keeper.ids("docs")) == 2


def test_a_page_under_two_addresses_is_read_as_the_one_that_it_names(keeper: Keeper, site: StaticSite) -> None:
    head = f'<link rel="canonical" href="{site.server.url}/docs/pause">'
    site.put("/docs/", "start", links=("old", "pause?lang=en", "moved"))
    site.put("/docs/pause", "words", head=head)
    site.put("/docs/pause?lang=en", "words", head=head)
    site.put("/docs/old", "words", head=head)
    site.server.pages["/docs/moved"] = Served(status=301, headers={"Location": "/docs/pause"})
    keeper.sync("docs")
    assert keeper.ids("docs") == ["docs", "docs/pause"]
    assert keeper.sync("docs").ingest.changes == []


def test_a_site_with_more_pages_than_was_said_is_not_read_in_part(keeper: Keeper, site: StaticSite) -> None:
    _build_listed(keeper, site)
    keeper.file.write_text(keeper.file.read_text() + "    most_pages: 5\n")
    assert "has more than 5 pages" in keeper.sync("docs").failure


def test_pages_that_were_read_by_hand_are_taken_over(keeper: Keeper, site: StaticSite) -> None:
    _build_listed(keeper, site)
    keeper.assistant.knowledge.ingest.run([f"{site.server.url}/docs/3"], None, keeper.now)
    assert keeper.ids(site.server.url) == ["docs/3"]
    keeper.sync("docs")
    assert keeper.ids(site.server.url) == []
    assert len(keeper.ids("docs")) == 6
    assert keeper.hits("word3") == 1


def test_nested_and_packed_sitemaps_are_followed(keeper: Keeper, site: StaticSite) -> None:
    _build_listed(keeper, site)
    inner = site.server.pages["/sitemap.xml"]
    site.server.pages["/inner.xml.gz"] = Served(gzip.compress(inner.body))
    site.server.pages["/sitemap.xml"] = Served(
        f"<sitemapindex><sitemap><loc>{site.server.url}/inner.xml.gz</loc></sitemap></sitemapindex>".encode()
    )
    assert keeper.sync("docs").ingest.documents == 6
