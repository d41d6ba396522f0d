"""What customers say is asked in eight languages; what is for the documents stays theirs in each."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes import read_wordings
from fakes_reply import PROMPTS
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.say import Say
from assistant.domain import Question
from assistant.errors import ConfigError
from assistant.listening.insights.measures import CountKind
from assistant.listening.insights.phrasebook import Phrasebooks, read_phrasebooks
from assistant.listening.insights.questions import OpinionKind, OpinionQuestion, Reader

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday
WORDINGS = read_wordings()
BOOKS = Phrasebooks(read_phrasebooks([PROMPTS]))


def read(text: str) -> OpinionQuestion | None:
    reader = Reader(NOW, ZoneInfo("UTC"), ("mastodon", "x"), ("Berlin",), BOOKS.translate)
    return reader.read(Question(text))


@pytest.mark.parametrize(
    ("text", "measure", "kind", "words", "period"),
    [
        ("Was sagen die Kunden über die App?", CountKind.COUNT, OpinionKind.ALL, ["app"], ""),
        ("Wie viele Beschwerden gab es letzte Woche?", CountKind.COUNT, OpinionKind.NEGATIVE, [], "last week"),
        ("Worüber beschweren sich die Leute am meisten?", CountKind.TOP, OpinionKind.NEGATIVE, [], ""),
        ("Welches Netzwerk ist am negativsten?", CountKind.MOOD, OpinionKind.NEGATIVE, [], ""),
        ("Gibt es mehr Beschwerden als letzte Woche?", CountKind.CHANGE, OpinionKind.NEGATIVE, [], "last week"),
        ("Wie viele Posts kamen in KW 46?", CountKind.COUNT, OpinionKind.ALL, [], "in week 2026-W46"),
        ("Que disent les clients de l'application ?", CountKind.COUNT, OpinionKind.ALL, ["application"], ""),
        ("Combien de plaintes avons-nous reçues hier ?", CountKind.COUNT, OpinionKind.NEGATIVE, [], "yesterday"),
        ("¿Qué dicen los clientes de los frenos?", CountKind.COUNT, OpinionKind.ALL, ["frenos"], ""),
        ("¿Cuántas quejas hubo ayer?", CountKind.COUNT, OpinionKind.NEGATIVE, [], "yesterday"),
        ("Cosa dicono i clienti dell'app?", CountKind.COUNT, OpinionKind.ALL, ["app"], ""),
        ("Quanti reclami ci sono stati oggi?", CountKind.COUNT, OpinionKind.NEGATIVE, [], "today"),
        ("Wat zeggen klanten over de app?", CountKind.COUNT, OpinionKind.ALL, ["app"], ""),
        ("Hoeveel klachten waren er vorige maand?", CountKind.COUNT, OpinionKind.NEGATIVE, [], "last month"),
        ("Co klienci mówią o hamulcach?", CountKind.COUNT, OpinionKind.ALL, ["hamulcach"], ""),
        ("Na co najczęściej narzekają klienci?", CountKind.TOP, OpinionKind.NEGATIVE, [], ""),
        ("O que dizem os clientes sobre o preço?", CountKind.COUNT, OpinionKind.ALL, ["preço"], ""),
        ("Quantas reclamações houve ontem?", CountKind.COUNT, OpinionKind.NEGATIVE, [], "yesterday"),
    ],
)
def test_what_customers_say_is_asked_in_the_askers_own_words(
    text: str, measure: CountKind, kind: OpinionKind, words: list[str], period: str
) -> None:
    asked = read(text)
    assert asked
    assert (asked.measure, asked.kind, list(asked.terms.values())) == (measure, kind, words)
    assert (asked.period.label if asked.period else "") == period
    assert not asked.is_certain, "it may still be for the documents"


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "nl", "pl", "pt"])
@pytest.mark.parametrize("say", [one for one in Say if one.startswith("suggestion_") and one != Say.SUGGESTION_PAGE])
def test_what_is_suggested_means_the_same_in_each_language(say: Say, language: str) -> None:
    english, other = (WORDINGS.choose(one).say(say, subject="billing", network="X") for one in ("en", language))
    expected, asked = read(english), read(other)
    assert expected
    assert asked
    assert (asked.measure, asked.kind, asked.terms) == (expected.measure, expected.kind, expected.terms)
    assert asked.period == expected.period


def test_networks_and_places_keep_their_names() -> None:
    asked = read("Wie viele Beschwerden gab es in Berlin auf Mastodon?")
    assert asked
    assert (asked.network, asked.place, asked.terms) == ("mastodon", "Berlin", {})


@pytest.mark.parametrize(
    "text",
    [
        *("Wie beantworte ich Beschwerden?", "Was kostet die App?", "Wo finde ich die Richtlinie zu Beschwerden?"),
        *("Comment puis-je répondre aux plaintes ?", "Combien de jours de congé a-t-on ?"),
        *("¿Cómo cancelo mi suscripción?", "Quanto costa il piano famiglia?", "Hoeveel kost de verzending?"),
        *("Ile kosztuje plan rodzinny?", "Quanto custa o plano?", "How do I post a job?", "Who approves the post?"),
    ],
)
def test_what_is_for_the_documents_is_left_to_them(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert BOOKS.translate(text, {"x": "on x"}) == BOOKS.translate(text, {"x": "on x"})


def test_a_company_may_write_its_own_and_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "sv.yaml").write_text("people: [kunder]\nsay: 3\n")
    with pytest.raises(ConfigError, match=r"questions/sv\.yaml"):
        read_phrasebooks([tmp_path])
