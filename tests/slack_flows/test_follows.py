"""What people follow for themselves: told at the times they chose, once, and never in quiet hours."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, GUEST, TEAM, wait_until_quiet

from assistant.alerts.follows import MOST_FOLLOWS
from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Mention
from assistant.service.service import Service
from assistant.slack.alerts.follow import FollowAsk, read_follow

FRIDAY = datetime(2026, 11, 13, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 9, 2, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"quiet_hours": "20:00-07:00"})


@pytest.fixture
def assistant(assistant: Assistant) -> Assistant:
    set_clock(assistant, FRIDAY)
    return assistant


def set_clock(assistant: Assistant, now: datetime) -> None:
    assistant.home.clock = lambda: now


def post(assistant: Assistant, number: int, text: str, author: str = "eve") -> None:
    now = assistant.clock()
    mention = Mention(f"x:{number}", "x", str(number), author, text, now, url=f"https://x.example/{number}")
    assistant.listening.mentions.add([mention], now)
    assistant.listening.sort_new_mentions(now)


def say(slack: SlackDouble, text: str, user: str = ANNA) -> str:
    issued = slack.slash("/earshot", text, user, TEAM)
    slack.wait_for(lambda: issued.settled, what="the command's reply")
    return str((issued.response or {}).get("text"))


def look(slack: SlackDouble, service: Service, assistant: Assistant, now: datetime, user: str = ANNA) -> list[str]:
    """What somebody has been told once this moment's round is over."""
    set_clock(assistant, now)
    service.rounds.tell_followers(now)
    wait_until_quiet(slack, service)
    return [str(one["blocks"]) for one in slack.bot_messages(slack.open_dm(user))]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("every Monday what people say about the app", FollowAsk("the app", "", "0 9 * * 1")),
        ("the brakes", FollowAsk("the brakes", "", "0 9 * * 1")),
        ("complaints about brakes every weekday at 8", FollowAsk("complaints about brakes", "", "0 8 * * 1-5")),
        ("what do customers say about billing daily at 7pm", FollowAsk("billing", "", "0 19 * * *")),
        ("on Fridays at 16:30 what people think of the Lane plan", FollowAsk("the Lane plan", "", "30 16 * * 5")),
        ("posts about delivery each week", FollowAsk("delivery", "", "0 9 * * 1")),
        ("daily complaints about billing at 8", FollowAsk("complaints about billing", "", "0 8 * * *")),
        ("the app first Monday of the month", FollowAsk("the app", "", "0 9 * * 1#1")),
        ("what people say about daily tickets", FollowAsk("daily tickets", "", "0 9 * * 1")),
        ("jeden Montag um 8 Uhr was die Leute über die App sagen", FollowAsk("die App", "", "0 8 * * 1")),
        ("alle Beschwerden über die Bremsen", FollowAsk("alle Beschwerden über die Bremsen", "", "0 9 * * 1")),
        ("chaque jour à 8h ce que les gens disent de l'appli", FollowAsk("appli", "", "0 8 * * *")),
        ("co tydzień co ludzie mówią o aplikacji", FollowAsk("aplikacji", "", "0 9 * * 1")),
        ("lo que la gente dice sobre la app todos los días a las 9", FollowAsk("la app", "", "0 9 * * *")),
        ("ogni lunedì cosa dice la gente dell'app", FollowAsk("app", "", "0 9 * * 1")),
        ("elke werkdag wat klanten over de app zeggen", FollowAsk("de app", "", "0 9 * * 1-5")),
        ("todas as sextas às 17h o que as pessoas dizem sobre a app", FollowAsk("a app", "", "0 17 * * 5")),
        ("tell me when @TechRadar posts about us", FollowAsk("", "techradar")),
        ("when anna writes", FollowAsk("", "anna")),
        ("sag mir Bescheid, wenn @TechRadar über uns schreibt", FollowAsk("", "techradar")),
        ("wenn anna über uns schreibt", FollowAsk("", "anna")),
        ("préviens-moi quand @techradar parle de nous", FollowAsk("", "techradar")),
        ("powiedz mi, gdy @techradar o nas napisze", FollowAsk("", "techradar")),
        ("avísame cuando @techradar publique algo", FollowAsk("", "techradar")),
        ("avvisami quando @techradar parla di noi", FollowAsk("", "techradar")),
        ("laat het weten als @techradar over ons schrijft", FollowAsk("", "techradar")),
        ("quando @techradar falar de nós", FollowAsk("", "techradar")),
    ],
)
def test_people_say_what_they_follow_in_their_own_words(text: str, asked: FollowAsk) -> None:
    assert read_follow(text) == asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, "I don't know what to follow") for text in ("every Monday", "tell me", "about", "???", "the")),
        *((text, "too often") for text in ("every minute what people say", "hourly the app", "alle 5 Minuten die App")),
        *((text, "can't tell when") for text in ("every day at 25 the app", "every other Monday the app")),
        *((text, "can't tell when") for text in ("every full moon the app", "the app every 3 days")),
    ],
)
def test_what_cannot_be_followed_is_refused_with_the_reason_and_an_example(
    slack: SlackDouble, service: Service, text: str, told: str
) -> None:
    said = say(slack, f"follow {text}")
    assert told in said
    assert "/earshot follow every Monday" in said
    assert "You don't follow anything yet." in say(slack, "follow")


def test_who_follows_what_nobody_wrote_is_told_so_and_whom_they_may_have_meant(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    post(assistant, 1, "The app is broken", "TechRadar")
    set_clock(assistant, FRIDAY + timedelta(minutes=1))
    assert "no post about “frobnication”" in say(slack, "follow frobnication")
    assert "no post" not in say(slack, "follow the app")
    told = say(slack, "follow when @tekradar posts about us")
    assert "no post by tekradar" in told
    assert "Did you mean “techradar”?" in told
    assert "no post" not in say(slack, "follow when @TechRadar posts about us")


def test_who_uses_slack_in_german_follows_in_german(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    slack.add_user("U0KLARA", "klara", locale="de-DE")
    post(assistant, 1, "Die App ist kaputt")
    told = say(slack, "follow jeden Montag um 9 Uhr was die Leute über die App sagen", "U0KLARA")
    assert "was über „die App“ gesagt wird, jeden Montag um 09:00 Uhr" in told
    assert "Du verfolgst" in say(slack, "follow", "U0KLARA")
    [message] = look(slack, service, assistant, MONDAY, "U0KLARA")
    assert "Nichts Neues seit 13. November" in message or "Was über „die App“ gesagt wurde" in message
    assert "Nicht mehr verfolgen" in message


def test_what_people_say_about_something_comes_each_monday_once(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    told = say(slack, "follow every Monday what people say about the app")
    assert "what people say about the app, every Monday at 09:00" in told
    assert "Between 20:00 and 07:00 I stay quiet." in told
    assert "1. what people say about the app" in say(slack, "follow")
    post(assistant, 1, "I love the app")
    post(assistant, 2, "The app is broken, I hate it")
    assert look(slack, service, assistant, MONDAY - timedelta(hours=1)) == []
    for minutes in (0, 5, 10):
        [message] = look(slack, service, assistant, MONDAY + timedelta(minutes=minutes))
    assert "What people said about the app" in message
    assert "2 posts" in message
    assert "The app is broken" in message
    assert len(look(slack, service, assistant, MONDAY + timedelta(days=7))) == 2


def test_a_time_that_was_missed_is_made_up_for_once(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    say(slack, "follow the app every day at 9")
    assert len(look(slack, service, assistant, MONDAY + timedelta(days=10))) == 1


def test_what_somebody_posts_comes_with_the_next_round_and_after_quiet_hours(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    say(slack, "follow when @TechRadar posts about us")
    assert look(slack, service, assistant, FRIDAY + timedelta(minutes=5)) == []
    post(assistant, 1, "This bike is great", "TechRadar")
    post(assistant, 2, "Mine as well", "somebody")
    [message] = look(slack, service, assistant, FRIDAY + timedelta(minutes=10))
    assert "1 new post by TechRadar" in message
    assert "Mine as well" not in message
    night = FRIDAY.replace(hour=23)
    set_clock(assistant, night)
    post(assistant, 3, "It broke <!channel>", "techradar")
    assert len(look(slack, service, assistant, night)) == 1
    *_, message = look(slack, service, assistant, night + timedelta(hours=8, minutes=30))
    assert "It broke &lt;!channel&gt;" in message


def test_it_ends_by_its_button_or_its_number_and_for_nobody_else(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    say(slack, "follow the app every day at 9")
    assert "You don't follow anything with this number" in say(slack, "unfollow 1", BEN)
    look(slack, service, assistant, MONDAY)
    direct = slack.open_dm(ANNA)
    [message] = slack.bot_messages(direct)
    slack.click(direct, message["ts"], "unfollow", ANNA)
    wait_until_quiet(slack, service)
    assert "You don't follow anything yet." in say(slack, "follow")
    say(slack, "follow the brakes")
    assert "Done" in say(slack, "unfollow 2")
    assert len(look(slack, service, assistant, MONDAY + timedelta(days=8))) == 1


def test_who_is_forgotten_is_followed_by_nobody(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    say(slack, "follow when @TechRadar posts about us")
    post(assistant, 1, "This bike is great", "TechRadar")
    assistant.privacy.forgetting.forget_author("@techradar", "", FRIDAY)
    assert "You don't follow anything yet." in say(slack, "follow")


def test_guests_follow_nothing_and_members_no_more_than_they_can_read(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assert "Only full members" in say(slack, "follow the app", GUEST)
    for number in range(MOST_FOLLOWS):
        say(slack, f"follow the app {number}")
    assert "End one first" in say(slack, "follow the brakes")
    assistant.alerts.follows.tables.add(GUEST, "the app", "", "0 9 * * 1", FRIDAY)
    assert look(slack, service, assistant, MONDAY, GUEST) == []
    assert assistant.alerts.follows.tables.list_of(GUEST) == []
