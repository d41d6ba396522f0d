"""What people rely on when Slack or Earshot fails: nothing is lost, and whoever waits is told what to do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.homes import open_home, unfold, wait_for_home
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, REVIEW, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import Answer, Look, Mention, Question
from assistant.errors import OPERATOR, InputError, StoreError, TransientNetworkError
from assistant.service.service import Service
from assistant.slack.answers.blocks import PASSAGES, SHARE, WHY
from assistant.slack.answers.votes import FEEDBACK, VoteReason
from assistant.slack.client.blocks import tell_error
from assistant.slack.client.client import build_client
from assistant.slack.client.poster import Poster
from assistant.slack.client.rate_limit import RateLimit

PAUSE = "how do customers pause their plan?"


def ask(slack: SlackDouble, text: str = PAUSE) -> str:
    return slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {text}")


def read_whispers(slack: SlackDouble, user: str = ANNA) -> str:
    seen = [one for one in slack.ephemerals if one["shown_to"] == user]
    return "\n".join(text for one in seen for text in [one.get("text", ""), *read_texts(one.get("blocks", []))])


@pytest.fixture
def posting(slack: SlackDouble, assistant: Assistant) -> Poster:
    """Posts without pauses."""
    client = build_client(slack.bot_token, slack.api_url)
    return Poster(client, assistant.slack.slack_posts, assistant.clock, RateLimit(0), pause_seconds=0)


def test_what_slack_does_not_take_for_long_is_tried_again_later_and_posted_once(
    slack: SlackDouble, posting: Poster
) -> None:
    slack.fail_next("chat.postMessage", 500, times=6)
    with pytest.raises(TransientNetworkError):
        posting.post_once("key", TEAM, "An answer", [])
    posting.post_once("key", TEAM, "An answer", [])
    assert len(slack.bot_messages(TEAM)) == 1


def test_what_cannot_be_looked_up_after_a_crash_is_looked_up_again_later(
    slack: SlackDouble, posting: Poster, assistant: Assistant
) -> None:
    assistant.slack.slack_posts.claim_post("key", TEAM, assistant.clock())  # and then the process died
    slack.fail_next("conversations.history", 500)
    with pytest.raises(TransientNetworkError):
        posting.post_once("key", TEAM, "An answer", [])
    posting.post_once("key", TEAM, "An answer", [])
    assert len(slack.bot_messages(TEAM)) == 1


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("The outbox /srv/earshot/outbox/file.jsonl is full.", "The outbox file.jsonl is full."),
        (
            "Delete the folder /srv/a/chroma and run: earshot reindex",
            "Delete the folder chroma and run: earshot reindex",
        ),
        (r"The prompt C:\Earshot\prompts\reply-en.md cannot be read.", "The prompt reply-en.md cannot be read."),
        ("There is no folder ~/earshot/docs.", "There is no folder docs."),
        ("Use /earshot freeze. See public/help/pause.md and https://larkspur.example/help/pause.", ""),
    ],
)
def test_an_error_names_files_and_not_where_they_lie_on_our_machine(message: str, told: str) -> None:
    wanted = told or message
    assert tell_error(InputError(message)) == wanted
    assert tell_error(InputError("It failed.", message)) == f"It failed. {wanted}"
    assert tell_error(StoreError("It failed.", message)) == f"It failed. {OPERATOR}"


def test_who_cannot_be_answered_where_they_asked_is_told_so_with_an_id_that_finds_the_log(
    slack: SlackDouble, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail_next("chat.postMessage", error="is_archived")
    slack.fail_next("chat.postEphemeral", error="is_archived")
    ask(slack)
    channel = slack.open_dm(ANNA)
    slack.wait_for(lambda: slack.bot_messages(channel), what="a direct message")
    (told,) = slack.bot_messages(channel)
    assert f"in <#{TEAM}> didn't work" in told["text"]
    assert "The channel is archived" in told["text"]
    found = re.search(r"\(id ([0-9a-f]{8})", told["text"])
    assert found is not None
    assert f"incident {found[1]}" in caplog.text


@pytest.mark.parametrize("action_id", [WHY, PASSAGES, FEEDBACK])
def test_a_form_that_slack_does_not_open_any_more_says_to_click_again(
    slack: SlackDouble, service: Service, action_id: str
) -> None:
    answer = find_answers(slack, TEAM, ask(slack))[0]["ts"]
    slack.fail_next("views.open", error="expired_trigger_id")
    slack.click(TEAM, answer, action_id, BEN, choose="negative" if action_id == FEEDBACK else None)
    slack.wait_for(lambda: "click again" in read_whispers(slack, BEN), what="what to do")


def test_a_form_of_the_home_that_does_not_open_says_so_there(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.admins = (ANNA,)
    unfold(assistant, ANNA)
    open_home(slack, ANNA, "Settings")
    slack.fail_next("views.open", error="expired_trigger_id")
    slack.click_home(ANNA, "change_setting", block_id="setting-digest_schedule")
    wait_for_home(slack, ANNA, "That didn't work", "click again")


def test_a_draft_whose_card_cannot_be_made_keeps_no_other_card_away(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    now = assistant.clock()
    posts = [Mention(f"file:{n}", "file", str(n), "eve", f"{PAUSE} ({n})", now) for n in range(3)]
    assistant.listening.mentions.add(posts, now)
    assistant.listening.sort_new_mentions(now)
    with assistant.home.store.transaction():
        for post in posts:
            assistant.replies.drafting.draft_mention(post.mention_id, now)
        assistant.home.store.change("update drafts set sentences = 'no json' where draft_id = 1")
    slack.wait_for(lambda: len(slack.bot_messages(REVIEW)) == 2, what="the other two cards")


def test_an_edit_that_comes_while_the_words_before_are_still_being_answered_is_answered(
    slack: SlackDouble, service: Service, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, edits = assistant.knowledge.reply, []

    def think(question: Question, *rest: Any) -> Answer:
        if "pause" in question.text:
            edits.append(question)
            slack.wait_for(lambda: slack.bot_messages(TEAM), what="the answer to the words before")
        else:
            slack.wait_for(lambda: edits, what="the edit being answered too")
        return reply(question, *rest)

    monkeypatch.setattr(assistant.knowledge, "reply", think)
    ts = ask(slack, "what is on the menu?")
    slack.wait_for(lambda: slack.journal.calls_to("conversations.info"), what="the work to begin")
    slack.edit_message(TEAM, ts, f"<@{slack.bot_user_id}> {PAUSE}")
    wait_until_quiet(slack, service)
    (answer,) = find_answers(slack, TEAM, ts)
    assert "Answered again" in str(answer["blocks"])
    assert [row["text"] for row in assistant.home.store.rows("select text from questions")] == [PAUSE]


def test_yes_is_an_answer_to_what_earshot_asked_back(
    slack: SlackDouble, service: Service, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = Answer("Do you mean the monthly or the yearly plan?", False, "It could mean two things.", Look.CLARIFY)
    monkeypatch.setattr(assistant.knowledge, "reply", lambda *_: back)
    ts = ask(slack)
    find_answers(slack, TEAM, ts)
    slack.say(TEAM, ANNA, "both", thread_ts=ts)
    find_answers(slack, TEAM, ts, count=2)


def test_who_writes_below_a_shared_answer_is_answered(slack: SlackDouble, service: Service) -> None:
    slack.slash("/earshot", f"ask\n{PAUSE}", ANNA, TEAM)  # the question may stand in a line of its own
    slack.wait_for(lambda: "in the app" in read_whispers(slack), what="the private answer")
    wait_until_quiet(slack, service)
    slack.click(TEAM, slack.ephemerals[-1]["ts"], SHARE, ANNA)
    slack.wait_for(lambda: slack.bot_messages(TEAM), what="the shared answer")
    wait_until_quiet(slack, service)
    shared = slack.bot_messages(TEAM)[0]["ts"]
    slack.say(TEAM, BEN, "and for how long?", thread_ts=shared)
    assert "three months" in str(find_answers(slack, TEAM, shared)[0]["blocks"])


def test_a_reason_for_a_vote_on_a_question_that_is_gone_holds_nothing_up(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    service.work.put(VoteReason("gone", ANNA, "wrong", ""), "late")
    wait_until_quiet(slack, service, timeout=2)


def test_many_cards_to_come_hold_up_neither_the_stop_nor_other_channels(
    slack: SlackDouble, assistant: Assistant
) -> None:
    now = assistant.clock()
    posts = [Mention(f"file:{n}", "file", str(n), "eve", f"{PAUSE} ({n})", now) for n in range(12)]
    assistant.listening.mentions.add(posts, now)
    assistant.listening.sort_new_mentions(now)
    for post in posts:
        assistant.replies.drafting.draft_mention(post.mention_id, now)
    service = Service(assistant, post_spacing_seconds=1)
    service.start()
    slack.wait_for(lambda: slack.bot_messages(REVIEW), what="the first card")
    began = assistant.clock()
    slack.disconnect(hard=True)
    service.stop()
    assert assistant.clock() - began < timedelta(seconds=6)
    assert len(slack.bot_messages(REVIEW)) < 12
