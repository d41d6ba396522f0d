"""Cards, made up by hand, for tests that only look at what is shown; and a page with an address to draft from."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.domain import (
    Citation,
    Decision,
    DecisionAction,
    Draft,
    DraftStatus,
    Eligibility,
    MayReply,
    Mention,
    Sentence,
    Support,
)
from assistant.replies.review.approval import Needs
from assistant.replies.review.content import Content
from assistant.slack.cards import Card, build_card
from assistant.slack.client.forms import read_typed

NOW = datetime(2026, 11, 12, 9, 14, tzinfo=UTC)
TIME = "<!date^1794474840^{date_short_pretty}, {time}|2026-11-12 09:14 UTC>"
DAY = "<!date^1794474840^{date_short_pretty}|2026-11-12>"
POST = Mention("x:1", "x", "1", "ada", "How do I pause?", NOW, url="https://x.example/1", followers=1)
SENTENCES = (
    Sentence("Good question.", Support.COURTESY),
    Sentence("You pause in the app.", Support.QUOTED, (1,)),
    Sentence("It is free.", Support.SUPPORTED, (2,)),
)
CITATIONS = (
    Citation(1, "pause.md", "Pausing", "Pausing > How", "https://d.example/pause", "You pause in the app."),
    Citation(2, "pause.md", "Pausing", "How", "https://d.example/pause", "Pausing *costs nothing*."),
)
DRAFT = Draft(
    draft_id=7,
    mention_id="x:1",
    text="Good question. You pause in the app. It is free.",
    status=DraftStatus.PENDING,
    sentences=SENTENCES,
    citations=CITATIONS,
    writer="quoting",
    prompt_version="",
    created_at=NOW,
)
YES = Eligibility(MayReply.YES, "Earshot posts it once you approve.")
ASSIST = Eligibility(MayReply.ASSIST, "Earshot can't post to x. Copy the text, post it, then mark it as sent.")
UNSUPPORTED = Sentence("It costs 5 euros.", Support.UNSUPPORTED)
CARD = Card(DRAFT, POST, YES, (), None, "It asks a question.")


def read_shown(block: dict[str, Any]) -> str:
    """What stands in a field when its form opens."""
    shown = block["element"].get("initial_value")
    return shown if isinstance(shown, str) else read_typed({"rich_text_value": shown})


def make_card(status: DraftStatus = DraftStatus.PENDING, extra: tuple[Sentence, ...] = (), **changes: Any) -> Card:
    """The usual card with a status, sentences besides, and other changes; `note` is the draft's."""
    draft = replace(DRAFT, status=status, sentences=(*SENTENCES, *extra), note=changes.pop("note", ""))
    return replace(CARD, draft=draft, **changes)


def decide(action: str, decided_by: str, reason: str = "") -> Decision:
    """A person's decision on the usual draft."""
    return Decision(7, DecisionAction(action), decided_by, NOW, DRAFT.text, reason)


def doubt(*texts: str) -> Needs:
    """What an approval asks for: to accept these claims."""
    return Needs(Content("", "", "", "", "", "", "", ""), (), (), texts)


def read_texts(blocks: object) -> list[str]:
    """Every text in the blocks, in order."""
    if isinstance(blocks, list):
        return [text for part in blocks for text in read_texts(part)]
    if not isinstance(blocks, dict):
        return []
    own = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
    return own + [text for part in blocks.values() for text in read_texts(part)]


def show(card: Card) -> str:
    """All that a person reads on a card."""
    return "\n".join(read_texts(build_card(card, NOW.date())))


def find_buttons(card: Card) -> dict[str, dict[str, Any]]:
    """The card's buttons by their action."""
    actions = [block["elements"] for block in build_card(card, NOW.date()) if block["type"] == "actions"]
    return {button["action_id"]: button for elements in actions for button in elements}


def give_address(knowledge: Path) -> None:
    """Lets the public document say where it can be read."""
    page = knowledge / "public" / "public.md"
    page.write_text(f"---\nurl: https://larkspur.example/pausing\n---\n{page.read_text()}")
