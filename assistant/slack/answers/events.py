"""Message events as Earshot reads them: a question, an edit, a deletion, or nothing, and by which rule."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from assistant.core.job import Asker, Job
from assistant.core.say import Say
from assistant.domain.outside import QUESTION, bound

Body = dict[str, Any]

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_LINKED = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
# These are messages too: with a file, sent to the channel too, or with /me.
_SPOKEN = frozenset(("", "file_share", "thread_broadcast", "me_message", "bot_message"))
_COURTESIES = frozenset(
    "thanks thank you thx ty cheers ok okay great perfect cool nice good got it will do done lol haha yes no a lot so "
    "very much many everyone everybody all team both appreciated helpful".split()
)
_MOST_COURTESY_WORDS = 6


class Silence(StrEnum):
    """Reasons why a message got no answer."""

    TO_OTHERS = Say.SILENCE_TO_OTHERS
    COURTESY = Say.SILENCE_COURTESY
    MUTED = Say.SILENCE_MUTED


A = TypeVar("A", bound="Asked")


@dataclass(frozen=True)
class Asked(Job):
    """A message to Earshot; `thread_ts` is where the answer goes, `ts` the message's own, `team` its author's.

    `files` are the ids of files that came with it; None where the event cannot tell, as a mention cannot.
    """

    kind: ClassVar = "question"
    is_unasked: ClassVar = False
    key: str
    channel: str
    thread_ts: str
    user: str
    text: str
    ts: str = ""
    team: str = ""
    files: tuple[str, ...] | None = ()

    def __post_init__(self) -> None:
        """Keep what was asked within the bounds of a Question, so that the two stay equal."""
        object.__setattr__(self, "text", bound(self.text, QUESTION))

    @property
    def is_direct(self) -> bool:
        """Return whether it was asked in a direct message."""
        return self.channel.startswith("D")

    @property
    def asker(self) -> Asker | None:
        return Asker(self.user, self.channel, self.thread_ts)

    def to(self, job: type[A]) -> A:
        """The same message for another job."""
        return job(**vars(self))


@dataclass(frozen=True)
class ButtonAsked(Asked):
    """A question that stood on a button: nobody typed it."""

    kind: ClassVar = "follow_up"


@dataclass(frozen=True)
class HelpAsked(Asked):
    """A question in a help channel that was not put to Earshot: nobody waits for an answer to it."""

    kind: ClassVar = "overheard"
    is_unasked: ClassVar = True

    @property
    def asker(self) -> None:
        return None


@dataclass(frozen=True)
class DirectOffer(Asked):
    """A question that was answered in a channel: perhaps a direct message has more. Nobody waits for it."""

    kind: ClassVar = "offer_direct"

    @property
    def asker(self) -> None:
        return None


@dataclass(frozen=True)
class OwnerReply(Asked):
    """What somebody wrote who was asked as one who knows."""

    kind: ClassVar = "owner_reply"


@dataclass(frozen=True)
class FollowUp:
    """A message in a thread that names nobody of us: a question only where Earshot was asked before."""

    asked: Asked
    silence: Silence | None


@dataclass(frozen=True)
class Overheard:
    """A message in a channel, outside of threads, that names nobody of us: it counts in help channels alone."""

    asked: Asked


@dataclass(frozen=True)
class Edited(Job):
    """A message that its author changed; `version` orders the edits of one message."""

    kind: ClassVar = "edit"
    asked: Asked
    version: str
    is_to_us: bool

    @property
    def asker(self) -> Asker | None:
        return self.asked.asker


@dataclass(frozen=True)
class Deleted(Job):
    """A message that its author took back."""

    kind: ClassVar = "delete"
    key: str
    channel: str


def read_event(
    body: Body, allowed_bots: tuple[str, ...] = ()
) -> Asked | FollowUp | Overheard | Edited | Deleted | None:
    """Read an `app_mention` or `message` event; None for what is not for Earshot (bots, joins, chatter).

    A mention in a channel arrives as two events with ids of their own: team, channel and ts are the same in both.
    """
    event = body["event"]
    subtype = event.get("subtype") or ""
    if subtype == "message_deleted":
        return _read_deleted(body, event)
    if subtype == "message_changed":
        return _read_edited(body, event, allowed_bots)
    if subtype not in _SPOKEN or not _may_speak(body, event, allowed_bots):
        return None
    return _read_spoken(body, event)


def _read_spoken(body: Body, event: Body) -> Asked | FollowUp | Overheard | None:
    asked = _to_asked(body, event, event["channel"])
    if _is_to_us(body, event):
        return asked
    if not event.get("thread_ts") or event.get("thread_ts") == event["ts"]:
        return Overheard(asked)
    return FollowUp(asked, _find_silence(event.get("text") or ""))


def _read_edited(body: Body, event: Body, allowed_bots: tuple[str, ...]) -> Edited | None:
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    # Slack also says «changed» when a link is unfolded or a reply is counted: the words are the same then.
    if message.get("text") == before.get("text") or not _may_speak(body, message, allowed_bots):
        return None
    if (message.get("subtype") or "") not in _SPOKEN:
        return None
    version = (message.get("edited") or {}).get("ts") or event.get("event_ts") or event["ts"]
    spoken = {**message, "type": "message", "channel_type": event.get("channel_type")}
    return Edited(_to_asked(body, message, event["channel"]), str(version), _is_to_us(body, spoken))


def _read_deleted(body: Body, event: Body) -> Deleted | None:
    before = event.get("previous_message") or {}
    may_be_question = _is_to_us(body, {**before, "type": "message", "channel_type": event.get("channel_type")})
    if before.get("user") == _own_user(body) or not (may_be_question or before.get("thread_ts")):
        return None
    ts = event.get("deleted_ts") or before.get("ts")
    return Deleted(_to_key(body, event["channel"], ts), event["channel"]) if ts else None


def _may_speak(body: Body, message: Body, allowed_bots: tuple[str, ...]) -> bool:
    """Never Earshot itself; other bots only when ALLOWED_BOTS names them, so that no two can talk for ever."""
    if message.get("user") == _own_user(body):
        return False
    names = {message.get("bot_id"), message.get("user"), message.get("app_id")}
    return bool(message.get("user")) if not message.get("bot_id") else bool(names & set(allowed_bots))


def _is_to_us(body: Body, event: Body) -> bool:
    own = _own_user(body)
    is_direct = event.get("channel_type") == "im"
    return is_direct or event["type"] == "app_mention" or own in _MENTION.findall(event.get("text") or "")


def _own_user(body: Body) -> str:
    authorizations = body.get("authorizations") or [{}]
    return str(authorizations[0].get("user_id") or "-")


def _find_silence(text: str) -> Silence | None:
    if _MENTION.match(text.strip()) or text.strip().startswith(("<!", "@")):
        return Silence.TO_OTHERS
    words = re.findall(r"[a-z']+|[0-9]+", re.sub(r":[a-z0-9_+-]+:", " ", to_plain(text).lower()))
    is_courtesy = len(words) <= _MOST_COURTESY_WORDS and _COURTESIES.issuperset(words)
    return Silence.COURTESY if is_courtesy else None


def _to_key(body: Body, channel: str, ts: str) -> str:
    return f"question:{body.get('team_id', '')}:{channel}:{ts}"


def _to_asked(body: Body, message: Body, channel: str) -> Asked:
    return Asked(
        key=_to_key(body, channel, message["ts"]),
        channel=channel,
        thread_ts=message.get("thread_ts") or message["ts"],
        user=message.get("user") or message.get("bot_id") or "",
        text=to_plain(message.get("text") or ""),
        ts=message["ts"],
        team=message.get("user_team") or message.get("team") or body.get("team_id") or "",
        files=_read_files(message),
    )


def _read_files(message: Body) -> tuple[str, ...] | None:
    if message.get("type") == "app_mention":
        return None
    return tuple(str(file["id"]) for file in message.get("files") or () if file.get("id"))


def to_plain(text: str) -> str:
    """Slack's text as the person typed it: mentions dropped, links as their words."""
    without_mention = _MENTION.sub(" ", text)
    readable = _LINKED.sub(lambda found: found[2] or found[1], without_mention)
    return " ".join(readable.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())
