"""Posts to Slack at most once: a claim in the store first, and the key as metadata, so that a lost answer is found."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from tenacity import Retrying, before_sleep_log, retry_if_exception_type, stop_after_attempt, wait_exponential

from assistant.errors import TransientNetworkError
from assistant.slack.client.blocks import Block
from assistant.slack.client.client import FAILURES, is_server_fault, translate, translated
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.tables import SlackTables
from assistant.slack.client.uploads import post_with_images

_EVENT_TYPE = "earshot_post"
_ATTEMPTS = 6
_LOOK_BACK = 100
_NOT_THERE = ("user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived", "restricted_action")
_log = logging.getLogger(__name__)


class _UnsureError(Exception):
    """Slack did not say whether it took the message."""


class Poster:
    """Every message that Earshot begins goes through here."""

    def __init__(
        self,
        client: WebClient,
        tables: SlackTables,
        clock: Callable[[], datetime],
        outgoing: RateLimit | None = None,
        pause_seconds: float = 0.5,
    ) -> None:
        self._client = client
        self._tables = tables
        self._clock = clock
        self._outgoing = outgoing or RateLimit()
        self._pause_seconds = pause_seconds

    def post_once(
        self,
        post_key: str,
        channel: str,
        text: str,
        blocks: Sequence[Block],
        thread_ts: str | None = None,
        is_open: bool = False,
    ) -> str:
        """Post under a key and return the message's ts; a key that was posted before is only looked up.

        An open post is a placeholder, which `finish` makes the whole message.
        """
        with self._outgoing.turn(channel):
            is_first, ts = self._tables.claim_post(post_key, channel, self._clock())
            if ts is None and not is_first:
                with translated():
                    ts = self._find(post_key, channel, thread_ts)
            if ts is None:
                ts = self._post(post_key, channel, text, blocks, thread_ts)
            self._tables.note_posted(post_key, ts, is_open)
        return ts

    def find_channel(self, post_key: str) -> str:
        """Return the channel of a post; empty where there is none of this key."""
        post = self._tables.find_post(post_key)
        return post.channel if post else ""

    def finish(self, post_key: str, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> None:
        """Make a placeholder or half a stream the whole message; doing it again changes nothing."""
        change: dict[str, Any] = {
            "channel": channel,
            "ts": ts,
            "text": text,
            "blocks": list(blocks),
            "metadata": sign_post(post_key),
        }
        with translated():
            try:
                self._client.chat_update(**change)
            except SlackApiError as error:
                if error.response.get("error") == "message_not_found":
                    _log.warning("a message that was to be completed has been deleted in %s", channel)
                elif error.response.get("error") != "streaming_state_conflict":
                    raise
                else:
                    self._client.chat_stopStream(channel=channel, ts=ts)
                    self._client.chat_update(**change)
        self._tables.note_posted(post_key, ts)

    def find_begun(self, post_key: str, channel: str, thread_ts: str, after_ts: str) -> str | None:
        """Find an unfinished post in a thread: a message with its key, or a stream without any.

        A stream bears no key before it ends. What this process streams is noted while it holds the channel's turn, so
        that one which nobody knows was begun by a process that was killed, or by a call that was lost.
        """
        with translated():
            own = self._client.auth_test()["user_id"]
            messages = self._read_back(channel, thread_ts)
        for message in messages:
            if _read_key(message) == post_key:
                return str(message["ts"])
        for message in messages:
            is_later = message.get("user") == own and float(message["ts"]) > float(after_ts or 0)
            if is_later and not _read_key(message) and not self._tables.is_known(channel, str(message["ts"])):
                return str(message["ts"])
        return None

    def remove(self, channel: str, ts: str) -> None:
        """Delete a message of ours; one that is gone already is no fault."""
        with translated():
            try:
                self._client.chat_delete(channel=channel, ts=ts)
            except SlackApiError as error:
                if error.response.get("error") != "message_not_found":
                    raise

    def open_direct(self, user: str) -> str:
        """The channel of the direct messages with a person."""
        with translated():
            return str(self._client.conversations_open(users=user)["channel"]["id"])

    def tell(
        self, channel: str, user: str, text: str, thread_ts: str | None = None, blocks: Sequence[Block] | None = None
    ) -> None:
        """A line that only one person sees; a direct message where they, or Earshot, are not in the channel."""
        shown: dict[str, Any] = {"text": text, "blocks": list(blocks) if blocks else None}
        with translated():
            try:
                self._client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread_ts, **shown)
            except SlackApiError as error:
                if error.response.get("error") not in _NOT_THERE:
                    raise
                self._client.chat_postMessage(channel=self.open_direct(user), **shown)

    def update(self, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> None:
        """Put new content into a message that was posted."""
        with translated():
            self._client.chat_update(channel=channel, ts=ts, text=text, blocks=list(blocks))

    def _post(self, post_key: str, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None) -> str:
        tries = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(multiplier=self._pause_seconds, max=20),
            retry=retry_if_exception_type(_UnsureError),
            before_sleep=before_sleep_log(_log, logging.WARNING),
            reraise=True,
        )
        try:
            return str(tries(self._try_post, post_key, channel, text, blocks, thread_ts))
        except _UnsureError as error:
            raise TransientNetworkError("Slack does not take messages just now.", "It will be tried again.") from error

    def _try_post(self, post_key: str, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None) -> str:
        try:
            return post_with_images(
                lambda shown: self._call_post(post_key, channel, text, shown, thread_ts), blocks, self._pause_seconds
            )
        except FAILURES as error:
            if isinstance(error, SlackApiError) and not is_server_fault(error):
                raise translate(error) from error
            found = self._find_or_stay_unsure(post_key, channel, thread_ts)
            if found:
                return found
            raise _UnsureError(str(error)) from error

    def _call_post(self, post_key: str, channel: str, text: str, blocks: list[Block], thread_ts: str | None) -> str:
        answer = self._client.chat_postMessage(
            channel=channel,
            text=text,
            blocks=blocks,
            thread_ts=thread_ts,
            metadata=sign_post(post_key),
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    def _find_or_stay_unsure(self, post_key: str, channel: str, thread_ts: str | None) -> str | None:
        try:
            return self._find(post_key, channel, thread_ts)
        except FAILURES as error:
            raise _UnsureError(str(error)) from error

    def _find(self, post_key: str, channel: str, thread_ts: str | None) -> str | None:
        for message in self._read_back(channel, thread_ts):
            if _read_key(message) == post_key:
                return str(message["ts"])
        return None

    def _read_back(self, channel: str, thread_ts: str | None) -> list[dict[str, Any]]:
        if not thread_ts:
            answer = self._client.conversations_history(channel=channel, include_all_metadata=True, limit=_LOOK_BACK)
            return list(answer["messages"])
        pages = self._client.conversations_replies(
            channel=channel, ts=thread_ts, include_all_metadata=True, limit=_LOOK_BACK
        )
        return [message for page in pages for message in page["messages"]]


def sign_post(post_key: str) -> dict[str, Any]:
    """The metadata by which a message is found again."""
    return {"event_type": _EVENT_TYPE, "event_payload": {"key": post_key}}


def _read_key(message: dict[str, Any]) -> str:
    return str((message.get("metadata") or {}).get("event_payload", {}).get("key", ""))
