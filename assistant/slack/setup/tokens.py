"""The app's form and its two tokens, checked with Slack: what is wrong with one is told by its kind."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

from assistant.errors import InputError
from assistant.slack.client.client import APP_TOKEN, build_client, translated

_FORM = "https://api.slack.com/apps?new_app=1&manifest_json="
_KINDS = {
    "xoxb-": "the bot token, which OAuth & Permissions shows",
    "xapp-": "the app-level token, which Basic Information shows",
    "xoxp-": "a person's own token",
    "xoxe": "a token that expires",
    "xoxc-": "a token of Slack's own app",
}


@dataclass(frozen=True)
class Workspace:
    """What Slack says of a bot token: `missing` are scopes that the app was not given."""

    team: str
    bot: str
    missing: tuple[str, ...] = ()


def build_form_link(manifest: Path) -> str:
    """The address that opens Slack's form for a new app, filled in from the manifest."""
    content = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    return _FORM + quote(json.dumps(content, separators=(",", ":")), safe="")


def check_bot_token(token: str, api_url: str, scopes: frozenset[str]) -> Workspace:
    """Ask Slack whose token it is. Raises InputError for another kind of token, NetworkError where Slack refuses."""
    _check_kind(token, "xoxb-")
    with translated():
        answer = build_client(token, api_url).auth_test()
    given = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "")
    missing = sorted(scopes - set(given.split(","))) if given else []
    return Workspace(str(answer["team"]), str(answer["user"]), tuple(missing))


def check_app_token(token: str, api_url: str) -> None:
    """Ask Slack for a socket. Raises InputError for another kind of token, NetworkError where Slack refuses."""
    _check_kind(token, "xapp-")
    with translated(APP_TOKEN):
        build_client(token, api_url).apps_connections_open(app_token=token)


def _check_kind(token: str, wanted: str) -> None:
    """The token itself is never repeated: it may be a real one."""
    if token.startswith(wanted) and token.isascii() and not any(sign.isspace() for sign in token):
        return
    hint = f"Copy {_KINDS[wanted]}. It starts with {wanted}."
    kind = next((_KINDS[prefix] for prefix in _KINDS if prefix != wanted and token.startswith(prefix)), "")
    if kind:
        raise InputError(f"This is {kind}.", hint)
    raise InputError("This is no token of Slack's, or not the whole of it.", hint)
