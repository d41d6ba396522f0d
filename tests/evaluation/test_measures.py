"""Figures of ranking, refusal and overlap, against those worked out by hand."""

from math import log2

import pytest

from assistant.errors import InputError
from evals.corpus import DocumentNames
from evals.measures import Detection, detect, overlap, rank, separate


def test_ranking_figures_are_those_worked_out_by_hand() -> None:
    # q1: right ones at places 2 and 3 of 3; q2: at place 1; q3: not found; q4: at place 11, too late to count.
    found = {"q1": ["x", "a", "b"], "q2": ["c"], "q3": ["x"], "q4": [*map(str, range(10)), "e"]}
    gold = {key: frozenset(docs) for key, docs in (("q1", "ab"), ("q2", "c"), ("q3", "d"), ("q4", "e"))}
    ranking = rank(found, gold)
    ndcg_q1 = (1 / log2(3) + 1 / log2(4)) / (1 / log2(2) + 1 / log2(3))
    assert ranking.ndcg_at_10 == pytest.approx((ndcg_q1 + 1) / 4)
    assert ranking.mrr_at_10 == pytest.approx((0.5 + 1) / 4)
    assert (ranking.hit_at_1, ranking.hit_at_5) == (0.25, 0.5)


def test_documents_keep_their_order_when_there_are_more_than_ten() -> None:
    names = [f"d{number}" for number in range(12)]
    assert rank({"q": names}, {"q": frozenset(["d5"])}).mrr_at_10 == pytest.approx(1 / 6)


def test_a_question_for_which_nothing_is_found_counts_as_a_miss() -> None:
    assert rank({"a": [], "b": ["y"]}, {"a": frozenset("x"), "b": frozenset("y")}).mrr_at_10 == 0.5


def test_refusal_figures_are_those_worked_out_by_hand() -> None:
    # Three answerable and two unanswerable ones; refused are one of the first and one of the second.
    detection = detect([False, False, False, True, True], [True, False, False, True, False])
    assert detection == Detection(0.5, 0.5, 0.5)
    assert separate([3.0, 2.0, 0.5], [1.0, 0.2]) == pytest.approx(5 / 6)


def test_shares_of_nothing_are_left_open() -> None:
    assert separate([1.0], []) is None
    assert detect([False], [True]) == Detection(None, None, None)
    assert detect([True], [False]) == Detection(None, 0.0, 0.0)


def test_token_f1_takes_the_nearest_written_answer() -> None:
    # Two of three words shared with an answer of two: precision 2/3, recall 1.
    assert overlap("the blue cupboard", ["a green door", "blue cupboard"]) == pytest.approx(0.8)


def test_a_document_is_found_by_its_whole_name_or_by_one_that_ends_with_the_other() -> None:
    names = DocumentNames(["18f/x.md", "about.md", "18f/about.md", "123.md", "deep/er/y.txt"])
    assert names.find("18f-handbook/18f/x.md") == "18f/x.md"
    assert names.find("mtragun/123") == "123.md"
    assert names.find("er/y.txt") == "deep/er/y.txt"
    assert names.find("about.md") == "about.md"
    assert names.find("handbook/18f/about.md") == "18f/about.md"
    assert names.find("8f/x.md") is None


def test_a_name_that_fits_two_documents_is_refused() -> None:
    with pytest.raises(InputError, match=r"x\.md may be a/x\.md or b/x\.md"):
        DocumentNames(["a/x.md", "b/x.md"]).find("x.md")
