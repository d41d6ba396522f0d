"""Roles and actions: which role each action asks for, and which roles a person has, wherever that person comes in."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from assistant.core.config import Settings
from assistant.errors import ReviewError


class Role(StrEnum):
    """A person's rights; an admin may do everything, a second approver everything that a reviewer may."""

    MEMBER = "full member"
    REVIEWER = "reviewer"
    SECOND_APPROVER = "second approver"
    MANAGER = "manager"
    ADMIN = "admin"


class Action(StrEnum):
    """An action that not everybody may take, as docs/review.md names it."""

    ASK_DRAFT = "ask for a draft by command or shortcut"
    READ_SUMMARY = "read summaries, the posts behind them and their files"
    READ_CARD = "open a card's whole text, versions and forms"
    JOIN_CRISIS = "join a crisis"
    DECIDE = "approve, edit, reject, regenerate, undo or delete; call a post not ours; correct labels"
    CLAIM = "claim a draft, and release one's own claim"
    FREEZE = "freeze all replies"
    OVERRULE = "overrule a guard with a reason, be the second person for a risky draft"
    UNFREEZE = "lift a freeze, with another person"
    LEAD_CRISIS = "open and close a crisis"
    SEE_WEEK = "see the week's figures in App Home"
    RELEASE_OTHERS = "release other people's claims"
    CHANGE_SETTING = "change settings in App Home"
    DECIDE_FIX = "decide on a fix of a document that one does not own"


NEEDS: Mapping[Action, Role] = {
    Action.ASK_DRAFT: Role.MEMBER,
    Action.READ_SUMMARY: Role.MEMBER,
    Action.READ_CARD: Role.MEMBER,
    Action.JOIN_CRISIS: Role.MEMBER,
    Action.DECIDE: Role.REVIEWER,
    Action.CLAIM: Role.REVIEWER,
    Action.FREEZE: Role.REVIEWER,
    Action.OVERRULE: Role.SECOND_APPROVER,
    Action.UNFREEZE: Role.SECOND_APPROVER,
    Action.LEAD_CRISIS: Role.MANAGER,
    Action.SEE_WEEK: Role.MANAGER,
    Action.RELEASE_OTHERS: Role.ADMIN,
    Action.CHANGE_SETTING: Role.ADMIN,
    Action.DECIDE_FIX: Role.ADMIN,
}

FindRoles = Callable[[str], frozenset[Role]]
"""The roles of a user. May ask a service outside, and then raises an EarshotError when that cannot tell."""

EVERY_ROLE = frozenset(Role)
_ADDED = "An admin can add you in Earshot's Home tab, under Settings."
_REFUSALS = {
    Role.MEMBER: ("Only full members of the company may do this.", "Ask a colleague to do it."),
    Role.REVIEWER: (
        "Only reviewers may decide on drafts.",
        f"{_ADDED} While none are named there, everybody in the review channel is one.",
    ),
    Role.SECOND_APPROVER: ("Only second approvers may do this.", _ADDED),
    Role.MANAGER: ("Only managers may do this.", _ADDED),
    Role.ADMIN: ("Only admins may do this.", _ADDED),
}


def hold_every_role(_user: str) -> frozenset[Role]:
    """Whoever has the machine is an admin: on the command line there is nobody to ask who somebody is."""
    return EVERY_ROLE


def find_roles(
    settings: Settings, is_one_of: Callable[[Sequence[str]], bool], reads_cards: Callable[[], bool]
) -> frozenset[Role]:
    """Find the roles of a full member of the company; nobody else has any, whatever a setting or a group says.

    `is_one_of` tells whether some names (users or groups) mean this person, `reads_cards` whether they are in the
    review channel, who decides while REVIEWERS is empty. Without SECOND_APPROVERS each reviewer is one, without
    MANAGERS everybody, and without ADMINS nobody is an admin here: the command line is there for that.
    """
    if is_one_of(settings.admins):
        return EVERY_ROLE
    is_second = is_one_of(settings.second_approvers)
    is_reviewer = is_second or (is_one_of(settings.reviewers) if settings.reviewers else reads_cards())
    roles = {
        Role.MEMBER: True,
        Role.REVIEWER: is_reviewer,
        Role.SECOND_APPROVER: is_second or (is_reviewer and not settings.second_approvers),
        Role.MANAGER: not settings.managers or is_one_of(settings.managers),
    }
    return frozenset(role for role, is_held in roles.items() if is_held)


def may(roles: frozenset[Role], action: Action) -> bool:
    """Return whether these roles are enough."""
    return NEEDS[action] in roles


def require(roles: frozenset[Role], action: Action) -> None:
    """Raises ReviewError that says who may, and where that is set."""
    if not may(roles, action):
        raise ReviewError(*_REFUSALS[NEEDS[action]])
