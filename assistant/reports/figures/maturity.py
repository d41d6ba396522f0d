"""Maturity of a company's social engagement: five stages, each with criteria that figures decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Figure
from assistant.reports.figures.goals import LEAST_BASE, GoalState
from assistant.reports.figures.query import find


@dataclass(frozen=True)
class State:
    """Input of the criteria: the figures, the goals, and the set-up."""

    figures: Sequence[Figure]
    standings: Sequence[GoalState]
    has_reviewers: bool
    has_readers: bool
    public_documents: int

    def number(self, name: str) -> float:
        """A figure as a number; 0 where it could not be measured, or rests on too few."""
        found = find(self.figures, name)
        if found is None or (found.base is not None and found.base < LEAST_BASE):
            return 0.0
        return float(found.value) if isinstance(found.value, int | float) else 0.0


@dataclass(frozen=True)
class Criterion:
    """One condition of a stage, in words and as a test."""

    text: str
    is_met: Callable[[State], bool]


@dataclass(frozen=True)
class Maturity:
    """The stage that is reached, the one after it, and what that one still needs."""

    stage: str
    next_stage: str
    missing: tuple[str, ...]


STAGES: tuple[tuple[str, tuple[Criterion, ...]], ...] = (
    ("presence", (Criterion("posts about the company are collected", lambda s: s.number("posts") > 0),)),
    (
        "engagement",
        (
            Criterion("replies go out", lambda s: s.number("replies") > 0),
            Criterion("at least 25 % of those who want an answer get one", lambda s: s.number("answered_share") >= 25),
        ),
    ),
    (
        "formalised",
        (
            Criterion("it is set who decides on replies", lambda s: s.has_reviewers),
            Criterion("there are public documents to answer from", lambda s: s.public_documents > 0),
            Criterion(
                "at least 80 % are answered within the hours that are aimed at", lambda s: s.number("sla_kept") >= 80
            ),
        ),
    ),
    (
        "strategic",
        (
            Criterion("aims are written down, and each one's figure was measured", lambda s: _are_measured(s)),
            Criterion("managers get this summary", lambda s: s.has_readers),
        ),
    ),
    (
        "converged",
        (
            Criterion("every goal is met", lambda s: all(standing.is_met for standing in s.standings)),
            Criterion("at least 80 % of those who want an answer get one", lambda s: s.number("answered_share") >= 80),
            Criterion("staff ask, and at least 80 % of their questions are answered", lambda s: _is_staff_served(s)),
        ),
    ),
)


def judge_maturity(state: State) -> Maturity:
    """The last stage whose criteria, and those of all before, are met in this period."""
    reached = "none yet"
    for stage, criteria in STAGES:
        missing = tuple(criterion.text for criterion in criteria if not criterion.is_met(state))
        if missing:
            return Maturity(reached, stage, missing)
        reached = stage
    return Maturity(reached, "", ())


def _are_measured(state: State) -> bool:
    return bool(state.standings) and all(standing.value is not None for standing in state.standings)


def _is_staff_served(state: State) -> bool:
    asked = state.number("questions_asked")
    return asked > 0 and state.number("questions_unanswered") <= 0.2 * asked
