"""The measure of drafts: what counts as right is written beside each post, and half of the posts are never read."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes_reply import NOW, Library, make_mention

from assistant.domain import Draft, DraftLook
from assistant.errors import InputError
from evals.drafts import (
    DraftedPost,
    Expected,
    Outcome,
    PostToDraft,
    measure_drafts,
    read_posts,
    write_for_reading,
)

SET = Path(__file__).parents[2] / "evals" / "posts" / "hollin.jsonl"
PAUSE = "You can pause your plan for up to three months in the app."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    library = Library(tmp_path_factory.mktemp("library"))
    library.add("Pausing", PAUSE)
    return library.proposing().propose(make_mention(text="Can I pause my plan in the app?"), NOW)


def post(expected: Expected | None, is_held: bool = False) -> PostToDraft:
    return PostToDraft(make_mention(text="Can I pause my plan in the app?"), expected, is_held)


def test_a_draft_is_right_with_all_wanted_words_and_no_wrong_one(made: Draft) -> None:
    answer = (Outcome.ANSWER,)
    judged = [
        DraftedPost(post(Expected(answer, ("three months",))), made),
        DraftedPost(post(Expected(answer, ("four months",))), made),
        DraftedPost(post(Expected(answer, (), ("IN THE APP",))), made),
        DraftedPost(post(Expected((Outcome.NONE,))), made),
        DraftedPost(post(Expected((Outcome.NONE,))), replace(made, text="", citations=())),
        DraftedPost(post(Expected(answer)), replace(made, text="", citations=())),
    ]
    assert [one.is_right for one in judged] == [True, False, False, False, True, False]
    report = measure_drafts(judged)
    assert (report.shown, report.shown_right, report.none, report.none_right) == (4, 0.25, 2, 0.5)
    assert (report.answerable, report.answered_right) == (4, 0.25)
    held_back = [replace(one, draft=replace(one.draft, look=DraftLook.NEEDS_WORK)) for one in judged[1:4]]
    report = measure_drafts([judged[0], *held_back])
    assert (report.shown, report.ready, report.ready_right) == (4, 1, 1.0)


def test_posts_of_which_nothing_is_known_are_written_down_and_not_counted(made: Draft, tmp_path: Path) -> None:
    drafted = [DraftedPost(post(None), made), DraftedPost(post(Expected((Outcome.NONE,)), is_held=True), made)]
    assert measure_drafts(drafted[:1]).posts == 0
    write_for_reading(drafted, tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text(encoding="utf-8").count(PAUSE) == 1


def test_the_set_has_enough_posts_half_of_them_held() -> None:
    posts = read_posts(SET)
    held = [one for one in posts if one.is_held]
    assert len(posts) >= 60
    assert abs(len(posts) - 2 * len(held)) <= 1
    assert all(one.expected for one in posts)


@pytest.mark.parametrize("line", ['{"id": "1"}', '{"id": "1", "text": " "}', '{"text": "a", "may": ["perhaps"]}'])
def test_a_line_that_is_no_post_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_posts(path)
