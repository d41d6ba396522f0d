"""What a person reads and finds to click in their App Home."""

from typing import Any

from slack_double import SlackDouble
from slack_flows.making import read_texts


def open_home(slack: SlackDouble, user: str, *expected: str) -> dict[str, Any]:
    """Open somebody's Home and wait until all of this can be read there."""
    slack.open_home(user)
    return wait_for_home(slack, user, *expected)


def wait_for_home(slack: SlackDouble, user: str, *expected: str) -> dict[str, Any]:
    """Somebody's Home, once all of this can be read there."""

    def read() -> dict[str, Any] | None:
        shown = read_home(slack, user)
        return slack.home(user) if all(text in shown for text in expected) else None

    try:
        found: dict[str, Any] = slack.wait_for(read, 10, f"{expected} in the Home of {user}")
    except AssertionError as error:
        raise AssertionError(f"{error}\n{read_home(slack, user)}") from None
    return found


def read_home(slack: SlackDouble, user: str) -> str:
    """All that can be read there now."""
    view = slack.home(user)
    return "\n".join(read_texts(view["blocks"])) if view else ""


def list_actions(view: dict[str, Any]) -> set[str]:
    """What can be clicked."""
    elements = [e for b in view["blocks"] for e in (*b.get("elements", ()), b.get("accessory") or {})]
    return {element["action_id"] for element in elements if "action_id" in element}
