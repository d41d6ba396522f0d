"""An approved text to a Reply, at most once: a claim before it leaves, a look at the network before any retry."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.domain import Draft, DraftStatus, Eligibility, MayReply, Mention, Reply
from assistant.errors import EarshotError, NetworkError, ReviewError, TransientNetworkError, UnknownOutcomeError, edge
from assistant.listening.networks.base.protocol import Deletes, Sender, SentReply, Settles
from assistant.listening.tables.posts import MentionTables
from assistant.replies.sending.reply_address import check_reply_address
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.send_ledger import LedgerTables

_LOCK_SECONDS = 120
_WAITING = (DraftStatus.SENDING, DraftStatus.UNKNOWN, DraftStatus.APPROVED)


class ReplySender:
    """Sends approved drafts, one at a time over all processes of an EARSHOT_HOME.

    The lock is what makes recovery safe: the operating system lets go of a dead process's lock, so whoever holds it
    knows that a draft in `sending` was left there by a crash and that nobody is at it.

    `judge` says whether a post may be answered at all; `clear` raises ReviewError when an approved draft must not
    leave after all. A draft leaves `undo_seconds` after its approval at the earliest.
    """

    def __init__(
        self,
        drafts: DraftTables,
        ledger: LedgerTables,
        mentions: MentionTables,
        senders: dict[str, Sender],
        judge: Callable[[Mention], Eligibility],
        lock_path: Path,
        clock: Callable[[], datetime],
        undo_seconds: float = 0,
        clear: Callable[[Draft, Mention], None] = lambda draft, mention: None,
    ) -> None:
        self._drafts = drafts
        self._ledger = ledger
        self._mentions = mentions
        self._senders = senders
        self._judge = judge
        self._lock_path = lock_path
        self._clock = clock
        self._undo_window = timedelta(seconds=undo_seconds)
        self._clear = clear

    def eligibility(self, mention_id: str) -> Eligibility:
        """May Earshot answer this mention by itself."""
        return self._judge(self._mentions.find(mention_id))

    def leaves_at(self, draft_id: int) -> datetime | None:
        """Return when an approved draft that Earshot sends is sent at the earliest; None for any other.

        Counted from the decision that is kept in the database: a restart neither loses nor hurries it.
        """
        draft = self._drafts.find(draft_id)
        if draft.status is not DraftStatus.APPROVED:
            return None
        if self.eligibility(draft.mention_id).may_reply is not MayReply.YES:
            return None
        return (self._ledger.approved_at(draft_id) or draft.created_at) + self._undo_window

    def send(self, draft_id: int) -> Draft:
        """Send an approved draft where Earshot may; elsewhere it stays approved for a person to send by hand.

        Within the undo window nothing happens. Raises NetworkError when the platform refused it, UnknownOutcomeError
        when nobody can tell, ReviewError when it must not leave any more.
        """
        with self._lock():
            self._settle(self._drafts.find(draft_id))
            self._send(self._drafts.find(draft_id))
        return self._drafts.find(draft_id)

    def resume(self) -> list[Draft]:
        """After a crash, and whenever it is time: look up what was being sent, then send what is approved.

        Returns the drafts it moved, and those it tried in vain.
        """
        touched = []
        with self._lock():
            for draft in self._drafts.list_with_status(_WAITING):
                was_tried = self._retry(draft)
                after = self._drafts.find(draft.draft_id)
                if was_tried or after.status is not draft.status:
                    touched.append(after)
        return touched

    def find(self, draft_id: int) -> Draft:
        """The draft as it is."""
        return self._drafts.find(draft_id)

    def list_due(self, now: datetime) -> list[int]:
        """Ids of drafts that could leave now, and of those whose outcome is open."""
        return [draft.draft_id for draft in self._drafts.list_with_status(_WAITING) if self._is_due(draft, now)]

    def list_leaving(self, now: datetime) -> list[tuple[int, datetime]]:
        """Ids of approved drafts that can still be undone, with when each leaves."""
        approved = self._drafts.list_with_status((DraftStatus.APPROVED,))
        known = ((draft.draft_id, self.leaves_at(draft.draft_id)) for draft in approved)
        return [(draft_id, leaves_at) for draft_id, leaves_at in known if leaves_at and leaves_at > now]

    def _is_due(self, draft: Draft, now: datetime) -> bool:
        if draft.status is not DraftStatus.APPROVED:
            return True
        leaves_at = self.leaves_at(draft.draft_id)
        return leaves_at is not None and now >= leaves_at

    def undo(self, draft_id: int, undone_by: str) -> Draft:
        """Bring an approved draft back before it leaves. Raises ReviewError when it is too late."""
        if not self._ledger.undo(draft_id, undone_by, self._clock()):
            status = self._drafts.find(draft_id).status
            hint = "A reply that was sent can be deleted: earshot review delete." if status == "sent" else ""
            raise ReviewError(
                f"Draft {draft_id} is {status}: there is nothing to undo.",
                hint,
                in_slack="What was sent can be deleted on its card." if hint else "",
            )
        return self._drafts.find(draft_id)

    def delete(self, draft_id: int, deleted_by: str) -> Draft:
        """Take a reply that Earshot sent away from its network. To do it twice does no harm.

        Raises ReviewError when there is none, NetworkError when the platform did not do it.
        """
        reply = self._drafts.reply_to(draft_id)
        status = self._drafts.find(draft_id).status
        if reply is None or status is not DraftStatus.SENT:
            raise ReviewError(f"Draft {draft_id} is {status}: there is no reply to delete.", "")
        mention = self._mentions.find(reply.mention_id)
        sender = self._senders.get(mention.network)
        if not isinstance(sender, Deletes) or not reply.external_id:
            hint = f"Open {reply.url or 'the post'} and delete it there."
            raise ReviewError(f"Earshot can't delete replies on {mention.network}.", hint)
        with self._lock(), edge(f"deleting the reply of draft {draft_id} on {mention.network}"):
            sender.delete(mention, reply)
        self._ledger.note_deleted(draft_id, deleted_by, self._clock())
        return self._drafts.find(draft_id)

    def can_delete(self, draft_id: int) -> bool:
        """Return whether `delete` can remove the reply: its network allows it, and Earshot knows which one it is."""
        reply = self._drafts.reply_to(draft_id)
        if reply is None or reply.deleted_at or reply.external_id in ("", reply.url):
            return False
        return isinstance(self._senders.get(reply.network), Deletes)

    def mark_sent(self, draft_id: int, url: str | None, marked_by: str = "") -> Draft:
        """A person sent an approved draft by hand, or saw on the network that one of unknown outcome did arrive.

        Raises ReviewError when it is neither approved nor unknown, InputError for the address of something else.
        """
        self.check_address(draft_id, url or "")
        draft = self._drafts.find(draft_id)
        mention = self._mentions.find(draft.mention_id)
        reply = self._to_reply(draft, mention, SentReply(url or "", url), "assist")
        if not self._ledger.end_assisted(reply, marked_by):
            status = self._drafts.find(draft_id).status
            raise ReviewError(f"Draft {draft_id} is {status}, not approved.", "Only an approved text may be sent.")
        return self._drafts.find(draft_id)

    def check_address(self, draft_id: int, url: str) -> None:
        """Raises InputError when this cannot be the address of a reply to the draft's post; none is right as well."""
        if url:
            check_reply_address(self._mentions.find(self._drafts.find(draft_id).mention_id), url)

    def _retry(self, draft: Draft) -> bool:
        """Settle and send one draft; whether it failed. Why is written down: the others must not wait for it."""
        try:
            self._settle(draft)
            self._send(self._drafts.find(draft.draft_id))
        except EarshotError:
            return True
        return False

    def _send(self, draft: Draft) -> None:
        leaves_at = self.leaves_at(draft.draft_id)
        if leaves_at is None or self._clock() < leaves_at:
            return
        mention = self._mentions.find(draft.mention_id)
        self._wait_for_network(mention.network)
        self._clear(draft, mention)
        send_key = to_send_key(draft)
        if not self._ledger.claim(draft.draft_id, send_key, self._clock()):
            return
        try:
            with edge(f"sending draft {draft.draft_id} to {mention.network}"):
                sent = self._senders[mention.network].send(mention, draft.text, send_key)
        except EarshotError as error:
            retry_at = error.retry_at if isinstance(error, TransientNetworkError) else None
            self._end(draft, _status_after(error), error.message, retry_at=retry_at)
            raise
        self._end(draft, DraftStatus.SENT, "sent", self._to_reply(draft, mention, sent, "api"))

    def _settle(self, draft: Draft) -> None:
        """Find out on the network what became of an earlier try; raises NetworkError when it cannot be told."""
        if draft.status not in (DraftStatus.SENDING, DraftStatus.UNKNOWN):
            return
        mention = self._mentions.find(draft.mention_id)
        self._ledger.note_doubt(draft.draft_id, to_send_key(draft))
        try:
            with edge(f"looking draft {draft.draft_id} up on {mention.network}"):
                found = self._look_up(draft, mention)
        except EarshotError as error:
            self._end(draft, DraftStatus.UNKNOWN, error.message)
            raise
        if found is None:
            self._end(draft, DraftStatus.APPROVED, "did not arrive")
        else:
            self._end(draft, DraftStatus.SENT, "found on the network", self._to_reply(draft, mention, found, "api"))

    def _look_up(self, draft: Draft, mention: Mention) -> SentReply | None:
        """The reply on the network; None when it surely is not there, which some platforms tell only after a while."""
        sender = self._find_sender(mention)
        found = sender.find(mention, to_send_key(draft))
        if found is None and isinstance(sender, Settles):
            sure_at = self._ledger.find_attempt(to_send_key(draft)).last_at + sender.settles
            if self._clock() < sure_at:
                raise TransientNetworkError(
                    f"The reply can't be seen on {mention.network}, but it may still appear.",
                    f"Earshot looks again after {sure_at:%H:%M:%S} UTC, before it sends anything.",
                    sure_at,
                )
        return found

    def _find_sender(self, mention: Mention) -> Sender:
        if mention.network not in self._senders:
            raise NetworkError(
                f"Earshot has no sender for {mention.network} any more, so it can't look there.",
                "Look at the post yourself; when the reply is there, mark the draft as sent.",
            )
        return self._senders[mention.network]

    def _wait_for_network(self, network: str) -> None:
        """Raises TransientNetworkError where the network said that it wants no try before a moment to come."""
        barrier = self._ledger.find_barrier(network, self._clock())
        if barrier:
            said, retry_at = barrier
            raise TransientNetworkError(said, f"Earshot sends it after {retry_at:%Y-%m-%d %H:%M} UTC.", retry_at)

    def _end(
        self,
        draft: Draft,
        status: DraftStatus,
        outcome: str,
        reply: Reply | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        self._ledger.end_attempt(draft.draft_id, status, outcome, self._clock(), reply, retry_at)

    def _to_reply(self, draft: Draft, mention: Mention, sent: SentReply, how: str) -> Reply:
        return Reply(
            draft_id=draft.draft_id,
            mention_id=mention.mention_id,
            network=mention.network,
            external_id=sent.external_id,
            text=draft.text,
            sent_at=self._clock(),
            url=sent.url,
            how=how,
        )

    def _lock(self) -> FileLock:
        return _SendLock(str(self._lock_path), timeout=_LOCK_SECONDS)


class _SendLock(FileLock):
    """A lock whose time-out is reported in a plain sentence."""

    def __enter__(self) -> "_SendLock":
        try:
            super().__enter__()
        except Timeout as error:
            raise ReviewError("Another send is under way and doesn't end.", "Try again in a minute.") from error
        return self


def _status_after(error: EarshotError) -> DraftStatus:
    """Refused means that it surely did not arrive: what may pass waits for the next try, what will not is over."""
    if isinstance(error, NetworkError) and not isinstance(error, UnknownOutcomeError):
        return DraftStatus.APPROVED if error.is_transient else DraftStatus.FAILED
    return DraftStatus.UNKNOWN


def to_send_key(draft: Draft) -> str:
    """The same for every try of one approved text, so that a platform or a look-up can tell it was sent already.

    The mention is part of it: after an older backup is brought back, a draft's number is given a second time.
    """
    content = f"{draft.mention_id}\n{draft.text}"
    return f"earshot-{draft.draft_id}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
