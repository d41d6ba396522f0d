"""Membership in Slack: what somebody may see, and whether they may decide."""

import re
import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar, cast

from slack_sdk import WebClient

from assistant.core.config import Settings
from assistant.core.roles import Action, Role, find_roles, may, require
from assistant.domain import Audience, ReaderSet
from assistant.errors import NetworkError, ReviewError
from assistant.slack.client.client import translated
from assistant.slack.client.rights import Rights

T = TypeVar("T")
_IDS = re.compile(r"(?<![\w<@#])[UWCG](?=[A-Z]*\d)[A-Z0-9]{5,20}(?!\w)")

# Slack allows some 50 such calls a minute; who joins reads what was said before in any case.
_KEPT_SECONDS = 60
_OUTSIDE = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared")
SHARED = "is shared with people from outside, who would read this. Choose a channel of the company's own."
_NOT_FULL = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")


class Membership:
    """Asks Slack about channels, users and user groups, and keeps what it hears for a minute.

    `list_sets` gives the reader sets that documents are for alone.
    """

    def __init__(
        self, client: WebClient, settings: Settings, list_sets: Callable[[], Sequence[ReaderSet]] = tuple
    ) -> None:
        self._client = client
        self._settings = settings
        self.rights = Rights(self._find_named, self._find_admins, list_sets)
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def audience_of(self, channel: str, user: str) -> Audience:
        """Return the audience of a channel: what everybody who reads there may see.

        Internal documents only for a full member in a direct message, or in a channel that INTERNAL_CHANNELS names,
        that nobody from outside shares and all of whose members are full members. Of a reader set's documents, those
        of the sets that every reader is in.
        """
        with translated():
            info = self._channel(channel)
            if not info.get("is_im") and channel not in self._settings.internal_channels:
                return Audience.PUBLIC
            if is_shared(info) or not self.is_full_member(user):
                return Audience.PUBLIC
            if info.get("is_im"):
                return self._widen(lambda: [user])
            if not self._has_only_full_members(channel):
                return Audience.PUBLIC
            return self._widen(lambda: self._people_in(channel) | {user})

    def audience_of_readers(self, channel: str) -> Audience:
        """Return the audience of what is posted in a channel unasked: internal only among members."""
        with translated():
            is_closed = not is_shared(self._channel(channel))
            return Audience.INTERNAL if is_closed and self._has_only_full_members(channel) else Audience.PUBLIC

    def audience_of_person(self, user: str) -> Audience:
        """Return the audience of an answer that only this person sees."""
        return self._widen(lambda: [user]) if self.is_full_member(user) else Audience.PUBLIC

    def _widen(self, people: Callable[[], Collection[str]]) -> Audience:
        return Audience.INTERNAL.for_sets(self.rights.find_sets(people))

    def is_full_member(self, user: str) -> bool:
        """Return whether somebody belongs to the company: no guest, no outsider, no bot, nobody who left."""
        if user.startswith("B"):  # a bot without a user
            return False
        with translated():
            info = self._user(user)
        return is_full(info, self.home_team())

    def home_team(self) -> str:
        """The id of the workspace that the app is installed in."""
        with translated():
            return self._keep("team", "", lambda: str(self._client.auth_test()["team_id"]))

    def name_of(self, user: str) -> str:
        """A person's name as others see it."""
        with translated():
            info = self._user(user)
        return str(info.get("real_name") or info.get("name") or user)

    def locale_of(self, user: str) -> str:
        """The language and country that a person has set in Slack, such as `de-DE`; empty for a bot without a user."""
        if user.startswith("B"):
            return ""
        with translated():
            return str(self._user(user).get("locale") or "")

    def channel_name(self, channel: str) -> str:
        """A channel's name without its sign; its id where Slack does not say."""
        with translated():
            return str(self._channel(channel).get("name") or channel)

    def put_names(self, text: str) -> str:
        """A text with names in place of ids, where Slack makes no mentions of them: in forms, and in what is plain."""
        return _IDS.sub(lambda found: self._find_name(found[0]), text)

    def _find_name(self, name: str) -> str:
        try:
            return f"#{self.channel_name(name)}" if name.startswith(("C", "G")) else self.name_of(name)
        except NetworkError as error:
            if error.is_transient:
                raise
            return name

    def workspace_url(self) -> str:
        """The workspace's own address, with a slash at its end: every message's address begins with it."""
        with translated():
            return self._keep("url", "", lambda: str(self._client.auth_test()["url"]))

    def is_in(self, channel: str, user: str) -> bool:
        """Return whether somebody reads a channel."""
        with translated():
            return user in self._members(channel)

    def is_one_of(self, user: str, names: Sequence[str]) -> bool:
        """Return whether a user is one of these ids or in one of these groups."""
        if user in names:
            return True
        with translated():
            groups = [name for name in names if name.startswith("S")]
            return any(user in self._group(group) for group in groups)

    def find_people(self, names: Sequence[str]) -> frozenset[str]:
        """The full members behind user and user-group ids; who left, or never was, is nobody."""
        with translated():
            groups = [self._group(name) for name in names if name.startswith("S")]
        users = {name for name in names if not name.startswith("S")}.union(*groups)
        return frozenset(user for user in users if self._is_known_member(user))

    def list_groups(self) -> list[tuple[str, str]]:
        """Every user group's id and what people call it."""
        with translated():
            groups = self._keep("groups", "", self._read_groups)
        return [(str(group["id"]), str(group.get("name") or group.get("handle") or group["id"])) for group in groups]

    def may_post_in(self, channel: str) -> bool:
        """Return whether Earshot is in a channel; False for one that it cannot even see."""
        try:
            with translated():
                info = self._client.conversations_info(channel=channel)["channel"]  # it may have been invited now
        except NetworkError as error:
            if error.is_transient:
                raise
            return False
        return bool(info.get("is_member")) and not info.get("is_archived")

    def _group(self, group: str) -> frozenset[str]:
        return self._keep(
            "group", group, lambda: frozenset(self._client.usergroups_users_list(usergroup=group)["users"])
        )

    def _is_known_member(self, user: str) -> bool:
        try:
            return self.is_full_member(user)
        except NetworkError as error:
            if error.is_transient:
                raise
            return False

    def find_roles(self, user: str) -> frozenset[Role]:
        """Find a person's roles. Guests, bots and people of other companies have none, whatever a setting says."""
        if not self.is_full_member(user):
            return frozenset()
        return find_roles(self._settings, lambda names: self.is_one_of(user, names), lambda: self._reads_cards(user))

    def may(self, user: str, action: Action) -> bool:
        """Return whether a person may do this, where it is not bound to a channel."""
        return may(self.find_roles(user), action)

    def check(self, user: str, action: Action, channel: str = "", stands_in: str = "") -> None:
        """Raises ReviewError unless this person may do this, in this channel: the one answer for all of Slack.

        `stands_in` is where the card or crisis is that `channel` was clicked in; forms, commands and Home need neither.
        """
        require(self.find_roles(user), action)
        if channel and stands_in:
            if channel != stands_in:
                raise ReviewError("This isn't the message that people decide on.", "Use the one in its channel.")
            self.refuse_outsiders(channel)

    def refuse_outsiders(self, channel: str) -> None:
        """Raises ReviewError for a channel that people from outside of the workspace read, or are invited to."""
        with translated():
            info = self._channel(channel)
        if is_shared(info):
            raise ReviewError(f"The channel {channel} {SHARED}", "Nothing is posted or decided there.")

    def _reads_cards(self, user: str) -> bool:
        channel = self._settings.review_channel
        try:
            return bool(channel) and self.is_in(channel, user)
        except NetworkError as error:
            if error.is_transient:
                raise
            return False  # Earshot is not in the channel itself, or there is none of this id

    def _has_only_full_members(self, channel: str) -> bool:
        home_team, people = self.home_team(), self._people()
        others = [member for member in self._members(channel) if member != self._own_id()]
        # A bot of the company's own may sit anywhere; anyone unknown to users.list is from outside.
        return all(m in people and (is_full(people[m], home_team) or people[m].get("is_bot")) for m in others)

    def _own_id(self) -> str:
        return self._keep("self", "", lambda: str(self._client.auth_test()["user_id"]))

    def _people_in(self, channel: str) -> frozenset[str]:
        """Who reads a channel besides bots, of whom it is known that they are the company's own."""
        people = self._people()
        return frozenset(one for one in self._members(channel) if not people.get(one, {}).get("is_bot"))

    def _people(self) -> dict[str, dict[str, Any]]:
        return self._keep("people", "", self._read_people)

    def _find_named(self, name: str) -> frozenset[str]:
        """Who is meant by an e-mail address, or a user group's id or handle; nobody where Slack knows none."""
        with translated():
            if "@" in name:
                return self._keep("mails", "", self._read_mails).get(name, frozenset())
            groups = self._keep("groups", "", self._read_groups)
            found = [group["id"] for group in groups if name in (group["id"], str(group.get("handle") or "").lower())]
            return frozenset().union(*map(self._group, found))

    def _read_mails(self) -> dict[str, frozenset[str]]:
        home_team = self.home_team()
        full = {user: one["mail"] for user, one in self._people().items() if one["mail"] and is_full(one, home_team)}
        return {mail: frozenset([user]) for user, mail in full.items()}  # in a workspace, an address is one person's

    def _find_admins(self) -> frozenset[str]:
        return self.find_people(self._settings.admins)

    def _read_groups(self) -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = self._client.usergroups_list()["usergroups"]
        return groups

    def _members(self, channel: str) -> frozenset[str]:
        return self._keep("members", channel, lambda: self._read_members(channel))

    def _read_members(self, channel: str) -> frozenset[str]:
        pages = self._client.conversations_members(channel=channel, limit=1000)
        return frozenset(member for page in pages for member in page["members"])

    def _read_people(self) -> dict[str, dict[str, Any]]:
        pages = self._client.users_list(limit=1000)
        marks = (*_NOT_FULL, "team_id")
        members = [one for page in pages for one in page["members"]]
        return {one["id"]: {**{mark: one.get(mark) for mark in marks}, "mail": _read_mail(one)} for one in members}

    def _user(self, user: str) -> dict[str, Any]:
        info: dict[str, Any] = self._keep(
            "user", user, lambda: self._client.users_info(user=user, include_locale=True)["user"]
        )
        return info

    def _channel(self, channel: str) -> dict[str, Any]:
        info: dict[str, Any] = self._keep(
            "channel", channel, lambda: self._client.conversations_info(channel=channel)["channel"]
        )
        return info

    def _keep(self, kind: str, name: str, read: Callable[[], T]) -> T:
        with self._lock:
            kept_at, value = self._kept.get((kind, name), (float("-inf"), None))
        if time.monotonic() - kept_at < _KEPT_SECONDS:
            return cast(T, value)  # it was read by the same kind of call
        fresh = read()
        with self._lock:
            self._kept[kind, name] = (time.monotonic(), fresh)
        return fresh


def _read_mail(info: dict[str, Any]) -> str:
    return str((info.get("profile") or {}).get("email") or "").lower()


def is_shared(info: dict[str, Any]) -> bool:
    """Return whether people from outside of the workspace read a channel, or are invited to it."""
    return any(info.get(mark) for mark in _OUTSIDE)


def is_full(info: dict[str, Any], home_team: str) -> bool:
    """Return whether Slack describes somebody of the company: no guest, no outsider, no bot, nobody who left."""
    return not any(info.get(mark) for mark in _NOT_FULL) and (info.get("team_id") or home_team) == home_team
