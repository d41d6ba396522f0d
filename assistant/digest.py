"""Figures to the weekly Digest: the sentences a manager reads first, then tables, as text or as one HTML page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined

from assistant.domain import Figure, Mention, Week
from assistant.figures import table, value
from assistant.store.cursors import Coverage
from assistant.store.database import Row


@dataclass(frozen=True)
class Section:
    """One table of the digest: (label, value) rows as people read them, and the widest value for drawing bars."""

    title: str
    rows: tuple[Row, ...]

    @property
    def most(self) -> float:
        """The largest value, at least 1."""
        return float(max([1, *(row["value"] for row in self.rows)]))


@dataclass(frozen=True)
class Digest:
    """The weekly summary: `headlines` are whole sentences, `posts` those that want an answer most.

    `gaps` say, a sentence each, which networks were not heard and since when.
    """

    week: Week
    made_at: datetime
    headlines: tuple[str, ...]
    sections: tuple[Section, ...]
    posts: tuple[Mention, ...]
    figures: tuple[Figure, ...]
    gaps: tuple[str, ...] = ()

    @property
    def dates(self) -> str:
        """The week's first and last day in the company's time zone."""
        days = [row["label"] for row in table(self.figures, "posts_by_day")]
        return f"{_name_day(days[0])} to {_name_day(days[-1])} {days[-1][:4]}" if days else ""


_NOBODY = "Nobody wrote about us this week, as far as the networks that were read can tell."
_SECTIONS = (
    ("Posts a day", "posts_by_day"),
    ("Networks", "posts_by_network"),
    ("Feeling", "posts_by_sentiment"),
    ("What the posts need", "posts_by_triage"),
    ("Words people use", "topic_words"),
    ("Decisions on drafts", "drafts_by_decision"),
)
_NETWORKS = {
    "app_store": "App Store",
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "file": "imported file",
    "hackernews": "Hacker News",
    "instagram": "Instagram",
    "mastodon": "Mastodon",
    "reddit": "Reddit",
    "twitter": "Twitter",
    "x": "X",
    "youtube": "YouTube",
}
POSTS_TITLE = "Posts that wait for an answer, most followers first"
GAPS_TITLE = "What was not heard"
PROMISE = "Every number is counted, none is estimated."


def build_digest(
    week: Week,
    figures: tuple[Figure, ...],
    posts: tuple[Mention, ...],
    made_at: datetime,
    coverages: Sequence[Coverage] = (),
) -> Digest:
    """Put a week's figures in order; every number in its sentences is a figure's value."""
    made = (_build_section(title, name, figures) for title, name in _SECTIONS)
    sections = tuple(section for section in made if any(row["value"] for row in section.rows))
    names = name_networks([coverage.network for coverage in coverages])
    gaps = tuple(sentence for coverage in coverages for sentence in _tell_gap(coverage, names[coverage.network]))
    return Digest(week, made_at, _headlines(figures), sections, posts, figures, gaps)


def to_text(digest: Digest) -> str:
    """The digest for a terminal or a plain-text message."""
    lines = [f"Week {digest.week.label}", digest.dates, "", *digest.headlines]
    for section in digest.sections:
        lines += ["", section.title]
        width = max(len(str(row["label"])) for row in section.rows)
        lines += [f"  {row['label']:<{width}}  {row['value']:>6}" for row in section.rows]
    if digest.posts:
        lines += ["", POSTS_TITLE]
        lines += [f"  {post.mention_id}: {shorten(post.text, 100)}" for post in digest.posts]
    if digest.gaps:
        lines += ["", GAPS_TITLE, *(f"  {gap}" for gap in digest.gaps)]
    return "\n".join(lines)


def to_html(digest: Digest) -> str:
    """The digest as one self-contained page; everything from outside is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = (files("assistant") / "digest.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        digest=digest,
        shorten=shorten,
        name_network=name_network,
        posts_title=POSTS_TITLE,
        promise=PROMISE,
        gaps_title=GAPS_TITLE,
    )


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
    """Each network as people call it; feeds of one host are told apart by their paths."""
    names = {network: name_network(network) for network in networks}
    shared = {name for name, count in Counter(names.values()).items() if count > 1}
    return {network: name + _find_path(network) if name in shared else name for network, name in names.items()}


def _build_section(title: str, name: str, figures: tuple[Figure, ...]) -> Section:
    rows = table(figures, name)
    names = name_networks([row["label"] for row in rows]) if name == "posts_by_network" else {}
    tell = {"posts_by_day": _name_day, "posts_by_network": names.__getitem__}.get(name, str)
    return Section(title, tuple({**row, "label": tell(row["label"])} for row in rows))


def _tell_gap(coverage: Coverage, name: str) -> list[str]:
    if coverage.failed_since:
        return [f"{name} could not be read since {coverage.failed_since:%Y-%m-%d %H:%M} UTC: {coverage.failure}"]
    return [f"{name} has more posts than were read so far; the rest follows."] if coverage.is_capped else []


def _headlines(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    sentences = _tell_posts(figures) if value(figures, "posts") else [_NOBODY]
    return (*sentences, _tell_replies(figures))


def _tell_posts(figures: tuple[Figure, ...]) -> list[str]:
    authors = value(figures, "authors")
    source = f" from {_count(authors, 'author')}" if authors else ""
    feelings = ", ".join(f"{row['value']} {row['label']}" for row in table(figures, "posts_by_sentiment"))
    sentence = f"{_count(value(figures, 'posts') or 0, 'post')}{source}: {feelings}."
    wanting = value(figures, "posts_by_triage.reply")
    if not wanting:
        return [sentence, "None of them asks for an answer."]
    verb = "deserves" if wanting == 1 else "deserve"
    share = f"{value(figures, 'answered_share')}\N{NO-BREAK SPACE}%"
    return [sentence, f"{wanting} {verb} an answer; {share} answered so far."]


def _tell_replies(figures: tuple[Figure, ...]) -> str:
    replies, hours = value(figures, "replies"), value(figures, "median_hours_to_reply")
    if not replies:
        return "No reply went out during this week."
    if replies == 1:
        return f"1 reply went out during this week, {hours} hours after the post."
    return f"{replies} replies went out during this week, half of them within {hours} hours."


def _count(number: float | int | str, thing: str) -> str:
    return f"{number} {thing if number == 1 else thing + 's'}"


def _find_host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:  # such as an open bracket
        return ""


def _find_path(network: str) -> str:
    kind, _, address = network.partition(":")
    return urlsplit(address).path.rstrip("/") if kind == "rss" and _find_host(address) else ""


def _name_day(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment:%a} {moment.day} {moment:%b}"
