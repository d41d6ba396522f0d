"""The flow of a private answer: only the person who asked sees it, until they share it with the channel."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from slack_sdk.errors import SlackRequestError
from slack_sdk.webhook import WebhookClient, WebhookResponse

from assistant.core.home import Home
from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Audience, Question
from assistant.errors import BlocksRefusedError, EarshotError, InputError, NetworkError, TransientNetworkError, edge
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.questions import AskedIn, KeptQuestion
from assistant.slack.answers.besides import Besides
from assistant.slack.answers.blocks import build_answer_blocks, build_direct_offer
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.answers.events import Asked, DirectOffer
from assistant.slack.answers.explain import is_read_in, is_theirs
from assistant.slack.answers.flow import tell_unanswered
from assistant.slack.client.blocks import (
    Block,
    build_context,
    build_section,
    cut,
    escape,
    escape_line,
    tell_error,
    tell_failure,
)
from assistant.slack.client.membership import Membership
from assistant.slack.client.person_limit import PersonLimit
from assistant.slack.client.poster import Poster
from assistant.slack.client.readers import Readers
from assistant.slack.client.uploads import put_in_words, shows_images
from assistant.slack.tables import SlackStore

_READY_SECONDS = 3  # Slack processes a picture in about a second
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrivateAsk(Job):
    """A question by `/earshot ask`; `response_url` takes answers for half an hour, also where Earshot is no member."""

    kind: ClassVar = "private_question"
    key: str
    channel: str
    user: str
    text: str
    response_url: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


@dataclass(frozen=True)
class ShareClick(Job):
    """Share an answer with a channel; `origin` is where it was clicked, if not there."""

    kind: ClassVar = "share"
    question_key: str
    user: str
    channel: str
    response_url: str = ""
    origin: str = ""

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.origin or self.channel)


@dataclass(frozen=True)
class DirectClick(ShareClick):
    """Ask the same again in a direct message."""

    kind: ClassVar = "ask_direct"


class PrivateFlow:
    """Answers one person alone, shares what may be shared, and goes on in a direct message."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        slack_store: SlackStore,
        posting: Poster,
        membership: Membership,
        limit: PersonLimit,
        readers: Readers,
        besides: Besides,
        inbox: Inbox,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership
        self._limit = limit
        self._readers = readers
        self._besides = besides
        self._inbox = inbox

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what one person asks alone, and goes on to do with it."""
        jobs.add(PrivateAsk, self.answer)
        jobs.add(ShareClick, self.share)
        jobs.add(DirectClick, self.ask_in_direct)
        jobs.add(DirectOffer, self.offer_direct)

    def answer(self, asked: PrivateAsk) -> None:
        """Show a sign, then answer where only this person reads, from all that they may see.

        Such a message cannot be looked up: after a crash in between it is sent again, and says so.
        """
        looking = self._choose_wording(asked).say(Say.LOOKING_ALONE)
        self.show_sign(asked.key, asked.response_url, asked.channel, asked.user, looking)
        self.say_once(asked.key, asked.response_url, asked.channel, asked.user, lambda: self._reply_to(asked))

    def show_sign(self, key: str, response_url: str, channel: str, user: str, text: str) -> None:
        """Tell one person that this work has begun: the work itself does it first, so that no answer overtakes it.

        At most once, whatever crashes; and a sign that Slack does not take keeps no answer away.
        """
        is_first, _ = self._slack_store.slack_posts.claim_post(f"sign:{key}", channel, self._home.clock())
        if not is_first:
            return
        try:
            self._say(response_url, channel, user, AnswerMessage(text, [build_section(text)]))
        except NetworkError as error:
            _log.info("a private sign was not shown: %s", error.message)

    def say_once(self, key: str, response_url: str, channel: str, user: str, make: Callable[[], AnswerMessage]) -> None:
        """Say something to one person alone, under a key, or why it is refused; see `answer`."""
        tables = self._slack_store.slack_posts
        is_first, ts = tables.claim_post(key, channel, self._home.clock())
        if ts:
            return
        reply = self._make_or_refuse(make)
        again = [] if is_first else [build_context(self._readers.wording_for(user).say(Say.MAYBE_TWICE))]
        self._say(response_url, channel, user, replace(reply, blocks=[*reply.blocks, *again]))
        tables.note_posted(key, "private")

    def _make_or_refuse(self, make: Callable[[], AnswerMessage]) -> AnswerMessage:
        try:
            return make()
        except EarshotError as error:
            if not error.is_refusal:
                raise
            return AnswerMessage(told := escape(tell_error(error)), [build_section(told)])

    def share(self, click: ShareClick) -> None:
        """Post an answer for everybody in a channel, as far as everybody there may see it."""
        kept = self._find_seen(click)
        wording = self._readers.wording_about(kept, click.user)
        try:
            said = self._share(click, kept) if kept else wording.say(Say.QUESTION_GONE)
        except TransientNetworkError:
            raise
        except EarshotError as error:
            said = escape(tell_failure(error, wording.say(Say.SHARING_FAILED)))
        if click.origin and not said:
            said = wording.say(Say.SHARED_IN, channel=f"<#{click.channel}>")
        if said:
            self._say(
                click.response_url,
                click.origin or click.channel,
                click.user,
                AnswerMessage(said, [build_section(said)]),
            )

    def ask_in_direct(self, click: DirectClick) -> None:
        """Repeat a question in the direct messages with its author, and have it answered there."""
        kept = self._find_own(click)
        if kept is None:
            self._posting.tell(click.channel, click.user, self._readers.wording_for(click.user).say(Say.QUESTION_GONE))
            return
        channel, key = self._posting.open_direct(click.user), f"direct:{click.question_key}"
        head = self._readers.wording_of(kept.answer).say(Say.ASKED_IN, channel=f"<#{click.channel}>")
        said = f"{head}\n&gt; {escape_line(kept.question.text, 1000)}"
        ts = self._posting.post_once(f"root:{key}", channel, said, [build_section(said)])
        self._inbox(Asked(key, channel, ts, click.user, kept.question.text, ts), key)

    def offer_direct(self, asked: DirectOffer) -> None:
        """Tell one person, and nobody else, that a direct message may hold more, where it does."""
        if not self._may_offer_more(asked):
            return
        kept = self._knowledge.questions.find(asked.key)
        wording = self._readers.wording_about(kept, asked.user)
        offer, actions = wording.say(Say.OFFER_DIRECT), build_direct_offer(asked.key, wording)
        self._posting.tell(asked.channel, asked.user, offer, asked.thread_ts, [build_section(offer), actions])

    def _may_offer_more(self, asked: Asked) -> bool:
        """Return whether a full member would get a better answer in a direct message, from internal documents.

        Only the person who asked may be told: that there is something is itself internal.
        """
        kept = self._knowledge.questions.find(asked.key)
        trace = kept.answer.trace if kept else None
        if not kept or not trace or trace.audience.level is Audience.INTERNAL:
            return False
        if not self._membership.is_full_member(asked.user):
            return False
        alone = self._membership.audience_of_person(asked.user)
        findings = self._knowledge.retriever.search(Question(asked.text, alone))
        best = findings.results[0].chunk if findings.results else None
        is_enough = findings.confidence >= max(trace.least_confidence, trace.confidence)
        return best is not None and best.audience.level is Audience.INTERNAL and is_enough

    def _find_own(self, click: ShareClick) -> KeptQuestion | None:
        """Only who asked goes on with a question: its key alone is no permission."""
        kept = self._knowledge.questions.find(click.question_key)
        return kept if kept and is_theirs(kept, click.user) else None

    def _find_seen(self, click: ShareClick) -> KeptQuestion | None:
        """Whoever reads along where a question was answered has seen the answer, and may share it."""
        own = self._find_own(click)
        if own or not click.origin:
            return own
        kept = self._knowledge.questions.find(click.question_key)
        return kept if kept and is_read_in(kept, click.origin) else None

    def _reply_to(self, asked: PrivateAsk) -> AnswerMessage:
        try:
            with edge("answering a private question"), self._limit.turn(asked.user):
                audience = self._membership.audience_of_person(asked.user)
                question = Question(asked.text, audience, locale=self._readers.locale_of(asked.user))
                answer = self._knowledge.answer(question, AskedIn(asked.channel, None, asked.user, asked.key))
                reply = self._build(answer, audience, asked.key, is_private=True)
                return self._besides.add(reply, answer, asked.text, audience, self._readers.wording_of(answer))
        except EarshotError as error:
            return tell_unanswered(error, asked.key, self._choose_wording(asked))

    def _choose_wording(self, asked: PrivateAsk) -> Wording:
        question = Question(asked.text, locale=self._readers.locale_of(asked.user))
        return self._knowledge.choose_wording(question)

    def _build(self, answer: Answer, audience: Audience, key: str, is_private: bool) -> AnswerMessage:
        today, wording = self._home.today(), self._readers.wording_of(answer)
        blocks = build_answer_blocks(answer, audience, today, wording, question_key=key, is_private=is_private)
        return AnswerMessage(cut(escape(answer.answer), 3000), blocks)

    def _share(self, click: ShareClick, kept: KeptQuestion) -> str:
        """What the person sees; nothing when it is shared."""
        if not self._membership.is_in(click.channel, click.user):
            raise InputError("You aren't in this channel.", "Join it, then share the answer again.")
        audience = self._membership.audience_of(click.channel, click.user)
        answer, key = kept.answer, click.question_key
        if click.origin or not audience.covers(kept.question.audience):
            key = f"{key}:shared:{click.channel}"
            # What was drawn from internal documents may say what is internal in every sentence: it is made again.
            question = Question(kept.question.text, audience, locale=answer.language)
            answer = self._knowledge.answer(question, AskedIn(click.channel, None, click.user, key))
        wording = self._readers.wording_of(answer)
        if not answer.is_grounded:
            return wording.say(Say.NOT_SHARED)
        reply = self._build(answer, audience, key, is_private=False)
        asked = escape_line(kept.question.text, 1000)
        head = build_section(wording.say(Say.HAS_ASKED, person=f"<@{click.user}>", question=asked))
        post_key = f"share:{click.channel}:{click.question_key}"
        ts = self._posting.post_once(post_key, click.channel, reply.text, [head, *reply.blocks])
        self._knowledge.questions.note_shared(key, ts)
        return ""

    def _say(self, response_url: str, channel: str, user: str, reply: AnswerMessage) -> None:
        """By the address that came with the command, else as an ephemeral message. Raises NetworkError."""
        try:
            if response_url:
                answer = _send(WebhookClient(response_url), reply)
                if answer.status_code == 200:
                    return
                _log.warning("Slack refused a private answer (%s): it goes another way", answer.status_code)
        except (SlackRequestError, OSError, ValueError) as error:
            raise TransientNetworkError(f"Slack cannot be reached: {type(error).__name__}.", "Try again.") from error
        try:
            self._posting.tell(channel, user, reply.text, None, reply.blocks)
        except BlocksRefusedError:
            if reply.build_plain is None:
                raise
            self._posting.tell(channel, user, reply.text, None, reply.build_plain())


def _send(webhook: WebhookClient, reply: AnswerMessage) -> WebhookResponse:
    """In plainer blocks where Slack refuses these; with pictures when it has them ready, else with their words.

    Such an address may be used five times, the first of them for the sign.
    """

    def send(blocks: list[Block]) -> WebhookResponse:
        return webhook.send(text=reply.text, blocks=blocks, response_type="ephemeral", replace_original=False)

    blocks, answer = reply.blocks, send(reply.blocks)
    if "invalid_blocks" in answer.body and reply.build_plain:
        blocks = reply.build_plain()
        answer = send(blocks)
    if "invalid_blocks" in answer.body and shows_images(blocks):
        time.sleep(_READY_SECONDS)
        answer = send(blocks)
    if "invalid_blocks" in answer.body and shows_images(blocks):
        answer = send(put_in_words(blocks))
    return answer
