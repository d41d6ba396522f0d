"""Small talk is replied to at once; whatever could be a question is searched for."""

import pytest

from assistant.knowledge.answers.small_talk import find_small_talk


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello!",
        "hey earshot",
        "Good morning everyone",
        "thanks a lot!",
        "thx",
        "are you a bot?",
        "who are you?",
        "how are you?",
        "asdfghjkl",
        "?!",
        "bye",
    ],
)
def test_small_talk_has_a_short_reply(text: str) -> None:
    assert 0 < len(find_small_talk(text)) < 120


@pytest.mark.parametrize(
    "text",
    [
        "hi, how do I pause my plan?",
        "thanks, and for students?",
        "refund policy",
        "E-104",
        "42",
        "\u8fd4\u54c1",
        "bot",
        "are you a member?",
        "GDPR",
        "HTTPS",
        "who are you selling bikes to?",
    ],
)
def test_a_question_is_never_taken_for_small_talk(text: str) -> None:
    assert find_small_talk(text) == ""
