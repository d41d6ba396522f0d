"""What a review card and its two modals look like: pure functions from a Draft to Block Kit."""

import hashlib
import json
from dataclasses import dataclass

from assistant.domain import Decision, Draft, DraftStatus, Eligibility, MayReply, Mention, Reply, Support
from assistant.slack.blocks import (
    Block,
    build_button,
    build_context,
    build_header,
    build_link,
    build_section,
    cut,
    escape,
)

_POST_CHARACTERS = 1500
_INPUT_CHARACTERS = 3000
_MARKS = {
    Support.QUOTED: "quoted",
    Support.SUPPORTED: "supported",
    Support.COURTESY: "courtesy",
    Support.UNSUPPORTED: ":warning: *no evidence*",
}
_STATES = {
    DraftStatus.PENDING: "waits for a decision",
    DraftStatus.APPROVED: "approved",
    DraftStatus.SENDING: "is being sent",
    DraftStatus.SENT: "sent",
    DraftStatus.UNKNOWN: "nobody can tell yet whether it arrived; it is being looked up",
    DraftStatus.REJECTED: "rejected",
    DraftStatus.FAILED: "the network refused it",
}


@dataclass(frozen=True)
class Card:
    """All that a card shows."""

    draft: Draft
    mention: Mention
    eligibility: Eligibility
    decisions: tuple[Decision, ...]
    reply: Reply | None


def build_card(card: Card) -> list[Block]:
    """The card: the post, the draft with its support, its sources, and buttons while it waits for a decision."""
    mention, draft = card.mention, card.draft
    author = f"*{escape(cut(mention.author or 'somebody', 100))}* on {escape(mention.network)}"
    when = f"{mention.created_at:%Y-%m-%d %H:%M} UTC"
    where = f" · {build_link('open the post', mention.url)}" if mention.url else ""
    blocks = [
        build_header(f"Draft {draft.draft_id}: {_STATES.get(draft.status, draft.status)}"),
        build_section(f"{author}\n{_quote(escape(cut(mention.text, _POST_CHARACTERS)))}"),
        build_context(f"{when}{_followers(mention)}{where}"),
        {"type": "divider"},
        build_section(f"*Proposed reply*\n{escape(draft.text)}"),
        build_context(_describe_support(draft)),
    ]
    if draft.citations:
        sources = [f"[{c.number}] {build_link(cut(c.title, 200), c.url)}" for c in draft.citations[:8]]
        blocks.append(build_context("\n".join(sources)))
    notes = [draft.note, "" if card.eligibility.may_reply is MayReply.YES else card.eligibility.reason]
    blocks += [build_context(f":information_source: {escape(note)}") for note in notes if note]
    return [*blocks, *_build_end(card)]


def build_fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    state = _STATES.get(card.draft.status, card.draft.status)
    return f"Draft {card.draft.draft_id} for a post on {escape(card.mention.network)}: {state}"


def build_edit_modal(draft: Draft) -> Block:
    """A modal with the draft's text to change."""
    return _build_modal("edit", "Edit the reply", "Save", draft, "Reply", draft.text)


def build_reject_modal(draft: Draft) -> Block:
    """A modal that asks why."""
    return _build_modal("reject", "Reject the draft", "Reject", draft, "Why?", "")


def to_button_value(draft: Draft) -> str:
    """What a button carries: the draft, and which text of it the person saw."""
    return json.dumps({"draft_id": draft.draft_id, "text_hash": hash_text(draft.text)})


def hash_text(text: str) -> str:
    """Tells two texts of a draft apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _build_end(card: Card) -> list[Block]:
    draft = card.draft
    if draft.status is DraftStatus.PENDING:
        value = to_button_value(draft)
        buttons = [
            build_button("Approve", "approve", value, "primary"),
            build_button("Edit", "edit", value),
            build_button("Reject", "reject", value, "danger"),
        ]
        return [{"type": "actions", "block_id": f"decide-{draft.draft_id}", "elements": buttons}]
    lines = [_describe_decision(decision) for decision in card.decisions[-3:]]
    if card.reply:
        lines.append(build_link("See the reply", card.reply.url) if card.reply.url else "Sent.")
    if draft.status is DraftStatus.APPROVED and card.eligibility.may_reply is MayReply.ASSIST:
        button = build_button("Mark as sent", "mark_sent", to_button_value(draft))
        # Preformatted rich text is shown as it is: what a person copies holds no escapes and no marks of ours.
        text = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": draft.text}]}
        copy = {"type": "rich_text", "elements": [text]}
        return [
            build_context("\n".join([*lines, "Copy this text, open the post, and mark it as sent:"])),
            copy,
            {"type": "actions", "elements": [button]},
        ]
    return [build_context("\n".join(lines) or "-")]


def _describe_decision(decision: Decision) -> str:
    who = f"<@{decision.decided_by}>" if decision.decided_by[:1] in "UW" else escape(decision.decided_by)
    verb = {"approve": "Approved", "edit": "Edited", "reject": "Rejected"}[decision.action]
    reason = f": {escape(cut(decision.reason, 300))}" if decision.reason else ""
    return f"{verb} by {who}, {decision.decided_at:%Y-%m-%d %H:%M} UTC{reason}"


def _describe_support(draft: Draft) -> str:
    lines = []
    for sentence in draft.sentences:
        numbers = "".join(f" [{number}]" for number in sentence.citations)
        lines.append(f"{_MARKS[sentence.support]}{numbers}: {escape(cut(sentence.text, 120))}")
    return "\n".join(lines)


def _followers(mention: Mention) -> str:
    return f" · {mention.followers:,} followers" if mention.followers is not None else ""


def _quote(text: str) -> str:
    return "\n".join(f"&gt; {line}".replace("&gt; ", "> ", 1) for line in text.split("\n"))


def _build_modal(callback_id: str, title: str, submit: str, draft: Draft, label: str, text: str) -> Block:
    field: Block = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": _INPUT_CHARACTERS}
    if text:
        field["initial_value"] = text[:_INPUT_CHARACTERS]
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": to_button_value(draft),
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": {"type": "plain_text", "text": label},
                "element": field,
            }
        ],
    }
