"""The command settings: what admins changed while Earshot ran, and the environment's value back again."""

import getpass
from typing import Annotated

import typer

from assistant.cli.options import AsJson, By, open_assistant
from assistant.cli.output import print_json, print_table, say
from assistant.live_settings.overlay import SettingState, describe_value, to_plain

SetBack = Annotated[
    str, typer.Option("--set-back", metavar="NAME", help="Let the environment's value of this setting count again.")
]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(settings)


def settings(ctx: typer.Context, set_back: SetBack = "", by: By = "", as_json: AsJson = False) -> None:
    """List the settings that admins may change from Slack, with who changed what, and set them back."""
    assistant = open_assistant(ctx)
    if set_back:
        was_changed = assistant.live_settings.adjusting.set_back(set_back, by or getpass.getuser(), assistant.clock())
        standing = assistant.live_settings.adjusting.look_up(set_back)
        if as_json:
            print_json({"is_changed": was_changed, "setting": _to_json(standing)})
            return
        name, value = standing.adjustable.name.upper(), describe_value(standing.value)
        say(f"{name} is {value} again." if was_changed else f"{name} is {value}, as the environment says.")
        return
    standings = assistant.live_settings.adjusting.list_standings()
    if as_json:
        print_json({"settings": [_to_json(standing) for standing in standings]})
        return
    print_table(("setting", "value", "from"), [_to_row(standing) for standing in standings])


def _to_row(standing: SettingState) -> tuple[str, str, str]:
    kept = standing.kept
    source = f"{kept.changed_by}, {kept.changed_at:%Y-%m-%d %H:%M} UTC" if kept else "the environment"
    return standing.adjustable.name.upper(), describe_value(standing.value), standing.fault or source


def _to_json(standing: SettingState) -> dict[str, object]:
    kept = standing.kept
    return {
        "name": standing.adjustable.name,
        "value": to_plain(standing.value),
        "environment": to_plain(standing.environment),
        "changed_by": kept.changed_by if kept else None,
        "changed_at": kept.changed_at if kept else None,
        "fault": standing.fault,
    }
