"""Web pages: fetched over HTTP, kept without menus, and never published by themselves."""

from datetime import date

import pytest
from fakes import LocalServer, Served

from assistant.domain import Audience
from assistant.errors import EmptyDocumentError, GoneError, SourceError
from assistant.knowledge.ingest.web import fetch_page, hash_page, is_url, read_page, split_url

_LIMIT = 100_000
_TEXT = "You can pause your subscription at any time in the app. The pause begins at the end of the paid month."
PAGE = f"""<html><head><title>Pause</title><meta name="owner" content="ann"><meta name="review_by" content="2027-01-02">
<meta name="updated" content="2026-05-06"></head><body><nav><a href="/">Home</a></nav><main><article><h1>Pause</h1>
<p>{_TEXT}</p><p>Cancelling works the same way, and nothing is charged after the end of the month.</p></article></main>
<footer>Imprint</footer></body></html>""".encode()
_HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_page_is_fetched_and_read(server: LocalServer) -> None:
    url = server.put("/help/pause?lang=en", Served(PAGE, headers=_HTML))
    content = fetch_page(url, _LIMIT)
    assert content == PAGE
    found = read_page(url, content, None)
    assert (found.source, found.document_id, found.url) == (server.url, "help/pause?lang=en", url)
    assert (found.title, found.owner, found.audience) == ("Pause", "ann", Audience.INTERNAL)
    assert (found.updated_on, found.review_by) == (date(2026, 5, 6), date(2027, 1, 2))
    assert _TEXT in found.text
    assert "Imprint" not in found.text


def test_a_page_is_public_only_when_the_caller_says_so_and_the_page_does_not_object() -> None:
    url = "https://x.example/a"
    assert read_page(url, PAGE, Audience.PUBLIC).audience is Audience.PUBLIC
    marked = PAGE.replace(b"<head>", b'<head><meta name="audience" content="Internal">')
    assert read_page(url, marked, Audience.PUBLIC).audience is Audience.INTERNAL


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_from_one_that_fails(status: int, server: LocalServer) -> None:
    with pytest.raises(GoneError, match=f"HTTP {status}"):
        fetch_page(server.put("/gone", Served(status=status)), _LIMIT)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_page_that_fails_is_named_with_its_status(status: int, server: LocalServer) -> None:
    with pytest.raises(SourceError, match=f"answers with HTTP {status}") as caught:
        fetch_page(server.put("/down", Served(status=status)), _LIMIT)
    assert not isinstance(caught.value, GoneError)


def test_a_redirect_is_followed(server: LocalServer) -> None:
    server.put("/new", Served(PAGE, headers=_HTML))
    assert fetch_page(server.put("/old", Served(status=301, headers={"Location": "/new"})), _LIMIT) == PAGE


def test_a_redirect_without_end_is_refused(server: LocalServer) -> None:
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch_page(server.put("/loop", Served(status=302, headers={"Location": "/loop"})), _LIMIT)


def test_what_is_no_web_page_is_refused(server: LocalServer) -> None:
    with pytest.raises(SourceError, match="is no web page but application/pdf"):
        fetch_page(server.put("/a.pdf", Served(b"%PDF", headers={"Content-Type": "application/pdf"})), _LIMIT)


def test_a_page_may_leave_its_kind_unsaid_or_write_it_in_capitals(server: LocalServer) -> None:
    assert fetch_page(server.put("/a", Served(PAGE)), _LIMIT) == PAGE
    assert fetch_page(server.put("/b", Served(PAGE, headers={"Content-Type": "TEXT/HTML"})), _LIMIT) == PAGE


def test_a_page_that_is_too_large_is_refused(server: LocalServer) -> None:
    with pytest.raises(SourceError, match="larger than MAX_DOCUMENT_MB"):
        fetch_page(server.put("/big", Served(b"x" * (_LIMIT + 1), headers=_HTML)), _LIMIT)


def test_a_page_that_breaks_off_is_refused(server: LocalServer) -> None:
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch_page(server.put("/cut", Served(b"<html>", headers=_HTML, stated_length=500)), _LIMIT)


def test_a_server_that_is_not_there_is_named(server: LocalServer) -> None:
    server.close()
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch_page(server.url + "/", _LIMIT)


@pytest.mark.parametrize("url", ["http://[::1", "http://x.example:99999/", "http://", "https://exa mple.com/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SourceError, match=r"is no valid address|cannot be fetched"):
        fetch_page(url, _LIMIT)


def test_an_address_that_cannot_be_split_is_refused() -> None:
    with pytest.raises(SourceError, match="is no valid address"):
        split_url("http://[::1")


@pytest.mark.parametrize(
    "content", [b"<html><body></body></html>", b"<html><script>run()</script></html>", b"\x00\xff"]
)
def test_a_page_without_text_says_so(content: bytes) -> None:
    with pytest.raises(EmptyDocumentError, match="no readable text"):
        read_page("https://x.example/", content, None)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://x.example", ("https://x.example", "index")),
        ("https://x.example/a/b/", ("https://x.example", "a/b")),
        ("http://x.example:8000/a?q=1#top", ("http://x.example:8000", "a?q=1")),
    ],
)
def test_a_page_is_known_by_its_site_and_path(url: str, place: tuple[str, str]) -> None:
    assert split_url(url) == place


def test_addresses_are_told_from_paths() -> None:
    assert [is_url(text) for text in ("https://a", "HTTP://a", "docs", "/https://a", "ftp://a")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_hash_tells_pages_and_asked_audiences_apart() -> None:
    assert len({hash_page(page, asked) for page in (b"a", b"b") for asked in (None, Audience.PUBLIC)}) == 4


@pytest.mark.parametrize(
    ("header", "head"), [("; charset=windows-1252", ""), ("", "<meta charset=iso-8859-1>"), ("", "")]
)
def test_a_page_is_read_in_the_encoding_that_its_server_or_its_head_names(
    header: str, head: str, server: LocalServer
) -> None:
    sentence = "Das Frühstück im Café der Südhalle kostet 4 € für Fahrer."
    page = f"<html><head>{head}<title>Küche</title></head><body><article><p>{sentence * 4}</p></article></body></html>"
    url = server.put("/kantine", Served(page.encode("cp1252"), headers={"Content-Type": f"text/html{header}"}))
    assert sentence in read_page(url, fetch_page(url, _LIMIT), None).text
