"""Networks and files to new Mentions, each kept once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from assistant.domain import Mention
from assistant.edge import UnexpectedError, edge
from assistant.errors import InputError, NetworkError
from assistant.networks.file import read_posts
from assistant.networks.network import Network, Rejected
from assistant.store.mentions import MentionTables

_BATCH = 500


@dataclass
class CollectReport:
    """What one collecting brought; `failed` names the networks that could not be read, and why."""

    new: int = 0
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    failed: list[Rejected] = field(default_factory=list)


class Collecting:
    """Brings mentions into the store."""

    def __init__(self, mentions: MentionTables, networks: Sequence[Network]) -> None:
        self._mentions = mentions
        self._networks = networks

    def collect_file(
        self, path: Path, now: datetime, progress: Callable[[int], None] = lambda done: None
    ) -> CollectReport:
        """Take a file's posts in. Raises InputError when there is no such file; a bad line spoils only itself."""
        report = CollectReport()
        for batch in _in_batches(read_posts(path)):
            report.rejected += [post for post in batch if isinstance(post, Rejected)]
            self._keep([post for post in batch if isinstance(post, Mention)], report, now)
            progress(report.new + report.known)
        return report

    def collect_networks(self, now: datetime, only: str = "") -> CollectReport:
        """Read every configured network, or the one named `only`; a broken one never stops the others."""
        report = CollectReport()
        for network in self._chosen(only):
            try:
                with edge(f"reading {network.name}"):
                    page = network.read(self._mentions.cursor(network.name))
            except (NetworkError, UnexpectedError) as error:
                self._mentions.note_failure(network.name, error.message, now)
                report.failed.append(Rejected(network.name, error.message))
                continue
            report.rejected += page.rejected
            self._keep(page.mentions, report, now)
            self._mentions.note_read(network.name, page.cursor, now)
        return report

    def _chosen(self, only: str) -> list[Network]:
        chosen = [network for network in self._networks if not only or network.name.startswith(only)]
        if not chosen:
            what = f"The network {only} is not configured." if only else "No network is configured."
            raise InputError(what, "Set RSS_FEEDS, or import a file: earshot collect --file posts.jsonl")
        return chosen

    def _keep(self, mentions: Sequence[Mention], report: CollectReport, now: datetime) -> None:
        new = self._mentions.add(mentions, now)
        report.new += new
        report.known += len(mentions) - new


def _in_batches(posts: Iterable[Mention | Rejected]) -> Iterator[list[Mention | Rejected]]:
    remaining = iter(posts)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
