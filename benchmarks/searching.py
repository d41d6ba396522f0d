"""Speed of a search over many chunks, and where the time goes."""

import cProfile
import pstats
from pathlib import Path
from time import perf_counter

import numpy as np

import assistant
from assistant.app import Assistant
from assistant.domain import Question

_WARM_UP = 5
_LINES = 18
_PACKAGE = str(Path(assistant.__file__).parent)


def measure_search(assistant: Assistant, questions: list[str]) -> tuple[str, ...]:
    """Milliseconds, p50 and p95: of a whole search, and of encoding the question alone, which is part of it."""
    for text in questions[:_WARM_UP]:
        assistant.knowledge.retriever.search(Question(text))
    whole, encoding = [], []
    for text in questions[_WARM_UP:]:
        start = perf_counter()
        assistant.knowledge.retriever.search(Question(text))
        whole.append(perf_counter() - start)
        start = perf_counter()
        assistant.knowledge.embedder.embed_tokens([text])
        encoding.append(perf_counter() - start)
    return tuple(f"{ms:.0f}" for seconds in (whole, encoding) for ms in np.percentile(seconds, [50, 95]) * 1000)


def profile_search(
    assistant: Assistant, questions: list[str]
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows of (function, ms a search): Earshot's own with all they call, then all functions by their own time.

    The profiler slows every call of a Python function, so that code of many small calls seems slower than it is.
    """
    profile = cProfile.Profile()
    profile.enable()
    for text in questions:
        assistant.knowledge.retriever.search(Question(text))
    profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # (file, line, name) -> (…, own, whole, callers)
    whole = {key: figures[3] for key, figures in stats.items() if key[0].startswith(_PACKAGE)}
    own = {key: figures[2] for key, figures in stats.items()}
    return _to_rows(whole, len(questions)), _to_rows(own, len(questions))


def _to_rows(seconds: dict[tuple[str, int, str], float], searches: int) -> list[tuple[object, ...]]:
    longest = sorted(seconds, key=lambda key: -seconds[key])[:_LINES]
    return [(_name(key), f"{1000 * seconds[key] / searches:.2f}") for key in longest]


def _name(key: tuple[str, int, str]) -> str:
    file, _, function = key
    return f"{Path(file).stem}.{function}" if file.endswith(".py") else function
