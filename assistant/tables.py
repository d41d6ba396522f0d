"""All tables over one EARSHOT_HOME, each opened when it is first asked for."""

from functools import cached_property
from pathlib import Path

from assistant.adjust.overlay import Overlay
from assistant.analyse.topics import Topic, read_topics
from assistant.config import Settings
from assistant.store.alerts import AlertTables
from assistant.store.audit import AuditTables
from assistant.store.cards import CardTables
from assistant.store.cursors import CursorTables, DeliveryTables
from assistant.store.database import Store
from assistant.store.decisions import DecisionTables
from assistant.store.documents import DocumentTables
from assistant.store.drafts import DraftTables
from assistant.store.homes import HomeTables
from assistant.store.ledger import LedgerTables
from assistant.store.lessons import LessonTables
from assistant.store.measuring import MeasuringTables
from assistant.store.mentions import MentionTables
from assistant.store.optouts import OptOutTables
from assistant.store.passages import PassageTables, build_passage_migrations
from assistant.store.proposals import ProposalTables
from assistant.store.questions import QuestionTables, ScheduleTables
from assistant.store.reviewing import ReviewTables
from assistant.store.settings import SettingTables
from assistant.store.slack_posts import ServiceTables, SlackTables
from assistant.store.threads import ThreadTables
from assistant.store.uploads import UploadTables
from assistant.store.upstream import UpstreamTables


class Tables:
    """The store and its tables; `settings` say where they are."""

    overlay: Overlay

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def store(self) -> Store:
        """What was changed from Slack counts from the moment on in which the store is there to say so."""
        store = Store(self.settings.earshot_home / "earshot.db")
        self.overlay = Overlay(self.settings, SettingTables(store), self._read_topics_file)
        self.overlay.follow()
        return store

    def _read_topics_file(self) -> tuple[Topic, ...]:
        path = self.settings.topics_file
        return read_topics(path, is_needed=path != Path("topics.yaml"))

    @cached_property
    def setting_tables(self) -> SettingTables:
        return SettingTables(self.store)

    @cached_property
    def homes(self) -> HomeTables:
        return HomeTables(self.store)

    @cached_property
    def documents(self) -> DocumentTables:
        return DocumentTables(self.store)

    @cached_property
    def mentions(self) -> MentionTables:
        return MentionTables(self.store)

    @cached_property
    def upstream(self) -> UpstreamTables:
        return UpstreamTables(self.store)

    @cached_property
    def cursors(self) -> CursorTables:
        return CursorTables(self.store)

    @cached_property
    def deliveries(self) -> DeliveryTables:
        return DeliveryTables(self.store)

    @cached_property
    def threads(self) -> ThreadTables:
        return ThreadTables(self.store)

    @cached_property
    def drafts(self) -> DraftTables:
        return DraftTables(self.store)

    @cached_property
    def audit(self) -> AuditTables:
        return AuditTables(self.store)

    @cached_property
    def decisions(self) -> DecisionTables:
        return DecisionTables(self.store)

    @cached_property
    def cards(self) -> CardTables:
        return CardTables(self.store)

    @cached_property
    def review_tables(self) -> ReviewTables:
        return ReviewTables(self.store)

    @cached_property
    def ledger(self) -> LedgerTables:
        return LedgerTables(self.store, self.drafts)

    @cached_property
    def opt_outs(self) -> OptOutTables:
        return OptOutTables(self.store)

    @cached_property
    def questions(self) -> QuestionTables:
        return QuestionTables(self.store)

    @cached_property
    def slack_posts(self) -> SlackTables:
        return SlackTables(self.store)

    @cached_property
    def uploads(self) -> UploadTables:
        return UploadTables(self.store)

    @cached_property
    def proposals(self) -> ProposalTables:
        return ProposalTables(self.store)

    @cached_property
    def lessons(self) -> LessonTables:
        return LessonTables(self.store)

    @cached_property
    def service_facts(self) -> ServiceTables:
        return ServiceTables(self.store)

    @cached_property
    def schedules(self) -> ScheduleTables:
        return ScheduleTables(self.store)

    @cached_property
    def passages(self) -> PassageTables:
        return PassageTables(Store(self.settings.earshot_home / "passages.db", build_passage_migrations()))

    @cached_property
    def alerts(self) -> AlertTables:
        return AlertTables(self.store)

    @cached_property
    def measuring(self) -> MeasuringTables:
        return MeasuringTables(self.store)
