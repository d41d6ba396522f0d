"""The protocol of a public platform: it can be read since a cursor, and, where it has a sender, be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable

from assistant.domain import Mention, Reply, ThreadPost
from assistant.errors import NetworkError

PRIVATE = "is not public"  # why what was meant for us alone becomes no Mention; nobody has to hear of it
GONE = "was deleted"  # why a payload of a post that is there no more becomes no Mention


@dataclass(frozen=True)
class Rejected:
    """A post that could not be taken in; `place` says where it stands, `reason` what is wrong with it.

    `network` is empty for a post that no network brought.
    """

    place: str
    reason: str
    network: str = ""


@dataclass(frozen=True)
class MentionPage:
    """The posts of one read, and the cursor to read on from.

    An edited post is a Mention whose id is known. `removed` are external ids of posts that were deleted upstream,
    `parents` posts that mentions answer. `is_capped`: there is more, the next read goes on. `failure`: a part of the
    network could not be read, the rest is here.
    """

    mentions: tuple[Mention, ...]
    rejected: tuple[Rejected, ...]
    cursor: str
    removed: tuple[str, ...] = ()
    parents: tuple[ThreadPost, ...] = ()
    is_capped: bool = False
    failure: NetworkError | None = None


@dataclass(frozen=True)
class SentReply:
    """The platform's answer about a reply it took."""

    external_id: str
    url: str | None = None


@dataclass(frozen=True)
class PostNow:
    """A post as its platform shows it at this moment; `mention` is None when it is gone.

    `replies` are those directly under it, oldest first, ours marked. `is_locked`: the platform takes no more of them.
    """

    mention: Mention | None
    replies: tuple[ThreadPost, ...] = ()
    is_locked: bool = False


class Network(Protocol):
    """A place to read mentions from. `name` is the `network` of its mentions."""

    name: str

    def read(self, cursor: str) -> MentionPage:
        """Read what is new since `cursor` (empty: the last days). Raises NetworkError."""


@runtime_checkable
class KnowsAccounts(Protocol):
    """A network on which people may take another name, and that can be asked whose a name is now."""

    def find_account(self, name: str) -> str | None:
        """Find the id of the account with this name; None where nobody has it. Raises NetworkError."""


@runtime_checkable
class Recheck(Protocol):
    """A network that can be asked about single posts again."""

    recheck_limit: int

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """Read these posts again, at most `recheck_limit`: `mentions` are there still, `removed` are gone.

        Raises NetworkError. The page's cursor means nothing.
        """


class Sender(Protocol):
    """A place to send replies to, once."""

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """Send. Raises NetworkError when it surely did not arrive, UnknownOutcomeError when it may have."""

    def find(self, mention: Mention, send_key: str) -> SentReply | None:
        """The reply sent under this key, or None when it surely never arrived. Raises NetworkError when unsure."""


@runtime_checkable
class Deletes(Protocol):
    """A sender whose platform takes a reply of ours away again."""

    def delete(self, mention: Mention, reply: Reply) -> None:
        """Delete; a reply that is gone already is no failure.

        Raises NetworkError when it is surely still there, UnknownOutcomeError when nobody can tell.
        """


@runtime_checkable
class Settles(Protocol):
    """A sender whose platform may show a reply a while after it took it.

    `settles` is how long after a try a missing reply proves nothing yet.
    """

    settles: timedelta


class Looks(Protocol):
    """A platform that shows a single post as it is now, with what was said under it."""

    def look(self, mention: Mention) -> PostNow:
        """Ask for the post. Raises NetworkError when it cannot be seen: that never passes for being gone."""
