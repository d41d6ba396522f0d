"""Coverage of each network in a period, and the networks that can be compared with the period before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.core.database import to_text, to_time
from assistant.domain import EVERYTHING, Period, Scope, ScopeKind
from assistant.reports.figures.tables import MeasuringTables

# A network counts as heard when it was unheard for less than this share of a period, and from its second day on.
_MOST_UNHEARD = 0.05
_LATE = timedelta(days=1)
_IMPORT_EDGE = timedelta(days=2)
_OUTAGES = """select network, kind, began_at, coalesce(min(ended_at, :end), min(:now, :end)) as ended_at from outages
where began_at < :end and coalesce(ended_at, :now) > :start order by network, began_at"""
_NETWORKS = """select network, min(since) as since, min(first_at) as first_at, max(last_at) as last_at from
(select network, since, null as first_at, null as last_at from heard_networks union all
select network, null, min(created_at), max(created_at) from measured_posts
where created_at >= :start and created_at < :end and network <> 'pasted' group by 1) group by 1 order by 1"""
_REMOVED = """select network, count(*) as number from mentions
where created_at >= :start and created_at < :end and removed_at is not null group by 1"""


@dataclass(frozen=True)
class Outage:
    """A stretch of a period in which a network was `down`, or `capped`: it had more posts than were read."""

    network: str
    kind: str
    began_at: datetime
    ended_at: datetime

    @property
    def hours(self) -> float:
        """Return how long it lasted within the period."""
        return round((self.ended_at - self.began_at) / timedelta(hours=1), 1)


@dataclass(frozen=True)
class PeriodCoverage:
    """The coverage of a period: its networks, its outages, how many posts were deleted since, what can be compared."""

    networks: tuple[str, ...]
    outages: tuple[Outage, ...]
    removed: int
    comparable: tuple[str, ...]
    is_over: bool = True

    @property
    def not_comparable(self) -> tuple[str, ...]:
        """Networks that were not heard alike in the period before."""
        return tuple(name for name in self.networks if name not in self.comparable)

    @property
    def summary(self) -> str:
        """One line for a figure: how much of what there was it was counted on."""
        if not self.networks:
            return "no network was read"
        faults = sorted({outage.network for outage in self.outages})
        gaps = f"; gaps on {', '.join(faults)}" if faults else ""
        removed = f"; {self.removed} deleted since" if self.removed else ""
        count = len(self.networks)
        return f"{count} network{'s' if count > 1 else ''}{gaps}{removed}"


def find_hearing(
    tables: MeasuringTables, period: Period, before: Period, now: datetime, scope: Scope = EVERYTHING
) -> PeriodCoverage:
    """Find the coverage of a period, beside the one before; of some networks only where the scope is of networks.

    What a deleted post was about is not known any more: deleted ones are counted for everything, and for networks.
    """
    outages, earlier = _find_outages(tables, period, now), _find_outages(tables, before, now)
    outages = tuple(outage for outage in outages if _is_within(outage.network, scope))
    there = {name: whole for name, whole in _find_networks(tables, period).items() if _is_within(name, scope)}
    then = _find_networks(tables, before)
    whole = [name for name, is_whole in there.items() if is_whole and then.get(name)]
    comparable = [name for name in whole if _is_heard(name, period, outages)]
    comparable = [name for name in comparable if _is_heard(name, before, earlier)]
    is_over = now >= period.end_at
    if not is_over:  # half a week is not less than a whole one
        comparable = []
    gone = tables.rows(_REMOVED, _bind(period)) if scope.kind in (None, ScopeKind.NETWORK) else []
    removed = sum(row["number"] for row in gone if _is_within(row["network"], scope))
    return PeriodCoverage(tuple(there), outages, removed, tuple(comparable), is_over)


def _find_outages(tables: MeasuringTables, period: Period, now: datetime) -> tuple[Outage, ...]:
    rows = tables.rows(_OUTAGES, _bind(period) | {"now": to_text(now)})
    found = [
        Outage(row["network"], row["kind"], max(to_time(row["began_at"]), period.start_at), to_time(row["ended_at"]))
        for row in rows
    ]
    return tuple(outage for outage in found if outage.ended_at > outage.began_at)


def _find_networks(tables: MeasuringTables, period: Period) -> dict[str, bool]:
    """Those that were heard, and whether over the whole period.

    A file that was imported was never listened to: its own posts say how far it reaches, to two days.
    """
    late, end = to_text(period.start_at + _LATE), to_text(period.end_at)
    begin_by, last_from = to_text(period.start_at + _IMPORT_EDGE), to_text(period.end_at - _IMPORT_EDGE)
    found = {}
    for row in tables.rows(_NETWORKS, _bind(period)):
        if row["since"] is None:
            found[row["network"]] = row["first_at"] < begin_by and row["last_at"] >= last_from
        elif row["since"] < end or row["first_at"]:
            found[row["network"]] = row["since"] < late
    return found


def _is_heard(network: str, period: Period, outages: Sequence[Outage]) -> bool:
    unheard = sum((o.ended_at - o.began_at for o in outages if o.network == network), timedelta())
    return unheard <= _MOST_UNHEARD * (period.end_at - period.start_at)


def _is_within(network: str, scope: Scope) -> bool:
    is_of_networks = scope.kind is ScopeKind.NETWORK
    return not is_of_networks or network in scope.names or network.partition(":")[0] in scope.names


def _bind(period: Period) -> dict[str, str]:
    return {"start": to_text(period.start_at), "end": to_text(period.end_at)}
