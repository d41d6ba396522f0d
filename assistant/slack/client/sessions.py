"""Agent sessions: whether Earshot is at work in a thread, waits for somebody, or rests; Slack draws the stop button."""

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.client.client import FAILURES, without_waiting
from assistant.slack.client.tables import UNSTOPPABLE, ServiceTables

_LOOKING = "is looking through the documents…"
_TITLE_CHARACTERS = 200
_NOT_SUBSCRIBED = "missing_agent_session_stopped_event_subscription"
_MEND = (
    "People cannot stop an answer: the app does not subscribe to agent_session_stopped. Add it under Event "
    "Subscriptions; slack-manifest.yaml has it."
)
_log = logging.getLogger(__name__)


class SessionStatus(StrEnum):
    """The states of a session that Earshot uses; Slack has `closed` besides."""

    PROCESSING = "processing"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class AgentSessions:
    """Sets states without waiting: a state that Slack does not take keeps no answer away.

    An app of before 2027 answers `unknown_method`; until the next start, the older status line serves it.
    """

    def __init__(self, client: WebClient, facts: ServiceTables, clock: Callable[[], datetime]) -> None:
        self._quick = without_waiting(client)
        self._facts = facts
        self._clock = clock
        self._is_old = False
        self._is_warned: bool | None = None

    def set(self, channel: str, thread_ts: str, status: SessionStatus, title: str = "", user: str = "") -> bool:
        """Set the state of a thread's session, and make one where there is none; False where Slack shows nothing."""
        try:
            if not self._is_old and self._set_new(channel, thread_ts, status, title, user):
                return True
            shown = _LOOKING if status is SessionStatus.PROCESSING else ""
            self._quick.assistant_threads_setStatus(channel_id=channel, thread_ts=thread_ts, status=shown)
        except FAILURES as error:
            _log.info("no status in %s: %s", channel, error)
            return False
        return True

    def rename(self, channel: str, thread_ts: str, title: str) -> None:
        """Give a session another title, as after its question was edited."""
        title = title[:_TITLE_CHARACTERS]
        try:
            if self._is_old:
                self._quick.assistant_threads_setTitle(channel_id=channel, thread_ts=thread_ts, title=title)
            else:
                self._quick.agents_sessions_rename(channel_id=channel, thread_ts=thread_ts, title=title)
        except FAILURES as error:
            _log.info("no title in %s: %s", channel, error)

    def _set_new(self, channel: str, thread_ts: str, status: SessionStatus, title: str, user: str) -> bool:
        """False where the app has no sessions."""
        try:
            answer = self._quick.agents_sessions_setStatus(
                channel_id=channel,
                thread_ts=thread_ts,
                status=status,
                title=title[:_TITLE_CHARACTERS] or None,
                initiator_user_id=user or None,
            )
        except SlackApiError as error:
            if error.response.get("error") != "unknown_method":
                raise
            self._is_old = True
            _log.info("this app has no agent sessions: the older status is used until the next start")
            return False
        if status is SessionStatus.PROCESSING:
            self._note_warning(answer.get("warning") == _NOT_SUBSCRIBED)
        return True

    def _note_warning(self, is_warned: bool) -> None:
        if is_warned != self._is_warned:
            self._is_warned = is_warned
            self._facts.note(UNSTOPPABLE, _MEND if is_warned else "", self._clock())
