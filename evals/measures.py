"""The measures themselves, from ir-measures (TREC's own code) and scikit-learn; both come with an extra."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter

import numpy as np

from assistant.errors import ConfigError
from assistant.text.tokens import split_words

DEPTH = 10
_LIBRARIES = {"ir_measures": "ir-measures", "sklearn": "scikit-learn"}


@dataclass(frozen=True)
class Ranking:
    """The rank of the right documents, from 0 to 1; `hit` is the share of questions with one among the first."""

    ndcg_at_10: float
    mrr_at_10: float
    hit_at_1: float
    hit_at_5: float


@dataclass(frozen=True)
class Latency:
    """Milliseconds a question takes: half of them at most `p50_ms`, all but one in twenty at most `p95_ms`."""

    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Detection:
    """The detection of questions that nothing answers; None where a share is of nothing."""

    precision: float | None
    recall: float | None
    f1: float | None


class Stopwatch:
    """Collects how long each of many calls took."""

    def __init__(self) -> None:
        self._seconds: list[float] = []

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Time what happens inside."""
        start = perf_counter()
        yield
        self._seconds.append(perf_counter() - start)

    def read(self) -> Latency:
        """Read the times of the calls."""
        p50, p95 = np.percentile(self._seconds, [50, 95]) * 1000
        return Latency(float(p50), float(p95))


def check_libraries() -> None:
    """Raise ConfigError when what measures is not installed: before minutes are spent on embedding."""
    missing = [name for module, name in _LIBRARIES.items() if find_spec(module) is None]
    if missing:
        raise ConfigError(f"To measure needs {' and '.join(missing)}.", "pip install 'earshot[eval]'")


def rank(found: Mapping[str, Sequence[str]], gold: Mapping[str, frozenset[str]]) -> Ranking:
    """Compare documents found, best first, with the right ones, both by question. `gold` must not be empty."""
    from ir_measures import RR, Success, calc_aggregate, nDCG

    # The library sorts by score and breaks ties by name: places as scores keep the order.
    run = {key: {doc: -float(place) for place, doc in enumerate(docs)} for key, docs in found.items()}
    qrels = {key: dict.fromkeys(docs, 1) for key, docs in gold.items()}
    wanted = (nDCG @ DEPTH, RR @ DEPTH, Success @ 1, Success @ 5)
    measured = calc_aggregate(wanted, qrels, run)
    return Ranking(*(float(measured[measure]) for measure in wanted))


def separate(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """AUROC: how often a random positive scores above a random negative; None without one of each."""
    from sklearn.metrics import roc_auc_score

    if not positive or not negative:
        return None
    return float(roc_auc_score([1] * len(positive) + [0] * len(negative), [*positive, *negative]))


def detect(is_wanted: Sequence[bool], is_flagged: Sequence[bool]) -> Detection:
    """Precision, recall and F1 of flags."""
    from sklearn.metrics import precision_recall_fscore_support

    if not any(is_wanted):
        return Detection(None, None, None)
    precision, recall, f1, _ = precision_recall_fscore_support(
        list(is_wanted), list(is_flagged), average="binary", zero_division=0.0
    )
    return Detection(float(precision) if any(is_flagged) else None, float(recall), float(f1))


def share(flags: Sequence[bool]) -> float | None:
    """The share that is true; None of nothing."""
    return sum(flags) / len(flags) if flags else None


def overlap(text: str, references: Sequence[str]) -> float:
    """Token F1 with the reference that shares most words (SQuAD's measure). Worth little: it counts words."""
    return max(_token_f1(split_words(text), split_words(reference)) for reference in references)


def _token_f1(said: list[str], wanted: list[str]) -> float:
    common = (Counter(said) & Counter(wanted)).total()
    return 2 * common / (len(said) + len(wanted)) if common else 0.0
