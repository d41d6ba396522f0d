"""Uploads files to Slack once per key: an address, the bytes, and the completion that alone makes the file visible."""

import logging
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from tenacity import Retrying, before_sleep_log, retry_if_exception, stop_after_attempt, wait_exponential

from assistant.errors import NetworkError
from assistant.slack.client.blocks import Block, build_context, cut, escape
from assistant.slack.client.client import translated
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.upload_table import UploadTables

_QUEUE = "uploads"  # all uploads wait for one another, as the posts of a channel do
_ATTEMPTS = 4
_READY_ATTEMPTS = 6
_TIMEOUT_SECONDS = 60
_MOST_ALT_TEXT = 1000  # of Slack
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class _File:
    name: str
    title: str
    content: bytes
    alt_text: str = ""


class Uploads:
    """Brings pictures and files to Slack."""

    def __init__(
        self,
        client: WebClient,
        tables: UploadTables,
        clock: Callable[[], datetime],
        outgoing: RateLimit,
        pause_seconds: float = 0.5,
    ) -> None:
        self._client = client
        self._tables = tables
        self._clock = clock
        self._outgoing = outgoing
        self._pause_seconds = pause_seconds

    def upload_once(self, key: str, title: str, png: bytes, alt_text: str) -> str:
        """A picture's Slack file id, for an image block's `slack_file`; a key that was uploaded before gives its id.

        The file is in no channel: who sees a message or a view with it sees the picture, and nobody else. Slack may
        refuse the block for some seconds, until it has processed the picture: `show_when_ready` waits for that. Raises
        NetworkError.
        """
        picture = _File(f"{_name_file(title)}.png", title, png, alt_text[:_MOST_ALT_TEXT])
        with self._outgoing.turn(_QUEUE):
            return self._upload(key, picture, {})

    def share_once(
        self, key: str, channel: str, name: str, content: bytes, comment: str, thread_ts: str | None = None
    ) -> str:
        """Put a file into a channel, a thread or a direct message, once per key, and return its Slack file id.

        The completion of the upload is what posts the file, so that a file which Slack knows as complete was posted.
        `comment` is mrkdwn, escaped already. Raises NetworkError.
        """
        where = {"channel_id": channel, "initial_comment": comment, "thread_ts": thread_ts}
        with self._outgoing.turn(_QUEUE), self._outgoing.turn(channel):
            return self._upload(key, _File(name, name, content), where)

    def _upload(self, key: str, file: _File, where: dict[str, Any]) -> str:
        tries = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(multiplier=self._pause_seconds, max=20),
            retry=retry_if_exception(lambda error: isinstance(error, NetworkError) and error.is_transient),
            before_sleep=before_sleep_log(_log, logging.WARNING),
            reraise=True,
        )
        return str(tries(self._try_upload, key, file, where))

    def _try_upload(self, key: str, file: _File, where: dict[str, Any]) -> str:
        known = self._tables.find(key)
        if known and (known.is_done or self._is_complete(known.file_id)):
            self._tables.note_done(key)
            return known.file_id
        # What was begun and never completed is seen by nobody, and Slack throws it away.
        with translated():
            begun = self._client.files_getUploadURLExternal(
                filename=file.name, length=len(file.content), alt_txt=file.alt_text or None
            )
            file_id = str(begun["file_id"])
            self._tables.note_begun(key, file_id, self._clock())
            _send_bytes(str(begun["upload_url"]), file.content)
            self._client.files_completeUploadExternal(files=[{"id": file_id, "title": file.title}], **where)
        self._tables.note_done(key)
        return file_id

    def _is_complete(self, file_id: str) -> bool:
        """Whether Slack took a file whose completion was never answered, or was never noted."""
        with translated():
            try:
                self._client.files_info(file=file_id)
            except SlackApiError as error:
                if error.response.get("error") in ("file_not_found", "file_deleted"):
                    return False
                raise
        return True


def build_image(file_id: str, alt_text: str, title: str = "") -> Block:
    """A picture that was uploaded; `alt_text` is what a screen reader says, at most 2,000 characters of it."""
    shown = {"title": {"type": "plain_text", "text": cut(title, 150), "emoji": False}} if title else {}
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(alt_text, 2000) or "A picture", **shown}


def show_when_ready(call: Callable[[], T], pause_seconds: float = 0.5) -> T:
    """Make a call whose blocks show an uploaded file, again while Slack is still processing the file.

    Slack then answers invalid_blocks, and nothing has happened: about 15 seconds of tries, then its own error.
    """
    tries = Retrying(
        stop=stop_after_attempt(_READY_ATTEMPTS),
        wait=wait_exponential(multiplier=pause_seconds, max=20),
        retry=retry_if_exception(is_not_ready),
        before_sleep=before_sleep_log(_log, logging.INFO),
        reraise=True,
    )
    return tries(call)


def post_with_images(post: Callable[[list[Block]], T], blocks: Sequence[Block], pause_seconds: float = 0.5) -> T:
    """Post blocks that may show uploaded files; words stand in for pictures that Slack never gets ready."""
    shown = list(blocks)
    if not shows_images(shown):
        return post(shown)
    try:
        return show_when_ready(lambda: post(shown), pause_seconds)
    except SlackApiError as error:
        if not is_not_ready(error):
            raise
        _log.warning("Slack refuses the pictures of a message: it is posted with their words")
        return post(put_in_words(shown))


def shows_images(blocks: Sequence[Block]) -> bool:
    """Return whether an uploaded file is among the blocks."""
    return any("slack_file" in block for block in blocks)


def put_in_words(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with what each picture shows in words in its place."""
    return [build_context(escape(block["alt_text"])) if "slack_file" in block else block for block in blocks]


def is_not_ready(error: BaseException) -> bool:
    """Return whether Slack refused the blocks because of a file that it cannot show (yet)."""
    return isinstance(error, SlackApiError) and error.response.get("error") == "invalid_blocks"


def _send_bytes(url: str, content: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    # The address is Slack's own answer, not text from outside.
    request = urllib.request.Request(url, data=content, headers=headers, method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
        pass


def _name_file(title: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in title).strip("-")[:80] or "picture"
