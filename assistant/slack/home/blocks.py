"""Puts an App Home together: pure functions from what somebody may see to a view.

What a week's figures look like in App Home: pure functions to Block Kit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.core.say import Say
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
from assistant.slack.home.queue import (
    HOME_CHOOSE,
    OPEN,
    HomeChoice,
    HomeView,
    Link,
    Show,
    build_queue_blocks,
    tell_counts,
)
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

    `notice` tells what became of their last click. `counted` are the week's figures when they are there, of which a
    manager sees all. `proposals` is how many proposed answers wait for this person.
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
    proposals: int = 0


def build_home(page: HomePage, link: Link, wording: Wording) -> Block:
    """The view of one person's App Home."""
    blocks = [build_header("Earshot")]
    if page.notice:
        blocks.append(build_section(f":speech_balloon: {escape_line(page.notice, _NOTICE_CHARACTERS)}"))
    key = Say.HOME_CAN if page.is_full_member else Say.HOME_CAN_GUEST
    blocks.append(build_section(wording.say(key, command=COMMAND)))
    if not page.is_full_member:
        return _build_view(blocks)
    blocks += [_DIVIDER, *_build_week(page, wording), *_build_waiting(page, wording)]
    if page.is_reviewer and page.waiting is not None:
        queue = build_queue_blocks(page.waiting, page.choice, page.user, link, page.now)
        blocks += [_DIVIDER, *queue, *_build_freeze(page)]
    if page.is_manager and page.choice.figures == OPEN:
        told = tell_counts(page.waiting or [], "", page.now) if not page.is_reviewer else ""
        blocks += [_DIVIDER, *build_figure_blocks(page.counted, page.choice, page.is_counting, told)]
    if page.sources is not None and page.standings is not None:
        is_open = page.choice.setup == OPEN
        head = build_section(f"*{wording.say(Say.HOME_SETUP)}*")
        blocks += [_DIVIDER, {**head, "accessory": _build_fold("setup", is_open, wording)}]
        if is_open:
            blocks += [*build_source_blocks(page.sources, page.now), *build_setting_blocks(page.standings, wording)]
    if page.is_reviewer or page.is_manager:
        blocks.append(build_context(f"As of {build_time(page.now)}. Updates automatically."))
    return _build_view(blocks)


def build_failure(told: str, wording: Wording) -> Block:
    """Build the page for a Home that could not be built; how to ask is always there."""
    how = build_section(wording.say(Say.HOME_CAN_GUEST))
    return _build_view([build_header("Earshot"), how, build_section(f":warning: {told}")])


def _build_week(page: HomePage, wording: Wording) -> list[Block]:
    """The week in three lines, and for managers the way to all figures."""
    say, is_open = wording.say, page.choice.figures == OPEN
    head = f"*{say(Say.HOME_WEEK if page.choice.week == HomeView.THIS else Say.HOME_LAST_WEEK)}*"
    lines = [say(Say.HOME_COUNTING)] if page.counted is None else _tell_week(page.counted.overview, wording)
    section = build_section("\n".join([head, *(f"• {line}" for line in lines)]))
    if page.is_manager:
        return [{**section, "block_id": "week", "accessory": _build_fold("figures", is_open, wording)}]
    return [section, build_context(say(Say.HOME_MORE, command=COMMAND))]


def _tell_week(overview: Overview, wording: Wording) -> list[str]:
    lines = {line.figure: line for line in (*overview.posts.lines, *overview.replies.lines)}
    texts = {name: escape_line(line.text, 60) for name, line in lines.items()}
    posts = int(lines["posts"].value) if "posts" in lines else 0
    if not posts:
        return [wording.say(Say.HOME_NO_POSTS)]
    told = [wording.say(Say.HOME_POSTS, count=posts)]
    if "negative_share" in texts and "positive_share" in texts:
        negative, positive = texts["negative_share"], texts["positive_share"]
        told[0] = f"{told[0]} · {wording.say(Say.HOME_SHARES, negative=negative, positive=positive)}"
    if "answered_share" in texts:
        told.append(wording.say(Say.HOME_ANSWERED, share=texts["answered_share"]))
    if "hours_to_reply" in texts:
        told.append(wording.say(Say.HOME_TIME, time=texts["hours_to_reply"]))
    return told


def _build_waiting(page: HomePage, wording: Wording) -> list[Block]:
    """What waits for this person apart from the queue, which says so itself."""
    say, troubled = wording.say, sum(not one.is_good for one in page.sources or ())
    lines = [f"• {say(Say.HOME_PROPOSALS, count=page.proposals, command=COMMAND)}"] if page.proposals else []
    lines += [f"• {say(Say.HOME_SOURCES, count=troubled)}"] if troubled else []
    return [build_section("\n".join([f"*{say(Say.HOME_WAITS)}*", *lines]))] if lines else []


def _build_fold(part: str, is_open: bool, wording: Wording) -> Block:
    label = wording.say(Say.HOME_HIDE if is_open else Say.HOME_SHOW)
    return build_button(label, f"{HOME_CHOOSE}.{part}", str(Show.ALL) if is_open else OPEN)


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
