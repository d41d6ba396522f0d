"""Figures to the weekly Digest: the sentences a manager reads first, then tables, as text or as one HTML page."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from assistant.domain import Figure, Mention, Week
from assistant.figures import table, value
from assistant.store.database import Row


@dataclass(frozen=True)
class Section:
    """One table of the digest: (label, value) rows, and the widest value for drawing bars."""

    title: str
    rows: tuple[Row, ...]

    @property
    def most(self) -> float:
        """The largest value, at least 1."""
        return max([1, *(row["value"] for row in self.rows)])


@dataclass(frozen=True)
class Digest:
    """The weekly summary: `headlines` are whole sentences, `posts` those that want an answer most."""

    week: Week
    made_at: datetime
    headlines: tuple[str, ...]
    sections: tuple[Section, ...]
    posts: tuple[Mention, ...]
    figures: tuple[Figure, ...]


_SECTIONS = (
    ("Posts a day", "posts_by_day"),
    ("Networks", "posts_by_network"),
    ("Feeling", "posts_by_sentiment"),
    ("What to do", "posts_by_triage"),
    ("Words people use", "topic_words"),
    ("Decisions on drafts", "drafts_by_decision"),
)


def build_digest(week: Week, figures: tuple[Figure, ...], posts: tuple[Mention, ...], made_at: datetime) -> Digest:
    """Put a week's figures in order; every number in its sentences is a figure's value."""
    tables = ((title, tuple(table(figures, name))) for title, name in _SECTIONS)
    sections = tuple(Section(title, rows) for title, rows in tables if rows)
    return Digest(week, made_at, _headlines(figures), sections, posts, figures)


def to_text(digest: Digest) -> str:
    """The digest for a terminal or a plain-text message."""
    lines = [f"Week {digest.week.label}", "", *digest.headlines]
    for section in digest.sections:
        lines += ["", section.title]
        width = max(len(str(row["label"])) for row in section.rows)
        lines += [f"  {row['label']:<{width}}  {row['value']:>6}" for row in section.rows]
    if digest.posts:
        lines += ["", "Posts that wait for an answer"]
        lines += [f"  {post.mention_id}: {shorten(post.text, 100)}" for post in digest.posts]
    return "\n".join(lines)


def to_html(digest: Digest) -> str:
    """The digest as one self-contained page; everything from outside is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = (files("assistant") / "digest.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(digest=digest, shorten=shorten)


def shorten(text: str, most: int) -> str:
    """The text on one line, cut at a word's end with an ellipsis when it is longer than `most` characters."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    return flat[: most - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def _headlines(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    posts = value(figures, "posts") or 0
    if not posts:
        return ("Nobody wrote about us this week, as far as the networks that were read can tell.",)
    sentences = [
        f"{_count(posts, 'post')} from {_count(value(figures, 'authors') or 0, 'author')}:"
        f" {value(figures, 'posts_by_sentiment.negative') or 0} negative,"
        f" {value(figures, 'posts_by_sentiment.neutral') or 0} neutral,"
        f" {value(figures, 'posts_by_sentiment.positive') or 0} positive.",
        f"{value(figures, 'posts_by_triage.reply') or 0} deserve an answer;"
        f" {value(figures, 'answered_share') or 0} % of them have one.",
    ]
    hours = value(figures, "median_hours_to_reply")
    if hours is not None:
        replies = _count(value(figures, "replies") or 0, "reply", "replies")
        sentences.append(f"{replies} went out, half of them within {hours} hours of the post.")
    else:
        sentences.append("No reply went out.")
    return tuple(sentences)


def _count(number: float | int | str, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
