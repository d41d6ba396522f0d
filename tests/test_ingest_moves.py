"""Documents that lie elsewhere now are followed by their content, and most of a root never vanishes without a word."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from index.bench import Bench

from assistant.errors import InputError
from assistant.knowledge.ingest.addresses import build_address
from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.passages import PassageTables


@pytest.fixture
def bench(documents: DocumentTables, vectors: ChromaIndex, passages: PassageTables, now: datetime) -> Bench:
    return Bench(documents, vectors, passages, now)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for number in range(6):
        _write(tmp_path / "docs" / "public" / f"{number}.md", f"# Page\n\nThe text of number{number}.")
    return tmp_path / "docs"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_only_the_passages_that_changed_are_embedded_again(bench: Bench, docs: Path) -> None:
    page = _write(docs / "long.md", "# Long\n\n## One\n\nThe text of one.\n\n## Two\n\nThe text of two.")
    bench.run(docs)
    _write(page, "# Long\n\n## Zero\n\nThe text of zero.\n\n## One\n\nThe text of one.\n\n## Two\n\nThe text of three.")
    report = bench.run(docs)
    assert (report.documents, report.chunks, report.embedded) == (1, 3, 2)
    assert (bench.hits("two"), bench.hits("three"), bench.hits("one")) == ([0, 1], [0, 2 - 1], [0, 1])
    bench.check_in_step()


def test_a_renamed_file_is_followed_and_not_embedded_again(bench: Bench, docs: Path) -> None:
    bench.run(docs)
    (docs / "public" / "0.md").rename(docs / "public" / "first.md")
    report = bench.run(docs)
    assert (report.moved, report.removed, report.embedded) == (1, 0, 0)
    assert "public/first.md" in bench.ids()
    assert "public/0.md" not in bench.ids()
    bench.check_in_step()


def test_a_file_that_was_moved_out_of_public_is_internal(bench: Bench, docs: Path) -> None:
    bench.run(docs)
    assert bench.hits("number0") == [1, 0]
    _write(docs / "internal" / "x", "")
    (docs / "public" / "0.md").rename(docs / "internal" / "0.md")
    bench.run(docs)
    assert bench.hits("number0") == [0, 1]
    bench.check_in_step()


def test_a_moved_root_is_followed_by_content(bench: Bench, docs: Path, tmp_path: Path) -> None:
    bench.run(docs)
    shutil.move(docs, tmp_path / "elsewhere" / "wiki")
    _write(tmp_path / "elsewhere" / "wiki" / "public" / "0.md", "# Page\n\nThe text of changed.")
    report = bench.run(tmp_path / "elsewhere" / "wiki")
    assert (report.moved, report.embedded, report.gone) == (6, 1, [])
    assert bench.documents.sources() == [str(tmp_path / "elsewhere" / "wiki")]
    assert (bench.hits("number0"), bench.hits("changed")) == ([0, 0], [1, 0])
    bench.check_in_step()


def test_a_folder_that_was_renamed_is_followed_though_its_page_changed(bench: Bench, tmp_path: Path) -> None:
    _write(tmp_path / "docs" / "coffee.md", "The text says Fridays.")
    bench.run(tmp_path / "docs")
    (tmp_path / "docs").rename(tmp_path / "wissen")
    _write(tmp_path / "wissen" / "coffee.md", "The text says Mondays.")
    bench.run(tmp_path / "wissen")
    assert (bench.hits("fridays"), bench.hits("mondays")) == ([0, 0], [0, 1])
    bench.check_in_step()


def test_another_root_is_not_taken_for_one_that_is_gone(bench: Bench, docs: Path, tmp_path: Path) -> None:
    bench.run(docs)
    shutil.move(docs, tmp_path / "away")
    _write(tmp_path / "other" / "page.md", "The text of another.")
    report = bench.run(tmp_path / "other")
    assert report.moved == 0
    assert [one.document_id for one in report.gone] == [str(docs)]
    assert "6 documents of it are still found: earshot sources remove" in report.gone[0].reason


def test_most_of_a_root_vanishes_only_when_somebody_says_so(bench: Bench, docs: Path) -> None:
    bench.run(docs)
    for page in docs.rglob("*.md"):
        page.unlink()
    report = bench.run(docs)
    assert (report.removed, report.has_failed, len(bench.ids())) == (0, True, 6)
    assert report.kept[0].reason.startswith("6 of 6 documents are not there any more")
    bench.may_remove = True
    report = bench.run(docs)
    assert (report.removed, report.has_failed, bench.ids()) == (6, False, [])
    bench.check_in_step()


def test_a_few_deleted_files_leave_without_a_question(bench: Bench, docs: Path) -> None:
    bench.run(docs)
    for number in range(4):
        (docs / "public" / f"{number}.md").unlink()
    assert bench.run(docs).removed == 4


def test_an_address_leads_to_each_document_of_its_folder(bench: Bench, docs: Path) -> None:
    _write(docs / "own.md", "---\nurl: https://x.example/own\n---\nThe text of own.")
    bench.run(docs)
    report = bench.run(docs, address="https://docs.example/{page}")
    assert (report.documents, report.embedded) == (7, 0)
    [chunk] = [one for one in bench.documents.chunks(list(range(50))).values() if one.document_id == "public/0.md"]
    assert chunk.url == "https://docs.example/public/0"
    [own] = [one for one in bench.documents.chunks(list(range(50))).values() if one.document_id == "own.md"]
    assert own.url == "https://x.example/own"
    assert bench.run(docs).unchanged == 7, "the address stays without being named again"


@pytest.mark.parametrize(
    ("rule", "document_id", "wanted"),
    [
        ("https://x.example/docs/", "a b/c.md", "https://x.example/docs/a%20b/c.md"),
        ("https://x.example/{page}", "guide/index.md", "https://x.example/guide"),
        ("https://x.example/{page}", "README.md", "https://x.example/"),
        ("https://x.example/{page}.html?from=bot", "a/b.rst", "https://x.example/a/b.html?from=bot"),
        ("https://git.example/blob/main/{path}?plain=1", "a/b.md", "https://git.example/blob/main/a/b.md?plain=1"),
    ],
)
def test_an_address_is_made_from_the_path(rule: str, document_id: str, wanted: str) -> None:
    assert build_address(rule, document_id) == wanted


@pytest.mark.parametrize("rule", ["docs.example/{page}", "file:///etc/{path}", "javascript:alert(1)", "http://[::1"])
def test_what_is_no_web_address_is_refused_before_anything_is_read(bench: Bench, docs: Path, rule: str) -> None:
    with pytest.raises(InputError, match="no web address"):
        bench.run(docs, address=rule)
    assert bench.ids() == []


def test_what_was_not_read_of_a_document_is_kept_until_it_is(bench: Bench, docs: Path) -> None:
    page = _write(docs / "latin.txt", "")
    page.write_bytes("The text of Café.".encode("cp1252"))
    said = "does not say its encoding: it was read as windows-1252"
    assert [one.reason for one in bench.run(docs).unread] == [said]
    assert [(one.document_id, one.remark) for one in bench.sources.list_remarks()] == [("latin.txt", said)]
    page.write_text("The text of Café.")
    bench.run(docs)
    assert bench.sources.list_remarks() == []


def test_a_document_has_the_day_of_its_file_where_nothing_else_says_one(bench: Bench, docs: Path) -> None:
    _write(docs / "dated.md", "---\nupdated: 2 March 2026\n---\nThe text of dated.")
    bench.run(docs)
    days = {one.document_id: one.updated_on for one in bench.documents.chunks(list(range(50))).values()}
    assert str(days["dated.md"]) == "2026-03-02"
    assert days["public/0.md"] is not None
