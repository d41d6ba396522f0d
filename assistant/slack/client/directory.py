"""The workspace's directory: the ids behind names of channels, people and groups."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from assistant.errors import ConfigError
from assistant.slack.client.client import translated
from assistant.slack.client.membership import is_full

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")
_PERSON_ID = re.compile(r"[UWSB][A-Z0-9]+")
_E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_KINDS = "public_channel,private_channel"


def is_channel_id(name: str) -> bool:
    """Return whether this is an id: Slack's names of channels have no capitals."""
    return bool(_CHANNEL_ID.fullmatch(name))


def is_person_id(name: str) -> bool:
    """Return whether this is the id of a person, a bot or a user group; with an @ before it, it is a name."""
    return bool(_PERSON_ID.fullmatch(name))


class Directory:
    """Asks Slack for each list at most once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def find_channel(self, name: str) -> str:
        """The id of a channel. Raises ConfigError for one that Earshot cannot see."""
        wanted = name.strip()
        if is_channel_id(wanted):
            return wanted
        wanted = wanted.removeprefix("#").casefold()
        found = self._own_channels.get(wanted) or self._all_channels.get(wanted)
        if not found:
            hint = "Correct the name. In a private channel, invite Earshot first: /invite @Earshot"
            raise ConfigError(f"There is no channel #{wanted} that Earshot can see.", hint)
        return found

    def find_person(self, name: str) -> str:
        """The id of a full member or a user group. Raises ConfigError for nobody, and for a name that several have.

        A display name is whatever its owner types: one that two people have is never taken for either of them.
        """
        wanted = name.strip()
        if is_person_id(wanted):
            return wanted
        found = {self._find_by_mail(wanted)} if _E_MAIL.fullmatch(wanted) else self._find_named(wanted)
        if len(found) > 1:
            raise ConfigError(f"More than one is called {wanted}.", "Give the person's e-mail address or Slack id.")
        if not any(found):
            raise ConfigError(f"No member of the workspace is called {wanted}.", "Give their e-mail address or @name.")
        return next(iter(found))

    @cached_property
    def _own_channels(self) -> dict[str, str]:
        """Those that Earshot is in: the ones meant, nearly always, and a short list."""
        return self._read_channels(self._client.users_conversations)

    @cached_property
    def _all_channels(self) -> dict[str, str]:
        return self._read_channels(self._client.conversations_list)

    @cached_property
    def _people(self) -> tuple[tuple[str, frozenset[str]], ...]:
        with translated():
            home_team = str(self._client.auth_test()["team_id"])
            pages = self._client.users_list(limit=999)
            members = [one for page in pages for one in page["members"]]
        return tuple((str(one["id"]), _list_names(one)) for one in members if is_full(one, home_team))

    @cached_property
    def _groups(self) -> tuple[tuple[str, frozenset[str]], ...]:
        with translated():
            groups = self._client.usergroups_list()["usergroups"]
        return tuple((str(one["id"]), frozenset(_fold(one.get(key)) for key in ("handle", "name"))) for one in groups)

    def _read_channels(self, read: Callable[..., SlackResponse]) -> dict[str, str]:
        with translated():
            pages = read(types=_KINDS, exclude_archived=True, limit=999)
            return {_fold(one.get("name")): str(one["id"]) for page in pages for one in page["channels"]}

    def _find_by_mail(self, mail: str) -> str:
        with translated():
            try:
                user: dict[str, Any] = self._client.users_lookupByEmail(email=mail)["user"]
            except SlackApiError as error:
                if error.response.get("error") != "users_not_found":
                    raise
                return ""
            return str(user["id"]) if is_full(user, str(self._client.auth_test()["team_id"])) else ""

    def _find_named(self, name: str) -> set[str]:
        wanted = name.removeprefix("@").strip().casefold()
        return {found for found, names in (*self._people, *self._groups) if wanted and wanted in names}


def _list_names(person: dict[str, Any]) -> frozenset[str]:
    return frozenset(filter(None, _yield_names(person)))


def _yield_names(person: dict[str, Any]) -> Iterator[str]:
    profile = person.get("profile") or {}
    yield from (_fold(person.get("name")), _fold(person.get("real_name")))
    yield from (_fold(profile.get("display_name")), _fold(profile.get("real_name")))


def _fold(name: object) -> str:
    return str(name or "").strip().casefold()
