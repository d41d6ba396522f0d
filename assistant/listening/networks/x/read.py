"""X through tweepy (API v2): mentions of our account, and a search of the last seven days."""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from assistant.domain import Mention
from assistant.errors import OPERATOR, NetworkError
from assistant.listening.networks.base.errors import explain_status, find_posts, not_installed, unreachable, unreadable
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, read_listings, translate, with_parents
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeMoment,
    MaybeText,
    PostId,
    Text,
    add_up,
    check,
    get_field,
)
from assistant.listening.networks.base.protocol import MentionPage
from assistant.listening.networks.base.sdk import build_session

if TYPE_CHECKING:
    from tweepy import Client

_WHO = "X"
_MEND = "Check bearer_token: under x: in networks.yaml, and your credits in X's developer console."
_API = "https://api.twitter.com"  # tweepy knows no other host
_PAGE = 100
_MOST_QUERY_CHARACTERS = 512
_SEARCHABLE = timedelta(days=7) - timedelta(minutes=5)
_SNOWFLAKE_EPOCH_MS = 1288834974657
_FIELDS = {
    "tweet_fields": "id,text,note_tweet,author_id,created_at,lang,conversation_id,referenced_tweets,public_metrics,"
    "edit_history_tweet_ids",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "user_fields": "username,location,public_metrics",
}
_TIMEOUT_SECONDS = 30


class _Reference(BaseModel):
    type: str
    id: PostId


class _Note(BaseModel):
    text: Text = ""


class _TweetCounts(BaseModel):
    like_count: MaybeCount = None
    retweet_count: MaybeCount = None
    reply_count: MaybeCount = None
    quote_count: MaybeCount = None


class _Tweet(BaseModel):
    id: PostId
    text: Text = ""
    note_tweet: _Note | None = None
    author_id: MaybeId = None
    created_at: MaybeMoment = None
    lang: MaybeText = None
    conversation_id: MaybeId = None
    referenced_tweets: list[_Reference] | None = None
    public_metrics: _TweetCounts | None = None
    edit_history_tweet_ids: list[PostId] | None = None


class _UserCounts(BaseModel):
    followers_count: MaybeCount = None


class _User(BaseModel):
    username: Text = ""
    location: MaybeText = None
    public_metrics: _UserCounts | None = None


def to_mention(payload: object, users: Mapping[object, object]) -> Mention | str:
    """A post as a Mention, or why not. `users` are the users that came with it, by id.
    An edited post gets another id on X; here it keeps its first, and its address leads to the newest.
    """
    tweet = check(_Tweet, payload)
    if isinstance(tweet, str):
        return tweet
    references = {reference.type: reference.id for reference in tweet.referenced_tweets or ()}
    text = html.unescape((tweet.note_tweet.text if tweet.note_tweet else "") or tweet.text)
    if "retweeted" in references:
        return "is a repost"
    if not text:
        return "has no text"
    first_id = next(iter(tweet.edit_history_tweet_ids or ()), tweet.id)
    created_at = _find_moment(first_id) or tweet.created_at
    if created_at is None:
        return "has no time"
    found = check(_User, users.get(tweet.author_id, {}))
    user = found if isinstance(found, _User) else _User()
    counts = tweet.public_metrics or _TweetCounts()
    return Mention(
        mention_id=f"x:{first_id}",
        network="x",
        external_id=first_id,
        author=user.username,
        text=text,
        created_at=created_at,
        lang=None if tweet.lang in ("und", "qme", "zxx") else tweet.lang,
        location=user.location,
        url=f"https://x.com/{user.username or 'i'}/status/{tweet.id}",
        in_reply_to=references.get("replied_to"),
        followers=user.public_metrics.followers_count if user.public_metrics else None,
        author_id=tweet.author_id,
        conversation_id=tweet.conversation_id,
        engagement=add_up(counts.like_count, counts.retweet_count, counts.reply_count, counts.quote_count),
        edited_at=(tweet.created_at or _find_moment(tweet.id)) if tweet.id != first_id else None,
    )


def build_queries(terms: Sequence[str], ours: frozenset[str]) -> list[str]:
    """Searches for any of the terms, without reposts and without our own posts, each within X's 512 characters."""
    tail = " ".join(["-is:retweet", *(f"-from:{handle}" for handle in sorted(ours))])
    queries: list[str] = []
    words: list[str] = []
    for word in (term if term[0] in "#@" else f'"{term}"' for term in terms):
        if words and len(" OR ".join([*words, word])) + len(tail) + 3 > _MOST_QUERY_CHARACTERS:
            queries.append(f"({' OR '.join(words)}) {tail}")
            words = []
        words.append(word)
    return [*queries, f"({' OR '.join(words)}) {tail}"] if words else queries


class XNetwork:
    """X, paid for by the post read: nothing is asked twice that needs not be."""

    name = "x"
    recheck_limit = _PAGE

    def __init__(
        self,
        find_token: Callable[[], str],
        user_id: str,
        terms: Sequence[str],
        ours: frozenset[str],
        now: Callable[[], datetime],
        base_url: str = _API,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        competitors: Sequence[str] = (),
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._competitors = competitors
        self._find_token = find_token
        self._user_id = user_id
        self._terms = terms
        self._ours = ours
        self._now = now
        self._base_url = base_url or _API
        self._client: Client | None = None

    def read(self, cursor: str) -> MentionPage:
        """See Network."""
        self.connect()
        users: dict[object, object] = {}
        posts: dict[object, object] = {}
        page = read_listings(self._list(users, posts), cursor, self._build_reading(users))
        wanted = {mention.in_reply_to for mention in page.mentions}
        return with_parents(page, [to_mention(post, users) for post_id, post in posts.items() if post_id in wanted])

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck. X names each post that is gone or hidden; one it does not name counts as being there."""
        body = self._look_up(external_ids)
        newest = [_find_newest_id(tweet) for tweet in _find_list(body, "data")]
        edited = [post_id for post_id in newest if post_id and post_id not in external_ids]
        bodies = [body, self._look_up(edited)] if edited else [body]
        users = {key: user for part in bodies for key, user in _find_included(part, "users").items()}
        payloads = (tweet for part in reversed(bodies) for tweet in _find_list(part, "data"))  # newest first
        mentions, _ = translate(payloads, self._build_reading(users))
        return MentionPage(mentions, (), "", removed=_find_gone(body, external_ids))

    def find_account(self, name: str) -> str | None:
        """See KnowsAccounts."""
        client = self.connect()
        with self.translated():
            found = get_field(get_field(client.get_user(username=name), "data"), "id")
        return found if isinstance(found, str) else None

    def _list(self, users: dict[object, object], posts: dict[object, object]) -> dict[str, Fetch]:
        client = self.connect()

        def follow(ask: Callable[..., Any], token_name: str, most: timedelta | None, *args: Any) -> Fetch:
            def fetch(token: str, since: datetime) -> Slice:
                start = max(since, self._now() - most) if most else since
                place = {token_name: token} if token else {}
                with self.translated():
                    body = ask(*args, max_results=_PAGE, start_time=start, **_split(_FIELDS), **place)
                users.update(_find_included(body, "users"))
                posts.update(_find_included(body, "tweets"))
                found = _find_list(body, "data") if get_field(body, "meta") else find_posts(_WHO, body, "data")
                return Slice(found, _find_next(body))

            return fetch

        listings: dict[str, Fetch] = {}
        if self._user_id:
            listings["mentions"] = follow(client.get_users_mentions, "pagination_token", None, self._user_id)
        # Questions of their own: a cursor holds for one question, and much talk about others must not hide ours.
        queries = build_queries(self._terms, self._ours) + build_queries(self._competitors, self._ours)
        for query in queries:
            listings[query] = follow(client.search_recent_tweets, "next_token", _SEARCHABLE, query)
        return listings

    def _look_up(self, external_ids: Sequence[str]) -> object:
        client = self.connect()
        with self.translated():
            return client.get_tweets(list(external_ids), **_split(_FIELDS))

    def _build_reading(self, users: Mapping[object, object]) -> ListingReader:
        return ListingReader(self._now(), lambda payload: to_mention(payload, users), self._ours)

    def connect(self) -> "Client":
        """The client, built once. Raises NetworkError."""
        if self._client is None:
            self._client = self.build_client(bearer_token=self._find_token())
        return self._client

    def build_client(self, **keys: str) -> "Client":
        """A client with tweepy's names for the keys. Raises NetworkError."""
        try:
            from tweepy import Client
        except ModuleNotFoundError as error:
            raise not_installed(_WHO, "x") from error
        client = Client(return_type=dict, **keys)
        client.session = build_session(self._timeout_seconds, (_API, self._base_url))  # it knows no other host
        return client

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the SDK's errors into ours."""
        import requests
        import tweepy

        try:
            yield
        except tweepy.HTTPException as error:
            response = error.response
            raise explain_status(_WHO, response.status_code, response.headers, self._now(), _MEND) from error
        except (requests.JSONDecodeError, RecursionError) as error:
            raise unreadable(_WHO) from error
        except requests.RequestException as error:
            raise unreachable(_WHO, isinstance(error, requests.Timeout)) from error
        except (tweepy.TweepyException, TypeError, ValueError) as error:
            raise NetworkError(f"{_WHO} cannot be asked with this key.", _MEND, in_slack=OPERATOR) from error


def _split(fields: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: value.split(",") for name, value in fields.items()}


def _find_moment(post_id: str) -> datetime | None:
    """The time that X put into a post's number."""
    if not post_id.isdecimal() or int(post_id) >= 2**63 or int(post_id) < 2**40:
        return None
    return datetime.fromtimestamp(((int(post_id) >> 22) + _SNOWFLAKE_EPOCH_MS) / 1000, UTC)


def _find_newest_id(tweet: object) -> str | None:
    found = check(_Tweet, tweet)
    return found.edit_history_tweet_ids[-1] if isinstance(found, _Tweet) and found.edit_history_tweet_ids else None


def _find_gone(body: object, external_ids: Sequence[str]) -> tuple[str, ...]:
    """Posts that X calls not found or no longer to be seen (deleted, suspended, protected)."""
    there = {get_field(tweet, "id") for tweet in _find_list(body, "data")}
    named = {str(get_field(fault, "value") or get_field(fault, "resource_id")) for fault in _find_list(body, "errors")}
    return tuple(post_id for post_id in external_ids if post_id in named and post_id not in there)


def _find_list(body: object, field: str) -> list[object]:
    found = get_field(body, field)
    return found if isinstance(found, list) else []


def _find_included(body: object, field: str) -> dict[object, object]:
    return {get_field(item, "id"): item for item in _find_list(get_field(body, "includes"), field)}


def _find_next(body: object) -> str:
    token = get_field(get_field(body, "meta"), "next_token")
    return token if isinstance(token, str) else ""
