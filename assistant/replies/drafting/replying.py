"""Replies to customers by a chat model: sentences with passages, a back-translation, or a reason not to reply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompt
from assistant.domain import SearchResult
from assistant.knowledge.answers.chat import ChatSentence, read_claims
from assistant.knowledge.answers.writing import Writing

_MOST_SENTENCES = 10


class ChatReplySentence(ChatSentence):
    """One sentence of a reply."""

    back_translation: str = Field("", description="The sentence in the reviewer's language; empty if it is the same")


class ChatReply(BaseModel):
    """A model's whole reply."""

    no_reply: str = Field("", description="One of the listed reasons why nobody should reply, else empty")
    sentences: list[ChatReplySentence] = Field(
        default_factory=list, max_length=_MOST_SENTENCES, description="The reply, sentence by sentence"
    )
    missing: str = Field("", description="What the customer wants and no passage answers, in a few words; else empty")


@dataclass(frozen=True)
class WrittenReply:
    """What a model proposes; `meanings` are back-translations by sentence. Nothing is believed yet."""

    writing: Writing
    no_reply: str = ""
    meanings: tuple[tuple[str, str], ...] = ()


class ReplyWriter:
    """Asks a chat model for replies."""

    def __init__(self, ask_model: Callable[[str], ChatReply]) -> None:
        self._ask_model = ask_model

    def write(self, prompt: Prompt, results: Sequence[SearchResult]) -> WrittenReply:
        """Send a filled-in prompt; raises ModelError when the model fails."""
        said = self._ask_model(prompt.text)
        claims = read_claims(said.sentences, len(results))
        meanings = tuple((s.text.strip(), s.back_translation.strip()) for s in said.sentences if s.text.strip())
        return WrittenReply(
            Writing(claims, "chat", prompt.version, said.missing.strip()), said.no_reply.strip(), meanings
        )
