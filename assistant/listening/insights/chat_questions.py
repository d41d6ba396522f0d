"""Questions about customers that the grammar does not know, put into it by a chat model: code counts, as ever."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.domain import Question
from assistant.errors import ModelError
from assistant.listening.insights.measures import CountKind
from assistant.listening.insights.questions import OpinionKind, OpinionQuestion, Reader

_MOST_WORDS, _MOST_TOP = 8, 10
# Questions without any of these are about something else, as are those that ask how to do something: they cost no call.
_SPEAKS_OF_THEM = re.compile(
    r"\b(?:people|customers?|users?|clients?|riders?|folks|public|complain\w*|complaints?|posts?|reviews?|mentions?|tweets?"
    r"|feedback|sentiment|mood|online|social|reactions?|kunden|leute|beschwer\w*|clientes?|quejas?|reclama\w*|avis|plaintes?"
    r"|clienti|recensioni|lament\w*|klanten|klacht\w*|klienci|klient\w*|skarg\w*|opini\w*)\b",
    re.IGNORECASE,
)

_IS_HOW_TO = re.compile(
    r"\W*(?:how (?:do|does|can|could|should|to|long|much)|can|could|may|should|must|what should|do i|do we|is it"
    r"|who do i) (?!you\b)(?!people\b.*\b(?:feel|think|like)\b)",
    re.IGNORECASE,
)


class ChatFigures(BaseModel):
    """What is asked about customers' posts."""

    is_about_posts: bool = Field(False, description="Whether it is about what customers wrote in public")
    about: list[str] = Field(default_factory=list, max_length=_MOST_WORDS, description="Words that posts must name")
    not_about: list[str] = Field(default_factory=list, max_length=_MOST_WORDS, description="Words they may not name")
    kind: Literal["all", "negative", "positive", "questions"] = "all"
    measure: CountKind = CountKind.COUNT
    period: str = Field("", description="The time in English, as it was said")
    network: str = ""
    place: str = ""
    top: int = Field(5, description="How many rows are wanted")


class Translator:
    """Asks a chat model what a question is about; it may still be for the documents where no post fits."""

    def __init__(self, ask_model: Callable[[str], ChatFigures], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def translate(self, question: Question, reader: Reader) -> OpinionQuestion | None:
        """None for a question about something else, or when the model fails."""
        if not _SPEAKS_OF_THEM.search(question.text) or _IS_HOW_TO.match(question.text):
            return None
        try:
            asked = self._ask_model(self._prompts.fill("figures", question=question, networks=reader.networks).text)
        except ModelError:
            return None
        return _build(asked, reader) if asked.is_about_posts else None


def _build(asked: ChatFigures, reader: Reader) -> OpinionQuestion:
    kind = OpinionKind.ALL if asked.kind == "all" else OpinionKind(asked.kind)
    return reader.build(
        about=asked.about,
        not_about=asked.not_about,
        kind=kind,
        measure=asked.measure,
        when=asked.period,
        network=_find(asked.network, reader.networks),
        place=_find(asked.place, reader.places),
        top=min(max(asked.top, 1), _MOST_TOP),
    )


def _find(said: str, known: Sequence[str]) -> str:
    return next((name for name in known if name.casefold() == said.strip().casefold()), "")
