"""What a message may contain: text, blocks and their sizes; shared by everything that posts."""

from ..aliases import Json
from ..blocks import Report, check_blocks
from ..blocks.sizes import MOST_BLOCK_CHARACTERS, count_characters
from ..errors import SlackError, invalid_arguments
from ..transcript import add_missing_ids
from ..world import World
from .registry import Call

MOST_MARKDOWN = 12_000
KEPT = (
    "metadata",
    "username",
    "icon_emoji",
    "icon_url",
    "unfurl_links",
    "unfurl_media",
    "mrkdwn",
    "parse",
    "link_names",
)


def read_content(call: Call, most_text: int) -> Json:
    """The checked content of a message; keys that were not given are missing."""
    content: Json = {key: call.args[key] for key in KEPT if call.args.get(key) is not None}
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = read_blocks(call)
    if markdown is not None and (text is not None or blocks is not None):
        raise SlackError("markdown_text_conflict")
    if len(text or "") > most_text or len(markdown or "") > MOST_MARKDOWN:
        raise SlackError("msg_too_long")
    if text is not None or markdown is not None:
        content["text"] = text if text is not None else markdown
    if markdown is not None:
        blocks = add_missing_ids([{"type": "markdown", "text": markdown}])
    if blocks is not None:
        content["blocks"] = blocks
    attachments = call.structure("attachments")
    if isinstance(attachments, list):
        content["attachments"] = attachments
    return content


def need_some_content(content: Json) -> None:
    if not (str(content.get("text") or "").strip() or content.get("blocks") or content.get("attachments")):
        raise SlackError("no_text")


def read_blocks(call: Call, name: str = "blocks") -> list[Json] | None:
    """The call's blocks with all ids filled in; None when the argument was not given."""
    blocks = call.structure(name, "invalid_blocks_format")
    if blocks is None or blocks == "":
        return None
    return check_message_blocks(call, blocks)


def refuse_unknown_files(world: World, blocks: object) -> None:
    """An image may only show a file whose upload was completed."""
    if isinstance(blocks, list):
        for part in blocks:
            refuse_unknown_files(world, part)
    elif isinstance(blocks, dict):
        shown = blocks.get("slack_file")
        if isinstance(shown, dict) and not (
            world.workspace.knows_file(shown) and not world.faults.take("files_to_refuse")
        ):
            raise invalid_arguments("invalid slack file [json-pointer:/blocks]", code="invalid_blocks")
        for part in blocks.values():
            refuse_unknown_files(world, part)


def refuse_unknown_parts(world: World, part: object, at: str, report: Report) -> None:
    """Report what the workspace does not have yet, in Slack's words for what it does not know."""
    if isinstance(part, list):
        for index, one in enumerate(part):
            refuse_unknown_parts(world, one, f"{at}/{index}", report)
    elif isinstance(part, dict):
        if part.get("type") in world.settings.refused_parts:
            report.error(f"unsupported type: {part['type']}", f"{at}/type")
        for name, one in part.items():
            refuse_unknown_parts(world, one, f"{at}/{name}", report)


def check_message_blocks(call: Call, blocks: object) -> list[Json]:
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    report = check_blocks(blocks)
    refuse_unknown_parts(call.world, blocks, "/blocks", report)
    if report.errors:
        refusal = invalid_arguments(*report.errors, code="invalid_blocks")
        refusal.extra["errors"] = list(report.errors)
        raise refusal
    refuse_unknown_files(call.world, blocks)
    if count_characters(blocks) > MOST_BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    call.world.warn(report.warnings)
    return add_missing_ids(blocks)
