"""What to know before a decision: how ready the draft is, what stands in its way, and who else is at it."""

from assistant.domain import DraftLook, DraftStatus, MayReply
from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.risk import Risk, RiskLevel
from assistant.replies.review.clearance import name_finding
from assistant.slack.cards.blocks_text import name_place
from assistant.slack.cards.card import Card
from assistant.slack.client.blocks import Block, build_context, build_section, build_time, escape_line, join_lines
from assistant.slack.client.people import name_person

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
    """What the guards found: what blocks, why, and how to mend it."""
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
