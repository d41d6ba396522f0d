"""Clicks on buttons and menus, as every listener reads them."""

from typing import Any


class Click:
    """The body of a click. A body that lacks what is asked for raises KeyError, and Bolt refuses it."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body
        self._action: dict[str, Any] = body["actions"][0]

    @property
    def action(self) -> str:
        """The id of the button or menu."""
        return str(self._action["action_id"])

    @property
    def value(self) -> str:
        """What the button carries, or what was chosen from a menu."""
        return str(self._action["value"] if "value" in self._action else self._action["selected_option"]["value"])

    @property
    def block(self) -> str:
        """The id of the block in which it stands."""
        return str(self._action["block_id"])

    @property
    def at(self) -> str:
        """When, as a ts: the same however often Slack delivers the click."""
        return str(self._action["action_ts"])

    @property
    def user(self) -> str:
        return str(self._body["user"]["id"])

    @property
    def team(self) -> str:
        """The workspace of the person, or else the one of the click."""
        return str(self._body["user"].get("team_id") or self.workspace)

    @property
    def workspace(self) -> str:
        return str(self._body.get("team", {}).get("id") or "")

    @property
    def channel(self) -> str:
        return str(self._body["channel"]["id"])

    @property
    def message_ts(self) -> str:
        """The message with the button; empty for one that a single person sees."""
        return str((self._body.get("message") or {}).get("ts") or "")

    @property
    def thread_ts(self) -> str | None:
        """The thread in which that message is, None where it is in none."""
        thread_ts = self._body.get("container", {}).get("thread_ts")
        return str(thread_ts) if thread_ts else None

    @property
    def root_ts(self) -> str:
        """The thread that an answer to the click goes to: the message's own where it has none yet."""
        return str((self._body.get("message") or {}).get("thread_ts") or self.message_ts)

    @property
    def is_private(self) -> bool:
        """Return whether only this person sees the message."""
        return bool(self._body.get("container", {}).get("is_ephemeral"))

    @property
    def response_url(self) -> str:
        """The address that takes answers for half an hour; empty where Slack gives none."""
        return str(self._body.get("response_url") or "")

    @property
    def trigger(self) -> str:
        """What opens a form within three seconds."""
        return str(self._body["trigger_id"])
