"""What a message means for Earshot goes into the inbox, whether Slack sent it or it was read afterwards."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from assistant.core.home import Home
from assistant.knowledge.build import Knowledge
from assistant.slack.answers.events import Asked, Deleted, Edited, FollowUp, Silence, read_event
from assistant.slack.tables import SlackStore

Body = dict[str, Any]
Inbox = Callable[[str, str, dict[str, Any]], None]
"""Writes down (kind, key, payload) before it returns; the same key again does nothing."""

HEARD = "slack_heard"
"""The name of the fact that holds the ts of the newest message that was heard, or one a minute older."""

_NOTED_SECONDS = 60.0


class Hearing:
    """Takes the body of an `app_mention` or a `message` event."""

    def __init__(self, home: Home, knowledge: Knowledge, slack_store: SlackStore, inbox: Inbox) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._inbox = inbox
        self._noted = 0.0

    def hear(self, body: Body) -> None:
        """Write down a question, an edit or a deletion; leave alone what is not for Earshot."""
        heard = read_event(body, self._home.settings.allowed_bots)
        if isinstance(heard, Asked):
            self._hear_question(heard)
        elif isinstance(heard, FollowUp):
            self._hear_follow_up(heard)
        elif isinstance(heard, Edited):
            self._inbox("edit", f"{heard.asked.key}:edit:{heard.version}", asdict(heard))
        elif isinstance(heard, Deleted):
            self._inbox("delete", heard.key, asdict(heard))

    def note(self, body: Body) -> None:
        """Keep that Slack was heard until then. After `hear`: a crash in between must leave it to be read again."""
        ts = float(body["event"].get("event_ts") or body["event"]["ts"])
        if ts - self._noted >= _NOTED_SECONDS:
            self._noted = ts
            self._slack_store.service_facts.note(HEARD, str(ts), self._home.clock())

    def _hear_question(self, asked: Asked) -> None:
        if asked.is_direct and self._is_owners_reply(asked):
            self._inbox("owner_reply", f"owner_reply:{asked.key}", asdict(asked))
        else:
            self._inbox("question", asked.key, asdict(asked))

    def _hear_follow_up(self, heard: FollowUp) -> None:
        asked = heard.asked
        if self._is_owners_reply(asked):
            self._inbox("owner_reply", f"owner_reply:{asked.key}", asdict(asked))
        elif self._knowledge.questions.is_asked_in(asked.channel, asked.thread_ts):
            if heard.silence and not self._is_our_reply_due(heard):
                self._slack_store.slack_posts.note_silence(asked.channel, asked.ts, asked.user, heard.silence)
            else:
                self._inbox("question", asked.key, asdict(asked))

    def _is_our_reply_due(self, heard: FollowUp) -> bool:
        """`yes` and `both` ask nothing, unless Earshot had asked back."""
        asked_back = self._knowledge.questions.has_asked_back
        return heard.silence is Silence.COURTESY and asked_back(heard.asked.channel, heard.asked.thread_ts)

    def _is_owners_reply(self, asked: Asked) -> bool:
        return self._knowledge.proposals.find_request(asked.channel, asked.thread_ts, asked.user) is not None
