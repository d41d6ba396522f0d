"""Text objects, confirmation dialogs and options."""

from typing import Any

from .checks import Check, Rule, any_of, array, boolean, by_type, choice, exactly_one, shape, string
from .report import Report

COMFORTABLE_VALUE = 75
MOST_VALUE = 150


def plain(most: int, least: int = 1) -> Check:
    return by_type({"plain_text": shape({"text": string(most, least)}, {"emoji": boolean}, type_name="plain_text")})


def mrkdwn(most: int) -> Check:
    return by_type({"mrkdwn": shape({"text": string(most, 1)}, {"verbatim": boolean}, type_name="mrkdwn")})


def text(most: int) -> Check:
    """Either kind."""
    return any_of(
        by_type(
            {
                "plain_text": shape({"text": string(most, 1)}, {"emoji": boolean}, type_name="plain_text"),
                "mrkdwn": shape({"text": string(most, 1)}, {"verbatim": boolean}, type_name="mrkdwn"),
            }
        )
    )


CONFIRM = shape(
    {"text": text(300)},
    {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": choice("primary", "danger")},
)


def _option_value(value: object, at: str, report: Report) -> None:
    string(MOST_VALUE, 1)(value, at, report)
    if isinstance(value, str) and COMFORTABLE_VALUE < len(value) <= MOST_VALUE:
        report.warn(f"documented to be less than {COMFORTABLE_VALUE + 1} characters", at)


def option(label: Check, *, url: bool = False) -> Check:
    optional = {"description": label, **({"url": string(3000)} if url else {})}
    return shape({"text": label, "value": _option_value}, optional)


PLAIN_OPTION = option(plain(75))
OVERFLOW_OPTION = option(plain(75), url=True)
RICH_OPTION = option(text(75))
OPTION_GROUP = shape({"label": plain(75), "options": array(PLAIN_OPTION, 100, 1)})
OPTION_LISTS = {"options": array(PLAIN_OPTION, 100, 1), "option_groups": array(OPTION_GROUP, 100, 1)}
OPTION_RULE = exactly_one("options", "option_groups")


def initial_is_offered(name: str) -> Rule:
    """What is chosen at first must be among the options, word for word."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        offered = list(value.get("options") or [])
        for group in value.get("option_groups") or []:
            offered += group["options"]
        chosen = value.get(name)
        for one in chosen if isinstance(chosen, list) else [chosen]:
            if one is not None and one not in offered:
                report.error(f"`{name}` must match one of the options", f"{at}/{name}")

    return rule
