"""Faults of an app's installation in Slack that can be seen from outside: its channels, and its Home tab."""

from collections.abc import Iterator
from datetime import timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.home import Home
from assistant.reports.build import Reports
from assistant.slack.client.blocks import is_slack_user
from assistant.slack.client.client import translated
from assistant.slack.client.membership import SHARED, is_shared
from assistant.slack.home.blocks import HomePage, build_home
from assistant.slack.tables import SlackStore

_A_YEAR = timedelta(days=365)
# No view has this hash: where there is a Home already, Slack says so and changes nothing.
_NO_HASH = "earshot-doctor"
_HOME_OFF = "The Home tab is switched off: turn it on at your app's page, App Home; slack-manifest.yaml asks for it."


def list_faults(home: Home, reports: Reports, slack_store: SlackStore, client: WebClient) -> Iterator[str]:
    """A line for each thing that people would miss. Raises NetworkError when Slack cannot be asked."""
    for channel, names in _list_channels(home, reports).items():
        fault = _find_channel_fault(client, channel)
        if fault:
            yield f"{', '.join(names)} {channel}: {fault}"
    if _is_home_off(client, home, _find_user(home, slack_store)):
        yield _HOME_OFF


def _list_channels(home: Home, reports: Reports) -> dict[str, list[str]]:
    """Every channel that settings name, with what names it."""
    settings, named = home.settings, dict[str, list[str]]()
    wanted = [("REVIEW_CHANNEL", settings.review_channel), ("ALERT_CHANNEL", settings.alert_channel)]
    wanted += [("the summary's channel", plan.channel) for plan in reports.digest_plans]
    wanted += [("INTERNAL_CHANNELS", channel) for channel in settings.internal_channels]
    wanted += [("HELP_CHANNELS", channel) for channel in settings.help_channels]
    wanted += [("HELP_THREAD_CHANNELS", channel) for channel in settings.help_thread_channels]
    for name, channel in wanted:
        if channel:
            named.setdefault(channel, []).append(name)
    return named


def _find_channel_fault(client: WebClient, channel: str) -> str:
    with translated():
        try:
            info = client.conversations_info(channel=channel)["channel"]
        except SlackApiError as error:
            if error.response.get("error") != "channel_not_found":
                raise
            return "there is no such channel, or it is a private one without Earshot. Invite it: /invite @Earshot"
    if info.get("is_archived"):
        return "it is archived. Choose another one."
    if is_shared(info):
        return f"it {SHARED}"
    return "" if info.get("is_member") else "Earshot is not in it. Invite it: /invite @Earshot"


def _find_user(home: Home, slack_store: SlackStore) -> str:
    """Somebody whose Home may be asked for: who opened theirs last, else who has a role."""
    settings = home.settings
    opened = slack_store.homes.list_opened(home.clock() - _A_YEAR)
    named = (*opened, *settings.admins, *settings.reviewers, *settings.managers)
    return next((name for name in named if is_slack_user(name)), "")


def _is_home_off(client: WebClient, home: Home, user: str) -> bool:
    """Slack tells it only to who publishes one: for somebody who had none yet, it says how to ask."""
    if not user:
        return False
    view = build_home(HomePage(user, home.clock(), is_full_member=False), lambda waiting: "", home.wordings.choose())
    with translated():
        try:
            client.views_publish(user_id=user, view=view, hash=_NO_HASH)
        except SlackApiError as error:
            return bool(error.response.get("error") == "not_enabled")  # whatever else it says, there is a Home tab
    return False
