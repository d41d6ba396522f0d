"""Names in settings: at each start they become the ids that Slack wants, in the settings themselves."""

import re
from collections.abc import Callable

from slack_sdk import WebClient

from assistant.core.config import Settings
from assistant.errors import ConfigError
from assistant.reports.digest.plans import read_plans
from assistant.slack.client.directory import Directory, is_channel_id

CHANNEL_SETTINGS = (
    *("review_channel", "digest_channel", "alert_channel", "internal_channels"),
    *("help_channels", "help_thread_channels"),
)
PEOPLE_SETTINGS = ("reviewers", "second_approvers", "managers", "admins")


def take_over_names(settings: Settings, client: WebClient) -> None:
    """Put ids in place of names; Slack is asked only where there are names. Raises ConfigError that names the setting.

    A channel that is renamed keeps its id until the next start, which then needs the new name.
    """
    directory = Directory(client)
    for field in CHANNEL_SETTINGS:
        _replace(settings, field, directory.find_channel)
    for field in PEOPLE_SETTINGS:
        _replace(settings, field, directory.find_person)
    _replace(settings, "owners_in_slack", lambda pair: _find_owner(directory, pair))
    if re.match(r"#\S", settings.audit_anchor):
        _replace(settings, "audit_anchor", directory.find_channel)
    for plan in read_plans(settings):
        if not is_channel_id(plan.channel):
            settings.note_id(plan.channel, _find(f"{settings.digests_file}", directory.find_channel, plan.channel))


def _replace(settings: Settings, field: str, find: Callable[[str], str]) -> None:
    value: str | tuple[str, ...] = getattr(settings, field)
    if isinstance(value, str):
        setattr(settings, field, _find(field.upper(), find, value) if value else "")
    else:
        setattr(settings, field, tuple(_find(field.upper(), find, one) for one in value))


def _find(setting: str, find: Callable[[str], str], name: str) -> str:
    try:
        return find(name)
    except ConfigError as error:
        raise ConfigError(f"{setting}: {error.message}", error.hint) from error


def _find_owner(directory: Directory, pair: str) -> str:
    owner, sign, person = pair.partition("=")
    return f"{owner.strip()}={directory.find_person(person)}" if sign else pair
