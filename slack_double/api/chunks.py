"""Streaming chunks: pieces of text, and the task cards, plan and blocks that appear between them."""

from ..aliases import Json
from ..blocks.checks import Check, array, by_type, choice, shape, string
from ..blocks.layout import BLOCKS
from ..blocks.report import Report
from ..errors import SlackError
from .registry import Call

_SOURCE = shape({"url": string(3000, 1), "text": string(255, 1)}, type_name="url")
_STATUS = choice("pending", "in_progress", "complete", "error")
_TASK: dict[str, Check] = {"details": string(256), "output": string(256), "sources": array(_SOURCE, 100)}
CHUNK = by_type(
    {
        "markdown_text": shape({"text": string(12_000, 1)}, type_name="markdown_text"),
        "plan_update": shape({"title": string(256, 1)}, type_name="plan_update"),
        "task_update": shape(
            {"id": string(255, 1), "title": string(256, 1), "status": _STATUS}, _TASK, type_name="task_update"
        ),
        "blocks": shape({"blocks": array(by_type(BLOCKS), 50, 1)}, type_name="blocks"),
    }
)


def read_chunks(call: Call) -> list[Json]:
    chunks = call.structure("chunks")
    if chunks is None:
        return []
    report = Report()
    array(CHUNK, 100)(chunks, "/chunks", report)
    if report.errors or not isinstance(chunks, list):
        messages = [f"[ERROR] {error}" for error in report.errors]
        code = "msg_too_long" if any("must be less than 12001" in message for message in messages) else "invalid_chunks"
        raise SlackError(code, response_metadata={"messages": messages})
    return chunks


def apply_chunk(message: Json, chunk: Json) -> None:
    """Text is appended; a task or plan with a known id replaces what is shown of it."""
    blocks: list[Json] = message["blocks"]
    if chunk["type"] == "markdown_text":
        message["text"] += chunk["text"]
    elif chunk["type"] == "blocks":
        blocks.extend(chunk["blocks"])
    elif chunk["type"] == "plan_update":
        _put(blocks, {"type": "plan", "title": chunk["title"]}, "type")
    else:
        card = {"type": "task_card", "task_id": chunk["id"], "title": chunk["title"], "status": chunk["status"]}
        _put(blocks, card, "task_id")


def _put(blocks: list[Json], new: Json, key: str) -> None:
    for index, block in enumerate(blocks):
        if block.get(key) == new[key] and block["type"] == new["type"]:
            blocks[index] = {**block, **new}
            return
    blocks.append(new)
