"""Measures what cannot be told by one label a post: pairs that repeat each other, and irony beside VADER."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain import Intent, Sentiment
from assistant.errors import InputError
from assistant.evaluate.analysis import embed, find_moods
from assistant.evaluate.labelled import Labelled
from assistant.listening.analysis.classifiers import Feelings
from assistant.listening.analysis.duplicates import is_repeat, sketch
from assistant.listening.analysis.sentiment import FEELING_NAMES
from assistant.text.embedding import Embedder

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_IRONIC = ("irony", *_YES)
_IS_POSITIVE = 5  # the column of Feelings that says whether VADER's score is above its threshold
_WANTS = {Sentiment.NEGATIVE: Intent.COMPLAINT, Sentiment.POSITIVE: Intent.PRAISE, Sentiment.NEUTRAL: Intent.OTHER}


@dataclass(frozen=True)
class RepeatScores:
    """Of labelled pairs: how many were merged, and the ids of those that were wrongly merged or wrongly kept apart."""

    pairs: int
    merged: int
    false_merges: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True)
class IronyScores:
    """The share of ironic posts that are called positive, by Earshot and by VADER, and of the others beside it."""

    ironic: int
    called_positive: float
    called_positive_by_vader: float
    others: int
    others_called_positive: float
    others_called_positive_by_vader: float


def measure_repeats(pairs: Sequence[Labelled]) -> RepeatScores:
    """Pairs of `text` and `earlier`, labelled yes or no. Raises InputError for a line that is none."""
    merged, false, missed = 0, list[str](), list[str]()
    for pair in pairs:
        earlier, label = pair.line.get("earlier"), pair.label.lower()
        if not isinstance(earlier, str) or label not in (*_YES, *_NO):
            raise InputError(
                f"The line {pair.post_id} is no labelled pair.",
                'A line looks like {"id": "1", "text": "…", "earlier": "…", "repeat": "no"}.',
            )
        # As in the store: only posts that share a hash are ever compared.
        is_merged = bool(set(sketch(pair.text)) & set(sketch(earlier))) and is_repeat(pair.text, earlier)
        merged += is_merged
        if is_merged and label in _NO:
            false.append(pair.post_id)
        if not is_merged and label in _YES:
            missed.append(pair.post_id)
    return RepeatScores(len(pairs), merged, tuple(false), tuple(missed))


def measure_irony(posts: Sequence[Labelled], embedder: Embedder) -> IronyScores:
    """Posts labelled `irony` (or yes) and others. Raises InputError when one of both is missing."""
    flags = [post.label.lower() in _IRONIC for post in posts]
    if all(flags) or not any(flags):
        raise InputError("Irony is measured on posts that are ironic and posts that are not.", "Label some of both.")
    odds = find_moods(posts, embedder, embed(posts, embedder))
    ours = odds.argmax(axis=1) == FEELING_NAMES.index(Sentiment.POSITIVE)
    vaders = Feelings().read([post.text for post in posts], [True] * len(posts))[:, _IS_POSITIVE] > 0
    ironic = [place for place, flag in enumerate(flags) if flag]
    others = [place for place, flag in enumerate(flags) if not flag]
    return IronyScores(
        len(ironic),
        float(ours[ironic].mean()),
        float(vaders[ironic].mean()),
        len(others),
        float(ours[others].mean()),
        float(vaders[others].mean()),
    )


def map_feelings(posts: Sequence[Labelled]) -> list[Labelled]:
    """Posts labelled by feeling as posts labelled by intent: unhappy ones complain, kind ones praise, the rest neither.

    Those with other labels stay as they are.
    """
    return [replace(post, label=_WANTS[Sentiment(post.label)]) if post.label in _WANTS else post for post in posts]
