"""Review cards: pure functions from a Draft and all that belongs to it to Block Kit."""

from assistant.slack.cards.blocks import build_card, build_fallback
from assistant.slack.cards.card import Around, Card

__all__ = ["Around", "Card", "build_card", "build_fallback"]
