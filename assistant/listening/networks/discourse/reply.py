"""Single posts of a Discourse forum, answered by the user of the API key."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import find_posts, refused
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.payload import get_field, read_id, read_post, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.discourse.read import DiscourseNetwork

_QUEUED = "enqueued"  # moderators look at it first
_LATEST = 60


class DiscoursePosts:
    """See Posts. `username` is the forum user who answers."""

    mend = (
        "Check api_key: and api_username: under discourse: in networks.yaml; to answer, the key needs to write posts."
    )
    settles = timedelta(minutes=2)

    def __init__(self, network: DiscourseNetwork, username: str) -> None:
        self._network = network
        self._username = username
        self.who = network.who

    def connect(self) -> Site:
        """See Posts: there is no log-in, only the key."""
        return self._network.build_site()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts. What the forum's moderators look at first counts as sent: it is out of our hands."""
        topic, number = _split(mention.external_id)
        what: dict[str, object] = {"topic_id": int(topic), "raw": text, "reply_to_post_number": int(number)}
        body = self.connect().post("/posts.json", what)
        if get_field(body, "action") == _QUEUED:
            return SentReply(f"{topic}/{_QUEUED}", None)
        reply_id = f"{read_id(self.who, body, 'topic_id')}/{read_id(self.who, body, 'post_number')}"
        return SentReply(reply_id, self.locate(mention, reply_id))

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts: the topic's newest posts. Raises NetworkError when they do not reach back far enough."""
        newest = self._read_latest(mention)
        if len(newest) == _LATEST and min(post.created_at for post in newest) > since:
            raise NetworkError(f"Too much was written in this topic on {self.who} since.", "Look at it yourself.")
        own = [post for post in newest if post.author.lower() == self._username.lower()]
        return [to_reply(post, is_ours=True) for post in own if post.in_reply_to == mention.external_id]

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        return f"{self._network.url}/t/-/{external_id}" if _QUEUED not in external_id else None

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts."""
        topic, number = _split(external_id)
        site = self.connect()
        body = site.fetch(f"/posts/by_number/{topic}/{number}.json")
        site.delete(f"/posts/{read_id(self.who, body)}.json")

    def look(self, mention: Mention) -> PostNow:
        """See Posts. Locked: the topic is closed or archived."""
        topic, number = _split(mention.external_id)
        site = self.connect()
        try:
            found = site.fetch(f"/posts/by_number/{topic}/{number}.json", {"include_raw": "true"})
            about = site.fetch(f"/t/{topic}.json")
        except NetworkError as error:
            if error.status in (404, 410):
                return PostNow(None)
            raise
        replies = [
            to_reply(post, is_ours=post.author.lower() == self._username.lower())
            for post in self._read_latest(mention)
            if post.in_reply_to == mention.external_id
        ]
        is_locked = any(get_field(about, name) is True for name in ("closed", "archived"))
        return PostNow(read_post(self.who, self._network.to_mention(found)), tuple(replies), is_locked)

    def _read_latest(self, mention: Mention) -> list[Mention]:
        """The topic's newest posts, oldest first."""
        topic, _ = _split(mention.external_id)
        site = self.connect()
        stream = get_field(get_field(site.fetch(f"/t/{topic}.json"), "post_stream"), "stream")
        if not isinstance(stream, list):
            raise NetworkError(f"{self.who} answers in a way that Earshot does not understand.", "Update Earshot.")
        ids = ",".join(str(number) for number in stream[-_LATEST:])
        body = site.fetch(f"/t/{topic}/posts.json", {"post_ids[]": ids, "include_raw": "true"})
        posts = find_posts(self.who, get_field(body, "post_stream"), "posts")
        return [post for one in posts if isinstance(post := self._network.to_mention(one), Mention)]


def _split(external_id: str) -> tuple[str, str]:
    topic, _, number = external_id.partition("/")
    if not (topic.isdecimal() and number.isdecimal()):
        raise refused("This post has no number by which a forum could find it.", "Look at it yourself.")
    return topic, number
