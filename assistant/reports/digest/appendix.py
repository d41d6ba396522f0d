"""The posts behind every number of a digest, to stand in the same file as the numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.domain import Figure, Mention
from assistant.reports.digest.names import show_value
from assistant.reports.digest.types import Digest, Quote
from assistant.reports.figures import find
from assistant.reports.figures.definitions import define

MAIN = {
    "posts": "All posts",
    "authors": "People who wrote",
    "negative_share": "Negative posts",
    "positive_share": "Positive posts",
    "posts_by_triage.reply": "Posts that need a reply",
    "answered_share": "Posts that need a reply, with those that got one",
    "replies": "Replies that were sent",
    "calendar_hours_to_reply": "Replies that were sent",
}
MOST_LISTED = 300


@dataclass(frozen=True)
class AppendixEntry:
    """One number: what it counts, and the places of its posts in the appendix; `count` is how many there are."""

    name: str
    title: str
    value: str
    definition: str
    count: int
    places: tuple[int, ...]


@dataclass(frozen=True)
class Appendix:
    """All numbers of a digest with posts behind them, and these posts, each once."""

    entries: tuple[AppendixEntry, ...] = ()
    posts: tuple[Quote, ...] = ()

    @property
    def anchors(self) -> dict[str, str]:
        """Return where each figure's posts are, by its name."""
        return {entry.name: f"n{number}" for number, entry in enumerate(self.entries, start=1)}


def build_appendix(
    digest: Digest, find_posts: Callable[[Figure], list[Mention]], show_post: Callable[[Mention], Quote]
) -> Appendix:
    """Look up the posts of each number that the digest shows; of very many, the newest."""
    places: dict[str, int] = {}
    posts: list[Quote] = []
    entries = []
    for figure, title in _list_figures(digest):
        found = find_posts(figure)
        for post in found[:MOST_LISTED]:
            if post.mention_id not in places:
                places[post.mention_id] = len(posts)
                posts.append(show_post(post))
        listed = tuple(places[post.mention_id] for post in found[:MOST_LISTED])
        value = show_value(figure.value, figure.unit)
        entries.append(AppendixEntry(figure.name, title, value, define(figure.name), len(found), listed))
    return Appendix(tuple(entries), tuple(posts))


def _list_figures(digest: Digest) -> Iterator[tuple[Figure, str]]:
    """Each figure that is shown and has posts, once, with what it is called."""
    titles = dict(MAIN)
    for section in digest.sections:
        if section.figure:
            titles.setdefault(section.figure, section.title)
        for line in section.lines:
            titles.setdefault(line.figure, f"{section.title}: {line.label}")
    for news in digest.news:
        for figure in news.figures:
            titles.setdefault(figure.name, figure.name.partition(".")[0].removeprefix("event_"))
    for name, title in titles.items():
        shown = find(digest.figures, name) if name else None
        if shown and shown.posts_query:
            yield shown, title
