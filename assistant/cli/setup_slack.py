"""The part of setup that connects Slack: the app, its tokens, the channels, and who may change settings."""

import os
from collections.abc import Callable

from assistant.cli.asking import ask, confirm
from assistant.cli.output import say
from assistant.core.env_file import keep_setting
from assistant.core.setting_files import read_key
from assistant.core.shipped import find_shipped
from assistant.errors import ConfigError, EarshotError, InputError, NetworkError
from assistant.service.doctor import SCOPES
from assistant.slack.client.client import build_client
from assistant.slack.client.directory import Directory
from assistant.slack.setup.channels import Channels
from assistant.slack.setup.tokens import build_form_link, check_app_token, check_bot_token

_SLACK_API = "https://slack.com/api/"
_CHANNELS = (
    ("REVIEW_CHANNEL", "Where should proposed replies to customers go?"),
    ("DIGEST_CHANNEL", "Where should the weekly summary go?"),
)


def connect_slack() -> None:
    """Ask until Slack takes both tokens, then for the channels and an admin."""
    api_url = read_key("SLACK_API_URL") or _SLACK_API
    say("\nThe Slack app", style="bold")
    if not read_key("SLACK_BOT_TOKEN"):
        say("Open this link. Slack shows a form that is filled in: choose your workspace, then Create.")
        say(build_form_link(find_shipped("slack-manifest.yaml")), style="blue")
        say("Then choose Install to Workspace, and copy the Bot User OAuth Token from OAuth & Permissions.")
    bot_token = _ask_for_token("SLACK_BOT_TOKEN", "Bot token (xoxb-…)", lambda token: _try_bot(token, api_url))
    if not read_key("SLACK_APP_TOKEN"):
        say("Now under Basic Information, App-Level Tokens: generate one with the scope connections:write.")
    _ask_for_token("SLACK_APP_TOKEN", "App-level token (xapp-…)", lambda token: check_app_token(token, api_url))
    client = build_client(bot_token, api_url)
    say("\nChannels", style="bold")
    for setting, question in _CHANNELS:
        _ask_for_channel(Channels(client), setting, question)
    say("\nYou", style="bold")
    _ask_for_admin(lambda name: Directory(client).find_person(name))


def _try_bot(token: str, api_url: str) -> None:
    found = check_bot_token(token, api_url, SCOPES)
    say(f"Slack knows it: {found.bot} in {found.team}.", style="green")
    if found.missing:
        raise InputError(
            f"The app lacks rights: {', '.join(found.missing)}.",
            "Add them under OAuth & Permissions, Scopes, install the app again and paste its token again.",
        )


def _ask_for_token(setting: str, question: str, check: Callable[[str], None]) -> str:
    """A token that Slack takes. One that is set already is tried first, and kept by Enter."""
    kept = read_key(setting)
    if setting in os.environ and kept:
        say(f"{setting} is set in the environment, which counts before .env.")
    while True:
        hint = "isn't shown; Enter keeps the one you have" if kept else "isn't shown"
        token = ask(f"{question}; it {hint}", is_secret=True) or kept
        try:
            if not token:
                raise InputError("Nothing was pasted.", "Ctrl-C stops setup.")
            check(token)
        except (InputError, NetworkError) as error:
            say(f"{error.message} {error.hint}", style="yellow")
            if not error.is_transient or not confirm("Keep it without a check?", default=False):
                continue
        keep_setting(setting, token)
        return token


def _ask_for_channel(channels: Channels, setting: str, question: str) -> None:
    kept = read_key(setting)
    while True:
        name = ask(f"{question} ({'Enter keeps' if kept else f'such as #{_suggest(setting)}; - skips'})", kept)
        if name in ("", "-"):
            if name:
                return
            continue
        try:
            channel_id = _find_or_make(channels, name)
        except EarshotError as error:
            say(f"{error.message} {error.hint}", style="yellow")
            continue
        if channel_id and _is_usable(channels, channel_id):
            keep_setting(setting, channel_id)
            return


def _suggest(setting: str) -> str:
    return {"REVIEW_CHANNEL": "replies", "DIGEST_CHANNEL": "weekly"}[setting]


def _find_or_make(channels: Channels, name: str) -> str:
    """The channel's id; empty where there is none and none was made."""
    try:
        return channels.find(name)
    except ConfigError as error:
        say(error.message, style="yellow")
    wanted = name.removeprefix("#").casefold()
    if not confirm(f"Create #{wanted}?", default=True):
        return ""
    made = channels.make(wanted)
    if made:
        say(f"#{wanted} is made. Invite your colleagues to it.", style="green")
        return made
    say(f"Earshot's app may not create channels. Create #{wanted} in Slack and type /invite @Earshot in it.")
    ask("Then press Enter")
    return channels.find(name)


def _is_usable(channels: Channels, channel_id: str) -> bool:
    found = channels.look_at(channel_id)
    while not found.has_earshot:
        say(f"Earshot is not in #{found.name} yet. Type /invite @Earshot there.")
        if ask("Then press Enter, or - for another channel") == "-":
            return False
        found = channels.look_at(channel_id)
    if found.has_outsiders:
        say(f"People from outside read #{found.name}. Choose a channel of the company's own.", style="yellow")
        return False
    say(f"#{found.name} is good.", style="green")
    return True


def _ask_for_admin(find: Callable[[str], str]) -> None:
    kept = read_key("ADMINS")
    while True:
        hint = "Enter keeps" if kept else "your e-mail address or @name; - skips"
        name = ask(f"Who may change Earshot's settings in Slack? ({hint})", kept)
        if name == "-":
            return
        try:
            found = [find(one) for one in name.split(",") if one.strip()]
        except EarshotError as error:
            say(f"{error.message} {error.hint}", style="yellow")
            continue
        if found:
            keep_setting("ADMINS", ",".join(found))
            return
