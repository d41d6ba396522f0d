"""What a week's figures look like in App Home: pure functions to Block Kit."""

from dataclasses import dataclass

from assistant.reports.digest import Overview, Section
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_context,
    build_header,
    build_section,
    build_time,
    cut,
    escape,
    escape_line,
    join_lines,
)
from assistant.slack.client.uploads import build_image
from assistant.slack.home.home_choice import HOME_CHOOSE, HomeChoice, Week

COUNTING = "Counting the posts, how they feel, and how long each reply took…"
_COUNTING_ANEW = "Being counted anew…"
_WEEKS = {Week.THIS: "This week, so far", Week.LAST: "Last week"}
_NO_REPLIES = "No reply was sent in this week, so there is nothing to time."


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


def _list_lines(section: Section) -> list[str]:
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
