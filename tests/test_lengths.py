"""A text is as long as its network counts it: what is too long is refused there, and what fits must not be cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.replies.style_guides import Counting, measure_length

_FAMILY = "👩‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "characters", "graphemes", "mastodon", "x"),
    [
        ("hello", 5, 5, 5, 5),
        ("é", 1, 1, 1, 1),
        ("e\u0301", 2, 1, 1, 1),
        (_FAMILY, 5, 1, 1, 2),
        ("日本", 2, 2, 2, 4),
        ("see https://larkspur.example/help/pausing-a-plan now", 52, 52, 31, 31),
        ("see larkspur.example now", 24, 24, 31, 31),
        ("@ada@social.example hi", 22, 22, 7, 22),
        ("it’s “so”…", 10, 10, 10, 11),
    ],
)
def test_each_network_counts_in_its_own_way(text: str, characters: int, graphemes: int, mastodon: int, x: int) -> None:
    assert [measure_length(text, counting) for counting in Counting] == [characters, graphemes, mastodon, x]


@given(text=st.text())
def test_no_network_counts_less_than_nothing_nor_more_than_the_longest_it_could_be(text: str) -> None:
    for counting in Counting:
        assert 0 <= measure_length(text, counting) <= 23 * len(text)
    assert measure_length(text, Counting.GRAPHEMES) <= measure_length(text, Counting.CHARACTERS) == len(text)
