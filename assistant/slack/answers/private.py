"""The flow of a private answer: only the person who asked sees it, until they share it with the channel."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.errors import SlackRequestError
from slack_sdk.webhook import WebhookClient, WebhookResponse

from assistant.core.home import Home
from assistant.domain import Answer, Audience, Question
from assistant.errors import EarshotError, NetworkError, TransientNetworkError, edge
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.questions import AskedIn, KeptQuestion
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.answers.events import Asked
from assistant.slack.answers.flow import tell_failure
from assistant.slack.client.blocks import Block, build_context, build_section, cut, escape, escape_line
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.uploads import put_in_words, shows_images
from assistant.slack.tables import SlackStore

_READY_SECONDS = 3  # Slack processes a picture in about a second
_LOOKING = "Looking through the documents… Only you will see the answer."
_AGAIN = "I was stopped just as I sent this; you may see it twice."
_NOT_HERE = "What everybody here may see does not answer this, so nothing was shared."
_UNKNOWN = "I no longer have this question. Ask it again."
_DIRECT = "You asked in <#{channel}>:\n&gt; {question}"
_OFFER = "I may be able to tell you more in a direct message."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrivateAsk:
    """A question by `/earshot ask`; `response_url` takes answers for half an hour, also where Earshot is no member."""

    key: str
    channel: str
    user: str
    text: str
    response_url: str


@dataclass(frozen=True)
class Click:
    """A button under an answer that does something with its question."""

    question_key: str
    user: str
    channel: str
    response_url: str = ""


class PrivateFlow:
    """Answers one person alone, shares what may be shared, and goes on in a direct message."""

    def __init__(
        self, home: Home, knowledge: Knowledge, slack_store: SlackStore, posting: Poster, membership: Membership
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership

    def answer(self, asked: PrivateAsk) -> None:
        """Show a sign, then answer where only this person reads, from all that they may see.

        Such a message cannot be looked up: after a crash in between it is sent again, and says so.
        """
        self.show_sign(asked.key, asked.response_url, asked.channel, asked.user, _LOOKING)
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
        """Say something to one person alone, under a key; see `answer`."""
        tables = self._slack_store.slack_posts
        is_first, ts = tables.claim_post(key, channel, self._home.clock())
        if ts:
            return
        reply = make()
        again = [] if is_first else [build_context(_AGAIN)]
        self._say(response_url, channel, user, AnswerMessage(reply.text, [*reply.blocks, *again]))
        tables.note_posted(key, "private")

    def share(self, click: Click) -> None:
        """Post a private answer for everybody, as far as everybody there may see it."""
        kept = self._knowledge.questions.find(click.question_key)
        try:
            said = self._share(click, kept) if kept else _UNKNOWN
        except TransientNetworkError:
            raise
        except EarshotError as error:
            said = escape(f"It could not be shared. {error.message} {error.hint}".strip())
        if said:
            self._say(click.response_url, click.channel, click.user, AnswerMessage(said, [build_section(said)]))

    def ask_in_direct(self, click: Click) -> Asked | None:
        """Repeat a question in the direct messages with its author, as one to be answered there."""
        kept = self._knowledge.questions.find(click.question_key)
        if kept is None:
            self._posting.tell(click.channel, click.user, _UNKNOWN)
            return None
        channel, key = self._posting.open_direct(click.user), f"direct:{click.question_key}"
        said = _DIRECT.format(channel=click.channel, question=escape_line(kept.question.text, 1000))
        ts = self._posting.post_once(f"root:{key}", channel, said, [build_section(said)])
        return Asked(key, channel, ts, click.user, kept.question.text, ts)

    def offer_direct(self, asked: Asked, actions: Block) -> None:
        """Tell one person, and nobody else, that a direct message may hold more."""
        self._posting.tell(asked.channel, asked.user, _OFFER, asked.thread_ts, [build_section(_OFFER), actions])

    def _reply_to(self, asked: PrivateAsk) -> AnswerMessage:
        try:
            with edge("answering a private question"):
                audience = self._membership.audience_of_person(asked.user)
                answer = self._knowledge.answer(
                    Question(asked.text, audience), AskedIn(asked.channel, None, asked.user, asked.key)
                )
                return self._build(answer, audience, asked.key, is_private=True)
        except EarshotError as error:
            return tell_failure(error, asked.key)

    def _build(self, answer: Answer, audience: Audience, key: str, is_private: bool) -> AnswerMessage:
        today = self._home.today()
        blocks = build_answer_blocks(answer, audience, today, question_key=key, is_private=is_private)
        return AnswerMessage(cut(escape(answer.answer), 3000), blocks)

    def _share(self, click: Click, kept: KeptQuestion) -> str:
        """What the person sees; nothing when it is shared."""
        audience = self._membership.audience_of(click.channel, click.user)
        answer, key = kept.answer, click.question_key
        if kept.question.audience not in audience.readable:
            key = f"{key}:shared"
            # What was drawn from internal documents may say what is internal in every sentence: it is made again.
            answer = self._knowledge.answer(
                Question(kept.question.text, audience), AskedIn(click.channel, None, click.user, key)
            )
        if not answer.is_grounded:
            return _NOT_HERE
        reply = self._build(answer, audience, key, is_private=False)
        head = build_section(f"<@{click.user}> asked: {escape_line(kept.question.text, 1000)}")
        ts = self._posting.post_once(f"share:{click.question_key}", click.channel, reply.text, [head, *reply.blocks])
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
        self._posting.tell(channel, user, reply.text, None, reply.blocks)


def _send(webhook: WebhookClient, reply: AnswerMessage) -> WebhookResponse:
    """With its pictures when Slack has them ready, else with their words: such an address may be used five times."""
    answer = webhook.send(text=reply.text, blocks=reply.blocks, response_type="ephemeral", replace_original=False)
    if "invalid_blocks" in answer.body and shows_images(reply.blocks):
        time.sleep(_READY_SECONDS)
        answer = webhook.send(text=reply.text, blocks=reply.blocks, response_type="ephemeral", replace_original=False)
    if "invalid_blocks" in answer.body and shows_images(reply.blocks):
        blocks = put_in_words(reply.blocks)
        answer = webhook.send(text=reply.text, blocks=blocks, response_type="ephemeral", replace_original=False)
    return answer
