"""The company's aims, read from goals.yaml, and where each stands."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.domain import Figure
from assistant.errors import ConfigError
from assistant.reports.figures.query import find

LEAST_BASE = 10
_TIMES = ("hours", "working hours")
_MEND = "goals.example.yaml shows how."
_TARGET = re.compile(r"(at least|at most|>=|<=)\s*(-?\d+(?:\.\d+)?)\s*(?:%|percent|hours|points|posts|replies)?")
_AT_LEAST = ("at least", ">=")


class Goal(BaseModel, str_strip_whitespace=True):
    """One aim: what the company wants, the figure that measures it, its target and by when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aim: str = Field(min_length=1, max_length=200)
    measure: str = Field(min_length=1, max_length=120)
    target: str
    by: date

    @field_validator("target")
    @classmethod
    def check_target(cls, value: str) -> str:
        """A direction and a number."""
        if not _TARGET.fullmatch(value.strip().lower()):
            raise ValueError("must be written like at least 80 or at most 4")
        return value.strip()

    @field_validator("by", mode="before")
    @classmethod
    def check_day(cls, value: object) -> object:
        """A day of the calendar."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise ValueError("must be a day, written like 2026-12-31") from None

    @property
    def limit(self) -> float:
        """The target's number."""
        found = _TARGET.fullmatch(self.target.lower())
        return float(found[2]) if found else 0.0

    def is_met_by(self, value: float) -> bool:
        """Return whether a value reaches the target."""
        is_least = self.target.lower().startswith(_AT_LEAST)
        return value >= self.limit if is_least else value <= self.limit


class _GoalsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class GoalState:
    """The state of a goal: `value` is its figure, None where it could not be measured in this period.

    `base` counts what it rests on, None where it counts by itself; `needed` how many it takes to say anything.
    """

    goal: Goal
    value: float | None
    unit: str
    is_met: bool
    is_late: bool
    base: int | None = None
    needed: int = 0

    @property
    def verdict(self) -> str:
        """Met, open, missed, too few to say, or not measured, in words."""
        if self.value is None:
            return "not measured in this period"
        if self.base is not None and self.base < self.needed:
            return f"too few to say, it rests on {self.base:,} and takes {self.needed:,}"
        if self.is_met:
            return "met"
        return "missed" if self.is_late else "not met yet"


def judge_goals(goals: Sequence[Goal], figures: Sequence[Figure], today: date) -> tuple[GoalState, ...]:
    """Each goal beside its figure."""
    wanting = find(figures, "answered_share")
    half = ceil((wanting.base or 0) / 2) if wanting else 0
    return tuple(_judge(goal, find(figures, goal.measure), today, half) for goal in goals)


def read_goals(path: Path, is_needed: bool, known: Collection[str]) -> tuple[Goal, ...]:
    """The goals of a file; it may be missing unless it `is_needed`. `known` are the names that can be measured.

    Raises ConfigError that names the line which is wrong.
    """
    text = read_settings_file(path, is_needed, "GOALS_FILE")
    return () if text is None else _parse(text, str(path), known)


def _judge(goal: Goal, figure: Figure | None, today: date, half: int) -> GoalState:
    """Quick replies to a few say nothing while most still wait: a time needs half of those who want an answer."""
    number = figure.value if figure and isinstance(figure.value, int | float) else None
    base = figure.base if figure else None
    needed = max(LEAST_BASE, half) if figure and figure.unit in _TIMES else LEAST_BASE
    is_enough = base is None or base >= needed
    is_met = number is not None and is_enough and goal.is_met_by(number)
    return GoalState(goal, number, figure.unit if figure else "", is_met, today > goal.by, base, needed)


def _parse(text: str, name: str, known: Collection[str]) -> tuple[Goal, ...]:
    file = FieldsFile(name, _MEND, is_each_once=False)
    fields = [*_GoalsFile.model_fields, *Goal.model_fields]
    read = file.parse_form(text, _GoalsFile, "goals", fields)
    goals = read.goals if read else ()
    for number, goal in enumerate(goals):
        if goal.measure.partition(".")[0] not in known:
            raise ConfigError(
                f"{name}, line {file.line_of(('goals', number, 'measure'))}: there is no figure {goal.measure}.",
                f"The figures are: {', '.join(sorted(known))}.",
            )
    return goals
