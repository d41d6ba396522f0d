"""Answers and drafts by a chat model through LangChain; what it says are claims for the evidence check.

What every writer gives back: claims, each with the search results it says it rests on. Nothing is believed yet.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompt, Prompts
from assistant.domain import Question, SearchResult
from assistant.domain.outside import SENTENCE, bound
from assistant.errors import ModelError, UnexpectedError, edge
from assistant.text.sentences import split_sentences


@dataclass(frozen=True)
class WrittenClaim:
    """One sentence; `places` are 1-based places in the search results, `quote` what a quoting writer copied.

    `bare` is the text without its heading, for where there is no room for one; empty where it would say too little or
    the opposite without.
    """

    text: str
    places: tuple[int, ...] = ()
    quote: str | None = None
    bare: str = ""


@dataclass(frozen=True)
class Written:
    """A writer's claims in order; none at all means: nothing answers this.

    `missing` names what was asked and is not answered; `clarifying_question` asks back what was meant; `unmet` are
    names in the question that nothing found has.
    """

    claims: tuple[WrittenClaim, ...]
    writer: str
    prompt_version: str = ""
    missing: str = ""
    clarifying_question: str = ""
    unmet: tuple[str, ...] = ()


class Writer(Protocol):
    """Puts an answer together from search results alone."""

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Written:
        """Answer from `results`; raises ModelError when the writer itself fails."""


_MOST_CHUNKS = 6
_MOST_SENTENCES, _MOST_CITATIONS = 10, 20
_MOST_TOKENS = 1000  # a small model may never come to an end by itself
# `[7]`, `[1, 2]`, `【3】`: which passages a sentence rests on is said beside it, and is numbered again.
_MARK = re.compile(r"\s*(?:\[\d{1,2}(?:\s*[,–-]\s*\d{1,2})*\](?!\()|【[^】]{1,12}】)")
_WORD = re.compile(r"[^\W\d_]")


Form = TypeVar("Form", bound=BaseModel)


class ChatSentence(BaseModel):
    """One sentence as the model gives it."""

    text: str = Field(description="One sentence of the answer")
    citations: list[int] = Field(
        default_factory=list, max_length=_MOST_CITATIONS, description="Numbers of the passages it rests on"
    )


class ChatAnswer(BaseModel):
    """The model's whole answer; no sentences when no passage answers."""

    sentences: list[ChatSentence] = Field(
        max_length=_MOST_SENTENCES, description="The answer, sentence by sentence; empty if nothing answers"
    )
    missing: str = Field("", description="What was asked that no passage answers, in a few words; else empty")
    clarifying_question: str = Field("", description="Only if the question could mean several things: ask which one")


class ChatWriter:
    """Asks a chat model for sentences with the numbers of the passages they rest on."""

    def __init__(self, ask_model: Callable[[str], ChatAnswer], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Written:
        """Answer; raises ModelError when the model fails or gives nothing usable."""
        results = results[:_MOST_CHUNKS]
        prompt = self._prompts.fill("answer", question=question, passages=[r.chunk for r in results])
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
        )


def read_claims(sentences: Sequence[ChatSentence], passages: int) -> tuple[WrittenClaim, ...]:
    """A model's sentences as claims, each once; it may put three into one field, and each is checked on its own."""
    claims = [
        WrittenClaim(text, tuple(dict.fromkeys(n for n in said.citations if 1 <= n <= passages)))
        for said in sentences
        for text in split_sentences(_MARK.sub("", said.text))
        if _WORD.search(text)
    ]
    return tuple({claim.text: claim for claim in claims}.values())


def build_model(
    name: str,
    url: str,
    key: str,
    timeout_seconds: int,
    form: type[Form],
    note_use: Callable[[str, int, int], None] = lambda model, read, written: None,
) -> Callable[[str], Form]:
    """A function that sends one prompt to LangChain's `provider:model` and returns what it says, in this form.

    `note_use` gets the model, the tokens it read and those it wrote, as far as the provider tells them.
    """

    def ask_model(prompt: str) -> Form:
        from langchain_core.callbacks import UsageMetadataCallbackHandler

        uses = UsageMetadataCallbackHandler()
        try:
            with edge(f"asking the chat model {name}"):
                model = _structured(name, url, key, timeout_seconds, form)
                said = model.invoke(prompt, config={"callbacks": [uses]})
                told = list(uses.usage_metadata.values())
                note_use(name, sum(u["input_tokens"] for u in told), sum(u["output_tokens"] for u in told))
                return form.model_validate(keep_bounds(said.model_dump() if isinstance(said, BaseModel) else said))
        except UnexpectedError as error:
            raise ModelError(f"The chat model {name} {_explain(error.__cause__)}", error.hint) from error

    return ask_model


def keep_bounds(said: Any) -> Any:
    """Keep every text of a model's reply within bounds: a stranger's post may have steered it."""
    if isinstance(said, str):
        return bound(said, SENTENCE)
    if isinstance(said, list):
        return [keep_bounds(one) for one in said]
    return {name: keep_bounds(one) for name, one in said.items()} if isinstance(said, dict) else said


def _explain(cause: BaseException | None) -> str:
    """Say what went wrong by the kind of error: its text may hold a key, and an address a password."""
    kind = type(cause).__name__
    if isinstance(cause, ImportError):
        return "needs a package that is not installed: pip install with its extra, such as '.[anthropic]'."
    if "Connection" in kind or "Timeout" in kind:
        return "cannot be reached: check CHAT_MODEL_URL."
    if "Authentication" in kind or kind == "OpenAIError":
        return "refuses the key: check CHAT_MODEL_KEY."
    if isinstance(cause, ValueError) and "provider" in str(cause):
        return "is not known: write CHAT_MODEL as provider:model."
    return "does not answer as it should."


def _structured(name: str, url: str, key: str, timeout_seconds: int, form: type[BaseModel]) -> Any:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": timeout_seconds,
        "max_retries": 1,
        "max_tokens": _MOST_TOKENS,
    }
    if url:
        # An endpoint of one's own often needs no key, but the client refuses to start without one.
        options |= {"base_url": url, "api_key": key or "none"}
    elif key:
        options["api_key"] = key
    return init_chat_model(name, **options).with_structured_output(form, method="json_schema")
