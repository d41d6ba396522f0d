"""A promise needs a public page behind it; courtesy, questions and what is quoted need nothing more."""

from collections.abc import Callable

import pytest
from guards.making import make_candidate

from assistant.domain import Audience, Chunk, Question, SearchResult, Sentence, Support
from assistant.domain.replies import Effect
from assistant.replies.guards.dates import find_dates
from assistant.replies.guards.promises import ClaimsGuard
from assistant.replies.guards.sources import SourceFinder

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
    assert "no public page says it" in finding.reason


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


class Pages:
    """Public pages of a few sentences, searched and compared by their words."""

    def __init__(self, *texts: str, likeness: float = 0.6) -> None:
        self._chunks = [
            Chunk(number, "help", f"help/{number}.md", "Help", "Help", text, 0, Audience.PUBLIC)
            for number, text in enumerate(texts, 1)
        ]
        self._likeness = likeness
        self.searched = 0

    def search(self, question: Question) -> list[SearchResult]:
        """Everything fits."""
        self.searched += 1
        return [SearchResult(chunk, 1.0, 0.5) for chunk in self._chunks]

    def build(self, find_language: Callable[[str], str] = lambda text: "en") -> SourceFinder:
        """A finder over them; all texts are as near as each other."""
        return SourceFinder(
            self.search, lambda text, others: [self._likeness] * len(others), lambda text, others: 1.0, find_language
        )


PRICES = "| Plan | Bristol | Berlin |\n|---|---|---|\n| Lane | £59 | €65 |\n| Loop | £79 | €87 |\n"


def _effects(text: str, finder: SourceFinder) -> list[Effect]:
    return [finding.effect for finding in ClaimsGuard(finder.find).check(make_candidate(text))]


@pytest.mark.parametrize(
    "text",
    [
        "The pause costs £9 a month.",
        "Die Pause kostet 9 £ im Monat.",
        "La pause coûte 9 £ par mois.",
        "Pauza kosztuje 9 £ miesięcznie.",
    ],
)
def test_what_a_public_page_says_is_no_unsourced_claim_in_any_language(text: str) -> None:
    finder = Pages("The pause costs £9 / €10 a month.").build(lambda text: "en" if text.startswith("The") else "xx")
    assert _effects(text, finder) == []


@pytest.mark.parametrize("text", ["The pause costs £12 a month.", "Die Pause kostet 12 £ im Monat."])
def test_another_amount_than_the_pages_is_a_claim_in_any_language(text: str) -> None:
    finder = Pages("The pause costs £9 / €10 a month.").build(lambda text: "en" if text.startswith("The") else "xx")
    assert _effects(text, finder)


def test_the_price_of_one_city_is_not_that_of_another() -> None:
    finder = Pages(PRICES).build()
    assert finder.find("Loop is €87 in Berlin.").support is Support.SUPPORTED
    assert finder.find("Loop is £79 in Berlin.").support is Support.UNSUPPORTED
    assert finder.find("Lane is €87 in Berlin.").support is Support.UNSUPPORTED


def test_what_may_be_true_asks_for_a_second_person_and_is_not_blocked() -> None:
    finder = Pages("Wear and tear, punctures included: free, no limit.").build()
    [finding] = ClaimsGuard(finder.find).check(make_candidate("Punctures are repaired free of charge."))
    assert finding.effect is Effect.HOLD
    assert "Wear and tear" in finding.reason


@pytest.mark.parametrize(
    "text",
    [
        "Glad you're OK!",
        "Ha, that made our day.",
        "We've passed this on to the workshop.",
        "Send us a photo in the app.",
        "Tut uns leid, dass du warten musstest!",
        "Merci beaucoup, ça nous fait très plaisir !",
        "Schick uns bitte eine private Nachricht.",
        "Przykro nam z powodu kłopotów.",
        "More info here: https://larkspur.example/help",
    ],
)
def test_courtesy_is_never_flagged_and_nothing_is_searched_for_it(text: str) -> None:
    pages = Pages("Bikes are repaired at your home.", likeness=0.9)
    assert _effects(text, pages.build()) == []
    assert pages.searched == 0


def test_a_statement_about_what_our_pages_are_about_is_shown_when_none_says_it() -> None:
    text = "All cabinets are open around the clock."
    assert _effects(text, Pages("Cabinets close in the evening.", likeness=0.6).build()) == [Effect.WARN]
    assert _effects(text, Pages("We plant trees.", likeness=0.1).build()) == []


@pytest.mark.parametrize("text", ["Am 3. Dezember öffnen wir.", "Od 3. grudnia działa znowu."])
def test_a_date_with_an_ordinal_is_one_sentence(text: str) -> None:
    assert [finding.words for finding in GUARD.check(make_candidate(text))] == [text]
