"""The Web API: one file for each family of methods; importing this package registers all of them."""

from . import assistant, auth, chat, conversations, ephemeral, files, people, reactions, sessions, streams, views
from .registry import Call, find_method

__all__ = [
    "Call",
    "assistant",
    "auth",
    "chat",
    "conversations",
    "ephemeral",
    "files",
    "find_method",
    "people",
    "reactions",
    "sessions",
    "streams",
    "views",
]
