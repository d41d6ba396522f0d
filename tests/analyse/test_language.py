"""Which language a post is in: two detectors, Hindi in Latin script, and what the network claims."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import About
from assistant.listening.analysis.language import UNKNOWN, LanguageFinder

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
