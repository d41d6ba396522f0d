"""Sources of documents in tests: an Assistant of its own with a clock that stands until it is moved."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience
from assistant.knowledge.sources.sync import SyncReport
from assistant.text.tokens import find_terms


class Keeper:
    """An Earshot with a sources.yaml."""

    def __init__(self, folder: Path, embedder: FakeEmbedder | None = None) -> None:
        self.folder = folder
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.file = folder / "sources.yaml"
        self.embedder = embedder or FakeEmbedder()
        settings = Settings.model_validate({"earshot_home": folder / "home", "sources_file": self.file})
        self.assistant = Assistant(settings, clock=lambda: self.now, embedder=self.embedder)

    def write(self, text: str) -> None:
        """Write sources.yaml."""
        self.file.write_text(f"sources:\n{text}", encoding="utf-8")

    def sync(self, name: str, is_full: bool = False, may_remove: bool = False, minutes: float = 10) -> SyncReport:
        """Read a source, some minutes later."""
        self.now += timedelta(minutes=minutes)
        knowledge = self.assistant.knowledge
        return knowledge.syncing.sync(knowledge.read_source_settings().find(name), is_full, may_remove)

    def ids(self, root: str) -> list[str]:
        """The documents of a source."""
        return sorted(self.assistant.knowledge.documents.hashes(root))

    def hits(self, text: str) -> int:
        """How many chunks have this word."""
        words = self.assistant.knowledge.words
        return sum(len(words.search(audience, find_terms(text), 2.0, 100)) for audience in Audience)

    def seconds(self, name: str) -> float | None:
        """Nineteen of twenty changes of a source were in answers within this time."""
        found = self.assistant.knowledge.source_states.freshness(self.now).get(name)
        return round(found.seconds) if found else None


def write_pages(folder: Path, numbers: Sequence[int], text: str = "The text of number{}.") -> None:
    """Pages in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number}.md").write_text(f"# Page {number}\n\n{text.format(number)}\n")
