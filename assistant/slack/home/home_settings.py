"""What the settings look like in App Home: what each is, who changed it, and a button to change it."""

from collections.abc import Sequence

from assistant.listening.analysis.topics import Topic
from assistant.live_settings.adjustable import Kind, Value, list_names
from assistant.live_settings.overlay import Standing
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_context,
    build_header,
    build_section,
    build_time,
    escape_line,
    join_lines,
)
from assistant.slack.client.people import name_channel, name_person, name_person_or_group

CHANGE_SETTING = "change_setting"
_NAMES_CHARACTERS = 1000
_NOBODY = {
    "reviewers": "nobody is named: whoever is in the review channel may decide",
    "second_approvers": "nobody is named: every reviewer is one",
    "managers": "nobody is named: everybody of the company sees the figures",
    "admins": "nobody",
}
_NOTHING = {
    "review_channel": "none: drafts are only shown by `earshot review`",
    "digest_channel": "none: the summary is not posted",
    "alert_channel": "none: alerts go to the channel for review cards",
    "internal_channels": "none: only in direct messages",
    "topics": "none",
}


def build_setting_blocks(standings: Sequence[Standing]) -> list[Block]:
    """Every setting that may be changed."""
    told = "Only admins see this. Changes apply immediately, override the environment and are logged."
    return [build_header("Settings"), build_context(told), *(_build_setting(standing) for standing in standings)]


def tell_setting(standing: Standing, value: Value) -> str:
    """A value of a setting in mrkdwn."""
    name, kind = standing.adjustable.name, standing.adjustable.kind
    if not value:
        return _NOBODY.get(name) or _NOTHING.get(name, "nothing")
    if isinstance(value, str):
        return name_channel(value) if kind is Kind.CHANNEL else f"`{escape_line(value, 100).replace('`', chr(39))}`"
    names = [one for one in value if isinstance(one, str)]
    if kind is Kind.TOPICS:
        shown = [escape_line(one, 80) for one in list_names([one for one in value if isinstance(one, Topic)])]
    else:
        shown = [(name_channel if kind is Kind.CHANNELS else name_person_or_group)(one) for one in names]
    return _join_names(shown)


def tell_change(standing: Standing) -> str:
    """Who changed it, and what the environment says; nothing where the environment counts."""
    kept = standing.kept
    if kept is None:
        return ""
    told = f"Changed by {name_person(kept.changed_by)}, {build_time(kept.changed_at)}."
    if standing.fault:
        return f":warning: {escape_line(standing.fault, 500)}"
    where = "the environment" if standing.adjustable.kind is not Kind.TOPICS else "TOPICS_FILE"
    return f"{told} In {where}: {tell_setting(standing, standing.environment)}"


def _build_setting(standing: Standing) -> Block:
    one = standing.adjustable
    lines = [f"*{one.title}* (`{one.name.upper()}`)", tell_setting(standing, standing.value), tell_change(standing)]
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
