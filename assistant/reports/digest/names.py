"""Networks, days, numbers and people as a reader calls them."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from babel import Locale

from assistant.domain import Period, Scope, ScopeKind
from assistant.reports.figures import name_kind

_NETWORKS = {
    "app_store": "App Store",
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "file": "imported file",
    "hackernews": "Hacker News",
    "instagram": "Instagram",
    "mastodon": "Mastodon",
    "pasted": "pasted by hand",
    "reddit": "Reddit",
    "twitter": "Twitter",
    "x": "X",
    "youtube": "YouTube",
}
NETWORKS_BY_NAME = tuple(_NETWORKS)
_UNITS = {"percent": "\N{NO-BREAK SPACE}%", "hours": "\N{NO-BREAK SPACE}h", "working hours": "\N{NO-BREAK SPACE}h"}
# `@ada`, `@ada@mastodon.example`, and `u/ada` of Reddit.
_HANDLE = re.compile(r"(?:(?<![\w@＠])[@＠]|(?<!\w)u/)(\w[\w.-]*(?:@[\w.-]+\w)?)")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def shorten(text: str, most: int) -> str:
    """The text on one line, cut at a word's end with an ellipsis when it is longer than `most` characters."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    return flat[: most - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def name_network(network: str) -> str:
    """A network as people call it: `app_store` is the App Store, and a feed is known by its host."""
    kind, _, address = network.partition(":")
    if kind == "rss":
        return _find_host(address) or network
    if kind == "discourse" and address:
        return address
    return _NETWORKS.get(network, network)


def name_networks(networks: Sequence[str]) -> dict[str, str]:
    """Each network as people call it; feeds of one host are told apart by their paths, else by numbers.

    What follows a `?` is never shown: it may hold a key.
    """
    names = {network: name_network(network) for network in networks}
    shared = _find_repeated(names)
    names = {network: name + _find_path(network) if name in shared else name for network, name in names.items()}
    shared, seen = _find_repeated(names), Counter[str]()
    for network, name in names.items():
        if name in shared:
            seen[name] += 1
            names[network] = f"{name} ({seen[name]})"
    return names


def name_country(code: str) -> str:
    """`GB` as people call it."""
    return str(Locale("en").territories.get(code, code))


def name_language(code: str) -> str:
    """`de` as people call it."""
    return str(Locale("en").languages.get(code, code))


def name_day(text: str) -> str:
    """`2026-11-09` as `Mon 9 Nov`."""
    day = date.fromisoformat(text)
    return f"{day:%a} {day.day} {day:%b}"


def name_period(period: Period) -> str:
    """`Week 2026-W46`, `Month 2026-11`, `Quarter 2026-Q4`."""
    return f"{name_kind(period).capitalize()} {period.label}"


def name_scope(scope: Scope) -> str:
    """`topic billing`, `Germany and Austria`, `Mastodon`; empty for everything."""
    tell = {ScopeKind.COUNTRY: name_country, ScopeKind.NETWORK: name_network}.get(scope.kind or ScopeKind.TOPIC, str)
    named = [tell(name) for name in scope.names]
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"{scope.kind} {listed}" if scope.kind in (ScopeKind.TOPIC, ScopeKind.BRAND) else listed


def name_summary(period: Period, scope: Scope) -> str:
    """Name a summary: `Week 2026-W46, topic billing`."""
    return ", ".join(part for part in (name_period(period), name_scope(scope)) if part)


def show_value(value: object, unit: str = "") -> str:
    """A number as people read it: thousands apart, with its unit where the number alone says too little."""
    if value is None:
        return "not measured"
    if isinstance(value, float) and value.is_integer() and unit not in ("percent", "hours", "working hours"):
        value = int(value)
    # A real minus sign: a hyphen may end a line.
    text = f"{value:,}".replace("-", "−") if isinstance(value, int | float) else str(value)
    return text + _UNITS.get(unit, "")


def show_change(change: float | None, unit: str) -> str:
    """`+12`, `−3`, or nothing where it cannot be compared; of shares in points."""
    if change is None:
        return ""
    if not change:
        return "as before"
    sign = "+" if change > 0 else "−"
    number = round(abs(change), 1)
    text = f"{int(number):,}" if float(number).is_integer() else f"{number:,}"
    return f"{sign}{text}{' points' if unit in ('percent', 'points') else ''}"


def hide_handles(text: str, kept: Collection[str]) -> str:
    """A post without the handles of people and without links, which may lead to them; those of `kept` names stay."""
    known = {name.lstrip("@").casefold() for name in kept}
    text = _LINK.sub("(link)", text)
    return _HANDLE.sub(lambda found: found[0] if found[1].rstrip(".-").casefold() in known else "@…", text)


def _find_host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _find_repeated(names: Mapping[str, str]) -> set[str]:
    return {name for name, count in Counter(names.values()).items() if count > 1}


def _find_path(network: str) -> str:
    kind, _, address = network.partition(":")
    try:
        return urlsplit(address).path.rstrip("/") if kind == "rss" else ""
    except ValueError:
        return ""
