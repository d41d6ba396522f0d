"""reactions.add."""

import re

from ..aliases import Json
from ..errors import SlackError
from ..workspace import find_message
from .registry import Call, method


@method("reactions.add", scopes=("reactions:write",), required=("channel", "name", "timestamp"), tier=3)
def reactions_add(call: Call) -> Json:
    channel = call.joined_channel()
    message = find_message(channel, call.need_text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    name, bot = call.need_text("name"), call.world.settings.bot_user_id
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    reactions = message.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == name and bot in reaction["users"]:
            raise SlackError("already_reacted")
        if reaction["name"] == name:
            reaction["users"].append(bot)
            reaction["count"] += 1
            return {}
    reactions.append({"name": name, "users": [bot], "count": 1})
    return {}
