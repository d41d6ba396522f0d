"""Who may do what: every action for every kind of person, setting and channel, and what forged payloads do: nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_double.interactions import build_submission
from slack_flows.people import ANNA, GUEST, REVIEW, TEAM, wait_until_quiet
from slack_flows.test_reviews import find_audited, post_card, read_outbox

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.core.roles import Action, Role
from assistant.domain import DraftStatus
from assistant.errors import EarshotError
from assistant.service.service import Service
from assistant.slack.answers.blocks import ASK_DIRECT, ASK_OWNER, PASSAGES, SHARE, WHY
from assistant.slack.client.client import build_client
from assistant.slack.client.membership import Membership

SHARED = "C0SHARED"
CONNECT = "U0CONNECT"
OUTSIDE = {"guest": GUEST, "connect": CONNECT, "bot": "U0BOT", "bot without a user": "B0BOT", "stranger": "U0NOBODY"}
STAFF = {
    "member": "U0CARA",  # not in the review channel
    "reader": ANNA,  # in the review channel, named nowhere
    "reviewer": "U0RITA",  # named in REVIEWERS, not in the channel
    "second approver": "U0SETH",
    "manager": "U0MAX",
    "admin": "U0ADA",
}
# Whoever is from outside is named everywhere, is in the user group and in each channel: it helps none of them.
NAMED = {"nobody": (), "names": ("U0RITA", *OUTSIDE.values()), "group": ("S0REVIEW",)}
MEMBER = {Action.ASK_DRAFT, Action.READ_SUMMARY, Action.READ_CARD, Action.JOIN_CRISIS}
REVIEWER = MEMBER | {Action.DECIDE, Action.CLAIM, Action.FREEZE}
SECOND = REVIEWER | {Action.OVERRULE, Action.UNFREEZE}
EXPECTED = {
    ("member", "nobody"): MEMBER,
    ("member", "names"): MEMBER,
    ("member", "group"): MEMBER,
    ("reader", "nobody"): REVIEWER,
    ("reader", "names"): MEMBER,
    ("reader", "group"): MEMBER,
    ("reviewer", "nobody"): MEMBER,
    ("reviewer", "names"): REVIEWER,
    ("reviewer", "group"): REVIEWER,
    ("second approver", "nobody"): SECOND,
    ("second approver", "names"): SECOND,
    ("second approver", "group"): SECOND,
    ("manager", "nobody"): MEMBER | {Action.LEAD_CRISIS, Action.SEE_WEEK},
    ("manager", "names"): MEMBER | {Action.LEAD_CRISIS, Action.SEE_WEEK},
    ("manager", "group"): MEMBER | {Action.LEAD_CRISIS, Action.SEE_WEEK},
    ("admin", "nobody"): set(Action),
    ("admin", "names"): set(Action),
    ("admin", "group"): set(Action),
    **{(person, named): set[Action]() for person in OUTSIDE for named in NAMED},
}
# A card or crisis is decided on where it is, and not at all where outsiders read; the rest is bound to no channel.
PLACES = {"no channel": ("", ""), "right": (REVIEW, REVIEW), "other": (TEAM, REVIEW), "shared": (SHARED, SHARED)}


def add_people(slack: SlackDouble) -> None:
    for name, user in STAFF.items():
        slack.add_user(user, name.replace(" ", ""))
    slack.add_user(GUEST, "guest", is_restricted=True)
    slack.add_user(CONNECT, "connect", team_id="T0OTHER")
    slack.add_user("U0BOT", "bot", is_bot=True)
    readers = [ANNA, GUEST, CONNECT, "U0BOT"]
    slack.add_channel(TEAM, "team", members=[*readers, *STAFF.values()])
    slack.add_channel(REVIEW, "review", members=readers)
    slack.add_channel(SHARED, "shared", members=[*readers, *STAFF.values()], is_ext_shared=True)
    slack.add_usergroup("S0REVIEW", ["U0RITA", *OUTSIDE.values()])


@pytest.fixture(scope="module")
def memberships(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Membership]]:
    """One for each way to name reviewers, all asking one workspace."""
    with SlackDouble(rate_limit=False) as slack:
        add_people(slack)
        client = build_client(slack.bot_token, slack.api_url)
        yield {
            named: Membership(client, build_settings(tmp_path_factory.mktemp("home"), reviewers))
            for named, reviewers in NAMED.items()
        }


def build_settings(home: Path, reviewers: tuple[str, ...]) -> Settings:
    others = tuple(OUTSIDE.values())
    roles = {"second_approvers": ("U0SETH", *others), "managers": ("U0MAX", *others), "admins": ("U0ADA", *others)}
    return Settings.model_validate({"earshot_home": home, "review_channel": REVIEW, "reviewers": reviewers, **roles})


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("person", "named"), EXPECTED)
def test_the_table_says_who_may_do_what(
    memberships: dict[str, Membership], person: str, named: str, place: str
) -> None:
    allowed = {action for action in Action if is_allowed(memberships[named], (STAFF | OUTSIDE)[person], action, place)}
    assert allowed == (EXPECTED[person, named] if place in ("no channel", "right") else set())


def is_allowed(membership: Membership, user: str, action: Action, place: str) -> bool:
    try:
        membership.check(user, action, *PLACES[place])
    except EarshotError:
        return False
    return True


def test_somebody_who_left_and_somebody_without_a_channel_of_reviewers_have_no_role(
    memberships: dict[str, Membership], tmp_path: Path
) -> None:
    with SlackDouble(rate_limit=False) as slack:
        add_people(slack)
        settings = Settings.model_validate({"earshot_home": tmp_path})
        nowhere = Membership(build_client(slack.bot_token, slack.api_url), settings)
        assert nowhere.find_roles(ANNA) == {Role.MEMBER, Role.MANAGER}


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    """The same people in a workspace of their own."""
    with SlackDouble(rate_limit=False) as double:
        add_people(double)
        double.add_channel("C0DIGEST", "digest", members=[ANNA])
        yield double


def forge(slack: SlackDouble, channel: str, user: str, action_id: str, value: str) -> None:
    """A button that Earshot never posted here, with a value that somebody copied."""
    button = {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": "x"}}
    client = build_client(slack.bot_token, slack.api_url)
    ts = client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "actions", "elements": [button]}])["ts"]
    slack.click(channel, ts, action_id, user)


def submit(slack: SlackDouble, user: str, callback_id: str, metadata: str, values: dict[str, Any]) -> None:
    """A form that Earshot never opened for this person."""
    view: dict[str, Any] = {"id": f"V{callback_id}{user}", "type": "modal", "callback_id": callback_id, "hash": "1"}
    view["title"] = {"type": "plain_text", "text": "x"}  # no form comes without one
    view["private_metadata"], view["blocks"] = metadata, [{"type": "input", "block_id": name} for name in values]
    view["state"] = {"values": {name: {name: value} for name, value in values.items()}}
    person = slack.world.workspace.person(user)
    slack.world.dispatcher.emit("interactive", build_submission(slack.settings, person, view, "trigger"))


def test_forged_clicks_forms_and_commands_decide_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    """The value of a real card's button, in other channels and of people without the role, by each listener."""
    card = post_card(slack, service, assistant, "file")
    assistant.settings.managers = assistant.settings.admins = (GUEST, CONNECT, "U0MAX")
    [seen] = {e["value"] for b in card["blocks"] for e in b.get("elements", []) if e.get("action_id") == "approve"}
    actions = (
        "approve",
        "agree",
        "anyway",
        "reject",
        "not_ours",
        "claim",
        "release",
        "undo",
        "delete",
        "redraft",
        "ours",
    )
    for action in actions:
        forge(slack, TEAM, ANNA, action, seen)  # who may, but not in this channel
        for user in ("U0CARA", GUEST, CONNECT, "U0BOT"):
            forge(slack, REVIEW, user, action, seen)
    for user in ("U0CARA", GUEST, CONNECT):
        for form in ("edit", "reason", "approve", "regenerate", "overrule", "mark_sent"):
            submit(slack, user, form, seen, {"text": {"value": "Forged."}})
        submit(slack, user, "save_freeze", "{}", {"value": {"value": "Forged."}})
        slack.slash("/earshot", "freeze Forged.", user, TEAM)
        slack.slash("/earshot", "unfreeze", user, TEAM)
    for user in (GUEST, CONNECT):
        submit(slack, user, "save_setting", '{"name": "reviewers", "seen": 0}', {"value": {"selected_users": [GUEST]}})
        for action, number in (("open_crisis", "1"), ("join_crisis", "1"), ("close_crisis", "1")):
            forge(slack, REVIEW, user, action, number)
    wait_until_quiet(slack, service, 120)
    assert assistant.replies.drafts.find(1).status is DraftStatus.PENDING
    assert assistant.replies.drafts.find(1).version == 1
    assert read_outbox(assistant) == []
    assert assistant.replies.freezing.describe() == ""
    assert assistant.settings.reviewers == ()
    made = ("approve", "edit", "reject", "not-ours", "claim", "freeze", "unfreeze", "set", "overrule")
    assert {action: find_audited(assistant, action) for action in made} == {action: [] for action in made}
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.wait_for(lambda: read_outbox(assistant), what="the reply that a reviewer approved")


def test_the_key_of_somebodys_question_shows_and_shares_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    direct = slack.open_dm(ANNA)
    ts = slack.say(direct, ANNA, "How do customers pause their plan?")
    answer = slack.wait_for(
        lambda: [m for m in slack.thread(direct, ts) if "pause_question" not in m and m["ts"] != ts], what="an answer"
    )
    wait_until_quiet(slack, service)
    key = assistant.home.store.value("select question_key from questions")
    assert answer
    for user in ("U0CARA", GUEST, CONNECT):
        for action in (WHY, PASSAGES, ASK_OWNER, SHARE, ASK_DIRECT):
            forge(slack, TEAM, user, action, key)
    wait_until_quiet(slack, service)
    seen = [
        *slack.ephemerals,
        *slack.messages(TEAM),
        *(view for user in ("U0CARA", GUEST) for view in slack.views(user)),
    ]
    assert "pause their plan" not in str(seen)
