"""Apple's public feed of customer reviews: the newest 500 of an app in each country's store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field

from assistant.domain import Mention
from assistant.listening.networks.base.errors import find_posts
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, read_listings
from assistant.listening.networks.base.payload import MaybeCount, MaybeLink, Moment, PostId, Text, check, get_field
from assistant.listening.networks.base.protocol import MentionPage

_WHO = "The App Store"
_API = "https://itunes.apple.com"
_MEND = "Check app: (its number) and countries: under app_store: in networks.yaml."
_LAST_PAGE = 10  # Apple shows no more


class _Label(BaseModel):
    label: Text = ""


class _IdLabel(BaseModel):
    label: PostId


class _TimeLabel(BaseModel):
    label: Moment


class _CountLabel(BaseModel):
    label: MaybeCount = None


class _Author(BaseModel):
    name: _Label = _Label()
    uri: _Label = _Label()


class _Href(BaseModel):
    href: MaybeLink = None


class _Link(BaseModel):
    attributes: _Href = _Href()


class _Review(BaseModel):
    id: _IdLabel
    updated: _TimeLabel
    title: _Label = _Label()
    content: _Label = _Label()
    author: _Author = _Author()
    link: _Link | list[_Link] | None = None
    rating: _CountLabel = Field(_CountLabel(), alias="im:rating")
    votes: _CountLabel = Field(_CountLabel(), alias="im:voteCount")


def to_mention(payload: object) -> Mention | str:
    """A review as a Mention, or why not; its stars stand before its words. An edited review comes under its old id."""
    if isinstance(payload, dict) and "im:rating" not in payload:
        return "is no review"
    review = check(_Review, payload)
    if isinstance(review, str):
        return review
    words = "\n".join(part for part in (review.title.label, review.content.label) if part)
    if not words:
        return "has no text"
    stars = min(review.rating.label or 0, 5)
    link = review.link[0] if isinstance(review.link, list) and review.link else review.link
    return Mention(
        mention_id=f"app_store:{review.id.label}",
        network="app_store",
        external_id=review.id.label,
        author=review.author.name.label,
        text=f"{'★' * stars}{'☆' * (5 - stars)} {words}" if stars else words,
        created_at=review.updated.label,
        url=link.attributes.href if isinstance(link, _Link) else None,
        engagement=review.votes.label,
        author_id=review.author.uri.label or None,
    )


@dataclass(frozen=True)
class StoreApp:
    """An app by its number, and the stores (two-letter countries) whose reviews are read."""

    app: str
    countries: tuple[str, ...]


class AppStoreNetwork:
    """Needs no key. What left the newest 500 of a store cannot be read any more."""

    name = "app_store"

    def __init__(self, apps: Sequence[StoreApp], now: Callable[[], datetime], base_url: str = _API) -> None:
        self._apps = apps
        self._now = now
        self._base_url = base_url or _API

    def read(self, cursor: str) -> MentionPage:
        """See Network."""
        site = Site(_WHO, self._base_url, self._now, _MEND)
        listings = {
            f"{app.app}/{country}": _follow(site, app.app, country) for app in self._apps for country in app.countries
        }
        return read_listings(listings, cursor, ListingReader(self._now(), to_mention))


def _follow(site: Site, app: str, country: str) -> Fetch:
    def fetch(token: str, _since: datetime) -> Slice:
        number = int(token) if token.isdigit() else 1
        body = site.fetch(f"/{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json")
        feed = get_field(body, "feed")
        found = get_field(feed, "entry") if isinstance(feed, dict) else find_posts(_WHO, body, "feed")
        entries = found if isinstance(found, list) else [found] if found else []
        reviews = [
            entry for entry in entries if get_field(entry, "im:rating") is not None
        ]  # the app itself is no review
        return Slice(reviews, str(number + 1) if reviews and number < _LAST_PAGE else "")

    return fetch
