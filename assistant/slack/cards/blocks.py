"""Puts a card together from its parts."""

from datetime import date

from assistant.slack.cards.blocks_text import build_post, build_thread, name_place
from assistant.slack.cards.buttons import build_buttons
from assistant.slack.cards.card import Card
from assistant.slack.cards.ending import build_ending
from assistant.slack.cards.notes import build_badges, build_notes, build_objections
from assistant.slack.cards.reply import build_reply, build_sources
from assistant.slack.client.blocks import Block, build_context, build_header, count_characters

_MOST_CHARACTERS = 12_000  # Slack takes about 13,000 in a message
_LEFT_OUT = "There is more than Slack takes in a message: *Read everything* in the menu shows the thread and the post."
_EXPENDABLE = ("thread", "sources")  # what matters least first


def build_card(card: Card, today: date) -> list[Block]:
    """The post, the draft with what backs it, what to look out for, and the buttons that its state allows."""
    parts = {
        "header": [build_header(f"Draft {card.draft.draft_id}: {card.state}"), *build_badges(card)],
        "post": build_post(card),
        "thread": build_thread(card),
        "divider": [{"type": "divider"}],
        "reply": build_reply(card),
        "sources": build_sources(card, today),
        "notes": [*build_objections(card), *build_notes(card)],
        "ending": [*build_ending(card), *build_buttons(card)],
    }
    for name in _EXPENDABLE:
        if count_characters(list(parts.values())) > _MOST_CHARACTERS:
            parts[name] = []
            parts["divider"] = [build_context(_LEFT_OUT), {"type": "divider"}]
    return [block for blocks in parts.values() for block in blocks]


def build_fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    return f"Draft {card.draft.draft_id} for a post on {name_place(card.mention)}: {card.state}"
