"""The two ways to be refused: by Slack (an error code) and by the double (the test asked the impossible)."""

from .aliases import Json


class SlackError(Exception):
    """An answer `{"ok": false, "error": code}`; `extra` is merged into the answer's body."""

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra: Json = dict(extra)
        self.status = 200
        self.headers: dict[str, str] = {}


class RateLimited(SlackError):
    """Status 429 with retry-after, in whole seconds as Slack sends it."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.status = 429
        self.headers = {"retry-after": str(retry_after)}


class Impossible(AssertionError):
    """The test made a person do what Slack would not let them do, such as click a button that is not there."""


def invalid_arguments(*messages: str, code: str = "invalid_arguments") -> SlackError:
    """Slack's complaint about arguments; the useful part is in response_metadata, not in the code."""
    return SlackError(code, response_metadata={"messages": [f"[ERROR] {message}" for message in messages]})
