"""Puts a card together: at most ten lines for an ordinary post, then its buttons; the rest is behind *Details*.

The buttons of a card: those that its draft's state allows, one of them the main one, the seldom ones in a menu.
"""

from collections.abc import Iterator
from datetime import date

from assistant.core.database import Row, to_time
from assistant.domain import Decision, DraftStatus, MayReply, Reply
from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.injection import RiskLevel
from assistant.replies.review.clearance import name_finding
from assistant.slack.cards import words
from assistant.slack.cards.blocks_text import build_post, build_reply, build_sources, build_status, name_place
from assistant.slack.cards.card import Card, to_value
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_confirm,
    build_context,
    build_link,
    build_time,
    count_characters,
    escape_line,
    join_lines,
    name_person,
)

MORE = "more_on_card"
OPEN_POST = "open_post"
EDIT_CHARACTERS = 3000  # of a field in a modal
_CONFIRM_DELETE = build_confirm(words.DELETE_TITLE, words.DELETE_QUESTION, words.DELETE_YES)


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
    first = _build_first(card, value)
    has_text = bool(draft.text.strip())
    edit = build_button(words.EDIT if has_text else words.WRITE, "edit", value, "" if has_text or first else "primary")
    buttons = [
        *first,
        *([edit] if len(draft.text) <= EDIT_CHARACTERS else []),
        *([] if draft.no_reply_reason else [build_button(words.REJECT, "reject", value)]),
        build_button(words.NOT_OURS, "not_ours", value),
    ]
    claim = "release" if card.around.claim else "claim"
    return [*buttons, _build_menu("details", "regenerate", "versions", "relabel", claim)]


def _build_first(card: Card, value: str) -> list[Block]:
    """The main button; nobody approves what they could not read, what may not leave, or what still needs work."""
    draft = card.draft
    if draft.no_reply_reason:
        return [
            build_button(words.AGREE, "agree", value, "primary"),
            build_button(words.ANYWAY, "anyway", value),
        ]
    if not draft.text.strip() or not card.is_whole or not card.may_leave:
        return []
    if card.needs_work:
        return [build_button(words.BLOCKS if card.blocks else words.PROBLEMS, "problems", value, "primary")]
    return [build_button(words.APPROVE, "approve", value, "primary")]


def _build_menu(*names: str) -> Block:
    options = [{"text": {"type": "plain_text", "text": words.MENU[name]}, "value": name} for name in names]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _build_approved(card: Card) -> list[Block]:
    value = to_value(card.seen)
    if not card.is_for_hand:
        left = card.around.seconds_left
        label = words.UNDO_FOR.format(seconds=left) if left and not card.around.frozen else words.UNDO
        return [build_button(label, "undo", value), _build_menu("details", "versions")]
    post = {**build_button(words.OPEN_POST, OPEN_POST, value), "url": card.mention.url}
    return [
        build_button(words.COPY, "copy", value),
        *([post] if (card.mention.url or "").startswith(("https://", "http://")) else []),
        build_button(words.MARK_SENT, "mark_sent", value, "primary"),
        _build_menu("undo", "details"),
    ]


def _build_ended(card: Card) -> list[Block]:
    value, status = to_value(card.seen), card.draft.status
    if status is DraftStatus.UNKNOWN:
        return [build_button(words.SEEN_THERE, "mark_sent", value)]
    if status is DraftStatus.SENT and card.around.can_delete:
        return [build_button(words.DELETE, "delete", value, "danger", _CONFIRM_DELETE)]
    if card.mention.removed_at:
        return []
    lacks_reason = status is DraftStatus.REJECTED and bool(card.decisions) and not card.decisions[-1].reason
    buttons = [build_button(words.ADD_REASON, "reason", value)] if lacks_reason else []
    if card.was_called_not_ours:
        return [*buttons, build_button(words.OURS, "ours", value)]
    if status in (DraftStatus.STALE, DraftStatus.FAILED, DraftStatus.REJECTED):
        buttons.append(build_button(words.REDRAFT, "redraft", value))
    return buttons


_SHOWN = 3


def list_decisions(card: Card, most: int = _SHOWN) -> list[str]:
    """The latest decisions and what was taken back, oldest first."""
    told = [(decision.decided_at, _describe_decision(decision)) for decision in card.decisions[-most:]]
    told += [(to_time(row["done_at"]), _describe_undo(row)) for row in card.around.changes if row["action"] == "undo"]
    return [line for _, line in sorted(told, key=lambda one: one[0])[-most:]]


def build_ending(card: Card) -> list[Block]:
    """The latest decisions, when it leaves, and the reply; nothing while nobody has done anything."""
    lines = [*list_decisions(card), *_tell_leaving(card)]
    if card.reply:
        lines.append(_describe_reply(card.reply))
    return [build_context("\n".join(lines))] if lines else []


def _describe_decision(decision: Decision) -> str:
    return words.DECIDED.format(
        verb=words.VERBS[decision.action],
        who=name_person(decision.decided_by),
        when=build_time(decision.decided_at),
        reason=f": {escape_line(decision.reason, 200)}" if decision.reason else "",
    )


def _describe_undo(row: Row) -> str:
    return words.TAKEN_BACK.format(who=name_person(row["done_by"]), when=build_time(to_time(row["done_at"])))


def _tell_leaving(card: Card) -> list[str]:
    if card.draft.status is not DraftStatus.APPROVED:
        return []
    if card.eligibility.may_reply is MayReply.NO:
        return [words.STAYS.format(reason=escape_line(card.eligibility.reason, 200))]
    if card.around.frozen:
        return [words.STAYS_FROZEN.format(told=card.around.frozen)]
    leaves_at = card.around.leaves_at
    return [words.LEAVES.format(when=f"{leaves_at:%H:%M:%S}")] if leaves_at else []


def _describe_reply(reply: Reply) -> str:
    how = words.POSTED_BY_HAND if reply.how == "assist" else words.SENT_BY_US
    link = f" · {build_link(words.SEE_REPLY, reply.url)}" if reply.url and not reply.deleted_at else ""
    gone = ""
    if reply.deleted_at:
        gone = words.DELETED.format(who=name_person(reply.deleted_by), when=build_time(reply.deleted_at))
    return words.SENT.format(how=how, when=build_time(reply.sent_at), link=link) + gone


_NOTE_CHARACTERS = 300
_NOTES_CHARACTERS = 2600
_FINDING_CHARACTERS = 240
_MOST_NOTES = 5


def build_notes(card: Card) -> list[Block]:
    """What changes the decision, a line each; once the draft is decided, it would only distract."""
    draft = card.draft
    if draft.status is DraftStatus.STALE:
        return [build_context(warn(draft.note))] if draft.note else []
    if not card.is_pending:
        return []
    notes = [*_list_rules(card), *list_findings(card), *[warn(text) for text in (draft.missing, draft.note) if text]]
    notes += [*tell_risk(card), *_tell_since(card)]
    left_out = len(notes) - _MOST_NOTES
    more = [words.MORE_NOTES.format(number=left_out)] if left_out > 0 else []
    return [build_context(join_lines([*notes[:_MOST_NOTES], *more], _NOTES_CHARACTERS))] if notes else []


def list_findings(card: Card, most: int = _FINDING_CHARACTERS) -> list[str]:
    """Every objection: what it does, and how to fix it."""
    needs = card.around.needs
    return [_describe_objection(card, one, most) for one in needs.findings] if needs else []


def _describe_objection(card: Card, finding: Objection, most: int) -> str:
    said = escape_line(name_finding(finding), most)
    if finding.effect is Effect.BLOCK and finding not in card.blocks:
        because = escape_line(card.around.overruled_because, 200)
        return words.OVERRIDDEN.format(said=said) + (words.BECAUSE.format(reason=because) if because else "")
    return f"{words.EFFECTS[finding.effect]}: {said}"


def warn(text: str) -> str:
    """A note in the draft's own words."""
    return words.WARNING.format(text=escape_line(text, _NOTE_CHARACTERS))


def _list_rules(card: Card) -> Iterator[str]:
    """Who has to approve, and whether and how it can be answered at all."""
    judged = card.eligibility
    if card.around.frozen:
        yield words.FROZEN.format(told=card.around.frozen)
    needs = card.around.needs
    if needs and needs.second_because:
        why = escape_line("; ".join(reason.removesuffix(".") for reason in needs.second_because), _NOTE_CHARACTERS)
        done = words.FIRST_DONE.format(who=name_person(needs.first.approved_by)) if needs.first else ""
        yield words.TWO_PEOPLE.format(why=why) + done
    if judged.may_reply is MayReply.NO:
        yield words.CANNOT.format(reason=escape_line(judged.reason, _NOTE_CHARACTERS))
    if judged.may_reply is MayReply.ASSIST and card.draft.text.strip():
        yield words.BY_HAND.format(place=name_place(card.mention))
    if not card.is_whole:
        yield words.TOO_LONG


def tell_risk(card: Card) -> list[str]:
    """Whether the post is meant for a machine."""
    risk = card.around.risk
    if risk.level is RiskLevel.NONE:
        return []
    reasons = f": {escape_line(' '.join(risk.reasons), 200)}" if risk.reasons else ""
    return [words.RISKS[risk.level].format(reasons=reasons)]


def _tell_since(card: Card) -> list[str]:
    """What was written in the thread after the post may have answered it."""
    since = [post for post in card.around.thread if post.created_at > card.mention.created_at]
    if not since:
        return []
    last = since[-1]
    author = words.WE if last.is_ours else escape_line(last.author, 60) or words.SOMEBODY
    return [words.THREAD_SINCE.format(number=len(since), author=author, text=escape_line(last.text, 180))]


_MOST_CHARACTERS = 12_000  # Slack takes about 13,000 in a message


def build_card(card: Card, today: date) -> list[Block]:
    """Who and where, the post, the reply, its sources, what changes the decision, and the buttons."""
    parts = {
        "status": [build_status(card)],
        "post": build_post(card),
        "reply": build_reply(card),
        "sources": build_sources(card, today),
        "notes": build_notes(card),
        "ending": [*build_ending(card), *build_buttons(card)],
    }
    if count_characters(list(parts.values())) > _MOST_CHARACTERS:
        parts["sources"] = [build_context(words.LEFT_OUT)]
    return [block for blocks in parts.values() for block in blocks]


def build_fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    return words.FALLBACK.format(number=card.draft.draft_id, place=name_place(card.mention), state=card.state)
