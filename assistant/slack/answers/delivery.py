"""Brings an answer to where it was asked: a first sign at once, then the words, once, whatever crashes in between."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.client.blocks import SECTION_CHARACTERS, Block, build_section
from assistant.slack.client.client import FAILURES, is_server_fault, without_waiting
from assistant.slack.client.poster import Poster, sign_post
from assistant.slack.client.rate_limit import Allowance, RateLimit
from assistant.slack.client.tables import SlackTables

_LOOKING = "is looking through the documents…"
_PLACEHOLDER = "Looking through the documents…"
_LOADING = ("Searching the documents…", "Reading the passages…", "Checking every sentence against its source…")
# Slack takes about 20 calls a minute each of chat.startStream and chat.stopStream from an app in a workspace.
_STREAMS_A_MINUTE = 15
_PIECE_CHARACTERS = 100
_PIECES = 4
_LOCKS = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnswerPlace:
    """The place and reader of an answer: `ts` is the question's own message, `team` the workspace of its author."""

    channel: str
    thread_ts: str
    ts: str
    user: str
    team: str


@dataclass(frozen=True)
class AnswerMessage:
    """The message of an answer: `text` is shown in a notification."""

    text: str
    blocks: list[Block]


class AnswerDelivery:
    """Shows that Earshot is at work, and posts the reply as a stream, or in one piece where Slack takes none."""

    def __init__(
        self,
        client: WebClient,
        posting: Poster,
        tables: SlackTables,
        clock: Callable[[], datetime],
        outgoing: RateLimit,
    ) -> None:
        self._quick = without_waiting(client)
        self._client = client
        self._posting = posting
        self._tables = tables
        self._clock = clock
        self._outgoing = outgoing
        self._streams = Allowance(_STREAMS_A_MINUTE)
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def show_sign(self, post_key: str, place: AnswerPlace) -> None:
        """Say at once that the question arrived: a status, or a message that becomes the answer."""
        if self._tables.find_post(post_key) is None and not self.show_status(place, _LOOKING):
            blocks = [build_section(f"_{_PLACEHOLDER}_")]
            self._posting.post_once(post_key, place.channel, _PLACEHOLDER, blocks, place.thread_ts, is_open=True)

    def show_status(self, place: AnswerPlace, doing: str) -> bool:
        """Say what Earshot is doing; False where Slack shows no status."""
        try:
            self._quick.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=place.thread_ts, status=doing, loading_messages=list(_LOADING)
            )
        except FAILURES as error:
            _log.info("no status in %s: %s", place.channel, error)
            return False
        return True

    def tell_status(self, place: AnswerPlace, doing: str) -> None:
        """The same where it does not matter whether Slack shows it."""
        self.show_status(place, doing)

    def is_done(self, post_key: str) -> bool:
        """Return whether the whole reply is posted, or no longer wanted."""
        post = self._tables.find_post(post_key)
        return post is not None and (post.is_withdrawn or (post.ts is not None and not post.is_open))

    def deliver(self, post_key: str, place: AnswerPlace, reply: AnswerMessage) -> None:
        """Post the reply once: what a crash left half is made whole. Raises NetworkError."""
        with self._locks[hash(post_key) % _LOCKS]:  # an edit may ask the same question beside the first message
            self._deliver(post_key, place, reply)

    def _deliver(self, post_key: str, place: AnswerPlace, reply: AnswerMessage) -> None:
        post = self._tables.find_post(post_key)
        if post and post.is_withdrawn:
            return
        begun = (post.ts or self._find_begun(post_key, place)) if post else None
        if begun and post and (post.is_open or not post.ts):
            self._posting.finish(post_key, place.channel, begun, reply.text, reply.blocks)
        elif not begun and not (post is None and self._stream(post_key, place, reply)):
            self._posting.post_once(post_key, place.channel, reply.text, reply.blocks, place.thread_ts)
        self._take_back_if_withdrawn(post_key)

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
        ts = self._start(post_key, place, pieces[0])
        if ts is None:
            return False
        try:
            for piece in pieces[1:]:
                self._quick.chat_appendStream(channel=place.channel, ts=ts, chunks=[_to_chunk(piece)])
            self._client.chat_stopStream(
                channel=place.channel, ts=ts, blocks=rest or None, metadata=sign_post(post_key)
            )
            self._tables.note_posted(post_key, ts)
        except FAILURES as error:
            _log.info("a stream in %s broke off and is made whole: %s", place.channel, error)
            self._posting.finish(post_key, place.channel, ts, reply.text, reply.blocks)
        return True

    def _start(self, post_key: str, place: AnswerPlace, first: Block) -> str | None:
        """Begin a stream under the claim of its key; None where Slack takes none, or does not say."""
        with self._outgoing.turn(place.channel):
            self._tables.claim_post(post_key, place.channel, self._clock())
            try:
                ts = self._quick.chat_startStream(
                    channel=place.channel,
                    thread_ts=place.thread_ts,
                    recipient_user_id=place.user,
                    recipient_team_id=place.team,
                    chunks=[_to_chunk(first)],
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
