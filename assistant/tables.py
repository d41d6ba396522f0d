"""All tables over one EARSHOT_HOME, each opened when it is first asked for."""

from functools import cached_property
from pathlib import Path

from assistant.alerts.tables import AlertTables
from assistant.core.audit import AuditTables
from assistant.core.config import Settings
from assistant.core.database import Store
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.passages import PassageTables, build_passage_migrations
from assistant.knowledge.tables.proposals import ProposalTables
from assistant.knowledge.tables.questions import QuestionTables, ScheduleTables
from assistant.listening.analysis.topics import Topic, read_topics
from assistant.listening.tables.cursors import CursorTables, DeliveryTables
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.live_settings.overlay import Overlay
from assistant.live_settings.settings import SettingTables
from assistant.replies.sending.optouts import OptOutTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.lessons import LessonTables
from assistant.replies.tables.review import ReviewTables
from assistant.replies.tables.send_ledger import LedgerTables
from assistant.reports.figures.tables import MeasuringTables
from assistant.slack.cards.tables import CardTables
from assistant.slack.client.tables import ServiceTables, SlackTables
from assistant.slack.client.upload_table import UploadTables
from assistant.slack.home.tables import HomeTables


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
