"""assistant.threads.*: the status line, the suggested prompts and the title of a thread."""

from ..aliases import Json
from ..errors import SlackError, invalid_arguments
from ..workspace import Channel, find_message
from .registry import Call, method

MOST_PROMPTS = 4
MOST_LOADING_MESSAGES = 10


@method("assistant.threads.setStatus", scopes=("chat:write", "assistant:write"), required=("channel_id", "thread_ts"))
def set_status(call: Call) -> Json:
    """An empty status ends it, and so does any reply in the thread."""
    if "status" not in call.args:
        raise invalid_arguments("missing required field: status")
    channel, thread_ts = call.joined_channel("channel_id"), call.need_text("thread_ts")
    _need_thread(channel, thread_ts)
    loading = call.structure("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > MOST_LOADING_MESSAGES:
        raise invalid_arguments(f"no more than {MOST_LOADING_MESSAGES} items allowed [json-pointer:/loading_messages]")
    status = {"channel_id": channel.id, "thread_ts": thread_ts, "status": call.text("status") or ""}
    call.world.statuses.append({**status, "loading_messages": loading, "by": "app"})
    return {}


@method(
    "assistant.threads.setSuggestedPrompts", scopes=("assistant:write",), required=("channel_id", "prompts"), tier=4
)
def set_suggested_prompts(call: Call) -> Json:
    """In an agent_view, prompts for a thread are answered with ok and never shown: only those without one appear."""
    channel, thread_ts = call.joined_channel("channel_id"), call.text("thread_ts")
    prompts = call.structure("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise invalid_arguments(f"must provide 1 to {MOST_PROMPTS} items [json-pointer:/prompts]")
    for index, prompt in enumerate(prompts):
        for name in ("title", "message"):
            if not isinstance(prompt, dict) or not prompt.get(name):
                raise invalid_arguments(f"missing required field: {name} [json-pointer:/prompts/{index}]")
    if thread_ts:
        _need_thread(channel, thread_ts)
    else:
        call.world.prompts.append({"channel_id": channel.id, "title": call.text("title"), "prompts": prompts})
    return {}


@method(
    "assistant.threads.setTitle", scopes=("assistant:write",), required=("channel_id", "thread_ts", "title"), tier=4
)
def set_title(call: Call) -> Json:
    channel, thread_ts = call.joined_channel("channel_id"), call.need_text("thread_ts")
    _need_thread(channel, thread_ts)
    call.world.titles.append({"channel_id": channel.id, "thread_ts": thread_ts, "title": call.need_text("title")})
    return {}


def _need_thread(channel: Channel, thread_ts: str) -> None:
    if find_message(channel, thread_ts) is None:
        raise SlackError("invalid_thread_ts", detail="Thread not found")
