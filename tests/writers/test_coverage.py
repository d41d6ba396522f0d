"""A passage answers only where it speaks of what was asked: each word that matters, or one of like meaning."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from fakes_reply import BagOfWordsEmbedder, Library

from assistant.domain import Audience, Question
from assistant.knowledge.answers.coverage import WordCoverage
from assistant.text.embedding import Vectors


class CountingEmbedder(BagOfWordsEmbedder):
    """Notes which texts it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().embed(texts)


def rate(question: str, *texts: str, weights: dict[str, float] | None = None) -> list[float]:
    def weigh(terms: Sequence[str], audience: Audience) -> dict[str, float]:
        return {term: (weights or {}).get(term, 1.0) for term in terms}

    return WordCoverage(BagOfWordsEmbedder(), weigh).rate(Question(question), texts)


def test_a_text_that_speaks_of_all_that_was_asked_gains_and_one_that_lacks_a_word_loses() -> None:
    whole, part = rate("do we rent out helmets", "Helmets are rented at the desk.", "Wear a helmet.")
    assert whole > 0 > part


def test_a_word_that_is_rare_in_the_documents_matters_more() -> None:
    texts = ("A bike is here.", "A helmet is here.")
    common, rare = rate("bike helmet", *texts, weights={"helmet": 9.0})
    assert rare > common


def test_a_question_of_small_words_alone_changes_nothing() -> None:
    assert rate("what is it?", "Anything.", "") == [0.0, 0.0]


def test_what_people_type_around_a_question_is_not_looked_for() -> None:
    assert rate("press contact pls", "The press contact.") == rate("press contact", "The press contact.")


def test_a_text_without_words_covers_nothing() -> None:
    assert rate("helmets", "…")[0] < -0.3


def test_words_that_were_compared_before_are_not_embedded_again() -> None:
    embedder = CountingEmbedder()
    coverage = WordCoverage(embedder, lambda terms, audience: dict.fromkeys(terms, 1.0))
    for _ in range(2):
        coverage.rate(Question("rent a helmet"), ["Helmets are red."])
    assert len(embedder.asked) == len(set(embedder.asked))


def test_a_page_of_as_many_words_as_anybody_likes_is_compared_by_its_first_few_hundred() -> None:
    embedder = CountingEmbedder()
    coverage = WordCoverage(embedder, lambda terms, audience: dict.fromkeys(terms, 1.0))
    coverage.rate(Question("rent"), [" ".join(f"word{number}" for number in np.arange(5_000))])
    assert len(embedder.asked) < 500


def test_a_version_that_only_other_pages_have_is_named_as_not_there(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.add("Interface v2", "# Interface v2\n\nInterface v2 gives checks their own keys.")
    made = library.answering(least=-9.0).answer(Question("what is new in interface v4?"))
    assert not made.is_grounded
    assert "“v4”" in made.answer
