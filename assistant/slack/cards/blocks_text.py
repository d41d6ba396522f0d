"""The customer's side of a card: the post, who wrote it, what was found out about it, and the thread around it."""

from assistant.domain import About, Mention, ThreadPost, Urgency
from assistant.replies.tables.histories import History
from assistant.reports.digest import name_network
from assistant.slack.cards.card import Card
from assistant.slack.cards.values import to_value
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_link,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
)

_POST_CHARACTERS = 1200
_THREAD_CHARACTERS = 600
_LINE_CHARACTERS = 180
_MOST_POSTS = 3
_SHOWN_LABELS = (About.SENTIMENT, About.INTENT, About.TOPIC)


def build_post(card: Card) -> list[Block]:
    """The post with its author, and what is known of both; of the person no more than is needed once it is decided."""
    person = [build_context(_describe_person(card))] if card.is_live else []
    return [_build_words(card), build_context(_describe_choice(card)), *person]


def build_thread(card: Card) -> list[Block]:
    """What was said before the post and since, ours among it, as long as it matters."""
    if not card.is_live:
        return []
    thread, written_at = card.around.thread, card.mention.created_at
    before = [post for post in thread if post.created_at <= written_at]
    since = [post for post in thread if post.created_at > written_at]
    blocks = [_build_posts("Before it", before)] if before else []
    return [*blocks, *([_build_posts("Since then", since)] if since else [])]


def describe_post(mention: Mention) -> str:
    """Who wrote where, and the words as a quote."""
    author = escape_line(mention.author, 100) or "somebody"
    quoted = "\n".join(f"> {line}" for line in escape(mention.text).split("\n"))
    return f"*{author}* · {name_place(mention)}\n{cut(quoted, _POST_CHARACTERS)}"


def name_place(mention: Mention) -> str:
    """The network as people call it, escaped."""
    return escape_line(name_network(mention.network), 60)


def _build_words(card: Card) -> Block:
    """The post, and beside it, as long as it is there, the way to put right what was found out about it."""
    section = build_section(describe_post(card.mention))
    if card.mention.removed_at:
        return section
    return {**section, "accessory": build_button("Wrong label?", "relabel", to_value(card.seen))}


def _describe_choice(card: Card) -> str:
    mention, labels = card.mention, dict(card.around.labels)
    link = build_link("open the post", mention.url) if mention.url else ""
    found = ", ".join(escape_line(labels[about], 60) for about in _SHOWN_LABELS if labels.get(about, "none") != "none")
    urgency = labels.get(About.URGENCY, Urgency.NORMAL)
    urgent = {Urgency.HIGH: ":fire: *urgent*", Urgency.RAISED: "medium priority"}.get(Urgency(urgency), "")
    why = escape_line(card.why, 200).removesuffix(".")
    return " · ".join(filter(None, [why, urgent, found, build_time(mention.created_at), link]))


def _describe_person(card: Card) -> str:
    followers = card.mention.followers
    counted = "followers unknown" if followers is None else f"{followers:,} follower{'s'[: followers != 1]}"
    said_in_thread = {post.text for post in card.around.thread if post.is_ours}
    return f"{counted} · {_describe_history(card.around.history, said_in_thread)}"


def _describe_history(history: History, said_in_thread: set[str]) -> str:
    if not history.posts:
        return "first post we've seen"
    posts = f"{history.posts:,} earlier post{'s'[: history.posts != 1]} here"
    since = f" since {build_time(history.since)}" if history.since else ""
    if not history.replies or history.last_reply_at is None:
        return f"{posts}{since}, we answered none"
    times = "once" if history.replies == 1 else f"{history.replies:,} times"
    said = (
        f": “{escape_line(history.last_reply, _LINE_CHARACTERS)}”" if history.last_reply not in said_in_thread else ""
    )
    return f"{posts}{since}, we answered {times}, last {build_time(history.last_reply_at)}{said}"


def _build_posts(title: str, posts: list[ThreadPost]) -> Block:
    left_out = len(posts) - _MOST_POSTS
    more = f", and {left_out} more" if left_out > 0 else ""
    lines = [f"*{title}* in the thread{more}:", *map(_describe_line, posts[-_MOST_POSTS:])]
    return build_context(join_lines(lines, _THREAD_CHARACTERS))


def _describe_line(post: ThreadPost) -> str:
    author = "*we*" if post.is_ours else escape_line(post.author, 60) or "somebody"
    return f"{author}: {escape_line(post.text, _LINE_CHARACTERS)}"
