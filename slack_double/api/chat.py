"""chat.postMessage, update, delete and getPermalink."""

import copy

from ..aliases import Json
from ..errors import SlackError
from ..workspace import Channel, find_message
from .content import need_some_content, read_content
from .registry import Call, method

MOST_POSTED_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000


@method("chat.postMessage", scopes=("chat:write",), required=("channel",))
def post_message(call: Call) -> Json:
    channel = find_destination(call)
    content = read_content(call, MOST_POSTED_TEXT)
    need_some_content(content)
    thread_ts = call.text("thread_ts")
    if thread_ts and find_message(channel, thread_ts) is None:
        raise SlackError("cannot_reply_to_message")
    call.world.limiter.spend_message(channel.id)
    message = call.world.transcript.build_bot_message(content, thread_ts)
    if thread_ts and call.flag("reply_broadcast"):
        message["subtype"] = "thread_broadcast"
    call.world.transcript.add(channel, message)
    clear_status(call, channel, thread_ts)
    return {"channel": channel.id, "ts": message["ts"], "message": copy.deepcopy(message)}


@method("chat.update", scopes=("chat:write",), required=("channel", "ts"), tier=3)
def update_message(call: Call) -> Json:
    """Blocks stay only when no text is given; text alone replaces them. Attachments stay until replaced."""
    channel, message = find_own_message(call, "cant_update_message")
    if message.get("streaming_state") == "in_progress":
        raise SlackError("streaming_state_conflict")
    changes = read_content(call, MOST_UPDATED_TEXT)
    if not {"text", "blocks", "attachments"} & changes.keys():
        raise SlackError("no_text")
    if "text" in changes:
        changes.setdefault("blocks", [])
    call.world.transcript.change(channel, message, changes, call.world.settings.bot_user_id)
    answer = {"channel": channel.id, "ts": message["ts"], "text": message["text"]}
    return {**answer, "message": copy.deepcopy(message)}


@method("chat.delete", scopes=("chat:write",), required=("channel", "ts"), tier=3)
def delete_message(call: Call) -> Json:
    channel, message = find_own_message(call, "cant_delete_message")
    call.world.transcript.remove(channel, message, call.world.settings.bot_user_id)
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.getPermalink", required=("channel", "message_ts"))
def get_permalink(call: Call) -> Json:
    channel = call.world.workspace.visible_channel(call.need_text("channel"))
    message = find_message(channel, call.need_text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = (
        f"https://{call.world.settings.team_domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    )
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != message["ts"]:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def find_destination(call: Call) -> Channel:
    """A channel by id, a public one by name, or a person by id, which means their direct messages."""
    workspace, wanted = call.world.workspace, call.need_text("channel")
    if wanted in workspace.people and wanted != call.world.settings.bot_user_id:
        return workspace.open_dm(wanted)
    named = [channel for channel in workspace.channels.values() if channel.name == wanted.removeprefix("#")]
    if wanted not in workspace.channels and named and named[0].kind in ("channel", "group"):
        wanted = named[0].id
    channel = workspace.visible_channel(wanted)
    if workspace.bot_is_in(channel) or "chat:write.public" not in call.world.settings.scopes:
        return workspace.joined_channel(wanted)
    return channel


def find_own_message(call: Call, refusal: str) -> tuple[Channel, Json]:
    channel = call.world.workspace.visible_channel(call.need_text("channel"))
    message = find_message(channel, call.need_text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != call.world.settings.bot_id:
        raise SlackError(refusal)
    return channel, message


def clear_status(call: Call, channel: Channel, thread_ts: str | None) -> None:
    """A reply ends the thread's "is thinking..."."""
    statuses = call.world.statuses
    same = [one for one in statuses if (one["channel_id"], one["thread_ts"]) == (channel.id, thread_ts)]
    if same and same[-1]["status"]:
        statuses.append({"channel_id": channel.id, "thread_ts": thread_ts, "status": "", "by": "reply"})
