"""The flow of a review: a card for each draft, what a form asks and decides, and the card after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from assistant.core.home import Home
from assistant.core.job import Job, JobHandlers
from assistant.core.roles import Action
from assistant.domain import About, Draft
from assistant.errors import EarshotError, ReviewError
from assistant.listening.build import Listening
from assistant.listening.pipeline import relabel_mention
from assistant.replies.build import Replies
from assistant.slack.cards import Card, build_card, build_fallback
from assistant.slack.cards.card import Seen, shows_same_text
from assistant.slack.cards.details import build_details_modal
from assistant.slack.cards.modals import build_relabel_modal
from assistant.slack.cards.reader import CardReader
from assistant.slack.client.blocks import Block, is_slack_user, put_names, tell_error, tell_text
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.tables import SlackStore

BuildModal = Callable[[Card], Block]


@dataclass(frozen=True)
class CardChange(Job):
    """Something happened to a draft that its card has to show."""

    kind: ClassVar = "card"
    draft_id: int


@dataclass(frozen=True)
class LabelsGiven(Job):
    """What a person said is right about a draft's post, by what it is about."""

    kind: ClassVar = "relabel"
    draft_id: int
    labels: dict[str, str]
    user: str


class ReviewFlow:
    """Posts cards, takes forms and keeps cards up to date."""

    def __init__(
        self,
        home: Home,
        listening: Listening,
        replies: Replies,
        slack_store: SlackStore,
        posting: Poster,
        membership: Membership,
    ) -> None:
        self._home = home
        self._listening = listening
        self._replies = replies
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership
        self.reviewing = replies.review_desk.build_reviewing(membership.find_roles, "Slack")
        self.reader = CardReader(home, listening, replies)

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what changes cards."""
        jobs.add(CardChange, lambda job: self.refresh(job.draft_id))
        jobs.add(LabelsGiven, self.relabel)

    def list_missing_cards(self) -> list[int]:
        """The pending drafts that have no card in the review channel yet; none where there is no such channel."""
        return self._slack_store.cards.missing() if self._home.settings.review_channel else []

    def post_card(self, draft_id: int) -> None:
        """The draft's card in the review channel, once; doing it again changes nothing."""
        cards, channel = self._slack_store.cards, self._home.settings.review_channel
        if cards.find(draft_id):
            return
        self._membership.refuse_outsiders(channel)
        state = cards.read_state(draft_id, self._home.clock())
        card = self.reader.read(draft_id)
        blocks = build_card(card, self._home.today())
        ts = self._posting.post_once(f"card:{draft_id}", channel, build_fallback(card), blocks)
        cards.add(draft_id, channel, ts, state)

    def refresh(self, draft_id: int) -> None:
        """Show the draft's card as it is now."""
        cards = self._slack_store.cards
        place = cards.find(draft_id)
        if place:
            self._membership.refuse_outsiders(place["channel"])
            state = cards.read_state(draft_id, self._home.clock())
            card = self.reader.read(draft_id)
            blocks = build_card(card, self._home.today())
            self._posting.update(place["channel"], place["ts"], build_fallback(card), blocks)
            cards.note_shown(draft_id, state)
            if draft_id in cards.of_removed():
                cards.forget(draft_id)

    def edit(self, seen: Seen, user: str, text: str, overrule: str = "") -> Draft:
        """Put the person's words in; they wait for an approval."""
        self.check(user, Action.DECIDE)
        draft = self._replies.drafts.find(seen.draft_id)
        # Another text, or none, is never the one that the engine would be asked to change.
        started_from = draft.text if shows_same_text(seen, draft) else "\n"
        return self.reviewing.edit(seen.draft_id, text, user, self._home.clock(), started_from, overrule)

    def build_relabel_modal(self, card: Card) -> Block:
        """The modal that asks what is right about the draft's post, with what was found."""
        labels = self.reader.read_labels(card.draft.mention_id)
        return build_relabel_modal(card, labels, self._listening.analyser.topic_names)

    def build_details_modal(self, card: Card) -> Block:
        """All that is known of the draft."""
        return build_details_modal(card, self._home.today())

    def find_changes(self, seen: Seen, user: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """Find the chosen labels that differ from those found. Raises EarshotError."""
        self.check(user, Action.DECIDE)
        found = self.reader.read_labels(self._replies.drafts.find(seen.draft_id).mention_id)
        changed = {about: label for about, label in chosen.items() if found.get(about) != label}
        if not changed:
            raise ReviewError("These are the labels it has already.", "Choose another one, or cancel.")
        self._listening.analyser.check_topic(changed.get(About.TOPIC, ""))
        return changed

    def relabel(self, given: LabelsGiven) -> None:
        """Keep what a person put right, draft by that, and show the card as it is then."""
        draft_id, user = given.draft_id, given.user
        mention_id = self._replies.drafts.find(draft_id).mention_id
        labels = {About(about): label for about, label in given.labels.items()}
        try:
            relabel_mention(
                self._listening.mentions, self._listening.analyser, mention_id, labels, user, self._home.clock()
            )
            self._replies.drafting.follow_labels(mention_id, user, self._home.clock())
        except EarshotError as error:
            place = self._slack_store.cards.find(draft_id)
            if place is None or error.is_transient:
                raise
            self.tell(place["channel"], user, error, draft_id)
        self.refresh(draft_id)

    def check(self, user: str, action: Action, draft_id: int = 0, channel: str = "") -> None:
        """Raises ReviewError, which says who may, unless the person may do this, and with this card in this channel."""
        place = self._slack_store.cards.find(draft_id) if draft_id else None
        self._membership.check(user, action, channel, str(place["channel"]) if place else "")

    def tell(self, channel: str, user: str, error: EarshotError, draft_id: int = 0) -> None:
        """Tell one person what could not be done, and who came before them."""
        self._posting.tell(channel, user, tell_text(tell_error(error), self._find_people(draft_id)))

    def put_error(self, error: EarshotError, draft_id: int) -> str:
        """The same for a form, which shows names only where they are spelt out."""
        return put_names(tell_error(error), {who: self._membership.name_of(who) for who in self._find_people(draft_id)})

    def _find_people(self, draft_id: int) -> list[str]:
        return [who for who in self.reader.find_people(draft_id) if is_slack_user(who)] if draft_id else []
