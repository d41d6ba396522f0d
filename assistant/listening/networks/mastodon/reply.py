"""Single posts on Mastodon: its Idempotency-Key keeps a reply from standing there twice, for an hour."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import unreadable
from assistant.listening.networks.base.payload import get_field, read_id, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.mastodon.read import MastodonNetwork, find_list, to_mention

_WHO = "Mastodon"
_PAGE = 40
_MOST_PAGES = 10


class MastodonPosts:
    """See Posts. Our replies are read from our own account: they are found there though the post may be gone."""

    who = _WHO
    mend = "Check access_token: under mastodon: in networks.yaml; to answer, the token needs the scope write:statuses."
    settles = timedelta()

    def __init__(self, network: MastodonNetwork) -> None:
        self._network = network
        self._account = ""

    def connect(self) -> object:
        """See Posts."""
        return self._network.connect()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts. Only who is named in the text is notified; the words are never changed here."""
        client = self._network.connect()
        with self._network.translated(client):
            status = client.status_post(text, in_reply_to_id=mention.external_id, idempotency_key=send_key)
        return SentReply(read_id(_WHO, status), _find_url(status))

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts."""
        client, account = self._network.connect(), self._find_account()
        found: list[ThreadPost] = []
        last: str | None = None
        for _ in range(_MOST_PAGES):
            with self._network.translated(client):
                page = find_list(client.account_statuses(account, limit=_PAGE, max_id=last))
            posts = [to_mention(status) for status in page]
            found += [to_reply(post, is_ours=True) for post in posts if isinstance(post, Mention)]
            if len(page) < _PAGE or (found and found[-1].created_at < since):
                return [post for post in found if post.in_reply_to == mention.external_id]
            last = str(get_field(page[-1], "id"))
        raise NetworkError(f"Our account on {_WHO} wrote too much since to read it all.", "Look at the post yourself.")

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        client = self._network.connect()
        with self._network.translated(client):
            return _find_url(client.status(external_id))

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts."""
        client = self._network.connect()
        with self._network.translated(client):
            client.status_delete(external_id)

    def look(self, mention: Mention) -> PostNow:
        """See Posts."""
        client, account = self._network.connect(), self._find_account()
        try:
            with self._network.translated(client):
                post = to_mention(client.status(mention.external_id))
                below = find_list(client.status_context(mention.external_id).descendants)
        except NetworkError as error:
            if error.status in (404, 410):
                return PostNow(None)
            raise
        replies = [
            to_reply(found, is_ours=_find_account_id(status) == account)
            for status in below
            if isinstance(found := to_mention(status), Mention) and found.in_reply_to == mention.external_id
        ]
        if not isinstance(post, Mention):
            raise unreadable(_WHO)
        return PostNow(post, tuple(replies))

    def _find_account(self) -> str:
        if not self._account:
            client = self._network.connect()
            with self._network.translated(client):
                self._account = read_id(_WHO, client.account_verify_credentials())
        return self._account


def _find_account_id(status: object) -> str:
    return str(get_field(get_field(status, "account"), "id"))


def _find_url(status: object) -> str | None:
    url = status.get("url") if isinstance(status, Mapping) else None
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else None
