"""The running service: Slack, the inbox and the schedules in one process, until it is stopped."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from filelock import FileLock, Timeout
from slack_bolt import App
from slack_sdk import WebClient

from assistant.app import Assistant
from assistant.core.home import Home
from assistant.core.job import Job
from assistant.domain import Audience
from assistant.errors import ConfigError, logged
from assistant.knowledge.search.vectors import chunk_collection
from assistant.replies.sending.dispatcher import Dispatch
from assistant.service.backup_folder import BackupFolder
from assistant.service.health import HealthPages, build_probes, serve_health
from assistant.service.jobs import DurableWork, Schedule
from assistant.service.schedules import Rounds
from assistant.service.webhook import Webhook, serve_webhook
from assistant.slack.answers.intake import MissedSince, find_last_heard
from assistant.slack.app import Flows, build_app
from assistant.slack.client.client import build_client, translated
from assistant.slack.client.connection import Connection, serve_http, serve_socket
from assistant.slack.setup.names import take_over_names

_TIDY_CRON = "45 3 * * *"
_WORK_IS_KEPT = timedelta(days=7)  # Slack delivers again for some minutes, people click on what is older
_log = logging.getLogger(__name__)


class Service:
    """One `earshot run`. Raises ConfigError when a setting is missing or another one runs on the same home."""

    def __init__(self, assistant: Assistant, post_spacing_seconds: float = 1.0) -> None:
        self._assistant = assistant
        assistant.listening.networks  # noqa: B018  # a fault in networks.yaml is reported now, and not at the first collecting
        self._lock = _take_lock(assistant)
        self._client: WebClient = _build_client(assistant.home)
        take_over_names(assistant.settings, self._client)
        self.flows = Flows(assistant, self._client, post_spacing_seconds, self._put)
        self.rounds = Rounds(assistant, self.flows, self._put)
        self.work = DurableWork(
            assistant.settings.earshot_home / "work.db",
            self.flows.build_handlers(),
            [*self.rounds.list_schedules(), *self._list_own_schedules()],
            assistant.home.schedules,
            self.flows.failures.tell,
        )
        self._dispatch = Dispatch(assistant.replies.sending, assistant.clock, self.rounds.show_sent)
        self.backups = BackupFolder(assistant)
        self._connection: Connection | None = None
        self._is_warm = False
        self._health: Any = None
        self._webhook: Any = None
        self._agents: Any = None

    def start(self) -> None:
        """Load the models, take up what a crash left, and connect. Raises EarshotError."""
        self._health = self._serve_health()
        self._warm_up()
        self._is_warm = True
        with translated():
            self._client.auth_test()  # Bolt asks too, and tells of a token that Slack refuses in an error of its own
            app = build_app(self._assistant, self.flows, self._put)
        self.work.start(self._assistant.clock())
        for draft in self._assistant.replies.sending.resume():
            self.rounds.show_sent(draft)
        self._dispatch.ticker.start()
        since = find_last_heard(self._assistant.home, self._assistant.slack)  # before anything new is heard
        self._connection = self._connect(app)
        if since is not None:
            self._catch_up(since)
        self._webhook = self._serve_webhook()
        self._agents = self._serve_agents()
        self._assistant.live_settings.when_changed(self._follow_settings)
        self.flows.start()

    def stop(self) -> None:
        """Take nothing more, let what runs end, and let go of the home."""
        for server in (self._health, self._agents, self._webhook, self._connection):
            if server:
                server.close()
        self.flows.stop()
        self._dispatch.ticker.stop()
        self.work.stop()
        self._lock.release()

    def is_idle(self) -> bool:
        """Return whether everything that came in is handled."""
        return self.flows.listeners.is_idle() and self.work.is_idle()

    def _list_own_schedules(self) -> list[Schedule]:
        settings = self._assistant.settings
        tidying = Schedule("tidy", _TIDY_CRON, settings.timezone, self._tidy)
        backup = Schedule("backup", settings.backup_schedule, settings.timezone, self._back_up)
        return [tidying, backup] if settings.backup_folder else [tidying]

    def _back_up(self, due_at: datetime) -> None:
        with logged("making a backup"):
            self.backups.make(due_at)

    def _tidy(self, due_at: datetime) -> None:
        count = self.work.forget_ended(due_at - _WORK_IS_KEPT)
        _log.info("forgot %d pieces of work that ended before %s", count, due_at - _WORK_IS_KEPT)

    def _put(self, job: Job, key: str) -> None:
        self.work.put(job, key)

    def _catch_up(self, since: float) -> None:
        self.work.put(MissedSince(since), f"catch_up:{self._assistant.clock().isoformat()}")

    def _follow_settings(self, changed: frozenset[str]) -> None:
        """What is not read from the settings each time it is needed."""
        if "digest_schedule" in changed:
            self.work.reschedule(self.rounds.schedule_own_digest(), self._assistant.clock())

    def _serve_webhook(self) -> Any:
        secret = self._assistant.settings.webhook_secret
        if secret is None:
            return None
        webhook = Webhook(
            self._assistant.home, self._assistant.listening, secret.get_secret_value(), self.rounds.refresh_cards
        )
        settings = self._assistant.settings
        return serve_webhook(webhook, settings.listen_address, settings.webhook_port)

    def _serve_health(self) -> Any:
        """First of all: whoever waits for readiness can tell loading from a fault."""
        settings = self._assistant.settings
        if not settings.health_port:
            return None
        probes = build_probes(
            self._assistant, lambda: bool(self._connection and self._connection.is_open), lambda: self._is_warm
        )
        return serve_health(HealthPages(probes, self._find_metrics()), settings.listen_address, settings.health_port)

    def _find_metrics(self) -> Callable[[], bytes] | None:
        try:
            from assistant.service.metrics import build_reader
        except ImportError:
            return None
        return build_reader(
            self._assistant, lambda: self.work.find_waiting() if self._is_warm else (0, 0.0), self.backups.find_last
        )

    def _serve_agents(self) -> Any:
        settings = self._assistant.settings
        if not settings.agents_port:
            return None
        try:
            from assistant.service.agents import serve_calls
        except ImportError as error:
            raise ConfigError("AGENTS_PORT needs one more package.", 'pip install "earshot[agents]"') from error
        return serve_calls(self._assistant, self.flows.membership)

    def _warm_up(self) -> None:
        # The first question of the day should not wait for the models to load.
        for embedder in (self._assistant.knowledge.embedder, self._assistant.knowledge.post_embedder):
            embedder.embed(["warm up"])
        self._assistant.listening.analyser.warm_up()
        self._assistant.knowledge.index.catch_up()
        self._assistant.knowledge.vectors.count(chunk_collection(Audience.PUBLIC))

    def _connect(self, app: App) -> Connection:
        settings = self._assistant.settings
        if settings.slack_app_token:
            token = settings.slack_app_token.get_secret_value()
            return serve_socket(app, token, self._assistant.slack.service_facts, self._assistant.clock, self._catch_up)
        secret = settings.slack_signing_secret
        return serve_http(
            app, secret.get_secret_value() if secret else "", settings.listen_address, settings.slack_http_port
        )


def _take_lock(assistant: Assistant) -> FileLock:
    home = assistant.settings.earshot_home
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "run.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        hint = "Stop that one first, or give this one an EARSHOT_HOME of its own."
        raise ConfigError(f"Another earshot run is using {home}.", hint) from error
    return lock


def _build_client(home: Home) -> WebClient:
    settings = home.settings
    if not settings.slack_bot_token:
        raise ConfigError(
            "SLACK_BOT_TOKEN is not set (for example xoxb-1-2-a).", "README.md shows how to connect Slack."
        )
    if not settings.slack_app_token and not settings.slack_signing_secret:
        raise ConfigError(
            "Neither SLACK_APP_TOKEN (Socket Mode, for example xapp-1-A1-2-b) nor SLACK_SIGNING_SECRET (HTTP) is set.",
            "README.md shows how to connect Slack.",
        )
    return build_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
