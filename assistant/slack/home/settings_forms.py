"""The forms in which admins change settings: pure functions to and from Block Kit.

What the settings look like in App Home: what each is, who changed it, and a button to change it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.core.wording import Wording
from assistant.listening.analysis.topics import Topic
from assistant.live_settings.overlay import SettingKind, SettingState, Value, list_names
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_confirm,
    build_context,
    build_header,
    build_section,
    build_time,
    cut,
    escape_line,
    join_lines,
    name_channel,
    name_person,
    name_person_or_group,
)
from assistant.slack.client.forms import build_alert
from assistant.slack.home.schedule_words import read_schedule, tell_schedule

CHANGE_SETTING = "change_setting"
_NAMES_CHARACTERS = 1000
_NOBODY = {
    "reviewers": "empty: everyone in the review channel can decide",
    "second_approvers": "empty: every reviewer",
    "managers": "empty: everyone in the company sees the figures",
    "admins": "nobody",
}
_NOTHING = {
    "review_channel": "none: drafts aren't shown in Slack",
    "digest_channel": "none: the summary isn't posted",
    "alert_channel": "none: alerts go to the channel for review cards",
    "internal_channels": "none: only in direct messages",
    "help_channels": "none: I answer when I'm mentioned",
    "help_thread_channels": "none: people's threads are left alone",
    "topics": "none",
}


def build_setting_blocks(standings: Sequence[SettingState], wording: Wording) -> list[Block]:
    """Every setting that may be changed."""
    told = "Only admins see this. Changes apply immediately and are logged."
    return [build_header("Settings"), build_context(told), *(_build_setting(one, wording) for one in standings)]


def tell_setting(standing: SettingState, value: Value, wording: Wording) -> str:
    """A value of a setting in mrkdwn."""
    name, kind = standing.adjustable.name, standing.adjustable.kind
    if not value:
        return _NOBODY.get(name) or _NOTHING.get(name, "nothing")
    if isinstance(value, str):
        return name_channel(value) if kind is SettingKind.CHANNEL else escape_line(tell_schedule(value, wording), 100)
    names = [one for one in value if isinstance(one, str)]
    if kind is SettingKind.TOPICS:
        shown = [escape_line(one, 80) for one in list_names([one for one in value if isinstance(one, Topic)])]
    else:
        shown = [(name_channel if kind is SettingKind.CHANNELS else name_person_or_group)(one) for one in names]
    return _join_names(shown)


def tell_change(standing: SettingState, wording: Wording) -> str:
    """Say who changed it, and what the environment says; nothing where the environment counts."""
    kept = standing.kept
    if kept is None:
        return ""
    told = f"Changed by {name_person(kept.changed_by)}, {build_time(kept.changed_at)}."
    if standing.fault:
        return f":warning: {escape_line(standing.fault, 500)}"
    return f"{told} Default: {tell_setting(standing, standing.environment, wording)}"


def _build_setting(standing: SettingState, wording: Wording) -> Block:
    one = standing.adjustable
    lines = [f"*{one.title}*", tell_setting(standing, standing.value, wording), tell_change(standing, wording)]
    section = build_section(join_lines([line for line in lines if line], SECTION_CHARACTERS))
    section["block_id"] = f"setting-{one.name}"
    return {**section, "accessory": build_button("Change", CHANGE_SETTING, one.name, spoken=f"Change: {one.title}")}


def _join_names(names: Sequence[str]) -> str:
    """As many as have room."""
    shown: list[str] = []
    for name in names:
        if sum(map(len, shown)) + len(name) > _NAMES_CHARACTERS:
            return f"{', '.join(shown)} and {len(names) - len(shown)} more"
        shown.append(name)
    return ", ".join(shown)


SAVE_SETTING, SAVE_TOPIC, SAVE_FREEZE = "save_setting", "save_topic", "save_freeze"
SET_BACK, EDIT_TOPIC, ADD_TOPIC, REMOVE_TOPIC = "set_back_setting", "edit_topic", "add_topic", "remove_topic"
VALUE, GROUPS = "value", "groups"
NAME, DESCRIPTION, EXAMPLES = "name", "description", "examples"
MOST_PEOPLE = 100  # of Slack, in a menu that has some chosen already
_MOST_TOPICS = 90
_TITLE_CHARACTERS = 24
_OPTION_CHARACTERS = 75
_TEXT_CHARACTERS = 3000
_HINTS = {
    "digest_schedule": "In the company's time zone: every Monday at 9, weekdays 8:30, first Monday of the month at 9.",
    "internal_channels": "Only works if every member is staff; with a guest, answers use public documents.",
    "help_channels": "I answer new messages there when I'm sure, and stay silent otherwise.",
    "help_thread_channels": "There I also answer questions inside of threads when I'm sure.",
    "alert_channel": "Without one, alerts go to the channel for review cards.",
    "reviewers": "Without any, everyone in the review channel can decide on drafts.",
    "second_approvers": "Without any, every reviewer counts as one.",
    "managers": "Without any, everyone in the company sees the figures.",
    "admins": "Who was an admin from the start always stays one.",
}


@dataclass(frozen=True)
class Form:
    """The subject of a form: a setting as it was changed last when somebody `seen` it, or one topic."""

    name: str
    seen: int
    topic: str = ""

    def to_text(self) -> str:
        """As the form carries it."""
        return json.dumps(asdict(self))


def read_form(text: str) -> Form:
    """The inverse."""
    return Form(**json.loads(text))


def build_setting_form(standing: SettingState, seen: int, groups: Sequence[tuple[str, str]], wording: Wording) -> Block:
    """The form of one setting. `groups` are ids and names of user groups."""
    one = standing.adjustable
    form = Form(one.name, seen)
    inputs = _build_inputs(standing, groups, wording)
    blocks = [build_section(f"*{one.title}*"), *inputs, *_build_set_back(standing, form, wording)]
    return _build_modal(SAVE_SETTING, "Change a setting", form, blocks, "Save")


def build_topics_modal(standing: SettingState, seen: int, wording: Wording) -> Block:
    """All topics, each with a button that changes it."""
    topics = [topic for topic in standing.value if isinstance(topic, Topic)]
    form = Form(standing.adjustable.name, seen)
    add = build_button("Add a topic…", ADD_TOPIC, form.to_text(), "primary")
    told = "New posts are sorted by these; posts that are already sorted stay as they are."
    blocks = [build_context(told)]
    blocks += [_build_topic(topic, number) for number, topic in enumerate(topics[:_MOST_TOPICS])]
    if len(topics) > _MOST_TOPICS:
        blocks.append(build_context(f"{len(topics) - _MOST_TOPICS} more aren't shown here."))
    blocks.append({"type": "actions", "block_id": "topics", "elements": [add]})
    return _build_modal("topics", "Own topics", form, [*blocks, *_build_set_back(standing, form, wording)])


def find_obstacle(standing: SettingState, topic: Topic | None = None) -> str:
    """Return why something cannot be changed in a form without losing a part; empty when it can."""
    if topic and max(len("\n".join(topic.examples)), len(topic.description)) > _TEXT_CHARACTERS:
        return f"The topic {topic.name} is too long for a form in Slack. Whoever looks after me can change it."
    people = [one for one in standing.value if isinstance(one, str) and one.startswith(("U", "W"))]
    if standing.adjustable.kind is SettingKind.PEOPLE and len(people) > MOST_PEOPLE:
        return f"A form in Slack holds {MOST_PEOPLE} people: choose a user group instead."
    return ""


def build_topic_form(topic: Topic | None, seen: int) -> Block:
    """The form of one topic, empty for a new one."""
    form = Form("topics", seen, topic.name if topic else "")
    text = topic or Topic(name="-")
    blocks = [
        _build_text(NAME, "Name", text.name if topic else "", 80),
        _build_text(
            DESCRIPTION, "What it is about", text.description, _TEXT_CHARACTERS, is_optional=True, is_long=True
        ),
        _build_text(
            EXAMPLES,
            "Examples, one a line, as customers write",
            "\n".join(text.examples),
            _TEXT_CHARACTERS,
            is_long=True,
        ),
    ]
    if topic:
        question = "Posts are no longer sorted by it."
        confirm = build_confirm("Remove the topic?", question, "Remove")
        button = build_button("Remove this topic…", REMOVE_TOPIC, form.to_text(), "danger", confirm)
        blocks.append({"type": "actions", "block_id": "remove", "elements": [button]})
    return _build_modal(SAVE_TOPIC, "Change a topic" if topic else "Add a topic", form, blocks, "Save")


def build_freeze_form() -> Block:
    """Asks whether a freeze is meant, and why."""
    alert = build_alert("*No reply is sent from now on*, not even approved ones.", "error")
    told = "Two people lift the freeze, and what is still to be sent then has to be approved again."
    reason = _build_text(VALUE, "Why? Everybody who tries to send sees it.", "", 500, is_optional=True)
    return _build_modal(
        SAVE_FREEZE, "Freeze all replies?", Form("freeze", 0), [alert, build_section(told), reason], "Freeze"
    )


def build_told_modal(title: str, told: str) -> Block:
    """A modal that tells something; `told` is mrkdwn, escaped already."""
    return _build_modal("told", title, Form("told", 0), [build_section(told)])


def read_value(kind: SettingKind, values: Mapping[str, Mapping[str, Any]]) -> str | list[str]:
    """Read the value entered in the form of a setting."""
    entered = values[VALUE][VALUE]
    if kind is SettingKind.CHANNEL:
        return str(entered.get("selected_conversation") or "")
    if kind is SettingKind.CHANNELS:
        return [str(one) for one in entered.get("selected_conversations") or []]
    if kind is SettingKind.PEOPLE:
        chosen = values.get(GROUPS, {}).get(GROUPS, {}).get("selected_options") or []
        return [str(one) for one in entered.get("selected_users") or []] + [str(one["value"]) for one in chosen]
    text = str(entered.get("value") or "")
    return read_schedule(text) if kind is SettingKind.SCHEDULE else text


def read_topic(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Read the topic entered in a form, as a file would have it."""
    name, description, examples = (str(values[n][n].get("value") or "") for n in (NAME, DESCRIPTION, EXAMPLES))
    lines = [line.strip().lstrip("-•* ") for line in examples.splitlines()]
    return {"name": name, "description": description, "examples": [line for line in lines if line]}


def _build_inputs(standing: SettingState, groups: Sequence[tuple[str, str]], wording: Wording) -> list[Block]:
    one, value = standing.adjustable, standing.value
    hint = _HINTS.get(one.name, "")
    names = [name for name in value if isinstance(name, str)] if not isinstance(value, str) else []
    if one.kind is SettingKind.PEOPLE:
        return _build_people(names, groups, hint)
    if one.kind is SettingKind.SCHEDULE:
        return [_build_text(VALUE, "When", tell_schedule(str(value), wording), 100, hint=hint)]
    element: Block = {"type": "conversations_select", "action_id": VALUE, "filter": _own_channels()}
    if one.kind is SettingKind.CHANNEL and value:
        element["initial_conversation"] = value
    if one.kind is SettingKind.CHANNELS:
        element |= {"type": "multi_conversations_select"}
        element |= {"initial_conversations": names} if names else {}
    return [_build_input(VALUE, "Channels" if one.kind is SettingKind.CHANNELS else "Channel", element, hint)]


def _build_people(names: Sequence[str], groups: Sequence[tuple[str, str]], hint: str) -> list[Block]:
    users = [name for name in names if name.startswith(("U", "W"))]
    people: Block = {"type": "multi_users_select", "action_id": VALUE}
    people |= {"initial_users": users} if users else {}
    chosen = [name for name in names if name not in users]
    # Whatever stands there and is no group that Slack knows is kept, as long as nobody takes it out.
    named = dict.fromkeys(chosen) | dict(groups)
    order = [*chosen, *(group for group in named if group not in chosen)][:MOST_PEOPLE]
    blocks = [_build_input(VALUE, "People", people, hint)]
    if not order:
        return blocks
    options = {name: _build_option(named[name] or name, name) for name in order}
    menu: Block = {"type": "multi_static_select", "action_id": GROUPS, "options": list(options.values())}
    menu |= {"initial_options": [options[name] for name in chosen]} if chosen else {}
    return [*blocks, _build_input(GROUPS, "User groups", menu)]


def _build_topic(topic: Topic, number: int) -> Block:
    examples = f"{len(topic.examples)} {'example' if len(topic.examples) == 1 else 'examples'}"
    description = escape_line(topic.description, 200)
    lines = [f"*{escape_line(topic.name, 80)}* · {examples}", *([description] if description else [])]
    button = build_button("Change…", EDIT_TOPIC, topic.name, spoken=f"Change the topic {cut(topic.name, 50)}")
    return {**build_section("\n".join(lines)), "block_id": f"topic-{number}", "accessory": button}


def _build_set_back(standing: SettingState, form: Form, wording: Wording) -> list[Block]:
    if standing.kept is None:
        return []
    question = "The default applies again immediately."
    confirm = build_confirm("Set it back?", question, "Set back")
    button = build_button("Set back…", SET_BACK, form.to_text(), "danger", confirm)
    return [{**build_section(tell_change(standing, wording)), "block_id": "set-back", "accessory": button}]


def _own_channels() -> Block:
    return {"include": ["public", "private"], "exclude_bot_users": True, "exclude_external_shared_channels": True}


def _build_option(text: str, value: str) -> Block:
    return {"text": {"type": "plain_text", "text": cut(text, _OPTION_CHARACTERS)}, "value": value[:_OPTION_CHARACTERS]}


def _build_input(name: str, label: str, element: Block, hint: str = "", is_optional: bool = True) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "optional": is_optional,
        "label": {"type": "plain_text", "text": label},
        "element": element,
    }
    return block | ({"hint": {"type": "plain_text", "text": hint}} if hint else {})


def _build_text(
    name: str, label: str, text: str, most: int, is_optional: bool = False, is_long: bool = False, hint: str = ""
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": most, "multiline": is_long}
    element |= {"initial_value": text[:most]} if text else {}
    return _build_input(name, label, element, hint, is_optional)


def _build_modal(callback_id: str, title: str, form: Form, blocks: list[Block], submit: str = "") -> Block:
    modal: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": form.to_text(),
        "title": {"type": "plain_text", "text": title[:_TITLE_CHARACTERS]},
        "close": {"type": "plain_text", "text": "Cancel" if submit else "Close"},
        "blocks": blocks,
    }
    return modal | ({"submit": {"type": "plain_text", "text": submit}} if submit else {})
