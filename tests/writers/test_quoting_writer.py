"""Quoting never puts a word of its own into an answer, and says nothing when nothing is near."""

from pathlib import Path

from fakes_reply import BagOfWordsEmbedder, Library, same
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
    assert [claim.text for claim in writing.claims] == [
        "Theft: 1. Bike stolen: report it.",
        "Theft: 2. Bike stolen: lock it.",
    ]


def answer_from(tmp_path: Path, text: str, asked: str) -> list[str]:
    """What is quoted from one page with these words."""
    library = Library(tmp_path)
    library.add("Parcels", text)
    question = Question(asked)
    results = library.retriever.search(question).results
    writing = library.quoting.write_answer(question, results)
    assert all(sentence.support == "quoted" for sentence in weigh(writing, results, same).sentences)
    return [claim.text for claim in writing.claims]


def test_what_a_heading_forbids_is_quoted_with_it(tmp_path: Path) -> None:
    quoted = answer_from(tmp_path, "## Please never\n\nTape over the barcode.", "May I tape over the barcode?")
    assert quoted == ["Please never: Tape over the barcode."]


def test_a_list_without_a_lead_in_is_quoted_with_its_heading(tmp_path: Path) -> None:
    quoted = answer_from(tmp_path, "## Banned goods\n\n- Live animals\n- Wet paint", "Can I send live animals?")
    assert quoted == ["Banned goods:\n• Live animals\n• Wet paint"]


def test_an_answer_below_a_question_is_quoted_with_the_question(tmp_path: Path) -> None:
    quoted = answer_from(
        tmp_path, "## Can I send plants?\n\nYes.\n\n## Can I send liquids?\n\nNo.", "May I send liquids?"
    )
    assert quoted[-1] == "Can I send liquids? No."


def test_a_heading_that_holds_what_was_asked_is_in_view(tmp_path: Path) -> None:
    quoted = answer_from(
        tmp_path, "## The east gate opens at 05:30\n\nShow your badge.", "When does the east gate open?"
    )
    assert quoted == ["The east gate opens at 05:30: Show your badge."]


def test_a_row_far_below_its_header_is_quoted_under_the_names_of_the_columns(tmp_path: Path) -> None:
    rows = "\n".join(f"| Depot number {n} in the north | Opens at {n} in the morning |" for n in range(40))
    quoted = answer_from(tmp_path, f"| Depot | Hours |\n|---|---|\n{rows}", "When opens depot number 38?")
    assert "Depot: Depot number 38 in the north; Hours: Opens at 38 in the morning" in quoted


def test_an_item_far_below_its_lead_in_is_quoted_with_it(tmp_path: Path) -> None:
    items = "\n".join(f"- a crate of type {n} with more than a few things in it" for n in range(40))
    quoted = answer_from(tmp_path, f"Please never send:\n\n{items}", "May I send a crate of type 38?")
    assert "Please never send:\n• a crate of type 38 with more than a few things in it" in quoted


def test_the_footnote_of_another_section_comes_with_the_sentence_that_it_limits(tmp_path: Path) -> None:
    text = "## Price\n\nThe locker is free.[^1]\n\n## Notes\n\n[^1]: Except for guests."
    assert answer_from(tmp_path, text, "Is the locker free?") == ["The locker is free.\nExcept for guests."]
