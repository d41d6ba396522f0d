"""What every test may ask for: a store, documents, vectors, a web server, and the real embedder."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, LocalServer
from hypothesis import settings as hypothesis_settings

from assistant.core.database import Store
from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.passages import PassageTables, build_passage_schema
from assistant.text.embedding import SentenceTransformerEmbedder

# By the clock, a busy machine would make tests fail that are right.
hypothesis_settings.register_profile("earshot", deadline=None)
hypothesis_settings.load_profile("earshot")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the very last line which tests did not run for lack of a browser, and how to get one."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    reasons = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    if number := sum("the browser tests need" in reason for reason in reasons):
        what = "apt-get install chromium chromium-driver"
        reporter.write_line(f"{number} browser tests were skipped; to run them: {what}")


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all its tables and no rows, made once a worker and copied: a copy costs a tenth."""
    made = tmp_path_factory.mktemp("template")
    store = Store(made / "made.db")
    store.backup_to(made / "earshot.db")
    store.close()
    return made / "earshot.db"


@pytest.fixture
def store(tmp_path: Path, database_template: Path) -> Iterator[Store]:
    """A fresh SQLite database."""
    (tmp_path / "home").mkdir(exist_ok=True)
    shutil.copy(database_template, tmp_path / "home" / "earshot.db")
    store = Store(tmp_path / "home" / "earshot.db")
    yield store
    store.close()


@pytest.fixture
def documents(store: Store) -> DocumentTables:
    """The tables of the knowledge in the fresh database."""
    return DocumentTables(store)


@pytest.fixture
def passages(tmp_path: Path) -> Iterator[PassageTables]:
    """Fresh tables of what an embedder makes of chunks."""
    store = Store(tmp_path / "home" / "passages.db", build_passage_schema())
    yield PassageTables(store)
    store.close()


@pytest.fixture
def vectors(tmp_path: Path) -> ChromaIndex:
    """A fresh embedded Chroma."""
    return ChromaIndex(tmp_path / "home" / "chroma")


@pytest.fixture
def embedder() -> FakeEmbedder:
    """An embedder that needs no model."""
    return FakeEmbedder()


@pytest.fixture(scope="session")
def real_embedder() -> SentenceTransformerEmbedder:
    """The bundled model, loaded once: only for tests in which meaning matters."""
    return SentenceTransformerEmbedder()


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A web server of our own on this machine."""
    server = LocalServer()
    yield server
    server.close()
