"""What admins rely on when they change settings from Slack, and what everybody else may rely on."""

import json

import pytest
from slack_double import SlackDouble
from slack_flows.homes import list_actions, open_home, read_home, unfold, wait_for_home
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, GUEST, REVIEW, wait_until_quiet
from typer.testing import CliRunner

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.core.config import Settings
from assistant.domain import Audience
from assistant.service.doctor import examine
from assistant.service.service import Service

CARLA = "U0CARLA"

NOT_ADMIN = "Only admins may do this. An admin can add you in Earshot's Home tab, under Settings."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Anna is an admin by the environment."""
    settings.admins, settings.reviewers = (ANNA,), (ANNA, BEN)
    return settings


@pytest.fixture(autouse=True)
def connected(service: Service, slack: SlackDouble, assistant: Assistant) -> None:
    """Every test has a running Earshot, and a third colleague."""
    slack.add_user(CARLA, "carla")
    unfold(assistant, ANNA, BEN, CARLA)


def open_form(slack: SlackDouble, name: str, user: str = ANNA) -> dict[str, object]:
    """Click on Change in a Home that shows the settings, and wait for the form."""
    if not slack.home(user):
        open_home(slack, user, "Settings")
    slack.click_home(user, "change_setting", block_id=f"setting-{name}")

    def look() -> list[dict[str, object]]:
        views = slack.views(user)
        return [] if "Looking it up…" in str(views) else views

    return slack.wait_for(look, what="the form")[-1]


def read_audit(assistant: Assistant) -> list[tuple[str, str, str, dict[str, object]]]:
    """Who did what with which setting, and the change."""
    rows = [row for row in assistant.home.audit.rows() if row["subject"].startswith("setting:")]
    return [(row["who"], row["action"], row["subject"], json.loads(row["details"])["change"]) for row in rows]


def test_an_admin_changes_a_channel_which_counts_at_once_is_kept_audited_and_told_by_doctor(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_channel("C0ALERTS", "alerts", members=[ANNA])
    open_home(slack, ANNA, "*Channel for alerts*", "none: alerts go to the channel for review cards")
    open_form(slack, "alert_channel")
    slack.submit_view(ANNA, {"value": {"value": "C0ALERTS"}})
    wait_for_home(slack, ANNA, "<#C0ALERTS>", "Default: none")
    assert assistant.settings.alert_channel == "C0ALERTS"
    change: dict[str, object] = {"before": "", "after": "C0ALERTS"}
    assert read_audit(assistant) == [(ANNA, "set", "setting:ALERT_CHANNEL", change)]
    assert assistant.home.audit.verify().problem == ""
    restarted = Assistant(
        assistant.settings.model_copy(update={"alert_channel": ""}), embedder=assistant.knowledge.embedder
    )
    found = next(check for check in examine(restarted) if check.name == "settings")
    assert any("ALERT_CHANNEL is C0ALERTS, set by U0ANNA on" in line for line in found.details), found
    assert restarted.settings.alert_channel == "C0ALERTS"


def test_a_channel_that_earshot_is_not_in_is_refused_with_the_mend(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_channel("C0CLOSED", "closed", members=[ANNA], with_bot=False)
    open_form(slack, "review_channel")
    delivery = slack.submit_view(ANNA, {"value": {"value": "C0CLOSED"}})
    told = "Earshot isn't in this channel. Invite it: /invite @Earshot"
    assert delivery.errors == {"value": told}
    assert assistant.settings.review_channel == REVIEW
    assert read_audit(assistant) == []


def test_a_schedule_that_is_none_is_refused_with_an_example_and_a_right_one_counts_at_once(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_form(slack, "digest_schedule")
    delivery = slack.submit_view(ANNA, {"value": {"value": "soon"}})
    assert delivery.errors == {
        "value": "I can't read this as a time. For example: every Monday at 9, first Monday of the month at 9."
    }
    delivery = slack.submit_view(ANNA, {"value": {"value": "every hour"}})
    assert delivery.errors["value"].startswith("This would post a summary more than once a day.")
    slack.submit_view(ANNA, {"value": {"value": "Every Tuesday at 8:30"}})
    wait_for_home(slack, ANNA, "every Tuesday at 08:30")
    assert service.work._schedules["digest"].cron == "30 8 * * 2"
    from dbos import DBOS

    crons = {schedule["schedule_name"]: schedule["schedule"] for schedule in DBOS.list_schedules()}
    assert crons["digest"] == "30 8 * * 2"


def test_it_can_be_set_back_to_what_the_environment_says(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_form(slack, "digest_schedule")
    slack.submit_view(ANNA, {"value": {"value": "30 8 * * 2"}})
    wait_for_home(slack, ANNA, "every Tuesday at 08:30", "Default: 0 0 1 1 *")
    open_form(slack, "digest_schedule")
    slack.click_in_view(ANNA, "set_back_setting")
    slack.wait_for(lambda: "has its default again" in str(slack.views(ANNA)), what="what became of it")
    slack.wait_for(lambda: "08:30" not in read_home(slack, ANNA), what="the Home without it")
    assert assistant.settings.digest_schedule == "0 0 1 1 *"
    assert [row[1] for row in read_audit(assistant)] == ["set", "set-back"]


def test_internal_channels_count_for_the_next_question(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_channel("C0STAFF", "staff", members=[ANNA, BEN])
    assert service.flows.membership.audience_of("C0STAFF", ANNA) is Audience.PUBLIC
    open_form(slack, "internal_channels")
    slack.submit_view(ANNA, {"value": {"value": ["C0STAFF"]}})
    slack.wait_for(lambda: "C0STAFF" in assistant.settings.internal_channels, what="the setting")
    assert service.flows.membership.audience_of("C0STAFF", ANNA) is Audience.INTERNAL


def test_reviewers_are_people_and_groups_and_nothing_else_of_the_list_is_lost(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_usergroup("S0SUPPORT", [CARLA])
    assistant.settings.reviewers = (ANNA, "S0GONE")
    form = open_form(slack, "reviewers")
    assert "Without any, everyone in the review channel can decide on drafts." in str(form)
    slack.submit_view(ANNA, {"value": {"value": [BEN]}, "groups": {"groups": ["S0GONE", "S0SUPPORT"]}})
    slack.wait_for(lambda: assistant.settings.reviewers == (BEN, "S0GONE", "S0SUPPORT"), what="the reviewers")


def test_a_person_who_is_made_an_admin_sees_the_settings_and_may_be_taken_out_again(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_home(slack, BEN, "Replies that wait")
    assert "change_setting" not in list_actions(slack.home(BEN) or {})
    open_form(slack, "admins")
    slack.submit_view(ANNA, {"value": {"value": [ANNA, BEN]}})
    wait_for_home(slack, BEN, "Only admins see this.")
    open_form(slack, "admins", BEN)
    slack.submit_view(BEN, {"value": {"value": [ANNA]}})
    slack.wait_for(lambda: "Only admins see this." not in read_home(slack, BEN), what="a Home without settings")
    assert assistant.settings.admins == (ANNA,)


def test_whom_the_environment_names_stays_an_admin(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    open_form(slack, "admins")
    delivery = slack.submit_view(ANNA, {"value": {"value": [BEN]}})
    assert delivery.errors["value"].startswith("anna was an admin from the start and can't be removed here.")
    assert assistant.settings.admins == (ANNA,)


def test_the_last_admin_cannot_leave_nobody(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    open_form(slack, "admins")
    slack.submit_view(ANNA, {"value": {"value": [ANNA, BEN]}})
    slack.wait_for(lambda: assistant.settings.admins == (ANNA, BEN), what="two admins")
    # The environment named Anna when that was kept, and names nobody any more.
    assistant.live_settings.overlay._environment["admins"] = ()
    open_form(slack, "admins")
    delivery = slack.submit_view(ANNA, {"value": {"value": []}})
    assert delivery.errors["value"].startswith("Nobody would be an admin any more.")
    delivery = slack.submit_view(ANNA, {"value": {"value": [GUEST]}})
    assert delivery.errors["value"].startswith("guest isn't a full member of the company")
    slack.close_view(ANNA)
    open_form(slack, "admins")
    slack.click_in_view(ANNA, "set_back_setting")
    slack.wait_for(lambda: "Nobody would be an admin" in str(slack.views(ANNA)), what="the reason")
    assert assistant.settings.admins == (ANNA, BEN)


@pytest.mark.parametrize("name", ["digest_schedule", "topics"])
def test_the_click_of_somebody_who_is_no_admin_any_more_only_tells_them_why(
    slack: SlackDouble, service: Service, assistant: Assistant, name: str
) -> None:
    open_home(slack, ANNA, "Only admins see this.")
    assistant.settings.admins = (BEN,)
    view = open_form(slack, name)
    assert NOT_ADMIN in "\n".join(read_texts(view["blocks"]))
    assert "submit" not in view or not view["submit"]


def test_a_form_that_was_open_when_its_sender_lost_the_role_changes_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_form(slack, "digest_schedule")
    assistant.settings.admins = (BEN,)
    delivery = slack.submit_view(ANNA, {"value": {"value": "30 8 * * 2"}})
    assert delivery.errors == {"value": NOT_ADMIN}
    assert read_audit(assistant) == []


def test_what_somebody_else_changed_meanwhile_is_never_overwritten(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_form(slack, "digest_schedule")
    assistant.live_settings.adjusting.change("digest_schedule", "0 7 * * 1", BEN, assistant.clock())
    delivery = slack.submit_view(ANNA, {"value": {"value": "30 8 * * 2"}})
    assert delivery.errors == {
        "value": "Somebody changed “When the weekly summary is posted” since you opened it. Open it again."
    }
    assert assistant.settings.digest_schedule == "0 7 * * 1"


def test_topics_are_added_changed_and_removed_and_new_posts_are_sorted_by_them(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assert not assistant.listening.analyser.topic_names
    open_form(slack, "topics")
    slack.click_in_view(ANNA, "add_topic")
    slack.wait_for(lambda: len(slack.views(ANNA)) == 2, what="the form of a topic")
    entered = {"description": {"description": "Money"}, "examples": {"examples": "where is my refund\n- charged twice"}}
    delivery = slack.submit_view(ANNA, {"name": {"name": "none"}, **entered})
    assert delivery.errors["name"].startswith("Own topics: the topic none cannot be used")
    slack.submit_view(ANNA, {"name": {"name": "billing"}, **entered})
    slack.wait_for(lambda: "*billing* · 2 examples" in str(slack.views(ANNA)), what="the list with it")
    assert assistant.listening.analyser.topic_names == ("billing", "none")
    assert read_audit(assistant)[0][3]["after"] == ["billing"]
    assert "charged twice" not in str(read_audit(assistant))
    slack.click_in_view(ANNA, "edit_topic")
    slack.wait_for(lambda: len(slack.views(ANNA)) == 2, what="the form of the topic")
    slack.submit_view(ANNA, {"name": {"name": "billing & refunds"}})
    slack.wait_for(lambda: "*billing &amp; refunds* · 2 examples" in str(slack.views(ANNA)), what="its new name")
    slack.click_in_view(ANNA, "edit_topic")
    slack.wait_for(lambda: len(slack.views(ANNA)) == 2, what="the form again")
    slack.click_in_view(ANNA, "remove_topic")
    slack.wait_for(lambda: not assistant.listening.analyser.topic_names, what="no topic")
    assert [row[1] for row in read_audit(assistant)] == ["set", "set", "set"]


def test_the_same_click_delivered_twice_is_one_change(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_form(slack, "digest_schedule")
    for _ in range(2):
        assistant.live_settings.adjusting.change("digest_schedule", "30 8 * * 2", ANNA, assistant.clock())
    wait_until_quiet(slack, service)
    assert len(read_audit(assistant)) == 1


def test_no_secret_can_be_named_changed_or_read_there(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    view = open_home(slack, ANNA, "Only admins see this.")
    for secret in assistant.settings.secrets:
        assert secret not in str(view)
    slack.click_home(ANNA, "change_setting", block_id="setting-admins")
    form = service.flows.home.adjusting
    for name in ("slack_bot_token", "chat_model_key", "earshot_home"):
        with pytest.raises(Exception, match="can't be changed while Earshot runs"):
            form.change(name, "xoxb-new", ANNA, assistant.clock())


def test_the_command_line_lists_and_sets_back_and_a_running_earshot_follows(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_form(slack, "digest_schedule")
    slack.submit_view(ANNA, {"value": {"value": "30 8 * * 2"}})
    slack.wait_for(lambda: assistant.settings.digest_schedule == "30 8 * * 2", what="the setting")
    other = Assistant(assistant.settings.model_copy(update={"digest_schedule": "0 0 1 1 *"}))
    listed = run(other, "settings", "--json")
    found = {one["name"]: one for one in json.loads(listed)["settings"]}
    assert (found["digest_schedule"]["value"], found["digest_schedule"]["changed_by"]) == ("30 8 * * 2", ANNA)
    assert found["digest_schedule"]["environment"] == "0 0 1 1 *"
    assert "DIGEST_SCHEDULE" in run(other, "settings")
    assert "0 0 1 1 * again" in run(other, "settings", "--set-back", "DIGEST_SCHEDULE")
    slack.wait_for(lambda: assistant.settings.digest_schedule == "0 0 1 1 *", what="the running one to follow")
    slack.wait_for(lambda: service.work._schedules["digest"].cron == "0 0 1 1 *", what="its schedule")


def run(assistant: Assistant, *words: str) -> str:
    """What a command prints."""
    result = CliRunner().invoke(build_app(), list(words), obj=assistant)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_channel_with_guests_may_be_a_help_channel(slack: SlackDouble, service: Service) -> None:
    slack.add_channel("C0MIXED", "mixed", members=[ANNA, GUEST])
    open_form(slack, "help_channels")
    assert not slack.submit_view(ANNA, {"value": {"value": ["C0MIXED"]}}).errors


def test_what_would_have_no_effect_is_refused(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    open_form(slack, "reviewers")
    delivery = slack.submit_view(ANNA, {"value": {"value": [ANNA, BEN, GUEST]}})
    assert delivery.errors["value"].startswith("guest isn't a full member of the company and would have no rights.")
    slack.close_view(ANNA)
    slack.add_channel("C0MIXED", "mixed", members=[ANNA, GUEST])
    open_form(slack, "internal_channels")
    delivery = slack.submit_view(ANNA, {"value": {"value": ["C0MIXED"]}})
    assert delivery.errors["value"].startswith("#mixed has guests")
    slack.close_view(ANNA)
    open_form(slack, "topics")
    slack.click_in_view(ANNA, "add_topic")
    slack.wait_for(lambda: len(slack.views(ANNA)) == 2, what="the form of a topic")
    delivery = slack.submit_view(ANNA, {"name": {"name": "billing"}, "examples": {"examples": "-"}})
    assert delivery.errors["name"].startswith("Without examples, no post is sorted by this topic.")
    assert read_audit(assistant) == []
