"""What staff rely on beyond the answer itself: follow-ups, private answers, reasons, passages, people who know."""

import re
from pathlib import Path

import pytest
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, GUEST, REVIEW, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.service.service import Service
from assistant.slack.answers.blocks import ASK_DIRECT, ASK_OWNER, PASSAGES, SHARE, SHARE_ELSEWHERE, SHARE_WHERE, WHY

PAUSE = "how do customers pause their plan?"
CREDIT = "how much goodwill credits may agents grant?"


def ask(slack: SlackDouble, service: Service, text: str = PAUSE, user: str = ANNA) -> str:
    """Ask in the team's channel, wait until the answer is whole, and give the question's ts."""
    ts = slack.say(TEAM, user, f"<@{slack.bot_user_id}> {text}")
    find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    return ts


def whisper(slack: SlackDouble, service: Service, text: str, user: str = ANNA) -> str:
    """What a slash command tells the person in the end."""
    slack.slash("/earshot", text, user, TEAM)
    wait_until_quiet(slack, service)
    seen = [one for one in slack.ephemerals if one["shown_to"] == user]
    return "\n".join(text for one in seen for text in [one.get("text", ""), *read_texts(one.get("blocks", []))])


def test_who_follows_up_in_a_thread_need_not_mention_it_again(slack: SlackDouble, service: Service) -> None:
    ts = ask(slack, service)
    slack.say(TEAM, BEN, "and for how long?", thread_ts=ts)
    assert "three months" in str(find_answers(slack, TEAM, ts, count=2)[1]["blocks"])


def test_a_message_to_somebody_else_or_a_thank_you_in_a_thread_is_left_alone_and_why_says_so(
    slack: SlackDouble, service: Service
) -> None:
    ts = ask(slack, service)
    slack.say(TEAM, ANNA, f"<@{BEN}> did you know?", thread_ts=ts)
    slack.say(TEAM, ANNA, "thanks a lot! :tada:", thread_ts=ts)
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1
    assert "it asked nothing" in whisper(slack, service, "why")


def test_the_first_sign_says_what_it_is_doing(slack: SlackDouble, service: Service) -> None:
    ts = ask(slack, service)
    wait_until_quiet(slack, service)
    session = slack.session(TEAM, ts)
    assert session is not None
    assert session["statuses"] == ["processing", "active"]
    assert session["title"] == PAUSE
    assert slack.statuses == []


def test_where_slack_shows_no_status_a_message_becomes_the_answer(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("agents.sessions.setStatus", error="not_allowed", times=9)
    ts = ask(slack, service)
    wait_until_quiet(slack, service)
    answers = find_answers(slack, TEAM, ts)
    assert len(answers) == 1
    assert "pause their plan in the app" in str(answers[0]["blocks"])
    assert "Looking through" not in str(answers[0])


def test_a_private_answer_uses_what_the_person_may_see_and_shares_what_the_channel_may(
    slack: SlackDouble, service: Service
) -> None:
    assert "25 pounds" in whisper(slack, service, f"ask {CREDIT}")
    assert slack.bot_messages(TEAM) == []
    slack.click(TEAM, slack.ephemerals[-1]["ts"], SHARE, ANNA)
    wait_until_quiet(slack, service)
    assert "25 pounds" not in str(slack.bot_messages(TEAM))
    whisper(slack, service, f"ask {PAUSE}")
    slack.click(TEAM, slack.ephemerals[-1]["ts"], SHARE, ANNA)
    wait_until_quiet(slack, service)
    shared = str(slack.bot_messages(TEAM))
    assert "pause their plan in the app" in shared
    assert f"<@{ANNA}> asked" in shared


def share(slack: SlackDouble, service: Service, channel: str, ts: str, user: str, target: str) -> None:
    """Press Share under an answer, and choose a channel."""
    slack.click(channel, ts, SHARE_ELSEWHERE, user)
    slack.wait_for(lambda: slack.views(user), what="the form")
    slack.submit_view(user, {SHARE_WHERE: {SHARE_WHERE: target}})
    wait_until_quiet(slack, service)


def test_an_answer_in_a_thread_can_be_shared_with_another_channel_once_and_asked_on_there(
    slack: SlackDouble, service: Service
) -> None:
    answer = find_answers(slack, TEAM, ask(slack, service))[0]["ts"]
    for _ in range(2):
        share(slack, service, TEAM, answer, BEN, REVIEW)
    [shared] = slack.bot_messages(REVIEW)
    assert f"<@{BEN}> asked: how do customers pause" in str(shared["blocks"])
    assert "three months" in str(shared["blocks"])
    assert f"Shared in <#{REVIEW}>." in slack.ephemerals[-1]["text"]
    slack.say(REVIEW, ANNA, "and for how long?", thread_ts=shared["ts"])
    assert "three months" in str(find_answers(slack, REVIEW, shared["ts"])[0]["blocks"])


def test_what_a_direct_message_said_of_internal_documents_is_not_shared_with_a_channel(
    slack: SlackDouble, service: Service
) -> None:
    direct = slack.open_dm(ANNA)
    ts = slack.say(direct, ANNA, CREDIT)
    answer = find_answers(slack, direct, ts)[0]
    wait_until_quiet(slack, service)
    assert "25 pounds" in str(answer["blocks"])
    share(slack, service, direct, answer["ts"], ANNA, TEAM)
    assert "25 pounds" not in str(slack.bot_messages(TEAM))


def test_nobody_shares_with_a_channel_that_they_are_not_in(slack: SlackDouble, service: Service) -> None:
    slack.add_channel("C0BENS", "bens", members=[BEN])
    answer = find_answers(slack, TEAM, ask(slack, service))[0]["ts"]
    share(slack, service, TEAM, answer, ANNA, "C0BENS")
    assert slack.bot_messages("C0BENS") == []
    assert "You aren't in this channel." in slack.ephemerals[-1]["text"]


def test_a_guest_gets_public_knowledge_privately_too(slack: SlackDouble, service: Service) -> None:
    assert "25 pounds" not in whisper(slack, service, f"ask {CREDIT}", GUEST)


def test_a_question_needs_no_word_before_it(slack: SlackDouble, service: Service) -> None:
    assert "pause their plan in the app" in whisper(slack, service, PAUSE)
    assert "pause their plan in the app" in whisper(slack, service, "why can't customers pause their plan?")


@pytest.mark.parametrize(
    ("typed", "meant"), [("freez the app is down", "freeze"), ("sumary", "summary"), ("hlp", "help")]
)
def test_a_mistyped_command_is_asked_about_and_not_answered(
    slack: SlackDouble, service: Service, typed: str, meant: str
) -> None:
    assert whisper(slack, service, typed).strip().endswith(f"Did you mean `/earshot {meant}`?")


def test_one_word_that_is_no_command_is_asked_about_and_nothing_is_kept_of_it(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    said = whisper(slack, service, "frobnicate")
    assert said.startswith("There's no `/earshot frobnicate`. `/earshot ask frobnicate` looks it up")
    assert assistant.knowledge.questions.unhelped() == []
    assert "pause their plan in the app" in whisper(slack, service, "pausing?")


def test_the_help_names_what_a_person_may_do_and_the_rest_is_refused_at_once(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.admins, assistant.settings.reviewers = (BEN,), (BEN,)
    everybody = {"ask", "why", "catchup"}
    members = everybody | {"gaps", "proposals", "draft", "summary", "follow", "unfollow"}
    every = members | {"settings", "freeze", "unfreeze"}
    for user, theirs in ((GUEST, everybody), (ANNA, members), (BEN, every)):
        for typed in ("", "help"):
            whisper(slack, service, typed, user)
            assert set(re.findall(r"^`/earshot (\w+)", slack.ephemerals[-1]["text"], re.MULTILINE)) == theirs
        for word in every - theirs:
            whisper(slack, service, f"{word} last", user)
            assert slack.ephemerals[-1]["text"].startswith("Only ")


def test_missing_answers_are_listed_for_members(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    assert "No unanswered questions" in whisper(slack, service, "gaps")
    assistant.settings.answer_confidence = 1000
    ask(slack, service, "who won the football?")
    assert "• who won the football? (1 without an answer · <#C0TEAM>)" in whisper(slack, service, "gaps")
    assert "full members" in whisper(slack, service, "gaps", GUEST)


def test_settings_are_listed_for_admins_alone(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    assert "Only admins may do this" in whisper(slack, service, "settings")
    assistant.settings.admins = (ANNA,)
    said = whisper(slack, service, "settings")
    assert f"*Channel for review cards:* <#{REVIEW}>" in said
    assert f"*Admins:* <@{ANNA}>" in said


def test_why_tells_what_was_searched_found_and_decided(slack: SlackDouble, service: Service) -> None:
    ts = ask(slack, service)
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], WHY, BEN)
    slack.wait_for(lambda: slack.views(BEN) and "Searched" in str(slack.views(BEN)), what="why")
    shown = "\n".join(read_texts(slack.views(BEN)[-1]["blocks"]))
    assert "public documents, because everybody who reads here may see those" in shown
    assert "cited" in shown
    assert "every sentence that I posted is in the passage it cites" in shown
    assert "Searched" in whisper(slack, service, "why")


def test_why_explains_that_nothing_fitted_and_that_nothing_was_asked(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assert "You haven't asked me anything in this channel" in whisper(slack, service, "why", BEN)
    assistant.settings.answer_confidence = 1000
    ask(slack, service, "who won the football?")
    assert "isn't close enough to the question" in whisper(slack, service, "why")


def test_an_explanation_that_cannot_be_given_says_so(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    ts = ask(slack, service)
    assistant.home.store.change("update questions set trace = 'no json'")
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], WHY, BEN)
    slack.wait_for(lambda: "That didn't work" in str(slack.views(BEN)), what="what went wrong")
    assert "That didn't work" in whisper(slack, service, "why")


def test_the_passages_are_shown_to_who_may_see_them(slack: SlackDouble, service: Service) -> None:
    whisper(slack, service, f"ask {CREDIT}")
    private = slack.ephemerals[-1]["ts"]
    slack.click(TEAM, private, PASSAGES, ANNA)
    slack.wait_for(lambda: "25 pounds" in str(slack.views(ANNA)), what="the passages")


def test_more_in_a_direct_message_is_offered_to_a_member_alone_and_says_nothing_of_it(
    slack: SlackDouble, service: Service
) -> None:
    ask(slack, service, CREDIT, GUEST)
    wait_until_quiet(slack, service)
    assert slack.ephemerals == []
    ask(slack, service, CREDIT)
    slack.wait_for(lambda: slack.ephemerals, what="the offer")
    wait_until_quiet(slack, service)
    (offer,) = slack.ephemerals
    assert (offer["shown_to"], "25 pounds" in str(offer)) == (ANNA, False)
    slack.click(TEAM, offer["ts"], ASK_DIRECT, ANNA)
    channel = slack.open_dm(ANNA)
    slack.wait_for(lambda: "25 pounds" in str(slack.bot_messages(channel)), what="the answer in the direct message")
    root = slack.bot_messages(channel)[0]["ts"]
    slack.say(channel, ANNA, "and the shift lead?", thread_ts=root)
    assert "without asking the shift lead" in str(find_answers(slack, channel, root, count=2)[1]["blocks"])


def test_opening_the_messages_tab_suggests_questions(slack: SlackDouble, service: Service) -> None:
    slack.open_home(ANNA, "messages")
    slack.wait_for(lambda: slack.prompts, what="suggested prompts")
    assert "What can you do?" in str(slack.prompts)
    channel = slack.open_dm(ANNA)
    ts = slack.say(channel, ANNA, "What can you do?")
    assert "Ask me about" in str(find_answers(slack, channel, ts))


def _own(assistant: Assistant, owner: str) -> None:
    page = assistant.settings.earshot_home.parent / "knowledge" / "public" / "public.md"
    page.write_text(f"---\nowner: {owner}\n---\n{page.read_text()}")
    assistant.knowledge.ingest.run([str(page.parent.parent)], None, assistant.clock())


def test_the_owners_reply_becomes_a_document_once_somebody_accepts_it(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    _own(assistant, "Ben <ben@example.com>")
    assistant.settings.knowledge_dir = assistant.settings.earshot_home.parent / "knowledge"
    ts = ask(slack, service)
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], ASK_OWNER, ANNA)
    asked = find_answers(slack, TEAM, ts, count=2)[1]
    assert f"<@{BEN}> can you help?" in str(asked["blocks"])
    wait_until_quiet(slack, service)  # that Ben was asked is kept right after it was posted: no person is as quick
    slack.say(TEAM, BEN, "Platypus plans pause in the web portal only.", thread_ts=ts)
    assert "Once somebody accepts this" in str(find_answers(slack, TEAM, ts, count=3)[2]["blocks"])
    slack.redeliver()
    wait_until_quiet(slack, service)
    (proposal,) = assistant.knowledge.proposals.list_open()
    assert (proposal.author_name, proposal.text) == ("ben", "Platypus plans pause in the web portal only.")
    assert len(find_answers(slack, TEAM, ts)) == 3
    path = assistant.knowledge.curation.accept(1, "", assistant.home.clock())
    assert "audience: internal" in path.read_text()
    channel = slack.open_dm(ANNA)
    again = slack.say(channel, ANNA, "where do platypus plans pause?")
    assert "web portal only" in str(find_answers(slack, channel, again))


def test_the_owner_who_asks_is_not_asked_in_turn_and_may_ask_on_in_the_thread(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    _own(assistant, "Anna <anna@example.com>")
    ts = ask(slack, service)
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], ASK_OWNER, ANNA)
    told = slack.wait_for(lambda: slack.ephemerals, what="a line for the person")
    assert "I don't know who could answer this. I've put it on the list of missing answers." in told[0]["text"]
    assistant.settings.owners_in_slack = (f"*={BEN}",)
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], ASK_OWNER, ANNA)
    find_answers(slack, TEAM, ts, count=2)
    wait_until_quiet(slack, service)
    slack.say(TEAM, BEN, "How do customers pause their plan?", thread_ts=ts)
    find_answers(slack, TEAM, ts, count=3)
    wait_until_quiet(slack, service)
    assert assistant.knowledge.proposals.list_open() == []


def test_an_owner_who_does_not_read_along_is_asked_in_a_direct_message_and_the_reply_comes_back(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_user("U0CARL", "carl")
    _own(assistant, "Billing team")
    assistant.settings.owners_in_slack = ("billing team=U0CARL",)
    ts = ask(slack, service)
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], ASK_OWNER, ANNA)
    channel = slack.open_dm("U0CARL")
    slack.wait_for(lambda: slack.bot_messages(channel), what="the question to the owner")
    wait_until_quiet(slack, service)
    slack.say(channel, "U0CARL", "Up to <!channel> four months.", thread_ts=slack.bot_messages(channel)[0]["ts"])
    passed_on = find_answers(slack, TEAM, ts, count=2)[1]
    assert "four months" in str(passed_on["blocks"])
    assert "<!channel>" not in str(passed_on["blocks"])


def test_who_nobody_knows_in_slack_is_told_plainly(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    _own(assistant, "Billing team")
    ts = ask(slack, service)
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], ASK_OWNER, ANNA)
    slack.wait_for(lambda: "list of missing answers" in str(slack.ephemerals), what="a plain line")
    assert "OWNERS_IN_SLACK" not in str(slack.ephemerals)
    assert assistant.knowledge.questions.unhelped()
    assistant.settings.owners_in_slack = (f"*={BEN}",)  # mended: clicking again works
    slack.click(TEAM, find_answers(slack, TEAM, ts)[0]["ts"], ASK_OWNER, ANNA)
    assert f"<@{BEN}> can you help?" in str(find_answers(slack, TEAM, ts, count=2)[1]["blocks"])


def test_other_bots_are_answered_only_when_allowed(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    slack.add_user("U0ROBOT", "robot", is_bot=True)
    slack.invite(TEAM, "U0ROBOT")
    ts = slack.say(TEAM, "U0ROBOT", f"<@{slack.bot_user_id}> {PAUSE}")
    wait_until_quiet(slack, service)
    assert len(slack.thread(TEAM, ts)) == 1
    assistant.settings.allowed_bots = ("B0ROBOT",)
    ask(slack, service, PAUSE, "U0ROBOT")


def test_an_internal_channel_with_a_guest_in_it_gets_public_knowledge_only(
    slack: SlackDouble, settings: Settings, knowledge: Path, service: Service
) -> None:
    slack.add_channel("C0STAFF", "staff", members=[ANNA, BEN])
    settings.internal_channels = (TEAM, "C0STAFF")
    assert service.flows.membership.audience_of("C0STAFF", ANNA) == "internal"
    assert service.flows.membership.audience_of(TEAM, ANNA) == "public"
