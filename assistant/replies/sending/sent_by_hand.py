"""An approved draft that a person posts by hand: done as soon as our account's reply is seen on the network."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from assistant.domain import Draft, DraftStatus, MayReply, Mention, Reply, ThreadPost
from assistant.errors import EarshotError, edge
from assistant.listening.networks.base.protocol import Looks
from assistant.listening.tables.posts import MentionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.send_ledger import LedgerTables

_MOST_LOOKS = 20
_WATCHED = timedelta(days=3)  # whoever has not posted it by then is asked by the card, and looks cost money on X
_BETWEEN = timedelta(minutes=15)
_log = logging.getLogger(__name__)


class SentByHand:
    """Closes drafts that were sent by hand. `locate` gives the address of a reply by its id.

    Any reply of our own account to the post after the approval closes it, in whatever words: a post gets one answer,
    and a person may have changed a word while posting. What is kept is what the network shows.
    """

    def __init__(
        self,
        drafts: DraftTables,
        ledger: LedgerTables,
        mentions: MentionTables,
        looks: Mapping[str, Looks],
        may_reply: Callable[[Mention], MayReply],
        locate: Callable[[Mention, str], str | None],
    ) -> None:
        self._drafts = drafts
        self._ledger = ledger
        self._mentions = mentions
        self._looks = looks
        self._may_reply = may_reply
        self._locate = locate
        self._looked_at: dict[int, datetime] = {}

    def close(self, now: datetime) -> list[Draft]:
        """Look at the posts of approved drafts that a person has to send; returns the drafts that are sent now.

        A network that cannot be asked is asked again the next time.
        """
        closed = []
        for draft, mention in self._list_watched(now)[:_MOST_LOOKS]:
            self._looked_at[draft.draft_id] = now
            try:
                with edge(f"looking at {mention.mention_id} on {mention.network}"):
                    replies = self._looks[mention.network].look(mention).replies
            except EarshotError as error:
                _log.info("%s could not be looked at: %s", mention.mention_id, error.message)
                continue
            if self.take(draft, mention, replies):
                closed.append(self._drafts.find(draft.draft_id))
        return closed

    def take(self, draft: Draft, mention: Mention, replies: tuple[ThreadPost, ...]) -> bool:
        """Close the draft by the first of our replies that came after its approval; False when there is none."""
        approved_at = self._ledger.approved_at(draft.draft_id)
        ours = [post for post in replies if post.is_ours and approved_at and post.created_at >= approved_at]
        if not ours:
            return False
        reply = Reply(
            draft_id=draft.draft_id,
            mention_id=mention.mention_id,
            network=mention.network,
            external_id=ours[0].external_id,
            text=ours[0].text,
            sent_at=ours[0].created_at,
            url=self._find_url(mention, ours[0].external_id),
            how="assist",
        )
        return self._ledger.end_seen(reply, draft.text)

    def _find_url(self, mention: Mention, external_id: str) -> str | None:
        """The reply's address; that of the post it is below where the network does not tell."""
        try:
            with edge(f"asking {mention.network} for the address of {external_id}"):
                return self._locate(mention, external_id) or mention.url
        except EarshotError:
            return mention.url

    def _list_watched(self, now: datetime) -> list[tuple[Draft, Mention]]:
        found = []
        for draft in self._drafts.list_with_status((DraftStatus.APPROVED,)):
            approved_at = self._ledger.approved_at(draft.draft_id)
            looked_at = self._looked_at.get(draft.draft_id)
            is_due = looked_at is None or now - looked_at >= _BETWEEN
            if not approved_at or now - approved_at > _WATCHED or not is_due:
                continue
            mention = self._mentions.find(draft.mention_id)
            if mention.network in self._looks and self._may_reply(mention) is not MayReply.YES:
                found.append((draft, mention))
        return found
