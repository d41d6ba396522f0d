"""Posts to a response_url: an answer to a command or a click, ephemeral unless it says otherwise."""

from ..aliases import Json
from ..errors import SlackError
from ..workspace import Channel, find_message
from .content import need_some_content, read_content
from .ephemeral import build_ephemeral
from .registry import Call

MOST_TEXT = 40_000


def respond(call: Call, token: str) -> None:
    """Post, replace or delete, as the body says. It needs no membership: the person's own action allows it."""
    url = call.world.response_urls.use(token)
    channel = call.world.workspace.channels[url.channel_id]
    if call.flag("delete_original"):
        _delete_original(call, channel, url.message_ts)
        return
    content = read_content(call, MOST_TEXT)
    need_some_content(content)
    if call.flag("replace_original") and url.message_ts:
        _replace_original(call, channel, url.message_ts, content)
    else:
        post_answer(call, channel, url.user_id, content, call.text("thread_ts"))


def post_answer(call: Call, channel: Channel, user_id: str, content: Json, thread_ts: str | None) -> None:
    world = call.world
    if call.text("response_type") == "in_channel":
        world.transcript.add(channel, world.transcript.build_bot_message(content, thread_ts))
    else:
        world.workspace.ephemerals.append(build_ephemeral(call, channel, user_id, content, thread_ts))


def _replace_original(call: Call, channel: Channel, ts: str, content: Json) -> None:
    content.setdefault("blocks", [])
    message = find_message(channel, ts)
    if message is not None:
        call.world.transcript.change(channel, message, content, call.world.settings.bot_user_id)
        return
    _find_ephemeral(call, ts).update(content)


def _delete_original(call: Call, channel: Channel, ts: str | None) -> None:
    message = find_message(channel, ts) if ts else None
    if message is not None:
        call.world.transcript.remove(channel, message, call.world.settings.bot_user_id)
    elif ts:
        call.world.workspace.ephemerals.remove(_find_ephemeral(call, ts))
    else:
        raise SlackError("no_original_message")


def _find_ephemeral(call: Call, ts: str) -> Json:
    for message in call.world.workspace.ephemerals:
        if message["ts"] == ts:
            return message
    raise SlackError("message_not_found")
