"""chat.startStream, appendStream and stopStream: a message that grows while people read it."""

import copy

from ..aliases import Json
from ..errors import SlackError, invalid_arguments
from ..transcript import add_missing_ids
from ..workspace import Channel, find_message
from .chat import clear_status
from .chunks import apply_chunk, read_chunks
from .content import read_blocks
from .registry import Call, method
from .sessions import check_status, set_session

MOST_TEXT = 12_000


@method("chat.startStream", scopes=("chat:write",), required=("channel",), tier=2)
def start_stream(call: Call) -> Json:
    """In a channel, Slack must know for whom the text is, and in which thread."""
    channel = call.joined_channel()
    thread_ts = call.text("thread_ts")
    if call.args.get("task_display_mode") not in (None, "", "timeline", "plan"):
        raise invalid_arguments("must be a valid enum value [json-pointer:/task_display_mode]")
    if channel.kind != "im":
        _need_recipient(call)
        if thread_ts is None:
            raise invalid_arguments("missing required field: thread_ts")
    if thread_ts and find_message(channel, thread_ts) is None:
        raise SlackError("cannot_reply_to_message")
    text, chunks = _read_text(call), read_chunks(call)
    call.world.limiter.spend_message(channel.id)
    content: Json = {"text": text, "streaming_state": "in_progress", "blocks": []}
    message = call.world.transcript.build_bot_message(content, thread_ts)
    _grow(message, "", chunks)
    call.world.stream_starts[message["ts"]] = call.world.settings.clock()
    call.world.transcript.add(channel, message)
    clear_status(call, channel, thread_ts)
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.appendStream", scopes=("chat:write",), required=("channel", "ts"), tier=4)
def append_stream(call: Call) -> Json:
    channel, message = _find_stream(call)
    text, chunks = _read_text(call), read_chunks(call)
    if not text and not chunks:
        raise SlackError("no_text")
    _grow(message, text, chunks)
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.stopStream", scopes=("chat:write",), required=("channel", "ts"), tier=2)
def stop_stream(call: Call) -> Json:
    """Takes last words, and blocks that are put below the text."""
    channel, message = _find_stream(call)
    status = call.text("session_status")
    if status:
        check_status(status, "/session_status")
    text, chunks, blocks = _read_text(call), read_chunks(call), read_blocks(call)
    _grow(message, text, chunks)
    if not message["text"] and not message["blocks"] and not blocks:
        raise SlackError("no_text")
    changes: Json = {"streaming_state": "completed", "blocks": [*message["blocks"], *(blocks or [])]}
    if call.args.get("metadata") is not None:
        changes["metadata"] = call.structure("metadata")
    call.world.transcript.change(channel, message, changes, call.world.settings.bot_user_id)
    if status:
        set_session(call, channel, message.get("thread_ts") or message["ts"], status)
    return {"channel": channel.id, "ts": message["ts"], "message": copy.deepcopy(message)}


def _find_stream(call: Call) -> tuple[Channel, Json]:
    """The stream as far as it is still open: Slack ends one some minutes after its start."""
    channel = call.joined_channel()
    message = find_message(channel, call.need_text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != call.world.settings.bot_id:
        raise SlackError("message_not_owned_by_app")
    started_at = call.world.stream_starts.get(message["ts"])
    if started_at is None or message.get("streaming_state") != "in_progress":
        raise SlackError("message_not_in_streaming_state")
    if call.world.settings.clock() - started_at > call.world.settings.stream_seconds:
        message["streaming_state"] = "completed"
        raise SlackError("message_not_in_streaming_state")
    return channel, message


def _need_recipient(call: Call) -> None:
    user_id = call.text("recipient_user_id")
    if user_id is None:
        raise SlackError("missing_recipient_user_id")
    if call.text("recipient_team_id") is None:
        raise SlackError("missing_recipient_team_id")
    if user_id not in call.world.workspace.people:
        raise SlackError("user_not_found")


def _read_text(call: Call) -> str:
    text = call.text("markdown_text") or ""
    if len(text) > MOST_TEXT:
        raise SlackError("msg_too_long")
    return text


def _grow(message: Json, text: str, chunks: list[Json]) -> None:
    message["text"] += text
    for chunk in chunks:
        apply_chunk(message, chunk)
    message["blocks"] = add_missing_ids(message["blocks"])
