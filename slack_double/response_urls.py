"""response_urls: five uses within half an hour."""

import secrets
from dataclasses import dataclass

from .aliases import Clock
from .errors import SlackError

MOST_USES = 5
MOST_SECONDS = 30 * 60


@dataclass
class ResponseUrl:
    """What the URL stands for; `message_ts` is the message whose button was used, if one was."""

    channel_id: str
    user_id: str
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0
    issued_at: float = 0.0


class ResponseUrls:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, url: ResponseUrl) -> str:
        """The last part of the new address."""
        token = secrets.token_urlsafe(12)
        url.issued_at = self._clock()
        self._urls[token] = url
        return token

    def use(self, token: str) -> ResponseUrl:
        url = self._urls.get(token)
        if url is None:
            raise SlackError("invalid_response_url")
        if self._clock() - url.issued_at > MOST_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= MOST_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
