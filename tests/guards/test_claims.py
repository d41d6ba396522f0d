"""A promise needs a public page behind it; courtesy, questions and what is quoted need nothing more."""

import pytest
from guards.making import make_candidate

from assistant.domain import Sentence, Support
from assistant.domain.replies import Effect
from assistant.replies.guards.dates import find_dates
from assistant.replies.guards.promises import ClaimsGuard

GUARD = ClaimsGuard()


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("We will refund you in full.", Effect.BLOCK),
        ("Your next swap is on us.", Effect.BLOCK),
        ("That is 69 pounds a month.", Effect.BLOCK),
        ("By law you are entitled to a new bike.", Effect.BLOCK),
        ("The battery is perfectly safe.", Effect.BLOCK),
        ("We guarantee that it works.", Effect.HOLD),
        ("It will be fixed by Friday.", Effect.HOLD),
        ("We will launch a folding bike.", Effect.HOLD),
        ("It starts on 18 May 2027.", Effect.HOLD),
        ("It takes 3 days.", Effect.HOLD),
        ("You get everything back.", Effect.BLOCK),
        ("That is ten quid.", Effect.BLOCK),
        ("You will not have to pay.", Effect.BLOCK),
        ("We accept responsibility.", Effect.BLOCK),
        ("Du bekommst dein Geld zurück.", Effect.BLOCK),
        ("Te devolvemos el dinero.", Effect.BLOCK),
        ("Zwrócimy pieniądze.", Effect.BLOCK),
        ("Мы вернём деньги.", Effect.BLOCK),
        ("ستحصل على استرداد كامل.", Effect.BLOCK),
        ("Das ist völlig ungefährlich.", Effect.BLOCK),
        ("Wir haften dafür.", Effect.BLOCK),
        ("Es geht morgen wieder.", Effect.HOLD),
        ("Il arrive le 18 mai.", Effect.HOLD),
        ("Przyjdzie 18 maja.", Effect.HOLD),
        ("Jutro będzie działać.", Effect.HOLD),
        ("Sie bekommen Ihr Geld: 30 € erstatten wir.", Effect.BLOCK),
    ],
)
def test_a_promise_without_a_quote_is_found(text: str, effect: Effect) -> None:
    [finding] = GUARD.check(make_candidate(f"Hello! {text}"))
    assert (finding.words, finding.effect) == (text, effect)
    assert "no public document is quoted" in finding.reason


@pytest.mark.parametrize("support", [Support.QUOTED, Support.SUPPORTED])
def test_a_promise_that_a_document_carries_passes(support: Support) -> None:
    sentence = Sentence("Refunds take 5 working days.", support, (1,))
    assert GUARD.check(make_candidate("Thanks for asking. Refunds take 5 working days.", (sentence,))) == []


def test_a_carried_sentence_carries_only_itself() -> None:
    sentence = Sentence("Refunds take 5 working days", Support.QUOTED, (1,))
    for text in (
        "Refunds take 5 working days at most, for you.",
        "It is not true that Refunds take 5 working days",
        "Refunds take 6 working days",
    ):
        assert GUARD.check(make_candidate(text, (sentence,)))


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for asking.",
        "Sorry about your refund.",
        "When did you ask for the refund?",
        "Could you send us your bike number?",
        "Please write to us in private.",
        "Guten Morgen, danke für die Frage.",
        "Nothing is wrong with a bike from Argentina.",
    ],
)
def test_courtesy_and_questions_promise_nothing(text: str) -> None:
    assert GUARD.check(make_candidate(text)) == []


def test_a_question_that_promises_is_a_promise() -> None:
    assert GUARD.check(make_candidate("Would it help if we will refund you?"))


@pytest.mark.parametrize(
    "text",
    [
        "am 18. Mai 2027",
        "le 18 mai 2027",
        "el 18 de mayo de 2027",
        "18 maja 2027",
        "18.05.2027",
        "18/5/2027",
        "5/18/2027",
    ],
)
def test_a_date_is_the_same_in_each_language(text: str) -> None:
    assert find_dates(text) == find_dates("on 18 May 2027") != set()


def test_what_only_looks_like_a_month_is_none() -> None:
    assert find_dates("Merci mai ça mars bien, en juin ou pas") == set()
