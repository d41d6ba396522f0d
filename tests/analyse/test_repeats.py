"""Which posts say the same: copies with other links, quotes of others, and near copies; never what only seems alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.listening.analysis.duplicates import is_repeat, sketch

POST = "Larkspur locked? We open any smart lock in ten minutes, pay in coins, DM us"


@pytest.mark.parametrize(
    "other",
    [
        POST,
        POST.upper() + "!!!",
        f"RT @ada: {POST}",
        f"{POST} https://spam.example/a",
        POST.replace("smart", "smrt"),
        f"  {POST} 🔓",
    ],
)
def test_a_post_with_the_same_words_is_a_repeat(other: str) -> None:
    assert is_repeat(other, POST)
    assert set(sketch(other)) & set(sketch(POST))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("thank you so much", "thank you so much"),  # what many say by themselves
        ("flight 1234 to Boston is late again today", "flight 4321 to Boston is late again today"),
        ("@ada why is my bike not here yet", "@bob why is my bike not here yet"),
        ("my battery is empty after ten miles in winter", "my lock is jammed after ten weeks in winter"),
        ("The bike is great and I love riding it", "The bike is awful and I hate riding it"),
        ("", ""),
        ("i live in the uk can i get one of your cards please", "i live in the eu can i get one of your cards please"),
        ("how do i reset my password for the app on my phone", "how do i reset my passcode for the app on my phone"),
        ("where is the new card that you sent me", "where is the card that you sent me"),
        ("I can recommend this bike to all of you", "I can not recommend this bike to all of you"),
        ("my flight leaves tomorrow at noon from gate seven", "my flight leaves tonight at noon from gate seven"),
        ("Lovely! RT @ada: our new bikes are here at last", "Nope. RT @ada: our new bikes are here at last"),
        ("@ada " * 30 + "She is.", "@ada " * 30 + "She is a pathological liar"),
        ("I have a transaction showing up more than once", "Why do I have a transaction showing up more than once?"),
        ("Can I top up my card with other cards?", "How can I top up my card with another card?"),
    ],
)
def test_posts_that_only_seem_alike_are_no_repeats(text: str, other: str) -> None:
    assert not is_repeat(text, other)


@given(text=st.text(), other=st.text())
def test_to_repeat_is_mutual_and_a_short_post_has_no_sketch(text: str, other: str) -> None:
    assert is_repeat(text, other) == is_repeat(other, text)
    assert len(sketch(text)) <= 6
    assert all(0 <= number < 2**63 for number in sketch(text))
