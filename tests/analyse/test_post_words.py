"""The words a post is about."""

import pytest

from assistant.listening.analysis.keywords import find_words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("The battery of my bike is dead", "en", ("battery", "bike", "dead")),
        ("Battery battery BATTERY", None, ("battery",)),
        ("Der Akku ist leer und die Werkstatt auch", "de", ("akku", "leer", "werkstatt")),
        ("La batterie est vide", "fr", ("batterie", "vide")),
        ("the battery is dead", "xx", ("battery", "dead")),
        ("the battery und die Bremse", "de-AT", ("battery", "bremse")),
        ("@acme https://x.example/battery www.battery.example #Brakes", "en", ("brakes",)),
        ("L2 plan 4.7km 2026", "en", ("plan",)),
        ("Larkspur’s brakes, the rider's helmet", "en", ("larkspur", "brakes", "rider", "helmet")),
        ("'battery' “brakes” e-bike- helmet's'", "en", ("battery", "brakes", "e-bike", "helmet")),
        ("I don't, you won’t, rock'n'roll", "en", ()),
        ("naïve Grüße Łódź", "en", ("naïve", "grüße", "łódź")),
        ("ab x y", "en", ()),
        ("donaudampfschifffahrtsgesellschaftskapitän", "de", ()),
        ("😡 !!! ...", "en", ()),
    ],
)
def test_words_are_what_a_reader_would_underline(text: str, language: str | None, words: tuple[str, ...]) -> None:
    assert find_words(text, language) == words


def test_at_most_thirty_different_words_are_kept() -> None:
    text = " ".join(f"qu{chr(97 + a)}{chr(97 + b)}x" for a in range(8) for b in range(8))
    assert len(find_words(text, "en")) == 30
