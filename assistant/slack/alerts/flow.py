"""The flow of alerts and crises: each is posted once, a crisis keeps a thread, and people open, join and close it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, ClassVar

from assistant.alerts.build import Alerts
from assistant.alerts.crises import CrisisView, write_report
from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.roles import Action
from assistant.domain import Alert, Crisis, CrisisEvent
from assistant.errors import EarshotError, NetworkError
from assistant.listening.build import Listening
from assistant.slack.alerts.blocks import (
    CLOSE,
    JOIN,
    OPEN,
    build_alert_blocks,
    build_crisis_blocks,
    build_event_blocks,
    build_report_messages,
    describe_in_line,
    find_people,
)
from assistant.slack.client.blocks import build_section, escape, is_slack_user, name_person, tell_error, tell_text
from assistant.slack.client.clicks import Click
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.uploads import Uploads

CRISIS_ACTIONS = (OPEN, JOIN, CLOSE)
_TOP_POSTS = 5
_NEWS = timedelta(days=2)
_REPORT = "The report of this crisis as a file."


@dataclass(frozen=True)
class CrisisClick(Job):
    """A click on one of the buttons; `number` is an alert's for `open_crisis`, else a crisis's."""

    kind: ClassVar = "crisis"
    action: str
    number: int
    user: str
    channel: str
    thread_ts: str | None
    action_ts: str

    @property
    def key(self) -> str:
        """The same however often Slack delivers the click."""
        return f"crisis:{self.action_ts}:{self.user}:{self.action}:{self.number}"

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel, self.thread_ts)


def read_click(body: dict[str, Any]) -> CrisisClick:
    """The click in a payload."""
    click = Click(body)
    number = int(click.value)
    return CrisisClick(click.action, number, click.user, click.channel, click.thread_ts, click.at)


class AlertFlow:
    """Posts to ALERT_CHANNEL, or else to REVIEW_CHANNEL; without either, alerts are only kept."""

    def __init__(
        self,
        home: Home,
        listening: Listening,
        alerts: Alerts,
        posting: Poster,
        uploads: Uploads,
        membership: Membership,
    ) -> None:
        self._home = home
        self._listening = listening
        self._alerts = alerts
        self._posting = posting
        self._uploads = uploads
        self._membership = membership
        self._lock = Lock()

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle clicks."""
        jobs.add(CrisisClick, self.take)

    def run(self) -> None:
        """One round: find, open what opens itself, post what is due. What a crash left undone is done here."""
        self._alerts.watching.look(self._home.clock())
        self._alerts.crises.take_alerts(self._home.clock())
        self._alerts.crises.freeze_pending(self._home.clock())
        if self._channel:
            # A click and a round at the same time would each find the other's post claimed and not yet there.
            with self._lock:
                self._post_alerts()
                self._post_events()

    def take(self, click: CrisisClick) -> None:
        """Work a click off; the person alone is told when it cannot be done."""
        try:
            self._decide(click)
            if self._channel:
                with self._lock:
                    self._post_events()
        except EarshotError as error:
            text = escape(tell_error(error))
            self._posting.tell(click.channel, click.user, text, click.thread_ts)
            if error.is_transient:
                raise

    def _decide(self, click: CrisisClick) -> None:
        crises, now = self._alerts.crises, self._home.clock()
        name = "alert" if click.action == OPEN else "crisis"
        place = self._posting.find_channel(f"{name}:{click.number}")
        action = Action.JOIN_CRISIS if click.action == JOIN else Action.LEAD_CRISIS
        self._membership.check(click.user, action, click.channel, place)
        if click.action == JOIN:
            crises.join(click.number, click.user, now)
        elif click.action == OPEN:
            crises.open_for_alert(click.number, click.user, now)
        else:
            crises.close(click.number, click.user, now)

    @property
    def _channel(self) -> str:
        settings = self._home.settings
        return settings.alert_channel or settings.review_channel

    def _post_alerts(self) -> None:
        now = self._home.clock()
        # Where no channel was set for long, what is long over floods nobody.
        for alert in self._alerts.tables.unposted(now - _NEWS):
            if self._alerts.watching.is_due(alert, now):
                self._membership.refuse_outsiders(self._channel)
                blocks = build_alert_blocks(alert, self._find_posts(alert))
                self._posting.post_once(f"alert:{alert.alert_id}", self._channel, describe_in_line(alert), blocks)
                self._alerts.tables.note_posted(alert.alert_id, now)

    def _find_posts(self, alert: Alert) -> list[dict[str, Any]]:
        start = alert.at - alert.length
        ids = alert.mention_ids[:_TOP_POSTS] or self._alerts.tables.spike_mentions(
            alert.series, start, alert.at, _TOP_POSTS
        )
        return [row for row in self._listening.mentions.describe(ids) if not row["removed_at"]]

    def _post_events(self) -> None:
        """What is new of each crisis; noted when all of it is posted, so that a crash leaves nothing out."""
        new: dict[int, list[CrisisEvent]] = {}
        for crisis_id, event in self._alerts.crises.unposted_events(self._home.clock() - _NEWS):
            new.setdefault(crisis_id, []).append(event)
        for crisis_id, events in new.items():
            self._post_news(crisis_id, events)

    def _post_news(self, crisis_id: int, events: list[CrisisEvent]) -> None:
        """Lines of the timeline into the thread, then the crisis's own message as it stands, at last the report."""
        self._membership.refuse_outsiders(self._channel)
        crises, now = self._alerts.crises, self._home.clock()
        view = crises.view(crisis_id, now)
        thread_ts = self._post_crisis(view)
        for event in events:
            self._post_event(event, find_people(view), thread_ts)
        self._posting.update(self._channel, thread_ts, _name(view.crisis), build_crisis_blocks(view))
        if not view.crisis.is_open:
            self._post_report(view, thread_ts)
        for event in events:
            crises.note_event_posted(event, now)

    def _post_crisis(self, view: CrisisView) -> str:
        key = f"crisis:{view.crisis.crisis_id}"
        return self._posting.post_once(key, self._channel, _name(view.crisis), build_crisis_blocks(view))

    def _post_event(self, event: CrisisEvent, people: Collection[str], thread_ts: str) -> None:
        key = f"crisis-event:{event.event_id}"
        text = f"{name_person(event.who)} {tell_text(event.text, people)}"
        self._posting.post_once(key, self._channel, text, build_event_blocks(event, people), thread_ts)

    def _post_report(self, view: CrisisView, thread_ts: str) -> None:
        for number, blocks in enumerate(build_report_messages(view)):
            key = f"crisis-report:{view.crisis.crisis_id}:{number}"
            text = f"Report of crisis {view.crisis.crisis_id}"
            self._posting.post_once(key, self._channel, text, blocks, thread_ts)
        self._share_report(view, thread_ts)

    def _share_report(self, view: CrisisView, thread_ts: str) -> None:
        """The same as a file, with people's names in place of Slack's ids, which mean nothing outside Slack."""
        number = view.crisis.crisis_id
        content = write_report(view, self._name_person).encode()
        key, name = f"crisis-report:{number}", f"crisis-{number}-report.md"
        try:
            self._uploads.share_once(key, self._channel, name, content, _REPORT, thread_ts)
        except NetworkError as error:
            if error.is_transient:
                raise
            # The words stand in the thread: a missing right must not hold the crisis up.
            told = escape(f"I couldn't attach the report as a file. {tell_error(error)}")
            self._posting.post_once(f"{key}:unshared", self._channel, told, [build_section(told)], thread_ts)

    def _name_person(self, name: str) -> str:
        try:
            return self._membership.name_of(name) if is_slack_user(name) else name
        except NetworkError:
            return name


def _name(crisis: Crisis) -> str:
    state = "Crisis" if crisis.is_open else "Closed crisis"
    return escape(f"{state} {crisis.crisis_id}: {crisis.title}")
