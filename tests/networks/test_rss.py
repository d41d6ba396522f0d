"""Feeds over HTTP: what is new comes in, and each way a feed can fail is told apart."""

import contextlib
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import LocalServer, Served
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Mention
from assistant.errors import NetworkError, TransientNetworkError
from assistant.listening.networks import feed_reader
from assistant.listening.networks.base.protocol import MentionPage, Rejected
from assistant.listening.networks.feed_reader import FeedEntry
from assistant.listening.networks.rss import RssNetwork, to_mention

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
_ITEM = """<item><guid>{id}</guid><title>Larkspur {id}</title><link>https://f.example/{id}</link>
<dc:creator>ann</dc:creator><pubDate>Mon, 09 Nov 2026 05:12:47 +0200</pubDate>
<description>&lt;p&gt;My &amp;amp; your &lt;b&gt;bike&lt;/b&gt;&lt;/p&gt;</description></item>"""
_RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Forum</title><link>https://f.example</link><description>d</description>{items}</channel></rss>"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>
<id>urn:1</id><updated>2026-11-09T05:12:47Z</updated><entry><id>urn:2</id><title xml:lang="fr">Vélo</title>
<updated>2026-11-09T05:12:47Z</updated><author><name>Ann</name></author><link href="javascript:run()"/>
<content type="html">&lt;p&gt;Super&lt;/p&gt;</content></entry></feed>"""


def _feed(*items: str) -> bytes:
    return _RSS.format(items="".join(items)).encode()


def _item(number: int) -> str:
    return _ITEM.format(id=f"post-{number}")


def _read(server: LocalServer, served: Served, cursor: str = "") -> MentionPage:
    return RssNetwork(server.put("/feed", served), lambda: NOW).read(cursor)


def test_an_entry_of_rss_becomes_a_mention(server: LocalServer) -> None:
    page = _read(server, Served(_feed(_item(1), _item(2))))
    name = f"rss:{server.url}/feed"
    assert page.mentions[0] == Mention(
        mention_id=f"{name}:post-1",
        network=name,
        external_id="post-1",
        author="ann",
        text="Larkspur post-1 My & your bike",
        created_at=datetime(2026, 11, 9, 3, 12, 47, tzinfo=UTC),
        url="https://f.example/post-1",
    )
    assert len(page.mentions) == 2


def test_an_entry_of_atom_becomes_a_mention(server: LocalServer) -> None:
    found = _read(server, Served(_ATOM.encode())).mentions[0]
    assert (found.external_id, found.author, found.text, found.lang) == ("urn:2", "Ann", "Vélo Super", "fr")
    assert found.url is None


def test_an_author_by_the_rule_of_rss_is_a_name_and_the_feed_says_the_language(server: LocalServer) -> None:
    item = "<item><title>A</title><author>bea@blog.test (Bea Blogger)</author></item>"
    feed = _feed(item).replace(b"<channel>", b"<channel><language>de-DE</language>", 1)
    [found] = _read(server, Served(feed)).mentions
    assert (found.author, found.lang) == ("Bea Blogger", "de-DE")


def test_an_unchanged_feed_is_not_sent_again(server: LocalServer) -> None:
    served = Served(_feed(_item(1)), headers={"ETag": '"v1"', "Last-Modified": "Mon, 09 Nov 2026 05:12:47 GMT"})
    first = _read(server, served)
    second = _read(server, served, first.cursor)
    assert (second.mentions, second.cursor) == ((), first.cursor)
    assert server.requests[1][1]["if-none-match"] == '"v1"'
    assert server.requests[1][1]["if-modified-since"] == "Mon, 09 Nov 2026 05:12:47 GMT"
    served.headers["ETag"] = '"v2"'
    assert len(_read(server, served, second.cursor).mentions) == 1


def test_a_feed_whose_end_is_missing_gives_what_is_there_and_is_fetched_again(server: LocalServer) -> None:
    served = Served(_feed(_item(1), _item(2))[:-120], headers={"ETag": '"v1"'})
    page = _read(server, served)
    assert page.mentions[0].external_id == "post-1"
    assert json.loads(page.cursor) == {}


def test_an_answer_that_breaks_off_may_work_later(server: LocalServer) -> None:
    with pytest.raises(TransientNetworkError, match="cannot be reached"):
        _read(server, Served(_feed(_item(1)), stated_length=9000))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_may_work_later(status: int, server: LocalServer) -> None:
    with pytest.raises(TransientNetworkError, match=f"HTTP {status} for now"):
        _read(server, Served(status=status))


def test_a_server_may_say_when_to_come_back(server: LocalServer) -> None:
    with pytest.raises(TransientNetworkError) as caught:
        _read(server, Served(status=429, headers={"Retry-After": "600"}))
    assert caught.value.retry_at == NOW + timedelta(minutes=10)


def test_an_entry_from_the_future_counts_from_now(server: LocalServer) -> None:
    item = "<item><title>A</title><pubDate>Mon, 09 Nov 2099 05:12:47 GMT</pubDate></item>"
    assert _read(server, Served(_feed(item))).mentions[0].created_at == NOW


@pytest.mark.parametrize("status", [401, 404, 410])
def test_a_wrong_address_is_said_to_be_wrong(status: int, server: LocalServer) -> None:
    with pytest.raises(NetworkError, match=f"HTTP {status}") as caught:
        _read(server, Served(status=status))
    assert not caught.value.is_transient
    assert "RSS_FEEDS" in caught.value.hint


def test_a_server_that_is_not_there_may_come_back(server: LocalServer) -> None:
    server.close()
    with pytest.raises(TransientNetworkError, match="cannot be reached"):
        RssNetwork(server.url, lambda: NOW).read("")


@pytest.mark.parametrize("body", [b"<html><body><h1>Hello</h1></body></html>", b"", b"\x00\xff", b'{"a": 1}', b"hello"])
def test_what_is_no_feed_is_said_to_be_none(body: bytes, server: LocalServer) -> None:
    with pytest.raises(NetworkError, match="is no RSS or Atom feed"):
        _read(server, Served(body))


def test_a_feed_that_names_a_file_of_this_machine_is_no_feed(server: LocalServer, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(_feed(_item(1)))
    with pytest.raises(NetworkError, match="is no RSS or Atom feed"):
        _read(server, Served(str(tmp_path / "feed.xml").encode()))


def test_a_feed_without_entries_is_a_feed(server: LocalServer) -> None:
    assert _read(server, Served(_feed())).mentions == ()


def test_a_redirect_is_followed(server: LocalServer) -> None:
    server.put("/new", Served(_feed(_item(1))))
    assert len(_read(server, Served(status=302, headers={"Location": "/new"})).mentions) == 1


def test_a_feed_that_is_too_large_is_refused(server: LocalServer) -> None:
    with pytest.raises(NetworkError, match="answers with more than 2 MB"):
        _read(server, Served(b" " * 2_000_001))


def test_a_feed_that_no_parser_ends_with_is_left_in_plain_words(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_reader, "_SECONDS", 2)
    with pytest.raises(NetworkError, match=r"The feed .* takes more than 2 seconds to read\."):
        _read(server, Served(_feed(f"<item><title>A</title><author>{'a.' * 200_000}</author></item>")))


@pytest.mark.parametrize("entry", ["<category>a</category>" * 40_000, f"<description>{'<!--' * 200_000}</description>"])
def test_a_feed_that_is_heavy_holds_no_thread_of_ours(entry: str, server: LocalServer) -> None:
    began = time.thread_time()
    with contextlib.suppress(NetworkError):
        _read(server, Served(_feed(f"<item><title>A</title>{entry}</item>")))
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 18 Nov 1960 10:00:00 GMT"])
def test_a_date_from_before_there_was_a_net_counts_as_none(date: str, server: LocalServer) -> None:
    page = _read(server, Served(_feed(f"<item><title>A</title><pubDate>{date}</pubDate></item>")))
    assert page.mentions[0].created_at == NOW


def test_an_id_as_long_as_a_page_is_kept_short(server: LocalServer) -> None:
    items = [f"<item><guid>{'x' * 5000}{number}</guid><title>A</title></item>" for number in range(2)]
    page = _read(server, Served(_feed(*items)))
    assert [len(mention.external_id) for mention in page.mentions] == [32, 32]
    assert len({mention.external_id for mention in page.mentions}) == 2


def test_an_entry_without_date_author_or_id_is_taken(server: LocalServer) -> None:
    served = Served(_feed("<item><title>Just a title</title></item>", "<item><link>https://f.example/2</link></item>"))
    page = _read(server, served)
    found = page.mentions[0]
    assert (found.created_at, found.author, found.url) == (NOW, "", None)
    assert len(found.external_id) == 32
    assert found.external_id == _read(server, served).mentions[0].external_id, "the same each time"
    assert page.rejected == (Rejected("entry 2", "has no text"),)


def test_entries_without_an_id_are_known_by_their_link_and_when_they_came_out(server: LocalServer) -> None:
    link = "<link>https://f.example/all</link>"
    served = Served(
        _feed(
            f"<item><title>Lost</title>{link}<pubDate>Mon, 23 Nov 2026 09:00:00 GMT</pubDate></item>",
            f"<item><title>Quick</title>{link}<pubDate>Mon, 23 Nov 2026 09:30:00 GMT</pubDate></item>",
            f"<item><title>Never</title>{link}</item>",
        )
    )
    ids = [mention.external_id for mention in _read(server, served).mentions]
    assert len(set(ids)) == 3, "several reviews of one page"
    assert all(one.startswith("https://f.example/all#") for one in ids)
    assert ids == [mention.external_id for mention in _read(server, served).mentions], "the same each time"


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "soon", "", "2026-02-31T25:61:00Z"])
def test_a_date_that_no_calendar_has_never_stops_a_feed(date: str, server: LocalServer) -> None:
    page = _read(server, Served(_feed(f"<item><title>A</title><pubDate>{date}</pubDate></item>", _item(1))))
    assert len(page.mentions) == 2


def test_a_text_full_of_brackets_is_read_in_no_time() -> None:
    assert isinstance(to_mention("rss:a", FeedEntry("", "", "<" * 100_000, "", "", None, None), NOW), Mention)


entries = st.builds(
    FeedEntry,
    *[st.text()] * 5,
    st.none() | st.text(),
    st.none() | st.tuples(*[st.integers(-99999, 99999)] * 6),
)


@given(entry=entries)
def test_any_entry_becomes_a_mention_or_a_reason(entry: FeedEntry) -> None:
    found = to_mention("rss:a", entry, NOW)
    if isinstance(found, Mention):
        assert found.text.strip() == found.text != ""
        assert found.mention_id == f"rss:a:{found.external_id}"
        assert found.external_id
        assert found.created_at.tzinfo is UTC
    else:
        assert found == "has no text"
