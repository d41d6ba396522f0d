"""The posts behind a number of a digest: a form with the numbers of a section, and one number's posts page by page."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain import Figure
from assistant.reports.digest import Digest, Line, Quote, name_summary, shorten, show_value
from assistant.reports.figures import find
from assistant.reports.figures.definitions import define
from assistant.slack.cards.modals import build_text_modal
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
)
from assistant.slack.digests.blocks import DigestRef, describe_post, read_ref

# A block wants another action id for each of its buttons.
PICK, TURN, TURN_ON, POSTS_CSV = "digest_number", "digest_page", "digest_page_on", "digest_posts_csv"
PAGE_POSTS = 5
_MOST_NUMBERS = 100  # of a menu in Slack
_OPTION_CHARACTERS = 75
_POST_CHARACTERS = 600
_TITLE = "Posts behind a number"
NONE_THERE = "There is no number here with posts behind it."
REFUSAL = "Only full members of the company may look behind the numbers."
_FIRST = ("posts", "posts_by_sentiment.negative", "posts_by_sentiment.positive", "posts_by_triage.reply")
_NAMES = {
    "posts": "All posts",
    "posts_by_sentiment.negative": "Negative posts",
    "posts_by_sentiment.positive": "Positive posts",
    "posts_by_triage.reply": "Posts that need a reply",
}


@dataclass(frozen=True)
class Number:
    """One number of a digest as a menu shows it; `key` stands for a name that may be too long for a menu."""

    label: str
    figure: Figure

    @property
    def key(self) -> str:
        """The same for the same figure, at every counting."""
        return hashlib.sha256(self.figure.name.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class ListPlace:
    """The list that somebody looks at: a digest's section, one of its numbers, and the page of its posts, from 0."""

    ref: DigestRef
    number: str = ""
    page: int = 0

    def __str__(self) -> str:
        return json.dumps([str(self.ref), self.number, self.page], ensure_ascii=False)


@dataclass(frozen=True)
class PostsPage:
    """Some of the posts behind a number; `count` is how many there are, at most a thousand."""

    count: int
    posts: tuple[Quote, ...]


def read_place(text: str) -> ListPlace:
    """Read the place that a form was made for."""
    ref, number, page = json.loads(text)
    return ListPlace(read_ref(ref), str(number), int(page))


def read_step(body: dict[str, Any]) -> ListPlace:
    """Read where a click leads: a button opens a section, in the form another number or page is chosen."""
    action, view = body["actions"][0], body.get("view")
    if not view:
        return ListPlace(read_ref(action["value"]))
    place = read_place(view["private_metadata"])
    if action["action_id"] == PICK:
        return replace(place, number=action["selected_option"]["value"], page=0)
    return replace(place, page=max(0, int(action["value"])))


def list_numbers(digest: Digest, section: str) -> list[Number]:
    """The numbers of a section with posts behind it; without a section the main ones, then those of all sections."""
    found: list[Number] = []
    for part in digest.sections:
        if section in ("", part.title):
            lines = part.lines or ((Line(part.title, 0, "", part.figure),) if part.figure else ())
            found += _read_lines(digest, lines, part.title if not section else "")
    if not section:
        main = [Number(_NAMES[name], figure) for name in _FIRST if (figure := find(digest.figures, name))]
        found = [*main, *found]
    shown: dict[str, Number] = {}
    for number in found:
        if number.figure.posts_query:
            shown.setdefault(number.key, number)
    return list(shown.values())[:_MOST_NUMBERS]


def build_loading_modal() -> Block:
    """Build the modal that is shown at once, while the numbers are counted."""
    return build_text_modal(_TITLE, [build_section("Counting…")])


def build_told_modal(told: str) -> Block:
    """One sentence in place of posts."""
    return build_text_modal(_TITLE, [build_section(escape(told))])


def build_posts_modal(digest: Digest, place: ListPlace, numbers: Sequence[Number], page: PostsPage) -> Block:
    """The menu of numbers, the posts of the chosen one, and buttons to the next ones."""
    chosen = next(number for number in numbers if number.key == place.number)
    menu = {
        "type": "static_select",
        "action_id": PICK,
        "placeholder": {"type": "plain_text", "text": "Which number?"},
        "options": [_build_option(number) for number in numbers],
        "initial_option": _build_option(chosen),
    }
    first = place.page * PAGE_POSTS + 1
    last = first + len(page.posts) - 1
    told = f"{_count(page.count)}, {first} to {last} of them here" if page.posts else "No posts behind it now"
    blocks = [
        {"type": "actions", "elements": [menu]},
        build_section(f"*{escape_line(_tell(chosen), 300)}*"),
        *([build_context(escape(meaning))] if (meaning := define(chosen.figure.name)) else []),
        build_context(f"{escape(name_summary(digest.period, digest.scope))}, counted just now. {told}."),
        *[part for quote in page.posts for part in _build_post(quote)],
    ]
    modal = build_text_modal(_TITLE, [*blocks, *_build_turns(place, page)])
    return {**modal, "private_metadata": str(place)}


def _build_post(quote: Quote) -> list[Block]:
    return [build_section(f"{describe_post(quote, _POST_CHARACTERS)} · {build_time(quote.created_at)}")]


def _build_turns(place: ListPlace, page: PostsPage) -> list[Block]:
    buttons = []
    if place.page:
        buttons.append(build_button("Newer", TURN, str(place.page - 1), spoken="The newer posts"))
    if (place.page + 1) * PAGE_POSTS < page.count:
        buttons.append(build_button("Older", TURN_ON, str(place.page + 1), spoken="The older posts"))
    if page.count:
        buttons.append(build_button("Export these", POSTS_CSV, str(place.page), spoken="Get these posts as a CSV file"))
    return [{"type": "actions", "elements": buttons}] if buttons else []


def _read_lines(digest: Digest, lines: Sequence[Line], title: str) -> list[Number]:
    numbers = []
    for line in lines:
        figure = find(digest.figures, line.figure) if line.figure else None
        if figure:
            numbers.append(Number(f"{title}: {line.label}" if title and title != line.label else line.label, figure))
    return numbers


def _build_option(number: Number) -> Block:
    text = shorten(_tell(number), _OPTION_CHARACTERS) or number.key
    return {"text": {"type": "plain_text", "text": cut(text, _OPTION_CHARACTERS)}, "value": number.key}


def _tell(number: Number) -> str:
    return f"{number.label}: {show_value(number.figure.value, number.figure.unit)}"


def _count(number: int) -> str:
    return "1 post" if number == 1 else f"{number:,} posts"
