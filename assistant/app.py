"""Puts the departments together: each gets what it needs, and nobody gets everything."""

from collections.abc import Callable
from datetime import datetime

from assistant.alerts.build import Alerts
from assistant.core.config import Settings
from assistant.core.database import Store
from assistant.core.home import Home, read_clock
from assistant.domain import Answer, Question
from assistant.knowledge.build import Knowledge
from assistant.listening.build import Listening
from assistant.live_settings.build import LiveSettings, build_overlay
from assistant.live_settings.overlay import Overlay
from assistant.privacy.build import Privacy
from assistant.replies.build import Replies
from assistant.replies.tables.lessons import forget_lessons
from assistant.reports.build import Reports
from assistant.slack.tables import SlackStore
from assistant.text.embedding import Embedder


class Assistant:
    """The departments of Earshot over one EARSHOT_HOME; what each needs of a later one is a function given to it."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = read_clock,
        embedder: Embedder | None = None,
        multilingual: Embedder | None = None,
    ) -> None:
        self._overlay: Overlay | None = None
        self.live_settings: LiveSettings
        self.replies: Replies
        self.reports: Reports
        self.home = Home(settings, clock, self._open)
        self.knowledge = Knowledge(self.home, embedder, multilingual, self._answer_about_posts, self._note_use)
        self.listening = Listening(
            self.home,
            self.knowledge,
            lambda: self.live_settings.topics,
            lambda mentions, now: self.replies.judging.note_opt_outs(mentions, now),
            lambda now: self.reports.fill_week(now),
            forget_lessons,
        )
        self.replies = Replies(self.home, self.knowledge, self.listening)
        self.reports = Reports(self.home, self.knowledge, self.listening)
        self.alerts = Alerts(self.home, self.listening, self.replies)
        self.privacy = Privacy(self.home, self.listening)
        self.live_settings = LiveSettings(
            self.home, self._find_overlay, lambda via: self.replies.review_desk.build_recorder(via)
        )
        self.live_settings.when_topics_change(self.listening.take_over_topics)
        self.slack = SlackStore(self.home)

    @property
    def settings(self) -> Settings:
        return self.home.settings

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.home.clock

    def _open(self, store: Store) -> None:
        self._overlay = build_overlay(self.home, store)

    def _find_overlay(self) -> Overlay:
        store = self.home.store  # opening it brings the overlay
        if self._overlay is None:
            self._overlay = build_overlay(self.home, store)
        return self._overlay

    def _answer_about_posts(self, question: Question, now: datetime) -> Answer | None:
        return self.replies.draft_requests.answer(question, now) or self.listening.opinions.answer(question, now)

    def _note_use(self, model: str, read: int, written: int) -> None:
        self.reports.measuring.note_use(model, read, written, self.clock())
