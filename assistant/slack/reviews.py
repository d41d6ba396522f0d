"""The flow of a review: a card for each draft, a person's click, and the card as it stands after it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain import About, DecisionAction, Draft, DraftStatus
from assistant.errors import EarshotError, ReviewError
from assistant.review.roles import FindRoles, Role, require_role
from assistant.slack.blocks import Block, escape
from assistant.slack.cards import Card, build_card, build_fallback, hash_text
from assistant.slack.membership import Membership
from assistant.slack.modals import build_relabel_modal
from assistant.slack.posting import Posting
from assistant.sorting import relabel_mention
from assistant.wiring import Assistant


@dataclass(frozen=True)
class Seen:
    """The draft and the text of it that a person saw when they clicked."""

    draft_id: int
    text_hash: str


def read_value(value: str) -> Seen:
    """What a card's button or modal carries."""
    return Seen(**json.loads(value))


class ReviewFlow:
    """Posts cards, takes clicks and keeps cards up to date."""

    def __init__(self, assistant: Assistant, posting: Posting, membership: Membership) -> None:
        self._assistant = assistant
        self._posting = posting
        self._find_roles: FindRoles = lambda user: membership.find_roles(user, assistant.settings)
        self._reviewing = assistant.review_desk.build_reviewing(self._find_roles, "Slack")

    def post_missing_cards(self) -> int:
        """A card in the review channel for each pending draft that has none; returns how many."""
        channel = self._assistant.settings.review_channel
        cards = self._assistant.cards
        missing = cards.missing() if channel else []
        for draft_id in missing:
            card = self._read_card(draft_id)
            blocks = build_card(card, self._assistant.today())
            ts = self._posting.post_once(f"card:{draft_id}", channel, build_fallback(card), blocks)
            cards.add(draft_id, channel, ts)
        return len(missing)

    def approve(self, seen: Seen, user: str) -> Draft:
        """Approve what the person saw, then send it. Raises EarshotError with what to tell them.

        The button asks expressly where sentences have no evidence, so that a click on it accepts them.
        """
        draft = self._find_seen(seen)
        try:
            draft = self._reviewing.approve(
                seen.draft_id, user, self._assistant.clock(), draft.text, accepts_unsupported=True
            )
        except ReviewError:
            # After a crash the same click is worked off again: the person's own approval is no obstacle to it.
            if not self._has_approved(seen.draft_id, user):
                raise
        if draft.status is DraftStatus.PENDING:
            why = "; ".join(self._reviewing.find_needs(seen.draft_id, self._assistant.clock()).second_because)
            raise ReviewError(
                f"Your approval is kept; a second approver has to approve draft {seen.draft_id} too: {why}."
            )
        return self._assistant.sending.send(seen.draft_id)

    def edit(self, seen: Seen, user: str, text: str) -> Draft:
        """Put the person's words in; they wait for an approval."""
        draft = self._find_seen(seen)
        return self._reviewing.edit(seen.draft_id, text, user, self._assistant.clock(), draft.text)

    def reject(self, seen: Seen, user: str, reason: str) -> Draft:
        """Take the draft away."""
        return self._reviewing.reject(seen.draft_id, reason, user, self._assistant.clock())

    def mark_sent(self, seen: Seen) -> Draft:
        """The person sent it by hand."""
        return self._assistant.sending.mark_sent(seen.draft_id, None)

    def decide(self, action: str, seen: Seen, user: str, channel: str) -> None:
        """Work a click off: take the decision, tell the person when it cannot be taken, show how the draft stands."""
        try:
            self.check_reviewer(user)
            if action == "approve":
                self.approve(seen, user)
            else:
                self.mark_sent(seen)
        except EarshotError as error:
            self._posting.tell(channel, user, escape(f"{error.message} {error.hint}".strip()))
        self.refresh(seen.draft_id)

    def build_relabel_modal(self, seen: Seen) -> Block:
        """The modal that asks what is right about the draft's post, with what was found."""
        assistant = self._assistant
        draft = assistant.drafts.find(seen.draft_id)
        mention, labels = assistant.mentions.find(draft.mention_id), self._read_labels(draft.mention_id)
        return build_relabel_modal(draft, mention, labels, assistant.analyser.topic_names)

    def find_changes(self, seen: Seen, user: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """What of the chosen labels is another one than was found. Raises EarshotError."""
        self.check_reviewer(user)
        found = self._read_labels(self._assistant.drafts.find(seen.draft_id).mention_id)
        changed = {about: label for about, label in chosen.items() if found.get(about) != label}
        if not changed:
            raise ReviewError("These are the labels it has already.", "Choose another one, or cancel.")
        self._assistant.analyser.check_topic(changed.get(About.TOPIC, ""))
        return changed

    def relabel(self, draft_id: int, labels: Mapping[str, str], user: str) -> None:
        """Keep what a person put right, and show the card as it is after that."""
        assistant = self._assistant
        mention_id = assistant.drafts.find(draft_id).mention_id
        given = {About(about): label for about, label in labels.items()}
        try:
            relabel_mention(assistant.mentions, assistant.analyser, mention_id, given, user, assistant.clock())
        except EarshotError as error:
            place = assistant.cards.find(draft_id)
            if place is None or error.is_transient:
                raise
            self._posting.tell(place["channel"], user, escape(f"{error.message} {error.hint}".strip()))
        self.refresh(draft_id)

    def check_reviewer(self, user: str) -> None:
        """Raises ReviewError unless REVIEWERS names the person, or nobody."""
        require_role(self._find_roles(user), Role.REVIEWER)

    def refresh(self, draft_id: int) -> None:
        """Show the draft's card as it stands now."""
        cards = self._assistant.cards
        place = cards.find(draft_id)
        if place:
            card = self._read_card(draft_id)
            blocks = build_card(card, self._assistant.today())
            self._posting.update(place["channel"], place["ts"], build_fallback(card), blocks)
            if draft_id in cards.of_removed():
                cards.forget(draft_id)

    def _read_card(self, draft_id: int) -> Card:
        assistant = self._assistant
        draft = assistant.drafts.find(draft_id)
        triage = assistant.mentions.triage_of(draft.mention_id)
        return Card(
            draft=draft,
            mention=assistant.mentions.find(draft.mention_id),
            eligibility=assistant.sending.eligibility(draft.mention_id),
            decisions=tuple(assistant.decisions.of_draft(draft_id)),
            reply=assistant.drafts.reply_to(draft_id),
            why=triage["reason"] if triage else "",
        )

    def _read_labels(self, mention_id: str) -> dict[str, str]:
        return {row["about"]: row["label"] for row in self._assistant.mentions.analyses.findings_of(mention_id)}

    def _find_seen(self, seen: Seen) -> Draft:
        draft = self._assistant.drafts.find(seen.draft_id)
        if hash_text(draft.text) != seen.text_hash and draft.status is DraftStatus.PENDING:
            raise ReviewError("Somebody changed this draft since you saw it.", "Read the new text, then decide.")
        return draft

    def _has_approved(self, draft_id: int, user: str) -> bool:
        last = self._assistant.decisions.of_draft(draft_id)[-1:]
        return bool(last) and last[0].decided_by == user and last[0].action is DecisionAction.APPROVE
