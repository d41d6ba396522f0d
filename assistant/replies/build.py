"""What is proposed, decided and sent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.core.config import read_key
from assistant.core.roles import hold_every_role
from assistant.domain import Attempt, Draft, MayReply, Mention, Sentence
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.fixing import Fixing
from assistant.listening.build import Hearing
from assistant.listening.collect import Collecting
from assistant.listening.networks.addresses import read_post
from assistant.listening.networks.answering import build_posts, build_senders, find_standing
from assistant.listening.networks.base.outbox import OutboxSender
from assistant.listening.networks.base.protocol import Looks, Sender
from assistant.listening.networks.base.reply_rules import load_rules
from assistant.listening.networks.base.sender import Posts
from assistant.replies.drafting.build import Sources, build_drafting, build_precedents, build_proposing
from assistant.replies.drafting.case import join_sentences
from assistant.replies.drafting.drafting import Drafting
from assistant.replies.drafting.proposing import Proposing
from assistant.replies.drafting.replying import ChatReply
from assistant.replies.guards.build import build_guards
from assistant.replies.guards.candidate import Candidate
from assistant.replies.guards.guards import Guards
from assistant.replies.guards.internal_words import AudienceGuard
from assistant.replies.guards.private_words import read_private_words
from assistant.replies.lessons.chat_labels import ChatKind, EditLabeller
from assistant.replies.lessons.decided import Decided
from assistant.replies.lessons.learning import Learning
from assistant.replies.review.build import ReviewDesk, load_policy
from assistant.replies.review.decisions import Reviewing
from assistant.replies.review.freeze import Freezing
from assistant.replies.sending.eligibility import Judging
from assistant.replies.sending.sender import Sending
from assistant.replies.sending.sent_by_hand import Assisting
from assistant.replies.style_guides import read_guide


class Replying(Hearing):
    """What is proposed, decided and sent."""

    @cached_property
    def drafting(self) -> Drafting:
        return build_drafting(self.proposing, self.store, lambda address: read_post(address, self.networks))

    @cached_property
    def proposing(self) -> Proposing:
        """Never opens internal documents: it searches as a public reader."""
        return build_proposing(
            Sources(self.retriever, self.quoting, self.prompts, self.analyser, self.measure_likeness),
            self._build_model(ChatReply) if self.settings.chat_model else None,
            self.settings.answer_confidence,
            self.settings.review_language,
            build_precedents(self.store, lambda text, ids: self.mention_index.compare(text, ids)),
            self.lessons.holding,
        )

    @cached_property
    def review_desk(self) -> ReviewDesk:
        policy = load_policy(self.settings)
        return ReviewDesk(self.review_tables, self.check_text, self.looks, self.clock, policy)

    @cached_property
    def reviewing(self) -> Reviewing:
        """For the command line: whoever has the machine may do all."""
        return self.review_desk.build_reviewing(hold_every_role, "command line")

    @cached_property
    def freezing(self) -> Freezing:
        """Likewise."""
        return self.review_desk.build_freezing(hold_every_role, "command line")

    @cached_property
    def guards(self) -> Guards:
        path = self.settings.guards_file
        private = read_private_words(path, is_needed=path != Path("guards.yaml"))
        search = AudienceGuard(self.documents, self.words, self.vectors, self.embedder, private)
        return build_guards(search, self.documents, private, self.listening, self.prompts)

    def check_text(self, draft: Draft, mention: Mention) -> list[Objection]:
        """What the guards find in a draft's text."""
        guide = read_guide(self.prompts, mention.network)
        thread = self.threads.thread(mention.mention_id)
        candidate = Candidate(draft.text, mention, draft.sentences, draft.citations, guide, thread)
        return list(self.guards.check(candidate))

    @cached_property
    def learning(self) -> Learning:
        recorder = self.review_desk.build_recorder("lessons")
        parts = (self.review_tables, self.lessons, self.proposals, self.documents)
        has_model = bool(self.settings.chat_model)
        labeller = EditLabeller(self._build_model(ChatKind), self.prompts) if has_model else None
        return Learning(*parts, recorder, self._find_objections, labeller)

    @cached_property
    def fixing(self) -> Fixing:
        return Fixing(self.proposals, self.documents)

    def _find_objections(self, decided: Decided, sentences: Sequence[Sentence]) -> set[str]:
        """What would keep a past draft with these sentences from leaving by one click."""
        draft = replace(decided.draft, sentences=tuple(sentences), text=join_sentences(sentences))
        found = self.check_text(draft, self.mentions.find(draft.mention_id))
        return {f"{one.guard}: {one.words}" for one in found if one.effect is not Effect.WARN}

    @cached_property
    def posts(self) -> dict[str, Posts]:
        return build_posts(self.listening, self.networks, read_key, self.clock)

    @cached_property
    def senders(self) -> dict[str, Sender]:
        outbox = OutboxSender(self.settings.earshot_home / "outbox.jsonl", self.clock)

        def find_attempt(send_key: str) -> Attempt:
            return self.ledger.find_attempt(send_key)  # not before it is asked: a restore may find no sound database

        return {"file": outbox, **build_senders(self.posts, self.listening, find_attempt)}

    @cached_property
    def looks(self) -> dict[str, Looks]:
        return dict(self.posts)

    @cached_property
    def judging(self) -> Judging:
        standing = find_standing(self.listening)
        return Judging(self.ledger, self.opt_outs, self.senders, standing, load_rules(), self.clock)

    @cached_property
    def sending(self) -> Sending:
        return Sending(
            self.drafts,
            self.ledger,
            self.mentions,
            self.senders,
            self.judging.judge,
            self.settings.earshot_home / "sending.lock",
            self.clock,
            self.settings.undo_seconds,
            self.review_desk.build_clearing().check,
        )

    @cached_property
    def assisting(self) -> Assisting:
        def may_reply(mention: Mention) -> MayReply:
            return self.judging.judge(mention).may_reply

        def locate(mention: Mention, external_id: str) -> str | None:
            return self.posts[mention.network].locate(mention, external_id)

        return Assisting(self.drafts, self.ledger, self.mentions, self.looks, may_reply, locate)

    @cached_property
    def collecting(self) -> Collecting:
        days = self.settings.mention_retention_days
        return Collecting(self.upstream, self.cursors, self.networks, days, self.judging.note_opt_outs)
