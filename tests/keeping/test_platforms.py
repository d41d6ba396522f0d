"""Help centres, and issues with releases, over real HTTP: what customers see, what staff see, and what nobody does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes_api import Answer, ApiServer, Asked
from keeping.making import Keeper

from assistant.domain import Audience
from assistant.errors import ConfigError
from assistant.knowledge.sources.settings import parse_sources


@pytest.fixture
def api() -> Iterator[ApiServer]:
    server = ApiServer()
    yield server
    server.close()


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    monkeypatch.setenv("PLATFORM_TOKEN", "secret-key")
    return Keeper(tmp_path)


def _name(keeper: Keeper, *fields: str) -> None:
    keeper.write("  - " + "\n    ".join(("name: place", "token: PLATFORM_TOKEN", *fields)) + "\n")


def _audiences(keeper: Keeper) -> dict[str, Audience]:
    rows = keeper.assistant.home.store.rows("select document_id, audience from documents where source = 'place'")
    return {row["document_id"]: Audience(row["audience"]) for row in rows}


def _article(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Article {number}",
        "body": f"<p>{text}</p>",
        "html_url": f"https://help.larkspur.example/{number}",
        "updated_at": "2026-11-01T09:00:00Z",
        "draft": False,
        "user_segment_id": None,
        **more,
    }


class ZendeskDouble:
    """A help centre: without a key only articles without a segment; two articles a page."""

    def __init__(self, api: ApiServer) -> None:
        self.articles: list[dict[str, Any]] = []
        self.is_behind_login = False
        self.url = api.url
        api.find = self.answer

    def answer(self, asked: Asked) -> Answer | None:
        is_known = asked.headers.get("authorization", "").startswith("Basic ")
        if asked.path.endswith("user_segments.json"):
            built_in = [{"id": 1, "built_in": True}, {"id": 2, "built_in": False}]
            return Answer({"user_segments": built_in, "meta": {"has_more": False}, "links": {}})
        if not is_known and self.is_behind_login:
            return Answer({}, 401)
        seen = [one for one in self.articles if is_known or (one["user_segment_id"] is None and not one["draft"])]
        if asked.path.endswith("/articles.json"):
            start = int(asked.query.get("page[after]", 0))
            more = start + 2 < len(seen)
            links = {"next": f"{self.url}{asked.path}?page[size]=100&page[after]={start + 2}"} if more else {}
            return Answer({"articles": seen[start : start + 2], "links": links, "meta": {"has_more": more}})
        return Answer({}) if any(asked.path.endswith(f"/{one['id']}.json") for one in seen) else None


@pytest.fixture
def zendesk(api: ApiServer, keeper: Keeper) -> ZendeskDouble:
    _name(keeper, "kind: zendesk", f"url: {api.url}/hc/en-us", "user: ann@x.example", "audience: public")
    double = ZendeskDouble(api)
    double.articles = [
        _article(10, "Refunds take five workdays."),
        _article(11, "Agents may refund ninety pounds.", user_segment_id=1),
        _article(12, "Only for the board: heather.", user_segment_id=2),
        _article(13, "Not written to its end.", draft=True),
        _article(14, "Shops open at nine."),
    ]
    return double


def test_of_a_help_centre_drafts_are_left_out_and_segments_decide_who_reads(
    keeper: Keeper, zendesk: ZendeskDouble
) -> None:
    report = keeper.sync("place")
    assert report.failure == ""
    assert _audiences(keeper) == {"10": Audience.PUBLIC, "11": Audience.INTERNAL, "14": Audience.PUBLIC}
    assert [one.document_id for one in report.ingest.skipped] == ["Article 12"]
    calls = keeper.embedder.calls
    assert (keeper.sync("place").ingest.unchanged, keeper.embedder.calls) == (3, calls)


def test_an_article_that_becomes_a_draft_or_gets_readers_of_its_own_leaves(
    keeper: Keeper, zendesk: ZendeskDouble
) -> None:
    keeper.sync("place")
    zendesk.articles[0]["draft"] = True
    zendesk.articles[4]["user_segment_id"] = 2
    keeper.sync("place")
    assert (keeper.hits("nine"), keeper.hits("five")) == (0, 0)
    assert keeper.ids("place") == ["11"]


def test_a_help_centre_that_asks_for_a_login_is_internal(keeper: Keeper, zendesk: ZendeskDouble) -> None:
    keeper.sync("place")
    zendesk.is_behind_login = True
    keeper.sync("place", is_full=True)
    assert set(_audiences(keeper).values()) == {Audience.INTERNAL}


def test_published_articles_of_intercom_are_read_and_public_where_everybody_can_open_them(
    keeper: Keeper, api: ApiServer
) -> None:
    _name(keeper, "kind: intercom", f"url: {api.url}", "audience: public")
    api.put("/help/1", Answer(b"<html>Open</html>"))
    first = {"id": "1", "title": "Pause", "body": "<p>Pause in the app.</p>", "state": "published"}
    second = {"id": "2", "title": "Staff", "body": "<p>Ring the depot.</p>", "state": "published", "url": None}
    draft = {"id": "3", "title": "Soon", "body": "<p>Later.</p>", "state": "draft"}
    parts = [
        {"data": [{**first, "url": f"{api.url}/help/1", "updated_at": 1}], "pages": {"page": 1, "total_pages": 2}},
        {"data": [second, draft], "pages": {"page": 2, "total_pages": 2}},
    ]
    api.put("/articles", *parts)
    assert keeper.sync("place").failure == ""
    assert _audiences(keeper) == {"1": Audience.PUBLIC, "2": Audience.INTERNAL}
    assert [one["page"] for one in api.queries("/articles")] == ["1", "2"]


def _issue(number: int, title: str, body: str, **more: Any) -> dict[str, Any]:
    address = f"https://git.larkspur.example/shop/app/issues/{number}"
    return {
        "number": number,
        "title": title,
        "body": body,
        "state": "open",
        "html_url": address,
        "updated_at": "2026-11-01T09:00:00Z",
        "labels": [{"name": "bug"}],
        **more,
    }


@pytest.fixture
def github(api: ApiServer, keeper: Keeper) -> str:
    """The path of a repository's API with two issues, a pull request, answers and a release."""
    _name(keeper, "kind: issues", f"url: {api.url}/shop/app", "host: github")
    top = "/api/v3/repos/shop/app"
    link = {"Link": f'<{api.url}{top}/issues?page=2>; rel="next"'}
    crash = _issue(1, "The map flickers", "It flickers since 4.2.")
    pull = _issue(3, "Mend the map", "A change.", pull_request={"url": "x"})
    solved = _issue(2, "Login loops", "It loops.", state="closed")
    api.put(f"{top}/issues", Answer([crash, pull], headers=link), Answer([solved]))
    issue_url = f"{api.url}{top}/issues/1"
    mine = {"body": "Switch off dark mode until 4.3.", "issue_url": issue_url, "author_association": "MEMBER"}
    other = {"body": "Buy mushrooms.", "issue_url": issue_url, "author_association": "NONE"}
    api.put(f"{top}/issues/comments", Answer([mine, other]))
    release = {"id": 7, "name": "4.3", "tag_name": "v4.3", "body": "Mends the map.", "html_url": "https://x.example/r"}
    api.put(f"{top}/releases", Answer([{**release, "published_at": "2026-11-02T09:00:00Z"}]))
    return top


def test_a_known_bug_is_found_with_its_state_and_what_the_team_answered(keeper: Keeper, github: str) -> None:
    report = keeper.sync("place")
    assert (report.failure, keeper.ids("place")) == ("", ["issue/1", "issue/2", "release/7"])
    assert (keeper.hits("flickers"), keeper.hits("solved"), keeper.hits("dark")) == (1, 1, 1)
    assert keeper.hits("mushrooms") == 0, "what strangers comment is no knowledge of the company's"


def test_too_many_questions_are_no_wrong_key(keeper: Keeper, github: str, api: ApiServer) -> None:
    keeper.sync("place")
    api.break_down(Answer({"message": "rate limit"}, 403, {"x-ratelimit-remaining": "0"}))
    assert "wants no more questions" in keeper.sync("place").failure
    assert len(keeper.ids("place")) == 3


def test_issues_of_a_public_repository_are_public_only_while_everybody_sees_it(
    keeper: Keeper, github: str, api: ApiServer
) -> None:
    _name(keeper, "kind: issues", f"url: {api.url}/shop/app", "host: github", "audience: public")
    api.put(github, Answer({"private": False}))
    keeper.sync("place")
    assert set(_audiences(keeper).values()) == {Audience.PUBLIC}
    api.put(github, Answer({"message": "Not Found"}, 404))
    api.put(f"{github}/issues", Answer([_issue(1, "The map flickers", "It flickers."), _issue(2, "Login", "Loops.")]))
    keeper.sync("place", is_full=True)
    assert set(_audiences(keeper).values()) == {Audience.INTERNAL}


def test_a_confidential_issue_of_gitlab_is_read_by_nobody(keeper: Keeper, api: ApiServer) -> None:
    _name(keeper, "kind: issues", f"url: {api.url}/shop/app", "host: gitlab")
    issue = {"iid": 1, "title": "Slow", "description": "It is slow.", "state": "opened", "updated_at": "2026-11-01"}
    secret = {"iid": 2, "title": "Hole", "description": "Heather.", "state": "opened", "updated_at": "2026-11-01"}
    issues = [{**issue, "web_url": "https://x.example/1"}, {**secret, "web_url": "y", "confidential": True}]
    api.put("/api/v4/projects/shop%2Fapp/issues", Answer(issues))
    report = keeper.sync("place")
    assert (report.failure, keeper.ids("place")) == ("", ["issue/1"])
    assert [one.document_id for one in report.ingest.skipped] == ["Hole"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("kind: issues\n    url: https://code.x.example/a/b", "host must be github or gitlab"),
        ("kind: issues\n    url: https://github.com/larkspur", "must be the address of a repository"),
        ("kind: zendesk\n    url: help", "url must be an address"),
        ("kind: confluence\n    url: https://wiki.x.example", "space is missing"),
        ("kind: notion", "token is missing"),
    ],
)
def test_a_wrong_section_is_told_with_its_line(fields: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_sources(f"sources:\n  - name: a\n    {fields}\n", "sources.yaml")
    assert told in caught.value.message
    assert "line " in caught.value.message
