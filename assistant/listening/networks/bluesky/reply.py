"""Single posts on Bluesky: a record's key is ours to choose, so one reply can never be there twice."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import find_posts, refused
from assistant.listening.networks.base.payload import (
    Moment,
    PostId,
    Text,
    check,
    get_field,
    read_id,
    read_post,
    to_reply,
)
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.bluesky.read import BlueskyGoneError, BlueskyNetwork, to_mention

_WHO = "Bluesky"
_COLLECTION = "app.bsky.feed.post"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_CLOCK_BITS = 10
_LINK = re.compile(rb"https?://[^\s<>\"]+[^\s<>\".,;:!?')\]]")


class _Value(BaseModel):
    text: Text
    createdAt: Moment  # noqa: N815  # Bluesky's name


class _Record(BaseModel):
    uri: PostId
    value: _Value


class BlueskyPosts:
    """See Posts."""

    who = _WHO
    mend = "Check handle: and app_password: under bluesky: in networks.yaml."
    settles = timedelta()

    def __init__(self, network: BlueskyNetwork, handle: str, now: Callable[[], datetime]) -> None:
        self._network = network
        self._handle = handle
        self._now = now

    def connect(self) -> object:
        """See Posts."""
        return self._network.connect()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts. What stands under the key already is left as it is."""
        if self.read_own(mention, send_key, mention.created_at):
            uri = self._build_uri(mention, send_key)
            return SentReply(uri, self.locate(mention, uri))
        created = self._network.call(
            "com.atproto.repo.createRecord",
            {
                "repo": self._network.did,
                "collection": _COLLECTION,
                "rkey": to_record_key(mention, send_key),
                "record": self._build_record(mention, text),
            },
        )
        uri = read_id(_WHO, created, "uri")
        return SentReply(uri, self.locate(mention, uri))

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts: the one record under the key, from the server where our account lives."""
        try:
            body = self._network.ask(
                "com.atproto.repo.getRecord",
                repo=self._network.did,
                collection=_COLLECTION,
                rkey=to_record_key(mention, send_key),
            )
        except BlueskyGoneError:
            return ()
        record = check(_Record, body)
        if isinstance(record, str):
            raise NetworkError(f"{_WHO} has something else under the key of this reply.", "Look at the post yourself.")
        moment = max(record.value.createdAt, since)  # the key says that it is this send, whatever its date
        return (ThreadPost("bluesky", record.uri, self._handle, record.value.text, moment, mention.external_id, True),)

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        return f"https://bsky.app/profile/{self._handle}/post/{external_id.rpartition('/')[2]}"

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts. To delete what is not there is no failure on Bluesky."""
        key = external_id.rpartition("/")[2]
        self._network.call(
            "com.atproto.repo.deleteRecord", {"repo": self._network.did, "collection": _COLLECTION, "rkey": key}
        )

    def look(self, mention: Mention) -> PostNow:
        """See Posts. A post whose author lets nobody answer, or not us, counts as locked."""
        try:
            body = self._network.ask("app.bsky.feed.getPostThread", uri=mention.external_id, depth=1, parentHeight=0)
        except NetworkError as error:
            if error.__cause__ is not None and "NotFound" in str(_find_error_name(error.__cause__)):
                return PostNow(None)
            raise
        thread = get_field(body, "thread")
        if get_field(thread, "blocked") is True:  # the author blocks us, or we them
            return PostNow(mention, is_locked=True)
        view = get_field(thread, "post")
        below = get_field(thread, "replies")
        posts = [get_field(reply, "post") for reply in below] if isinstance(below, list) else []
        replies = [
            to_reply(found, is_ours=get_field(get_field(post, "author"), "did") == self._network.did)
            for post in posts
            if isinstance(found := to_mention(post), Mention)
        ]
        is_locked = get_field(get_field(view, "viewer"), "replyDisabled") is True
        return PostNow(
            read_post(_WHO, to_mention(view)), tuple(sorted(replies, key=lambda post: post.created_at)), is_locked
        )

    def _build_uri(self, mention: Mention, send_key: str) -> str:
        return f"at://{self._network.did}/{_COLLECTION}/{to_record_key(mention, send_key)}"

    def _build_record(self, mention: Mention, text: str) -> dict[str, object]:
        """The record. A reply names the post and the first one of its thread, both with their content's hash.

        Of the first one the post's own record has both: it may be gone, or by somebody who blocks us.
        """
        post = self._find_post(mention.external_id)
        parent: dict[str, object] = {"uri": mention.external_id, "cid": read_id(_WHO, post, "cid")}
        above = get_field(get_field(get_field(post, "record"), "reply"), "root")
        root = {"uri": read_id(_WHO, above, "uri"), "cid": read_id(_WHO, above, "cid")} if above else parent
        record: dict[str, object] = {
            "$type": _COLLECTION,
            "text": text,
            "createdAt": self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "reply": {"root": root, "parent": parent},
        }
        if facets := find_facets(text):
            record["facets"] = facets
        return record

    def _find_post(self, uri: str) -> object:
        posts = find_posts(_WHO, self._network.ask("app.bsky.feed.getPosts", uris=[uri]), "posts")
        if not posts:
            raise refused(f"The post on {_WHO} is no longer there.", "Nothing was sent.", 404)
        return posts[0]


def to_record_key(mention: Mention, send_key: str) -> str:
    """A TID (13 signs, see atproto.com/specs/tid) that is the same for every try of one send.

    Its time is the post's second; the microseconds and the clock's number come from the key's hash (30 bits).
    """
    digest = int.from_bytes(hashlib.sha256(send_key.encode()).digest()[:8])
    microseconds = int(mention.created_at.timestamp()) * 1_000_000 + digest % 1_000_000
    number = (microseconds << _CLOCK_BITS) | (digest >> 32) % (1 << _CLOCK_BITS)
    return "".join(_SORTABLE[(number >> (5 * place)) & 31] for place in reversed(range(13)))


def find_facets(text: str) -> list[dict[str, object]]:
    """Links in the text, marked by their place in bytes: without it nobody could follow them on Bluesky."""
    return [
        {
            "index": {"byteStart": link.start(), "byteEnd": link.end()},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": link[0].decode()}],
        }
        for link in _LINK.finditer(text.encode())
    ]


def _find_error_name(error: object) -> object:
    return getattr(getattr(getattr(error, "response", None), "content", None), "error", "")
