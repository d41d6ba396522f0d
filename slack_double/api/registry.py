"""The table of Web API methods, and the checks that come before any of them: token, scope, required arguments."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from ..aliases import Json
from ..errors import SlackError, invalid_arguments
from ..workspace import Channel
from ..world import World


@dataclass(frozen=True)
class Call:
    """One call's arguments. Over a form everything arrives as text; over JSON as what it is: both are read alike."""

    world: World
    args: Json

    def text(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value is None or value == "" else str(value)

    def need_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        value = str(self.args.get(name, default))
        if not value.isdigit():
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]")
        return int(value)

    def structure(self, name: str, code: str = "invalid_arguments") -> object:
        """A JSON argument: an object or array, or its text."""
        value = self.args.get(name)
        if not isinstance(value, str) or value == "":
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise SlackError(code) from error

    def need_scope(self, *scopes: str) -> None:
        """Any one of these is enough."""
        granted = self.world.settings.scopes
        if scopes and not granted.intersection(scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))

    def need_scope_for(self, channel: Channel, ability: str) -> None:
        prefix = {"channel": "channels", "group": "groups"}.get(channel.kind, channel.kind)
        self.need_scope(f"{prefix}:{ability}")

    def joined_channel(self, name: str = "channel") -> Channel:
        return self.world.workspace.joined_channel(self.need_text(name))


Run = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    name: str
    run: Run
    scopes: tuple[str, ...]
    required: tuple[str, ...]
    tier: int | None
    app_token: bool

    def answer(self, call: Call, token: str | None) -> Json:
        self._check_token(call.world, token)
        if not self.app_token:
            call.need_scope(*self.scopes)
        missing = [name for name in self.required if call.args.get(name) in (None, "")]
        if missing:
            raise invalid_arguments(*(f"missing required field: {name}" for name in missing))
        call.world.limiter.spend_call(self.name, self.tier)
        return {"ok": True, **self.run(call)}

    def _check_token(self, world: World, token: str | None) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in (world.settings.bot_token, world.settings.app_token):
            raise SlackError("invalid_auth")
        if (token == world.settings.app_token) != self.app_token and self.name != "auth.test":
            raise SlackError("not_allowed_token_type")


_METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scopes: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    tier: int | None = None,
    app_token: bool = False,
) -> Callable[[Run], Run]:
    """Register a method. Having any one of `scopes` is enough; `required` names arguments that must not be empty."""

    def register(run: Run) -> Run:
        _METHODS[name] = Method(name, run, scopes, required, tier, app_token)
        return run

    return register


def find_method(name: str) -> Method:
    if name not in _METHODS:
        raise SlackError("unknown_method", req_method=name)
    return _METHODS[name]


def paginate(call: Call, items: list[Json], default_limit: int = 100) -> tuple[list[Json], Json]:
    """One page of the items, and the answer's part that says where the next page begins."""
    cursor = call.text("cursor") or "next:0"
    start = cursor.removeprefix("next:")
    if not start.isdigit() or not cursor.startswith("next:"):
        raise SlackError("invalid_cursor")
    limit = min(call.number("limit", default_limit), 1000) or default_limit
    end = int(start) + limit
    next_cursor = f"next:{end}" if end < len(items) else ""
    return items[int(start) : end], {"response_metadata": {"next_cursor": next_cursor}}
