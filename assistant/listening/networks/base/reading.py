"""What reading single posts has in common: the id of an answer, and a post as a reply in a thread."""

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import unreadable
from assistant.listening.networks.base.payload import get_field
from assistant.listening.networks.base.protocol import GONE


def read_id(who: str, body: object, field: str = "id") -> str:
    """The id that stands in an answer. Raises NetworkError when there is none: then nobody knows what happened."""
    found = get_field(body, field)
    if not isinstance(found, str | int) or not str(found):
        raise unreadable(who)
    return str(found)


def to_reply(post: Mention, is_ours: bool) -> ThreadPost:
    """A post as one that stands below another."""
    return ThreadPost(
        post.network, post.external_id, post.author, post.text, post.created_at, post.in_reply_to, is_ours
    )


def read_post(who: str, found: Mention | str) -> Mention | None:
    """The post, or None when the platform says it was deleted. Raises NetworkError when it cannot be read."""
    if found == GONE:
        return None
    if isinstance(found, str):
        raise NetworkError(f"{who} shows this post in a way that Earshot does not understand.", "Look at it yourself.")
    return found
