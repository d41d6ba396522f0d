"""The subject of an edit, by a chat model, where rules see only that other words were chosen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.domain import LessonKind
from assistant.errors import ModelError
from assistant.replies.lessons.decided import Decided
from assistant.replies.lessons.differences import Difference

_PROMPT = "lesson"


class ChatKind(BaseModel):
    """A model's answer."""

    kind: Literal["fact", "tone", "length", "format"] = Field(description="What the change was about")


class EditLabeller:
    """Changes only how an edit is counted: what the model says makes no rule and opens no fix."""

    def __init__(self, ask_model: Callable[[str], ChatKind], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def label(self, decided: Decided, found: Difference) -> Difference:
        """The same with what the model calls a change of words; as the rules say where it fails."""
        plain = [one for one in found.taught if one.kind is LessonKind.TONE and one.advice is None]
        if not plain or not decided.final or not self._prompts.has(_PROMPT):
            return found
        prompt = self._prompts.fill(_PROMPT, before=decided.proposed, after=decided.final)
        try:
            kind = LessonKind(self._ask_model(prompt.text).kind)
        except ModelError:
            return found
        taught = (replace(one, kind=kind) if one in plain else one for one in found.taught)
        return replace(found, taught=tuple(dict.fromkeys(taught)))
