"""agents.sessions.*: the state of an agent session and its title, one session for each thread."""

from ..aliases import Json
from ..errors import SlackError, invalid_arguments
from ..workspace import Channel, find_message
from .registry import Call, method

STATUSES = ("active", "processing", "suspended", "closed")
MOST_TITLE = 200
UNSTOPPABLE = "missing_agent_session_stopped_event_subscription"


@method("agents.sessions.setStatus", scopes=("chat:write",), required=("channel_id", "status"), tier=3)
def set_status(call: Call) -> Json:
    """Creates the session where there is none; a title counts only then. Replies change nothing of it."""
    channel, thread_ts = _find_thread(call)
    status, title = call.need_text("status"), call.text("title") or ""
    check_status(status, "/status")
    if len(title) > MOST_TITLE:
        raise invalid_arguments(f"must be less than {MOST_TITLE + 1} characters [json-pointer:/title]")
    starter = call.text("initiator_user_id")
    if starter and starter not in call.world.workspace.people:
        raise SlackError("user_not_found")
    set_session(call, channel, thread_ts, status, title)
    subscribed = call.world.settings.events
    is_stoppable = subscribed is None or "agent_session_stopped" in subscribed
    warning = {"warning": UNSTOPPABLE} if status == "processing" and not is_stoppable else {}
    return {"status": status, "agent_status": status, "title": _session(call, channel, thread_ts)["title"], **warning}


@method("agents.sessions.rename", scopes=("chat:write",), required=("channel_id", "title"), tier=3)
def rename(call: Call) -> Json:
    channel, thread_ts = _find_thread(call)
    title = call.need_text("title")
    if len(title) > MOST_TITLE:
        raise invalid_arguments(f"must be less than {MOST_TITLE + 1} characters [json-pointer:/title]")
    if (channel.id, thread_ts) not in call.world.sessions:
        raise SlackError("session_not_found")
    _session(call, channel, thread_ts)["title"] = title
    return {"title": title}


def check_status(status: str, pointer: str) -> None:
    if status not in STATUSES:
        raise invalid_arguments(f"must be a valid enum value [json-pointer:{pointer}]")


def set_session(call: Call, channel: Channel, thread_ts: str, status: str, title: str = "") -> None:
    session = call.world.sessions.setdefault((channel.id, thread_ts), {"title": title, "statuses": []})
    session["statuses"].append(status)


def _session(call: Call, channel: Channel, thread_ts: str) -> Json:
    return call.world.sessions[channel.id, thread_ts]


def _find_thread(call: Call) -> tuple[Channel, str]:
    channel, thread_ts = call.joined_channel("channel_id"), call.text("thread_ts")
    if thread_ts is None:
        raise invalid_arguments("missing required field: thread_ts")
    if find_message(channel, thread_ts) is None:
        raise SlackError("invalid_thread_ts", detail="Thread not found")
    return channel, thread_ts
