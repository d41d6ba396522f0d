"""Searches for a chat model: a message in a thread, or of several questions, becomes searches that stand alone."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Protocol

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.domain import Chunk, Question, SearchResult
from assistant.errors import ModelError
from assistant.knowledge.answers.questions import split_questions
from assistant.knowledge.search.retriever import Findings

_MOST_SEARCHES = 3
_ENGLISH_ALONE = ("en",)


class Finder(Protocol):
    """Finds what fits a question."""

    def search(self, question: Question) -> Findings:
        """Search what the question's audience may see."""


class ChatSearches(BaseModel):
    """What to search for."""

    searches: list[str] = Field(default_factory=list, max_length=_MOST_SEARCHES, description="One search a question")


class Research:
    """Searches for the message as it is and, where that says too little or too much, for what a chat model reads in it.

    `find_languages` tells the languages of the documents.
    """

    def __init__(
        self,
        finder: Finder,
        ask_model: Callable[[str], ChatSearches],
        prompts: Prompts,
        find_languages: Callable[[], Sequence[str]],
    ) -> None:
        self._finder = finder
        self._ask_model = ask_model
        self._prompts = prompts
        self._find_languages = find_languages

    def search(self, question: Question) -> Findings:
        """Find what fits; a model that fails leaves what was found by the message itself."""
        found = self._finder.search(question)
        if not found.results or not (question.history or found.is_crossing or len(split_questions(question.text)) > 1):
            return found
        searches = [text for text in self._plan(question) if text.strip() and text != question.text]
        return merge([found, *(search_again(self._finder, question, text) for text in searches[:_MOST_SEARCHES])])

    def _plan(self, question: Question) -> Sequence[str]:
        languages = tuple(self._find_languages())
        foreign = () if languages in ((), _ENGLISH_ALONE) else languages
        try:
            return self._ask_model(self._prompts.fill("search", question=question, languages=foreign).text).searches
        except ModelError:
            return ()


def search_again(finder: Finder, question: Question, text: str) -> Findings:
    """Search for a text that stands alone, for the same reader."""
    return finder.search(replace(question, text=text, history=()))


def merge(found: Sequence[Findings]) -> Findings:
    """The best of each in turn, each once, as sure as the surest of them."""
    return replace(
        found[0],
        results=_interleave([each.results for each in found], lambda chunk: chunk.chunk_id),
        documents=_interleave([each.documents for each in found], lambda chunk: (chunk.source, chunk.document_id)),
        confidence=max(each.confidence for each in found),
    )


def _interleave(lists: Sequence[Sequence[SearchResult]], key: Callable[[Chunk], Hashable]) -> tuple[SearchResult, ...]:
    merged: dict[Hashable, SearchResult] = {}
    for result in filter(None, chain.from_iterable(zip_longest(*lists))):
        merged.setdefault(key(result.chunk), result)
    return tuple(merged.values())
