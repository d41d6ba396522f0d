"""A crisis as Markdown: what happened when, posts by hour, the posts most people saw, and the replies."""

import re
from collections.abc import Callable

from assistant.alerts.crises import CrisisView
from assistant.alerts.telling import describe_scope, show_duration
from assistant.domain import CrisisEvent, Mention
from assistant.reports.digest import name_network

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")
_POST_CHARACTERS = 500


def write_report(view: CrisisView, name_person: Callable[[str], str] = str) -> str:
    """The whole report. What customers and staff wrote is escaped; times are UTC.

    `name_person` makes a name of what is kept of a person, such as a Slack user id.
    """
    return "\n\n".join(
        part
        for part in (
            _write_head(view, name_person),
            _write_timeline(view.events, name_person),
            _write_hours(view),
            _write_posts(view.top_posts),
            _write_replies(view),
        )
        if part
    )


def _write_head(view: CrisisView, name_person: Callable[[str], str]) -> str:
    crisis = view.crisis
    end = (
        f"closed {crisis.closed_at:%Y-%m-%d %H:%M} by {_escape(name_person(crisis.closed_by))}"
        if crisis.closed_at
        else "open"
    )
    posts, negative = sum(hour.posts for hour in view.hours), sum(hour.negative for hour in view.hours)
    facts = (
        f"Opened {crisis.opened_at:%Y-%m-%d %H:%M} by {_escape(name_person(crisis.opened_by))}, {end}",
        f"Lasted {show_duration(view.seen_at - crisis.opened_at)}",
        f"Counted since {crisis.began_at:%Y-%m-%d %H:%M}: {_escape(describe_scope(crisis.series))}",
        f"Posts {posts}, of them negative {negative}; replies sent {len(view.replies)}",
        f"On it: {', '.join(_escape(name_person(one)) for one in crisis.people) or 'nobody'}",
        f"Replies that waited: {_tell_frozen(view)}",
    )
    lines = "\n".join(f"- {fact}" for fact in facts)
    return f"# Crisis {crisis.crisis_id}: {_escape(crisis.title)}\n\n{lines}\n- All times are UTC"


def _tell_frozen(view: CrisisView) -> str:
    if not view.crisis.is_frozen:
        return "not frozen by it"
    frozen = [event for event in view.events if event.text.startswith("froze ")]
    return f"frozen since {frozen[0].at:%Y-%m-%d %H:%M}, until people lift it" if frozen else "frozen"


def _write_timeline(events: tuple[CrisisEvent, ...], name_person: Callable[[str], str]) -> str:
    lines = [f"- {event.at:%Y-%m-%d %H:%M} {_escape(name_person(event.who))} {_escape(event.text)}" for event in events]
    return "## Timeline\n\n" + "\n".join(lines)


def _write_hours(view: CrisisView) -> str:
    if not view.hours:
        return "## Posts by hour\n\nThere were none."
    rows = [f"| {hour.hour:%Y-%m-%d %H}:00 | {hour.posts} | {hour.negative} |" for hour in view.hours]
    return "## Posts by hour\n\n| hour | posts | negative |\n|---|---:|---:|\n" + "\n".join(rows)


def _write_posts(posts: tuple[Mention, ...]) -> str:
    return "## Posts that mattered\n\n" + "\n\n".join(map(_write_post, posts)) if posts else ""


def _write_post(post: Mention) -> str:
    text = " ".join(post.text.split())
    cut = text if len(text) <= _POST_CHARACTERS else text[: _POST_CHARACTERS - 1] + "…"
    where = f"{post.author or 'somebody'} on {name_network(post.network)}"
    link = f"\n> <{post.url}>" if _is_safe(post.url) else ""
    return f"> {_escape(cut)}\n>\n> {_escape(where)}, {post.created_at:%Y-%m-%d %H:%M}{link}"


def _write_replies(view: CrisisView) -> str:
    if not view.replies:
        return "## Replies\n\nNone were sent."
    lines = [f"- {str(row['sent_at'])[:16].replace('T', ' ')} to {_escape(row['mention_id'])}" for row in view.replies]
    return "## Replies\n\n" + "\n".join(lines)


def _is_safe(url: str | None) -> bool:
    return bool(url and url.startswith(("https://", "http://")) and not re.search(r"[<>\s]", url))


def _escape(text: str) -> str:
    """One line without marks that Markdown would read."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
