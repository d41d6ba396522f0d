"""The flow of a question: what a person writes to Earshot, and the answer in the thread."""

import hashlib
import logging

from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.domain import Answer, Audience, Question, Turn
from assistant.errors import EarshotError, edge
from assistant.knowledge.answers.small_talk import find_small_talk
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.questions import AskedIn
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.answers.delivery import AnswerDelivery, AnswerMessage, AnswerPlace
from assistant.slack.answers.events import Asked, to_plain
from assistant.slack.client.blocks import build_section, cut, escape
from assistant.slack.client.client import FAILURES, without_waiting
from assistant.slack.client.membership import Membership

_REMEMBERED_QUESTIONS = 5
_HEARD_MESSAGES, _HEARD_CHARACTERS = 3, 500
_HELP = (
    "Ask me about the company's documents in your own words, for example “How do customers pause their plan?” "
    "I answer with the sentences that say so, or tell you that nothing does."
)
WHAT_CAN_YOU_DO = "What can you do?"
_ASKS_HELP = ("help", WHAT_CAN_YOU_DO.casefold().strip("?"))
_log = logging.getLogger(__name__)


class QuestionFlow:
    """Answers one question in its thread, once."""

    def __init__(
        self, home: Home, knowledge: Knowledge, delivery: AnswerDelivery, membership: Membership, client: WebClient
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._delivery = delivery
        self._membership = membership
        self._quick = without_waiting(client)

    def answer(self, asked: Asked) -> None:
        """Show a sign at once, then post the answer, or what went wrong and what to do: never nothing."""
        if self._delivery.is_done(asked.key):
            return
        place = to_place(asked)
        self._delivery.show_sign(asked.key, place)
        self._delivery.deliver(asked.key, place, self.reply_to(asked, asked.key))

    def reply_to(self, asked: Asked, question_key: str) -> AnswerMessage:
        """Reply to a question; the reply is kept under `question_key`, and found there again after a crash."""
        try:
            with edge("answering a question"):
                return self._build_reply(asked, question_key)
        except EarshotError as error:
            return tell_failure(error, question_key)

    def may_offer_more(self, asked: Asked) -> bool:
        """Return whether a full member would get a better answer in a direct message, from internal documents.

        Only the person who asked may be told: that there is something is itself internal.
        """
        with edge("looking for more"):
            kept = self._knowledge.questions.find(asked.key)
            trace = kept.answer.trace if kept else None
            if not kept or not trace or trace.audience is Audience.INTERNAL:
                return False
            if not self._membership.is_full_member(asked.user):
                return False
            findings = self._knowledge.retriever.search(Question(asked.text, Audience.INTERNAL))
            best = findings.results[0].chunk if findings.results else None
            is_enough = findings.confidence >= max(trace.least_confidence, trace.confidence)
            return best is not None and best.audience is Audience.INTERNAL and is_enough

    def _build_reply(self, asked: Asked, question_key: str) -> AnswerMessage:
        if not asked.text or asked.text.casefold().strip("?! .") in _ASKS_HELP:
            return AnswerMessage(_HELP, [build_section(_HELP)])
        if chat := find_small_talk(asked.text):
            return AnswerMessage(chat, [build_section(chat)])
        audience = self._membership.audience_of(asked.channel, asked.user)
        place = to_place(asked)
        answer = self._knowledge.answer(
            Question(asked.text, audience, self._remember(asked, audience)),
            AskedIn(asked.channel, asked.thread_ts, asked.user, question_key),
            lambda doing: self._delivery.tell_status(place, doing),
        )
        return self.build_reply(answer, audience, asked.is_direct, question_key)

    def build_reply(self, answer: Answer, audience: Audience, is_direct: bool, question_key: str) -> AnswerMessage:
        """An answer as a message."""
        blocks = build_answer_blocks(answer, audience, self._home.today(), is_direct, question_key)
        return AnswerMessage(cut(escape(answer.answer), 3000), blocks)

    def _remember(self, asked: Asked, audience: Audience) -> tuple[Turn, ...]:
        """What was said in the thread before, oldest first: our questions and answers, and what others wrote."""
        kept = self._knowledge.questions.thread_by_ts(asked.channel, asked.thread_ts, audience, _REMEMBERED_QUESTIONS)
        known = {ts for ts, _ in kept}
        heard = [(ts, (Turn("user", text),)) for ts, text in self._read_thread(asked) if ts not in known]
        turns = sorted([*kept, *heard[-_HEARD_MESSAGES:]], key=lambda one: float(one[0] or 0))
        return tuple(turn for _, said in turns for turn in said)

    def _read_thread(self, asked: Asked) -> list[tuple[str, str]]:
        """What people wrote in the thread before the question, as (ts, text); nothing where Slack does not let us."""
        if not asked.ts or asked.thread_ts == asked.ts:
            return []
        try:
            page = self._quick.conversations_replies(
                channel=asked.channel, ts=asked.thread_ts, latest=asked.ts, limit=100
            )
        except FAILURES as error:
            _log.info("the thread is remembered from the store only: %s", error)
            return []
        people = [m for m in page["messages"] if not m.get("bot_id") and float(m["ts"]) < float(asked.ts)]
        said = [(str(m["ts"]), to_plain(m.get("text") or "")[:_HEARD_CHARACTERS]) for m in people]
        return [(ts, text) for ts, text in said if text]


def to_place(asked: Asked) -> AnswerPlace:
    """Return the place for its answer."""
    return AnswerPlace(asked.channel, asked.thread_ts, asked.ts, asked.user, asked.team)


def hash_key(question_key: str) -> str:
    """The short id by which the log lines of a question are found; the same however often it is tried."""
    return hashlib.sha256(question_key.encode()).hexdigest()[:8]


def tell_failure(error: EarshotError, question_key: str) -> AnswerMessage:
    """Say what went wrong and what to do, with the short id that finds it in the log."""
    incident_id = hash_key(question_key)
    _log.warning("incident %s: a question was not answered: %s %s", incident_id, error.message, error.hint)
    said = f"I could not answer this. {error.message} {error.hint}".strip()
    text = escape(f"{said} (id {incident_id}: whoever runs me finds it in the log)")
    return AnswerMessage(text, [build_section(text)])
