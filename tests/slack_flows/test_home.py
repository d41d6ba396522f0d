"""What people rely on in App Home: the queue for reviewers, freezing, and nothing for guests."""

from datetime import timedelta

from slack_double import SlackDouble
from slack_flows.homes import find_draft, list_actions, open_home, queue, read_home, unfold, wait_for_home
from slack_flows.people import ANNA, BEN, GUEST, REVIEW, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import DraftStatus, Mention
from assistant.knowledge.tables.proposals import OwnerRequest
from assistant.service.service import Service

__all__ = ["queue"]

STRANGER = "U0STRANGER"


def list_drafts(slack: SlackDouble, user: str) -> list[int]:
    """The drafts in somebody's Home, in their order."""
    view = slack.home(user)
    names = [block["block_id"] for block in (view or {})["blocks"]]
    return [int(name.removeprefix("draft-")) for name in names if name.startswith("draft-")]


def test_a_reviewer_sees_what_waits_urgent_first_then_oldest_with_counts_ages_and_a_way_to_each_card(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    view = open_home(slack, ANNA, "*3* wait for a decision", "*2* urgent", "the oldest post is 1 d old")
    in_order = [find_draft(assistant, one) for one in ("mastodon:2", "file:3", "file:1")]
    assert list_drafts(slack, ANNA) == in_order
    shown = read_home(slack, ANNA)
    assert "author 2 · Mastodon" in shown
    assert "<!channel>" not in shown
    links = {b["block_id"]: b["accessory"]["url"] for b in view["blocks"] if b.get("block_id", "").startswith("draft-")}
    for draft_id in in_order:
        card = assistant.slack.cards.find(draft_id)
        assert card is not None
        expected = service.flows.client.chat_getPermalink(channel=REVIEW, message_ts=card["ts"])["permalink"]
        assert links[f"draft-{draft_id}"] == expected


def test_filters_and_the_order_are_kept_until_everything_is_shown_again(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    first, second, third = (find_draft(assistant, one) for one in ("file:1", "mastodon:2", "file:3"))
    open_home(slack, ANNA, "*3* wait")
    slack.click_home(ANNA, "home_choose.network", choose="file")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [third, first], what="one network")
    slack.click_home(ANNA, "home_choose.urgency", choose="high")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [third], what="the urgent ones of it")
    wait_until_quiet(slack, service)
    slack.open_home(ANNA)
    wait_until_quiet(slack, service)
    assert list_drafts(slack, ANNA) == [third]
    slack.click_home(ANNA, "home_choose.reset")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [second, third, first], what="everything")
    slack.click_home(ANNA, "home_choose.order", choose="oldest")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [second, first, third], what="the oldest first")
    slack.click_home(ANNA, "home_choose.urgency", choose="high")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [second, third], what="the urgent ones")
    slack.click_home(ANNA, "home_choose.reset")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [second, first, third], what="everything, in the kept order")
    slack.click_home(ANNA, "home_choose.order", choose="urgent")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [second, third, first], what="the most urgent first")
    slack.click_home(ANNA, "home_choose.language", choose="de")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [third], what="one language")
    assert len(list_drafts(slack, ANNA)) == 1
    open_home(slack, BEN, "*3* wait")
    assert len(list_drafts(slack, BEN)) == 3


def test_mine_and_what_waits_for_a_second_approver_follow_claims_and_approvals_while_the_home_is_open(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    claimed, first = find_draft(assistant, "file:1"), find_draft(assistant, "file:3")
    open_home(slack, ANNA, "*0* mine", "*0* for a second approver")
    assistant.replies.reviewing.claiming.claim(claimed, ANNA, assistant.clock())
    wait_for_home(slack, ANNA, "*1* mine", f"<@{ANNA}> is working on it")
    draft = assistant.replies.drafts.find(first)
    assistant.home.store.change("update mentions set followers = 50000 where mention_id = 'file:3'")
    assistant.replies.reviewing.approve(first, BEN, assistant.clock(), draft.text, accepts_unsupported=True)
    wait_for_home(slack, ANNA, "*1* for a second approver", f"{BEN} approved it first")
    slack.click_home(ANNA, "home_choose.show", choose="mine")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [claimed], what="mine")
    slack.click_home(ANNA, "home_choose.show", choose="second")
    slack.wait_for(lambda: list_drafts(slack, ANNA) == [first], what="for a second approver")
    assistant.replies.reviewing.reject(first, "Not today.", ANNA, assistant.clock())
    wait_for_home(slack, ANNA, "*2* wait", "*0* for a second approver", "No draft matches")


def test_who_does_not_look_any_more_is_not_followed(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    open_home(slack, ANNA, "*3* wait")
    open_home(slack, BEN, "*3* wait")
    wait_until_quiet(slack, service)
    assistant.slack.homes.note_opened(BEN, assistant.clock() - timedelta(hours=1))
    assistant.replies.reviewing.reject(1, "", ANNA, assistant.clock())
    wait_for_home(slack, ANNA, "*2* wait")
    assert "*3* wait" in read_home(slack, BEN)


def test_many_drafts_come_in_pages(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    now = assistant.clock()
    posts = [
        Mention(f"file:{n}", "file", str(n), "ada", f"How do I pause my plan, try {n}?", now - timedelta(minutes=n))
        for n in range(20)
    ]
    assistant.listening.mentions.add(posts, now)
    service.rounds.collect(now)
    open_home(slack, ANNA, "*20* wait", "1 to 15 of 20, page 1 of 2")
    slack.click_home(ANNA, "home_choose.page.next")
    wait_for_home(slack, ANNA, "16 to 20 of 20, page 2 of 2")
    slack.click_home(ANNA, "home_choose.page")
    wait_for_home(slack, ANNA, "1 to 15 of 20, page 1 of 2")


def test_a_guest_and_somebody_from_outside_see_how_to_ask_and_nothing_else(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    slack.add_user(STRANGER, "stranger", team_id="T0OTHER")
    assistant.settings.admins = (GUEST, STRANGER)
    for user in (GUEST, STRANGER):
        view = open_home(slack, user, "Ask me about the company's public documents.")
        wait_until_quiet(slack, service)
        shown = read_home(slack, user)
        for secret in ("wait", "author", "week", "Settings", "reviewers"):
            assert secret not in shown
        assert list_actions(view) == set()


def test_who_is_neither_reviewer_nor_manager_sees_how_to_ask(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    assistant.settings.reviewers = assistant.settings.managers = (ANNA,)
    view = open_home(slack, BEN, "Ask me about the company's documents")
    assert list_actions(view) == set()
    assert "wait" not in read_home(slack, BEN)


def test_without_reviewers_the_queue_is_shown_to_those_who_read_the_review_channel(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    slack.add_user("U0CARLA", "carla")
    assistant.settings.managers = (BEN,)
    view = open_home(slack, "U0CARLA", "Ask me about the company's documents")
    assert list_actions(view) == set()
    assert "wait" not in read_home(slack, "U0CARLA")
    assistant.settings.admins = ("U0CARLA",)
    unfold(assistant, "U0CARLA")
    open_home(slack, "U0CARLA", "*3* wait", "Only admins see this.")


def test_a_freeze_is_begun_by_one_and_lifted_by_two_from_their_homes(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_home(slack, ANNA, "Stop every unsent reply")
    slack.click_home(ANNA, "freeze_replies")
    slack.wait_for(lambda: slack.views(ANNA), what="the form")
    slack.submit_view(ANNA, {"value": {"value": "A <!channel> rumour"}})
    wait_for_home(slack, ANNA, "Replies are frozen", "A &lt;!channel&gt; rumour")
    slack.click_home(ANNA, "unfreeze_replies")
    wait_for_home(slack, ANNA, "A second person has to ask as well")
    slack.click_home(ANNA, "unfreeze_replies")
    wait_for_home(slack, ANNA, "You have asked to lift the freeze already.")
    open_home(slack, BEN, f"<@{ANNA}> asks to lift it")
    slack.click_home(BEN, "unfreeze_replies")
    wait_for_home(slack, BEN, "Stop every unsent reply")
    assert assistant.replies.freezing.describe() == ""


def test_a_stale_freeze_button_does_nothing_but_say_who_may(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    open_home(slack, BEN, "Stop every unsent reply")
    assistant.settings.reviewers = (ANNA,)
    slack.click_home(BEN, "freeze_replies")
    slack.wait_for(lambda: slack.views(BEN), what="the form")
    delivery = slack.submit_view(BEN, {})
    assert "Only reviewers may decide on drafts." in str(delivery.errors)
    assert assistant.replies.freezing.describe() == ""


def test_what_is_wrong_with_the_topics_file_is_said_in_the_home(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.admins = (ANNA,)
    assistant.settings.topics_file = assistant.settings.earshot_home / "nowhere.yaml"
    open_home(slack, ANNA, "I can't show the rest.", "nowhere.yaml is not there.")


def test_a_home_that_slack_does_not_take_at_once_is_published_later(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.fail_next("views.publish", 429, retry_after=1)
    slack.fail_next("views.publish", 500)
    open_home(slack, ANNA, "Nothing is waiting.")


def test_several_drafts_are_rejected_at_once_with_one_reason_and_a_changed_one_stays(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    open_home(slack, ANNA, "*3* wait for a decision")
    slack.click_home(ANNA, "home_several")
    view = slack.wait_for(lambda: slack.views(ANNA), what="the form")[-1]
    [ticks] = [block["element"] for block in view["blocks"] if block["block_id"].startswith("several_drafts")]
    values = [option["value"] for option in ticks["options"]]
    assert len(values) == 3
    changed = int(values[0].split(":")[0])
    assistant.replies.reviewing.edit(changed, "Thanks for asking.", "carla", assistant.clock())
    slack.submit_view(ANNA, {"several_drafts-0": {"several_drafts-0": values}, "text": {"text": "Not for us."}})
    wait_until_quiet(slack, service)
    statuses = {int(value.split(":")[0]): assistant.replies.drafts.find(int(value.split(":")[0])) for value in values}
    assert statuses.pop(changed).status is DraftStatus.PENDING
    assert {draft.status for draft in statuses.values()} == {DraftStatus.REJECTED}
    assert {assistant.replies.decisions.of_draft(number)[-1].reason for number in statuses} == {"Not for us."}


def test_everybody_of_the_company_reads_the_week_in_three_lines_in_their_language(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    assistant.settings.reviewers = assistant.settings.managers = assistant.settings.admins = (ANNA,)
    slack.add_user("U0KLARA", "klara", locale="de-DE")
    unfold(assistant, BEN)
    open_home(slack, BEN, "This week, so far", "`/earshot summary` sums up")
    open_home(slack, "U0KLARA", "Frag mich zu den Dokumenten", "Diese Woche bisher", "fasst dir eine Woche")
    wait_until_quiet(slack, service)
    for user in (BEN, "U0KLARA"):
        shown = read_home(slack, user)
        assert "The week in figures" not in shown
        assert "imported file" not in shown


def test_a_manager_and_an_admin_see_a_short_home_and_open_the_rest(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.reviewers = assistant.settings.managers = (BEN,)
    assistant.settings.admins = (ANNA,)
    open_home(slack, ANNA, "This week, so far", "Documents and settings")
    wait_until_quiet(slack, service)
    assert "Only admins see this." not in read_home(slack, ANNA)
    slack.click_home(ANNA, "home_choose.figures")
    wait_for_home(slack, ANNA, "The week in figures")
    slack.click_home(ANNA, "home_choose.setup")
    wait_for_home(slack, ANNA, "Only admins see this.", "The week in figures")
    slack.click_home(ANNA, "home_choose.figures")
    slack.wait_for(lambda: "The week in figures" not in read_home(slack, ANNA), what="a Home without figures")


def test_a_home_says_how_many_proposed_answers_wait_for_whom(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.admins = (ANNA,)
    request = OwnerRequest("solved:C0TEAM:1.0", "Q?", BEN, BEN, "C0TEAM", "1.0", "C0TEAM", "1.0")
    assistant.knowledge.proposals.propose(request, "A.", "ben", "1.1", assistant.clock())
    open_home(slack, ANNA, "Waiting for you", "One proposed answer")
    open_home(slack, BEN, "This week, so far")
    assert "proposed answer" not in read_home(slack, BEN)
