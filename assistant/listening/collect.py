"""Networks and files to Mentions: each kept once, edited and removed as it is upstream."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from threading import Semaphore, Thread
from typing import TypeVar

from assistant.domain import Mention, ThreadPost
from assistant.errors import EarshotError, InputError, NetworkError, TransientNetworkError, UnexpectedError, edge
from assistant.listening.networks.base.protocol import MentionPage, Network, Recheck, Rejected
from assistant.listening.networks.file import read_posts
from assistant.listening.tables.upstream import Coverage, CursorTables, UpstreamTables, find_limit, find_retry_at

_BATCH = 500
_MOST_AT_ONCE = 8
_MOST_SKEW = timedelta(days=1)  # a platform's clock may be a little ahead, and time zones get mixed up
Post = TypeVar("Post", Mention, ThreadPost)
_log = logging.getLogger(__name__)

NoteOptOuts = Callable[[Sequence[Mention], datetime], None]
"""Sees the posts that came in, and keeps who asks not to be answered."""


@dataclass
class NetworkReport:
    """The result of reading one network. `is_capped`: there is more to come; `failure` says what could not be read.

    `retry_at` is set where the platform said before which moment it wants no further question, `is_partial` where the
    rest was read.
    """

    network: str
    new: int = 0
    known: int = 0
    edited: int = 0
    removed: int = 0
    rejected: int = 0
    too_old: int = 0
    is_capped: bool = False
    failure: str = ""
    retry_at: datetime | None = None
    is_partial: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nothing came at all."""
        return not (self.new or self.known or self.edited or self.removed or self.rejected or self.too_old)


@dataclass
class CollectReport:
    """The result of one collection; `failed` names the networks that could not be read, and why.

    `removed` are ids of mentions that are gone, `stale_drafts` those of drafts that wait no more, and `too_old` counts
    posts from before the time that posts are kept for.
    """

    new: int = 0
    known: int = 0
    edited: int = 0
    too_old: int = 0
    removed: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    failed: list[Rejected] = field(default_factory=list)
    networks: list[NetworkReport] = field(default_factory=list)
    stale_drafts: list[int] = field(default_factory=list)

    @property
    def is_failure(self) -> bool:
        """Return whether nothing worked: every network failed, or no line of a file could be read."""
        if self.networks:
            return all(done.failure and not done.is_partial for done in self.networks)
        return bool(self.rejected) and not (self.new or self.known or self.edited or self.too_old)


class Collector:
    """Brings mentions into the store, but for those older than `retention_days`; 0 keeps all.

    `notice` sees all that is taken in: somebody may ask us to stop.
    """

    def __init__(
        self,
        upstream: UpstreamTables,
        cursors: CursorTables,
        networks: Sequence[Network],
        retention_days: int = 0,
        notice: NoteOptOuts = lambda mentions, now: None,
    ) -> None:
        self._notice = notice
        self._retention_days = retention_days
        self._upstream = upstream
        self._cursors = cursors
        self._networks = networks
        self._turns = Semaphore(_MOST_AT_ONCE)
        self._reading: dict[str, Future[_Reading]] = {}

    def collect_file(
        self, path: Path, now: datetime, progress: Callable[[int], None] = lambda done: None
    ) -> CollectReport:
        """Take a file's posts in. Raises InputError when there is no such file; a bad line spoils only itself."""
        report = CollectReport()
        for batch in _in_batches(read_posts(path)):
            report.rejected += [post for post in batch if isinstance(post, Rejected)]
            self.keep([post for post in batch if isinstance(post, Mention)], now, report, is_export=True)
            progress(report.new + report.known + report.edited + report.too_old)
        return report

    def collect_networks(self, now: datetime, only: str = "", patience_seconds: float | None = None) -> CollectReport:
        """Read every configured network, or the one named `only`; neither a broken nor a slow one stops the others.

        One that takes longer than `patience_seconds` (None: for ever) reads on, and the next call takes what it read.
        """
        report = CollectReport()
        chosen = self._chosen(only)
        self._begin_reading(chosen, now)
        for network in self._list_ready(chosen, patience_seconds):
            done = NetworkReport(network.name)
            report.networks.append(done)
            try:
                self._take(network, self._reading.pop(network.name).result(), now, report, done)
            except (NetworkError, UnexpectedError) as error:
                self._note_failure(error, now, report, done)
        order = [network.name for network in chosen]
        report.networks.sort(key=lambda done: order.index(done.network))
        return report

    def keep(self, mentions: Sequence[Mention], now: datetime, report: CollectReport, is_export: bool = False) -> None:
        """Take mentions in, wherever they come from; see UpstreamTables.keep."""
        present = [mention for mention in mentions if mention.created_at <= now + _MOST_SKEW]
        ahead = [mention for mention in mentions if mention.created_at > now + _MOST_SKEW]
        report.rejected += [Rejected(mention.mention_id, "was written in the future") for mention in ahead]
        young = self._leave_old_out(present, now)
        report.too_old += len(present) - len(young)
        kept = self._upstream.keep(young, now, is_export)
        self._notice(young, now)
        report.new += kept.new
        report.known += kept.known
        report.edited += len(kept.edited)
        report.stale_drafts += kept.stale_drafts

    def remove(self, mention_ids: Sequence[str], now: datetime, report: CollectReport) -> None:
        """Take mentions away that were deleted upstream."""
        removed = self._upstream.remove(mention_ids, now)
        report.removed += removed.mention_ids
        report.stale_drafts += removed.stale_drafts

    def _leave_old_out(self, posts: Sequence[Post], now: datetime) -> list[Post]:
        """What retention would remove at once is not taken in."""
        limit_at = find_limit(self._retention_days, now)
        return [post for post in posts if limit_at is None or post.created_at >= limit_at]

    def _begin_reading(self, networks: Sequence[Network], now: datetime) -> None:
        """Ask all networks at once, but for those that are still being read."""
        for network in networks:
            if network.name not in self._reading:
                read = self._reading[network.name] = Future()
                limit = network.recheck_limit if isinstance(network, Recheck) else 0
                known = self._upstream.to_recheck(network.name, now, limit) if limit else ()
                before, cursor = self._cursors.coverage(network.name), self._cursors.cursor(network.name)
                # A daemon, for Ctrl-C: a pool's threads would be waited for.
                Thread(target=_read, args=(network, before, cursor, known, now, self._turns, read), daemon=True).start()

    def _list_ready(self, networks: Sequence[Network], patience_seconds: float | None) -> Iterator[Network]:
        """Each network when it has answered."""
        waiting = {self._reading[network.name]: network for network in networks}
        try:
            for read in as_completed(list(waiting), patience_seconds):
                yield waiting[read]
        except TimeoutError:
            _log.info("still reading %s", ", ".join(n.name for read, n in waiting.items() if not read.done()))

    def _take(
        self, network: Network, read: "_Reading", now: datetime, report: CollectReport, done: NetworkReport
    ) -> None:
        page = read.page
        self._take_in(network, page, now, report, done)
        done.is_capped = page.is_capped
        if page.failure is None:
            self._cursors.note_read(network.name, page.cursor, now, page.is_capped)
        else:
            self._cursors.note_partial(network.name, page.cursor, now, page.failure, page.is_capped)
            done.is_partial = True
            _tell_failure(page.failure, report, done)
        if isinstance(read.known, EarshotError):
            raise read.known
        if read.known:
            self._take_in(network, read.known, now, report, done)
            self._upstream.note_rechecked(network.name, read.asked, now)

    def _take_in(
        self, network: Network, page: MentionPage, now: datetime, report: CollectReport, done: NetworkReport
    ) -> None:
        part = CollectReport()
        self.keep(page.mentions, now, part)
        self._upstream.keep_parents(self._leave_old_out(page.parents, now))
        self.remove([f"{network.name}:{external_id}" for external_id in page.removed], now, part)
        report.rejected += [replace(post, network=network.name) for post in (*page.rejected, *part.rejected)]
        for total in (report, done):
            total.new += part.new
            total.known += part.known
            total.edited += part.edited
            total.too_old += part.too_old
        report.removed += part.removed
        report.stale_drafts += part.stale_drafts
        done.removed += len(part.removed)
        done.rejected += len(page.rejected) + len(part.rejected)

    def _note_failure(
        self, error: NetworkError | UnexpectedError, now: datetime, report: CollectReport, done: NetworkReport
    ) -> None:
        retry_at = find_retry_at(error) if isinstance(error, NetworkError) else None
        self._cursors.note_failure(done.network, error.message, now, error.hint, retry_at)
        _tell_failure(error, report, done)

    def _chosen(self, only: str) -> list[Network]:
        chosen = [network for network in self._networks if not only or network.name.startswith(only)]
        if not chosen:
            what = f"The network {only} is not configured." if only else "No network is configured."
            raise InputError(
                what, "Write it into networks.yaml, set RSS_FEEDS, or import a file: earshot collect --file posts.jsonl"
            )
        return chosen


@dataclass(frozen=True)
class _Reading:
    """A network's page; and of known posts that were due (`asked`), how they are now or why nobody can tell."""

    page: MentionPage
    asked: tuple[str, ...] = ()
    known: MentionPage | EarshotError | None = None


def _read(
    network: Network,
    before: Coverage,
    cursor: str,
    asked: tuple[str, ...],
    now: datetime,
    turns: Semaphore,
    read: Future[_Reading],
) -> None:
    try:
        if before.retry_at and before.retry_at > now:  # a platform that said when to come back is not asked before
            raise TransientNetworkError(before.failure, before.hint, before.retry_at)
        with turns, edge(f"reading {network.name}"):
            page = network.read(cursor)
            read.set_result(_Reading(page, asked, None if page.failure else _recheck(network, asked)))
    except EarshotError as error:
        read.set_exception(error)


def _recheck(network: Network, asked: tuple[str, ...]) -> MentionPage | EarshotError | None:
    """Whether young posts, and those whose draft waits, are still there as they were."""
    if not asked or not isinstance(network, Recheck):
        return None
    try:
        with edge(f"asking {network.name} about known posts"):
            return network.recheck(asked)
    except EarshotError as error:
        return error


def _tell_failure(error: NetworkError | UnexpectedError, report: CollectReport, done: NetworkReport) -> None:
    done.failure = error.message
    done.retry_at = find_retry_at(error) if isinstance(error, NetworkError) else None
    report.failed.append(Rejected(done.network, f"{error.message} {error.hint}".strip()))


def _in_batches(posts: Iterable[Mention | Rejected]) -> Iterator[list[Mention | Rejected]]:
    remaining = iter(posts)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
