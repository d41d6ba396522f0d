"""The commands for what cannot wait: alerts, and crisis open, show, close and list."""

import getpass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from assistant.alerts.baseline import LEAST_DAYS
from assistant.alerts.crises import CrisisView, describe_alert, describe_scope, show_duration, title_alert, write_report
from assistant.alerts.watch import NetworkState
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import print_json, print_table, say
from assistant.domain import Alert, Sentiment, Series
from assistant.errors import InputError
from assistant.reports.digest import name_network

CrisisId = Annotated[int, typer.Argument(help="The crisis's number; earshot crisis list shows them.", min=1)]
By = Annotated[str, typer.Option(help="Who does it; your user name if not given.")]
_MOST_SERIES = 10


def add_commands(app: typer.Typer) -> None:
    """Add `alerts` and `crisis …` to the program."""
    app.command()(alerts)
    crisis = typer.Typer(help="Trouble that people work on together, with a timeline.", no_args_is_help=True)
    crisis.command("open")(open_crisis)
    crisis.command("list")(list_crises)
    for command in (show, close):
        crisis.command()(command)
    app.add_typer(crisis, name="crisis")


def alerts(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 7,
    look: Annotated[bool, typer.Option("--look", help="Look for new ones first, as earshot run does.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show spikes and replies that were nearly late, and which networks are too new to tell."""
    assistant = open_assistant(ctx)
    now = assistant.clock()
    if look:
        assistant.alerts.watching.look(now)
        assistant.alerts.crises.take_alerts(now)
    found = assistant.alerts.tables.since(now - timedelta(days=days))
    states = assistant.alerts.watching.describe_networks(now)
    series = list(assistant.alerts.watching.series(now).items())[:_MOST_SERIES]
    if as_json:
        watched = [{"series": one, "posts": posts} for one, posts in series]
        print_json({"alerts": found, "networks": states, "series": watched})
        return
    for alert in found:
        _say_alert(alert)
    if not found:
        say(f"No alerts in the last {days} days." if days > 1 else "No alerts in the last day.")
    _say_networks(states)


def _say_alert(alert: Alert) -> None:
    told = "" if alert.posted_at else " (not posted)"
    say(f"{alert.alert_id}  {alert.at:%Y-%m-%d %H:%M} UTC  {title_alert(alert)}{told}", style="bold")
    say(f"   {describe_alert(alert)}")


def _say_networks(states: list[NetworkState]) -> None:
    young = [state for state in states if state.is_young]
    if not states:
        say("Nothing was counted yet: collect posts, and earshot run looks for spikes after each collecting.")
    for state in young:
        name = name_network(state.network)
        say(
            f"{name} is read since {state.since:%Y-%m-%d %H:%M} UTC: spikes there are only reported from"
            f" {state.ready_at:%Y-%m-%d %H:%M} UTC, since what is usual takes {LEAST_DAYS} days to learn."
        )
    if states and not young:
        say(f"Watched: {', '.join(name_network(state.network) for state in states)}.")


def open_crisis(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(help="What is going on, in a few words.")] = "",
    alert: Annotated[int, typer.Option(help="The number of the alert that shows it.")] = 0,
    network: Annotated[str, typer.Option(help="Only posts of this network belong to it.")] = "",
    topic: Annotated[str, typer.Option(help="Only posts about this topic belong to it.")] = "",
    sentiment: Annotated[Sentiment | None, typer.Option(help="Only posts with this sentiment belong to it.")] = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Open a crisis: it keeps a timeline, and freezes replies that wait."""
    assistant = open_assistant(ctx)
    who, now = by or getpass.getuser(), assistant.clock()
    if alert:
        crisis = assistant.alerts.crises.open_for_alert(alert, who, now)
    else:
        crisis = assistant.alerts.crises.open(title, who, now, Series(network, topic, sentiment or ""))
    _print(assistant.alerts.crises.view(crisis.crisis_id, now), as_json)


def show(
    ctx: typer.Context,
    crisis_id: CrisisId,
    report: Annotated[Path | None, typer.Option(help="Write the report as Markdown to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a crisis: its timeline, posts by hour, the posts that matter, and the replies."""
    assistant = open_assistant(ctx)
    view = assistant.alerts.crises.view(crisis_id, assistant.clock())
    if report:
        try:
            report.write_text(write_report(view) + "\n", encoding="utf-8")
        except OSError as error:
            hint = "Give a file in a folder that exists."
            raise InputError(f"{report} cannot be written: {error.strerror}.", hint) from error
    _print(view, as_json)


def close(ctx: typer.Context, crisis_id: CrisisId, by: By = "", as_json: AsJson = False) -> None:
    """Close a crisis; what it froze stays frozen until people lift it."""
    assistant = open_assistant(ctx)
    crisis = assistant.alerts.crises.close(crisis_id, by or getpass.getuser(), assistant.clock())
    _print(assistant.alerts.crises.view(crisis.crisis_id, assistant.clock()), as_json)


def list_crises(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show every crisis, the newest first."""
    assistant = open_assistant(ctx)
    now, crises = assistant.clock(), assistant.alerts.crises.all()
    if as_json:
        print_json({"crises": list(crises)})
        return
    if not crises:
        say('There was no crisis yet. Open one: earshot crisis open "The app is down"')
        return
    rows: list[tuple[object, ...]] = [
        (
            one.crisis_id,
            "open" if one.is_open else "closed",
            f"{one.opened_at:%Y-%m-%d %H:%M}",
            show_duration((one.closed_at or now) - one.opened_at),
            describe_scope(one.series),
            one.title,
        )
        for one in crises
    ]
    print_table(("crisis", "state", "opened (UTC)", "lasted", "posts", "title"), rows)


def _print(view: CrisisView, as_json: bool) -> None:
    if as_json:
        print_json({**vars(view), "report": write_report(view)})
    else:
        say(write_report(view))
