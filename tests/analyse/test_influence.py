"""How much an author's word counts: only within its own network, and explained."""

from dataclasses import replace

from fakes_reply import make_mention
from hypothesis import given
from hypothesis import strategies as st

from assistant.listening.analysis.influence import Crowd, Crowds, Reach

CROWDS = Crowds({"x": Crowd(followers=range(100), engagement=range(0, 200, 2)), "file": Crowd(range(1000, 1100))})


def test_the_same_followers_count_differently_on_another_network() -> None:
    small, large = replace(make_mention(network="file"), followers=99), replace(make_mention(network="x"), followers=99)
    assert CROWDS.find_influence(small, Reach()).label == "low"
    found = CROWDS.find_influence(large, Reach())
    assert (found.label, found.reason) == ("high", "99 followers: more than 99% of the authors on x.")


def test_reactions_to_earlier_posts_count_too() -> None:
    mention = replace(make_mention(network="x"), followers=3)
    assert CROWDS.find_influence(mention, Reach()).label == "low"
    found = CROWDS.find_influence(mention, Reach(reactions=170))
    assert (found.label, found.reason) == (
        "medium",
        "170 reactions to this and earlier posts: more than 85% of the authors on x.",
    )


def test_where_too_little_is_known_nothing_is_said() -> None:
    for mention in (
        replace(make_mention(network="nowhere"), followers=10**6),
        replace(make_mention(network="x"), followers=None),
    ):
        assert CROWDS.find_influence(mention, Reach()).label == "unknown"


@given(followers=st.integers(0, 10**12) | st.none(), reactions=st.integers(0, 10**12))
def test_any_author_has_an_influence_and_a_reason(followers: int | None, reactions: int) -> None:
    found = CROWDS.find_influence(replace(make_mention(network="x"), followers=followers), Reach(1, reactions))
    assert found.label in ("high", "medium", "low", "unknown")
    assert 0 <= found.confidence <= 1
    assert found.reason
