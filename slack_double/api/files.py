"""The upload of a file in three steps (an address, the bytes, the completion that shares it), and files.info."""

from ..aliases import Json
from ..errors import SlackError, invalid_arguments
from ..workspace import Channel, StoredFile, describe_file, find_message
from .registry import Call, method

MOST_ALT_TEXT = 1000


@method("files.getUploadURLExternal", scopes=("files:write",), required=("filename", "length"), tier=4)
def get_upload_url(call: Call) -> Json:
    length = call.number("length", 0)
    if length < 1:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    alt_text = call.text("alt_txt")
    if len(alt_text or "") > MOST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    stored = StoredFile(call.world.workspace.new_id("F"), call.need_text("filename"), length, alt_text=alt_text)
    call.world.workspace.files[stored.id] = stored
    return {"upload_url": f"{call.world.base_url}/upload/{stored.id}", "file_id": stored.id}


@method("files.completeUploadExternal", scopes=("files:write",), required=("files",), tier=4)
def complete_upload(call: Call) -> Json:
    """Without a channel the file stays private; with one it is posted there, as a message with the file."""
    files = _read_files(call)
    channels = [call.world.workspace.joined_channel(channel_id) for channel_id in _read_channels(call)]
    for stored in files:
        stored.completed = True
    for channel in channels:
        _share(call, channel, files)
    return {"files": [_describe(call, stored) for stored in files]}


@method("files.info", scopes=("files:read",), required=("file",), tier=4)
def files_info(call: Call) -> Json:
    stored = call.world.workspace.files.get(call.need_text("file"))
    if stored is None or not stored.completed:
        raise SlackError("file_not_found")
    return {"file": _describe(call, stored)}


def _read_files(call: Call) -> list[StoredFile]:
    entries = call.structure("files")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise invalid_arguments("must provide an array [json-pointer:/files]")
    found = []
    for entry in entries:
        stored = call.world.workspace.files.get(str(entry.get("id")))
        if stored is None or stored.content is None or len(stored.content) != stored.length:
            raise SlackError("file_not_found")
        stored.title = entry.get("title") or stored.name
        found.append(stored)
    return found


def _read_channels(call: Call) -> list[str]:
    one, many = call.text("channel_id"), call.text("channels")
    return many.split(",") if many else [one] if one else []


def _share(call: Call, channel: Channel, files: list[StoredFile]) -> None:
    thread_ts = call.text("thread_ts")
    if thread_ts and find_message(channel, thread_ts) is None:
        raise SlackError("channel_not_found")
    for stored in files:
        stored.channels.append(channel.id)
    content: Json = {"text": call.text("initial_comment") or "", "files": [_describe(call, one) for one in files]}
    message = call.world.transcript.build_bot_message({**content, "subtype": "file_share"}, thread_ts)
    call.world.transcript.add(channel, message)


def _describe(call: Call, stored: StoredFile) -> Json:
    return describe_file(call.world.settings, stored, call.world.settings.bot_user_id, call.world.base_url)
