"""Reddit through PRAW: name mentions, searches, and everything in chosen subreddits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from assistant.domain import Mention
from assistant.errors import OPERATOR, NetworkError
from assistant.listening.networks.base.errors import (
    explain_status,
    find_posts,
    limited,
    not_installed,
    read_retry_at,
    unreachable,
    unreadable,
)
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, add_parents, compare, read_listings
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeMoment,
    MaybeText,
    Moment,
    PostId,
    Text,
    add_up,
    check,
)
from assistant.listening.networks.base.protocol import GONE, MentionPage
from assistant.listening.networks.base.sdk import build_session

if TYPE_CHECKING:
    from praw import Reddit

_WHO = "Reddit"
_MEND = "Check the keys under reddit: in networks.yaml, and whether Reddit approved your app."
_GONE = ("[deleted]", "[removed]")
_PAGE = 100
_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class RedditKeys:
    """A script app's keys. Name mentions need the account's name and password, everything else does not."""

    client_id: str
    client_secret: str
    username: str = ""
    password: str = ""


class _Post(BaseModel):
    name: PostId
    created_utc: Moment
    author: MaybeText = None
    author_fullname: MaybeId = None
    title: Text = ""
    selftext: Text = ""
    body: Text = ""
    permalink: MaybeText = None
    context: MaybeText = None
    parent_id: MaybeId = None
    link_id: MaybeId = None
    score: MaybeCount = None
    num_comments: MaybeCount = None
    edited: MaybeMoment = None


class _Thing(BaseModel):
    kind: Literal["t1", "t3"]
    data: _Post


def to_mention(payload: object) -> Mention | str:
    """A comment (`t1`) or a submission (`t3`) as a Mention, or why not."""
    if isinstance(payload, dict) and payload.get("kind") not in ("t1", "t3"):
        return "is no post or comment"
    thing = check(_Thing, payload)
    if isinstance(thing, str):
        return thing
    post = thing.data
    text = post.body if thing.kind == "t1" else "\n".join(part for part in (post.title, post.selftext) if part)
    if _is_gone(post, thing.kind):
        return GONE
    if not text:
        return "has no text"
    path = post.permalink or post.context
    return Mention(
        mention_id=f"reddit:{post.name}",
        network="reddit",
        external_id=post.name,
        author="" if post.author in (None, *_GONE) else str(post.author),
        text=text,
        created_at=post.created_utc,
        url=f"https://www.reddit.com{path}" if path and path.startswith("/") else None,
        in_reply_to=post.parent_id,
        conversation_id=post.link_id if thing.kind == "t1" else post.name,
        engagement=add_up(post.score, post.num_comments) if thing.kind == "t3" else post.score,
        edited_at=post.edited,
        author_id=post.author_fullname,
    )


def _is_gone(post: _Post, kind: str) -> bool:
    return (post.body if kind == "t1" else post.selftext) in _GONE


class RedditNetwork:
    """Reddit as one network: `terms` are searched for, `subreddits` are read as a whole."""

    name = "reddit"
    recheck_limit = _PAGE

    def __init__(
        self,
        find_keys: Callable[[], RedditKeys],
        terms: Sequence[str],
        subreddits: Sequence[str],
        ours: frozenset[str],
        now: Callable[[], datetime],
        base_url: str = "",
        timeout_seconds: int = _TIMEOUT_SECONDS,
        competitors: Sequence[str] = (),
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._competitors = competitors
        self._find_keys = find_keys
        self._terms = terms
        self._subreddits = subreddits
        self._ours = ours
        self._now = now
        self._base_url = base_url
        self._client: RedditClient | None = None

    def read(self, cursor: str) -> MentionPage:
        """See Network: mentions of our name, the search, and each subreddit's posts and comments."""
        client = self.connect()
        page = read_listings(self._list(client), cursor, self._build_reading())
        return add_parents(page, _PAGE, self._look_up, to_mention)

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck: what reads `[deleted]` or is not there any more is gone."""
        return compare(external_ids, self._look_up(external_ids), _find_id, self._build_reading())

    def _look_up(self, external_ids: Sequence[str]) -> list[object]:
        return find_children(self.connect().get("/api/info", {"id": ",".join(external_ids)}))

    def _list(self, client: "RedditClient") -> dict[str, Fetch]:
        listings: dict[str, Fetch] = {}
        if client.has_account:
            listings["mentions"] = _follow(client, "/message/mentions", {})
        # Apart: a listing ends after a thousand posts, and talk about competitors must not hide talk about us.
        for name, terms in (("search", self._terms), ("search competitors", self._competitors)):
            if terms:
                query = " OR ".join(f'"{term}"' for term in terms)
                listings[name] = _follow(client, "/search", {"q": query, "sort": "new", "type": "link", "t": "week"})
        for subreddit in self._subreddits:
            listings[f"{subreddit}/new"] = _follow(client, f"/r/{subreddit}/new", {})
            listings[f"{subreddit}/comments"] = _follow(client, f"/r/{subreddit}/comments", {})
        return listings

    def _build_reading(self) -> ListingReader:
        return ListingReader(self._now(), to_mention, self._ours)

    def connect(self) -> "RedditClient":
        """The client, built once. Raises NetworkError."""
        if self._client is None:
            self._client = RedditClient(self._find_keys(), self._base_url, self._now, self._timeout_seconds)
        return self._client


class RedditClient:
    """PRAW, asked for bare JSON."""

    def __init__(self, keys: RedditKeys, base_url: str, now: Callable[[], datetime], timeout_seconds: int) -> None:
        self.has_account = bool(keys.username and keys.password)
        self._now = now
        self._status = 200
        self._retry_at: datetime | None = None
        self._headers: Mapping[str, str] = {}
        self._reddit = self._build(keys, base_url, timeout_seconds)

    def get(self, path: str, params: Mapping[str, str | int]) -> object:
        """The JSON at a path. Raises NetworkError; never waits for a rate limit to pass."""
        remaining = self._reddit.auth.limits["remaining"]
        if isinstance(remaining, int) and remaining < 1 and self._retry_at and self._retry_at > self._now():
            raise limited(_WHO, self._retry_at)
        return self._request("GET", path, params=dict(params))

    def post(self, path: str, data: Mapping[str, str]) -> object:
        """The JSON that comes back on a form, sent once. Raises NetworkError.

        The trap: prawcore sends a request up to three times when the connection breaks or the server fails, also one
        that writes; a comment would be there twice.
        """
        with _without_retries(self._reddit):
            return self._request("POST", path, data=dict(data))

    def _request(self, method: str, path: str, **what: Any) -> object:
        with self._translated():
            parsed: object = self._reddit.request(method=method, path=path, **what)
        if not parsed and method == "GET":  # PRAW makes an empty text of an empty answer
            raise unreadable(_WHO)
        return parsed

    def _build(self, keys: RedditKeys, base_url: str, timeout_seconds: int) -> "Reddit":
        try:
            from praw import Reddit
        except ModuleNotFoundError as error:
            raise not_installed(_WHO, "reddit") from error
        session = build_session(timeout_seconds, follows=False)
        session.hooks["response"].append(self._note_headers)
        account: dict[str, Any] = {"username": keys.username, "password": keys.password} if self.has_account else {}
        places: dict[str, Any] = {"oauth_url": base_url, "reddit_url": base_url} if base_url else {}
        return Reddit(
            client_id=keys.client_id,
            client_secret=keys.client_secret,
            user_agent="python:earshot (social listening)",
            check_for_updates=False,
            check_for_async=False,
            timeout=timeout_seconds,
            requestor_kwargs={"session": session, "timeout": timeout_seconds},
            **account,
            **places,
        )

    def _note_headers(self, response: Any, *args: object, **kwargs: object) -> None:
        self._status, self._headers = int(response.status_code), dict(response.headers)
        self._retry_at = read_retry_at(self._headers, self._now())

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import prawcore
        import requests
        from praw.exceptions import PRAWException

        try:
            yield
        except prawcore.OAuthException as error:
            refused = NetworkError(f"{_WHO} does not accept the account's name and password.", _MEND, in_slack=OPERATOR)
            refused.status = 401  # before anything else was asked
            raise refused from error
        except prawcore.BadJSON as error:
            raise unreadable(_WHO, error.response.headers.get("content-type", "")) from error
        except prawcore.Redirect as error:
            raise NetworkError(
                f"{_WHO} knows no such subreddit.", "Check subreddits: in networks.yaml.", in_slack=OPERATOR
            ) from error
        except prawcore.ResponseException as error:
            raise explain_status(
                _WHO, error.response.status_code, error.response.headers, self._now(), _MEND
            ) from error
        except prawcore.RequestException as error:
            raise unreachable(_WHO, isinstance(error.original_exception, requests.Timeout)) from error
        except (prawcore.PrawcoreException, PRAWException) as error:
            refused = NetworkError(f"{_WHO} refuses the question.", _MEND, in_slack=OPERATOR)
            refused.status = 400 if isinstance(error, PRAWException) else 0
            raise refused from error
        except (ValueError, KeyError, RecursionError) as error:  # of an answer that is not as prawcore expects it
            if self._status >= 400:
                raise explain_status(_WHO, self._status, self._headers, self._now(), _MEND) from error
            raise unreadable(_WHO) from error


@contextmanager
def _without_retries(reddit: "Reddit") -> Iterator[None]:
    from prawcore.sessions import FiniteRetryStrategy

    class Once(FiniteRetryStrategy):
        def _sleep_seconds(self) -> float | None:
            return None

        def should_retry_on_failure(self) -> bool:
            return False

    session: Any = reddit._core  # PRAW has no setting for it; a test counts the requests
    usual, session._retry_strategy_class = session._retry_strategy_class, Once
    try:
        yield
    finally:
        session._retry_strategy_class = usual


def _follow(client: RedditClient, path: str, params: Mapping[str, str | int]) -> Fetch:
    def fetch(token: str, _since: datetime) -> Slice:
        place = {"after": token} if token else {}
        body = client.get(path, {"limit": _PAGE, **params, **place})
        return Slice(find_children(body), _find_after(body))

    return fetch


def find_children(body: object) -> list[object]:
    """The things of a listing. Raises NetworkError when it is none."""
    return find_posts(_WHO, _find_data(body), "children")


def _find_after(body: object) -> str:
    after = _find_data(body).get("after")
    return after if isinstance(after, str) else ""


def _find_data(body: object) -> dict[str, object]:
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) else {}


def _find_id(payload: object) -> object:
    return _find_data(payload).get("name")
