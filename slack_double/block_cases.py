"""Good and bad blocks, each with what Slack says about it."""

from collections.abc import Sequence
from typing import Any

from .aliases import Json
from .samples import FEEDBACK, actions, button, modal, mrkdwn, option, plain, section, select, text_input

IMAGE = {"type": "image", "alt_text": "a chart", "image_url": "https://example.com/a.png"}
RICH_TEXT = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
}
CELL: Json = {"type": "raw_text", "text": "cell"}
TASK = {"type": "task_card", "task_id": "t1", "title": "Search", "status": "complete"}
CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really?"), "confirm": plain("Yes"), "deny": plain("No")}

NUMBER: Json = {"type": "raw_number", "value": 3, "text": "3"}
DAYS = ("Mon", "Tue")


def data_table(*rows: list[Json], header: list[Json] | None = None, **more: Any) -> Json:
    return {"type": "data_table", "caption": "Posts", "rows": [header or [CELL, CELL], *rows], **more}


def points(name: str, categories: Sequence[str] = DAYS) -> Json:
    return {"name": name, "data": [{"label": one, "value": 1} for one in categories]}


def chart(kind: str = "bar", series: list[Json] | None = None, categories: Sequence[str] = DAYS) -> Json:
    drawn = {"type": kind, "series": series or [points("a", categories)], "axis_config": {"categories": [*categories]}}
    return {"type": "data_visualization", "title": "Posts", "chart": drawn}


def pie(values: list[float]) -> Json:
    segments = [{"label": str(place), "value": value} for place, value in enumerate(values)]
    return {"type": "data_visualization", "title": "Posts", "chart": {"type": "pie", "segments": segments}}


GOOD: dict[str, list[Json]] = {
    "a section with fields only": [{"type": "section", "fields": [mrkdwn("a"), plain("b")]}],
    "a section at its limit with a button": [section("x" * 3000, accessory=button(style="primary", confirm=CONFIRM))],
    "fifty dividers": [{"type": "divider"} for _ in range(50)],
    "header, image and context": [
        {"type": "header", "text": plain("x" * 150)},
        IMAGE,
        {"type": "context", "elements": [IMAGE, mrkdwn("c")]},
    ],
    "two blocks that share an action_id": [actions(button()), actions(button())],
    "a menu with its first choice": [actions(select(initial_option=option("b"), placeholder=plain("Pick")))],
    "an overflow menu": [section(accessory={"type": "overflow", "options": [option("a"), option("b")]})],
    "an input": [text_input()],
    "markdown and feedback": [
        {"type": "markdown", "text": "**x**"},
        {"type": "context_actions", "elements": [FEEDBACK]},
    ],
    "a table": [{"type": "table", "rows": [[CELL] * 20] * 20, "column_settings": [{"align": "right"}]}],
    "a sortable table": [data_table([CELL, NUMBER])],
    "a hundred rows": [data_table(*[[CELL, NUMBER]] * 100, page_size=10)],
    "charts over categories": [chart(kind="line", series=[points("a"), points("b")]), chart(kind="area")],
    "a pie": [pie([1, 2, 3])],
    "rich text": [RICH_TEXT],
    "a plan, a task and a card": [
        {"type": "plan", "title": "Plan", "tasks": [TASK]},
        TASK,
        {"type": "card", "title": mrkdwn("Card"), "actions": [button()]},
    ],
}

BAD: dict[str, tuple[list[Json], str]] = {
    "too many blocks": (
        [{"type": "divider"} for _ in range(51)],
        "no more than 50 items allowed [json-pointer:/blocks]",
    ),
    "an unknown block": ([{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    "a block without a type": ([{"text": plain("x")}], "missing required field: type [json-pointer:/blocks/0]"),
    "an unknown property": ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    "a long section": ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    "an empty section": ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "a section of nothing": ([{"type": "section"}], "`text` or `fields` [json-pointer:/blocks/0]"),
    "eleven fields": (
        [{"type": "section", "fields": [plain("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    "a long field": ([{"type": "section", "fields": [plain("x" * 2001)]}], "[json-pointer:/blocks/0/fields/0/text]"),
    "a bare string for text": (
        [{"type": "section", "text": "hello"}],
        "must provide an object [json-pointer:/blocks/0/text]",
    ),
    "a header in mrkdwn": (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "a long header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "a button in mrkdwn": (
        [actions({**button(), "text": mrkdwn("x")})],
        "[json-pointer:/blocks/0/elements/0/text/type]",
    ),
    "a long button": (
        [actions({**button(), "text": plain("x" * 76)})],
        "[json-pointer:/blocks/0/elements/0/text/text]",
    ),
    "a long value": (
        [actions(button(value="x" * 2001))],
        "less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    "a long action_id": ([actions(button("x" * 256))], "[json-pointer:/blocks/0/elements/0/action_id]"),
    "a made-up style": ([actions(button(style="blue"))], "[json-pointer:/blocks/0/elements/0/style]"),
    "one action_id twice in a block": ([actions(button(), button())], "already exists in this block"),
    "one block_id twice": (
        [section(block_id="b"), section(block_id="b")],
        "`block_id` b already exists [json-pointer:/blocks/1/block_id]",
    ),
    "a long block_id": ([section(block_id="x" * 256)], "less than 256 characters [json-pointer:/blocks/0/block_id]"),
    "too many buttons": (
        [actions(*[button(str(n)) for n in range(26)])],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "no buttons": ([actions()], "[json-pointer:/blocks/0/elements]"),
    "a full context": (
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "a button in a context": ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
    "an image without alt_text": (
        [{"type": "image", "image_url": "https://x.de/a.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    "a menu value over the hard limit": ([actions(select(options=[option("x" * 151)]))], "/options/0/value]"),
    "a first choice that is not offered": (
        [actions(select(initial_option=option("z")))],
        "must match one of the options",
    ),
    "a menu without options": ([actions({"type": "static_select", "action_id": "a"})], "`options` or `option_groups`"),
    "an overflow of one": (
        [section(accessory={"type": "overflow", "options": [option()]})],
        "no less than 2 items allowed",
    ),
    "an input without a label": (
        [{k: v for k, v in text_input().items() if k != "label"}],
        "missing required field: label [json-pointer:/blocks/0]",
    ),
    "a wide table": (
        [{"type": "table", "rows": [[CELL] * 21]}],
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    "a long table": (
        [{"type": "table", "rows": [[CELL]] * 101}],
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    "two tables": ([{"type": "table", "rows": [[CELL]]}] * 2, "only one table allowed"),
    "a data table of its header": ([data_table()], "no less than 2 items allowed [json-pointer:/blocks/0/rows]"),
    "a data table of 101 rows": (
        [data_table(*[[CELL, NUMBER]] * 101)],
        "no more than 101 items allowed [json-pointer:/blocks/0/rows]",
    ),
    "a data table with a short row": ([data_table([CELL])], "the same number of cells [json-pointer:/blocks/0/rows/1]"),
    "a data table without a caption": (
        [{k: v for k, v in data_table([CELL, NUMBER]).items() if k != "caption"}],
        "missing required field: caption",
    ),
    "a data table with an empty cell": ([data_table([{"type": "raw_text", "text": ""}, NUMBER])], "/rows/1/0/text]"),
    "a number for a header": (
        [data_table([CELL, NUMBER], header=[CELL, NUMBER])],
        "only raw_text [json-pointer:/blocks/0/rows/0]",
    ),
    "data tables of too many characters": (
        [data_table(*[[{"type": "raw_text", "text": "x" * 200}, NUMBER]] * 25)] * 2,
        "less than 10001 characters [json-pointer:/blocks]",
    ),
    "three charts": ([chart(), chart(), chart()], "no more than 2 data_visualization blocks allowed"),
    "a chart without a title": ([{**chart(), "title": ""}], "[json-pointer:/blocks/0/title]"),
    "a chart with a long title": ([{**chart(), "title": "x" * 51}], "less than 51 characters"),
    "a chart of seven series": ([chart(series=[points(str(n)) for n in range(7)])], "no more than 6 items allowed"),
    "a chart with a gap": ([chart(series=[points("a", ["Mon"])])], "must match the categories"),
    "a chart with a name twice": ([chart(series=[points("a"), points("a")])], "series names must be unique"),
    "a chart with a long label": ([chart(categories=["x" * 21])], "less than 21 characters"),
    "a chart of 21 categories": ([chart(categories=[str(n) for n in range(21)])], "no more than 20 items allowed"),
    "a made-up chart": ([chart(kind="radar")], "unsupported type: radar [json-pointer:/blocks/0/chart/type]"),
    "a pie with nothing in it": ([pie([1, 0])], "must be more than 0 [json-pointer:/blocks/0/chart/segments/1/value]"),
    "a pie of seven": ([pie([1] * 7)], "no more than 6 items allowed"),
    "an alert in a message": (
        [{"type": "alert", "text": mrkdwn("careful"), "level": "warning"}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    "long markdown": (
        [{"type": "markdown", "text": "x" * 12_001}],
        "less than 12001 characters [json-pointer:/blocks/0/text]",
    ),
    "a button among feedback": ([{"type": "context_actions", "elements": [button()]}], "unsupported type: button"),
    "half a feedback": (
        [
            {
                "type": "context_actions",
                "elements": [{"type": "feedback_buttons", "positive_button": FEEDBACK["positive_button"]}],
            }
        ],
        "missing required field: negative_button",
    ),
    "a card of nothing": ([{"type": "card"}], "[json-pointer:/blocks/0]"),
}

GOOD_VIEWS: dict[str, Json] = {
    "an alert": modal({"type": "alert", "text": mrkdwn("careful"), "level": "warning"}),
    "a tall field": modal(
        text_input(),
        {**text_input(), "block_id": "tall", "element": {"type": "rich_text_input", "action_id": "a", "min_lines": 8}},
    ),
}

BAD_VIEWS: dict[str, tuple[Json, str]] = {
    "an input without submit": (modal(submit=None), "must define `submit` to use an `input` block"),
    "a long title": (modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
    "a long button": (modal(submit=plain("x" * 25)), "[json-pointer:/view/submit/text]"),
    "much metadata": (modal(private_metadata="x" * 3001), "[json-pointer:/view/private_metadata]"),
    "too many blocks": (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    "a table": (
        modal({"type": "table", "rows": [[CELL]]}),
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
    "an input that is filled in too far": (modal(text_input(initial_value="x" * 3001)), "/element/initial_value]"),
    "a chart": (modal(chart()), "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]"),
    "a long alert": (
        modal({"type": "alert", "text": mrkdwn("x" * 201)}),
        "less than 201 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    "a loud alert": (
        modal({"type": "alert", "text": mrkdwn("x"), "level": "loud"}),
        "must be a valid enum value: default, info, warning, error, success",
    ),
    "a field that is too tall": (
        modal({**text_input(), "element": {"type": "rich_text_input", "action_id": "a", "max_lines": 101}}),
        "must be between 1 and 100",
    ),
    "lines for plain text": (modal(text_input(min_lines=8)), "invalid additional property: min_lines"),
    "no title": ({"type": "modal", "blocks": [section()]}, "missing required field: title [json-pointer:/view]"),
}

# Each field with its limit, and blocks in which only that field has the given text.
LIMITED: dict[str, tuple[int, Any]] = {
    "section": (3000, section),
    "header": (150, lambda text: {"type": "header", "text": plain(text)}),
    "button": (75, lambda text: actions({**button(), "text": plain(text)})),
    "button value": (2000, lambda text: actions(button(value=text))),
    "button url": (3000, lambda text: actions(button(url=text))),
    "action_id": (255, lambda text: actions(button(text))),
    "block_id": (255, lambda text: section(block_id=text)),
    "option": (75, lambda text: actions(select(options=[{"text": plain(text), "value": "a"}]))),
    "placeholder": (150, lambda text: actions(select(placeholder=plain(text)))),
    "confirmation": (300, lambda text: actions(button(confirm={**CONFIRM, "text": plain(text)}))),
    "alt_text": (2000, lambda text: {**IMAGE, "alt_text": text}),
    "markdown": (12_000, lambda text: {"type": "markdown", "text": text}),
    "card title": (150, lambda text: {"type": "card", "title": mrkdwn(text)}),
}
