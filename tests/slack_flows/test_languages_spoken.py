"""Colleagues are spoken to in their own language, whatever the documents are in."""

from slack_double import SlackDouble
from slack_flows.people import ANNA, GUEST, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.service.service import Service

_KLARA = "U0KLARA"


def test_who_uses_slack_in_german_is_answered_in_german_around_the_words_of_the_page(
    slack: SlackDouble, service: Service
) -> None:
    slack.add_user(_KLARA, "klara", locale="de-DE")
    direct = slack.open_dm(_KLARA)
    ts = slack.say(direct, _KLARA, "how do customers pause their plan?")
    said = str(find_answers(slack, direct, ts)[0]["blocks"])
    assert "pause their plan in the app" in said
    assert "_Aus " in said
    assert "Stellen zeigen" in said
    assert "Warum?" in said


def test_a_question_in_polish_is_refused_in_polish_though_slack_is_in_english(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.answer_confidence = 1000
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> kto wczoraj wygrał mecz piłki nożnej?")
    said = str(find_answers(slack, TEAM, ts)[0]["blocks"])
    assert "Nie ma tego w naszych dokumentach" in said
    assert "Najbliższe strony" in said
    wait_until_quiet(slack, service)


def test_a_greeting_gets_one_back_in_its_language(slack: SlackDouble, service: Service) -> None:
    direct = slack.open_dm(GUEST)
    ts = slack.say(direct, GUEST, "Cześć!")
    assert "Zapytaj mnie" in str(find_answers(slack, direct, ts)[0])
