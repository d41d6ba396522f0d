"""A signed webhook for exports of other listening tools: who may send, and what a request holds."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain import Mention
from assistant.errors import InputError
from assistant.listening.networks.base.protocol import Rejected
from assistant.listening.networks.file import DEFAULT_NETWORK, read_line, to_mention_id

REPLAY_WINDOW = timedelta(minutes=5)
_MOST_POSTS = 1000


@dataclass(frozen=True)
class WebhookDelivery:
    """The content of a request: posts, those that were rejected, and ids of mentions that were deleted upstream."""

    mentions: tuple[Mention, ...]
    rejected: tuple[Rejected, ...]
    removed: tuple[str, ...]


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request: `sha256=` and the HMAC-SHA256 of `timestamp.body` in hex."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def verify(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> None:
    """Raises InputError unless the secret's owner signed this body at this time, within five minutes of now."""
    expected = sign(secret, timestamp, body)
    if not hmac.compare_digest(expected.encode(), signature.strip().encode("utf-8", "replace")):
        raise InputError("The signature is wrong.", "Sign `timestamp.body` with WEBHOOK_SECRET, HMAC-SHA256, in hex.")
    # Only now: nobody without the secret learns what else is wrong.
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:
        raise InputError("The timestamp is no number of seconds since 1970.", "Send Unix time in X-Earshot-Timestamp.")
    if abs(now.timestamp() - int(timestamp)) > REPLAY_WINDOW.total_seconds():
        raise InputError("The request is older than five minutes, or from the future.", "Check the sender's clock.")


def parse(body: bytes) -> WebhookDelivery:
    """One post, a list of posts, or a line of JSON for each. Raises InputError when it is neither.

    A post is a line of an imported file; `{"id": …, "source": …, "deleted": true}` takes one away.
    """
    mentions, rejected, removed = [], [], []
    for number, line in enumerate(_split(body), start=1):
        if isinstance(line, dict) and line.get("deleted") is True:
            mention_id = to_mention_id(line.get("source") or DEFAULT_NETWORK, line.get("id"))
            if mention_id:
                removed.append(mention_id)
            else:
                rejected.append(Rejected(f"post {number}", "should be deleted, but has no id"))
            continue
        found = read_line(f"post {number}", line)
        if isinstance(found, Rejected):
            rejected.append(found)
        else:
            mentions.append(found)
    return WebhookDelivery(tuple(mentions), tuple(rejected), tuple(removed))


def _split(body: bytes) -> list[object]:
    try:
        text = body.decode("utf-8")
        parsed = _parse(text)
    except (ValueError, RecursionError) as error:
        raise InputError("The body is no JSON.", "Send one post, a list of posts, or a JSON line for each.") from error
    lines = parsed if isinstance(parsed, list) else [parsed]
    if not lines:
        raise InputError("The body holds no post.", "Send one post, a list of posts, or a JSON line for each.")
    if len(lines) > _MOST_POSTS:
        raise InputError(f"The body holds more than {_MOST_POSTS} posts.", "Send them in parts.")
    return lines


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
