"""Puts an App Home together: pure functions from what somebody may see to a view."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.live_settings.overlay import Standing
from assistant.replies.tables.queue import Waiting
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_confirm,
    build_context,
    build_header,
    build_section,
    build_time,
    escape_line,
)
from assistant.slack.client.commands import COMMAND
from assistant.slack.client.people import name_person
from assistant.slack.home.home_choice import HomeChoice
from assistant.slack.home.home_figures import Counted, build_figure_blocks
from assistant.slack.home.home_settings import build_setting_blocks
from assistant.slack.home.queue import Link, build_queue_blocks, tell_counts

FREEZE, UNFREEZE = "freeze_replies", "unfreeze_replies"
_DIVIDER: Block = {"type": "divider"}
_NOTICE_CHARACTERS = 600
_FOR_STAFF = (
    "*Ask me about the company's documents, or about what customers say.*\n"
    "• In the *Messages* tab above, or in any direct message to me: only you read the answer.\n"
    "• In a channel: mention me. I answer in the thread, and you need not mention me again there.\n"
    f"• `{COMMAND} ask QUESTION` answers you alone, wherever you are; `{COMMAND} help` shows what else there is.\n"
    "Every sentence of an answer comes with its source. Where no document says it, I say so."
)
_FOR_GUESTS = (
    "*Ask me about the company's public documents.*\n"
    "• In the *Messages* tab above: only you read the answer.\n"
    "• In a channel: mention me, and I answer in the thread.\n"
    "Every sentence of an answer comes with its source. Where no document says it, I say so."
)


@dataclass(frozen=True)
class Frozen:
    """A freeze of all replies: who began it when and why, and who asks to lift it."""

    by: str
    at: datetime
    reason: str = ""
    lift_asked_by: str = ""


@dataclass(frozen=True)
class HomePage:
    """What one person may see; `waiting` and `standings` are None for who may not see the queue or the settings.

    `notice` tells what became of their last click. With `is_manager` come the figures, `counted` when they are there.
    """

    user: str
    now: datetime
    is_full_member: bool
    choice: HomeChoice = field(default_factory=HomeChoice)
    notice: str = ""
    waiting: list[Waiting] | None = None
    is_reviewer: bool = False
    may_lift: bool = False
    frozen: Frozen | None = None
    is_manager: bool = False
    counted: Counted | None = None
    is_counting: bool = False
    standings: Sequence[Standing] | None = None


def build_home(page: HomePage, link: Link) -> Block:
    """The view of one person's App Home."""
    blocks = [build_header("Earshot")]
    if page.notice:
        blocks.append(build_section(f":speech_balloon: {escape_line(page.notice, _NOTICE_CHARACTERS)}"))
    blocks.append(build_section(_FOR_STAFF if page.is_full_member else _FOR_GUESTS))
    if not page.is_full_member:
        return _build_view(blocks)
    if page.is_reviewer and page.waiting is not None:
        queue = build_queue_blocks(page.waiting, page.choice, page.user, link, page.now)
        blocks += [_DIVIDER, *queue, *_build_freeze(page)]
    if page.is_manager:
        told = tell_counts(page.waiting or [], "", page.now) if not page.is_reviewer else ""
        blocks += [_DIVIDER, *build_figure_blocks(page.counted, page.choice, page.is_counting, told)]
    if page.standings is not None:
        blocks += [_DIVIDER, *build_setting_blocks(page.standings)]
    if page.is_reviewer or page.is_manager:
        blocks.append(build_context(f"As of {build_time(page.now)}. Updates automatically."))
    return _build_view(blocks)


def build_failure(told: str) -> Block:
    """What is shown when a Home could not be put together; how to ask is always there."""
    return _build_view([build_header("Earshot"), build_section(_FOR_GUESTS), build_section(f":warning: {told}")])


def _build_view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}


def _build_freeze(page: HomePage) -> list[Block]:
    frozen = page.frozen
    if frozen is None:
        section = build_section(
            "Is something wrong? Stop every reply that has not left yet; it takes two people to go on."
        )
        button = build_button("Freeze all replies…", FREEZE, "freeze", "danger")
        return [{**section, "block_id": "freeze", "accessory": button}]
    reason = f": {escape_line(frozen.reason, 300)}" if frozen.reason else ""
    told = f":snowflake: *Replies are frozen* since {build_time(frozen.at)} by {name_person(frozen.by)}{reason}."
    if frozen.lift_asked_by:
        told += f" {name_person(frozen.lift_asked_by)} asks to lift it; a second person has to as well."
    section = {**build_section(told), "block_id": "freeze"}
    if not page.may_lift:
        return [section]
    question = "Replies leave again once two people ask for it. What shall leave has to be approved anew."
    confirm = build_confirm("Lift the freeze?", question, "Ask to lift it")
    return [{**section, "accessory": build_button("Lift the freeze…", UNFREEZE, "unfreeze", confirm=confirm)}]
