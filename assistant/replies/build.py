"""What is proposed, decided and sent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.assist import Assisting
from assistant.collect import Collecting
from assistant.config import read_key
from assistant.domain import Attempt, Draft, MayReply, Mention, Sentence
from assistant.domain.replies import Effect, Objection
from assistant.draft.building import Sources, build_drafting, build_precedents, build_proposing
from assistant.draft.cases import join_sentences
from assistant.draft.drafting import Drafting
from assistant.draft.proposing import Proposing
from assistant.eligible import Judging
from assistant.guards.audience import AudienceGuard
from assistant.guards.building import build_guards
from assistant.guards.candidate import Candidate
from assistant.guards.guarding import Guards
from assistant.guards.private import read_private_words
from assistant.guides import read_guide
from assistant.learn.decided import Decided
from assistant.learn.fixing import Fixing
from assistant.learn.labelling import ChatKind, EditLabeller
from assistant.learn.learning import Learning
from assistant.networks.addresses import read_post
from assistant.networks.answering import build_posts, build_senders, find_standing
from assistant.networks.eligibility import load_rules
from assistant.networks.network import Looks, Sender
from assistant.networks.outbox import OutboxSender
from assistant.networks.replying import Posts
from assistant.review.building import ReviewDesk, load_policy
from assistant.review.freezing import Freezing
from assistant.review.reviewing import Reviewing
from assistant.review.roles import hold_every_role
from assistant.send import Sending
from assistant.wiring.listening import Hearing
from assistant.writers.replying import ChatReply


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
