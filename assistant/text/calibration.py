"""What hangs on an embedder: how like its vectors make texts that belong together, and which heads read them."""

from dataclasses import dataclass

_INT8 = " (int8)"


@dataclass(frozen=True)
class Calibration:
    """The thresholds of one embedder, as cosines unless said otherwise; docs/decisions.md says how each was found.

    `heads`: the suffix of the heads that were trained on its vectors, None where none were.
    `sure_elsewhere`, `opposite_elsewhere`: how likely a sentiment must be at least to be named in another language than
    English, and how likely its opposite may be at most.
    `crossing`: what a search lacks in confidence where question and passage are in two languages.
    `topic`: the likeness to a topic's centre and half of that to its nearest example, added up.
    `same_gap`: unanswered questions in one group. `same_topic`: the centroids of one cluster in two weeks.
    `precedent`: a post to one that was answered before.
    `likeness`: pairs of this embedder's cosine and what it means on the scale of all-MiniLM-L6-v2, in order.
    """

    heads: str | None
    sure_elsewhere: float
    crossing: float
    topic: float
    same_gap: float
    same_topic: float
    precedent: float
    opposite_elsewhere: float = 1.0
    likeness: tuple[tuple[float, float], ...] = ((-1.0, -1.0), (1.0, 1.0))


_MINILM = Calibration(
    heads="", sure_elsewhere=0.6, crossing=0.0, topic=0.62, same_gap=0.55, same_topic=0.8, precedent=0.55
)
_E5 = Calibration(
    heads="-multilingual",
    sure_elsewhere=0.36,
    opposite_elsewhere=0.32,
    crossing=0.95,
    topic=0.73,
    same_gap=0.52,
    same_topic=0.77,
    precedent=0.52,
    likeness=((-1.0, -1.0), (0.25, -0.02), (0.43, 0.35), (0.51, 0.5), (0.55, 0.55), (0.72, 0.7), (1.0, 1.0)),
)
# Nothing is known of another model: heads that read words alone answer, and thresholds are those of the bundled one.
_UNKNOWN = Calibration(
    heads=None, sure_elsewhere=0.6, crossing=0.0, topic=0.62, same_gap=0.55, same_topic=0.8, precedent=0.55
)
_KNOWN = {"all-MiniLM-L6-v2": _MINILM, "multilingual-e5-small-centred": _E5}


def calibration_of(embedder: str) -> Calibration:
    """Return the calibration of an embedder by its name, of which int8 copies have a longer one."""
    return _KNOWN.get(embedder.removesuffix(_INT8), _UNKNOWN)


def is_calibrated(embedder: str) -> bool:
    """Return whether anything was measured of this embedder."""
    return embedder.removesuffix(_INT8) in _KNOWN
