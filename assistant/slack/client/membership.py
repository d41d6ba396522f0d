"""Membership in Slack: what somebody may see, and whether they may decide."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from slack_sdk import WebClient

from assistant.core.config import Settings
from assistant.core.roles import Role, find_roles
from assistant.domain import Audience
from assistant.errors import NetworkError
from assistant.slack.client.client import translated

T = TypeVar("T")

# Slack allows some 50 such calls a minute; who joins reads what was said before in any case.
_KEPT_SECONDS = 60
_OUTSIDE = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared")
_NOT_FULL = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")


class Membership:
    """Asks Slack about channels, users and user groups, and keeps what it hears for a minute."""

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def audience_of(self, channel: str, user: str) -> Audience:
        """Return the audience of a channel: what everybody who reads there may see.

        Internal documents only for a full member in a direct message, or in a channel that INTERNAL_CHANNELS names,
        that nobody from outside shares and all of whose members are full members.
        """
        with translated():
            info = self._channel(channel)
            if not info.get("is_im") and channel not in self._settings.internal_channels:
                return Audience.PUBLIC
            if any(info.get(mark) for mark in _OUTSIDE) or not self.is_full_member(user):
                return Audience.PUBLIC
            return Audience.INTERNAL if info.get("is_im") or self._has_only_full_members(channel) else Audience.PUBLIC

    def audience_of_readers(self, channel: str) -> Audience:
        """Return the audience of what is posted in a channel unasked: internal only among members."""
        with translated():
            is_shared = any(self._channel(channel).get(mark) for mark in _OUTSIDE)
            return Audience.INTERNAL if not is_shared and self._has_only_full_members(channel) else Audience.PUBLIC

    def audience_of_person(self, user: str) -> Audience:
        """Return the audience of an answer that only this person sees."""
        return Audience.INTERNAL if self.is_full_member(user) else Audience.PUBLIC

    def is_full_member(self, user: str) -> bool:
        """Return whether somebody belongs to the company: no guest, no outsider, no bot, nobody who left."""
        if user.startswith("B"):  # a bot without a user
            return False
        with translated():
            info = self._keep("user", user, lambda: self._client.users_info(user=user)["user"])
            home_team = self._keep("team", "", lambda: self._client.auth_test()["team_id"])
        return _is_full(info, home_team)

    def name_of(self, user: str) -> str:
        """A person's name as others see it."""
        with translated():
            info = self._keep("user", user, lambda: self._client.users_info(user=user)["user"])
        return str(info.get("real_name") or info.get("name") or user)

    def workspace_url(self) -> str:
        """The workspace's own address, with a slash at its end: every message's address begins with it."""
        with translated():
            return self._keep("url", "", lambda: str(self._client.auth_test()["url"]))

    def is_in(self, channel: str, user: str) -> bool:
        """Return whether somebody reads a channel."""
        with translated():
            return user in self._members(channel)

    def is_one_of(self, user: str, names: tuple[str, ...]) -> bool:
        """Return whether a user is one of these ids or in one of these groups; no names mean every full member."""
        if not names:
            return self.is_full_member(user)
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
            groups = self._keep("groups", "", lambda: self._client.usergroups_list()["usergroups"])
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

    def find_roles(self, user: str, settings: Settings) -> frozenset[Role]:
        """Find a user's rights on drafts, as REVIEWERS, SECOND_APPROVERS and ADMINS say."""
        return find_roles(
            lambda names: self.is_one_of(user, tuple(names)),
            settings.reviewers,
            settings.second_approvers,
            settings.admins,
        )

    def _has_only_full_members(self, channel: str) -> bool:
        own = self._keep("self", "", lambda: self._client.auth_test()["user_id"])
        home_team = self._keep("team", "", lambda: self._client.auth_test()["team_id"])
        people = self._keep("people", "", self._read_people)
        others = [member for member in self._members(channel) if member != own]
        # A bot of the company's own may sit anywhere; anyone unknown to users.list is from outside.
        return all(m in people and (_is_full(people[m], home_team) or people[m].get("is_bot")) for m in others)

    def _members(self, channel: str) -> frozenset[str]:
        return self._keep("members", channel, lambda: self._read_members(channel))

    def _read_members(self, channel: str) -> frozenset[str]:
        pages = self._client.conversations_members(channel=channel, limit=1000)
        return frozenset(member for page in pages for member in page["members"])

    def _read_people(self) -> dict[str, dict[str, Any]]:
        pages = self._client.users_list(limit=1000)
        marks = (*_NOT_FULL, "team_id")
        return {one["id"]: {mark: one.get(mark) for mark in marks} for page in pages for one in page["members"]}

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


def _is_full(info: dict[str, Any], home_team: str) -> bool:
    return not any(info.get(mark) for mark in _NOT_FULL) and (info.get("team_id") or home_team) == home_team
