"""Alerts and crises in Slack: pure functions to Block Kit."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from assistant.alerts.crises import (
    CrisisView,
    describe_alert,
    describe_scope,
    describe_series,
    show_duration,
    title_alert,
    write_report,
)
from assistant.domain import Alert, AlertKind, CrisisEvent, Mention
from assistant.reports.digest import name_network
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_confirm,
    build_context,
    build_header,
    build_link,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
    name_person,
    tell_text,
)

OPEN, JOIN, CLOSE = "open_crisis", "join_crisis", "close_crisis"
_POST_CHARACTERS = 200
_LATEST_EVENTS = 8
_MOST_SERIES = 5
_MESSAGE_SECTIONS = 4  # Slack takes about 13,000 characters in a message


def describe_in_line(alert: Alert) -> str:
    """An alert for a notification."""
    return escape(f"{title_alert(alert)}. {describe_alert(alert)}")


def build_alert_blocks(alert: Alert, posts: list[dict[str, Any]]) -> list[Block]:
    """Build the blocks of an alert, with its posts and a button to open a crisis."""
    blocks = [build_header(title_alert(alert)), build_section(escape(describe_alert(alert)))]
    if alert.also:
        named = [escape_line(describe_series(series), 100) for series in alert.also[:_MOST_SERIES]]
        blocks.append(build_context(f"Also unusual: {'; '.join(named)}"))
    if posts:
        lines = [_describe(row["author"], row["network"], row["text"], row["url"]) for row in posts]
        blocks.append(build_section(join_lines(lines, SECTION_CHARACTERS)))
    if alert.kind is AlertKind.SPIKE:
        button = build_button("Open a crisis", OPEN, str(alert.alert_id), confirm=_confirm_open())
        blocks.append({"type": "actions", "elements": [button]})
    return [*blocks, build_context(f"Alert {alert.alert_id}, found {build_time(alert.found_at)}")]


def build_crisis_blocks(view: CrisisView) -> list[Block]:
    """The crisis as it stands: since when, who is on it, the posts most people saw, the latest events, buttons."""
    crisis = view.crisis
    state = "Crisis" if crisis.is_open else "Closed crisis"
    blocks = [build_header(f"{state} {crisis.crisis_id}: {crisis.title}"), build_section(_describe_state(view))]
    if view.top_posts:
        lines = [_describe_mention(post) for post in view.top_posts]
        blocks.append(build_section("*Posts that matter*\n" + join_lines(lines, SECTION_CHARACTERS - 100)))
    events = [_describe_event(event, find_people(view), 200) for event in view.events[-_LATEST_EVENTS:]]
    blocks.append(build_context(join_lines(events, SECTION_CHARACTERS)))
    return [*blocks, *(_build_buttons(crisis.crisis_id) if crisis.is_open else [])]


def build_news_blocks(view: CrisisView, since: datetime | None) -> list[Block]:
    """What happened in a crisis since somebody looked: posts and replies in numbers, the timeline, the posts."""
    crisis = view.crisis
    state = "open" if crisis.is_open else "closed"
    head = f"*Crisis {crisis.crisis_id}: {escape_line(crisis.title, 150)}* ({state})"
    began = (
        f"Since you last looked, {build_time(since)}:" if since else f"Since it began, {build_time(crisis.began_at)}:"
    )
    posts, negative = sum(hour.posts for hour in view.hours), sum(hour.negative for hour in view.hours)
    people = ", ".join(map(name_person, crisis.people)) or "nobody yet"
    counts = f"{_count(posts, 'new post')}, {negative} negative · {_count(len(view.replies), 'reply', 'replies')} sent"
    lines = [head, began, counts, f"*On it:* {people}"]
    blocks = [build_section(join_lines(lines, SECTION_CHARACTERS))]
    events = [_describe_event(event, find_people(view), 400) for event in view.events[-_LATEST_EVENTS:]]
    blocks.append(build_context(join_lines(events or ["Nothing was done in it."], SECTION_CHARACTERS)))
    if view.top_posts:
        shown = [_describe_mention(post) for post in view.top_posts]
        blocks.append(build_section(join_lines(shown, SECTION_CHARACTERS)))
    return blocks


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def build_event_blocks(event: CrisisEvent, people: Collection[str]) -> list[Block]:
    """One line of the timeline, in which these people have their names."""
    return [build_section(_describe_event(event, people, SECTION_CHARACTERS - 400))]


def find_people(view: CrisisView) -> tuple[str, ...]:
    """Who has to do with a crisis."""
    crisis = view.crisis
    named = (crisis.opened_by, crisis.closed_by, *crisis.people, *(event.who for event in view.events))
    return tuple(dict.fromkeys(named))


def build_report_messages(view: CrisisView) -> list[list[Block]]:
    """The whole report as it would stand in a file, in as many messages as it needs."""
    sections: list[str] = [""]
    for line in write_report(view).split("\n"):
        shown = cut(escape(line).replace("`", "'"), SECTION_CHARACTERS - 20)
        if len(sections[-1]) + len(shown) > SECTION_CHARACTERS - 20:
            sections.append("")
        sections[-1] += f"{shown}\n"
    blocks = [build_section(f"```{section.rstrip()}```") for section in sections if section.strip()]
    return [blocks[start : start + _MESSAGE_SECTIONS] for start in range(0, len(blocks), _MESSAGE_SECTIONS)]


def _describe_state(view: CrisisView) -> str:
    crisis = view.crisis
    posts, negative = sum(hour.posts for hour in view.hours), sum(hour.negative for hour in view.hours)
    people = ", ".join(map(name_person, crisis.people)) or "nobody yet"
    lasted = show_duration(view.seen_at - crisis.opened_at)
    lines = (
        f"Opened by {name_person(crisis.opened_by)}, {build_time(crisis.opened_at)}, for"
        f" {escape_line(describe_scope(crisis.series), 200)}",
        f"{posts} posts, {negative} negative; {len(view.replies)} replies sent; lasted {lasted}",
        f"*On it:* {people}",
        "Replies that wait are frozen." if crisis.is_frozen else "Replies aren't frozen by it.",
    )
    return join_lines(lines, SECTION_CHARACTERS)


def _build_buttons(crisis_id: int) -> list[Block]:
    confirm = build_confirm("Close the crisis", "Is it over? Its report is posted in the thread.", "Close it")
    buttons = [
        build_button("I'm on it", JOIN, str(crisis_id), "primary", spoken="Say that you work on this crisis"),
        build_button("Close", CLOSE, str(crisis_id), confirm=confirm, spoken="Close this crisis"),
    ]
    return [{"type": "actions", "elements": buttons}]


def _confirm_open() -> Block:
    return build_confirm("Open a crisis", "It keeps a timeline in a thread, and freezes replies that wait.", "Open it")


def _describe_event(event: CrisisEvent, people: Collection[str], most: int) -> str:
    return f"{build_time(event.at)} {name_person(event.who)} {tell_text(cut(event.text, most), people)}"


def _describe_mention(post: Mention) -> str:
    return _describe(post.author, post.network, post.text, post.url)


def _describe(author: str, network: str, text: str, url: str | None) -> str:
    who = f"{escape_line(author, 60) or 'somebody'} · {escape_line(name_network(network), 60)}"
    link = f" · {build_link('open the post', url)}" if url else ""
    return f"> {escape_line(text, _POST_CHARACTERS)}\n{who}{link}"
