"""Puts the parts of drafting together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.core.database import Store
from assistant.core.prompts import Prompts
from assistant.domain import Analysis, Lesson, LessonScope, Mention
from assistant.knowledge.answers.grounding import Likeness
from assistant.knowledge.search.retriever import Retriever
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.tables.posts import AddressTables, MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.replies.drafting.chat import ChatReply, ReplyWriter, WrittenReplies
from assistant.replies.drafting.composer import Composer
from assistant.replies.drafting.drafter import Drafter
from assistant.replies.drafting.extractive import QuotedReplies
from assistant.replies.drafting.facts import PageFacts
from assistant.replies.drafting.precedents import Compare, Precedents
from assistant.replies.tables.drafts import DraftTables, VersionTables
from assistant.replies.tables.history import PrecedentTables


@dataclass(frozen=True)
class Sources:
    """Sources of drafts."""

    retriever: Retriever
    page_facts: PageFacts
    prompts: Prompts
    analyser: Analyser
    measure_likeness: Likeness
    analyse: Callable[[Mention], Analysis]


def build_proposing(
    sources: Sources,
    ask_model: Callable[[str], ChatReply] | None,
    least_confidence: float,
    review_language: str,
    precedents: Precedents | None = None,
    find_lessons: Callable[[LessonScope], Sequence[Lesson]] = lambda scope: (),
) -> Composer:
    """Without `ask_model` there is no chat model, and drafts are made of quotes and phrases."""
    prompts, likeness = sources.prompts, sources.measure_likeness
    find_language = sources.analyser.find_language
    writer = ReplyWriter(ask_model) if ask_model else None
    written = WrittenReplies(writer, prompts, likeness, find_language, review_language) if writer else None
    return Composer(
        sources.retriever,
        QuotedReplies(sources.page_facts, prompts, likeness, review_language),
        written,
        sources.prompts,
        sources.analyser,
        least_confidence,
        sources.analyse,
        precedents,
        find_lessons,
    )


def build_precedents(store: Store, compare: Compare, least: float) -> Precedents:
    """Build the access to earlier replies in this store."""
    return Precedents(PrecedentTables(store), compare, least)


def build_drafting(proposing: Composer, store: Store, read_post: Callable[[str], Mention | None]) -> Drafter:
    """Drafting over a store; `read_post` shows the post at an address as its network has it now."""
    tables = (MentionTables(store), DraftTables(store), VersionTables(store), ThreadTables(store))
    return Drafter(proposing, *tables, AddressTables(store), read_post)
