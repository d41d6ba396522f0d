"""Reads listings that show the newest first, page by page, down to where the last read began."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.protocol import GONE, PRIVATE, MentionPage, Rejected

_FIRST_READ = timedelta(days=6)  # a day less than some searches reach, so that a read that is capped can go on
_OVERLAP = timedelta(minutes=10)  # a search may show a post some minutes after it was written
MOST_PAGES = 10


@dataclass(frozen=True)
class Slice:
    """One page of a listing: its payloads, newest first, and the token of the page below; empty at the end."""

    payloads: Sequence[object]
    next_token: str = ""


# A page of a listing by its token (empty: the first), for posts since a moment.
Fetch = Callable[[str, datetime], Slice]
Translate = Callable[[object], Mention | str]


class ListingCursor(BaseModel):
    """The progress of reading one listing: all up to `mark`; and where a read that stopped at its cap goes on.

    `since` is what that read asked for: the tokens of some platforms hold for the same question only.
    """

    mark: datetime | None = None
    since: datetime | None = None
    top: datetime | None = None
    token: str = ""


@dataclass(frozen=True)
class ListingReader:
    """The way to read: the moment, a payload's translation, and the names (in small letters) whose posts are our own.

    `find_moment` gives the time by which a listing is ordered, where that is not the post's own.
    """

    now: datetime
    to_mention: Translate
    ours: frozenset[str] = frozenset()
    find_moment: Callable[[object], datetime | None] | None = None
    most_pages: int = MOST_PAGES


@dataclass
class _Taken:
    places: dict[str, ListingCursor]
    payloads: list[object] = field(default_factory=list)
    failures: list[NetworkError] = field(default_factory=list)
    is_heard: bool = False

    @property
    def is_capped(self) -> bool:
        return any(place.token for place in self.places.values())


_Cursor = TypeAdapter(dict[str, ListingCursor])


def read_listings(listings: Mapping[str, Fetch], cursor: str, reading: ListingReader) -> MentionPage:
    """Read what is new in each listing. One that fails does not stop the others; raises NetworkError when all do."""
    known = _load(cursor)
    taken = _Taken({name: known.get(name, ListingCursor()) for name in listings})
    for name, fetch in listings.items():
        try:
            payloads, taken.places[name] = _walk(fetch, taken.places[name], reading)
        except NetworkError as error:
            taken.failures.append(error)
            if error.is_transient:  # the whole platform has trouble, or wants to be left alone
                break
        else:
            taken.payloads += payloads
            taken.is_heard = True
    if taken.failures and not taken.is_heard:
        raise taken.failures[0]
    mentions, rejected = translate(taken.payloads, reading)
    text = _Cursor.dump_json(taken.places, exclude_defaults=True).decode()
    failure = taken.failures[0] if taken.failures else None
    return MentionPage(mentions, rejected, text, is_capped=taken.is_capped, failure=failure)


def translate(payloads: Iterable[object], reading: ListingReader) -> tuple[tuple[Mention, ...], tuple[Rejected, ...]]:
    """Payloads to Mentions: each id once, our own posts left out, and nothing dated after now."""
    mentions: dict[str, Mention] = {}
    rejected: list[Rejected] = []
    for number, payload in enumerate(payloads, start=1):
        found = reading.to_mention(payload)
        if found == PRIVATE:
            continue
        if isinstance(found, str):
            rejected.append(Rejected(f"post {number}", found))
        elif found.author.lower().lstrip("@") not in reading.ours:
            mentions.setdefault(found.mention_id, date_by(found, reading.now))
    return tuple(mentions.values()), tuple(rejected)


def compare(
    external_ids: Sequence[str], payloads: Sequence[object], find_id: Callable[[object], object], reading: ListingReader
) -> MentionPage:
    """The page of a recheck: posts that the answer leaves out, or calls deleted, are gone.

    A payload that merely cannot be read counts as being there: a new shape of the API must not remove anything.
    """
    there = {find_id(payload) for payload in payloads if reading.to_mention(payload) != GONE}
    mentions, _ = translate(payloads, reading)
    gone = () if None in there else tuple(post_id for post_id in external_ids if post_id not in there)
    return MentionPage(mentions, (), "", removed=gone)


def add_parents(
    page: MentionPage, most: int, look_up: Callable[[list[str]], Iterable[object]], translate: Translate
) -> MentionPage:
    """The page with the posts that its mentions answer, looked up by their ids; a failure only costs context."""
    here = {mention.external_id for mention in page.mentions}
    wanted = dict.fromkeys(m.in_reply_to for m in page.mentions if m.in_reply_to and m.in_reply_to not in here)
    if not wanted:
        return page
    try:
        return with_parents(page, [translate(payload) for payload in look_up(list(wanted)[:most])])
    except NetworkError:
        return page


def with_parents(page: MentionPage, parents: Iterable[Mention | str]) -> MentionPage:
    """The page with the posts that its mentions answer."""
    posts = (
        ThreadPost(
            post.network,
            post.external_id,
            post.author,
            post.text,
            post.created_at,
            post.in_reply_to,
            author_id=post.author_id,
        )
        for post in parents
        if isinstance(post, Mention)
    )
    return replace(page, parents=tuple(posts))


def date_by(mention: Mention, now: datetime) -> Mention:
    """A platform's clock may run before ours: no post is younger than now."""
    return replace(mention, created_at=now) if mention.created_at > now else mention


def _walk(fetch: Fetch, place: ListingCursor, reading: ListingReader) -> tuple[list[object], ListingCursor]:
    mark = place.mark or reading.now - _FIRST_READ
    since = place.since or (mark - _OVERLAP if place.mark else mark)
    top, token = place.top or mark, place.token
    taken: list[object] = []
    for _ in range(reading.most_pages):
        page = _fetch(fetch, token, since)
        moments = [_find_moment(payload, reading) for payload in page.payloads]
        taken += [p for p, moment in zip(page.payloads, moments, strict=True) if moment is None or moment >= since]
        known = [moment for moment in moments if moment]
        top = max([top, *(min(moment, reading.now) for moment in known)])
        token = page.next_token
        if not token or not page.payloads or (known and known[-1] < since):
            return taken, ListingCursor(mark=top)
    return taken, ListingCursor(mark=mark, since=since, top=top, token=token)


def _find_moment(payload: object, reading: ListingReader) -> datetime | None:
    if reading.find_moment:
        return reading.find_moment(payload)
    found = reading.to_mention(payload)
    return found.created_at if isinstance(found, Mention) else None


def _fetch(fetch: Fetch, token: str, since: datetime) -> Slice:
    """A page; from the top again when the platform does not know the token any more."""
    try:
        return fetch(token, since)
    except NetworkError as error:
        if not token or error.is_transient:
            raise
        return fetch("", since)


def _load(cursor: str) -> dict[str, ListingCursor]:
    try:
        return _Cursor.validate_json(cursor or "{}")
    except ValidationError:  # of an older Earshot: the last days are read again
        return {}
