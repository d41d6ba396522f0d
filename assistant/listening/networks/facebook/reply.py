"""Single comments on Facebook, and what visitors post on our page; answered as the page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain import Mention, ThreadPost
from assistant.listening.networks.base.meta_graph import GraphGoneError, read_edge
from assistant.listening.networks.base.payload import get_field, read_id, read_post, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.facebook.read import FacebookNetwork, to_mention

_WHO = "Facebook"
_COMMENT = "id,message,created_time,from{id,name},permalink_url"


class FacebookPosts:
    """See Posts. `page` is our page's number."""

    who = _WHO
    mend = "Check access_token: under facebook: in networks.yaml; to answer, it needs pages_manage_engagement."
    settles = timedelta(minutes=2)

    def __init__(self, network: FacebookNetwork, page: str) -> None:
        self._network = network
        self._page = page

    def connect(self) -> object:
        """See Posts: there is no log-in, only the token."""
        return self._network.build_site()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts."""
        body = self._network.build_site().post(f"/{mention.external_id}/comments", {"message": text})
        reply_id = read_id(_WHO, body)
        return SentReply(reply_id, self.locate(mention, reply_id))

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts."""
        return [reply for reply in self._read_replies(mention) if reply.is_ours]

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        return f"https://www.facebook.com/{external_id}"

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts."""
        try:
            self._network.build_site().delete(f"/{external_id}")
        except GraphGoneError:
            return

    def look(self, mention: Mention) -> PostNow:
        """See Posts. A post is locked when our page may not comment on it."""
        site = self._network.build_site()
        is_comment = bool(mention.in_reply_to)
        try:
            found = site.fetch(
                f"/{mention.external_id}", {"fields": f"{_COMMENT},can_comment" if is_comment else _COMMENT}
            )
        except GraphGoneError:
            return PostNow(None)
        post = read_post(_WHO, to_mention(found))
        is_locked = get_field(found, "can_comment") is False
        return PostNow(post, tuple(sorted(self._read_replies(mention), key=lambda reply: reply.created_at)), is_locked)

    def _read_replies(self, mention: Mention) -> list[ThreadPost]:
        comments = read_edge(self._network.build_site(), f"/{mention.external_id}/comments", _COMMENT)
        pairs = [(comment, to_mention(comment)) for comment in comments]
        return [
            to_reply(post, is_ours=get_field(get_field(comment, "from"), "id") == self._page)
            for comment, post in pairs
            if isinstance(post, Mention)
        ]
