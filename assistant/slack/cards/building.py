"""Puts a card together from its parts."""

from datetime import date

from assistant.slack.blocks import Block, build_header
from assistant.slack.cards.buttons import build_buttons
from assistant.slack.cards.card import Card
from assistant.slack.cards.ending import build_ending
from assistant.slack.cards.notes import build_badges, build_notes, build_objections
from assistant.slack.cards.post import build_post, name_place
from assistant.slack.cards.reply import build_reply


def build_card(card: Card, today: date) -> list[Block]:
    """The post, the draft with what backs it, what to look out for, and the buttons that its state allows.

    The parts' own limits add up to less than Slack takes in a message, about 13,000 characters.
    """
    return [
        build_header(f"Draft {card.draft.draft_id}: {card.state}"),
        *build_badges(card),
        *build_post(card),
        {"type": "divider"},
        *build_reply(card, today),
        *build_objections(card),
        *build_notes(card),
        *build_ending(card),
        *build_buttons(card),
    ]


def build_fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    return f"Draft {card.draft.draft_id} for a post on {name_place(card.mention)}: {card.state}"
