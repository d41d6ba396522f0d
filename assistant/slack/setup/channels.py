"""Channels for Earshot: found by name, or made where the app may."""

from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.client.client import translated
from assistant.slack.client.directory import Directory
from assistant.slack.client.membership import is_shared

_MAY_NOT = ("missing_scope", "restricted_action", "not_allowed_token_type", "user_is_restricted", "no_permission")


@dataclass(frozen=True)
class FoundChannel:
    """A channel, and whether Earshot is in it and others from outside of the company are."""

    channel_id: str
    name: str
    has_earshot: bool
    has_outsiders: bool


class Channels:
    """The workspace's channels, asked for anew each time: people change them while setup waits."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def find(self, name: str) -> str:
        """The id of a channel. Raises ConfigError for one that Earshot cannot see, NetworkError."""
        return Directory(self._client).find_channel(name)

    def look_at(self, channel_id: str) -> FoundChannel:
        """Look at a channel. Raises NetworkError."""
        with translated():
            info = self._client.conversations_info(channel=channel_id)["channel"]
        name = str(info.get("name") or channel_id)
        return FoundChannel(channel_id, name, bool(info.get("is_member")), is_shared(info))

    def make(self, name: str) -> str | None:
        """Make a private channel, or else a public one; None where the app may make neither. Raises NetworkError.

        The manifest does not ask for these rights: they would also let Earshot rename and archive channels.
        """
        for is_private in (True, False):
            with translated():
                try:
                    return str(self._client.conversations_create(name=name, is_private=is_private)["channel"]["id"])
                except SlackApiError as error:
                    if error.response.get("error") not in _MAY_NOT:
                        raise
        return None
