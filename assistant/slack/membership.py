"""Who somebody is in Slack: what they may see, and whether they may decide."""

from slack_sdk import WebClient

from assistant.config import Settings
from assistant.domain import Audience
from assistant.review.roles import Role, find_roles
from assistant.slack.calling import translated


class Membership:
    """Asks Slack about channels, users and user groups."""

    def __init__(self, client: WebClient, internal_channels: tuple[str, ...]) -> None:
        self._client = client
        self._internal_channels = internal_channels

    def audience_of(self, channel: str, user: str) -> Audience:
        """What an answer in this channel may be drawn from: what everybody who reads there may see.

        Internal documents only for a full member in a direct message, or in a channel that INTERNAL_CHANNELS names and
        that nobody from outside shares.
        """
        with translated():
            info = self._client.conversations_info(channel=channel)["channel"]
            is_direct = bool(info.get("is_im"))
            if not is_direct and channel not in self._internal_channels:
                return Audience.PUBLIC
            if any(info.get(mark) for mark in ("is_ext_shared", "is_pending_ext_shared", "is_org_shared")):
                return Audience.PUBLIC
            return Audience.INTERNAL if self._is_full_member(user) else Audience.PUBLIC

    def is_one_of(self, user: str, names: tuple[str, ...]) -> bool:
        """Whether a user is among these user ids or in one of these user groups; no names at all means everybody."""
        if not names or user in names:
            return True
        with translated():
            groups = [name for name in names if name.startswith("S")]
            return any(user in self._client.usergroups_users_list(usergroup=group)["users"] for group in groups)

    def find_roles(self, user: str, settings: Settings) -> frozenset[Role]:
        """What a user may do with drafts, as REVIEWERS, SECOND_APPROVERS and ADMINS say."""
        return find_roles(
            lambda names: self.is_one_of(user, tuple(names)),
            settings.reviewers,
            settings.second_approvers,
            settings.admins,
        )

    def _is_full_member(self, user: str) -> bool:
        info = self._client.users_info(user=user)["user"]
        marks = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
        home_team = self._client.auth_test()["team_id"]
        return not any(info.get(mark) for mark in marks) and info.get("team_id", home_team) == home_team
