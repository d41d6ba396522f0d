"""Flaws in Slack, as their owners see them: pure functions to Block Kit."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.knowledge.tables.flaws import Flaw, FlawKind, FlawStatus, Side
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_link,
    build_section,
    escape_line,
    name_person,
)
from assistant.text.sentences import to_plain

ACCEPT_FLAW, IGNORE_FLAW, FLAW_FIXED = "accept_flaw", "ignore_flaw", "flaw_fixed"
FLAW_ACTIONS = {ACCEPT_FLAW: FlawStatus.ACCEPTED, IGNORE_FLAW: FlawStatus.IGNORED, FLAW_FIXED: FlawStatus.FIXED}
_HEADS = {
    FlawKind.CONTRADICTION: "Two pages say different things",
    FlawKind.DUPLICATE: "Two pages say the same",
    FlawKind.OVERDUE: "A page is past its review",
}
_LABELS = {
    FlawKind.CONTRADICTION: ("One is wrong", "Both are right", "It's fixed"),
    FlawKind.DUPLICATE: ("One should go", "Keep both", "It's fixed"),
    FlawKind.OVERDUE: ("I'll review it", "No review needed", "It's reviewed"),
}
_SHOWN, _MOST_LINKS = 600, 3


@dataclass(frozen=True)
class Uses:
    """Where people were told what one side says: how many answers and replies, and links to some of them."""

    answers: int
    replies: int
    links: tuple[tuple[str, str], ...] = ()


def name_flaw(flaw: Flaw) -> str:
    """A line that names it."""
    titles = " and ".join(f"“{escape_line(side.title, 100)}”" for side in flaw.sides)
    return f"{_HEADS[flaw.kind]}: {titles}"


def build_flaw_blocks(flaw: Flaw, uses: Sequence[Uses], can_decide: bool = True) -> list[Block]:
    """Both sides beside each other, who was told either, and what people may decide."""
    fields = [{"type": "mrkdwn", "text": _describe(flaw, side), "verbatim": True} for side in flaw.sides]
    blocks: list[Block] = [build_section(f"*{_HEADS[flaw.kind]}*"), {"type": "section", "fields": fields}]
    told = (_tell_uses(side, use) for side, use in zip(flaw.sides, uses, strict=False))
    blocks += [build_context(line) for line in told if line]
    labels = dict(zip(FLAW_ACTIONS, _LABELS[flaw.kind], strict=True))
    if flaw.status is not FlawStatus.OPEN:
        said = next(labels[action] for action, status in FLAW_ACTIONS.items() if status is flaw.status)
        blocks.append(build_context(f"{name_person(flaw.decided_by)}: {said}."))
    if can_decide and flaw.status in (FlawStatus.OPEN, FlawStatus.ACCEPTED):
        left = [action for action in FLAW_ACTIONS if FLAW_ACTIONS[action] is not flaw.status]
        buttons = [build_button(labels[action], action, str(flaw.flaw_id)) for action in left]
        blocks.append({"type": "actions", "elements": buttons})
    return blocks


def _describe(flaw: Flaw, side: Side) -> str:
    lines = [f"*{build_link(side.title[:150], side.url)}*"]
    if flaw.kind is FlawKind.CONTRADICTION:
        lines.append(f"&gt; {escape_line(to_plain(side.text), _SHOWN)}")
    if flaw.kind is FlawKind.OVERDUE:
        lines.append(f"Review was due on {escape_line(side.text, 20)}.")
    place = side.document_id if side.owner == "" else f"{side.document_id} · {side.owner}"
    return "\n".join([*lines, escape_line(place, 300)])


def _tell_uses(side: Side, uses: Uses) -> str:
    counts = ((uses.answers, "answer", "answers"), (uses.replies, "reply to customers", "replies to customers"))
    told = " and ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)
    if not told:
        return ""
    links = " · ".join(build_link(label, url) for label, url in uses.links[:_MOST_LINKS])
    return f"“{escape_line(side.title, 100)}” was quoted in {told}. {links}".strip()
