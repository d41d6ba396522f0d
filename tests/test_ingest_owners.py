"""Who may know: ingest keeps a document's owner up to date, also when the document itself does not change."""

from datetime import datetime
from pathlib import Path

import pytest
from index.bench import Bench
from sources.repositories import ANN, BEN, Repository

from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.passages import PassageTables


@pytest.fixture
def bench(documents: DocumentTables, vectors: ChromaIndex, passages: PassageTables, now: datetime) -> Bench:
    return Bench(documents, vectors, passages, now)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "docs")
    repository.write("own.md", "---\nowner: ann@x.example\n---\nThe text of own.", BEN)
    repository.write("free.md", "The text of free.", BEN)
    return repository


def _owners(bench: Bench) -> dict[str, str | None]:
    return {chunk.document_id: chunk.owner for chunk in bench.documents.chunks(list(range(100))).values()}


def test_the_files_own_word_counts_then_codeowners_then_the_last_author(bench: Bench, repository: Repository) -> None:
    repository.write("ruled.md", "The text of ruled.", BEN)
    repository.write("CODEOWNERS", "ruled.md @writers\nown.md @writers\n")
    bench.run(repository.top)
    assert _owners(bench) == {"own.md": "ann@x.example", "ruled.md": "@writers", "free.md": "Ben Birch"}


def test_a_changed_owner_reaches_an_unchanged_document_and_nothing_is_embedded(
    bench: Bench, repository: Repository
) -> None:
    bench.run(repository.top)
    calls = bench.embedder.calls
    for rules, owner in (("* @first", "@first"), ("* @second", "@second"), ("", "Ben Birch")):
        repository.write("CODEOWNERS", rules, ANN)
        report = bench.run(repository.top)
        assert (report.unchanged, report.documents) == (2, 0)
        assert _owners(bench) == {"own.md": "ann@x.example", "free.md": owner}
    assert bench.embedder.calls == calls
    bench.check_in_step()


def test_a_document_that_drops_its_own_owner_is_given_another(bench: Bench, repository: Repository) -> None:
    bench.run(repository.top)
    repository.write("own.md", "The text of own.", BEN)
    bench.run(repository.top)
    assert _owners(bench)["own.md"] == "Ben Birch"


def test_a_single_file_learns_its_owner_too(bench: Bench, repository: Repository) -> None:
    bench.run(repository.top)
    repository.write("CODEOWNERS", "* @team")
    bench.run(repository.top / "free.md")
    assert _owners(bench) == {"own.md": "ann@x.example", "free.md": "@team"}


def test_a_folder_that_nobody_tends_has_no_owners(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "a.md").write_text("The text of a.")
    bench.run(tmp_path / "alone")
    assert _owners(bench) == {"a.md": None}
