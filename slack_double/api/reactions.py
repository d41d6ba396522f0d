"""reactions.add and reactions.remove."""

import re

from ..aliases import Json
from ..errors import SlackError
from ..reactions import add_reaction, remove_reaction
from ..workspace import find_message
from .registry import Call, method

REQUIRED = ("channel", "name", "timestamp")


@method("reactions.add", scopes=("reactions:write",), required=REQUIRED, tier=3)
def reactions_add(call: Call) -> Json:
    message, name = _find_message(call), _read_name(call)
    if not add_reaction(message, name, call.world.settings.bot_user_id):
        raise SlackError("already_reacted")
    return {}


@method("reactions.remove", scopes=("reactions:write",), required=REQUIRED, tier=2)
def reactions_remove(call: Call) -> Json:
    message, name = _find_message(call), _read_name(call)
    if not remove_reaction(message, name, call.world.settings.bot_user_id):
        raise SlackError("no_reaction")
    return {}


def _find_message(call: Call) -> Json:
    message = find_message(call.joined_channel(), call.need_text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return message


def _read_name(call: Call) -> str:
    name = call.need_text("name")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    return name
