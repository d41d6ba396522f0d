"""Files that come with a question: read by the document readers and masked, or said not to be; never kept."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

import httpx
from slack_sdk import WebClient

from assistant.core import outbound
from assistant.core.apart import run_apart
from assistant.core.bodies import read_pieces
from assistant.errors import SourceError
from assistant.knowledge.ingest.conversion import SUFFIXES, convert
from assistant.slack.answers.events import Asked
from assistant.slack.answers.masking import mask
from assistant.slack.client.blocks import Block, build_context, escape_line
from assistant.slack.client.client import FAILURES, without_waiting

_MOST_FILES = 3
_MOST_BYTES = 20_000_000
_TEXT_CHARACTERS = 1_500
_NAME_CHARACTERS = 80
_SECONDS = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attachment:
    """A file of a question: its text with personal data masked, or why it was not read."""

    name: str
    text: str = ""
    problem: str = ""


class Attachments:
    """Fetches the files of questions from Slack with the bot's token."""

    def __init__(self, client: WebClient) -> None:
        self._quick = without_waiting(client)
        self._token = client.token or ""
        self._slack = urlsplit(client.base_url)

    def read(self, asked: Asked) -> tuple[Attachment, ...]:
        """The files of a question, each read or with the reason why not."""
        files = asked.files if asked.files is not None else self._look_up(asked)
        read = [self._read(str(file)) for file in files[:_MOST_FILES]]
        left = len(files) - _MOST_FILES
        more = [Attachment(f"{left} more", problem=f"I read {_MOST_FILES} files at once")] if left > 0 else []
        return (*read, *more)

    def _look_up(self, asked: Asked) -> Sequence[str]:
        """A mention carries no files: the message itself is asked for."""
        if not asked.ts:
            return ()
        try:
            page = self._quick.conversations_replies(
                channel=asked.channel, ts=asked.thread_ts, latest=asked.ts, oldest=asked.ts, inclusive=True, limit=2
            )
        except FAILURES as error:
            _log.info("the files of a message were not looked up: %s", error)
            return ()
        files = [file for m in page["messages"] if m["ts"] == asked.ts for file in m.get("files") or ()]
        return [str(file["id"]) for file in files]

    def _read(self, file_id: str) -> Attachment:
        try:
            about = self._quick.files_info(file=file_id)["file"]
        except FAILURES as error:
            _log.info("a file was not looked up: %s", error)
            return Attachment("a file", problem="Slack didn't show it to me")
        name = str(about.get("name") or about.get("title") or "a file")
        suffix = PurePath(name).suffix.lower()
        if suffix not in SUFFIXES:
            return Attachment(name, problem=f"I can't read {suffix or 'such'} files")
        if int(about.get("size") or 0) > _MOST_BYTES:
            return Attachment(name, problem=f"it is larger than {_MOST_BYTES // 1_000_000} MB")
        return self._convert(name, suffix, str(about.get("url_private_download") or about.get("url_private") or ""))

    def _convert(self, name: str, suffix: str, url: str) -> Attachment:
        if not self._is_in_slack(url):
            return Attachment(name, problem="it is kept outside of Slack")
        content = self._fetch(url)
        if content is None:
            return Attachment(name, problem="Slack didn't give it to me")
        try:
            found = run_apart(_SECONDS, convert, content, suffix)
        except SourceError as error:
            return Attachment(name, problem=f"it {error.message}")
        text = mask(" ".join(found.text.split())[: _TEXT_CHARACTERS * 2])[:_TEXT_CHARACTERS]
        return Attachment(name, text)

    def _is_in_slack(self, url: str) -> bool:
        """Say whether Slack keeps a file: one of another app has any address, and that must not get the bot's token."""
        try:
            place = urlsplit(url)
        except ValueError:
            return False
        is_same = place.netloc == self._slack.netloc or place.netloc.endswith(f".{self._slack.netloc}")
        return is_same and place.scheme == self._slack.scheme

    def _fetch(self, url: str) -> bytes | None:
        """The bytes of a file; Slack answers with a page to log in where the token is not enough."""
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            with outbound.stream(
                "GET", url, headers=headers, follow_redirects=False, deadline_seconds=_SECONDS
            ) as response:
                kind = response.headers.get("content-type", "")
                if response.status_code != 200 or kind.startswith("text/html"):
                    return None
                content = b""
                for piece in read_pieces(response):
                    content += piece
                    if len(content) > _MOST_BYTES:
                        return None
                return content
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            _log.info("a file was not fetched: %s", type(error).__name__)
            return None


def describe(attachments: Sequence[Attachment]) -> list[Block]:
    """What was read and what was not, in small print under an answer."""
    read = ", ".join(_name(one) for one in attachments if one.text)
    lines = [f"I read {read} too."] if read else []
    lines += [f"I didn't read {_name(one)}: {escape_line(one.problem, 200)}." for one in attachments if one.problem]
    return [build_context(" ".join(lines))] if lines else []


def _name(attachment: Attachment) -> str:
    return f"*{escape_line(attachment.name.replace('*', ''), _NAME_CHARACTERS)}*"
