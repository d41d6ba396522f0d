"""conversations.info, list, create, members, history, replies and open, users.conversations."""

import copy

from ..aliases import Json
from ..errors import SlackError
from ..workspace import Channel, list_thread
from .registry import Call, method, paginate

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MOST_OPENED = 8
MOST_CHARACTERS = 80
_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method("conversations.info", scopes=READ, required=("channel",), tier=3)
def conversations_info(call: Call) -> Json:
    channel = call.world.workspace.visible_channel(call.need_text("channel"))
    call.need_scope_for(channel, "read")
    described = describe_channel(call, channel)
    if call.flag("include_num_members"):
        described["num_members"] = len(channel.members)
    return {"channel": described}


@method("conversations.list", scopes=READ, tier=2)
def conversations_list(call: Call) -> Json:
    kinds = _read_kinds(call)
    found = [
        describe_channel(call, channel)
        for channel in call.world.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or call.world.workspace.bot_is_in(channel))
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    page, rest = paginate(call, found)
    return {"channels": page, **rest}


@method("users.conversations", scopes=READ, tier=3)
def users_conversations(call: Call) -> Json:
    """The conversations that a user is in, of the kinds asked for; the bot's own without a user."""
    user_id = call.text("user") or call.world.settings.bot_user_id
    kinds = _read_kinds(call)
    found = [
        describe_channel(call, channel)
        for channel in call.world.workspace.channels.values()
        if user_id in channel.members
        and channel.kind in kinds
        and call.world.workspace.bot_is_in(channel)
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    page, rest = paginate(call, found)
    return {"channels": page, **rest}


@method("conversations.members", scopes=READ, required=("channel",), tier=4)
def conversations_members(call: Call) -> Json:
    channel = call.world.workspace.visible_channel(call.need_text("channel"))
    call.need_scope_for(channel, "read")
    page, rest = paginate(call, [{"id": member} for member in channel.members])
    return {"members": [member["id"] for member in page], **rest}


@method("conversations.history", scopes=HISTORY, required=("channel",), tier=3)
def conversations_history(call: Call) -> Json:
    """Newest first, without the replies in threads."""
    channel = call.joined_channel()
    call.need_scope_for(channel, "history")
    top = [message for message in channel.messages if _is_top_level(message)]
    page, rest = paginate(call, _within(call, top)[::-1])
    return {"messages": copy.deepcopy(page), "has_more": bool(rest["response_metadata"]["next_cursor"]), **rest}


@method("conversations.replies", scopes=HISTORY, required=("channel", "ts"), tier=3)
def conversations_replies(call: Call) -> Json:
    """The parent first, then its replies, oldest first."""
    channel = call.joined_channel()
    call.need_scope_for(channel, "history")
    thread = list_thread(channel, call.need_text("ts"))
    if not thread:
        raise SlackError("thread_not_found")
    page, rest = paginate(call, [thread[0], *_within(call, thread[1:])], 1000)
    return {"messages": copy.deepcopy(page), "has_more": bool(rest["response_metadata"]["next_cursor"]), **rest}


@method("conversations.open", tier=3)
def conversations_open(call: Call) -> Json:
    """A direct message with one user, or a group of up to eight."""
    existing = call.text("channel")
    if existing:
        return {"channel": {"id": call.world.workspace.visible_channel(existing).id}}
    user_ids = [user_id for user_id in (call.text("users") or "").split(",") if user_id]
    if not user_ids:
        raise SlackError("users_list_not_supplied")
    if len(user_ids) > MOST_OPENED:
        raise SlackError("too_many_users")
    if any(user_id not in call.world.workspace.people for user_id in user_ids):
        raise SlackError("user_not_found")
    call.need_scope("im:write" if len(user_ids) == 1 else "mpim:write")
    channel = call.world.workspace.open_dm(user_ids[0]) if len(user_ids) == 1 else _open_group(call, user_ids)
    return {"channel": describe_channel(call, channel) if call.flag("return_im") else {"id": channel.id}}


@method("conversations.create", required=("name",), tier=2)
def conversations_create(call: Call) -> Json:
    """A channel with the bot as its only member."""
    is_private, name = call.flag("is_private"), call.need_text("name")
    call.need_scope("groups:write" if is_private else "channels:manage")
    workspace = call.world.workspace
    if name != name.lower() or " " in name or len(name) > MOST_CHARACTERS:
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in workspace.channels.values()):
        raise SlackError("name_taken")
    kind = "group" if is_private else "channel"
    channel = Channel(workspace.new_id("C"), name, kind, [call.world.settings.bot_user_id])
    workspace.channels[channel.id] = channel
    return {"channel": describe_channel(call, channel)}


def _read_kinds(call: Call) -> set[str]:
    names = [name.strip() for name in (call.text("types") or "public_channel").split(",")]
    if not set(names) <= _KINDS.keys():
        raise SlackError("invalid_types")
    return {_KINDS[name] for name in names}


def describe_channel(call: Call, channel: Channel) -> Json:
    settings = call.world.settings
    described: Json = {
        "id": channel.id,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_private": channel.kind != "channel",
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": settings.team_id,
    }
    if channel.kind == "im":
        return {**described, "user": next(one for one in channel.members if one != settings.bot_user_id)}
    is_member = call.world.workspace.bot_is_in(channel)
    return {**described, "name": channel.name, "name_normalized": channel.name, "is_member": is_member}


def _open_group(call: Call, user_ids: list[str]) -> Channel:
    workspace = call.world.workspace
    members = {*user_ids, call.world.settings.bot_user_id}
    for channel in workspace.channels.values():
        if channel.kind == "mpim" and set(channel.members) == members:
            return channel
    channel = Channel(workspace.new_id("G"), f"mpdm-{'--'.join(sorted(members)).lower()}-1", "mpim", sorted(members))
    workspace.channels[channel.id] = channel
    return channel


def _is_top_level(message: Json) -> bool:
    is_reply = message.get("thread_ts", message["ts"]) != message["ts"]
    return not is_reply or message.get("subtype") == "thread_broadcast"


def _within(call: Call, messages: list[Json]) -> list[Json]:
    """Between oldest and latest; the ends themselves only when `inclusive` is set."""
    oldest, latest = _read_ts(call, "oldest", 0.0), _read_ts(call, "latest", float("inf"))
    if call.flag("inclusive"):
        return [message for message in messages if oldest <= float(message["ts"]) <= latest]
    return [message for message in messages if oldest < float(message["ts"]) < latest]


def _read_ts(call: Call, name: str, default: float) -> float:
    value = call.text(name)
    try:
        return default if value is None else float(value)
    except ValueError as error:
        raise SlackError(f"invalid_ts_{name}") from error
