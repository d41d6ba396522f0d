"""How soon a person should look at a post: a table of cases, each with its reason."""

from dataclasses import replace

import pytest
from fakes_reply import make_mention
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import About, Finding, Intent, Sentiment
from assistant.listening.analysis.urgency import VERSION, Signs, find_urgency, tell_law

NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE

CASES = [
    ("My battery caught fire in the hallway!", NEGATIVE, "complaint", 0, 1, "high", "Somebody may be in danger"),
    ("The front brake failed on the hill", NEGATIVE, "complaint", 0, 1, "high", "Somebody may be in danger"),
    ("Meine Bremse ist defekt, das ist gefährlich", NEGATIVE, "complaint", 0, 1, "high", "Somebody may be in danger"),
    ("You will hear from my lawyer", NEGATIVE, "complaint", 0, 1, "high", "It may become a matter of law"),
    ("This is a GDPR request", NEUTRAL, "question", 0, 1, "high", "It may become a matter of law"),
    ("Reporter here, a comment please?", NEUTRAL, "press", 0, 1, "high", "Somebody from the press asks"),
    ("Two weeks for a chain. Two.", NEGATIVE, "complaint", 20_000, 1, "high", "Many may see it: 20,000 followers"),
    ("The app is down", NEUTRAL, "complaint", 0, 1, "raised", "Something may be down"),
    ("Bei mir geht nicht auf, Störung?", NEUTRAL, "complaint", 0, 1, "raised", "Something may be down"),
    ("Still no answer", NEGATIVE, "complaint", 0, 3, "raised", "The author wrote 3 times within a week"),
    ("I am leaving you", NEUTRAL, "leaving", 0, 1, "raised", "The author may be cancelling"),
    ("Still no answer", NEGATIVE, "complaint", 0, 2, "normal", ""),
    ("Lovely ride today", POSITIVE, "praise", 20_000, 5, "normal", ""),
    ("No outage for a year, great", POSITIVE, "praise", 0, 1, "normal", ""),
    ("The slowdown of the economy", NEUTRAL, "other", 0, 1, "normal", ""),
    ("We sue nobody and win bitcoin, lawyer approved", NEUTRAL, "spam", 0, 1, "normal", ""),
    ("What does the yearly plan cost?", NEUTRAL, "question", 20_000, 1, "normal", ""),
]


def _make(text: str, sentiment: Sentiment, intent: str, followers: int, posts: int, sure: float = 0.9) -> Signs:
    mention = replace(make_mention(text=text), followers=followers)
    return Signs(mention, sentiment, Finding(About.INTENT, intent, sure, "test"), "unknown", posts)


@pytest.mark.parametrize(("text", "sentiment", "intent", "followers", "posts", "urgency", "reason"), CASES)
def test_the_first_rule_that_fits_gives_urgency_and_reason(
    text: str, sentiment: Sentiment, intent: str, followers: int, posts: int, urgency: str, reason: str
) -> None:
    found = find_urgency(_make(text, sentiment, intent, followers, posts))
    assert (found.label, found.version) == (urgency, VERSION)
    assert found.reason.startswith(reason)
    assert bool(found.reason) == (urgency != "normal")


def test_an_intent_that_is_not_sure_decides_nothing() -> None:
    assert find_urgency(_make("Hello", NEUTRAL, "press", 0, 1, sure=0.2)).label == "normal"


@given(text=st.text(), intent=st.sampled_from(list(Intent)), sentiment=st.sampled_from(list(Sentiment)))
def test_any_post_has_an_urgency(text: str, intent: Intent, sentiment: Sentiment) -> None:
    assert find_urgency(_make(text, sentiment, intent, 10**9, 10**6)).label in ("high", "raised", "normal")


@pytest.mark.parametrize(
    "text",
    [
        "Both locks cut on Saturday, police report is online. How long does a theft replacement take?",
        "On m'a volé mon vélo, j'ai porté plainte hier. Et maintenant ?",
        "Me robaron la bici: robo con denuncia puesta, ¿qué hago?",
    ],
)
def test_whoever_told_the_police_of_a_thief_does_not_go_to_law_against_us(text: str) -> None:
    assert tell_law(text) == ""


@pytest.mark.parametrize("text", ["I filed a police report against you", "Voy a poner una denuncia contra ustedes"])
def test_whoever_tells_the_police_of_us_does(text: str) -> None:
    assert tell_law(text).startswith("It may become a matter of law")
