"""The command for managers: digest, also called summary."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import note, print_json, say
from assistant.core.home import Home
from assistant.domain import Figure, Period, Scope
from assistant.errors import InputError
from assistant.listening.build import Listening
from assistant.reports.build import Reports
from assistant.reports.digest import (
    Digest,
    figures_to_csv,
    name_period,
    name_summary,
    posts_to_csv,
    to_pdf,
    to_text,
)
from assistant.reports.digest.plans import choose_period, find_plan
from assistant.reports.figures import find, name_kind, value, week_of
from assistant.slack.tables import SlackStore

_MOST_POSTS = 100_000


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(digest)
    app.command("summary", hidden=True)(digest)


def digest(
    ctx: typer.Context,
    period: Annotated[
        str,
        typer.Option(
            "--period",
            "--week",
            help="A week (2026-W46), month (2026-11), quarter (2026-Q4), this or last; else the last week.",
        ),
    ] = "",
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML page to this file.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write it as PDF to this file; needs the extra pdf.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write its figures, or the posts behind --figure, as CSV.")] = None,
    figure: Annotated[str, typer.Option(help="Show the posts behind this figure, such as posts_by_network.x.")] = "",
    scope: Annotated[
        str, typer.Option(help="Only these posts: topic=…, brand=…, country=DE,AT or network=…, with one name or more.")
    ] = "",
    post: Annotated[bool, typer.Option("--post", help="Post it to Slack, once.")] = False,
    channel: Annotated[str, typer.Option(help="The id of the channel to post it to; else DIGEST_CHANNEL.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Post it once more, even if it was posted before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Summarise a week, month or quarter; every number links to its posts."""
    assistant = open_assistant(ctx)
    chosen = choose_period(period, assistant.clock(), assistant.settings.zone)
    whose = assistant.reports.read_scope(scope)
    if post or again:
        _post(
            assistant.home,
            assistant.reports,
            assistant.slack,
            chosen,
            whose,
            channel or assistant.settings.digest_channel,
            again,
        )
        return
    made = assistant.reports.digest(chosen, whose)
    if html:
        _write(html, assistant.reports.page(made).encode())
    if pdf:
        _write(pdf, to_pdf(made))
    if figure:
        _show_figure(assistant.home, assistant.listening, assistant.reports, _find_figure(made, figure), csv, as_json)
        return
    if csv:
        _write(csv, figures_to_csv(made.figures).encode("utf-8-sig"))
    if as_json:
        print_json(made)
        return
    say(to_text(made))
    _say_span(assistant.home, assistant.listening, made)


def _post(
    home: Home, reports: Reports, slack_store: SlackStore, period: Period, scope: Scope, channel: str, again: bool
) -> None:
    """Posted from here, beside a service that may run: what both would post, each finds by its key."""
    from assistant.slack.digests.flow import connect_digests  # brings Slack's library with it

    if not channel:
        raise InputError("There is no channel to post to.", "Set DIGEST_CHANNEL, or name one with --channel.")
    plan = find_plan(reports.digest_plans, channel, name_kind(period), scope)
    digests = connect_digests(home, reports, slack_store)
    if again:
        digests.post_to(f"{plan.key}:{period.label}:{home.clock().isoformat()}", channel, period, scope)
    elif not digests.post(plan, period):
        say(f"{name_summary(period, scope)} was posted to {channel} before. --again posts it once more.")
        return
    say(f"{name_summary(period, scope)} was posted to {channel}.")


def _find_figure(made: Digest, name: str) -> Figure:
    found = find(made.figures, name)
    if found is None:
        names = sorted({figure.name.partition(".")[0] for figure in made.figures})
        raise InputError(
            f"{name_period(made.period)} has no figure {name}.",
            f"A name and mostly a dot and a label; the names are: {', '.join(names)}.",
        )
    return found


def _show_figure(
    home: Home, listening: Listening, reports: Reports, figure: Figure, csv: Path | None, as_json: bool
) -> None:
    posts = reports.summing.find_posts(figure, _MOST_POSTS)
    text = posts_to_csv(posts, home.settings.digest_hide_authors, listening.known_names)
    if csv:
        _write(csv, text.encode("utf-8-sig"))
    elif as_json:
        print_json({"figure": figure, "mention_ids": [post.mention_id for post in posts]})
    else:
        say(f"{figure.name}: {figure.value} {figure.unit}. {figure.note}".strip())
        say(f"{len(posts)} posts behind it:\n{text}" if posts else "It has no posts behind it.")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "Give a file in a folder that exists."
        ) from error
    note(f"Written to {path}.")


def _say_span(home: Home, listening: Listening, made: Digest) -> None:
    span = listening.mentions.span()
    if not value(made.figures, "posts") and span:
        zone = home.settings.zone
        first, last = (week_of(moment, zone).label for moment in span)
        say(f"\nThe posts that are kept are from {first} to {last}: earshot digest --week {last}")
