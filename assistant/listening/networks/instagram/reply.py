"""Single comments on Instagram, answered as our professional account."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain import Mention, ThreadPost
from assistant.listening.networks.base.errors import refused
from assistant.listening.networks.base.meta_graph import GraphGoneError, read_edge
from assistant.listening.networks.base.payload import get_field, read_id, read_post, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.instagram.read import InstagramNetwork, to_mention

_WHO = "Instagram"
_COMMENT = "id,text,timestamp,username"


class InstagramPosts:
    """See Posts. `account` is our account's number."""

    who = _WHO
    mend = "Check access_token: under instagram: in networks.yaml; to answer, it needs instagram_manage_comments."
    settles = timedelta(minutes=2)

    def __init__(self, network: InstagramNetwork, account: str) -> None:
        self._network = network
        self._account = account
        self._username = ""

    def connect(self) -> object:
        """See Posts: there is no log-in, only the token."""
        return self._network.build_site()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts. A reply to a reply is below the same first comment."""
        body = self._network.build_site().post(f"/{_find_top(mention)}/replies", {"message": text})
        return SentReply(read_id(_WHO, body), mention.url)

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts."""
        return [reply for reply in self._read_replies(mention) if reply.is_ours]

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts: comments have no address of their own."""
        return mention.url

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts."""
        try:
            self._network.build_site().delete(f"/{external_id}")
        except GraphGoneError:
            return

    def look(self, mention: Mention) -> PostNow:
        """See Posts. Locked: comments are switched off below the medium."""
        site = self._network.build_site()
        fields = (
            f"{_COMMENT},media{{id,is_comment_enabled}}" if mention.in_reply_to else "id,caption,timestamp,username"
        )
        try:
            found = site.fetch(f"/{mention.external_id}", {"fields": fields})
        except GraphGoneError:
            return PostNow(None)
        post = read_post(_WHO, to_mention(found))
        if not mention.in_reply_to:  # of somebody else's medium the API shows no comments
            return PostNow(post)
        is_locked = get_field(get_field(found, "media"), "is_comment_enabled") is False
        return PostNow(post, tuple(sorted(self._read_replies(mention), key=lambda reply: reply.created_at)), is_locked)

    def _read_replies(self, mention: Mention) -> list[ThreadPost]:
        site = self._network.build_site()
        if not self._username:
            body = site.fetch(f"/{self._account}", {"fields": "username"})
            self._username = read_id(_WHO, body, "username").lower()
        found = [to_mention(comment) for comment in read_edge(site, f"/{_find_top(mention)}/replies", _COMMENT)]
        return [
            to_reply(post, is_ours=post.author.lower() == self._username)
            for post in found
            if isinstance(post, Mention) and post.external_id != mention.external_id
        ]


def _find_top(mention: Mention) -> str:
    """The first comment of the thread: only that can be answered. Raises NetworkError for somebody else's medium."""
    if not mention.in_reply_to:
        raise refused(f"{_WHO} lets nobody answer another's post by its API.", "Open the post and answer there.")
    is_first = mention.in_reply_to == mention.conversation_id
    return mention.external_id if is_first else mention.in_reply_to
