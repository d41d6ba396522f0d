"""Whoever has ten minutes is led from nothing to a first answer, is told what is wrong, and loses nothing."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from first_start.conftest import Answer
from slack_double import SlackDouble

from assistant.core.config import Settings
from assistant.core.env_file import ENV_FILE
from assistant.core.shipped import find_shipped
from assistant.errors import InputError
from assistant.slack.setup.tokens import build_form_link

BOT, APP = "xoxb-double-bot-token", "xapp-1-double-app-token"
CONNECTED = ("3", BOT, APP, "#replies", "#weekly", "anna@example.com")


@pytest.fixture(autouse=True)
def _the_log_goes_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A folder with one page."""
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "pausing.md").write_text("# Pausing\n\nCustomers pause their plan in the app for up to three months.\n")
    return folder


def test_five_answers_connect_slack_and_a_folder_gives_the_first_answer(
    slack: SlackDouble, answer: Answer, kept: Callable[[], Settings], page: Path
) -> None:
    said = answer(*CONNECTED, str(page), "How do customers pause their plan?")
    settings = kept()
    assert (settings.review_channel, settings.digest_channel) == ("C0REPLIES", "C0WEEKLY")
    assert settings.admins == ("U0ANNA",)
    assert settings.knowledge_dir == page
    assert "Slack knows it: earshot in Earshot Test." in said
    assert "Customers pause their plan in the app for up to three months." in said
    assert "earshot run" in said


def test_the_link_opens_slacks_form_with_the_whole_manifest() -> None:
    manifest = find_shipped("slack-manifest.yaml")
    asked = parse_qs(urlsplit(build_form_link(manifest)).query)
    assert asked["new_app"] == ["1"]
    assert json.loads(asked["manifest_json"][0]) == yaml.safe_load(manifest.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        (APP, "This is the app-level token"),
        ("xoxp-1-2", "This is a person's own token."),
        ("hello", "This is no token of Slack's"),
        ("xoxb-never-heard-of", "invalid_auth"),
        ("", "Nothing was pasted."),
    ],
)
def test_a_wrong_token_is_named_never_shown_never_kept_and_asked_for_again(
    slack: SlackDouble, answer: Answer, kept: Callable[[], Settings], pasted: str, told: str
) -> None:
    said = answer("3", pasted, *CONNECTED[1:], "-")
    assert told in said
    assert not pasted or pasted not in said
    token = kept().slack_bot_token
    assert token
    assert token.get_secret_value() == BOT


def test_rights_that_the_app_lacks_are_named(
    answer: Answer, monkeypatch: pytest.MonkeyPatch, kept: Callable[[], Settings]
) -> None:
    with SlackDouble(scopes=frozenset({"chat:write"})) as poor:
        monkeypatch.setenv("SLACK_API_URL", poor.api_url)
        with pytest.raises(InputError, match="No more answers"):
            answer("3", BOT)
    assert kept().slack_bot_token is None


def test_when_it_is_left_halfway_what_was_answered_is_kept_and_the_rest_can_follow(
    slack: SlackDouble, answer: Answer, kept: Callable[[], Settings]
) -> None:
    with pytest.raises(InputError, match="No more answers") as left:
        answer(*CONNECTED[:4])
    assert "kept" in left.value.hint
    assert kept().review_channel == "C0REPLIES"
    assert not kept().admins
    said = answer("3", "", "", "", "#weekly", "@anna", "-")
    assert "Enter keeps" in said
    assert kept().admins == ("U0ANNA",)
    assert kept().review_channel == "C0REPLIES"


def test_other_lines_of_the_env_file_stay_and_nobody_else_can_read_it(slack: SlackDouble, answer: Answer) -> None:
    ENV_FILE.write_text("# ours\nTIMEZONE=Europe/Warsaw\nSLACK_BOT_TOKEN=old\n")
    ENV_FILE.chmod(0o600)
    answer(*CONNECTED, "-")
    lines = ENV_FILE.read_text().splitlines()
    assert lines[:3] == ["# ours", "TIMEZONE=Europe/Warsaw", f"SLACK_BOT_TOKEN={BOT}"]
    assert ENV_FILE.stat().st_mode & 0o077 == 0


def test_a_channel_that_is_not_there_is_made_where_the_app_may(
    answer: Answer, monkeypatch: pytest.MonkeyPatch, kept: Callable[[], Settings], slack: SlackDouble
) -> None:
    with SlackDouble(scopes=slack.settings.scopes | {"channels:manage"}, rate_limit=False) as generous:
        generous.add_user("U0ANNA", "anna")
        monkeypatch.setenv("SLACK_API_URL", generous.api_url)
        said = answer("3", BOT, APP, "#replies", "y", "-", "anna@example.com", "-")
        made = generous.world.workspace.channels[kept().review_channel]
    assert made.name == "replies"
    assert "#replies is made" in said


def test_a_channel_that_the_app_may_not_make_is_waited_for(
    slack: SlackDouble, answer: Answer, kept: Callable[[], Settings]
) -> None:
    with pytest.raises(InputError, match="No more answers"):
        answer("3", BOT, APP, "#new-one", "y")
    slack.add_channel("C0NEW", "new-one", is_private=True)
    answer("3", "", "", "#new-one", "-", "-", "-")
    assert kept().review_channel == "C0NEW"


def test_a_channel_without_earshot_or_with_outsiders_is_not_taken(
    slack: SlackDouble, answer: Answer, kept: Callable[[], Settings]
) -> None:
    said = answer("3", BOT, APP, "#town-square", "-", "#partners", "replies", "-", "-", "-")
    assert "/invite @Earshot" in said
    assert "People from outside read #partners." in said
    assert kept().review_channel == "C0REPLIES"


def test_a_folder_that_is_not_there_is_asked_for_again(
    slack: SlackDouble, answer: Answer, kept: Callable[[], Settings], page: Path
) -> None:
    said = answer("2", "/nowhere/at/all", str(page), "")
    assert "/nowhere/at/all" in said
    assert kept().knowledge_dir == page


def test_anything_but_a_number_of_the_list_is_asked_again(answer: Answer) -> None:
    said = answer("yes", "7", "2", "-")
    assert said.count("Please type a number from 1 to 3.") == 2
