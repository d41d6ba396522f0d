"""An approved text to a Reply, at most once: a claim before it leaves, a look at the network before any retry."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.domain import Draft, DraftStatus, Eligibility, MayReply, Mention, Reply
from assistant.edge import edge
from assistant.errors import EarshotError, NetworkError, ReviewError, UnknownOutcomeError
from assistant.networks.network import Sender, SentReply, judge_eligibility
from assistant.store.drafts import DraftTables
from assistant.store.mentions import MentionTables

_LOCK_SECONDS = 120


class Sending:
    """Sends approved drafts, one at a time over all processes of an EARSHOT_HOME.

    The lock is what makes recovery safe: the operating system lets go of a dead process's lock, so whoever holds it
    knows that a draft in `sending` was left there by a crash and that nobody is at it.
    """

    def __init__(
        self,
        drafts: DraftTables,
        mentions: MentionTables,
        senders: dict[str, Sender],
        lock_path: Path,
        clock: Callable[[], datetime],
        clear: Callable[[Draft, Mention], None] = lambda draft, mention: None,
    ) -> None:
        self._drafts = drafts
        self._mentions = mentions
        self._senders = senders
        self._lock_path = lock_path
        self._clock = clock
        self._clear = clear

    def eligibility(self, mention_id: str) -> Eligibility:
        """May Earshot answer this mention by itself."""
        return judge_eligibility(self._mentions.find(mention_id), self._senders)

    def send(self, draft_id: int) -> Draft:
        """Send an approved draft where Earshot may; elsewhere it stays approved for a person to send by hand.

        Raises NetworkError when the platform refused it, UnknownOutcomeError when nobody can tell.
        """
        with self._lock():
            self._settle(self._drafts.find(draft_id))
            self._send(self._drafts.find(draft_id))
        return self._drafts.find(draft_id)

    def resume(self) -> list[Draft]:
        """After a crash: look up what was being sent, then send what is approved.

        Returns the drafts it moved, and those it tried in vain.
        """
        waiting = (DraftStatus.SENDING, DraftStatus.UNKNOWN, DraftStatus.APPROVED)
        touched = []
        with self._lock():
            for draft in self._drafts.list_with_status(waiting):
                was_tried = self._retry(draft)
                after = self._drafts.find(draft.draft_id)
                if was_tried or after.status is not draft.status:
                    touched.append(after)
        return touched

    def _retry(self, draft: Draft) -> bool:
        """Settle and send one draft; whether it failed. Why is written down: the others must not wait for it."""
        try:
            self._settle(draft)
            self._send(self._drafts.find(draft.draft_id))
        except EarshotError:
            return True
        return False

    def mark_sent(self, draft_id: int, url: str | None) -> Draft:
        """A person sent an approved draft by hand, or saw on the network that one of unknown outcome did arrive.

        Raises ReviewError when it is neither approved nor unknown.
        """
        draft = self._drafts.find(draft_id)
        mention = self._mentions.find(draft.mention_id)
        reply = self._to_reply(draft, mention, SentReply(url or "", url), "assist")
        if not self._drafts.end_assisted(reply):
            status = self._drafts.find(draft_id).status
            raise ReviewError(f"Draft {draft_id} is {status}, not approved.", "Only an approved text may be sent.")
        return self._drafts.find(draft_id)

    def _send(self, draft: Draft) -> None:
        mention = self._mentions.find(draft.mention_id)
        if judge_eligibility(mention, self._senders).may_reply is not MayReply.YES:
            return
        if draft.status is DraftStatus.APPROVED:
            self._clear(draft, mention)
        send_key = to_send_key(draft)
        if not self._drafts.claim_send(draft.draft_id, send_key, self._clock()):
            return
        try:
            with edge(f"sending draft {draft.draft_id} to {mention.network}"):
                sent = self._senders[mention.network].send(mention, draft.text, send_key)
        except EarshotError as error:
            self._end(draft, _status_after(error), error.message)
            raise
        self._end(draft, DraftStatus.SENT, "sent", self._to_reply(draft, mention, sent, "api"))

    def _settle(self, draft: Draft) -> None:
        """Find out on the network what became of an earlier try; raises NetworkError when it cannot be told."""
        if draft.status not in (DraftStatus.SENDING, DraftStatus.UNKNOWN):
            return
        mention = self._mentions.find(draft.mention_id)
        try:
            with edge(f"looking draft {draft.draft_id} up on {mention.network}"):
                found = self._find_sender(mention).find(mention, to_send_key(draft))
        except EarshotError as error:
            self._end(draft, DraftStatus.UNKNOWN, error.message)
            raise
        if found is None:
            self._end(draft, DraftStatus.APPROVED, "did not arrive")
        else:
            self._end(draft, DraftStatus.SENT, "found on the network", self._to_reply(draft, mention, found, "api"))

    def _find_sender(self, mention: Mention) -> Sender:
        if mention.network not in self._senders:
            raise NetworkError(
                f"Earshot has no sender for {mention.network} any more, so it cannot look there.",
                "Look at the post yourself; when the reply is there, mark the draft as sent.",
            )
        return self._senders[mention.network]

    def _end(self, draft: Draft, status: DraftStatus, outcome: str, reply: Reply | None = None) -> None:
        self._drafts.end_attempt(draft.draft_id, status, outcome, self._clock(), reply)

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
    """A lock whose time-out is told in a plain sentence."""

    def __enter__(self) -> "_SendLock":
        try:
            super().__enter__()
        except Timeout as error:
            raise ReviewError("Another send is under way and does not end.", "Try again in a minute.") from error
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
