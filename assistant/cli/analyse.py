"""Commands on what is found out about posts: analyse, relabel, topics."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import note, print_json, print_line, print_table, say
from assistant.domain import About, Analysis, Intent, Mention, Sentiment
from assistant.errors import InputError
from assistant.listening.networks.base.protocol import Rejected
from assistant.listening.networks.file import read_posts
from assistant.listening.pipeline import discover_topics, relabel_mention, sort_again, triage
from assistant.listening.tables.analyses import DiscoveredTables
from assistant.reports.digest import shorten
from assistant.reports.figures import find_week, week_of

_AT_ONCE = 200


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (analyse, relabel, topics):
        app.command()(command)


def analyse(
    ctx: typer.Context,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A .jsonl or .csv file of posts, plain or .gz: nothing is kept.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Analyse again what an older version analysed.")] = False,
) -> None:
    """Analyse a file of posts, one JSON line for each; or kept posts again."""
    assistant = open_assistant(ctx)
    if (batch is None) is not again:
        raise InputError("Say what to analyse.", "earshot analyse --batch FILE, or earshot analyse --again")
    if batch is not None:
        for group in _group(_read(batch)):
            for mention, analysis in zip(group, assistant.listening.analyser.analyse_all(group).analyses, strict=True):
                print_line(_to_line(mention, analysis))
        return
    with build_progress() as progress:
        task = progress.add_task("Analysing again")
        done = sort_again(
            assistant.listening.mentions,
            assistant.listening.analyser,
            assistant.clock(),
            lambda count: progress.update(task, description=f"{count} posts analysed"),
        )
    say(f"{done} posts analysed again.")


def relabel(
    ctx: typer.Context,
    mention_id: Annotated[str, typer.Argument(help="A mention's id; earshot mentions lists them.")],
    sentiment: Annotated[Sentiment | None, typer.Option(help="The right sentiment.")] = None,
    intent: Annotated[Intent | None, typer.Option(help="The right intent.")] = None,
    topic: Annotated[str, typer.Option(help="A topic of TOPICS_FILE, or none.")] = "",
    by: Annotated[str, typer.Option(help="Who says so.")] = "operator",
    as_json: AsJson = False,
) -> None:
    """Correct the labels of a post; later posts follow."""
    assistant = open_assistant(ctx)
    given = {About.SENTIMENT: sentiment, About.INTENT: intent, About.TOPIC: topic}
    labels = {about: str(label) for about, label in given.items() if label}
    if not labels:
        raise InputError("Say what is right.", "Give --sentiment, --intent or --topic.")
    assistant.listening.analyser.check_topic(topic)
    mention = assistant.listening.mentions.find(mention_id)
    relabel_mention(
        assistant.listening.mentions, assistant.listening.analyser, mention.mention_id, labels, by, assistant.clock()
    )
    assistant.replies.drafting.follow_labels(mention.mention_id, by, assistant.clock())
    findings = assistant.listening.mentions.analyses.findings_of(mention.mention_id)
    if as_json:
        print_json({"mention_id": mention.mention_id, "findings": findings})
    else:
        rows: list[tuple[object, ...]] = [
            (row["about"], row["label"], row["confidence"], row["reason"]) for row in findings
        ]
        print_table(("about", "label", "sure", "why"), rows)


def topics(
    ctx: typer.Context,
    week: Annotated[str, typer.Option(help="An ISO week, like 2026-W46; the last full week if none is named.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what a week's posts were about: the company's own topics, and those discovered in them."""
    assistant = open_assistant(ctx)
    zone = assistant.settings.zone
    span = find_week(week, zone) if week else week_of(assistant.clock() - timedelta(days=7), zone)
    note("Reading the week's posts…")
    own = assistant.listening.mentions.analyses.count(About.TOPIC, span.start_at, span.end_at)
    found = discover_topics(DiscoveredTables(assistant.home.store), assistant.listening.analyser, span)
    rows = [{"key": topic.key, "label": topic.label, "posts": len(ids), "mention_ids": ids} for topic, ids in found]
    if as_json:
        print_json({"week": span.label, "topics": own, "discovered": rows})
        return
    if not own and not found:
        say(f"The week {span.label} has no posts.")
        return
    print_table(("own topic", "posts"), list(own.items()))
    say()
    print_table(
        ("discovered", "posts", "number", "the most typical post"),
        [
            (topic.label, len(ids), topic.key, shorten(assistant.listening.mentions.find(ids[0]).text, 80))
            for topic, ids in found
        ],
    )


def _read(path: Path) -> Iterator[Mention]:
    for post in read_posts(path):
        if isinstance(post, Rejected):
            note(f"{path}, {post.place}: {post.reason}. Left out.")
        else:
            yield post


def _group(mentions: Iterator[Mention]) -> Iterator[list[Mention]]:
    while group := list(islice(mentions, _AT_ONCE)):
        yield group


def _to_line(mention: Mention, analysis: Analysis) -> dict[str, object]:
    decided = triage(mention, analysis)
    return {
        "id": mention.external_id,
        "mention_id": mention.mention_id,
        "sentiment": analysis.sentiment,
        "sentiment_score": analysis.sentiment_score,
        **{finding.about.value: finding.label for finding in analysis.findings if finding.about is not About.SENTIMENT},
        "is_question": analysis.is_question,
        "brands": analysis.brands,
        "words": analysis.words,
        "action": decided.action,
        "reason": decided.reason,
        "findings": analysis.findings,
        "version": analysis.version,
    }
