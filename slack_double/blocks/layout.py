"""Layout blocks, old and new, each with its own fields and limits."""

from typing import Any

from .charts import CHART
from .checks import (
    Check,
    any_of,
    array,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    later,
    number,
    shape,
    string,
)
from .elements import ACTIONS_ELEMENT, CARD_BUTTON, CONTEXT_ACTION, IMAGE, INPUT_ELEMENT, SECTION_ACCESSORY, SLACK_FILE
from .report import Report
from .rich_text import RICH_TEXT
from .texts import mrkdwn, plain, text

BLOCK_ID: dict[str, Check] = {"block_id": string(255, 1)}
ACTIVE = ("accessory", "element", "elements", "actions")


def action_ids_differ(value: dict[str, Any], at: str, report: Report) -> None:
    """Unique within the block; two blocks may share an action_id."""
    seen: set[str] = set()
    for key in ACTIVE:
        parts = value.get(key) or []
        for index, part in enumerate(parts if isinstance(parts, list) else [parts]):
            action_id = part.get("action_id")
            if action_id in seen:
                report.error(f"`action_id` {action_id} already exists in this block", f"{at}/{key}/{index}/action_id")
            if action_id is not None:
                seen.add(action_id)


def rows_are_even(value: dict[str, Any], at: str, report: Report) -> None:
    """Of a data table: every row has as many cells as its header, which is plain text."""
    header, *rows = value["rows"]
    if any(cell["type"] != "raw_text" for cell in header):
        report.error("unsupported type in a header: only raw_text", f"{at}/rows/0")
    for index, row in enumerate(rows, 1):
        if len(row) != len(header):
            report.error("all rows must have the same number of cells", f"{at}/rows/{index}")


def _block(
    type_name: str, required: dict[str, Check], optional: dict[str, Check] | None = None, *rules: Any
) -> tuple[str, Check]:
    check = shape(required, {**BLOCK_ID, **(optional or {})}, *rules, action_ids_differ, type_name=type_name)
    return type_name, check


_RAW_TEXT = shape({"text": string(3000, 1)}, type_name="raw_text")
_RAW_NUMBER = shape({"value": number(-1e18, 1e18), "text": string(3000, 1)}, type_name="raw_number")
_CELL = any_of(by_type({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT}))
_ROWS = array(array(_CELL, 20, 1), 100, 1)
_DATA_ROWS = array(array(_CELL, 20, 1), 101, 2)  # the header, then 1 to 100
_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
_SOURCE = shape({"url": string(3000, 1), "text": string(255, 1)}, type_name="url")
_TASK = shape(
    {
        "task_id": string(255, 1),
        "title": string(255, 1),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    {**BLOCK_ID, "details": RICH_TEXT, "output": RICH_TEXT, "sources": array(_SOURCE, 100)},
    type_name="task_card",
)
_CARD = shape(
    {},
    {
        **BLOCK_ID,
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": array(CARD_BUTTON, 5, 1),
        "slack_icon": shape({"name": string(75, 1)}, {"type": string(75)}),
    },
    at_least_one("hero_image", "title", "body", "actions"),
    action_ids_differ,
    type_name="card",
)
CONTEXT_ELEMENT = any_of(by_type({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}))
_CHILDREN = "actions context divider file header image rich_text section table video card".split()

BLOCKS: dict[str, Check] = dict(
    [
        _block(
            "section",
            {},
            {
                "text": text(3000),
                "fields": array(text(2000), 10, 1),
                "accessory": SECTION_ACCESSORY,
                "expand": boolean,
            },
            at_least_one("text", "fields"),
        ),
        _block("divider", {}),
        _block("header", {"text": plain(150)}),
        _block("markdown", {"text": string(12_000, 1)}),
        _block(
            "image",
            {"alt_text": string(2000, 1)},
            {"image_url": string(3000, 1), "slack_file": SLACK_FILE, "title": plain(2000)},
            exactly_one("image_url", "slack_file"),
        ),
        _block("actions", {"elements": array(ACTIONS_ELEMENT, 25, 1)}),
        _block("context", {"elements": array(CONTEXT_ELEMENT, 10, 1)}),
        _block("context_actions", {"elements": array(CONTEXT_ACTION, 5, 1)}),
        _block(
            "input",
            {"label": plain(2000), "element": INPUT_ELEMENT},
            {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        _block("file", {"external_id": string(255, 1), "source": choice("remote")}),
        _block("table", {"rows": _ROWS}, {"column_settings": array(any_of(_COLUMN), 20)}),
        _block(
            "data_table",
            {"caption": string(255, 1), "rows": _DATA_ROWS},
            {"page_size": number(1, 100), "row_header_column_index": number(0, 19)},
            rows_are_even,
        ),
        _block("data_visualization", {"title": string(50, 1), "chart": CHART}),
        _block(
            "video",
            {
                "alt_text": string(2000, 1),
                "title": plain(199),
                "thumbnail_url": string(3000, 1),
                "video_url": string(3000, 1),
            },
            {
                "author_name": string(49),
                "description": plain(199),
                "provider_icon_url": string(3000),
                "provider_name": string(199),
                "title_url": string(3000),
            },
        ),
        _block("plan", {"title": string(255, 1)}, {"tasks": array(_TASK, 50)}),
        _block("alert", {"text": text(200)}, {"level": choice("default", "info", "warning", "error", "success")}),
        _block("carousel", {"elements": array(by_type({"card": _CARD}), 10, 1)}),
        _block(
            "container",
            {"child_blocks": array(later(lambda: by_type({name: BLOCKS[name] for name in _CHILDREN})), 10, 1)},
            {
                "title": plain(150),
                "rich_text_title": RICH_TEXT,
                "subtitle": text(150),
                "icon": IMAGE,
                "width": choice("narrow", "standard", "wide", "full"),
                "is_collapsible": boolean,
                "default_collapsed": boolean,
                "has_header_divider": boolean,
            },
            exactly_one("title", "rich_text_title"),
        ),
        ("rich_text", RICH_TEXT),
        ("task_card", _TASK),
        ("card", _CARD),
    ]
)
