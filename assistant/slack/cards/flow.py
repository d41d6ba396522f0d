"""The flow of a review: a card for each draft, what a form asks and decides, and the card after it."""

from collections.abc import Callable, Mapping

from assistant.core.home import Home
from assistant.core.roles import FindRoles, Role, require_role
from assistant.domain import About, Draft
from assistant.errors import EarshotError, ReviewError
from assistant.listening.build import Listening
from assistant.listening.pipeline import relabel_mention
from assistant.replies.build import Replies
from assistant.slack.cards import Card, build_card, build_fallback
from assistant.slack.cards.card import Seen, shows_same_text
from assistant.slack.cards.modals import build_relabel_modal
from assistant.slack.cards.reader import CardReader
from assistant.slack.client.blocks import Block, is_slack_user, put_error, put_names, tell_text
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.tables import SlackStore

BuildModal = Callable[[Card], Block]


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
        self.find_roles: FindRoles = lambda user: membership.find_roles(user, home.settings)
        self.reviewing = replies.review_desk.build_reviewing(self.find_roles, "Slack")
        self.reader = CardReader(home, listening, replies)

    def list_missing_cards(self) -> list[int]:
        """The pending drafts that have no card in the review channel yet; none where there is no such channel."""
        return self._slack_store.cards.missing() if self._home.settings.review_channel else []

    def post_card(self, draft_id: int) -> None:
        """The draft's card in the review channel, once; doing it again changes nothing."""
        cards, channel = self._slack_store.cards, self._home.settings.review_channel
        if cards.find(draft_id):
            return
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
            state = cards.read_state(draft_id, self._home.clock())
            card = self.reader.read(draft_id)
            blocks = build_card(card, self._home.today())
            self._posting.update(place["channel"], place["ts"], build_fallback(card), blocks)
            cards.note_shown(draft_id, state)
            if draft_id in cards.of_removed():
                cards.forget(draft_id)

    def edit(self, seen: Seen, user: str, text: str, overrule: str = "") -> Draft:
        """Put the person's words in; they wait for an approval."""
        self.check_reviewer(user)
        draft = self._replies.drafts.find(seen.draft_id)
        # Another text, or none, is never the one that the engine would be asked to change.
        started_from = draft.text if shows_same_text(seen, draft) else "\n"
        return self.reviewing.edit(seen.draft_id, text, user, self._home.clock(), started_from, overrule)

    def reject(self, seen: Seen, user: str, reason: str) -> Draft:
        """Take the draft away."""
        return self.reviewing.reject(seen.draft_id, reason, user, self._home.clock())

    def set_not_ours(self, seen: Seen, user: str, reason: str) -> Draft:
        """The post is not ours to answer."""
        return self.reviewing.set_not_ours(seen.draft_id, reason, user, self._home.clock())

    def build_relabel_modal(self, card: Card) -> Block:
        """The modal that asks what is right about the draft's post, with what was found."""
        labels = self.reader.read_labels(card.draft.mention_id)
        return build_relabel_modal(card.draft, card.mention, labels, self._listening.analyser.topic_names)

    def find_changes(self, seen: Seen, user: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """Find the chosen labels that differ from those found. Raises EarshotError."""
        self.check_reviewer(user)
        found = self.reader.read_labels(self._replies.drafts.find(seen.draft_id).mention_id)
        changed = {about: label for about, label in chosen.items() if found.get(about) != label}
        if not changed:
            raise ReviewError("These are the labels it has already.", "Choose another one, or cancel.")
        self._listening.analyser.check_topic(changed.get(About.TOPIC, ""))
        return changed

    def relabel(self, draft_id: int, labels: Mapping[str, str], user: str) -> None:
        """Keep what a person put right, and show the card as it is after that."""
        mention_id = self._replies.drafts.find(draft_id).mention_id
        given = {About(about): label for about, label in labels.items()}
        try:
            relabel_mention(
                self._listening.mentions, self._listening.analyser, mention_id, given, user, self._home.clock()
            )
        except EarshotError as error:
            place = self._slack_store.cards.find(draft_id)
            if place is None or error.is_transient:
                raise
            self.tell(place["channel"], user, error, draft_id)
        self.refresh(draft_id)

    def check_reviewer(self, user: str, role: Role = Role.REVIEWER) -> None:
        """Raises ReviewError, which says who may, unless the person has the role."""
        require_role(self.find_roles(user), role)

    def tell(self, channel: str, user: str, error: EarshotError, draft_id: int = 0) -> None:
        """Tell one person what could not be done, and who came before them."""
        self._posting.tell(channel, user, tell_text(put_error(error), self._find_people(draft_id)))

    def put_error(self, error: EarshotError, draft_id: int) -> str:
        """The same for a form, which shows names only where they are spelt out."""
        return put_names(put_error(error), {who: self._membership.name_of(who) for who in self._find_people(draft_id)})

    def _find_people(self, draft_id: int) -> list[str]:
        return [who for who in self.reader.find_people(draft_id) if is_slack_user(who)] if draft_id else []
