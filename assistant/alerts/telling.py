"""Alerts, series and lengths of time in words."""

from datetime import timedelta

from assistant.domain import Alert, AlertKind, Series
from assistant.reports.digest import name_network

_KINDS = {AlertKind.SPIKE: "Spike", AlertKind.SLA: "Replies nearly late"}


def describe_series(series: Series) -> str:
    """Whose posts are counted: `negative posts about billing on X`."""
    feeling = f"{series.sentiment} posts" if series.sentiment else "posts"
    about = f" about {series.topic}" if series.topic else ""
    where = f" on {name_network(series.network)}" if series.network else ""
    return f"{feeling}{about}{where}"


def describe_scope(series: Series) -> str:
    """Whose posts belong to a crisis."""
    return describe_series(series) if series != Series() else "all posts"


def title_alert(alert: Alert) -> str:
    """An alert in a few words."""
    if alert.kind is AlertKind.SLA:
        return _KINDS[alert.kind]
    return f"{'Severe spike' if alert.is_severe else _KINDS[alert.kind]}: {describe_series(alert.series)}"


def describe_alert(alert: Alert) -> str:
    """What happened, with its numbers."""
    if alert.kind is AlertKind.SLA:
        waits = "1 post waits" if alert.posts == 1 else f"{alert.posts} posts wait"
        return f"{waits} for a reply that will soon be late."
    window = "the hour" if alert.minutes == 60 else f"the {alert.minutes} minutes"
    posts = describe_series(alert.series)
    if alert.posts == 1:
        posts = posts.replace("posts", "post", 1)
    end = f"{alert.at:%Y-%m-%d %H:%M} UTC"
    return f"{alert.posts} {posts} in {window} before {end}; {show_usual(alert.usual)} would be usual."


def show_usual(usual: float) -> str:
    """A usual number of posts: a part of one is less than one."""
    if usual < 0.5:
        return "hardly any"
    return "about 1" if usual < 1.5 else f"about {usual:.0f}"


def show_duration(time: timedelta) -> str:
    """Days, hours and minutes: `1 d 3 h 20 min`."""
    minutes = int(time.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than a minute"
