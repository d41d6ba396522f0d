"""What was said to Earshot while it could not hear: Slack sends an event for some six minutes, and then never again."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.errors import NetworkError
from assistant.knowledge.build import Knowledge
from assistant.slack.answers.intake import HEARD, Body, Hearing
from assistant.slack.client.client import translated
from assistant.slack.tables import SlackStore

# An older question has found its answer elsewhere, or nobody wants it any more.
_LONGEST = timedelta(days=1)
_MARGIN = timedelta(minutes=2)
_KINDS = "public_channel,private_channel,mpim,im"
_PAGE = 200
_log = logging.getLogger(__name__)


class MissedFlow:
    """Reads channels and threads again. What was heard already has its key in the inbox: nothing is answered twice."""

    def __init__(self, knowledge: Knowledge, client: WebClient, hearing: Hearing) -> None:
        self._knowledge = knowledge
        self._client = client
        self._hearing = hearing

    def catch_up(self, since: float) -> None:
        """Hear what was said since then, in seconds since 1970. Raises NetworkError when Slack cannot be asked."""
        with translated():
            me = self._client.auth_test()
            pages = list(self._client.users_conversations(types=_KINDS, exclude_archived=True, limit=_PAGE))
        channels = {one["id"]: one for page in pages for one in page["channels"]}
        threads = self._list_threads(since)
        for channel, about in channels.items():
            spoken = self._read_channel(channel, since)
            threads |= {(channel, one["ts"]) for one in spoken if float(one.get("latest_reply") or 0) > since}
            for message in spoken:
                self._hear(me, about, message)
        for channel, thread_ts in sorted(threads):
            if channel in channels:
                for message in self._read_thread(channel, thread_ts, since):
                    self._hear(me, channels[channel], message)

    def _hear(self, me: Any, channel: Body, message: Body) -> None:
        kind = "im" if channel.get("is_im") else "channel"
        event = {**message, "type": "message", "channel": channel["id"], "channel_type": kind}
        authorizations = [{"user_id": me["user_id"]}]
        self._hearing.hear({"team_id": me["team_id"], "authorizations": authorizations, "event": event})

    def _list_threads(self, since: float) -> set[tuple[str, str]]:
        """Those in which somebody asked a day before or later."""
        asked_since = datetime.fromtimestamp(since, UTC) - _LONGEST
        return set(self._knowledge.questions.list_threads(asked_since))

    def _read_channel(self, channel: str, since: float) -> list[Body]:
        return self._read(self._client.conversations_history, channel=channel, oldest=str(since), limit=_PAGE)[::-1]

    def _read_thread(self, channel: str, thread_ts: str, since: float) -> list[Body]:
        replies = self._client.conversations_replies
        spoken = self._read(replies, channel=channel, ts=thread_ts, oldest=str(since), limit=_PAGE)
        return [one for one in spoken if float(one["ts"]) > since]  # the thread's parent always comes along

    def _read(self, call: Any, **arguments: Any) -> list[Body]:
        try:
            with translated():
                return [message for page in call(**arguments) for message in page["messages"]]
        except NetworkError as error:
            if error.is_transient:
                raise
            _log.warning("what was missed in %s was not read: %s", arguments["channel"], error.message)
            return []


def find_last_heard(home: Home, slack_store: SlackStore) -> float | None:
    """Since when something may have been missed, in seconds since 1970; None where nothing was ever heard."""
    heard = slack_store.service_facts.find(HEARD)
    if heard is None:
        return None
    longest = (home.clock() - _LONGEST).timestamp()
    return max(float(heard[0]) - _MARGIN.total_seconds(), longest)
