"""Wherever settings take an id of Slack's, they take a name: of a channel, a person or a group."""

from collections.abc import Callable
from pathlib import Path

import pytest
from slack_double import SlackDouble

from assistant.core.config import Settings
from assistant.errors import ConfigError
from assistant.reports.digest.plans import read_plans
from assistant.slack.client.client import build_client
from assistant.slack.setup.names import take_over_names

Resolve = Callable[..., Settings]


@pytest.fixture
def resolve(slack: SlackDouble) -> Resolve:
    """Settings with their names made ids."""

    def take_over(**chosen: object) -> Settings:
        settings = Settings.model_validate(chosen)
        take_over_names(settings, build_client(slack.bot_token, slack.api_url))
        return settings

    return take_over


def test_names_of_channels_become_ids(resolve: Resolve) -> None:
    settings = resolve(review_channel="#replies", internal_channels="weekly, C0REPLIES", audit_anchor="#weekly")
    assert settings.review_channel == "C0REPLIES"
    assert settings.internal_channels == ("C0WEEKLY", "C0REPLIES")
    assert settings.audit_anchor == "C0WEEKLY"


def test_people_are_named_by_address_or_name_and_groups_by_their_handle(resolve: Resolve) -> None:
    settings = resolve(
        admins="anna@example.com", reviewers="@s0support, U0SAM1", owners_in_slack="Billing team=@Anna,*=U0SAM1"
    )
    assert settings.admins == ("U0ANNA",)
    assert settings.reviewers == ("S0SUPPORT", "U0SAM1")
    assert settings.owners_in_slack == ("Billing team=U0ANNA", "*=U0SAM1")


def test_a_summary_in_digests_yaml_goes_to_a_channel_by_its_name(resolve: Resolve, tmp_path: Path) -> None:
    path = tmp_path / "monthly.yaml"
    path.write_text('digests:\n  - channel: "#weekly"\n    period: month\n')
    assert [plan.channel for plan in read_plans(resolve(digests_file=path))] == ["C0WEEKLY"]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"admins": "@sam"}, "ADMINS: More than one is called @sam"),
        ({"admins": "@gustav"}, "ADMINS: No member of the workspace is called @gustav"),
        ({"reviewers": "gustav@example.com"}, "REVIEWERS: No member"),
        ({"managers": "nobody"}, "MANAGERS: No member"),
        ({"digest_channel": "#elsewhere"}, "DIGEST_CHANNEL: There is no channel #elsewhere"),
        ({"owners_in_slack": "Billing=@ghost"}, "OWNERS_IN_SLACK: No member"),
    ],
)
def test_who_cannot_be_told_for_sure_is_nobody(resolve: Resolve, chosen: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        resolve(**chosen)


def test_slack_is_not_asked_where_there_are_only_ids(slack: SlackDouble, resolve: Resolve) -> None:
    resolve(review_channel="C0REPLIES", admins="U0ANNA", owners_in_slack="*=U0ANNA")
    assert slack.journal.calls == []
