"""The surfaces: a message's list of blocks, a modal, a Home tab; and what must be unique on each."""

from typing import Any

from .checks import Check, array, boolean, by_type, shape, string
from .layout import BLOCKS
from .report import Report
from .texts import plain

MOST_MESSAGE_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_MARKDOWN = 12_000
MESSAGE_ONLY = {
    "markdown",
    "table",
    "data_table",
    "data_visualization",
    "context_actions",
    "task_card",
    "plan",
    "card",
    "carousel",
    "container",
}
MODAL_ONLY = {"alert"}
MOST_CHARTS = 2  # found by being refused: Slack's page does not say so
MOST_CELL_CHARACTERS = 10_000
MODAL_BLOCKS = by_type({name: check for name, check in BLOCKS.items() if name not in MESSAGE_ONLY})
HOME_BLOCKS = by_type({name: check for name, check in BLOCKS.items() if name not in MESSAGE_ONLY | MODAL_ONLY})
MESSAGE_BLOCKS = by_type({name: check for name, check in BLOCKS.items() if name not in MODAL_ONLY})

_VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}


def check_blocks(blocks: object) -> Report:
    """Check a message's blocks; pointers begin with /blocks."""
    report = Report()
    array(MESSAGE_BLOCKS, MOST_MESSAGE_BLOCKS)(blocks, "/blocks", report)
    if isinstance(blocks, list) and not report.errors:
        _check_unique(blocks, "/blocks", report)
        _check_message(blocks, report)
    return report


def check_view(view: object) -> Report:
    """Check a modal or a Home tab; pointers begin with /view."""
    report = Report()
    VIEW(view, "/view", report)
    return report


def _check_unique(blocks: list[dict[str, Any]], at: str, report: Report) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            report.error(f"`block_id` {block_id} already exists", f"{at}/{index}/block_id")
        if block_id is not None:
            seen.add(block_id)


def _check_message(blocks: list[dict[str, Any]], report: Report) -> None:
    tables = [index for index, block in enumerate(blocks) if block["type"] == "table"]
    for index in tables[1:]:
        report.error("only one table allowed", f"/blocks/{index}")
    charts = [index for index, block in enumerate(blocks) if block["type"] == "data_visualization"]
    for index in charts[MOST_CHARTS:]:
        report.error(f"no more than {MOST_CHARTS} data_visualization blocks allowed", f"/blocks/{index}")
    if sum(map(_count_cells, blocks)) > MOST_CELL_CHARACTERS:
        report.error(f"all cells together must be less than {MOST_CELL_CHARACTERS + 1} characters", "/blocks")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MOST_MARKDOWN:
        report.error(f"all markdown blocks together must be less than {MOST_MARKDOWN + 1} characters", "/blocks")
    for index, block in enumerate(blocks):
        if block["type"] == "input" and block["element"]["type"] == "file_input":
            report.error("unsupported type: file_input", f"/blocks/{index}/element/type")


def _count_cells(block: dict[str, Any]) -> int:
    if block["type"] != "data_table":
        return 0
    return sum(len(str(cell.get("text", ""))) for row in block["rows"] for cell in row)


def _check_view_blocks(view: dict[str, Any], at: str, report: Report) -> None:
    _check_unique(view["blocks"], f"{at}/blocks", report)
    if view["type"] == "modal" and not view.get("submit"):
        for index, block in enumerate(view["blocks"]):
            if block["type"] == "input":
                report.error("must define `submit` to use an `input` block", f"{at}/blocks/{index}/input")


_MODAL = shape(
    {"title": plain(24), "blocks": array(MODAL_BLOCKS, MOST_VIEW_BLOCKS)},
    {
        **_VIEW_FIELDS,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    _check_view_blocks,
    type_name="modal",
)
_HOME = shape({"blocks": array(HOME_BLOCKS, MOST_VIEW_BLOCKS)}, _VIEW_FIELDS, _check_view_blocks, type_name="home")
VIEW = by_type({"modal": _MODAL, "home": _HOME})
