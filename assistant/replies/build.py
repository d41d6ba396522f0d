"""The department of replies: what is drafted, checked, decided and sent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.core.home import Home
from assistant.core.roles import hold_every_role
from assistant.core.setting_files import read_key
from assistant.domain import Analysis, Attempt, Draft, MayReply, Mention, Sentence
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.build import Knowledge
from assistant.listening.analysis.analyser import Surroundings
from assistant.listening.build import Listening
from assistant.listening.networks.base.outbox import OutboxSender
from assistant.listening.networks.base.protocol import Looks, Sender
from assistant.listening.networks.base.reply_rules import load_rules
from assistant.listening.networks.base.sender import PostClient
from assistant.listening.networks.registry import build_posts, build_senders, find_standing, read_post
from assistant.replies.drafting.build import Sources, build_drafting, build_precedents, build_proposing
from assistant.replies.drafting.case import join_sentences
from assistant.replies.drafting.chat import ChatReply
from assistant.replies.drafting.composer import Composer
from assistant.replies.drafting.drafter import Drafter
from assistant.replies.drafting.facts import PageFacts
from assistant.replies.drafting.requests import DraftRequests
from assistant.replies.drafting.translations import Translations
from assistant.replies.guards.build import build_guards
from assistant.replies.guards.guards import Candidate, Guards
from assistant.replies.guards.internal_words import AudienceGuard
from assistant.replies.guards.private_words import read_private_words
from assistant.replies.guards.sources import SourceFinder
from assistant.replies.lessons.chat_labels import ChatKind, EditLabeller
from assistant.replies.lessons.decided import Decided
from assistant.replies.lessons.learner import Learner
from assistant.replies.review.build import ReviewDesk, load_policy
from assistant.replies.review.decisions import Review
from assistant.replies.review.evidence_watch import EvidenceWatch
from assistant.replies.review.freeze import Freezer
from assistant.replies.sending.eligibility import EligibilityJudge, OptOutTables
from assistant.replies.sending.sender import ReplySender
from assistant.replies.sending.sent_by_hand import SentByHand
from assistant.replies.style_guides import read_guide
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.lessons import LessonTables
from assistant.replies.tables.recalls import RecallTables
from assistant.replies.tables.review import ReviewTables
from assistant.replies.tables.send_ledger import LedgerTables
from assistant.text.calibration import calibration_of


class Replies:
    """Drafts of replies, the checks and decisions on them, and what is sent."""

    def __init__(self, home: Home, knowledge: Knowledge, listening: Listening) -> None:
        self._home = home
        self._knowledge = knowledge
        self._listening = listening

    @cached_property
    def drafts(self) -> DraftTables:
        return DraftTables(self._home.store)

    @cached_property
    def decisions(self) -> DecisionTables:
        return DecisionTables(self._home.store)

    @cached_property
    def review_tables(self) -> ReviewTables:
        return ReviewTables(self._home.store)

    @cached_property
    def ledger(self) -> LedgerTables:
        return LedgerTables(self._home.store, self.drafts)

    @cached_property
    def opt_outs(self) -> OptOutTables:
        return OptOutTables(self._home.store)

    @cached_property
    def lessons(self) -> LessonTables:
        return LessonTables(self._home.store)

    @cached_property
    def drafting(self) -> Drafter:
        return build_drafting(
            self.proposing, self._home.store, lambda address: read_post(address, self._listening.networks)
        )

    @cached_property
    def draft_requests(self) -> DraftRequests:
        return DraftRequests(lambda post, now: self.drafting.draft_text(post, now))

    @cached_property
    def proposing(self) -> Composer:
        """Never opens internal documents: it searches as a public reader."""
        return build_proposing(
            Sources(
                self._knowledge.retriever,
                self._page_facts,
                self._home.prompts,
                self._listening.analyser,
                self._knowledge.measure_likeness,
                self._analyse,
            ),
            self._knowledge.build_model(ChatReply) if self._home.settings.chat_model else None,
            self._home.settings.answer_confidence,
            self._home.settings.review_language,
            build_precedents(
                self._home.store,
                lambda text, ids: self._listening.mention_index.compare(text, ids),
                calibration_of(self._knowledge.post_embedder.name).precedent,
            ),
            self.lessons.holding,
        )

    def _analyse(self, mention: Mention) -> Analysis:
        """As the post is sorted, with what people corrected."""
        listening = self._listening
        lessons = listening.analyser.learn(*listening.mentions.corrections.all())
        to_us = listening.mentions.analyses.find_answers([mention.mention_id], listening.analyser.handles)
        known = Surroundings(lessons=lessons, to_us=to_us)
        return listening.analyser.analyse_all([mention], known).analyses[0]

    @cached_property
    def _page_facts(self) -> PageFacts:
        knowledge = self._knowledge
        finder = knowledge.index.multilingual
        find_languages = finder.languages if finder else (lambda chunk_ids: {})
        translations = Translations(find_languages, knowledge.documents.chunks_around, knowledge.documents.translated)
        least = self._home.settings.answer_confidence
        return PageFacts(knowledge.retriever.search, knowledge.rating, translations, least)

    @cached_property
    def review_desk(self) -> ReviewDesk:
        policy = load_policy(self._home.settings)
        return ReviewDesk(self.review_tables, self.check_text, self.looks, self._home.clock, policy, self.sources.find)

    @cached_property
    def recalls(self) -> RecallTables:
        return RecallTables(self._home.store)

    @cached_property
    def evidence_watch(self) -> EvidenceWatch:
        return self.review_desk.build_evidence_watch(self.recalls)

    @cached_property
    def reviewing(self) -> Review:
        """For the command line: whoever has the machine may do all."""
        return self.review_desk.build_reviewing(hold_every_role, "command line")

    @cached_property
    def freezing(self) -> Freezer:
        """Likewise."""
        return self.review_desk.build_freezing(hold_every_role, "command line")

    @cached_property
    def guards(self) -> Guards:
        path = self._home.settings.guards_file
        private = read_private_words(path, is_needed=path != Path("guards.yaml"))
        search = AudienceGuard(
            self._knowledge.documents, self._knowledge.words, self._knowledge.vectors, self._knowledge.embedder, private
        )
        return build_guards(
            search,
            self._knowledge.documents,
            private,
            self._listening.network_settings,
            self._home.prompts,
            self.sources.find,
        )

    @cached_property
    def sources(self) -> SourceFinder:
        """Searches as a public reader."""
        knowledge = self._knowledge
        return SourceFinder(
            lambda question: knowledge.retriever.search(question).results,
            knowledge.measure_each,
            knowledge.measure_likeness,
            knowledge.find_language,
        )

    def check_text(self, draft: Draft, mention: Mention) -> list[Objection]:
        """Return what the guards find in a draft's text."""
        guide = read_guide(self._home.prompts, mention.network)
        thread = self._listening.threads.thread(mention.mention_id)
        candidate = Candidate(draft.text, mention, draft.sentences, draft.citations, guide, thread)
        return list(self.guards.check(candidate))

    @cached_property
    def learning(self) -> Learner:
        recorder = self.review_desk.build_recorder("lessons")
        parts = (self.review_tables, self.lessons, self._knowledge.proposals, self._knowledge.documents)
        has_model = bool(self._home.settings.chat_model)
        labeller = EditLabeller(self._knowledge.build_model(ChatKind), self._home.prompts) if has_model else None
        return Learner(*parts, recorder, self._find_objections, labeller)

    def _find_objections(self, decided: Decided, sentences: Sequence[Sentence]) -> set[str]:
        """What would keep a past draft with these sentences from leaving by one click."""
        draft = replace(decided.draft, sentences=tuple(sentences), text=join_sentences(sentences))
        found = self.check_text(draft, self._listening.mentions.find(draft.mention_id))
        return {f"{one.guard}: {one.words}" for one in found if one.effect is not Effect.WARN}

    @cached_property
    def posts(self) -> dict[str, PostClient]:
        return build_posts(self._listening.network_settings, self._listening.networks, read_key, self._home.clock)

    @cached_property
    def senders(self) -> dict[str, Sender]:
        outbox = OutboxSender(self._home.settings.earshot_home / "outbox.jsonl", self._home.clock)

        def find_attempt(send_key: str) -> Attempt:
            return self.ledger.find_attempt(send_key)  # not before it is asked: a restore may find no sound database

        return {"file": outbox, **build_senders(self.posts, self._listening.network_settings, find_attempt)}

    @cached_property
    def looks(self) -> dict[str, Looks]:
        return dict(self.posts)

    @cached_property
    def judging(self) -> EligibilityJudge:
        standing = find_standing(self._listening.network_settings)
        return EligibilityJudge(self.ledger, self.opt_outs, self.senders, standing, load_rules(), self._home.clock)

    @cached_property
    def sending(self) -> ReplySender:
        return ReplySender(
            self.drafts,
            self.ledger,
            self._listening.mentions,
            self.senders,
            self.judging.judge,
            self._home.settings.earshot_home / "sending.lock",
            self._home.clock,
            self._home.settings.undo_seconds,
            self.review_desk.build_clearing().check,
        )

    @cached_property
    def assisting(self) -> SentByHand:
        def may_reply(mention: Mention) -> MayReply:
            return self.judging.judge(mention).may_reply

        def locate(mention: Mention, external_id: str) -> str | None:
            return self.posts[mention.network].locate(mention, external_id)

        return SentByHand(self.drafts, self.ledger, self._listening.mentions, self.looks, may_reply, locate)
