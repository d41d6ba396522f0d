"""Which language a post is in: two detectors, Hindi in Latin script, and what the network claims."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import About
from assistant.text.language import UNKNOWN, LanguageFinder

_SHORT = Path(__file__).parent.parent.parent / "evals" / "languages" / "short.jsonl"
FINDER = LanguageFinder()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The battery of my bike is empty again", "en"),
        ("Mein Akku ist schon wieder leer", "de"),
        ("La batterie de mon vélo est vide", "fr"),
        ("Moja bateria znowu jest pusta", "pl"),
        ("我的电池又没电了", "zh"),
        ("بطارية دراجتي فارغة مرة أخرى", "ar"),
        ("Mae batri fy meic yn wag eto heddiw", "cy"),  # eldc lacks Welsh, CLD2 has it
        ("yeh bike bahut acchi hai lekin service nahi hai", "hi"),
        ("@acme https://acme.example/die-der-das #ist my bike is broken", "en"),
        ("Wo ist mein Paket?", "de"),  # “wo” and “mein” are Hindi as well
        ("mera paisa wapas karo", "hi"),
        ("no", UNKNOWN),
        ("ok", UNKNOWN),
        ("😡😡😡", UNKNOWN),
        ("@acme https://acme.example", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_post_is_in_the_language_a_reader_would_say(text: str, language: str) -> None:
    found = FINDER.find_language(text)
    assert (found.about, found.label) == (About.LANGUAGE, language)


@pytest.mark.parametrize(
    ("text", "claimed", "language"),
    [
        ("Super!", "de-AT", "de"),
        ("ok", "pl", "pl"),
        ("😡", "fr", "fr"),
        ("The battery of my bike is empty again and nobody helps", "de", "en"),
        ("Super!", "und", "fr"),
        ("Mein Akku ist schon wieder leer", "DE", "de"),
    ],
)
def test_what_the_network_says_decides_where_the_text_is_too_short_to_tell(
    text: str, claimed: str, language: str
) -> None:
    found = FINDER.find_language(text, claimed)
    if claimed == "und":
        assert found.label == FINDER.find_language(text).label
    else:
        assert found.label == language


@settings(deadline=None, max_examples=300)
@given(text=st.text(), claimed=st.sampled_from([None, "", "en", "xx", "zh-Hant", "und", "qme"]))
def test_any_text_has_a_language_or_none_and_says_how_sure_that_is(text: str, claimed: str | None) -> None:
    found = FINDER.find_language(text, claimed)
    assert found.label
    assert 0 <= found.confidence <= 1
    assert found.version


def test_short_sentences_of_customers_in_eight_languages_are_told_apart() -> None:
    posts = yaml.safe_load((Path(__file__).parent / "short_posts.yaml").read_text(encoding="utf-8"))
    pairs = [(lang, text) for lang, texts in posts.items() for text in texts]
    wrong = [(lang, text) for lang, text in pairs if FINDER.find_language(text).label != lang]
    assert len(wrong) <= 0.05 * len(pairs), wrong


def test_short_sentences_of_customers_are_known_in_eight_languages() -> None:
    rows = [json.loads(line) for line in _SHORT.read_text(encoding="utf-8").splitlines()]
    spoken = [row for row in rows if row["lang"] != "unknown"]
    right = [row for row in spoken if FINDER.find_language(row["text"]).label == row["lang"]]
    assert len(spoken) > 300
    assert len(right) >= 0.95 * len(spoken)


def test_a_word_or_a_name_that_could_be_of_any_language_is_of_none() -> None:
    rows = [json.loads(line) for line in _SHORT.read_text(encoding="utf-8").splitlines()]
    alone = [row["text"] for row in rows if row["lang"] == "unknown"]
    named = [text for text in alone if FINDER.find_language(text).label != "unknown"]
    assert len(named) <= 0.05 * len(alone)
