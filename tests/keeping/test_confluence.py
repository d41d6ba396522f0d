"""Spaces of Confluence over real HTTP: what everybody there may read is read, and nothing else ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes_api import Answer, ApiServer
from keeping.making import Keeper
from keeping.wiki import Wiki, WikiPage

from assistant.domain import Audience

_TABLE = "<table><tr><th>Plan</th><th>Fee</th></tr><tr><td>Family</td><td>29 pounds</td></tr></table>"


@pytest.fixture
def api() -> Iterator[ApiServer]:
    server = ApiServer()
    yield server
    server.close()


@pytest.fixture(params=["data center", "cloud"])
def wiki(request: pytest.FixtureRequest, api: ApiServer) -> Wiki:
    is_cloud = request.param == "cloud"
    key = "Basic YW5uQHguZXhhbXBsZTp3aWtpLWtleQ==" if is_cloud else "Bearer wiki-key"
    wiki = Wiki(api, "/wiki" if is_cloud else "", key=key)
    wiki.pages["1"] = WikiPage("Home", "<p>Welcome to the help of larkspur.</p>")
    wiki.pages["2"] = WikiPage("Prices", f"<h2>Fees</h2>{_TABLE}", above=("1",))
    wiki.pages["3"] = WikiPage("Refunds", "<p>Refunds take five workdays.</p>", above=("1",))
    wiki.pages["4"] = WikiPage("News", "<p>The shop in Ludlow opened.</p>", kind="blogpost")
    wiki.pages["att5"] = WikiPage("terms.md", b"# Terms\n\nNotice is thirty days.", page="3", kind="attachment")
    wiki.pages["att6"] = WikiPage("photo.raw", b"\x00\x01", page="3", kind="attachment")
    return wiki


@pytest.fixture
def keeper(tmp_path: Path, wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    monkeypatch.setenv("WIKI_TOKEN", "wiki-key")
    keeper = Keeper(tmp_path)
    _name(keeper, wiki)
    return keeper


def _name(keeper: Keeper, wiki: Wiki, *more: str) -> None:
    edition = ("edition: cloud", "user: ann@x.example") if wiki.top else ()
    fields = ("kind: confluence", "name: wiki", f"url: {wiki.server.url}", "space: HELP", "token: WIKI_TOKEN")
    keeper.write("  - " + "\n    ".join((*fields, *edition, *more)) + "\n")


def _find(keeper: Keeper, document_id: str) -> tuple[str | None, str, Audience]:
    """(url, title, audience) of a document."""
    rows = keeper.assistant.home.store.rows(
        "select url, title, audience from documents where source = 'wiki' and document_id = ?", document_id
    )
    return rows[0]["url"], rows[0]["title"], Audience(rows[0]["audience"])


def test_a_space_is_read_with_its_tree_its_tables_and_its_files(keeper: Keeper) -> None:
    report = keeper.sync("wiki")
    assert (report.failure, report.ingest.documents, report.ingest.skipped) == ("", 5, [])
    assert keeper.ids("wiki") == ["1", "2", "3", "4", "att5"]
    assert (keeper.hits("29"), keeper.hits("thirty"), keeper.hits("Ludlow")) == (1, 1, 1)


def test_what_did_not_change_is_neither_loaded_nor_embedded(keeper: Keeper, wiki: Wiki) -> None:
    keeper.sync("wiki")
    wiki.server.asked.clear()
    calls = keeper.embedder.calls
    report = keeper.sync("wiki", is_full=True)
    assert (report.ingest.unchanged, report.ingest.documents, keeper.embedder.calls) == (5, 0, calls)
    assert not [one.path for one in wiki.server.asked if "/content/3" in one.path or "/pages/3" in one.path]


def test_a_changed_page_is_read_again_and_a_renamed_or_moved_one_is_the_same_document(
    keeper: Keeper, wiki: Wiki
) -> None:
    keeper.sync("wiki")
    wiki.pages["3"].text, wiki.pages["3"].version = "<p>Refunds take seven weekdays.</p>", 2
    wiki.pages["2"].title, wiki.pages["2"].version = "Fees of all plans", 2
    wiki.pages["2"].above = ("1", "3")
    assert keeper.sync("wiki").ingest.documents == 2
    assert (keeper.hits("workdays"), keeper.hits("weekdays")) == (0, 1)
    assert _find(keeper, "2")[1] == "Fees of all plans"
    assert keeper.ids("wiki") == ["1", "2", "3", "4", "att5"]


def test_what_goes_to_the_trash_leaves_with_its_files(keeper: Keeper, wiki: Wiki) -> None:
    keeper.sync("wiki")
    del wiki.pages["3"], wiki.pages["att5"], wiki.pages["att6"]
    assert keeper.sync("wiki").ingest.removed == 2
    assert (keeper.hits("workdays"), keeper.hits("thirty")) == (0, 0)


def test_what_a_list_misses_stays_while_it_can_be_opened(keeper: Keeper, wiki: Wiki) -> None:
    keeper.sync("wiki")
    wiki.unlisted = {"4"}
    assert keeper.sync("wiki").ingest.removed == 0
    assert keeper.hits("Ludlow") == 1
    del wiki.pages["4"]
    assert keeper.sync("wiki").ingest.removed == 1


def test_what_moves_to_another_space_or_out_of_the_tree_leaves(keeper: Keeper, wiki: Wiki) -> None:
    keeper.sync("wiki")
    wiki.pages["4"].space = "OPS"
    assert keeper.sync("wiki").ingest.removed == 1
    wiki.pages["9"] = WikiPage("Abroad", "<p>Returns from abroad.</p>", above=("1", "2"))
    _name(keeper, wiki, "page: '2'")
    keeper.sync("wiki", may_remove=True)
    assert keeper.ids("wiki") == ["2", "9"]
    wiki.pages["9"].above = ("1", "3")
    keeper.sync("wiki", may_remove=True)
    assert keeper.ids("wiki") == ["2"]


def test_a_file_that_a_list_misses_stays_while_it_hangs_on_its_page(keeper: Keeper, wiki: Wiki) -> None:
    keeper.sync("wiki")
    wiki.unlisted = {"att5"}
    assert keeper.sync("wiki").ingest.removed == 0
    del wiki.pages["att5"]
    assert keeper.sync("wiki").ingest.removed == 1


def test_a_restricted_page_is_read_by_nobody_nor_is_what_lies_below_or_hangs_on_it(keeper: Keeper, wiki: Wiki) -> None:
    wiki.pages["3"].groups = ("board",)
    wiki.pages["7"] = WikiPage("Salaries", "<p>Everybody gets nine beans.</p>", above=("1", "3"))
    report = keeper.sync("wiki").ingest
    assert keeper.ids("wiki") == ["1", "2", "4"]
    assert {(one.document_id, one.reason) for one in report.skipped} == {
        (title, "is open to some people only there: nobody reads it here")
        for title in ("Refunds", "Salaries", "terms.md")
    }
    assert not [one for one in wiki.server.asked if "download" in one.path]


def test_a_page_that_becomes_restricted_leaves_at_once_however_much_that_is(keeper: Keeper, wiki: Wiki) -> None:
    keeper.sync("wiki")
    wiki.pages["1"].users = ("ann",)
    report = keeper.sync("wiki")
    assert (keeper.ids("wiki"), report.held, report.ingest.removed) == (["4"], 0, 4)
    wiki.pages["1"].users = ()
    assert keeper.sync("wiki").ingest.documents == 4, "and comes back when it is opened again"


@pytest.mark.parametrize(("is_open", "wanted"), [(True, 1), (False, 0), (None, 0)])
def test_what_stands_below_something_that_no_list_has_is_closed_unless_that_is_open(
    keeper: Keeper, wiki: Wiki, is_open: bool | None, wanted: int
) -> None:
    wiki.pages["8"] = WikiPage("Folded", "<p>The gate code is heather.</p>", above=("99",))
    if is_open is not None:
        wiki.folders["99"] = is_open
    keeper.sync("wiki")
    assert keeper.hits("heather") == wanted


def test_a_page_is_public_only_if_everybody_can_open_it(keeper: Keeper, wiki: Wiki) -> None:
    _name(keeper, wiki, "audience: public")
    wiki.pages["2"].is_public = True
    report = keeper.sync("wiki").ingest
    assert _find(keeper, "2")[2] is Audience.PUBLIC
    assert _find(keeper, "3")[2] is Audience.INTERNAL
    assert "cannot be opened without a key: it counts as internal" in {one.reason for one in report.unread}

    wiki.pages["2"].is_public = False
    keeper.sync("wiki")
    assert _find(keeper, "2")[2] is Audience.INTERNAL, "although its version is the same"


def test_only_the_tree_below_a_page_is_read_where_one_is_named(keeper: Keeper, wiki: Wiki) -> None:
    wiki.pages["9"] = WikiPage("Abroad", "<p>Returns from abroad.</p>", above=("1", "3"))
    _name(keeper, wiki, "page: '3'")
    keeper.sync("wiki")
    assert keeper.ids("wiki") == ["3", "9", "att5"]


def test_a_list_whose_cursor_expired_is_begun_again(keeper: Keeper, wiki: Wiki) -> None:
    wiki.lost_cursors = 1
    assert keeper.sync("wiki").failure == ""
    assert len(keeper.ids("wiki")) == 5
    wiki.lost_cursors = 9
    assert "broke off" in keeper.sync("wiki").failure
    assert len(keeper.ids("wiki")) == 5


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Answer({}, 401), "does not take the key"),
        (Answer({}, 403), "does not let us read this"),
        (Answer({}, 404), "has no such place"),
        (Answer({}, 429, {"Retry-After": "3600"}), "wants no more questions for a while"),
        (Answer({}, 500), "answers with HTTP 500"),
        (Answer(b"<html>Sign in</html>"), "answers with something else than it should"),
        (Answer({"results": [{"id": 5}]}), "answers with something else than it should"),
        (Answer([]), "answers with something else than it should"),
        (Answer({"results": []}, is_cut=True), "cannot be reached, or the connection broke off"),
    ],
)
def test_a_fault_is_told_plainly_and_everything_stays(keeper: Keeper, wiki: Wiki, fault: Answer, told: str) -> None:
    keeper.sync("wiki")
    wiki.server.break_down(fault)
    report = keeper.sync("wiki")
    assert told in report.failure
    assert "wiki-key" not in report.failure + report.hint
    assert len(keeper.ids("wiki")) == 5


def test_a_platform_that_wants_a_moments_rest_gets_it_and_the_round_goes_on(keeper: Keeper, wiki: Wiki) -> None:
    kept, tries = wiki.answer, []

    def answer(asked: object) -> Answer | None:
        tries.append(asked)
        return Answer({}, 429, {"Retry-After": "0"}) if len(tries) % 3 == 1 else kept(asked)  # type: ignore[arg-type]

    wiki.server.find = answer
    assert keeper.sync("wiki").failure == ""
    assert len(keeper.ids("wiki")) == 5


def test_a_page_that_fails_alone_is_named_and_the_others_are_read(keeper: Keeper, wiki: Wiki) -> None:
    kept = wiki.answer

    def answer(asked: object) -> Answer | None:
        given = kept(asked)  # type: ignore[arg-type]
        is_page = str(getattr(asked, "path", "")).endswith("/3")
        return Answer({}, 500) if is_page else given

    wiki.server.find = answer
    report = keeper.sync("wiki").ingest
    assert [one.document_id for one in report.skipped] == ["Refunds"]
    assert len(keeper.ids("wiki")) == 4
    wiki.server.find = kept
    assert keeper.sync("wiki").ingest.documents == 1
