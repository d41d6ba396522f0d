"""A sender over a platform's single posts: what surely did not arrive is told from what nobody can tell yet."""

import difflib
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from assistant.domain import Attempt, Mention, Reply, ThreadPost
from assistant.errors import OPERATOR, NetworkError, UnknownOutcomeError
from assistant.listening.networks.base.errors import RefusedError, refused
from assistant.listening.networks.base.protocol import PostNow, SentReply

# Our clock and a platform's differ, and some write whole seconds only.
_SKEW = timedelta(minutes=2)
_ALIKE = 0.9
_COMPARED = 2_000  # characters at either end: comparing takes the square of their number
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
# May mean that the reply is there anyway: a gateway gave up waiting, or the platform has one like it.
_DOUBTFUL = (408, 409)
_GONE = (404, 410)
_NEVER_CONNECTED = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ConnectTimeoutError")


class PostClient(Protocol):
    """Single posts on one platform; every method raises NetworkError.

    `settles` is how long the platform may take to show a reply it took, `mend` what to check when it refuses one.
    """

    who: str
    mend: str
    settles: timedelta

    def connect(self) -> object:
        """Log in where a log-in is needed: it must not be taken for a part of the send."""

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """Post a reply: one request that changes something, without a retry of any library's own."""

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """Our account's replies to this post since a moment; none only when that is sure."""

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """The address of a reply of ours."""

    def remove(self, mention: Mention, external_id: str) -> None:
        """Take a reply of ours away."""

    def look(self, mention: Mention) -> PostNow:
        """See Looks."""


class PlatformSender:
    """See Sender and Deletes. `find_attempt` gives what was sent under a key, and when it was tried first."""

    def __init__(self, posts: PostClient, find_attempt: Callable[[str], Attempt]) -> None:
        self._posts = posts
        self._find_attempt = find_attempt
        self.settles = posts.settles

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Sender."""
        self._posts.connect()
        with writing(self._posts.who, self._posts.mend):
            return self._posts.answer(mention, text, send_key)

    def find(self, mention: Mention, send_key: str) -> SentReply | None:
        """See Sender. No platform but Bluesky keeps the key, so our account's replies to the post are compared.

        The trap: we may have said the same to the same post before. Only replies from the first try on count; one
        from the two minutes before it counts too, since clocks differ, and to send too little is the lesser harm.
        Raises NetworkError when our account answered since then, but in other words: a person has to look.
        """
        attempt = self._find_attempt(send_key)
        since = attempt.began_at - _SKEW
        own = [post for post in self._posts.read_own(mention, send_key, since) if post.created_at >= since]
        same = [post for post in own if is_alike(post.text, attempt.text)]
        if same:
            return SentReply(same[0].external_id, self._posts.locate(mention, same[0].external_id))
        if own:
            raise NetworkError(
                f"Our account has answered this post on {self._posts.who} meanwhile, in other words.",
                "Look at the post. If the reply is there, mark the draft as sent.",
            )
        return None

    def delete(self, mention: Mention, reply: Reply) -> None:
        """See Deletes."""
        self._posts.connect()
        try:
            with writing(self._posts.who, self._posts.mend):
                self._posts.remove(mention, reply.external_id)
        except NetworkError as error:
            if error.status not in _GONE:
                raise


@contextmanager
def writing(who: str, mend: str) -> Iterator[None]:
    """Around the one request that changes something: its failures become a sure refusal or UnknownOutcomeError.

    Whatever does not prove that nothing arrived counts as unknown: time-outs, cut connections, 5xx, odd answers.
    """
    try:
        yield
    except (UnknownOutcomeError, RefusedError):
        raise
    except NetworkError as error:
        raise _judge(who, mend, error) from error


def _judge(who: str, mend: str, error: NetworkError) -> NetworkError:
    if error.status in (425, 429) or _was_never_reached(error):
        return error
    if 300 <= error.status < 500 and error.status not in _DOUBTFUL:
        if error.is_transient:
            return error
        return refused(f"{who} does not take this (HTTP {error.status}).", mend, error.status, OPERATOR)
    return UnknownOutcomeError(
        f"{who} gave no clear answer: nobody can tell yet whether this arrived.",
        "Earshot looks there before it sends anything again.",
    )


def _was_never_reached(error: BaseException) -> bool:
    """Whether no connection came about at all. Libraries wrap each other's errors, and some drop the cause's kind."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL | httpx.UnsupportedProtocol):
            return True
        if type(cause).__name__ in _NEVER_CONNECTED:
            return True
        reason = getattr(next(iter(cause.args), None), "reason", None)  # urllib3 within requests
        cause = reason if isinstance(reason, BaseException) else cause.__cause__ or cause.__context__
    return False


def is_alike(shown: str, sent: str) -> bool:
    """Return whether a platform's text is the one we sent: it may shorten links, drop marks or change spaces."""
    one, other = _flatten(shown), _flatten(sent)
    if one == other:
        return True
    # Two short texts that differ in a word are two texts: Mastodon and X show names and links in ways of their own.
    ends = ((one[:_COMPARED], other[:_COMPARED]), (one[-_COMPARED:], other[-_COMPARED:]))
    return min(len(one), len(other)) > 20 and all(_measure_likeness(*each) >= _ALIKE for each in ends)


def _measure_likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _flatten(text: str) -> str:
    plain = unicodedata.normalize("NFKC", html.unescape(_LINK.sub(" ", text)))
    return " ".join(re.findall(r"\w+", plain.casefold()))
