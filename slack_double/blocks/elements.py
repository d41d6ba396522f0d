"""Block elements: buttons, menus, pickers and inputs, and where each of them may stand."""

from typing import Any

from .checks import Check, any_of, array, boolean, by_type, choice, exactly_one, number, shape, string
from .report import Report
from .rich_text import RICH_TEXT
from .texts import (
    CONFIRM,
    OPTION_LISTS,
    OPTION_RULE,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    initial_is_offered,
    plain,
)

ACTION_ID = string(255, 1)
STYLE = choice("primary", "danger")
PLACEHOLDER = plain(150)
FILTER = shape(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 4, 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
DISPATCH = shape({"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2, 1)})
SLACK_FILE = shape({}, {"id": string(255), "url": string(3000)}, exactly_one("id", "url"))


def _element(
    type_name: str, required: dict[str, Check], optional: dict[str, Check] | None = None, *rules: Any
) -> tuple[str, Check]:
    """Every usable element may have an action_id; Slack makes one up where it is missing."""
    return type_name, shape(required, {"action_id": ACTION_ID, **(optional or {})}, *rules, type_name=type_name)


def _menu(
    type_name: str,
    initial: str,
    chosen: Check,
    own: dict[str, Check],
    *rules: Any,
    single: dict[str, Check] | None = None,
) -> list[tuple[str, Check]]:
    """A menu and its multi_ twin: initial_option becomes initial_options, and `single` is for the menu alone."""
    shared: dict[str, Check] = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": boolean, **own}
    one: dict[str, Check] = {**shared, initial: chosen, **(single or {})}
    many: dict[str, Check] = {**shared, f"{initial}s": array(chosen, 100, 1), "max_selected_items": number(1, 1000)}
    return [_element(type_name, {}, one, *rules), _element(f"multi_{type_name}", {}, many, *rules)]


def _lengths_fit(value: dict[str, Any], at: str, report: Report) -> None:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        report.error("`min_length` must be less than `max_length`", f"{at}/min_length")


_FEEDBACK = shape({"text": plain(75), "value": string(2000, 1)}, {"accessibility_label": string(75)})
_ID = string(255, 1)
_IDS = array(_ID, 1000)
_ANY_BUTTON: dict[str, Check] = {"style": STYLE, "confirm": CONFIRM, "accessibility_label": string(75)}
_BUTTON: dict[str, Check] = {**_ANY_BUTTON, "url": string(3000), "value": string(2000)}
_ICON: dict[str, Check] = {
    "value": string(2000),
    "confirm": CONFIRM,
    "accessibility_label": string(75),
    "visible_to_user_ids": _IDS,
}
_INPUT: dict[str, Check] = {"placeholder": PLACEHOLDER, "focus_on_load": boolean, "dispatch_action_config": DISPATCH}
_PICKER: dict[str, Check] = {"confirm": CONFIRM, "focus_on_load": boolean}
_ANSWERS: dict[str, Check] = {"response_url_enabled": boolean}

IMAGE = shape(
    {"alt_text": string(2000, 1)},
    {"image_url": string(3000, 1), "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
    type_name="image",
)

ELEMENTS: dict[str, Check] = dict(
    [
        _element("button", {"text": plain(75)}, _BUTTON),
        _element("workflow_button", {"text": plain(75), "workflow": lambda *_: None}, _ANY_BUTTON),
        _element("icon_button", {"icon": string(75, 1), "text": plain(75)}, _ICON),
        _element("feedback_buttons", {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}),
        _element("overflow", {"options": array(OVERFLOW_OPTION, 5, 2)}, {"confirm": CONFIRM}),
        _element(
            "checkboxes",
            {"options": array(RICH_OPTION, 10, 1)},
            {**_PICKER, "initial_options": array(RICH_OPTION, 10, 1)},
            initial_is_offered("initial_options"),
        ),
        _element(
            "radio_buttons",
            {"options": array(RICH_OPTION, 10, 1)},
            {**_PICKER, "initial_option": RICH_OPTION},
            initial_is_offered("initial_option"),
        ),
        *_menu(
            "static_select",
            "initial_option",
            PLAIN_OPTION,
            OPTION_LISTS,
            OPTION_RULE,
            initial_is_offered("initial_option"),
            initial_is_offered("initial_options"),
        ),
        *_menu("external_select", "initial_option", PLAIN_OPTION, {"min_query_length": number(0, 75)}),
        *_menu("users_select", "initial_user", _ID, {}),
        *_menu(
            "conversations_select",
            "initial_conversation",
            _ID,
            {"filter": FILTER, "default_to_current_conversation": boolean},
            single=_ANSWERS,
        ),
        *_menu("channels_select", "initial_channel", _ID, {}, single=_ANSWERS),
        _element("datepicker", {}, {**_PICKER, "placeholder": PLACEHOLDER, "initial_date": string(10, 10)}),
        _element(
            "timepicker",
            {},
            {**_PICKER, "placeholder": PLACEHOLDER, "initial_time": string(5, 5), "timezone": string(75)},
        ),
        _element("datetimepicker", {}, {**_PICKER, "initial_date_time": number(0, 9_999_999_999)}),
        _element(
            "plain_text_input",
            {},
            {
                **_INPUT,
                "initial_value": string(3000),
                "multiline": boolean,
                "min_length": number(0, 3000),
                "max_length": number(1, 3000),
            },
            _lengths_fit,
        ),
        _element("email_text_input", {}, {**_INPUT, "initial_value": string(3000)}),
        _element("url_text_input", {}, {**_INPUT, "initial_value": string(3000)}),
        _element(
            "number_input",
            {"is_decimal_allowed": boolean},
            {**_INPUT, "initial_value": string(255), "min_value": string(255), "max_value": string(255)},
        ),
        _element(
            "rich_text_input",
            {},
            {**_INPUT, "initial_value": RICH_TEXT, "min_lines": number(1, 100), "max_lines": number(1, 100)},
        ),
        _element("file_input", {}, {"filetypes": array(string(20, 1), 100, 1), "max_files": number(1, 10)}),
    ]
)

_MENUS = ["static_select", "external_select", "users_select", "conversations_select", "channels_select"]
_PICKERS = ["datepicker", "timepicker", "checkboxes", "radio_buttons"]
_TYPED = ["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"]
_MULTI = [f"multi_{name}" for name in _MENUS]


def _only(names: list[str], **more: Check) -> Check:
    return any_of(by_type({**{name: ELEMENTS[name] for name in names}, **more}))


ACTIONS_ELEMENT = _only(
    ["button", "workflow_button", "overflow", "datetimepicker", *_MENUS, *_PICKERS, *_MULTI, *_TYPED[4:5]]
)
SECTION_ACCESSORY = _only(["button", "workflow_button", "overflow", *_MENUS, *_PICKERS, *_MULTI], image=IMAGE)
INPUT_ELEMENT = _only([*_MENUS, *_MULTI, *_PICKERS, "datetimepicker", *_TYPED])
CONTEXT_ACTION = _only(["feedback_buttons", "icon_button"])
CARD_BUTTON = _only(["button"])
