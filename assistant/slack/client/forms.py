"""Forms with Slack's newest parts, and without them in a workspace that doesn't have those yet.

Text that was typed into a tall field, which Slack keeps as rich text, as the plain text that it will be sent as.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.errors import InputError
from assistant.slack.client.blocks import Block, cut

_ALERT_CHARACTERS = 200
_TALL_LINES, _MOST_LINES = 8, 24
_PLAIN_CHARACTERS = 3000
_PIECE_CHARACTERS = 2900  # of one text in a rich text
_REFUSALS = ("invalid_arguments", "invalid_blocks")
_MARKS = {
    "default": "",
    "info": ":information_source: ",
    "warning": ":warning: ",
    "error": ":no_entry: ",
    "success": "",
}
_NOT_SENT = "A reply can't mention people, groups or channels of your Slack."
_log = logging.getLogger(__name__)


def build_alert(mrkdwn: str, level: str = "warning") -> Block:
    """A notice that stands out in a form: at most 200 characters, escaped already. Slack takes none in messages."""
    text = {"type": "mrkdwn", "text": cut(mrkdwn, _ALERT_CHARACTERS), "verbatim": True}
    return {"type": "alert", "level": level, "text": text}


def make_tall(field: Block, text: str) -> Block:
    """A field of several lines as one that shows them all, filled in with a text."""
    element: Block = {
        "type": "rich_text_input",
        "action_id": field["element"]["action_id"],
        "min_lines": _TALL_LINES,
        "max_lines": _MOST_LINES,
    }
    if text:
        pieces = [text[start : start + _PIECE_CHARACTERS] for start in range(0, len(text), _PIECE_CHARACTERS)]
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": piece} for piece in pieces]}
        element["initial_value"] = {"type": "rich_text", "elements": [section]}
    return {**field, "element": element}


def open_form(client: WebClient, trigger_id: str, view: Block) -> None:
    """Open a form. Raises SlackApiError."""
    _show(lambda shown: client.views_open(trigger_id=trigger_id, view=shown), view)


def update_form(client: WebClient, seen: Mapping[str, Any], view: Block) -> None:
    """Put another form in the place of the view that the person saw. Raises SlackApiError."""
    _show(lambda shown: client.views_update(view_id=seen["id"], hash=seen["hash"], view=shown), view)


def make_plain(view: Block) -> Block:
    """The form with small print for notices, and usual fields for tall ones."""
    return {**view, "blocks": [_make_plain(block) for block in view["blocks"]]}


def read_typed(typed: Mapping[str, Any]) -> str:
    """What was typed into a field, plain or tall. Raises InputError for what cannot be sent as text."""
    if "rich_text_value" not in typed:
        return str(typed.get("value") or "")
    return "\n".join(_read_part(part) for part in (typed["rich_text_value"] or {}).get("elements", ()))


def _show(call: Callable[[Block], object], view: Block) -> None:
    """Slack refuses a form before it uses up the click, so that it can be tried again without what is new."""
    try:
        call(view)
    except SlackApiError as error:
        plain = make_plain(view)
        if error.response.get("error") not in _REFUSALS or plain == view:
            raise
        _log.info("this workspace does not have all parts of a form yet: %s", error.response.get("response_metadata"))
        call(plain)


def _make_plain(block: Block) -> Block:
    if block["type"] == "alert":
        text = f"{_MARKS.get(block['level'], '')}{block['text']['text']}"
        return {"type": "context", "elements": [{**block["text"], "text": text}]}
    element = block.get("element") or {}
    if element.get("type") != "rich_text_input":
        return block
    plain = {"type": "plain_text_input", "action_id": element["action_id"], "multiline": True}
    plain["max_length"] = _PLAIN_CHARACTERS
    text = read_typed({"rich_text_value": element.get("initial_value")})
    return {**block, "element": {**plain, **({"initial_value": text[:_PLAIN_CHARACTERS]} if text else {})}}


def _read_part(part: Mapping[str, Any]) -> str:
    if part["type"] != "rich_text_list":
        return "".join(map(_read_inline, part["elements"]))
    return "\n".join(_read_items(part))


def _read_items(part: Mapping[str, Any]) -> Iterator[str]:
    for number, item in enumerate(part["elements"], int(part.get("offset") or 0) + 1):
        mark = f"{number}." if part.get("style") == "ordered" else "•"
        yield f"{mark} {_read_part(item)}"


def _read_inline(one: Mapping[str, Any]) -> str:
    kind = one["type"]
    if kind == "text":
        return str(one["text"])
    if kind == "link":
        return _read_link(str(one["url"]), str(one.get("text") or ""))
    if kind == "emoji":
        signs = str(one.get("unicode") or "")
        return "".join(chr(int(sign, 16)) for sign in signs.split("-")) if signs else f":{one['name']}:"
    if kind in ("user", "usergroup", "channel", "broadcast", "team"):
        raise InputError(_NOT_SENT, "Write the name instead.")
    return str(one.get("fallback") or one.get("value") or "")


def _read_link(url: str, text: str) -> str:
    """Slack makes a link of a typed address; of words with a link behind them both are needed."""
    if not text or text == url:
        return url
    return text if text in url else f"{text} ({url})"
