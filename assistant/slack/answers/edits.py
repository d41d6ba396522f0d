"""Edited and deleted questions, and what happens to their answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.core.home import Home
from assistant.core.job import JobHandlers
from assistant.core.say import Say
from assistant.errors import TransientNetworkError
from assistant.knowledge.build import Knowledge
from assistant.slack.answers.delivery import AnswerDelivery
from assistant.slack.answers.events import Asked, Deleted, Edited
from assistant.slack.answers.flow import QuestionFlow, to_place
from assistant.slack.client.blocks import build_context
from assistant.slack.client.poster import Poster
from assistant.slack.client.readers import Readers
from assistant.slack.tables import SlackStore

# Later, others have read and used the answer: changing it under them would be worse than saying so.
_REPLACED_WITHIN = timedelta(minutes=10)


class EditFlow:
    """Answers an edited question in place of the old answer, and takes back the answer to a deleted one."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        slack_store: SlackStore,
        posting: Poster,
        delivery: AnswerDelivery,
        questions: QuestionFlow,
        readers: Readers,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._posting = posting
        self._delivery = delivery
        self._questions = questions
        self._readers = readers

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what people do with their own questions."""
        jobs.add(Edited, self.edit)
        jobs.add(Deleted, self.delete)

    def edit(self, edited: Edited) -> None:
        """Replace the answer within some minutes, inform the person later; an edit may also be the first ask."""
        asked = edited.asked
        post = self._slack_store.slack_posts.find_post(asked.key)
        if post is None:
            if edited.is_to_us:
                self._answer_first(edited)
            return
        if post.is_withdrawn or self._is_answered(asked):
            return
        if self._home.clock() - datetime.fromtimestamp(float(asked.ts), UTC) > _REPLACED_WITHIN:
            told = self._readers.wording_for(asked.user).say(Say.EDITED_LATE)
            self._posting.tell(asked.channel, asked.user, told, asked.thread_ts)
            return
        if not self._delivery.is_done(asked.key) or post.ts is None:
            raise TransientNetworkError("The first answer is still on its way.", "It will be tried again.")
        self._replace(edited, post.ts)

    def delete(self, deleted: Deleted) -> None:
        """Take the answer back, also one that is still on its way, and forget the question."""
        now = self._home.clock()
        post = self._slack_store.slack_posts.withdraw(deleted.key, deleted.channel, now)
        self._knowledge.questions.remove(deleted.key)
        self._knowledge.proposals.withdraw(deleted.key.rpartition(":")[2], now)
        if post.ts:
            self._posting.remove(post.channel, post.ts)

    def _answer_first(self, edited: Edited) -> None:
        """While the words before are still being answered, as a chat model may take a minute, both come to one post."""
        self._questions.answer(edited.asked, edited.version)
        kept = self._knowledge.questions.find(edited.asked.key)
        post = self._slack_store.slack_posts.find_post(edited.asked.key)
        if kept and post and post.ts and not post.is_withdrawn and kept.question.text != edited.asked.text:
            self._replace(edited, post.ts)

    def _is_answered(self, asked: Asked) -> bool:
        kept = self._knowledge.questions.find(asked.key)
        return kept is not None and kept.question.text == asked.text

    def _replace(self, edited: Edited, ts: str) -> None:
        asked = edited.asked
        new_key = f"{asked.key}:edit:{edited.version}"
        reply = self._questions.reply_to(asked, new_key, edited.version)
        if reply is None or not self._slack_store.slack_posts.raise_version(asked.key, edited.version):
            return  # somebody stopped it, or a later edit was faster
        anew = self._readers.wording_for(asked.user).say(Say.ANSWERED_ANEW)
        noted = replace(reply, blocks=[*reply.blocks, build_context(anew)])
        self._posting.finish(asked.key, asked.channel, ts, noted.text, noted.blocks)
        self._knowledge.questions.supersede(asked.key, new_key)
        self._delivery.rename(to_place(asked), asked.text)
