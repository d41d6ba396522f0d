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
        return float(max([1, *(row["value"] for row in self.rows)]))


@dataclass(frozen=True)
class Digest:
    """The weekly summary: `headlines` are whole sentences, `posts` those that want an answer most."""

    week: Week
    made_at: datetime
    headlines: tuple[str, ...]
    sections: tuple[Section, ...]
    posts: tuple[Mention, ...]
    figures: tuple[Figure, ...]

    @property
    def days(self) -> tuple[str, ...]:
        """The week's dates in the company's time zone."""
        return tuple(row["label"] for row in table(self.figures, "posts_by_day"))


_NOBODY = "Nobody wrote about us this week, as far as the networks that were read can tell."
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
    sections = tuple(Section(title, rows) for title, rows in tables if any(row["value"] for row in rows))
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
    sentences = _tell_posts(figures) if value(figures, "posts") else [_NOBODY]
    return (*sentences, _tell_replies(figures))


def _tell_posts(figures: tuple[Figure, ...]) -> list[str]:
    authors = value(figures, "authors")
    source = f" from {_count(authors, 'author')}" if authors else ""
    feelings = ", ".join(
        f"{value(figures, f'posts_by_sentiment.{feeling}')} {feeling}"
        for feeling in ("negative", "neutral", "positive")
    )
    sentence = f"{_count(value(figures, 'posts') or 0, 'post')}{source}: {feelings}."
    wanting = value(figures, "posts_by_triage.reply")
    if not wanting:
        return [sentence, "None of them asks for an answer."]
    verb = "deserves" if wanting == 1 else "deserve"
    return [sentence, f"{wanting} {verb} an answer; {value(figures, 'answered_share')} % answered so far."]


def _tell_replies(figures: tuple[Figure, ...]) -> str:
    replies, hours = value(figures, "replies"), value(figures, "median_hours_to_reply")
    if not replies:
        return "No reply went out."
    if replies == 1:
        return f"1 reply went out, {hours} hours after the post."
    return f"{replies} replies went out, half of them within {hours} hours of the post."


def _count(number: float | int | str, thing: str) -> str:
    return f"{number} {thing if number == 1 else thing + 's'}"
