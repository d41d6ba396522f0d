"""A solved thread becomes knowledge: what people rely on from the shortcut to the answer that is given first."""

from pathlib import Path

import pytest
from fakes import read_wordings
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, GUEST, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.service.service import Service
from assistant.slack.answers.besides import put_as_question
from assistant.slack.answers.blocks import FOLLOW_UP
from assistant.slack.answers.proposal_blocks import ACCEPT_ANSWER, DROP_ANSWER, EDIT_ANSWER, WRITE_ANSWER
from assistant.slack.answers.proposal_listeners import SAVE_ANSWER

QUESTION = "Which torque do the pedals of the cargo model need?"
ANSWER = "Forty newton metres, call +49 30 901820 if a thread is damaged."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.admins, settings.solved_emoji = (BEN,), ":white_check_mark:"
    settings.knowledge_dir = settings.earshot_home.parent / "knowledge"
    return settings


def solve(slack: SlackDouble) -> tuple[str, str]:
    """A thread in which a colleague gave the answer: the ts of both."""
    root = slack.say(TEAM, ANNA, QUESTION)
    slack.say(TEAM, ANNA, "anybody?", thread_ts=root)
    return root, slack.say(TEAM, BEN, ANSWER, thread_ts=root)


def find_card(slack: SlackDouble, user: str = BEN) -> dict[str, object]:
    return slack.wait_for(lambda: slack.bot_messages(slack.open_dm(user)), what="the proposed answer")[-1]


def read(message: dict[str, object]) -> str:
    return "\n".join(read_texts(message["blocks"]))


@pytest.mark.parametrize("way", ["shortcut", "emoji"])
def test_a_solved_thread_is_approved_in_slack_and_answers_from_then_on(
    slack: SlackDouble, service: Service, assistant: Assistant, way: str
) -> None:
    _, answer = solve(slack)
    if way == "shortcut":
        slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    else:
        slack.react(TEAM, answer, ANNA, "white_check_mark")
    card = find_card(slack)
    shown = read(card)
    assert QUESTION in shown
    assert "Forty newton metres, call [phone]" in shown
    assert "901820" not in shown
    wait_until_quiet(slack, service)
    slack.click(slack.open_dm(BEN), str(card["ts"]), ACCEPT_ANSWER, BEN)
    slack.wait_for(lambda: "Accepted by" in read(find_card(slack)), what="the decision on the card")
    channel = slack.open_dm(ANNA)
    ts = slack.say(channel, ANNA, QUESTION)
    (said,) = find_answers(slack, channel, ts)
    texts = read_texts(said["blocks"])
    assert "Forty newton metres" in texts[0]
    assert "Standard answer by ben" in texts[1]
    assert read(said).count("Forty newton metres") == 1


def test_the_same_thread_or_question_again_is_recognised(slack: SlackDouble, service: Service) -> None:
    root, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    card = find_card(slack)
    wait_until_quiet(slack, service)
    slack.click(slack.open_dm(BEN), str(card["ts"]), DROP_ANSWER, BEN)
    wait_until_quiet(slack, service)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, root)
    slack.wait_for(lambda: "already decided" in str(slack.ephemerals), what="a word on it")


def test_guests_save_nothing_and_a_thread_without_an_answer_says_so(slack: SlackDouble, service: Service) -> None:
    _, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, GUEST, TEAM, answer)
    slack.wait_for(lambda: "Only full members" in str(slack.ephemerals), what="the refusal")
    alone = slack.say(TEAM, ANNA, QUESTION)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, alone)
    slack.wait_for(lambda: "no answer of a colleague" in str(slack.ephemerals), what="why not")


def test_only_an_owner_or_an_admin_decides(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    _, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    card = find_card(slack)
    wait_until_quiet(slack, service)
    slack.invite(slack.open_dm(BEN), ANNA)
    slack.click(slack.open_dm(BEN), str(card["ts"]), ACCEPT_ANSWER, ANNA)
    slack.wait_for(lambda: "can decide on this" in str(slack.ephemerals), what="the refusal")
    assert [one.status for one in assistant.knowledge.proposals.list_answers()] == ["open"]


def test_a_guest_never_gets_a_standard_answer(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    _, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    card = find_card(slack)
    wait_until_quiet(slack, service)
    slack.click(slack.open_dm(BEN), str(card["ts"]), ACCEPT_ANSWER, BEN)
    wait_until_quiet(slack, service)
    channel = slack.open_dm(GUEST)
    ts = slack.say(channel, GUEST, QUESTION)
    assert "newton" not in str(find_answers(slack, channel, ts))


def test_follow_ups_lead_back_to_the_same_document(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    folder = assistant.settings.knowledge_dir
    page = "# Lending\n\n## Length\n\nA lending lasts nine days.\n\n## Fees\n\nLending fees are four euros.\n"
    (folder / "public" / "lending.md").write_text(page)
    assistant.knowledge.ingest.run([str(folder)], None, assistant.clock())
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> How many days does a lending last?")
    (answer,) = find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    assert "What about fees?" in read(answer)
    slack.click(TEAM, answer["ts"], f"{FOLLOW_UP}.0", BEN)
    more = find_answers(slack, TEAM, ts, count=2)[1]
    assert f"<@{BEN}> asked: Lending: What about fees?" in read(more)
    assert "four euros" in read(more)


@pytest.mark.parametrize(
    ("heading", "written", "spoken", "asked"),
    [
        ("Fees", "en", "en", "What about fees?"),
        ("GPS tracking", "en", "en", "What about GPS tracking?"),
        ("How to swap your battery", "en", "en", "How do I swap my battery?"),
        ("How long refunds take", "en", "en", "Can you tell me how long refunds take?"),
        ("If we are late", "en", "en", "What if we are late?"),
        ("Cancel a monthly plan (Lane, Loop)", "en", "en", "How do I cancel a monthly plan?"),
        ("When a payment fails", "en", "en", "What about when a payment fails?"),
        ("Found it again?", "en", "en", "Found it again?"),
        ("You see two charges", "en", "en", ""),
        ("Where", "en", "en", ""),
        ("Gebühren", "de", "de", "Was ist mit „Gebühren“?"),
        ("Found it again?", "en", "de", "Was ist mit „Found it again?“?"),
        ("Gebühren", "de", "en", "What about Gebühren?"),
        ("Frais", "fr", "fr", "Et pour « Frais » ?"),
    ],
)
def test_a_heading_is_put_as_a_person_would_ask_or_is_left_out(
    heading: str, written: str, spoken: str, asked: str
) -> None:
    assert put_as_question(heading, written, read_wordings().choose(spoken)) == asked


def open_edit(slack: SlackDouble, card: dict[str, object], user: str = BEN) -> dict[str, object]:
    slack.click(slack.open_dm(BEN), str(card["ts"]), EDIT_ANSWER, user)
    return slack.wait_for(
        lambda: [view for view in slack.views(user) if "Looking it up" not in str(view)], what="the form"
    )[-1]


def test_a_proposed_answer_is_edited_before_it_is_accepted_and_what_was_masked_is_put_back_by_choice(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    _, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    card = find_card(slack)
    assert "Left out as personal data: [phone]" in read(card)
    form = open_edit(slack, card)
    assert "+49 30 901820" in str(form["blocks"])
    text = "Forty newton metres. If a thread is damaged, call [phone]."
    empty = {"question": {"question": QUESTION}, "answer": {"answer": "  "}, "title": {"title": ""}}
    assert slack.submit_view(BEN, empty).errors == {"answer": "Please write something here."}
    slack.submit_view(
        BEN,
        {
            "question": {"question": "How tight do pedals go?"},
            "answer": {"answer": text},
            "title": {"title": "Pedal torque"},
            "put_back": {"put_back": ["0"]},
        },
    )
    slack.wait_for(lambda: "Pedal torque" in read(find_card(slack)), what="the card with the new words")
    shown = read(find_card(slack))
    assert "How tight do pedals go?" in shown
    assert "call +49 30 901820." in shown
    assert f"edited by {BEN}" in shown
    wait_until_quiet(slack, service)
    slack.click(slack.open_dm(BEN), str(card["ts"]), ACCEPT_ANSWER, BEN)
    slack.wait_for(lambda: "Accepted by" in read(find_card(slack)), what="the decision on the card")
    (accepted,) = assistant.knowledge.proposals.list_answers()
    page = Path(str(accepted.document)).read_text("utf-8")
    assert "title: Pedal torque" in page
    assert "call +49 30 901820." in page


def test_an_edit_by_who_may_not_or_of_what_is_decided_changes_nothing(slack: SlackDouble, service: Service) -> None:
    _, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    card = find_card(slack)
    wait_until_quiet(slack, service)
    slack.invite(slack.open_dm(BEN), ANNA)
    assert "can decide on this" in str(open_edit(slack, card, ANNA))
    open_edit(slack, card)
    slack.click(slack.open_dm(BEN), str(card["ts"]), DROP_ANSWER, BEN)
    wait_until_quiet(slack, service)
    slack.submit_view(BEN, {"question": {"question": "A?"}, "answer": {"answer": "B"}, "title": {"title": ""}})
    slack.wait_for(lambda: "decided on already" in str(slack.ephemerals), what="a word on it")
    assert "A?" not in read(find_card(slack))


def test_who_decides_gets_the_waiting_answers_again_with_a_command_and_in_their_language(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_user("U0KLARA", "klara", locale="de-DE")
    slack.invite(TEAM, "U0KLARA")
    assistant.settings.admins = (BEN, "U0KLARA")
    _, answer = solve(slack)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, answer)
    find_card(slack)
    wait_until_quiet(slack, service)
    slack.slash("/earshot", "proposals", "U0KLARA", TEAM)
    card = find_card(slack, "U0KLARA")
    shown = str(card["blocks"])
    assert QUESTION in shown
    assert "Annehmen" in shown
    slack.wait_for(lambda: "Ein Antwortvorschlag wartet auf dich" in str(slack.ephemerals), what="how many")
    slack.slash("/earshot", "proposals", ANNA, TEAM)
    slack.wait_for(lambda: "No proposed answers wait for you" in str(slack.ephemerals), what="that there are none")


def list_gaps(slack: SlackDouble, service: Service, user: str = ANNA) -> dict[str, object]:
    """What `/earshot gaps` shows somebody in the end."""
    slack.slash("/earshot", "gaps", user, TEAM)
    wait_until_quiet(slack, service)
    return [one for one in slack.ephemerals if one["shown_to"] == user][-1]


def open_blank(slack: SlackDouble, shown: dict[str, object], user: str = ANNA) -> dict[str, object]:
    slack.click(TEAM, str(shown["ts"]), WRITE_ANSWER, user)
    return slack.wait_for(lambda: slack.views(user), what="the form")[-1]


def write(answer: str, question: str = QUESTION) -> dict[str, dict[str, str]]:
    return {"question": {"question": question}, "answer": {"answer": answer}, "title": {"title": "Pedals"}}


def test_a_missing_answer_is_written_from_the_list_approved_and_gone_from_it(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.answer_confidence = 1000
    find_answers(slack, TEAM, slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {QUESTION}"))
    wait_until_quiet(slack, service)
    shown = list_gaps(slack, service)
    assert QUESTION in str(open_blank(slack, shown)["blocks"])
    assert slack.submit_view(ANNA, write(" ")).errors == {"answer": "Please write something here."}
    slack.submit_view(ANNA, write("Forty newton metres."))
    card = find_card(slack)
    assert "Written by anna" in read(card)
    assert "Page title: Pedals" in read(card)
    slack.wait_for(lambda: f"I've asked <@{BEN}> to approve it" in str(slack.ephemerals), what="what became of it")
    waiting = list_gaps(slack, service)
    assert "An answer is waiting for approval." in read(waiting)
    assert WRITE_ANSWER not in str(waiting)
    slack.click(slack.open_dm(BEN), str(card["ts"]), ACCEPT_ANSWER, BEN)
    slack.wait_for(lambda: "Accepted by" in read(find_card(slack)), what="the decision on the card")
    assert "No unanswered questions" in read(list_gaps(slack, service))
    assert assistant.knowledge.questions.unhelped() == []


def test_a_written_answer_that_is_dropped_can_be_written_anew_and_a_second_one_is_not_needed(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.answer_confidence = 1000
    find_answers(slack, TEAM, slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {QUESTION}"))
    wait_until_quiet(slack, service)
    shown = list_gaps(slack, service)
    open_blank(slack, shown)
    slack.submit_view(ANNA, write("Forty."))
    card = find_card(slack)
    wait_until_quiet(slack, service)
    open_blank(slack, shown)
    slack.submit_view(ANNA, write("Fifty."))
    slack.wait_for(lambda: "already waiting for approval" in str(slack.ephemerals), what="that one waits")
    slack.click(slack.open_dm(BEN), str(card["ts"]), DROP_ANSWER, BEN)
    wait_until_quiet(slack, service)
    open_blank(slack, list_gaps(slack, service))
    slack.submit_view(ANNA, write("Forty newton metres."))
    slack.wait_for(lambda: "Forty newton metres." in read(find_card(slack)), what="the second card")
