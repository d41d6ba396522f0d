"""Metrics for Prometheus, counted in the tables at each scrape: nothing is counted twice, and no person is named."""

from collections.abc import Callable, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.app import Assistant
from assistant.core.database import Store, to_time

_ANSWERS = "select case when is_grounded then 'answered' else 'refused' end, count(*) from questions group by 1"
_DRAFTS = "select status, count(*) from drafts group by 1"
_REPLIES = "select network, count(*) from replies group by 1"
_READS = "select network, sum(reads) from readings group by 1"
_FAILURES = "select network, sum(failures) from readings group by 1"
_TOKENS = "select model, sum(input_tokens + output_tokens) from model_uses group by 1"
_SOURCES = "select name, read_at from source_states where read_at is not null"


class _Tables(Collector):
    def __init__(
        self,
        assistant: Assistant,
        find_waiting: Callable[[], tuple[int, float]],
        find_backup: Callable[[], datetime | None],
    ) -> None:
        self._assistant = assistant
        self._find_waiting = find_waiting
        self._find_backup = find_backup

    def collect(self) -> Iterable[Metric]:
        """Read them all."""
        store, now = self._assistant.home.store, self._assistant.clock()
        count, since = self._find_waiting()
        yield GaugeMetricFamily("earshot_jobs_waiting", "Jobs that are not done yet.", value=count)
        age = now.timestamp() - since if since else 0.0
        yield GaugeMetricFamily("earshot_oldest_job_age_seconds", "Age of the oldest of them.", value=max(age, 0.0))
        yield _count(store, "earshot_answers", "Questions by outcome.", "outcome", _ANSWERS)
        yield _gauge("earshot_drafts", "Drafts by status.", "status", _read(store, _DRAFTS))
        yield _count(store, "earshot_replies_sent", "Replies that were sent.", "network", _REPLIES)
        yield _count(store, "earshot_network_reads", "Times that a network was read.", "network", _READS)
        yield _count(store, "earshot_network_failures", "Times that this failed.", "network", _FAILURES)
        yield _count(store, "earshot_model_tokens", "Tokens of chat models.", "model", _TOKENS)
        read = [(one.network, _age(one.read_at, now)) for one in self._assistant.listening.coverages if one.read_at]
        yield _gauge("earshot_network_age_seconds", "Time since a network was read.", "network", read)
        known = [(str(name), _age(to_time(str(at)), now)) for name, at in _read(store, _SOURCES)]
        yield _gauge("earshot_source_age_seconds", "Time since a source was read.", "source", known)
        backup = self._find_backup()
        if backup:
            yield GaugeMetricFamily("earshot_backup_age_seconds", "Age of the last backup.", value=_age(backup, now))


def build_reader(
    assistant: Assistant, find_waiting: Callable[[], tuple[int, float]], find_backup: Callable[[], datetime | None]
) -> Callable[[], bytes]:
    """Build what gives the metrics as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(_Tables(assistant, find_waiting, find_backup))
    return lambda: generate_latest(registry)


def _age(moment: datetime, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0.0)


def _read(store: Store, sql: str) -> list[tuple[object, object]]:
    return [(row[0], row[1]) for row in store.db.conn.execute(sql)]


def _count(store: Store, name: str, told: str, label: str, sql: str) -> Metric:
    family = CounterMetricFamily(name, told, labels=[label])
    for key, value in _read(store, sql):
        family.add_metric([str(key)], float(str(value or 0)))
    return family


def _gauge(name: str, told: str, label: str, rows: Iterable[tuple[object, object]]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for key, value in rows:
        family.add_metric([str(key)], float(str(value or 0)))
    return family
