"""What is shared with a connection of Notion, over real HTTP: pages, rows of databases, and nothing from the trash."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes_api import Answer, ApiServer, Asked
from keeping.making import Keeper

from assistant.domain import Audience
from assistant.errors import EmptyDocumentError
from assistant.knowledge.sources.notion.markdown import read_notion
from assistant.knowledge.sources.notion.properties import tell_fields


class Workspace:
    """Pages as Notion's public documentation shows its answers; a search gives two a part."""

    def __init__(self, server: ApiServer, keeper: Keeper) -> None:
        self.server = server
        self.pages: dict[str, dict[str, Any]] = {}
        self.texts: dict[str, dict[str, Any]] = {}
        self.unlisted: set[str] = set()
        self.lost_cursors = 0
        self._keeper = keeper
        server.find = self.answer

    def put(self, key: str, title: str, text: str, minutes: float = -60, **more: Any) -> None:
        """A page that was edited some minutes from now."""
        edited = (self._keeper.now + timedelta(minutes=minutes)).replace(second=0)
        name = {"type": "title", "title": [{"plain_text": title}]}
        self.pages[key] = {
            "object": "page",
            "id": key,
            "last_edited_time": edited.isoformat(),
            "in_trash": False,
            "url": f"https://www.notion.so/{key}",
            "public_url": None,
            **more,
            "properties": {"Name": name, **more.get("properties", {})},
        }
        self.texts[key] = {"object": "page_markdown", "id": key, "markdown": text}

    def answer(self, asked: Asked) -> Answer | None:
        """What Notion answers; None for what it does not know."""
        if asked.path.startswith("/public/"):
            page = next((one for one in self.pages.values() if str(one["public_url"]).endswith(asked.path)), None)
            return Answer(b"<html><body>Open.</body></html>") if page else None
        if asked.headers.get("authorization") != "Bearer notion-key":
            return Answer({"code": "unauthorized"}, 401)
        assert asked.headers["notion-version"] == "2025-09-03"
        if asked.path == "/v1/search":
            return self._search(json.loads(asked.body))
        key = asked.path.split("/")[3]
        found = self.texts.get(key) if asked.path.endswith("/markdown") else self.pages.get(key)
        return Answer(found) if found else None

    def _search(self, body: dict[str, Any]) -> Answer:
        start = int(body.get("start_cursor", 0))
        if start and self.lost_cursors:
            self.lost_cursors -= 1
            return Answer({"code": "validation_error"}, 400)
        listed = [page for key, page in self.pages.items() if key not in self.unlisted]
        more = start + 2 < len(listed)
        cursor = str(start + 2) if more else None
        return Answer({"results": listed[start : start + 2], "has_more": more, "next_cursor": cursor})


@pytest.fixture
def api() -> Iterator[ApiServer]:
    server = ApiServer()
    yield server
    server.close()


@pytest.fixture
def keeper(tmp_path: Path, api: ApiServer, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    monkeypatch.setenv("NOTION_TOKEN", "notion-key")
    keeper = Keeper(tmp_path)
    _name(keeper, api)
    return keeper


@pytest.fixture
def workspace(api: ApiServer, keeper: Keeper) -> Workspace:
    workspace = Workspace(api, keeper)
    workspace.put("a", "Handbook", "# Leave\n\nEverybody has thirty days.")
    workspace.put("b", "Prices", "<table><tr><td>Plan</td><td>Fee</td></tr><tr><td>Family</td><td>29</td></tr></table>")
    state = {"State": {"type": "status", "status": {"name": "Cancelled"}}}
    workspace.put("c", "Ticket 7", "The lamp flickers.", properties=state)
    return workspace


def _name(keeper: Keeper, api: ApiServer, *more: str) -> None:
    fields = ("kind: notion", "name: notes", "token: NOTION_TOKEN", f"url: {api.url}", *more)
    keeper.write("  - " + "\n    ".join(fields) + "\n")


def _audience(keeper: Keeper, key: str) -> Audience:
    rows = keeper.assistant.home.store.rows("select audience from documents where document_id = ?", key)
    return Audience(rows[0]["audience"])


def test_all_that_is_shared_is_read_rows_with_their_fields(keeper: Keeper, workspace: Workspace) -> None:
    report = keeper.sync("notes")
    assert (report.failure, report.ingest.documents) == ("", 3)
    assert (keeper.hits("thirty"), keeper.hits("29"), keeper.hits("cancelled")) == (1, 1, 1)


def test_what_did_not_change_is_not_loaded_again(keeper: Keeper, workspace: Workspace, api: ApiServer) -> None:
    keeper.sync("notes")
    api.asked.clear()
    assert keeper.sync("notes", is_full=True).ingest.unchanged == 3
    assert {one.path for one in api.asked} == {"/v1/search"}


def test_a_page_edited_a_moment_ago_is_looked_at_again_because_notion_tells_only_the_minute(
    keeper: Keeper, workspace: Workspace
) -> None:
    workspace.put("a", "Handbook", "Everybody has thirty days.", minutes=10)
    keeper.sync("notes")
    workspace.put("a", "Handbook", "Everybody has forty days.", minutes=0)
    assert keeper.sync("notes").ingest.documents == 1
    assert (keeper.hits("thirty"), keeper.hits("forty")) == (0, 1)


def test_what_goes_to_the_trash_leaves(keeper: Keeper, workspace: Workspace) -> None:
    keeper.sync("notes")
    workspace.pages["c"]["in_trash"] = True
    assert keeper.sync("notes").ingest.removed == 1
    assert keeper.ids("notes") == ["a", "b"]


def test_what_a_search_misses_stays_while_it_is_shared(keeper: Keeper, workspace: Workspace) -> None:
    keeper.sync("notes")
    workspace.unlisted = {"b"}
    assert keeper.sync("notes").ingest.removed == 0
    del workspace.pages["b"]
    assert keeper.sync("notes").ingest.removed == 1


def test_a_connection_that_suddenly_sees_nothing_removes_nothing(keeper: Keeper, workspace: Workspace) -> None:
    keeper.sync("notes")
    workspace.pages.clear()
    assert keeper.sync("notes").held == 3
    assert keeper.ids("notes") == ["a", "b", "c"]


def test_a_page_is_public_only_while_it_is_published(keeper: Keeper, workspace: Workspace, api: ApiServer) -> None:
    _name(keeper, api, "audience: public")
    workspace.pages["a"]["public_url"] = f"{api.url}/public/a"
    workspace.pages["b"]["public_url"] = f"{api.url}/closed"
    keeper.sync("notes")
    assert [_audience(keeper, key) for key in "abc"] == [Audience.PUBLIC, Audience.INTERNAL, Audience.INTERNAL]
    workspace.pages["a"]["public_url"] = None
    keeper.sync("notes")
    assert _audience(keeper, "a") is Audience.INTERNAL


def test_parts_that_notion_gives_only_by_themselves_are_read_and_what_it_keeps_back_is_said(
    keeper: Keeper, workspace: Workspace
) -> None:
    workspace.texts["a"] |= {"truncated": True, "unknown_block_ids": ["part", "hidden", "part"]}
    workspace.texts["part"] = {"markdown": "Carers get six days more."}
    report = keeper.sync("notes").ingest
    assert keeper.hits("carers") == 1
    assert "was read without 1 of its parts, which Notion does not give us" in {one.reason for one in report.unread}


def test_a_search_whose_cursor_expired_is_begun_again(keeper: Keeper, workspace: Workspace) -> None:
    workspace.lost_cursors = 1
    assert keeper.sync("notes").failure == ""
    assert len(keeper.ids("notes")) == 3


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Answer({"code": "unauthorized"}, 401), "does not take the key"),
        (Answer({"code": "restricted_resource"}, 403), "does not let us read this"),
        (Answer({"code": "rate_limited"}, 429, {"Retry-After": "900"}), "wants no more questions"),
        (Answer({}, 502), "answers with HTTP 502"),
        (Answer({"results": [{"id": "a"}]}), "something else than it should"),
        (Answer({"results": []}, is_cut=True), "the connection broke off"),
    ],
)
def test_a_fault_is_told_plainly_and_everything_stays(
    keeper: Keeper, workspace: Workspace, api: ApiServer, fault: Answer, told: str
) -> None:
    keeper.sync("notes")
    api.break_down(fault)
    report = keeper.sync("notes")
    assert told in report.failure
    assert "notion-key" not in report.failure + report.hint
    assert len(keeper.ids("notes")) == 3


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<callout icon="x" color="red">\n\tMind the **step**.\n</callout>', "Mind the **step**."),
        ("<details>\n<summary>Why?</summary>\n\tBecause.\n</details>", "**Why?**\n\nBecause."),
        ("- One\n\t- Two", "- One\n  - Two"),
        ('## Fees {color="blue"}', "## Fees"),
        ("It costs 5 \\$ \\[net\\].", "It costs 5 $ [net]."),
        ('Ask <mention-user url="user://1">Ann</mention-user>.<br>Or Ben.', "Ask Ann. Or Ben."),
        ("```\n\tkept <b> \\[\n```", "```\n\tkept <b> \\[\n```"),
        ('<page url="https://x.example">Below</page>', "Below"),
    ],
)
def test_notions_tags_go_and_what_they_show_stays(written: str, shown: str) -> None:
    assert read_notion(written.encode()).text == shown


def test_files_in_a_page_are_named_as_unread_and_an_empty_page_says_so() -> None:
    assert read_notion(b'Terms.\n<pdf src="https://x.example/a.pdf">a.pdf</pdf>').unread == ("1 file",)
    with pytest.raises(EmptyDocumentError):
        read_notion(b"<empty-block/>")


def test_fields_of_a_row_are_told_as_people_read_them() -> None:
    fields = {
        "Name": {"type": "title", "title": [{"plain_text": "Lamp"}]},
        "Due": {"type": "date", "date": {"start": "2026-12-01", "end": "2026-12-03"}},
        "Tags": {"type": "multi_select", "multi_select": [{"name": "indoor"}, {"name": "new"}]},
        "Price": {"type": "number", "number": 0},
        "Done": {"type": "checkbox", "checkbox": False},
        "Total": {"type": "formula", "formula": {"type": "number", "number": 7}},
        "Number": {"type": "unique_id", "unique_id": {"prefix": "T", "number": 4}},
        "Empty": {"type": "select", "select": None},
        "Odd": "?",
    }
    assert tell_fields(fields).split("\n") == [
        "- Due: 2026-12-01 to 2026-12-03",
        "- Tags: indoor, new",
        "- Price: 0",
        "- Done: no",
        "- Total: 7",
        "- Number: T-4",
    ]
