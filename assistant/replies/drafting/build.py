"""Puts the parts of drafting together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.analyse.analysing import Analyser
from assistant.domain import Lesson, LessonScope, Mention
from assistant.draft.drafting import Drafting
from assistant.draft.precedents import Compare, Precedents
from assistant.draft.proposing import Proposing
from assistant.draft.quoted import QuotedReplies
from assistant.draft.written import WrittenReplies
from assistant.evidence import Likeness
from assistant.prompts import Prompts
from assistant.retrieve import Retriever
from assistant.store.addresses import AddressTables
from assistant.store.database import Store
from assistant.store.drafts import DraftTables
from assistant.store.mentions import MentionTables
from assistant.store.precedents import PrecedentTables
from assistant.store.threads import ThreadTables
from assistant.store.versions import VersionTables
from assistant.writers.replying import ChatReply, ReplyWriter
from assistant.writers.writing import Writer


@dataclass(frozen=True)
class Sources:
    """What drafts are made from."""

    retriever: Retriever
    quoting: Writer
    prompts: Prompts
    analyser: Analyser
    measure_likeness: Likeness


def build_proposing(
    sources: Sources,
    ask_model: Callable[[str], ChatReply] | None,
    least_confidence: float,
    review_language: str,
    precedents: Precedents | None = None,
    find_lessons: Callable[[LessonScope], Sequence[Lesson]] = lambda scope: (),
) -> Proposing:
    """Without `ask_model` there is no chat model, and drafts are made of quotes and phrases."""
    find_language = sources.analyser.find_language
    shared = (sources.prompts, sources.measure_likeness, find_language, review_language)
    written = WrittenReplies(ReplyWriter(ask_model), *shared) if ask_model else None
    return Proposing(
        sources.retriever,
        QuotedReplies(sources.quoting, *shared),
        written,
        sources.prompts,
        sources.analyser,
        least_confidence,
        precedents,
        find_lessons,
    )


def build_precedents(store: Store, compare: Compare) -> Precedents:
    """What was replied before, as this store knows it."""
    return Precedents(PrecedentTables(store), compare)


def build_drafting(proposing: Proposing, store: Store, read_post: Callable[[str], Mention | None]) -> Drafting:
    """Drafting over a store; `read_post` shows the post at an address as its network has it now."""
    tables = (MentionTables(store), DraftTables(store), VersionTables(store), ThreadTables(store))
    return Drafting(proposing, *tables, AddressTables(store), read_post)
