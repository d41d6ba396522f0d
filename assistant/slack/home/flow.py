"""The flow of App Home: what each person may see of queue, figures and settings, published when it changed."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.database import to_time
from assistant.core.home import Home
from assistant.core.job import Job, JobHandlers
from assistant.core.roles import Action, Role, may, require
from assistant.domain import DraftStatus
from assistant.errors import EarshotError, edge
from assistant.live_settings.build import LiveSettings
from assistant.live_settings.changes import SettingChanges
from assistant.replies.build import Replies
from assistant.replies.review.approval import list_queue
from assistant.replies.tables.review import QueuedDraft
from assistant.reports.build import Reports
from assistant.slack.client.blocks import Block, escape, tell_error
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.readers import Readers
from assistant.slack.client.uploads import is_not_ready, show_when_ready
from assistant.slack.documents.flow import DocumentFlow, SourceClick
from assistant.slack.home.blocks import Frozen, HomePage, build_failure, build_home
from assistant.slack.home.queue import read_choice, select_waiting
from assistant.slack.home.several import MOST_DRAFTS, build_several_form
from assistant.slack.home.week import UploadsPictures, Weeks
from assistant.slack.tables import SlackStore

# A tab that was opened longer ago is no longer followed: opening it again shows it again in any case.
_FOLLOWED = timedelta(minutes=30)
_NOTICE_SECONDS = 60.0
_REFRESHES = "home refreshes"  # one queue for all of them; who opens their Home does not wait in it
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HomeOpened(Job):
    """Somebody looks at their Home, or did what it has to show."""

    kind: ClassVar = "home"
    user: str


@dataclass(frozen=True)
class HomeChosen(Job):
    """Somebody chose what to see."""

    kind: ClassVar = "home_choice"
    user: str
    field: str
    value: str


@dataclass(frozen=True)
class LiftAsked(Job):
    """Somebody asks to lift the freeze."""

    kind: ClassVar = "unfreeze"
    user: str


class HomeFlow:
    """Publishes Homes."""

    def __init__(
        self,
        home: Home,
        replies: Replies,
        reports: Reports,
        live_settings: LiveSettings,
        slack_store: SlackStore,
        client: WebClient,
        membership: Membership,
        outgoing: RateLimit,
        uploads: UploadsPictures,
        documents: DocumentFlow,
        count_proposals: Callable[[str], int],
        readers: Readers,
    ) -> None:
        self._home = home
        self._replies = replies
        self._live_settings = live_settings
        self._slack_store = slack_store
        self._client = client
        self._membership = membership
        self._outgoing = outgoing
        self._documents = documents
        self._count_proposals = count_proposals
        self._readers = readers
        self._weeks = Weeks(lambda p, now: reports.summing.look_over(p, now), home.clock, home, uploads)
        self._notices: dict[str, tuple[str, float]] = {}
        self._shown: dict[str, str] = {}
        self.adjusting = self._build_adjusting()
        self._freezing = replies.review_desk.build_freezing(membership.find_roles, "Slack")

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what people do in their Home."""
        jobs.add(HomeOpened, lambda job: self.open(job.user))
        jobs.add(HomeChosen, self.choose)
        jobs.add(LiftAsked, lambda job: self.unfreeze(job.user))
        jobs.add(SourceClick, self.take_source)

    def take_source(self, click: SourceClick) -> None:
        """Work off what an admin decided about a source, there or in a message."""
        self._documents.take(click)
        if not click.ts:
            self.open(click.user)

    def open(self, user: str) -> None:
        """Show somebody their Home: at once with what is known, then with this week's figures once they are counted."""
        self._slack_store.homes.note_opened(user, self._home.clock())
        self._show(user)

    def choose(self, chosen: HomeChosen) -> None:
        """Keep what somebody wants to see, and show it."""
        self._slack_store.homes.change_choice(
            chosen.user,
            lambda kept: read_choice(kept).change(chosen.field, chosen.value).to_plain(),
            self._home.clock(),
        )
        self._show(chosen.user)

    def build_several_form(self, user: str) -> Block:
        """The form for several drafts at once, in the order of their queue. Raises EarshotError for who may not."""
        require(self._membership.find_roles(user), Action.DECIDE)
        choice = read_choice(self._slack_store.homes.choice_of(user))
        waiting = select_waiting(list_queue(self._replies.review_tables, self._home.clock()), choice, user)
        pending = [one for one in waiting if one.status is DraftStatus.PENDING][:MOST_DRAFTS]
        return build_several_form([(one, self._replies.drafts.find(one.draft_id)) for one in pending])

    def find_channel(self, draft_id: int) -> str:
        """The channel of a draft's card."""
        place = self._slack_store.cards.find(draft_id)
        return str(place["channel"]) if place else self._home.settings.review_channel

    def freeze(self, user: str, reason: str) -> None:
        """Stop every reply that has not left yet. Raises EarshotError for who may not."""
        self._freezing.freeze(user, reason, self._home.clock())

    def unfreeze(self, user: str) -> None:
        """Ask to lift the freeze; the person is told at the top of their Home what became of it."""
        try:
            told = self._freezing.unfreeze(user, self._home.clock())
        except EarshotError as error:
            if error.is_transient:
                raise
            told = tell_error(error)
        self.tell(user, told)
        self._show(user)

    def tell(self, user: str, notice: str) -> None:
        """Show a notice at the top of somebody's Home for a minute."""
        self._notices[user] = (notice, time.monotonic())

    def list_outdated(self) -> list[str]:
        """List people who look at an outdated Home, the latest first."""
        homes, now = self._slack_store.homes, self._home.clock()
        current = self._fingerprint()
        return [user for user in homes.list_opened(now - _FOLLOWED) if self._shown.get(user) != current]

    def refresh(self, user: str) -> None:
        """Show somebody's Home as things are now, in a queue of its own, and without counting figures again."""
        with self._outgoing.turn(_REFRESHES):
            self._publish(user)

    def _show(self, user: str) -> None:
        """Publish, and when figures have to be counted for it, publish once more."""
        week = self._publish(user)
        if not week:
            return
        try:
            with edge("counting the week's figures"):
                self._weeks.count(week)
        except EarshotError as error:
            if error.is_transient:
                raise
            self.tell(user, f"I couldn't count the figures. {tell_error(error)}")
        self._publish(user)

    def _publish(self, user: str) -> str:
        """Returns the week whose figures have to be counted for this Home, or nothing."""
        with self._outgoing.turn(f"home:{user}"):  # one at a time, so that what is newest is what stays
            self._shown[user] = self._fingerprint()
            page: HomePage | None = None
            try:
                with edge("putting an App Home together"):
                    page = self._read_page(user)
                    view = build_home(page, self._link, self._readers.wording_for(user))
            except EarshotError as error:
                if error.is_transient:
                    raise
                _log.warning("the Home of %s is not whole: %s %s", user, error.message, error.hint)
                told = escape(f"I can't show the rest. {tell_error(error)}")
                view = build_failure(told, self._readers.wording_for(user))
            self._put(user, view)
        return page.choice.week if page and page.is_counting else ""

    def _put(self, user: str, view: Block) -> None:
        with translated():
            try:
                show_when_ready(lambda: self._client.views_publish(user_id=user, view=view))
            except SlackApiError as error:
                pictures = [block for block in view["blocks"] if "slack_file" in block]
                if not is_not_ready(error) or not pictures:
                    raise
                _log.warning("Slack refuses the picture of a Home: it is shown without it")
                rest = [block for block in view["blocks"] if block not in pictures]
                self._client.views_publish(user_id=user, view={**view, "blocks": rest})

    def _read_page(self, user: str) -> HomePage:
        now = self._home.clock()
        choice = read_choice(self._slack_store.homes.choice_of(user))
        roles = self._membership.find_roles(user)
        if Role.MEMBER not in roles:
            return HomePage(user, now, False, choice)
        is_reviewer = may(roles, Action.DECIDE)
        is_manager = may(roles, Action.SEE_WEEK)
        is_admin = may(roles, Action.CHANGE_SETTING)
        return HomePage(
            user,
            now,
            is_full_member=True,
            choice=choice,
            notice=self._find_notice(user),
            waiting=list_queue(self._replies.review_tables, now) if is_reviewer or is_manager else None,
            is_reviewer=is_reviewer,
            may_lift=may(roles, Action.UNFREEZE),
            frozen=self._find_freeze(),
            is_manager=is_manager,
            counted=self._weeks.find(choice.week),
            is_counting=not self._weeks.is_fresh(choice.week),
            standings=self.adjusting.list_standings() if is_admin else None,
            sources=self._documents.list_standings() if is_admin else None,
            proposals=self._count_proposals(user),
        )

    def _fingerprint(self) -> str:
        return f"{self._slack_store.homes.fingerprint()}/{self._weeks.version}"

    def _build_adjusting(self) -> SettingChanges:
        return self._live_settings.build_adjusting(self._membership.find_roles, "Slack", self._membership.find_people)

    def _find_notice(self, user: str) -> str:
        notice, told_at = self._notices.get(user, ("", 0.0))
        if notice and time.monotonic() - told_at > _NOTICE_SECONDS:
            del self._notices[user]
            return ""
        return notice

    def _find_freeze(self) -> Frozen | None:
        row = self._replies.review_tables.freezes.current()
        return Frozen(row["frozen_by"], to_time(row["frozen_at"]), row["reason"], row["first_lift_by"]) if row else None

    def _link(self, waiting: QueuedDraft) -> str:
        """The address that Slack itself gives for a message; asking for each would take a call an entry."""
        if not waiting.ts:
            return ""
        return f"{self._membership.workspace_url()}archives/{waiting.channel}/p{waiting.ts.replace('.', '')}"
