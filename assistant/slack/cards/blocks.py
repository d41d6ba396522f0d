"""Puts a card together from its parts.

The buttons of a card: those that its draft's state allows, the usual ones first, the seldom ones in a menu.

What became of a draft: who decided what, and where the reply stands.

What to know before a decision: how ready the draft is, what stands in its way, and who else is at it.
"""

from datetime import date

from assistant.core.database import Row, to_time
from assistant.domain import Decision, DecisionAction, DraftLook, DraftStatus, MayReply, Reply
from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.injection import Risk, RiskLevel
from assistant.replies.review.clearance import name_finding
from assistant.slack.cards.blocks_text import build_post, build_reply, build_sources, build_thread, name_place
from assistant.slack.cards.card import Card, to_value
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_confirm,
    build_context,
    build_header,
    build_link,
    build_section,
    build_time,
    count_characters,
    cut,
    escape_line,
    join_lines,
    name_person,
)

MORE = "more_on_card"
EDIT_CHARACTERS = 3000  # of a field in a modal
_CONFIRM_CHARACTERS = 300
_CONFIRM_DELETE = build_confirm(
    "Delete the reply?", "The network takes it away for everybody. It stays on record here who did it.", "Delete it"
)


def build_buttons(card: Card) -> list[Block]:
    """One block of buttons, or none where nothing can be done."""
    if card.is_pending:
        elements = _build_decisions(card)
    elif card.draft.status is DraftStatus.APPROVED:
        elements = _build_approved(card)
    else:
        elements = _build_ended(card)
    return [{"type": "actions", "block_id": f"card-{card.draft.draft_id}", "elements": elements}] if elements else []


def read_block_id(block_id: str) -> int:
    """The draft's number: a menu's options have no room for more than a word."""
    return int(block_id.removeprefix("card-"))


def _build_decisions(card: Card) -> list[Block]:
    value, draft = to_value(card.seen), card.draft
    claim = ("Release", "release") if card.around.claim else ("Claim", "claim")
    buttons = [
        *_build_first(card, value),
        *([build_button("Edit", "edit", value)] if len(draft.text) <= EDIT_CHARACTERS else []),
        build_button("Regenerate", "regenerate", value),
        *([] if draft.no_reply_reason else [build_button("Reject", "reject", value, "danger")]),
        build_button("Not ours", "not_ours", value),
        build_button(*claim, value),
    ]
    return [*buttons, _build_menu()]


def _build_first(card: Card, value: str) -> list[Block]:
    """What is most likely wanted; nobody approves what they could not read, or what may not leave."""
    draft = card.draft
    if draft.no_reply_reason:
        return [
            build_button("Agree, no reply", "agree", value, "primary"),
            build_button("Reply anyway", "anyway", value),
        ]
    may_leave = card.eligibility.may_reply is not MayReply.NO and not card.around.frozen
    if not draft.text.strip() or not card.is_whole or not may_leave:
        return []
    if card.blocks:
        return [build_button("Override…", "overrule", value, "danger")]
    return [_build_approve(card, value)]


def _build_approve(card: Card, value: str) -> Block:
    if not card.unsupported:
        return build_button("Approve", "approve", value, "primary")
    named = " ".join(f"“{' '.join(text.split())}”" for text in card.unsupported)
    question = cut(f"No document says: {named}", _CONFIRM_CHARACTERS)
    return build_button("Approve", "approve", value, confirm=build_confirm("Send anyway?", question, "Approve"))


def _build_menu() -> Block:
    options = {"versions": "Versions of the draft", "whole": "Read everything"}
    return {
        "type": "overflow",
        "action_id": MORE,
        "options": [{"text": {"type": "plain_text", "text": text}, "value": name} for name, text in options.items()],
    }


def _build_approved(card: Card) -> list[Block]:
    value = to_value(card.seen)
    sent = [build_button("Mark as sent", "mark_sent", value, "primary")] if card.is_for_hand else []
    return [*sent, build_button("Undo", "undo", value)]


def _build_ended(card: Card) -> list[Block]:
    value, status = to_value(card.seen), card.draft.status
    if status is DraftStatus.UNKNOWN:
        return [build_button("I see it there: mark as sent", "mark_sent", value)]
    if status is DraftStatus.SENT and card.around.can_delete:
        return [build_button("Delete the sent reply", "delete", value, "danger", _CONFIRM_DELETE)]
    if status in (DraftStatus.STALE, DraftStatus.FAILED) and not card.mention.removed_at:
        return [build_button("New draft", "redraft", value)]
    return [build_button("It is ours after all", "ours", value)] if card.was_called_not_ours else []


_SHOWN = 3
_VERBS = {
    DecisionAction.FIRST: "Approved, as the first of two,",
    DecisionAction.APPROVE: "Approved",
    DecisionAction.EDIT: "Edited",
    DecisionAction.REJECT: "Rejected",
    DecisionAction.NOT_OURS: "Called not ours to answer",
}


def build_ending(card: Card) -> list[Block]:
    """The latest decisions, when it leaves, and the reply; nothing while nobody has done anything."""
    told = [(decision.decided_at, _describe_decision(decision)) for decision in card.decisions[-_SHOWN:]]
    told += [(to_time(row["done_at"]), _describe_undo(row)) for row in card.around.changes if row["action"] == "undo"]
    lines = [line for _, line in sorted(told, key=lambda one: one[0])[-_SHOWN:]]
    lines += _tell_leaving(card)
    if card.reply:
        lines.append(_describe_reply(card.reply))
    return [build_context("\n".join(lines))] if lines else []


def _describe_decision(decision: Decision) -> str:
    who = name_person(decision.decided_by)
    verb = _VERBS[decision.action]
    reason = f": {escape_line(decision.reason, 200)}" if decision.reason else ""
    return f"{verb} by {who}, {build_time(decision.decided_at)}{reason}"


def _describe_undo(row: Row) -> str:
    return f"Taken back by {name_person(row['done_by'])}, {build_time(to_time(row['done_at']))}"


def _tell_leaving(card: Card) -> list[str]:
    if card.draft.status is not DraftStatus.APPROVED:
        return []
    if card.eligibility.may_reply is MayReply.NO:
        return [f":no_entry_sign: It does not leave: {escape_line(card.eligibility.reason, 200)}"]
    if card.around.frozen:
        return [f":snowflake: {card.around.frozen} It does not leave; Undo brings it back."]
    leaves_at = card.around.leaves_at
    return (
        [f":hourglass_flowing_sand: It is sent at {leaves_at:%H:%M:%S} UTC; Undo brings it back."] if leaves_at else []
    )


def _describe_reply(reply: Reply) -> str:
    how = "Posted by hand, marked as sent" if reply.how == "assist" else "Sent by Earshot"
    link = f" · {build_link('see the reply', reply.url)}" if reply.url and not reply.deleted_at else ""
    gone = ""
    if reply.deleted_at:
        gone = f"\nDeleted by {name_person(reply.deleted_by)}, {build_time(reply.deleted_at)}"
    return f"{how}, {build_time(reply.sent_at)}{link}{gone}"


_NOTE_CHARACTERS = 400
_FINDINGS_CHARACTERS = 1200
_FINDING_CHARACTERS = 350
_LOOKS = {
    DraftLook.READY: ":white_check_mark: Ready",
    DraftLook.NEEDS_WORK: ":wrench: Needs work",
    DraftLook.FINDINGS_ONLY: ":mag: Findings only",
}
_RISKS = {
    RiskLevel.HIGH: ":rotating_light: *High risk*: this post is written for a machine",
    RiskLevel.SOME: ":warning: Some risk: parts of this post are meant for a machine",
    RiskLevel.NONE: "No manipulation detected",
}
_EFFECTS = {
    Effect.BLOCK: ":no_entry: *Can't be sent*",
    Effect.HOLD: ":raised_hand: *Needs a second approver*",
    Effect.WARN: ":warning: *Look again*",
}


def build_badges(card: Card) -> list[Block]:
    """One line: the look, the risk, the version, and who is on it."""
    if not card.is_pending:
        return []
    draft, claim = card.draft, card.around.claim
    look = ":speech_balloon: Do not reply" if draft.no_reply_reason else _LOOKS[draft.look]
    version = f"version {draft.version}" if draft.version > 1 else ""
    who = (
        f":bust_in_silhouette: {name_person(claim.claimed_by)} is on it until {build_time(claim.expires_at)}"
        if claim
        else ""
    )
    badges = [look, _describe_risk(card.around.risk), version, who or "Unassigned"]
    return [build_context(" · ".join(filter(None, badges)))]


def build_objections(card: Card) -> list[Block]:
    """Build the guards' objections: what blocks, why, and how to fix it."""
    needs = card.around.needs
    if not needs or not needs.findings or not card.is_pending:
        return []
    return [build_section(join_lines([_describe_objection(card, one) for one in needs.findings], _FINDINGS_CHARACTERS))]


def build_notes(card: Card) -> list[Block]:
    """Small print; once the draft is decided, it would only distract."""
    if card.draft.status is DraftStatus.STALE:
        return [_warn(card.draft.note)] if card.draft.note else []
    if not card.is_pending:
        return []
    draft = card.draft
    told = [_warn(text) for text in (draft.missing, draft.note) if text]
    return [*told, *_tell_freeze(card), *_tell_second(card), *_tell_eligibility(card), *_tell_length(card)]


def _describe_risk(risk: Risk) -> str:
    reasons = f" ({escape_line(' '.join(risk.reasons), 200)})" if risk.reasons else ""
    return f"{_RISKS[risk.level]}{reasons}"


def _describe_objection(card: Card, finding: Objection) -> str:
    said = escape_line(name_finding(finding), _FINDING_CHARACTERS)
    if finding.effect is Effect.BLOCK and finding not in card.blocks:
        because = escape_line(card.around.overruled_because, 200)
        return f":unlock: Overridden: {said}{f' Because: {because}' if because else ''}"
    return f"{_EFFECTS[finding.effect]}: {said}"


def _warn(text: str) -> Block:
    return build_context(f":warning: {escape_line(text, _NOTE_CHARACTERS)}")


def _tell_freeze(card: Card) -> list[Block]:
    if not card.around.frozen:
        return []
    return [
        build_context(
            f":snowflake: {card.around.frozen} Nothing can be approved; two people lift it: `/earshot unfreeze`"
        )
    ]


def _tell_second(card: Card) -> list[Block]:
    needs = card.around.needs
    if not needs or not needs.second_because:
        return []
    why = escape_line("; ".join(reason.removesuffix(".") for reason in needs.second_because), _NOTE_CHARACTERS)
    first = needs.first
    done = f" {name_person(first.approved_by)} has approved it; somebody else has to as well." if first else ""
    return [
        build_context(f":busts_in_silhouette: *Two people approve this*, one of them a second approver: {why}{done}")
    ]


def _tell_eligibility(card: Card) -> list[Block]:
    judged = card.eligibility
    rule = f" (rule {escape_line(judged.rule, 60)})" if judged.rule else ""
    until = f" Until {build_time(judged.until)}." if judged.until else ""
    reason = f"{escape_line(judged.reason, _NOTE_CHARACTERS)}{rule}{until}"
    if judged.may_reply is MayReply.NO:
        return [build_context(f":no_entry_sign: *Can't be answered*: {reason}")]
    if judged.may_reply is MayReply.ASSIST:
        where = name_place(card.mention)
        return [
            build_context(
                f":information_source: After approving, you'll need to post this on {where} yourself. {reason}"
            )
        ]
    # Where no reply is proposed, that one may leave is beside the point.
    return [] if card.draft.no_reply_reason else [build_context(f":outbox_tray: OK to reply. {reason}")]


def _tell_length(card: Card) -> list[Block]:
    if card.is_whole:
        return []
    told = "This reply is too long for a card: *Read everything* in the menu shows it, and there it can be approved."
    return [build_context(f":warning: {told}")]


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
