"""chat.postEphemeral: a message that one person sees and that no other method can find again."""

from ..aliases import Json
from ..errors import SlackError
from ..workspace import Channel
from .content import need_some_content, read_content
from .registry import Call, method

MOST_TEXT = 4_000


@method("chat.postEphemeral", scopes=("chat:write",), required=("channel", "user"), tier=4)
def post_ephemeral(call: Call) -> Json:
    channel = call.joined_channel()
    user_id = call.need_text("user")
    if user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = read_content(call, MOST_TEXT)
    need_some_content(content)
    message = build_ephemeral(call, channel, user_id, content, call.text("thread_ts"))
    call.world.workspace.ephemerals.append(message)
    return {"message_ts": message["ts"]}


def build_ephemeral(call: Call, channel: Channel, user_id: str, content: Json, thread_ts: str | None) -> Json:
    """A bot's message with the two facts that Slack keeps to itself: where it is, and who sees it."""
    message = call.world.transcript.build_bot_message(content, thread_ts)
    return {**message, "channel": channel.id, "shown_to": user_id, "is_ephemeral": True}
