"""Sources and recalls in Slack: pure functions to Block Kit."""

from collections.abc import Sequence
from datetime import datetime

from assistant.knowledge.sources.standing import SourceStanding, tell_freshness, tell_held, tell_standing
from assistant.replies.review.evidence_watch import draft_correction
from assistant.replies.tables.recalls import Recall
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_header,
    build_link,
    build_section,
    cut,
    escape_line,
)

READ_SOURCE, REMOVE_HELD, KEEP_HELD = "read_source", "remove_held", "keep_held"
SOURCE_ACTIONS = (READ_SOURCE, REMOVE_HELD, KEEP_HELD)
_MOST_SOURCES = 10
_MOST_REPLIES = 8


def build_source_blocks(standings: Sequence[SourceStanding], now: datetime) -> list[Block]:
    """The sources in an admin's Home, those with trouble first."""
    ordered = sorted(standings, key=lambda one: one.is_good)
    blocks = [build_header("Where documents come from")]
    for standing in ordered[:_MOST_SOURCES]:
        section = build_section(_describe(standing, now))
        button = build_button("Read now", READ_SOURCE, standing.section.name)
        blocks.append({**section, "block_id": f"source-{standing.section.name}", "accessory": button})
        if standing.held:
            blocks.append(build_held_buttons(standing.section.name))
    more = len(ordered) - _MOST_SOURCES
    if more > 0:
        blocks.append(build_context(f"… and {more} more. The full list is on the machine that runs Earshot."))
    if not ordered:
        blocks.append(
            build_section("Nothing is read by itself yet. Sources are added on the machine that runs Earshot.")
        )
    return blocks


def _describe(standing: SourceStanding, now: datetime) -> str:
    sign = "" if standing.is_good else ":warning: "
    count = f"{standing.documents:,} document{'' if standing.documents == 1 else 's'}"
    head = f"{sign}*{standing.section.name}* · {standing.section.kind} · {count}"
    told = [escape_line(standing.section.place, 200), escape_line(tell_standing(standing, now), 400)]
    return "\n".join(filter(None, (head, *told, tell_freshness(standing.freshness))))


def build_held_blocks(standing: SourceStanding) -> list[Block]:
    """The question to an admin."""
    name, place = standing.section.name, escape_line(standing.section.place, 200)
    told = f"*{name}* ({place}): {tell_held(standing.held)}. Answers still use them."
    why = f"It has {standing.documents:,} in all. Remove them if they were meant to go; keep them if it's a fault."
    return [build_section(told), build_context(why), build_held_buttons(name)]


def build_held_buttons(name: str) -> Block:
    """The buttons that decide on what is gone."""
    buttons = [build_button("Remove them", REMOVE_HELD, name, "danger"), build_button("Keep them", KEEP_HELD, name)]
    return {"type": "actions", "block_id": f"held-{name}", "elements": buttons}


def build_recall_blocks(recalls: Sequence[Recall]) -> list[Block]:
    """What customers were told on the word of a document that says something else now; all are of one document."""
    first = recalls[0]
    count = "1 reply to customers rests" if len(recalls) == 1 else f"{len(recalls)} replies to customers rest"
    head = f"*“{escape_line(first.title, 150)}” was changed, and {count} on what it said.*"
    blocks = [build_section(head)]
    for recall in recalls[:_MOST_REPLIES]:
        link = build_link(f"the reply of {recall.sent_at:%Y-%m-%d}", recall.url)
        lines = [f"{link} on {escape_line(recall.network, 60)}", f"It said: “{escape_line(recall.quote, 300)}”"]
        lines.append(f"Now: “{escape_line(recall.says_now, 300)}”" if recall.says_now else "That isn't there any more.")
        if correction := draft_correction(recall):
            lines.append(f"You could write: {escape_line(correction, 400)}")
        blocks.append(build_section(cut("\n".join(lines), 2900)))
    if len(recalls) > _MOST_REPLIES:
        blocks.append(
            build_context(
                f"… and {len(recalls) - _MOST_REPLIES} more. The full list is on the machine that runs Earshot."
            )
        )
    return blocks
