"""Roles: reviewers, second approvers and admins, found for a person wherever that person comes in."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from assistant.errors import ReviewError


class Role(StrEnum):
    """A person's rights; an admin may do everything, a second approver everything that a reviewer may."""

    REVIEWER = "reviewer"
    SECOND_APPROVER = "second approver"
    ADMIN = "admin"


FindRoles = Callable[[str], frozenset[Role]]
"""The roles of a user. May ask a service outside, and then raises an EarshotError when that cannot tell."""

EVERY_ROLE = frozenset(Role)
_SETTINGS = {Role.REVIEWER: "REVIEWERS", Role.SECOND_APPROVER: "SECOND_APPROVERS", Role.ADMIN: "ADMINS"}
_MAY = {
    Role.REVIEWER: "Only reviewers may decide on drafts.",
    Role.SECOND_APPROVER: "Only second approvers may do this.",
    Role.ADMIN: "Only admins may do this.",
}


def hold_every_role(_user: str) -> frozenset[Role]:
    """Whoever has the machine is an admin: on the command line there is nobody to ask who somebody is."""
    return EVERY_ROLE


def find_roles(
    is_one_of: Callable[[Sequence[str]], bool],
    reviewers: Sequence[str],
    second_approvers: Sequence[str],
    admins: Sequence[str],
) -> frozenset[Role]:
    """The roles of whom `is_one_of` tells whether some names (users or groups) mean them.

    Without REVIEWERS every member of the company is one, whom `is_one_of` tells for no names; without
    SECOND_APPROVERS each reviewer is; and without ADMINS nobody is an admin here: the command line is there for that.
    """
    if admins and is_one_of(admins):
        return EVERY_ROLE
    is_second = bool(second_approvers) and is_one_of(second_approvers)
    is_reviewer = is_second or is_one_of(reviewers)
    if is_second or (is_reviewer and not second_approvers):
        return frozenset((Role.REVIEWER, Role.SECOND_APPROVER))
    return frozenset((Role.REVIEWER,)) if is_reviewer else frozenset()


def require_role(roles: frozenset[Role], role: Role) -> None:
    """Raises ReviewError that says who may, and where that is set."""
    if role not in roles:
        raise ReviewError(_MAY[role], f"An admin can add you to {_SETTINGS[role]}.")
