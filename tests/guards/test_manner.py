"""How a reply sounds: each finding names the words and how to mend them."""

import pytest
from guards.making import make_candidate

from assistant.domain.replies import Effect
from assistant.replies.guards.guards import Guards
from assistant.replies.guards.tone import MannerGuard
from assistant.replies.style_guides import Guide

GUARD = MannerGuard(handles=("acme",), competitors=("Velora Bikes",))


@pytest.mark.parametrize(
    ("text", "words", "effect"),
    [
        ("x" * 281, "", Effect.BLOCK),
        ("That is per our policy.", "per our policy", Effect.BLOCK),
        ("Nice #bikes", "#bikes", Effect.WARN),
        ("A https://a.example/1 and https://a.example/2", "https://a.example/2", Effect.WARN),
        ("What a load of shit.", "shit", Effect.HOLD),
        ("What a load of sh1t.", "sh1t", Effect.HOLD),
        ("PLEASE READ THIS now.", "PLEASE READ THIS", Effect.WARN),
        ("Really???", "???", Effect.WARN),
        ("Good luck with that.", "Good luck with that", Effect.WARN),
        ("That is your own fault.", "is your own fault", Effect.WARN),
        ("Ask @eve about it.", "@eve", Effect.HOLD),
        ("Better than velora-bikes!", "velora-bikes", Effect.HOLD),
    ],
)
def test_what_does_not_fit_is_named(text: str, words: str, effect: Effect) -> None:
    [finding] = GUARD.check(make_candidate(text))
    assert (finding.words, finding.effect) == (words, effect)
    assert finding.reason.endswith(".")


@pytest.mark.parametrize("text", ["Hi @ada, thanks for asking! ^T", "Write to @acme. The USB port is on the LEFT."])
def test_the_author_we_and_ordinary_words_pass(text: str) -> None:
    assert GUARD.check(make_candidate(text)) == []


def test_all_guards_together_tell_what_blocks_first_and_nothing_twice() -> None:
    found = Guards([GUARD, GUARD]).check(make_candidate("That is your own fault, per our policy."))
    assert [finding.effect for finding in found] == [Effect.BLOCK, Effect.WARN]
    assert Guards([GUARD]).check(make_candidate("  ")) == ()


def test_on_mastodon_a_reply_without_its_authors_handle_is_told_of() -> None:
    guide = Guide("mastodon", 500, names_author=True)
    [finding] = GUARD.check(make_candidate("Thanks for asking.", guide=guide))
    assert finding.reason == "Mastodon tells people of a reply only when it names them: begin with @ada."
    assert GUARD.check(make_candidate("@Ada Thanks for asking.", guide=guide)) == []
