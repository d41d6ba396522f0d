"""What a person enters: from a test's plain values to the shapes of view.state.values and of an action."""

from typing import Any

from .aliases import Json
from .errors import Impossible
from .transcript import list_elements

TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
PICKED = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
INITIAL = {
    "users_select": "initial_user",
    "channels_select": "initial_channel",
    "conversations_select": "initial_conversation",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
}
WITHOUT_STATE = ("button", "workflow_button", "overflow", "icon_button", "feedback_buttons")
Values = dict[str, dict[str, Any]]
Choice = str | list[str] | None


def build_state(blocks: list[Json], values: Values) -> Json:
    """Every input's value: the test's, or else the input's initial one. Values must belong to inputs that exist."""
    state: Json = {}
    for block in blocks:
        for element in list_elements(block):
            if element["type"] in WITHOUT_STATE:
                continue
            given = values.get(block["block_id"], {})
            if element["action_id"] in given:
                entered = enter(element, given[element["action_id"]])
            else:
                entered = _initial(element)
            state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **entered}
    _refuse_unknown(state, values)
    return state


def enter(element: Json, value: Any) -> Json:
    """One element's part of the state, after the checks that Slack's client makes while one types."""
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return {"value": _typed(element, value)}
    if kind in ("static_select", "external_select", "radio_buttons", "overflow"):
        return {"selected_option": None if value is None else _offered(element, value)}
    if kind in ("multi_static_select", "multi_external_select", "checkboxes"):
        return {"selected_options": [_offered(element, one) for one in value]}
    if kind.startswith("multi_"):
        return {f"{PICKED[kind.removeprefix('multi_')]}s": list(value)}
    if kind in PICKED:
        return {PICKED[kind]: value}
    return {"rich_text_value": _typed_richly(value)} if kind == "rich_text_input" else {"files": value}


def refuse_missing(blocks: list[Json], state: Json) -> None:
    """Slack's client does not send a form in which a required input is empty."""
    for block in blocks:
        if block["type"] != "input" or block.get("optional"):
            continue
        entered = state[block["block_id"]][block["element"]["action_id"]]
        if all(value in (None, "", []) for key, value in entered.items() if key != "type"):
            raise Impossible(f"the input {block['block_id']} is required and empty; Slack would not send the form")


def takes_several(element: Json) -> bool:
    kind = str(element["type"])
    return kind.startswith("multi_") or kind == "checkboxes"


def choose(element: Json, choice: Choice) -> Json:
    """What a click on this element carries beyond the element itself."""
    kind = element["type"]
    if kind in ("button", "workflow_button", "icon_button"):
        return {}
    if choice is None:
        raise Impossible(f"a {kind} needs choose=...")
    if kind == "feedback_buttons":
        button = element.get(f"{choice}_button")
        if button is None:
            raise Impossible("feedback_buttons take choose='positive' or choose='negative'")
        return {"text": button["text"], "value": button["value"]}
    return enter(element, [choice] if takes_several(element) and isinstance(choice, str) else choice)


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return {"value": element.get("initial_value")}
    if kind in ("multi_static_select", "multi_external_select", "checkboxes"):
        return {"selected_options": element.get("initial_options", [])}
    if kind in ("static_select", "external_select", "radio_buttons"):
        return {"selected_option": element.get("initial_option")}
    if kind.startswith("multi_"):
        single = kind.removeprefix("multi_")
        return {f"{PICKED[single]}s": element.get(f"{INITIAL[single]}s", [])}
    if kind in PICKED:
        return {PICKED[kind]: element.get(INITIAL[kind])}
    return {"rich_text_value": element.get("initial_value")} if kind == "rich_text_input" else {"files": []}


def _typed(element: Json, value: Any) -> str | None:
    if value is None:
        return None
    text = str(value)
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if not least <= len(text) <= most:
        raise Impossible(f"{element['action_id']} takes {least} to {most} characters, got {len(text)}")
    return text


def _typed_richly(value: Any) -> Json | None:
    """A test may give plain text, as most people type; an empty field has no value."""
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
    return {"type": "rich_text", "elements": [section]} if value else None


def _offered(element: Json, value: Any) -> Json:
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    groups = [group["options"] for group in element.get("option_groups", [])]
    options: list[Json] = [*element.get("options", []), *(option for group in groups for option in group)]
    for option in options:
        if option["value"] == value:
            return option
    raise Impossible(f"{element['action_id']} offers {[option['value'] for option in options]}, not {value!r}")


def _refuse_unknown(state: Json, values: Values) -> None:
    for block_id, fields in values.items():
        for action_id in fields:
            if action_id not in state.get(block_id, {}):
                known = {block: list(inputs) for block, inputs in state.items()}
                raise Impossible(f"no input {block_id}/{action_id} in the view; it has {known}")
