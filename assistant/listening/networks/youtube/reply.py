"""Single comments on YouTube: answering needs the consent of our channel (OAuth 2.0) beside the key that reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import find_posts
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.payload import get_field, read_id, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.youtube.read import YouTubeNetwork, to_mention

_WHO = "YouTube"
_TOKENS = "https://oauth2.googleapis.com"
_PAGE = 100
_MOST_PAGES = 5
_EARLY = timedelta(minutes=1)


@dataclass(frozen=True)
class YouTubeKeys:
    """An OAuth client and the refresh token that our channel gave it, with the scope youtube.force-ssl."""

    client_id: str
    client_secret: str
    refresh_token: str


class YouTubePosts:
    """See Posts. `find_keys` is None where nothing may be sent."""

    who = _WHO
    mend = "Check client_id:, client_secret: and refresh_token: under youtube: in networks.yaml."
    settles = timedelta(minutes=2)

    def __init__(
        self,
        network: YouTubeNetwork,
        find_keys: Callable[[], YouTubeKeys] | None,
        now: Callable[[], datetime],
        token_url: str = _TOKENS,
    ) -> None:
        self._network = network
        self._find_keys = find_keys
        self._now = now
        self._token_url = token_url
        self._token = ""
        self._ends_at = now()
        self._channel = ""

    def connect(self) -> Site:
        """See Posts. A token lasts an hour and is renewed before it ends."""
        if self._find_keys is None:
            raise NetworkError(f"{_WHO} has no keys to answer with.", self.mend)
        if not self._token or self._now() >= self._ends_at - _EARLY:
            keys = self._find_keys()
            site = Site(_WHO, self._token_url, self._now, self.mend)
            body = site.post("/token", {**keys.__dict__, "grant_type": "refresh_token"})
            seconds = get_field(body, "expires_in")
            self._token = read_id(_WHO, body, "access_token")
            self._ends_at = self._now() + timedelta(seconds=seconds if isinstance(seconds, int) else 0)
        return self._network.build_site({"Authorization": f"Bearer {self._token}"}, self.mend)

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts. YouTube has two floors only: an answer to a reply is below the same first comment."""
        snippet = {"parentId": _find_top(mention), "textOriginal": text}
        body = self.connect().post("/comments", {"snippet": snippet}, {"part": "snippet"})
        reply_id = read_id(_WHO, body)
        return SentReply(reply_id, self.locate(mention, reply_id))

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts."""
        site = self.connect()
        if not self._channel:
            mine = find_posts(_WHO, site.fetch("/channels", {"part": "id", "mine": "true"}), "items")
            self._channel = read_id(_WHO, mine[0] if mine else None)
        return [post for post in _read_replies(site, mention, (self._channel,)) if post.is_ours]

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        return mention.url.partition("&lc=")[0] + f"&lc={external_id}" if mention.url else None

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts."""
        self.connect().delete("/comments", {"id": external_id})

    def look(self, mention: Mention) -> PostNow:
        """See Posts. Ours are the replies of the channels that are read. Costs three units of the day's quota."""
        site = self._network.build_site()
        ask: dict[str, str | int] = {"part": "snippet", "textFormat": "plainText"}
        found = find_posts(_WHO, site.fetch("/comments", {**ask, "id": mention.external_id}), "items")
        if not found:
            return PostNow(None)
        thread = find_posts(_WHO, site.fetch("/commentThreads", {**ask, "id": _find_top(mention)}), "items")
        can_reply = get_field(get_field(thread[0] if thread else None, "snippet"), "canReply")
        post = to_mention(found[0])
        if isinstance(post, str):
            raise NetworkError(
                f"{_WHO} shows this comment in a way that Earshot does not understand.", "Look yourself."
            )
        replies = _read_replies(site, mention, self._network.channels)
        return PostNow(post, tuple(sorted(replies, key=lambda reply: reply.created_at)), can_reply is False)


def _find_top(mention: Mention) -> str:
    return mention.in_reply_to or mention.external_id


def _read_replies(site: Site, mention: Mention, channels: Sequence[str]) -> list[ThreadPost]:
    """All replies below the first comment: YouTube does not tell which reply answers which."""
    found: list[object] = []
    token = ""
    ask: dict[str, str | int] = {"part": "snippet", "textFormat": "plainText", "maxResults": _PAGE}
    for _ in range(_MOST_PAGES):
        place = {"pageToken": token} if token else {}
        body = site.fetch("/comments", {**ask, "parentId": _find_top(mention), **place})
        found += find_posts(_WHO, body, "items")
        token = str(get_field(body, "nextPageToken") or "")
        if not token:
            return [_to_reply(item, channels) for item in found if isinstance(to_mention(item), Mention)]
    raise NetworkError(f"There are too many replies on {_WHO} to read them all.", "Look at the post yourself.")


def _to_reply(item: object, channels: Sequence[str]) -> ThreadPost:
    post = to_mention(item)
    channel = get_field(get_field(get_field(item, "snippet"), "authorChannelId"), "value")
    assert isinstance(post, Mention)  # noqa: S101  # checked where this is called
    return to_reply(post, is_ours=channel in channels)
