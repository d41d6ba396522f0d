"""Answers and drafts by a chat model through LangChain; what it says are claims for the evidence check.

What every writer gives back: claims, each with the search results it says it rests on. Nothing is believed yet.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompt, Prompts
from assistant.domain import Question, SearchResult
from assistant.text.sentences import split_sentences


@dataclass(frozen=True)
class WrittenClaim:
    """One sentence; `places` are 1-based places in the search results, `quote` what a quoting writer copied, `spans`
    the words that a chat model says it rests on.

    `bare` is the text without its heading, for where there is no room for one; empty where it would say too little or
    the opposite without. `heading` is the place that it is the first part of, `keys` the words of it that fit best.
    """

    text: str
    places: tuple[int, ...] = ()
    quote: str | None = None
    bare: str = ""
    heading: str = ""
    keys: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A writer's claims in order; none at all means: nothing answers this.

    `missing` names what was asked and is not answered; `clarifying_question` asks back what was meant; `unmet` are
    names in the question that nothing found has; `confidence` is how sure the best excerpt fits, on the scale of a
    search's; `search` are words of which another search may find more.
    """

    claims: tuple[WrittenClaim, ...]
    writer: str
    prompt_version: str = ""
    missing: str = ""
    clarifying_question: str = ""
    unmet: tuple[str, ...] = ()
    confidence: float = 0.0
    search: str = ""


class Writer(Protocol):
    """Puts an answer together from search results alone."""

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Written:
        """Answer from `results`; raises ModelError when the writer itself fails."""


class SearchingWriter(Protocol):
    """A writer that may ask for another search."""

    def write_answer(self, question: Question, results: Sequence[SearchResult], *, may_search: bool = False) -> Written:
        """Answer from `results`; raises ModelError when the writer itself fails."""


_MOST_CHUNKS = 12
_MOST_SENTENCES, _MOST_CITATIONS = 10, 20
# `[7]`, `[1, 2]`, `【3】`: which passages a sentence rests on is said beside it, and is numbered again.
_MARK = re.compile(r"\s*(?:\[\d{1,2}(?:\s*[,–-]\s*\d{1,2})*\](?!\()|【[^】]{1,12}】)")
_WORD = re.compile(r"[^\W\d_]")


class ChatSentence(BaseModel):
    """One sentence as the model gives it."""

    text: str = Field(description="One sentence of the answer")
    citations: list[int] = Field(
        default_factory=list, max_length=_MOST_CITATIONS, description="Numbers of the passages it rests on"
    )


class AnswerSentence(ChatSentence):
    """One sentence of an answer, with what it rests on word for word."""

    quotes: list[str] = Field(
        default_factory=list, max_length=_MOST_CITATIONS, description="The exact words of those passages it rests on"
    )


class ChatAnswer(BaseModel):
    """The model's whole answer; no sentences when no passage answers."""

    sentences: list[AnswerSentence] = Field(
        max_length=_MOST_SENTENCES, description="The answer, sentence by sentence; empty if nothing answers"
    )
    missing: str = Field("", description="What was asked that no passage answers, in a few words; else empty")
    clarifying_question: str = Field("", description="Only if the question could mean several things: ask which one")
    search: str = Field("", description="Words to search for, only if other documents may say what is missing")


class ChatWriter:
    """Asks a chat model for sentences with the numbers of the passages they rest on."""

    def __init__(self, ask_model: Callable[[str], ChatAnswer], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def write_answer(self, question: Question, results: Sequence[SearchResult], may_search: bool = False) -> Written:
        """Answer; raises ModelError when the model fails or gives nothing usable."""
        results = results[:_MOST_CHUNKS]
        passages = [result.chunk for result in results]
        prompt = self._prompts.fill("answer", question=question, passages=passages, may_search=may_search)
        return self.write(prompt, results)

    def try_out(self) -> None:
        """Ask for the least; raises ModelError when the model does not answer as it should."""
        self._ask_model('Say that you are there, as JSON: {"sentences": [{"text": "I am here.", "citations": []}]}')

    def write(self, prompt: Prompt, results: Sequence[SearchResult]) -> Written:
        """Send a filled-in prompt; each sentence that comes back is a claim about the passages it names."""
        reply = self._ask_model(prompt.text)
        return Written(
            read_claims(reply.sentences, len(results)),
            "chat",
            prompt.version,
            reply.missing,
            reply.clarifying_question,
            search=reply.search,
        )


def read_claims(sentences: Sequence[ChatSentence], passages: int) -> tuple[WrittenClaim, ...]:
    """A model's sentences as claims, each once; it may put three into one field, and each is checked on its own."""
    claims = [
        WrittenClaim(
            text,
            tuple(dict.fromkeys(n for n in said.citations if 1 <= n <= passages)),
            spans=tuple(said.quotes) if isinstance(said, AnswerSentence) else (),
        )
        for said in sentences
        for text in split_sentences(_MARK.sub("", said.text))
        if _WORD.search(text)
    ]
    return tuple({claim.text: claim for claim in claims}.values())
