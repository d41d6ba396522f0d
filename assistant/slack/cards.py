"""What a review card looks like: pure functions from a Draft and what belongs to it to Block Kit."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from assistant.digest import name_network
from assistant.domain import (
    Decision,
    DecisionAction,
    Draft,
    DraftStatus,
    Eligibility,
    MayReply,
    Mention,
    Reply,
    Support,
)
from assistant.slack.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_confirm,
    build_context,
    build_header,
    build_link,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
)
from assistant.slack.people import name_person
from assistant.slack.sources import describe_draft_sources, join_sources

# Slack takes about 13,000 characters in a message: these add up to less, whatever stands in a post or a draft.
_POST_CHARACTERS = 1500
_NOTE_CHARACTERS = 500
_LIST_CHARACTERS = 2000
_TEXT_CHARACTERS = SECTION_CHARACTERS - 100
_STATES = {
    DraftStatus.PENDING: "waits for a decision",
    DraftStatus.APPROVED: "approved",
    DraftStatus.SENDING: "is being sent",
    DraftStatus.SENT: "sent",
    DraftStatus.UNKNOWN: "nobody can tell yet whether it arrived; it is being looked up",
    DraftStatus.REJECTED: "rejected",
    DraftStatus.STALE: "no longer wanted",
    DraftStatus.FAILED: "the network refused it",
}
_VERBS = {
    DecisionAction.FIRST: "Approved, as the first of two,",
    DecisionAction.APPROVE: "Approved",
    DecisionAction.EDIT: "Edited",
    DecisionAction.REJECT: "Rejected",
    DecisionAction.NOT_OURS: "Called not ours to answer",
}
_PROPOSALS = (DraftStatus.PENDING, DraftStatus.REJECTED, DraftStatus.STALE, DraftStatus.BLOCKED)


@dataclass(frozen=True)
class Card:
    """All that a card shows; `why` tells what made the post worth a reply."""

    draft: Draft
    mention: Mention
    eligibility: Eligibility
    decisions: tuple[Decision, ...]
    reply: Reply | None
    why: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether a decision is wanted."""
        return self.draft.status is DraftStatus.PENDING

    @property
    def is_for_hand(self) -> bool:
        """Whether a person has to post the approved text."""
        return self.draft.status is DraftStatus.APPROVED and self.eligibility.may_reply is MayReply.ASSIST

    @property
    def is_whole(self) -> bool:
        """Whether the draft's text has room on a card."""
        return len(escape(self.draft.text)) <= _TEXT_CHARACTERS

    @property
    def state(self) -> str:
        """Where the draft stands, in words."""
        status = self.draft.status
        return "approved, waits for you to post it" if self.is_for_hand else _STATES.get(status, status)


def build_card(card: Card, today: date) -> list[Block]:
    """The card: the post, the draft with its sources, what to look out for, and buttons while it is undecided."""
    blocks = [
        build_header(f"Draft {card.draft.draft_id}: {card.state}"),
        _build_post(card),
        build_context(_describe_choice(card)),
        {"type": "divider"},
        *_build_text(card),
        *_build_unsupported(card.draft),
    ]
    sources = describe_draft_sources(card.draft, today)
    if sources:
        blocks.append(build_context(join_sources(sources, _LIST_CHARACTERS)))
    blocks += [build_context(note) for note in _list_notes(card)]
    return [*blocks, *_build_end(card)]


def build_fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    return f"Draft {card.draft.draft_id} for a post on {_name(card.mention)}: {card.state}"


def describe_post(mention: Mention) -> str:
    """Who wrote where, and the words as a quote."""
    author = escape_line(mention.author, 100) or "somebody"
    quoted = "\n".join(f"> {line}" for line in escape(mention.text).split("\n"))
    return f"*{author}* · {_name(mention)}\n{cut(quoted, _POST_CHARACTERS)}"


def to_button_value(draft: Draft) -> str:
    """What a button carries: the draft, and which text of it the person saw."""
    return json.dumps({"draft_id": draft.draft_id, "text_hash": hash_text(draft.text)})


def hash_text(text: str) -> str:
    """Tells two texts of a draft apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _build_post(card: Card) -> Block:
    """The post, and beside it, as long as it is there, the way to put right what was found out about it."""
    section = build_section(describe_post(card.mention))
    if card.mention.removed_at:
        return section
    return {**section, "accessory": build_button("Wrong label?", "relabel", to_button_value(card.draft))}


def _name(mention: Mention) -> str:
    return escape_line(name_network(mention.network), 60)


def _describe_choice(card: Card) -> str:
    mention = card.mention
    followers = "" if mention.followers is None else f"{mention.followers:,} follower{'s'[: mention.followers != 1]}"
    link = build_link("open the post", mention.url) if mention.url else ""
    return " · ".join(filter(None, [escape_line(card.why, 200), build_time(mention.created_at), followers, link]))


def _build_text(card: Card) -> list[Block]:
    if card.is_for_hand and card.draft.text:  # Slack takes no empty rich text
        return _build_copy(card.draft.text)
    title = "Proposed reply" if card.draft.status in _PROPOSALS else "Reply"
    return [build_section(f"*{title}*\n{cut(escape(card.draft.text), _TEXT_CHARACTERS)}")]


def _build_copy(text: str) -> list[Block]:
    """Preformatted rich text is shown as it is: what a person copies holds no escapes and no marks of ours."""
    element = {"type": "text", "text": cut(text, _TEXT_CHARACTERS)}
    copy = {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}
    return [build_section("*Reply*\nCopy this text, open the post, and mark it as sent:"), copy]


def _list_unsupported(draft: Draft) -> list[str]:
    return [sentence.text for sentence in draft.sentences if sentence.support is Support.UNSUPPORTED]


def _build_unsupported(draft: Draft) -> list[Block]:
    lines = [f"> {escape_line(text, 300)}" for text in _list_unsupported(draft)]
    if not lines:
        return []
    return [build_section(join_lines([":warning: *No document says this:*", *lines], _LIST_CHARACTERS))]


def _list_notes(card: Card) -> list[str]:
    """What to know before a decision, or why none is wanted any more; once it is taken, notes only distract."""
    notes = []
    if card.draft.note and (card.is_pending or card.draft.status is DraftStatus.STALE):
        notes.append(f":warning: {escape_line(card.draft.note, _NOTE_CHARACTERS)}")
    if card.is_pending and card.eligibility.may_reply is MayReply.ASSIST:
        notes.append(f":information_source: After your approval you post it on {_name(card.mention)} yourself.")
    if card.is_pending and card.eligibility.may_reply is MayReply.NO:
        notes.append(f":warning: {escape_line(card.eligibility.reason, _NOTE_CHARACTERS)}")
    if not card.is_whole:
        command = f"`earshot review show {card.draft.draft_id}`"
        notes.append(f":warning: This reply is too long for a card; {command} prints all of it.")
    return notes


def _build_end(card: Card) -> list[Block]:
    lines = [_describe_decision(decision) for decision in card.decisions[-3:]]
    if card.reply:
        lines.append(_describe_reply(card.reply))
    history = [build_context("\n".join(lines))] if lines else []
    return [*history, *_build_buttons(card)]


def _build_buttons(card: Card) -> list[Block]:
    value = to_button_value(card.draft)
    if card.is_for_hand:
        return [{"type": "actions", "elements": [build_button("Mark as sent", "mark_sent", value)]}]
    if not card.is_pending:
        return []
    buttons = [
        # Nobody approves what they could not read.
        *([_build_approve(card.draft, value)] if card.is_whole else []),
        build_button("Edit", "edit", value),
        build_button("Reject", "reject", value, "danger"),
    ]
    return [{"type": "actions", "block_id": f"decide-{card.draft.draft_id}", "elements": buttons}]


def _build_approve(draft: Draft, value: str) -> Block:
    number = len(_list_unsupported(draft))
    if not number:
        return build_button("Approve", "approve", value, "primary")
    what = "1 sentence has" if number == 1 else f"{number} sentences have"
    confirm = build_confirm("No evidence", f"{what} no evidence. Send it all the same?", "Approve")
    return build_button("Approve", "approve", value, confirm=confirm)


def _describe_decision(decision: Decision) -> str:
    who = name_person(decision.decided_by)
    verb = _VERBS[decision.action]
    reason = f": {escape_line(decision.reason, 200)}" if decision.reason else ""
    return f"{verb} by {who}, {build_time(decision.decided_at)}{reason}"


def _describe_reply(reply: Reply) -> str:
    how = "Posted by hand, marked as sent" if reply.how == "assist" else "Sent by Earshot"
    link = f" · {build_link('see the reply', reply.url)}" if reply.url else ""
    return f"{how}, {build_time(reply.sent_at)}{link}"
