"""Handle clicks on cards: each decision counts once, whatever crashes in between, and the loser is informed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.roles import Action
from assistant.domain import DecisionAction, Draft, DraftStatus
from assistant.errors import EarshotError, ReviewError
from assistant.replies.build import Replies
from assistant.slack.cards import words
from assistant.slack.cards.card import Seen, shows_same_text
from assistant.slack.cards.flow import ReviewFlow
from assistant.slack.client.blocks import tell_text
from assistant.slack.client.poster import Poster

_APPROVED = (DraftStatus.APPROVED, DraftStatus.SENDING, DraftStatus.UNKNOWN, DraftStatus.SENT)
_ANYWAY = "reply anyway"  # as the drafting calls it among a draft's versions


@dataclass(frozen=True)
class CardClick(Job):
    """A click on a card, or a form that it opened; `text` is a wish, a reason, an address or a version."""

    kind: ClassVar = "decision"
    action: str
    seen: Seen
    user: str
    channel: str
    text: str = ""

    @property
    def draft_id(self) -> int:
        """The draft that it is about."""
        return self.seen.draft_id

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


class DecisionFlow:
    """Takes decisions. After a crash the same click comes again: what it did before is no obstacle to it."""

    def __init__(self, home: Home, replies: Replies, posting: Poster, reviews: ReviewFlow) -> None:
        self._home = home
        self._replies = replies
        self._posting = posting
        self._reviews = reviews
        self._reviewing = reviews.reviewing
        self._actions: dict[str, Callable[[CardClick], object]] = {
            "approve": self._approve,
            "overrule": self._approve,
            "agree": self._agree,
            "reject": self._reject,
            "not_ours": self._set_not_ours,
            "reason": self._add_reason,
            "anyway": self._draft_anyway,
            "regenerate": self._regenerate,
            "bring_back": self._bring_back,
            "claim": self._claim,
            "release": self._release,
            "undo": self._undo,
            "delete": self._delete,
            "mark_sent": self._mark_sent,
            "redraft": self._redraft,
            "ours": self._take_back_not_ours,
        }

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle clicks on cards."""
        jobs.add(CardClick, self.decide)

    def decide(self, click: CardClick) -> None:
        """Take the decision, tell the person when it cannot be taken, show how the draft stands."""
        try:
            self._reviews.check(click.user, Action.DECIDE, click.draft_id, click.channel)
        except EarshotError as error:
            self._reviews.tell(click.channel, click.user, error, click.draft_id)
            return
        try:
            self._actions[click.action](click)
        except EarshotError as error:
            self._reviews.tell(click.channel, click.user, error, click.draft_id)
        self._reviews.refresh(click.draft_id)

    def _approve(self, click: CardClick) -> None:
        """Approve what the person saw, then send it. The button asks expressly where sentences have no evidence."""
        if not click.seen.content_hash:
            raise ReviewError(words.OLDER_CARD, words.OLDER_CARD_HINT)
        draft = self._replies.drafts.find(click.draft_id)
        if not self._has_decided(click, DecisionAction.APPROVE, _APPROVED) and not self._waits_for_other(click):
            draft = self._reviewing.approve(
                click.draft_id,
                click.user,
                self._home.clock(),
                draft.text if shows_same_text(click.seen, draft) else "\n",
                click.seen.content_hash,
                accepts_unsupported=True,
                overrule=click.text,
            )
        if draft.status is not DraftStatus.PENDING:
            self._replies.sending.send(click.draft_id)
            return
        why = "; ".join(self._reviewing.find_needs(click.draft_id, self._home.clock()).second_because)
        self._tell(click, words.FIRST_KEPT.format(number=click.draft_id, why=why))

    def _has_decided(self, click: CardClick, action: DecisionAction, statuses: Sequence[DraftStatus]) -> bool:
        """Whether this person's decision was the last one, and stands: it may be this very click, before a crash."""
        last = self._replies.decisions.of_draft(click.draft_id)[-1:]
        is_theirs = bool(last) and (last[0].decided_by, last[0].action) == (click.user, action)
        return is_theirs and self._replies.drafts.find(click.draft_id).status in statuses

    def _waits_for_other(self, click: CardClick) -> bool:
        """Whether this person has approved this very content already, and somebody else has to as well."""
        if not self._has_decided(click, DecisionAction.FIRST, (DraftStatus.PENDING,)):
            return False
        first = self._reviewing.find_needs(click.draft_id, self._home.clock()).first
        return first is not None and first.approved_by == click.user

    def _agree(self, click: CardClick) -> None:
        """No reply, as it was proposed."""
        if self._has_decided(click, DecisionAction.REJECT, (DraftStatus.REJECTED,)):
            return
        draft = self._find_same(click)
        self._reviewing.reject(draft.draft_id, draft.no_reply_reason, click.user, self._home.clock())

    def _reject(self, click: CardClick) -> None:
        """No reply, without a word of why: that can be added afterwards."""
        if not self._has_decided(click, DecisionAction.REJECT, (DraftStatus.REJECTED,)):
            self._reviewing.reject(self._find_same(click).draft_id, click.text.strip(), click.user, self._home.clock())

    def _set_not_ours(self, click: CardClick) -> None:
        if not self._has_decided(click, DecisionAction.NOT_OURS, (DraftStatus.REJECTED,)):
            draft = self._find_same(click)
            self._reviewing.set_not_ours(draft.draft_id, click.text.strip(), click.user, self._home.clock())

    def _add_reason(self, click: CardClick) -> None:
        last = self._replies.decisions.of_draft(click.draft_id)[-1:]
        if click.text.strip() and not (last and last[0].reason == click.text.strip()):
            self._reviewing.add_reason(click.draft_id, click.text.strip(), click.user, self._home.clock())

    def _regenerate(self, click: CardClick) -> None:
        before = self._replies.drafts.find(click.draft_id)
        if self._has_made(click, before, click.text.strip()):
            return
        self._refuse_others(click)
        now = self._home.clock()
        made = self._replies.drafting.regenerate(self._find_same(click).draft_id, click.text, click.user, now)
        if made.text == before.text:
            self._tell(click, words.NOTHING_CHANGED.format(version=made.version, number=made.draft_id))

    def _draft_anyway(self, click: CardClick) -> None:
        if self._has_made(click, self._replies.drafts.find(click.draft_id), _ANYWAY):
            return
        self._refuse_others(click)
        self._replies.drafting.draft_anyway(self._find_same(click).draft_id, click.user, self._home.clock())

    def _bring_back(self, click: CardClick) -> None:
        draft = self._replies.drafts.find(click.draft_id)
        if self._has_made(click, draft, f"version {click.text} brought back"):
            return
        self._refuse_others(click)
        now = self._home.clock()
        self._replies.drafting.bring_back(self._find_same(click).draft_id, int(click.text), click.user, now)

    def _has_made(self, click: CardClick, draft: Draft, instruction: str) -> bool:
        """Whether the newest version is what this very click asked for, before a crash."""
        if draft.version == click.seen.version:
            return False
        newest = self._replies.drafting.list_versions(click.draft_id)[-1]
        return (newest.made_by, newest.instruction) == (click.user, instruction)

    def _find_same(self, click: CardClick) -> Draft:
        """The draft, while it is what the person saw. Raises ReviewError when it is not."""
        draft = self._replies.drafts.find(click.draft_id)
        if draft.status is DraftStatus.PENDING and not shows_same_text(click.seen, draft):
            raise ReviewError(words.CHANGED_SINCE, words.CHANGED_HINT)
        return draft

    def _refuse_others(self, click: CardClick) -> None:
        self._reviewing.claiming.refuse_others(click.draft_id, click.user, self._home.clock())

    def _claim(self, click: CardClick) -> None:
        now = self._home.clock()
        claim = self._reviewing.claiming.find(click.draft_id, now)
        if claim is None or claim.claimed_by != click.user:
            self._reviewing.claiming.claim(click.draft_id, click.user, now)

    def _release(self, click: CardClick) -> None:
        if self._reviewing.claiming.find(click.draft_id, self._home.clock()):
            self._reviewing.claiming.release(click.draft_id, click.user, self._home.clock())

    def _undo(self, click: CardClick) -> None:
        if not self._has_done(click, "undo", DraftStatus.PENDING):
            self._replies.sending.undo(click.draft_id, click.user)

    def _delete(self, click: CardClick) -> None:
        if not self._has_done(click, "delete", DraftStatus.DELETED):
            self._replies.sending.delete(click.draft_id, click.user)

    def _has_done(self, click: CardClick, action: str, status: DraftStatus) -> bool:
        last = self._replies.ledger.changes(click.draft_id)[-1:]
        is_theirs = bool(last) and (last[0]["action"], last[0]["done_by"]) == (action, click.user)
        return is_theirs and self._replies.drafts.find(click.draft_id).status is status

    def _mark_sent(self, click: CardClick) -> None:
        """The person posted it by hand, or sees it on the network."""
        if self._replies.drafts.find(click.draft_id).status is not DraftStatus.SENT:
            self._replies.sending.mark_sent(click.draft_id, click.text.strip() or None, click.user)

    def _redraft(self, click: CardClick) -> None:
        mention_id = self._replies.drafts.find(click.draft_id).mention_id
        made = self._replies.drafting.draft_mention(mention_id, self._home.clock())
        self._reviews.post_card(made.draft_id)
        self._tell(click, words.REDRAFTED.format(number=made.draft_id))

    def _take_back_not_ours(self, click: CardClick) -> None:
        mention_id = self._replies.drafts.find(click.draft_id).mention_id
        if self._replies.decisions.not_ours(mention_id):
            self._reviewing.unset_not_ours(mention_id, click.user, self._home.clock())
        self._redraft(click)

    def _tell(self, click: CardClick, text: str) -> None:
        self._posting.tell(click.channel, click.user, tell_text(text, self._reviews.reader.find_people(click.draft_id)))
