"""The flow of a question: what a person writes to Earshot, and the answer in the thread."""

import re
from dataclasses import dataclass
from typing import Any

from assistant.domain import Question
from assistant.edge import edge
from assistant.errors import EarshotError
from assistant.slack.answers import build_answer_blocks
from assistant.slack.blocks import Block, build_section, cut, escape
from assistant.slack.membership import Membership
from assistant.slack.posting import Posting
from assistant.store.questions import AskedIn
from assistant.wiring import Assistant

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LINKED = re.compile(r"<([^>|]+)(?:\|([^>]*))?>")
_REMEMBERED_QUESTIONS = 5
_HELP = (
    "Ask me about the company's documents in your own words, for example “How do customers pause their plan?” "
    "I answer with the sentences that say so, or tell you that nothing does."
)


@dataclass(frozen=True)
class Asked:
    """A message to Earshot; `thread_ts` is where the answer goes."""

    key: str
    channel: str
    thread_ts: str
    user: str
    text: str

    @property
    def is_direct(self) -> bool:
        """Whether it was asked in a direct message."""
        return self.channel.startswith("D")


def read_event(body: dict[str, Any]) -> Asked | None:
    """The question in an `app_mention` or `message` event; None for what nobody asked (bots, edits, joins).

    A mention in a channel arrives as two events with ids of their own: team, channel and ts are the same in both.
    """
    event = body["event"]
    if event.get("bot_id") or event.get("subtype") or not event.get("user"):
        return None
    if event["type"] == "message" and event.get("channel_type") != "im":
        return None
    return Asked(
        key=f"question:{body.get('team_id', '')}:{event['channel']}:{event['ts']}",
        channel=event["channel"],
        thread_ts=event.get("thread_ts") or event["ts"],
        user=event["user"],
        text=_plain(event.get("text") or ""),
    )


class QuestionFlow:
    """Answers one question in its thread, once."""

    def __init__(self, assistant: Assistant, posting: Posting, membership: Membership) -> None:
        self._assistant = assistant
        self._posting = posting
        self._membership = membership

    def answer(self, asked: Asked) -> None:
        """Post the answer, or what went wrong and what to do: never nothing."""
        try:
            with edge("answering a question"):
                text, blocks = self._build_reply(asked)
        except EarshotError as error:
            text = escape(f"I could not answer this. {error.message} {error.hint}".strip())
            blocks = [build_section(text)]
        self._posting.post_once(asked.key, asked.channel, text, blocks, asked.thread_ts)

    def _build_reply(self, asked: Asked) -> tuple[str, list[Block]]:
        if not asked.text:
            return _HELP, [build_section(_HELP)]
        audience = self._membership.audience_of(asked.channel, asked.user)
        history = self._assistant.questions.thread(asked.channel, asked.thread_ts, audience, _REMEMBERED_QUESTIONS)
        answer = self._assistant.answer(
            Question(asked.text, audience, history), AskedIn(asked.channel, asked.thread_ts, asked.user, asked.key)
        )
        blocks = build_answer_blocks(answer, audience, self._assistant.today(), asked.is_direct, asked.key)
        return cut(escape(answer.answer), 3000), blocks


def _plain(text: str) -> str:
    """Slack's text as the person typed it: the mention of Earshot dropped, links as their words."""
    without_mention = _MENTION.sub(" ", text)
    readable = _LINKED.sub(lambda found: found[2] or found[1], without_mention)
    return " ".join(readable.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())
