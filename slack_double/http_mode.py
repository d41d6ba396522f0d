"""The HTTP side: signed requests to the app's one endpoint."""

import hashlib
import hmac
import json
import time
import urllib.parse

import aiohttp

from .faults import Faults
from .journal import CONNECTION_FAILED, Delivery
from .settings import Settings


class HttpTransport:
    def __init__(self, settings: Settings, faults: Faults) -> None:
        self._settings = settings
        self._faults = faults
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=settings.ack_timeout))

    async def send(self, delivery: Delivery) -> str | None:
        body, content_type = encode_body(delivery)
        headers = {"Content-Type": content_type, **sign(self._settings.signing_secret, body, int(time.time()))}
        if delivery.attempt:
            headers["X-Slack-Retry-Num"] = str(delivery.attempt)
            headers["X-Slack-Retry-Reason"] = delivery.retry_reason or "http_timeout"
        try:
            return await self._post(delivery, body, headers)
        except TimeoutError:
            return "http_timeout"
        except aiohttp.ClientError:
            return CONNECTION_FAILED

    async def close(self) -> None:
        await self._session.close()

    async def _post(self, delivery: Delivery, body: bytes, headers: dict[str, str]) -> str | None:
        assert self._settings.http_url is not None
        async with self._session.post(self._settings.http_url, data=body, headers=headers) as response:
            text = await response.text()
            delivery.status = response.status
            if self._faults.take("acks_to_drop"):
                delivery.ack_dropped = True
                return "http_timeout"
            if response.status != 200:
                delivery.no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                return "http_error"
            delivery.acked_at = time.monotonic()
            if text:
                is_json = "json" in response.headers.get("Content-Type", "")
                delivery.response = json.loads(text) if is_json else {"text": text}
        return None


def encode_body(delivery: Delivery) -> tuple[bytes, str]:
    """Events are JSON; interactions are a form with one field, payload; commands are a plain form."""
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    form = {"payload": json.dumps(delivery.payload)} if delivery.kind == "interactive" else delivery.payload
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


def sign(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Slack's signature: HMAC-SHA256 over version, timestamp and the raw body."""
    base = b"v0:%d:%s" % (timestamp, body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
