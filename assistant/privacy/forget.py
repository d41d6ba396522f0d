"""A person's posts, or all older than the limit, to a Receipt: what left every place, and what stays and why."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.errors import EarshotError, InputError
from assistant.listening.tables.upstream import find_limit
from assistant.privacy.tables import Author, ForgettingTables, Forgotten

_BATCH = 500
_ON_REQUEST = "The post was forgotten at its author's wish."
_TOO_OLD = "The post was older than posts are kept."


@dataclass(frozen=True)
class Stays:
    """A place that is not removed, and why; without `count` nobody can say how much there is."""

    what: str
    why: str
    count: int | None = None


@dataclass(frozen=True)
class Receipt:
    """A count of what was forgotten, place by place; `unfinished` says what is done later."""

    subject: str
    networks: tuple[str, ...]
    forgotten_at: datetime
    removed: Forgotten
    stays: tuple[Stays, ...] = ()
    unfinished: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether there was nothing to forget."""
        return not self.removed.posts and not self.removed.parents


@dataclass(frozen=True)
class Known:
    """The data about a person before they are forgotten: `removed` is what would be removed."""

    authors: tuple[Author, ...]
    removed: Forgotten
    replies: int
    copies: int

    @property
    def networks(self) -> tuple[str, ...]:
        """Return the networks on which they wrote."""
        return tuple(dict.fromkeys(author.network for author in self.authors))


FindAccount = Callable[[str, str], tuple[str, str] | None]
"""The account that has a name now, as (network, id); None where no network can tell. The second value may name one."""


class Erasure:
    """Forgets batch by batch. Stopped at any point, the same call goes on where it was.

    `forget_vectors` takes the vectors of posts that are gone out of the index; it is only called when there may be
    some, since it opens the index. `find_account` asks a network whose name this is now, and gives (network, id).
    """

    def __init__(
        self,
        tables: ForgettingTables,
        forget_vectors: Callable[[], object],
        retention_days: int = 0,
        find_account: FindAccount = lambda name, network: None,
    ) -> None:
        self._tables = tables
        self._forget_vectors = forget_vectors
        self._find_account = find_account
        self._retention_days = retention_days

    def look_up(self, author: str, network: str = "") -> Known:
        """Look up what is kept about a person, under whatever name. Raises InputError when there is nothing."""
        if not _to_key(author):
            raise InputError("Say whose posts to forget.", "earshot forget AUTHOR")
        found = self._find_authors(author, network)
        if not found:
            where = f" on {network}" if network else ""
            hint = "Give the whole name as the network writes it, or the id of the account."
            raise InputError(f"Nothing by {author} is kept{where}.", hint)
        ids = [mention_id for one in found for mention_id in self._tables.posts_of(one)]
        parents = Forgotten(parents=sum(one.parents for one in found))
        counts = self._tables.count(ids) + parents
        return Known(tuple(found), counts, self._tables.count_replies(ids), self._tables.count_copies(ids))

    def _find_authors(self, author: str, network: str) -> list[Author]:
        """Everybody with this name or id, and whoever has the same account under another name."""
        wanted, known = _to_key(author), [one for one in self._tables.authors() if _is_on(one, network)]
        named = [one for one in known if wanted in (_to_key(one.name), _to_key(one.author_id))]
        accounts = {(one.network, one.author_id) for one in named if one.author_id}
        if not named and (account := self._find_account(author.strip().removeprefix("@"), network)):
            accounts = {account}
        return [one for one in known if one in named or (one.network, one.author_id) in accounts]

    def forget_author(self, author: str, network: str, now: datetime) -> Receipt:
        """Forget a person, on one network or (empty) on all. Raises InputError when nothing of them is kept."""
        known = self.look_up(author, network)
        removed = Forgotten()
        for one in known.authors:
            ids = self._tables.posts_of(one)
            for start in range(0, len(ids), _BATCH):
                removed += self._tables.bury(ids[start : start + _BATCH], now, _ON_REQUEST)
            removed += self._tables.bury_parents(one, now)
        self._tables.end_follows(_to_key(author).lower())
        return Receipt(author, known.networks, now, removed, _list_what_stays(known), self.finish(now))

    def forget_older(self, now: datetime) -> Receipt:
        """Forget the posts that are older than the limit, if there is one; also ends what a crash left undone."""
        limit_at = find_limit(self._retention_days, now)
        removed = Forgotten()
        if limit_at:
            while ids := self._tables.older_than(limit_at, _BATCH):
                removed += self._tables.drop(ids, now, _TOO_OLD)
            removed += self._tables.drop_parents(limit_at)
        subject = f"posts from before {limit_at:%Y-%m-%d %H:%M} UTC" if limit_at else "no posts"
        return Receipt(subject, (), now, removed, unfinished=self.finish(now))

    def tell_due(self, now: datetime) -> str:
        """Warn that forgotten words are still in the files, where a crash or a reader kept them there."""
        return "words of posts that were forgotten are still in its files" if self._tables.purging.is_due(now) else ""

    def finish(self, now: datetime) -> tuple[str, ...]:
        """Take away the vectors and the bytes of what was forgotten before; returns what could not be done."""
        purging = self._tables.purging
        depth = purging.wanted
        if depth is None:
            return ()
        problems = [told for step in (self._forget_vectors, lambda: purging.run(now)) if (told := _try(step))]
        if problems:
            purging.want(depth)  # it may be the vectors alone that have to follow
        return tuple(problems)


def _try(step: Callable[[], object]) -> str:
    """What went wrong, in words; empty when nothing did."""
    try:
        step()
    except EarshotError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def _to_key(author: str) -> str:
    """The same for every way to write one name: large or small letters, with or without a leading @."""
    return unicodedata.normalize("NFC", author).strip().removeprefix("@").casefold()


def _is_on(author: Author, network: str) -> bool:
    """Also by the kind alone: `rss` means every feed."""
    wanted = network.strip().casefold()
    return not wanted or wanted in (author.network.casefold(), author.network.partition(":")[0].casefold())


def _list_what_stays(known: Known) -> tuple[Stays, ...]:
    posts = known.removed.posts + known.removed.parents
    return (
        Stays("bare ids of the posts", "so that they are not collected again", posts),
        Stays("replies that were sent, and the decisions on drafts", "they say who approved what", known.replies),
        Stays("posts of others that repeat one of these", "others wrote them", known.copies),
        Stays("posts of others, and questions of staff, that name the person", "others wrote them"),
        Stays("messages in Slack", "cards lose the post while earshot run is connected; delete the rest there"),
        Stays("backups, and databases kept by a restore", "they are files of their own: delete or replace them"),
        Stays("the log", "it holds ids and no posts, unless LOG_LEVEL is DEBUG"),
        Stays("new posts of the person", "they have ids of their own and would be collected"),
    )
