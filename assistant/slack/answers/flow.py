"""The flow of a question: what a person writes to Earshot, and the answer in the thread."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Inbox, JobHandlers
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Audience, Look, Question, Stage, Turn
from assistant.errors import BusyStoreError, EarshotError, edge
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.questions import AskedIn
from assistant.slack.answers.attachments import Attachment, Attachments, describe
from assistant.slack.answers.besides import Besides, put_before_buttons
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.answers.delivery import AnswerDelivery, AnswerMessage, AnswerPlace
from assistant.slack.answers.events import Asked, ButtonAsked, DirectOffer, HelpAsked, to_plain
from assistant.slack.answers.stages import LiveStages, list_cards
from assistant.slack.answers.stops import Stops
from assistant.slack.client.blocks import Block, build_context, build_section, cut, escape, escape_line, tell_error
from assistant.slack.client.client import FAILURES, without_waiting
from assistant.slack.client.failures import hash_key
from assistant.slack.client.membership import Membership
from assistant.slack.client.person_limit import PersonLimit, TooMuchAtOnceError
from assistant.slack.client.readers import Readers
from assistant.text.tokens import find_terms

_REMEMBERED_QUESTIONS = 5
_HEARD_MESSAGES, _HEARD_CHARACTERS = 3, 500
_LEAST_TERMS, _ASKED_OF_FILE = 2, 300
_log = logging.getLogger(__name__)


class QuestionFlow:
    """Answers one question in its thread, once."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        delivery: AnswerDelivery,
        membership: Membership,
        readers: Readers,
        client: WebClient,
        stops: Stops,
        attachments: Attachments,
        limit: PersonLimit,
        besides: Besides,
        inbox: Inbox,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._delivery = delivery
        self._membership = membership
        self._readers = readers
        self._stops = stops
        self._attachments = attachments
        self._limit = limit
        self._besides = besides
        self._quick = without_waiting(client)
        self._inbox = inbox

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle every question that is answered where all can read it."""
        jobs.add(Asked, self.take)
        jobs.add(ButtonAsked, self.follow_up)
        jobs.add(HelpAsked, self.volunteer)

    def take(self, asked: Asked) -> None:
        """Answer, then see whether a direct message has more: apart, so that neither waits for the other."""
        self.answer(asked)
        if not asked.is_direct:
            self._inbox(asked.to(DirectOffer), f"offer:{asked.key}")

    def answer(self, asked: Asked, since: str = "", lead: Block | None = None) -> None:
        """Show a sign at once, then post the answer, or what went wrong: nothing only where it was stopped.

        `since` is the ts of its last edit, `lead` what stands above the answer.
        """
        place = to_place(asked, since)
        if not self._delivery.is_done(asked.key) and not self._stops.is_stopped(place):
            wording = self._choose_wording(asked)
            self._delivery.show_sign(asked.key, place, asked.text, wording)
            stages = LiveStages(lambda cards: self._delivery.show_stages(asked.key, place, cards), wording)
            reply = self.reply_to(asked, asked.key, since, stages.tell)
            if reply:
                shown = replace(reply, blocks=[lead, *reply.blocks]) if lead else reply
                self._delivery.deliver(asked.key, place, shown)
            else:
                self._delivery.give_up(asked.key)
        self._delivery.rest(place)

    def follow_up(self, asked: ButtonAsked) -> None:
        """Answer what a button under an answer asks, with the question above: nobody typed it."""
        lead = build_section(f"<@{asked.user}> asked: {escape_line(asked.text, 500)}")
        self.answer(asked, lead=lead)

    def volunteer(self, asked: HelpAsked) -> None:
        """Answer a question in a help channel that nobody put to Earshot, where that is sure; else show nothing."""
        place = to_place(asked)
        if self._delivery.is_done(asked.key):
            return
        reply = self._stops.run(place, lambda check: self._build_reply(asked, asked.key, check))
        if reply:
            self._delivery.show_sign(asked.key, place, asked.text, self._choose_wording(asked))
            self._delivery.deliver(asked.key, place, reply)
            self._delivery.rest(place)

    def reply_to(
        self, asked: Asked, question_key: str, since: str = "", tell: Callable[[Stage], None] = lambda stage: None
    ) -> AnswerMessage | None:
        """Reply to a question, None where somebody stopped it; `tell` is told what is done for it.

        The reply is kept under `question_key`, and found there again after a crash.
        """

        def make(check: Callable[[], None]) -> AnswerMessage | None:
            return self._reply_or_tell(asked, question_key, check, tell)

        return self._stops.run(to_place(asked, since), make)

    def _reply_or_tell(
        self, asked: Asked, question_key: str, check: Callable[[], None], tell: Callable[[Stage], None]
    ) -> AnswerMessage | None:
        try:
            with edge("answering a question"), self._limit.turn(asked.user):
                return self._build_reply(asked, question_key, check, tell)
        except EarshotError as error:
            return tell_unanswered(error, question_key, self._choose_wording(asked))

    def _build_reply(
        self,
        asked: Asked,
        question_key: str,
        check: Callable[[], None],
        tell: Callable[[Stage], None] = lambda stage: None,
    ) -> AnswerMessage | None:
        """The whole reply; None where nobody asked for it and it isn't sure."""
        audience = self._membership.audience_of(asked.channel, asked.user)
        attachments = self._attachments.read(asked)
        check()
        question = self._build_question(asked, audience, attachments)
        find = self._knowledge.answer_if_sure if asked.is_unasked else self._knowledge.answer
        asked_in = AskedIn(asked.channel, asked.thread_ts, asked.user, question_key)

        def progress(stage: Stage) -> None:
            check()
            tell(stage)

        answer, files = find(question, asked_in, progress), describe(attachments)
        if answer is None:
            return None
        if answer.look is Look.TALK:
            return AnswerMessage(answer.answer, [build_section(answer.answer), *files])
        wording = self._readers.wording_of(answer)
        built = self.build_reply(answer, audience, asked.is_direct, question_key)
        reply = self._besides.add(built, answer, asked.text, audience, wording)
        unasked = [build_context(wording.say(Say.UNASKED))] if asked.is_unasked else []
        return replace(reply, blocks=[*put_before_buttons(reply.blocks, files), *unasked])

    def _build_question(self, asked: Asked, audience: Audience, attachments: Sequence[Attachment]) -> Question:
        """The words as they were typed, after what stands in the files; a file without a question is one itself."""
        read = [one.text for one in attachments if one.text]
        history = (*self._remember(asked, audience), *(Turn("user", text) for text in read))
        is_bare = len(find_terms(asked.text)) < _LEAST_TERMS
        text = f"{asked.text} {read[0][:_ASKED_OF_FILE]}".strip() if read and is_bare else asked.text
        return Question(text, audience, history, self._readers.locale_of(asked.user))

    def build_reply(self, answer: Answer, audience: Audience, is_direct: bool, question_key: str) -> AnswerMessage:
        """An answer as a message."""
        wording = self._readers.wording_of(answer)
        blocks = build_answer_blocks(answer, audience, self._home.today(), wording, is_direct, question_key)
        return AnswerMessage(cut(escape(answer.answer), 3000), blocks, list_cards(answer, wording))

    def _choose_wording(self, asked: Asked) -> Wording:
        question = Question(asked.text, locale=self._readers.locale_of(asked.user))
        return self._knowledge.choose_wording(question)

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


def to_place(asked: Asked, since: str = "") -> AnswerPlace:
    """Return the place for its answer; `since` is the ts of its last edit."""
    return AnswerPlace(asked.channel, asked.thread_ts, asked.ts, asked.user, asked.team, since)


def tell_unanswered(error: EarshotError, question_key: str, wording: Wording) -> AnswerMessage:
    """Say what went wrong and what to do, with the short id that finds it in the log.

    A busy database is no failure: the error goes on, and the question is answered when it has time.
    """
    if isinstance(error, BusyStoreError):
        raise error
    if isinstance(error, TooMuchAtOnceError) or error.is_refusal:
        return AnswerMessage(text := escape(tell_error(error)), [build_section(text)])
    incident_id = hash_key(question_key)
    _log.warning("incident %s: a question was not answered: %s %s", incident_id, error.message, error.hint)
    parts = (wording.say(Say.FAILED), tell_error(error), wording.say(Say.FAILURE_ID, id=incident_id))
    text = escape(" ".join(part for part in parts if part))
    return AnswerMessage(text, [build_section(text)])
