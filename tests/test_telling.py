"""The words of a chat model in a summary: any number that is no figure has them thrown away."""

from pathlib import Path

import pytest

from assistant.core.prompts import Prompts
from assistant.domain import Figure
from assistant.errors import ModelError
from assistant.reports.digest.headlines import ChatSummary, Teller, _tell_replies, find_problem

FIGURES = (
    Figure("posts", 1500, "posts", "", before=1200.0, compared=1500.0),
    Figure("negative_share", 41.2, "percent", ""),
    Figure("posts_by_topic.topic 7", 12, "posts", ""),
)


@pytest.mark.parametrize(
    ("sentence", "is_sound"),
    [
        ("1,500 posts, 1,200 before, 300 more; 41.2 % are negative.", True),
        ("1500 posts, and topic 7 is in 12 of them.", True),
        ("1 500 posts.", True),
        ("1,501 posts.", False),
        ("41 % are negative.", False),
        ("Negative posts doubled.", False),
        ("Nearly half are negative.", False),
        ("Twelve posts speak of it.", False),
        ("See https://evil.example for 1,500 posts.", False),
        ("7 posts.", False),
        ("1\N{NARROW NO-BREAK SPACE}500 posts, of them ４１.２ per cent negative.", True),
        ("1'500 posts.", True),
        ("١٥٠٠ posts.", True),
        ("١٥٠١ posts.", False),
        ("12k posts.", False),
        ("12 million posts.", False),
        ("1e3 posts and 1500 more.", False),
        ("三 posts.", False),
        ("½ of 1,500 posts.", False),
        ("Ⅻ posts.", False),
        ("Zero replies went out.", False),
        ("One reply went out.", False),
        ("One of 12 posts got an answer.", False),
        ("12 % are negative.", False),
        ("1,500 percent more.", False),
        ("", False),
    ],
)
def test_words_with_a_number_that_is_no_figure_are_refused(sentence: str, is_sound: bool) -> None:
    assert (find_problem([sentence], FIGURES) == "") is is_sound


@pytest.mark.parametrize("said", ["1,500 posts came in.", "9,999 posts came in.", None])
def test_the_models_words_are_used_only_where_they_hold(said: str | None) -> None:
    prompts: list[str] = []

    def ask(prompt: str) -> ChatSummary:
        prompts.append(prompt)
        if said is None:
            raise ModelError("It is down.", "Wait.")
        return ChatSummary(sentences=[said])

    figures = (*FIGURES, Figure("critics.x/ada", 3, "posts", ""))
    told = Teller(ask, Prompts(Path(__file__).parent.parent / "prompts")).tell(("Template.",), figures)
    assert told == (("1,500 posts came in.",) if said == "1,500 posts came in." else ("Template.",))
    assert "posts: 1500 posts (before: 1200)" in prompts[0]
    assert "ada" not in prompts[0]


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.2, "170 posts need a reply, 1.2 % got one; Earshot sent none this week."),
        (0.0, "170 posts need a reply, 0.0 % got one; no reply was sent this week."),
    ],
)
def test_posts_that_somebody_answered_without_earshot_are_no_contradiction(share: float, told: str) -> None:
    figures = (Figure("posts_by_triage.reply", 170, "posts", ""), Figure("answered_share", share, "percent", ""))
    assert " ".join(_tell_replies(figures, "week").split()) == told
