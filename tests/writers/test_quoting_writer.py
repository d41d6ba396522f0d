"""Quoting never puts a word of its own into an answer, and says nothing when nothing is near."""

from fakes_reply import BagOfWordsEmbedder, same
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Audience, Chunk, Question, SearchResult
from assistant.knowledge.answers.extractive import QuotingWriter
from assistant.knowledge.answers.grounding import weigh
from assistant.text.embedding import SentenceTransformerEmbedder

WORDS = [
    "pause",
    "plan",
    "app",
    "battery",
    "bike",
    "**bold**",
    "[link](https://x.example)",
    "month",
    "| cell",
    "- item",
]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda words: " ".join(words) + "."), max_size=8
).map("\n".join)


def make_results(*texts: str) -> list[SearchResult]:
    return [
        SearchResult(Chunk(n, "tests", f"{n}.md", "Title", "", text, 0, Audience.PUBLIC), 1.0, 1.0)
        for n, text in enumerate(texts)
    ]


@settings(deadline=None, max_examples=60)
@given(question=TEXTS, texts=st.lists(TEXTS, max_size=9))
def test_every_claim_is_a_verbatim_part_of_the_passage_it_names(question: str, texts: list[str]) -> None:
    results = make_results(*texts)
    writing = QuotingWriter(BagOfWordsEmbedder()).write_answer(Question(question), results)

    assert len(writing.claims) <= 4
    for claim in writing.claims:
        [place] = claim.places
        assert claim.quote is not None
        assert claim.quote in results[place - 1].chunk.text
    assert all(sentence.support == "quoted" for sentence in weigh(writing, results, same).sentences)
    assert len({claim.text.lower() for claim in writing.claims}) == len(writing.claims)


def test_the_best_sentences_come_in_the_order_of_the_documents() -> None:
    results = make_results("You can pause your plan in the app. Bikes are green and blue. Pause your plan by phone.")
    writing = QuotingWriter(BagOfWordsEmbedder()).write_answer(Question("pause your plan"), results)
    assert [claim.text for claim in writing.claims] == [
        "You can pause your plan in the app.",
        "Pause your plan by phone.",
    ]


def test_nothing_found_means_nothing_said() -> None:
    assert QuotingWriter(BagOfWordsEmbedder()).write_answer(Question("pause"), []).claims == ()


def test_other_words_with_the_same_meaning_find_their_sentence(real_embedder: SentenceTransformerEmbedder) -> None:
    results = make_results(
        "You can suspend your subscription for up to three months. Our bikes come in green and blue."
    )
    writing = QuotingWriter(real_embedder).write_answer(Question("How long can I freeze my membership?"), results)
    assert [claim.text for claim in writing.claims] == ["You can suspend your subscription for up to three months."]


def test_steps_keep_their_order_though_a_later_piece_of_the_page_fits_best() -> None:
    texts = ["1. Bike stolen: report it.", "2. Bike stolen: lock it."]
    later, earlier = (
        SearchResult(Chunk(n, "tests", "theft.md", "Theft", "", texts[n], n, Audience.PUBLIC), 1.0, 1.0) for n in (1, 0)
    )
    writing = QuotingWriter(BagOfWordsEmbedder()).write_answer(Question("bike stolen"), [later, earlier])
    assert [claim.text[:2] for claim in writing.claims] == ["1.", "2."]
