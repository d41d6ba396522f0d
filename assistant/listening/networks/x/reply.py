"""Single posts on X: answering needs the keys of our account (OAuth 1.0a) beside the bearer token that reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.payload import get_field, read_id, read_post, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.x.read import XNetwork, to_mention

_WHO = "X"
_FIELDS = {
    "tweet_fields": ["id", "text", "author_id", "created_at", "conversation_id", "referenced_tweets", "note_tweet"],
    "expansions": ["author_id"],
    "user_fields": ["username"],
}
_PAGE = 100
_MOST_PAGES = 5
_NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"


@dataclass(frozen=True)
class XKeys:
    """The keys of our account, in tweepy's names."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


class XPosts:
    """See Posts. `find_keys` is None where nothing may be sent; `user_id` is our account's number."""

    who = _WHO
    mend = (
        "Check the four keys under x: in networks.yaml and whether the app may read and write. X refuses replies "
        "to posts that neither mention nor quote us."
    )
    settles = timedelta(minutes=2)

    def __init__(self, network: XNetwork, user_id: str, find_keys: Callable[[], XKeys] | None) -> None:
        self._network = network
        self._user_id = user_id
        self._find_keys = find_keys
        self._writer: Any = None

    def connect(self) -> object:
        """See Posts."""
        return self._connect()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts."""
        client = self._connect()
        with self._network.translated():
            body = client.create_tweet(text=text, in_reply_to_tweet_id=mention.external_id)
        reply_id = read_id(_WHO, get_field(body, "data"))
        return SentReply(reply_id, self.locate(mention, reply_id))

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts: our account's own timeline, which shows a post sooner than any search."""
        client = self._connect()
        found: list[ThreadPost] = []
        token = ""
        for _ in range(_MOST_PAGES):
            with self._network.translated():
                body: Any = client.get_users_tweets(
                    self._user_id,
                    user_auth=True,
                    max_results=_PAGE,
                    start_time=since.astimezone(UTC).replace(microsecond=0),
                    pagination_token=token or None,
                    **_FIELDS,
                )
            found += [to_reply(post, is_ours=True) for post in _read_tweets(body) if _answers(post, mention)]
            token = str(get_field(get_field(body, "meta"), "next_token") or "")
            if not token:
                return found
        raise NetworkError(f"Our account on {_WHO} wrote too much since to read it all.", "Look at the post yourself.")

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        return f"https://x.com/i/status/{external_id}"

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts."""
        client = self._connect()
        with self._network.translated():
            client.delete_tweet(external_id)

    def look(self, mention: Mention) -> PostNow:
        """See Posts. Replies come from the search, which reaches seven days back; each costs as any post read."""
        client = self._network.connect()
        fields = {**_FIELDS, "tweet_fields": [*_FIELDS["tweet_fields"], "reply_settings"]}
        with self._network.translated():
            body: Any = client.get_tweets([mention.external_id], **fields)
        found = _read_tweets(body)
        if not found:
            if any(get_field(fault, "type") == _NOT_FOUND for fault in _list(get_field(body, "errors"))):
                return PostNow(None)
            raise NetworkError(f"{_WHO} does not show this post.", "Look at it yourself.")
        post = read_post(_WHO, found[0])
        tweet = _list(get_field(body, "data"))[0]
        return PostNow(post, self._find_replies(client, mention), self._is_closed(tweet, mention))

    def _find_replies(self, client: Any, mention: Mention) -> tuple[ThreadPost, ...]:
        query = f"conversation_id:{mention.conversation_id or mention.external_id} is:reply"
        with self._network.translated():
            body: Any = client.search_recent_tweets(query, max_results=_PAGE, **_FIELDS)
        authors = {get_field(tweet, "id"): get_field(tweet, "author_id") for tweet in _list(get_field(body, "data"))}
        replies = [
            to_reply(post, is_ours=bool(self._user_id) and authors.get(post.external_id) == self._user_id)
            for post in _read_tweets(body)
            if post.in_reply_to == mention.external_id
        ]
        return tuple(sorted(replies, key=lambda post: post.created_at))

    def _is_closed(self, tweet: object, mention: Mention) -> bool:
        """Only those whom it mentions may answer, and it mentions nobody: for other limits only X knows."""
        return get_field(tweet, "reply_settings") == "mentionedUsers" and "@" not in mention.text

    def _connect(self) -> Any:
        if self._writer is None:
            if self._find_keys is None:
                raise NetworkError(f"{_WHO} has no keys to answer with.", self.mend)
            keys = self._find_keys()
            self._writer = self._network.build_client(**keys.__dict__)
        return self._writer


def _answers(post: Mention, mention: Mention) -> bool:
    """An edited post has several numbers on X, and a reply may name any of them: its conversation counts too."""
    if post.in_reply_to == mention.external_id:
        return True
    return bool(mention.edited_at and post.in_reply_to and post.conversation_id == mention.conversation_id)


def _read_tweets(body: object) -> list[Mention]:
    users: Mapping[object, object] = {
        get_field(user, "id"): user for user in _list(get_field(get_field(body, "includes"), "users"))
    }
    if get_field(body, "data") is None and get_field(body, "meta") is None and get_field(body, "errors") is None:
        raise NetworkError(f"{_WHO} answers in a way that Earshot does not understand.", "Update Earshot.")
    found = (to_mention(tweet, users) for tweet in _list(get_field(body, "data")))
    return [post for post in found if isinstance(post, Mention)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
