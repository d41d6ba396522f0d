"""Plans of summaries, by place and time: DIGEST_CHANNEL's and those of digests.yaml."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.core.config import Settings
from assistant.core.cron import is_schedule
from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.domain import EVERYTHING, Period, Scope, build_scope
from assistant.errors import ConfigError, InputError
from assistant.reports.figures import find_period, name_kind, period_before, week_of

Kind = Literal["week", "month", "quarter"]
_MEND = "digests.example.yaml shows how."
OWN_PLAN = "digest"
# In the morning after a period has ended.
_CRONS: Mapping[Kind, str] = {"week": "0 9 * * 1", "month": "0 9 1 * *", "quarter": "0 9 1 1,4,7,10 *"}


@dataclass(frozen=True)
class DigestPlan:
    """A summary that comes again and again: `key` tells it apart from all others, across restarts."""

    key: str
    channel: str
    kind: Kind
    cron: str
    scope: Scope = EVERYTHING

    def is_same(self, other: "DigestPlan") -> bool:
        """Return whether both post the same to the same channel."""
        return (self.channel, self.kind, self.scope) == (other.channel, other.kind, other.scope)

    def find_period(self, due_at: datetime, zone: ZoneInfo) -> Period:
        """The last whole week, month or quarter before the moment at which it is due."""
        return find_last(self.kind, due_at, zone)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    channel: str = Field(pattern=r"^([CG][A-Z0-9]+|#[^\s#@,A-Z]+)$")
    period: Kind = "week"
    cron: str = ""
    scope: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("scope", mode="before")
    @classmethod
    def split_names(cls, value: Any) -> Any:
        """One name may stand alone; more are a list."""
        if not isinstance(value, dict) or not value:
            raise ValueError("must hold a kind with a name, like topic: billing; without scope all posts count")
        if len(value) > 1:
            raise ValueError("holds one of brand, country, topic or network, and not several")
        return {kind: (names,) if isinstance(names, str) else names for kind, names in value.items()}

    @field_validator("scope")
    @classmethod
    def check_scope(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """A scope that can be counted."""
        try:
            _to_scope(value)
        except InputError as error:
            raise ValueError(f"is wrong: {error.message} {error.hint}") from error
        return value

    @field_validator("cron")
    @classmethod
    def check_cron(cls, value: str) -> str:
        """Five cron fields."""
        if not is_schedule(value):
            raise ValueError("must be a cron schedule of five fields, like 0 9 * * 1")
        return value


class _DigestsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    digests: tuple[_Entry, ...]


def read_plans(settings: Settings) -> tuple[DigestPlan, ...]:
    """Every summary that is to be posted. Raises ConfigError that names the line which is wrong."""
    path = settings.digests_file
    text = read_settings_file(path, path != Path("digests.yaml"), "DIGESTS_FILE")
    own = (DigestPlan(OWN_PLAN, settings.digest_channel, "week", settings.digest_schedule),)
    others = _parse(text, str(path), settings.to_id) if text is not None else ()
    if not settings.digest_channel:
        return others
    # The channel may be set later, in Slack: what the file says of it is then the same summary, and not another one.
    return (*own, *(plan for plan in others if not plan.is_same(own[0])))


def find_plan(plans: Sequence[DigestPlan], channel: str, kind: str, scope: Scope) -> DigestPlan:
    """The plan for a summary that somebody asks for, or one of its own where none is set up."""
    made = _make_plan(channel, cast(Kind, kind), "", scope)
    return next((plan for plan in plans if plan.is_same(made)), made)


def find_last(kind: str, moment: datetime, zone: ZoneInfo) -> Period:
    """The last whole week, month or quarter before a moment."""
    return period_before(find_current(kind, moment, zone), zone)


def find_current(kind: str, moment: datetime, zone: ZoneInfo) -> Period:
    """The week, month or quarter that holds a moment."""
    day = moment.astimezone(zone).date()
    if kind == "week":
        return week_of(moment, zone)
    return find_period(f"{day:%Y-%m}" if kind == "month" else f"{day.year}-Q{(day.month + 2) // 3}", zone)


def choose_period(text: str, now: datetime, zone: ZoneInfo) -> Period:
    """The period that a person names: `2026-W46`, `2026-11`, `2026-Q4`, `this`, `last` or nothing, the last week.

    Raises InputError.
    """
    words = text.lower().split()
    kind = words[1] if len(words) == 2 and words[1] in _CRONS else "week"
    if not words or words in (["last"], ["last", kind]):
        return find_last(kind, now, zone)
    if words in (["this"], ["this", kind]):
        return find_current(kind, now, zone)
    chosen = find_period(text.strip(), zone)
    if chosen.start_at > now:
        raise InputError(f"The {name_kind(chosen)} {chosen.label} hasn't begun.", "Name an earlier one, or last.")
    return chosen


def _parse(text: str, name: str, to_id: Callable[[str], str]) -> tuple[DigestPlan, ...]:
    file = FieldsFile(name, _MEND, frozenset({"scope"}), is_each_once=False)
    read = file.parse_form(text, _DigestsFile, "digests", [*_DigestsFile.model_fields, *_Entry.model_fields])
    plans: dict[str, DigestPlan] = {}
    for number, entry in enumerate(read.digests if read else ()):
        plan = _to_plan(entry, to_id)
        if plan.key in plans:
            line = file.line_of(("digests", number))
            raise ConfigError(f"{name}, line {line}: this summary is here twice.", "Take one of them away.")
        plans[plan.key] = plan
    return tuple(plans.values())


def _to_plan(entry: _Entry, to_id: Callable[[str], str]) -> DigestPlan:
    return _make_plan(to_id(entry.channel), entry.period, entry.cron, _to_scope(entry.scope))


def _make_plan(channel: str, kind: Kind, cron: str, scope: Scope) -> DigestPlan:
    return DigestPlan(f"{OWN_PLAN}:{channel}:{kind}:{scope}", channel, kind, cron or _CRONS[kind], scope)


def _to_scope(scope: Mapping[str, tuple[str, ...]]) -> Scope:
    for kind, names in scope.items():
        return build_scope(kind, names)
    return EVERYTHING
