"""Learning from corrections: a small head over the corrected posts' vectors beside the first odds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.domain import About, Correction, Finding
from assistant.listening.analysis.classifiers import Dense

_STRENGTH = 3.0
_HALF_TRUST = 20  # with so many corrections the second head counts half as much as it ever will
_LEAST_ODDS = 0.01
_TINY = 1e-6


@dataclass(frozen=True)
class Learnt:
    """A head learnt from corrections of one label: it revises odds, so that wrong first odds get outvoted.

    Only vectors are read, never the first odds: people correct what is wrong, and a head that saw the first odds too
    would learn that they are always wrong. The two are multiplied (a product of experts, Hinton 2002).
    """

    labels: tuple[str, ...]
    model: object
    trust: float

    def revise(self, labels: Sequence[str], odds: Dense, vectors: Dense) -> Dense:
        """The odds of the same labels, revised; labels nobody ever chose are as likely as the least chosen."""
        found = self.model.predict_proba(vectors)  # type: ignore[attr-defined]
        second = np.full(odds.shape, _LEAST_ODDS)
        for place, label in enumerate(self.labels):
            if label in labels:
                second[:, labels.index(label)] += found[:, place]
        scores = np.log(odds + _TINY) + self.trust * np.log(second)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Lessons:
    """Everything people put right: `by_id` always wins for its own post, `learnt` revises the others."""

    by_id: Mapping[tuple[str, About], str] = field(default_factory=dict)
    learnt: Mapping[About, Learnt] = field(default_factory=dict)
    version: str = ""

    def settle(self, mention_id: str, finding: Finding) -> Finding:
        """The finding, or in its place what a person said of this very mention."""
        label = self.by_id.get((mention_id, finding.about))
        if label is None:
            return finding
        return Finding(finding.about, label, 1.0, "person", "A person said so.")


def learn(corrections: Sequence[Correction], vectors: Dense) -> Lessons:
    """Learn from corrections (oldest first), whose texts have these vectors; without vectors only by post."""
    by_id = {(correction.mention_id, correction.about): correction.label for correction in corrections}
    learnt: dict[About, Learnt] = {}
    for about in About:
        last = {c.mention_id: place for place, c in enumerate(corrections) if c.about is about}
        places = sorted(last.values())
        labels = [corrections[place].label for place in places]
        if len(set(labels)) > 1 and vectors.shape[1]:
            learnt[about] = _fit(labels, vectors[places])
    return Lessons(by_id, learnt, f"corrections-{len(corrections)}" if learnt else "")


def _fit(labels: list[str], vectors: Dense) -> Learnt:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=500).fit(vectors, labels)
    return Learnt(tuple(str(label) for label in model.classes_), model, len(labels) / (len(labels) + _HALF_TRUST))
