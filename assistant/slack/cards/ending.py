"""What became of a draft: who decided what, and where the reply stands."""

from assistant.core.database import Row, to_time
from assistant.domain import Decision, DecisionAction, DraftStatus, MayReply, Reply
from assistant.slack.cards.card import Card
from assistant.slack.client.blocks import Block, build_context, build_link, build_time, escape_line
from assistant.slack.client.people import name_person

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
        [f":hourglass_flowing_sand: It leaves at {leaves_at:%H:%M:%S} UTC; Undo brings it back."] if leaves_at else []
    )


def _describe_reply(reply: Reply) -> str:
    how = "Posted by hand, marked as sent" if reply.how == "assist" else "Sent by Earshot"
    link = f" · {build_link('see the reply', reply.url)}" if reply.url and not reply.deleted_at else ""
    gone = ""
    if reply.deleted_at:
        gone = f"\nDeleted by {name_person(reply.deleted_by)}, {build_time(reply.deleted_at)}"
    return f"{how}, {build_time(reply.sent_at)}{link}{gone}"
