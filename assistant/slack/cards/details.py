"""All that a card knows and a decision seldom needs: the whole post and thread, labels, history, rules, sources."""

from collections.abc import Iterator
from datetime import date

from assistant.domain import About, DraftLook, ThreadPost
from assistant.replies.tables.history import History
from assistant.slack.cards import words
from assistant.slack.cards.blocks import list_decisions, list_findings, tell_risk
from assistant.slack.cards.card import Card
from assistant.slack.cards.modals import build_modal, build_text_modal
from assistant.slack.client.blocks import (
    Block,
    build_context,
    build_section,
    build_time,
    cut,
    escape_line,
    join_lines,
)
from assistant.slack.client.sources import describe_draft_sources, describe_found, join_sources

_SHOWN_LABELS = (About.SENTIMENT, About.INTENT, About.TOPIC, About.URGENCY, About.LANGUAGE)
_WHOLE_CHARACTERS = 6_000  # Slack takes 250 kB in a modal, and up to 12 bytes a character
_PIECE_CHARACTERS = 2900
_POST_CHARACTERS = 600
_LINE_CHARACTERS = 180
_SECTION_CHARACTERS = 2500
_MOST_POSTS = 10
_MOST_DECISIONS = 15


def build_details_modal(card: Card, today: date) -> Block:
    """Everything, as far as a modal holds it; a draft that no card has room for is approved here."""
    text = card.draft.text
    blocks = [
        build_section(words.THE_POST),
        *_build_pieces(card.mention.text),
        build_context(join_lines([*_tell_post(card), _tell_rule(card), *(tell_risk(card) or [words.NO_RISK])], 2500)),
        *(block for post in card.around.thread[-_MOST_POSTS:] for block in _describe_thread(post)),
        build_section(words.THE_REPLY if text.strip() else words.NO_DRAFT),
        *_build_pieces(text),
        *_build_findings(card),
        *_build_sources(card, today),
    ]
    if told := list_decisions(card, _MOST_DECISIONS):
        blocks.append(build_context(join_lines([words.HISTORY, *told], _SECTION_CHARACTERS)))
    if not _may_be_approved_here(card):
        return build_text_modal(words.DETAILS, blocks)
    return build_modal("approve", words.DETAILS, words.APPROVE, card.seen, blocks)


def _may_be_approved_here(card: Card) -> bool:
    is_readable = not card.is_whole and len(card.draft.text) <= _WHOLE_CHARACTERS
    return card.is_pending and is_readable and card.may_leave and not card.blocks


def _tell_post(card: Card) -> Iterator[str]:
    labels = dict(card.around.labels)
    found = ", ".join(escape_line(labels[about], 60) for about in _SHOWN_LABELS if labels.get(about, "none") != "none")
    if card.why:
        yield words.WHY.format(why=escape_line(card.why, 300))
    if found:
        yield words.LABELS.format(labels=found)
    if card.is_live:
        yield _describe_person(card)


def _describe_person(card: Card) -> str:
    followers = card.mention.followers
    one = followers == 1
    counted = words.FOLLOWERS_UNKNOWN if followers is None else f"{followers:,} follower{'' if one else 's'}"
    said_in_thread = {post.text for post in card.around.thread if post.is_ours}
    return f"{counted} · {_describe_history(card.around.history, said_in_thread)}"


def _describe_history(history: History, said_in_thread: set[str]) -> str:
    if not history.posts:
        return words.FIRST_POST
    posts = f"{history.posts:,} earlier post{'s'[: history.posts != 1]}"
    since = words.SINCE.format(when=build_time(history.since)) if history.since else ""
    answered = words.ANSWERED_NONE
    if history.replies and history.last_reply_at:
        times = "once" if history.replies == 1 else f"{history.replies:,} times"
        is_new = history.last_reply not in said_in_thread
        said = f": “{escape_line(history.last_reply, _LINE_CHARACTERS)}”" if is_new else ""
        answered = words.ANSWERED.format(times=times, when=build_time(history.last_reply_at), said=said)
    return words.EARLIER.format(number=posts, since=since, answered=answered)


def _tell_rule(card: Card) -> str:
    judged = card.eligibility
    rule = words.RULE_NAME.format(name=escape_line(judged.rule, 60)) if judged.rule else ""
    until = words.UNTIL.format(when=build_time(judged.until)) if judged.until else ""
    return words.RULE.format(reason=escape_line(judged.reason, 400), rule=rule, until=until)


def _describe_thread(post: ThreadPost) -> Iterator[Block]:
    author = words.WE.capitalize() if post.is_ours else escape_line(post.author, 100) or words.SOMEBODY.capitalize()
    yield build_context(words.IN_THREAD.format(author=author, when=build_time(post.created_at)))
    yield from _build_pieces(cut(post.text, _POST_CHARACTERS))


def _build_findings(card: Card) -> list[Block]:
    found = list_findings(card, 500)
    return [build_section(join_lines(found, _SECTION_CHARACTERS))] if found else []


def _build_sources(card: Card, today: date) -> list[Block]:
    is_found_only = card.draft.look is DraftLook.FINDINGS_ONLY and not card.draft.sentences
    sources = describe_found(card.draft, today) if is_found_only else describe_draft_sources(card.draft, today)
    return (
        [build_section(words.THE_SOURCES), build_context(join_sources(sources, _SECTION_CHARACTERS))] if sources else []
    )


def _build_pieces(text: str) -> Iterator[Block]:
    """Rich text shows every character as it stands there, and holds them all where escapes would not fit."""
    shown = cut(text, _WHOLE_CHARACTERS)
    for start in range(0, len(shown), _PIECE_CHARACTERS):
        element = {"type": "text", "text": shown[start : start + _PIECE_CHARACTERS]}
        yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}
