"""Brings an answer to where it was asked: a first sign at once, then the words, once, whatever crashes in between."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.slack.client.blocks import SECTION_CHARACTERS, Block, build_section
from assistant.slack.client.client import FAILURES, is_server_fault, without_waiting
from assistant.slack.client.poster import Poster, sign_post
from assistant.slack.client.rate_limit import Allowance, RateLimit
from assistant.slack.client.sessions import AgentSessions, SessionStatus
from assistant.slack.client.tables import SlackTables

# Slack takes about 20 calls a minute each of chat.startStream and chat.stopStream from an app in a workspace.
_STREAMS_A_MINUTE = 15
_PIECE_CHARACTERS = 100
_PIECES = 4
_LOCKS = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnswerPlace:
    """The place and reader of an answer: `ts` is the question's own message, `team` the workspace of its author.

    `since` is when it was last edited, as a ts; empty for a question as it was first asked.
    """

    channel: str
    thread_ts: str
    ts: str
    user: str
    team: str
    since: str = ""


@dataclass(frozen=True)
class AnswerMessage:
    """The message of an answer: `text` is shown in a notification, `stages` the cards of what was done for it,
    in a stream.

    `build_plain` gives blocks for a workspace that refuses these.
    """

    text: str
    blocks: list[Block]
    stages: tuple[Block, ...] = ()
    build_plain: Callable[[], list[Block]] | None = None


class AnswerDelivery:
    """Shows that Earshot is at work, and posts the reply as a stream, or in one piece where Slack takes none."""

    def __init__(
        self,
        client: WebClient,
        posting: Poster,
        tables: SlackTables,
        clock: Callable[[], datetime],
        outgoing: RateLimit,
        sessions: AgentSessions,
    ) -> None:
        self._quick = without_waiting(client)
        self._client = client
        self._posting = posting
        self._tables = tables
        self._clock = clock
        self._outgoing = outgoing
        self._sessions = sessions
        self._streams = Allowance(_STREAMS_A_MINUTE)
        self._locks = [threading.Lock() for _ in range(_LOCKS)]
        self._begun: dict[str, str] = {}

    def show_sign(self, post_key: str, place: AnswerPlace, title: str, wording: Wording) -> None:
        """Say at once that the question arrived: by the session, or by a message that becomes the answer."""
        begun = SessionStatus.PROCESSING
        is_shown = self._sessions.set(place.channel, place.thread_ts, begun, title, place.user)
        if not is_shown and self._tables.find_post(post_key) is None:
            said = wording.say(Say.LOOKING)
            blocks = [build_section(f"_{said}_")]
            self._posting.post_once(post_key, place.channel, said, blocks, place.thread_ts, is_open=True)

    def rest(self, place: AnswerPlace) -> None:
        """Say that nothing is being done in this thread any more."""
        self._sessions.set(place.channel, place.thread_ts, SessionStatus.ACTIVE)

    def rename(self, place: AnswerPlace, title: str) -> None:
        """Name the session after a question that was edited."""
        self._sessions.rename(place.channel, place.thread_ts, title)

    def is_done(self, post_key: str) -> bool:
        """Return whether the whole reply is posted, or no longer wanted."""
        post = self._tables.find_post(post_key)
        return post is not None and (post.is_withdrawn or (post.ts is not None and not post.is_open))

    def show_stages(self, post_key: str, place: AnswerPlace, cards: Sequence[Block]) -> bool:
        """Show what is being done, in a stream that the answer will end; False where there is none."""
        with self._locks[hash(post_key) % _LOCKS]:
            if ts := self._begun.get(post_key):
                return self._append(place, ts, cards)
            if self._tables.find_post(post_key) or not place.team or self._is_stopped(place):
                return False
            begun = self._start(post_key, place, list(cards)) if self._streams.take() else None
            if begun:
                self._begun[post_key] = begun
            return begun is not None

    def give_up(self, post_key: str) -> None:
        """Somebody stopped the answer: Slack ended its stream, and what was done until then stays."""
        if ts := self._begun.pop(post_key, None):
            self._tables.note_posted(post_key, ts)

    def deliver(self, post_key: str, place: AnswerPlace, reply: AnswerMessage) -> None:
        """Post the reply once: what a crash left half is made whole. Raises NetworkError."""
        with self._locks[hash(post_key) % _LOCKS]:  # an edit may ask the same question beside the first message
            self._deliver(post_key, place, reply)

    def _deliver(self, post_key: str, place: AnswerPlace, reply: AnswerMessage) -> None:
        post, live = self._tables.find_post(post_key), self._begun.pop(post_key, None)
        if (post and post.is_withdrawn) or self._is_stopped(place):
            if live:
                self._tables.note_posted(post_key, live)
            return
        begun = (post.ts or self._find_begun(post_key, place)) if post else None
        if begun and begun == live and reply.stages:
            pieces, rest = split_pieces(reply.blocks)
            self._fill(post_key, place, begun, [*reply.stages, *map(_to_chunk, pieces)], rest, reply)
        elif begun and post and (post.is_open or not post.ts):
            self._posting.finish(post_key, place.channel, begun, reply.text, reply.blocks)
        elif not begun and not (post is None and self._stream(post_key, place, reply)):
            self._posting.post_once(post_key, place.channel, reply.text, reply.blocks, place.thread_ts)
        self._take_back_if_withdrawn(post_key)

    def _is_stopped(self, place: AnswerPlace) -> bool:
        return self._tables.is_stopped(place.channel, place.thread_ts, place.since or place.ts)

    def _take_back_if_withdrawn(self, post_key: str) -> None:
        """The question may have been deleted while the answer was on its way."""
        post = self._tables.find_post(post_key)
        if post and post.is_withdrawn and post.ts:
            self._posting.remove(post.channel, post.ts)

    def _find_begun(self, post_key: str, place: AnswerPlace) -> str | None:
        """What stands there of a claim whose end nobody knows: a crash, or a lost call, came between."""
        with self._outgoing.turn(place.channel):
            ts = self._posting.find_begun(post_key, place.channel, place.thread_ts, place.ts)
            if ts:
                self._tables.note_posted(post_key, ts, is_open=True)
        return ts

    def _stream(self, post_key: str, place: AnswerPlace, reply: AnswerMessage) -> bool:
        pieces, rest = split_pieces(reply.blocks)
        if len(pieces) < 2 or not place.team or not self._streams.take():
            return False
        ts = self._start(post_key, place, [*reply.stages, _to_chunk(pieces[0])])
        if ts is None:
            return False
        self._fill(post_key, place, ts, [_to_chunk(piece) for piece in pieces[1:]], rest, reply)
        return True

    def _fill(
        self,
        post_key: str,
        place: AnswerPlace,
        ts: str,
        chunks: Sequence[Block],
        rest: list[Block],
        reply: AnswerMessage,
    ) -> None:
        """Append to a stream and end it; what breaks it makes the whole message in another way."""
        try:
            for chunk in chunks:
                if self._is_stopped(place):
                    rest = []
                    break
                self._quick.chat_appendStream(channel=place.channel, ts=ts, chunks=[chunk])
            self._client.chat_stopStream(
                channel=place.channel, ts=ts, blocks=rest or None, metadata=sign_post(post_key)
            )
            self._tables.note_posted(post_key, ts)
        except FAILURES as error:
            if self._is_stopped(place):  # Slack ended the stream itself: what was said until then stays
                self._tables.note_posted(post_key, ts)
                return
            _log.info("a stream in %s broke off and is made whole: %s", place.channel, error)
            self._posting.finish(post_key, place.channel, ts, reply.text, reply.blocks)

    def _append(self, place: AnswerPlace, ts: str, cards: Sequence[Block]) -> bool:
        try:
            self._quick.chat_appendStream(channel=place.channel, ts=ts, chunks=list(cards))
        except FAILURES as error:
            _log.info("a stage was not shown in %s: %s", place.channel, error)
            return False
        return True

    def _start(self, post_key: str, place: AnswerPlace, first: list[Block]) -> str | None:
        """Begin a stream under the claim of its key; None where Slack takes none, or does not say."""
        with self._outgoing.turn(place.channel):
            self._tables.claim_post(post_key, place.channel, self._clock())
            try:
                ts = self._quick.chat_startStream(
                    channel=place.channel,
                    thread_ts=place.thread_ts,
                    recipient_user_id=place.user,
                    recipient_team_id=place.team,
                    chunks=first,
                )["ts"]
            except FAILURES as error:
                _log.info("no stream in %s: %s", place.channel, error)
                if isinstance(error, SlackApiError) and not is_server_fault(error):
                    return None
                ts = self._posting.find_begun(post_key, place.channel, place.thread_ts, place.ts)
            if ts:
                self._tables.note_posted(post_key, str(ts), is_open=True)
        return str(ts) if ts else None


def split_pieces(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The sections that a reply begins with, as a few smaller ones to be streamed, and the blocks below them."""
    count = next((n for n, block in enumerate(blocks) if block["type"] != "section"), len(blocks))
    texts = [block["text"]["text"] for block in blocks[:count]]
    wanted = max(_PIECE_CHARACTERS, sum(map(len, texts)) // _PIECES)
    groups: list[str] = []
    for line in (line for text in texts for line in text.split("\n")):
        if groups and len(groups[-1]) < wanted and len(groups[-1]) + len(line) < SECTION_CHARACTERS:
            groups[-1] += f"\n{line}"
        else:
            groups.append(line)
    return [build_section(text) for text in groups], list(blocks[count:])


def _to_chunk(block: Block) -> Block:
    return {"type": "blocks", "blocks": [block]}
