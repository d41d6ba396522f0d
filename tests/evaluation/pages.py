"""Three pages of a bike shop, and questions about them."""

from collections.abc import Callable
from pathlib import Path

from assistant.domain import Question
from evals.corpus import Asked

PAGES = {
    "bikes/brakes.md": "# Brakes\n\nBrake pads are replaced every two thousand kilometres.\n",
    "bikes/tyres.md": "# Tyres\n\nTyres are pumped to four bar before a long ride.\n",
    "office/keys.md": "# Keys\n\nThe porter keeps the spare keys in the blue cupboard.\n",
}
BRAKES = "When are brake pads replaced?"
KEYS = "Where does the porter keep the spare keys?"

Write = Callable[..., Path]


def quiet(text: str) -> None:
    """No progress."""


def ask(text: str, *doc_ids: str, answers: tuple[str, ...] = (), is_unanswerable: bool = False) -> Asked:
    """A question and what is known of it."""
    return Asked(text, Question(text), doc_ids, answers, is_unanswerable)
