"""How each source stands, for people: when it was read, what failed, what waits, and how fresh answers are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.knowledge.sources.registry import find_root
from assistant.knowledge.sources.section import SourceSection
from assistant.knowledge.sources.settings import SourceSettings
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.source_states import Freshness95, SourceState, SourceStateTables

_EARLY = timedelta(seconds=30)  # rounds begin once a minute, and not on the second


@dataclass(frozen=True)
class SourceStanding:
    """A source of sources.yaml, its documents, how it was read last, and how many of them wait for an admin's word.

    Of its documents, `restricted` are for some readers alone.
    """

    section: SourceSection
    documents: int
    state: SourceState | None = None
    held: int = 0
    held_since: str = ""
    freshness: Freshness95 | None = None
    restricted: int = 0

    @property
    def is_good(self) -> bool:
        """Return whether nobody has to do anything."""
        return self.held == 0 and not (self.state and self.state.failed_since)

    def is_due(self, now: datetime) -> bool:
        """Return whether it should be looked at now."""
        tried_at = self.state.tried_at if self.state else None
        return tried_at is None or tried_at + self.section.pause - _EARLY <= now


def list_standings(
    settings: SourceSettings, documents: DocumentTables, states: SourceStateTables, now: datetime
) -> list[SourceStanding]:
    """Every source of the file, in its order."""
    freshness, known = states.freshness(now), {state.name: state for state in states.list_all()}
    return [_build(section, documents, states, known, freshness) for section in settings.sections]


def _build(
    section: SourceSection,
    documents: DocumentTables,
    states: SourceStateTables,
    known: dict[str, SourceState],
    freshness: dict[str, Freshness95],
) -> SourceStanding:
    root = find_root(section)
    count, state = len(documents.hashes(root)), known.get(section.name)
    restricted = sum(documents.count_restricted(root).values())
    return SourceStanding(section, count, state, *states.count_held(root), freshness.get(section.name), restricted)


def tell_standing(standing: SourceStanding, now: datetime) -> str:
    """How it stands, in a line."""
    state = standing.state
    if state is None or (state.read_at is None and not state.failed_since):
        return "not read yet"
    told = f"read {tell_ago(now - state.read_at)}" if state.read_at else "never read"
    if state.failed_since:
        told += f"; can't be read since {state.failed_since:%Y-%m-%d %H:%M} UTC: {state.failure.rstrip('.')}"
    if standing.restricted:
        told += f"; {standing.restricted} for some readers only"
    if standing.held:
        told += f"; {tell_held(standing.held)}"
    return told


def tell_held(held: int) -> str:
    """The documents that wait, in a clause."""
    is_one = held == 1
    return f"{held} document{'' if is_one else 's'} gone there {'is' if is_one else 'are'} kept until an admin decides"


def tell_freshness(freshness: Freshness95 | None) -> str:
    """How soon answers know; empty where nothing changed lately."""
    if freshness is None:
        return ""
    changes = f"{freshness.changes} change{'' if freshness.changes == 1 else 's'}"
    return f"95 % of {changes} in answers within {tell_duration(timedelta(seconds=freshness.seconds))}"


def tell_ago(span: timedelta) -> str:
    """`just now`, `5 minutes ago`, `3 days ago`."""
    return "just now" if span < timedelta(minutes=1) else f"{tell_duration(span)} ago"


def tell_duration(span: timedelta) -> str:
    """In the largest unit that fits: `40 seconds`, `5 minutes`, `3 hours`, `2 days`."""
    seconds = max(round(span.total_seconds()), 0)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
