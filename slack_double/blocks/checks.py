"""The building bricks of the rules: a check looks at one value and reports at its JSON pointer.

Objects are closed, as on Slack: a property that is not named is an error.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .report import Report

Check = Callable[[object, str, Report], None]
Rule = Callable[[dict[str, Any], str, Report], None]


def string(most: int, least: int = 0) -> Check:
    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.error("must provide a string", at)
        elif len(value) > most:
            report.error(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            report.error(f"must be more than {least - 1} characters", at)

    return check


def boolean(value: object, at: str, report: Report) -> None:
    if not isinstance(value, bool):
        report.error("must provide a boolean", at)


def number(least: float, most: float) -> Check:
    def check(value: object, at: str, report: Report) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            report.error("must provide a number", at)
        elif not least <= value <= most:
            report.error(f"must be between {least} and {most}", at)

    return check


def choice(*allowed: object) -> Check:
    def check(value: object, at: str, report: Report) -> None:
        if value not in allowed:
            report.error(f"must be a valid enum value: {', '.join(map(str, allowed))}", at)

    return check


def array(item: Check, most: int, least: int = 0) -> Check:
    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.error("must provide an array", at)
            return
        if len(value) > most:
            report.error(f"no more than {most} items allowed", at)
        if len(value) < least:
            report.error(f"no less than {least} items allowed", at)
        for index, part in enumerate(value):
            item(part, f"{at}/{index}", report)

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    *rules: Rule,
    type_name: str | None = None,
) -> Check:
    """An object; `rules` look at the whole of it, and only once its own fields are right."""
    allowed = {**required, **(optional or {})}
    if type_name is not None:
        allowed["type"] = choice(type_name)

    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.error("must provide an object", at)
            return
        before = len(report.errors)
        for name in (*required, *(["type"] if type_name else [])):
            if value.get(name) is None:
                report.error(f"missing required field: {name}", at)
        for name, part in value.items():
            if name not in allowed:
                report.error(f"invalid additional property: {name}", at)
            elif part is not None:
                allowed[name](part, f"{at}/{name}", report)
        if len(report.errors) == before:
            for rule in rules:
                rule(value, at, report)

    return check


def by_type(checks: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of the checks holds for it."""

    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.error("must provide an object", at)
        elif value.get("type") is None:
            report.error("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in checks:
            report.error(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            checks[value["type"]](value, at, report)

    return check


def any_of(check_each: Check) -> Check:
    """Slack reports what fails inside a union twice: at the union, and where it failed."""

    def check(value: object, at: str, report: Report) -> None:
        inner = Report()
        check_each(value, at, inner)
        if inner.errors:
            report.error("failed to match all allowed schemas", at)
        report.errors.extend(inner.errors)
        report.warnings.extend(inner.warnings)

    return check


def later(find: Callable[[], Check]) -> Check:
    """A check that is looked up at use, for shapes that contain themselves."""

    def check(value: object, at: str, report: Report) -> None:
        find()(value, at, report)

    return check


def exactly_one(*names: str) -> Rule:
    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if sum(value.get(name) is not None for name in names) != 1:
            report.error(f"must define exactly one of {' or '.join(f'`{name}`' for name in names)}", at)

    return rule


def at_least_one(*names: str) -> Rule:
    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if all(value.get(name) in (None, []) for name in names):
            report.error(f"must define at least one of {' or '.join(f'`{name}`' for name in names)}", at)

    return rule
