"""Puts an App Home together: pure functions from what somebody may see to a view.

What a week's figures look like in App Home: pure functions to Block Kit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.core.wording import Wording
from assistant.knowledge.sources.standing import SourceStanding
from assistant.live_settings.overlay import SettingState
from assistant.replies.tables.review import QueuedDraft
from assistant.reports.digest import DigestSection, Overview
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_confirm,
    build_context,
    build_header,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
    name_person,
)
from assistant.slack.client.commands import COMMAND
from assistant.slack.client.uploads import build_image
from assistant.slack.documents.blocks import build_source_blocks
from assistant.slack.home.queue import HOME_CHOOSE, HomeChoice, HomeView, Link, build_queue_blocks, tell_counts
from assistant.slack.home.settings_forms import build_setting_blocks

COUNTING = "Counting posts, sentiment and response times…"
_COUNTING_ANEW = "Counting again…"
_WEEKS = {HomeView.THIS: "This week, so far", HomeView.LAST: "Last week"}
_NO_REPLIES = "No reply was sent in that week, so there are no response times."


@dataclass(frozen=True)
class Counted:
    """A week's figures with the Slack file of its picture; without one `no_picture` says why, if it is a fault."""

    overview: Overview
    file_id: str = ""
    no_picture: str = ""


def build_figure_blocks(counted: Counted | None, choice: HomeChoice, is_counting: bool, queue: str) -> list[Block]:
    """The week that was chosen. `queue` tells the open queue in a line, empty where it is shown anyway."""
    blocks = [build_header("The week in figures"), _build_weeks(choice)]
    if queue:
        blocks.append(build_section(f"*The open queue*\n{queue}"))
    if counted is None:
        return [*blocks, build_section(f":hourglass_flowing_sand: _{COUNTING}_")]
    overview = counted.overview
    head = f"*{escape(overview.period.label)}* · {escape_line(overview.dates, 100)}"
    blocks.append(build_section("\n".join([head, *_list_lines(overview.posts)])))
    blocks += _build_picture(counted)
    blocks.append(build_section(_join("Our replies", _list_lines(overview.replies))))
    blocks.append(build_section(_join(overview.stages.title, _list_lines(overview.stages), overview.stages.note)))
    blocks.append(build_context(_tell_basis(overview, is_counting)))
    return blocks


def _build_weeks(choice: HomeChoice) -> Block:
    options = [
        {"text": {"type": "plain_text", "text": text, "emoji": False}, "value": str(w)} for w, text in _WEEKS.items()
    ]
    initial = next((option for option in options if option["value"] == choice.week), options[0])
    select = {"type": "static_select", "action_id": f"{HOME_CHOOSE}.week", "options": options}
    return {
        "type": "actions",
        "block_id": f"figures-week-{choice.week}",
        "elements": [{**select, "initial_option": initial}],
    }


def _build_picture(counted: Counted) -> list[Block]:
    chart = counted.overview.trend.chart
    if chart is None:
        return []
    if not counted.file_id:
        words = f"{counted.no_picture} In words: {chart.alt}".strip()
        return [build_context(escape(cut(words, SECTION_CHARACTERS // 2)))]
    title = {"type": "plain_text", "text": cut(chart.title, 150) or "The posts", "emoji": False}
    return [{**build_image(counted.file_id, chart.alt), "title": title}]


def _list_lines(section: DigestSection) -> list[str]:
    return [
        f"• {escape_line(line.label, 60)}: *{escape_line(line.text, 120) or '-'}*"
        + (f" ({escape_line(line.note, 120)})" if line.note else "")
        for line in section.lines
    ]


def _join(title: str, lines: list[str], note: str = "") -> str:
    told = lines or [_NO_REPLIES]
    more = [escape_line(note, 300)] if note else []
    return join_lines([f"*{escape_line(title, 100)}*", *told, *more], SECTION_CHARACTERS)


def _tell_basis(overview: Overview, is_counting: bool) -> str:
    told = [f"Counted {build_time(overview.made_at)}.", *(escape_line(one, 300) for one in overview.coverage)]
    if is_counting:
        told.insert(0, _COUNTING_ANEW)
    return join_lines(told, SECTION_CHARACTERS)


FREEZE, UNFREEZE = "freeze_replies", "unfreeze_replies"
_DIVIDER: Block = {"type": "divider"}
_NOTICE_CHARACTERS = 600
_FOR_STAFF = (
    "*Ask me about the company's documents, or about what customers say.*\n"
    "• In the *Messages* tab above, or in any direct message to me: only you read the answer.\n"
    "• In a channel: mention me. I answer in the thread, and you need not mention me again there.\n"
    f"• `{COMMAND} ask QUESTION` answers you alone, wherever you are; `{COMMAND} help` shows what else there is.\n"
    "Every sentence comes with its source. If no document says it, I tell you."
)
_FOR_GUESTS = (
    "*Ask me about the company's public documents.*\n"
    "• In the *Messages* tab above: only you read the answer.\n"
    "• In a channel: mention me, and I answer in the thread.\n"
    "Every sentence comes with its source. If no document says it, I tell you."
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
    """The Home of one person; `waiting` and `standings` are None for those who may not see the queue or the settings.

    `notice` tells what became of their last click. With `is_manager` come the figures, `counted` when they are there.
    """

    user: str
    now: datetime
    is_full_member: bool
    choice: HomeChoice = field(default_factory=HomeChoice)
    notice: str = ""
    waiting: list[QueuedDraft] | None = None
    is_reviewer: bool = False
    may_lift: bool = False
    frozen: Frozen | None = None
    is_manager: bool = False
    counted: Counted | None = None
    is_counting: bool = False
    standings: Sequence[SettingState] | None = None
    sources: Sequence[SourceStanding] | None = None


def build_home(page: HomePage, link: Link, wording: Wording) -> Block:
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
    if page.sources is not None:
        blocks += [_DIVIDER, *build_source_blocks(page.sources, page.now)]
    if page.standings is not None:
        blocks += [_DIVIDER, *build_setting_blocks(page.standings, wording)]
    if page.is_reviewer or page.is_manager:
        blocks.append(build_context(f"As of {build_time(page.now)}. Updates automatically."))
    return _build_view(blocks)


def build_failure(told: str) -> Block:
    """Build the page for a Home that could not be built; how to ask is always there."""
    return _build_view([build_header("Earshot"), build_section(_FOR_GUESTS), build_section(f":warning: {told}")])


def _build_view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}


def _build_freeze(page: HomePage) -> list[Block]:
    frozen = page.frozen
    if frozen is None:
        section = build_section("Something wrong? Stop every unsent reply; it takes two people to resume.")
        button = build_button("Freeze all replies…", FREEZE, "freeze", "danger")
        return [{**section, "block_id": "freeze", "accessory": button}]
    reason = f": {escape_line(frozen.reason, 300)}" if frozen.reason else ""
    told = f":snowflake: *Replies are frozen* since {build_time(frozen.at)} by {name_person(frozen.by)}{reason}."
    if frozen.lift_asked_by:
        told += f" {name_person(frozen.lift_asked_by)} asks to lift it; a second person has to as well."
    section = {**build_section(told), "block_id": "freeze"}
    if not page.may_lift:
        return [section]
    question = "Replies are sent again once two people ask for it. Re-approve anything you still want to send."
    confirm = build_confirm("Lift the freeze?", question, "Ask to lift it")
    return [{**section, "accessory": build_button("Lift the freeze…", UNFREEZE, "unfreeze", confirm=confirm)}]
