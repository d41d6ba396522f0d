"""One EARSHOT_HOME: its settings, its clock, its database and its prompts, shared by every department."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from assistant.core.audit import AuditTables
from assistant.core.config import Settings
from assistant.core.database import Store
from assistant.core.prompts import Prompts
from assistant.core.schedule_tables import ScheduleTables
from assistant.core.shipped import find_shipped
from assistant.core.wording import Wordings


def read_clock() -> datetime:
    """Now, as aware UTC."""
    return datetime.now(UTC)


class Home:
    """Opened when the first department asks for it: `earshot --help` and a restore must work without a database."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], on_open: Callable[[Store], None]) -> None:
        self.settings = settings
        self.clock = clock
        self._on_open = on_open

    @property
    def path(self) -> Path:
        return self.settings.earshot_home

    @cached_property
    def _shipped(self) -> Path:
        return find_shipped("prompts")

    @cached_property
    def store(self) -> Store:
        store = Store(self.path / "earshot.db")
        self._on_open(store)
        return store

    @cached_property
    def audit(self) -> AuditTables:
        return AuditTables(self.store)

    @cached_property
    def schedules(self) -> ScheduleTables:
        return ScheduleTables(self.store)

    @cached_property
    def prompts(self) -> Prompts:
        folder = self.settings.prompts_dir
        return Prompts(self._shipped if folder == Path("prompts") and not folder.is_dir() else folder)

    @cached_property
    def wordings(self) -> Wordings:
        """What Earshot says itself, by language: the company's words go before the shipped ones."""
        return Wordings(self.prompt_folders)

    @property
    def prompt_folders(self) -> tuple[Path, ...]:
        """The folders with what Earshot ships and what the company wrote, each once."""
        return tuple(dict.fromkeys(folder.resolve() for folder in (self._shipped, self.settings.prompts_dir)))

    def today(self) -> date:
        """The day it is in the company's time zone."""
        return self.clock().astimezone(self.settings.zone).date()
