"""What all platforms share: what stands on them, a request as it came in, and the post that is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.payloads import HUSH

from assistant.domain import Attempt, Mention
from assistant.listening.networks.base.reply_rules import CompanyStanding
from assistant.listening.networks.base.sender import PlatformSender, PostClient

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ASKED = NOW - timedelta(hours=2)
OURS = frozenset({"larkspurbikes"})
STANDING = CompanyStanding(handles=OURS, welcome=frozenset({"bikes"}), has_ai_approval=True)
QUESTION = "@larkspurbikes How do I pause my plan?"
TIMEOUT_SECONDS = 2
FindAttempt = Callable[[str], Attempt]


@dataclass(frozen=True)
class Kept:
    """A reply that a platform has."""

    number: int
    text: str
    at: datetime


@dataclass
class State:
    """What stands on the platform under the post, and what was asked."""

    replies: list[Kept] = field(default_factory=list)
    sends: int = 0
    keys: dict[str, Kept] = field(default_factory=dict)
    is_post_gone: bool = False
    is_locked: bool = False

    def accept(self, text: str, key: str = "") -> Kept:
        """Keep a reply, once under each key."""
        if key in self.keys:
            return self.keys[key]
        kept = Kept(100 + len(self.replies), text, NOW + timedelta(seconds=10))
        self.replies.append(kept)
        if key:
            self.keys[key] = kept
        return kept

    def drop(self, number: int) -> bool:
        """Take a reply away; whether it was there."""
        before = len(self.replies)
        self.replies = [kept for kept in self.replies if kept.number != number]
        return len(self.replies) < before


@dataclass(frozen=True)
class Request:
    """A request as it came in; `values` is its JSON or its form."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    values: dict[str, Any]


Told = tuple[int, Any]
Serve = Callable[[State, Request], Told]
GONE: Told = (404, {"error": "not found"})


@dataclass(frozen=True)
class Platform:
    """One platform: the post that is answered, its API, and the sender that is tested."""

    name: str
    mention: Mention
    build: Callable[[str], PostClient]
    is_send: Callable[[Request], bool]
    serve: Serve

    def build_sender(self, url: str, find_attempt: FindAttempt) -> PlatformSender:
        """The sender, over a fresh connection."""
        return PlatformSender(self.build(url), find_attempt)


def clock() -> datetime:
    """The moment of every test."""
    return NOW


def hush() -> str:
    """The key of every platform."""
    return HUSH


def build_mention(network: str, external_id: str, **more: Any) -> Mention:
    """The post that is answered."""
    return Mention(f"{network}:{external_id}", network, external_id, "ann", QUESTION, ASKED, "en", **more)


def is_request(method: str, path: str) -> Callable[[Request], bool]:
    """Whether a request is this one."""
    return lambda request: (request.method, request.path) == (method, path)


def read_number(request: Request) -> int:
    """The number at the end of a path."""
    return int("".join(filter(str.isdigit, request.path.rpartition("/")[2])) or 0)


NO_SUCH: Told = (400, {"error": {"code": 100, "error_subcode": 33}})
