"""Posts to Slack at most once: a claim in the store first, and the key as metadata, so that a lost answer is found."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from tenacity import Retrying, before_sleep_log, retry_if_exception_type, stop_after_attempt, wait_exponential

from assistant.errors import NetworkError
from assistant.slack.blocks import Block
from assistant.slack.calling import is_server_fault, translate, translated
from assistant.store.questions import SlackTables

_EVENT_TYPE = "earshot_post"
_ATTEMPTS = 6
_LOOK_BACK = 100
_log = logging.getLogger(__name__)


class _UnsureError(Exception):
    """Slack did not say whether it took the message."""


class Posting:
    """Every message that Earshot begins goes through here."""

    def __init__(self, client: WebClient, tables: SlackTables, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._tables = tables
        self._clock = clock

    def post_once(
        self, post_key: str, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None = None
    ) -> str:
        """Post under a key and return the message's ts; a key that was posted before is only looked up."""
        is_first, ts = self._tables.claim_post(post_key, channel, self._clock())
        if ts is None and not is_first:
            ts = self._find(post_key, channel, thread_ts)
        if ts is None:
            ts = self._post(post_key, channel, text, blocks, thread_ts)
        self._tables.note_posted(post_key, ts)
        return ts

    def tell(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> None:
        """A line that only one person sees."""
        with translated():
            self._client.chat_postEphemeral(channel=channel, user=user, text=text, thread_ts=thread_ts)

    def update(self, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> None:
        """Put new content into a message that was posted."""
        with translated():
            self._client.chat_update(channel=channel, ts=ts, text=text, blocks=list(blocks))

    def _post(self, post_key: str, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None) -> str:
        tries = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(multiplier=0.5, max=20),
            retry=retry_if_exception_type(_UnsureError),
            before_sleep=before_sleep_log(_log, logging.WARNING),
            reraise=True,
        )
        try:
            return str(tries(self._try_post, post_key, channel, text, blocks, thread_ts))
        except _UnsureError as error:
            raise NetworkError("Slack does not take messages just now.", "It will be tried again.") from error

    def _try_post(self, post_key: str, channel: str, text: str, blocks: Sequence[Block], thread_ts: str | None) -> str:
        metadata = {"event_type": _EVENT_TYPE, "event_payload": {"key": post_key}}
        try:
            answer = self._client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=list(blocks),
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(answer["ts"])
        except (SlackApiError, URLError, OSError, ValueError) as error:
            if isinstance(error, SlackApiError) and not is_server_fault(error):
                raise translate(error) from error
            found = self._find(post_key, channel, thread_ts)
            if found:
                return found
            raise _UnsureError(str(error)) from error

    def _find(self, post_key: str, channel: str, thread_ts: str | None) -> str | None:
        try:
            messages = self._read_back(channel, thread_ts)
        except (SlackApiError, URLError, OSError, ValueError) as error:
            raise _UnsureError(str(error)) from error
        for message in messages:
            if message.get("metadata", {}).get("event_payload", {}).get("key") == post_key:
                return str(message["ts"])
        return None

    def _read_back(self, channel: str, thread_ts: str | None) -> list[dict[str, Any]]:
        if thread_ts:
            answer = self._client.conversations_replies(
                channel=channel, ts=thread_ts, include_all_metadata=True, limit=_LOOK_BACK
            )
        else:
            answer = self._client.conversations_history(channel=channel, include_all_metadata=True, limit=_LOOK_BACK)
        messages: list[dict[str, Any]] = answer["messages"]
        return messages
