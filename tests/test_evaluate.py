"""What is measured: figures as worked out by hand, masked pages, histories, and what is said of bad input."""

import gzip
import json
import sys
from collections.abc import Callable
from math import log2
from pathlib import Path

import pytest
from cli.conftest import RunJson, assistant, run, run_json, settings  # noqa: F401  # fixtures
from fakes import FakeEmbedder

from assistant.config import Settings
from assistant.domain import Answer, Citation, Question, Sentence, Support, Turn
from assistant.errors import ConfigError, InputError
from assistant.evaluate.answers import _check_citations, measure_answers
from assistant.evaluate.corpus import Corpus, find_gold, prepare
from assistant.evaluate.measures import Detection, detect, overlap, rank, separate
from assistant.evaluate.naming import DocumentNames
from assistant.evaluate.reading import Asked, read_questions
from assistant.evaluate.refusal import measure_refusal
from assistant.evaluate.retrieval import measure_retrieval
from assistant.wiring import Assistant

PAGES = {
    "bikes/brakes.md": "# Brakes\n\nBrake pads are replaced every two thousand kilometres.\n",
    "bikes/tyres.md": "# Tyres\n\nTyres are pumped to four bar before a long ride.\n",
    "office/keys.md": "# Keys\n\nThe porter keeps the spare keys in the blue cupboard.\n",
}
BRAKES = "When are brake pads replaced?"
KEYS = "Where does the porter keep the spare keys?"

Write = Callable[..., Path]


def quiet(text: str) -> None:
    """No progress."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pages."""
    for name, text in PAGES.items():
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "pages"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines of JSONL to a file with this name."""

    def write_lines(name: str, *lines: object) -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        return path

    return write_lines


@pytest.fixture
def corpus(settings: Settings, folder: Path) -> Corpus:  # noqa: F811
    """The three pages, ready to be asked about; the threshold lies between sense and nonsense for this embedder."""
    strict = settings.model_copy(update={"answer_confidence": 4.0})
    return prepare(Assistant(strict, embedder=FakeEmbedder()), folder, None, quiet)


def ask(text: str, *doc_ids: str, answers: tuple[str, ...] = (), is_unanswerable: bool = False) -> Asked:
    """A question and what is known of it."""
    return Asked(text, Question(text), doc_ids, answers, is_unanswerable)


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


def test_retrieval_is_measured_over_the_questions_with_right_documents(corpus: Corpus) -> None:
    questions = [ask(BRAKES, "handbook/bikes/brakes.md"), ask(KEYS, "office/keys.md"), ask("And you?")]
    report = measure_retrieval(corpus, questions, quiet)
    assert (report.questions, report.documents, report.chunks, report.missing) == (2, 3, 3, 0)
    assert (report.ranking.ndcg_at_10, report.ranking.mrr_at_10, report.ranking.hit_at_1) == (1.0, 1.0, 1.0)
    assert 0 < report.latency.p50_ms <= report.latency.p95_ms


def test_a_right_document_that_is_not_there_is_told_and_counts_as_a_miss(corpus: Corpus) -> None:
    report = measure_retrieval(corpus, [ask(BRAKES, "bikes/brakes.md"), ask(KEYS, "gone.md")], quiet)
    assert (report.missing, report.ranking.hit_at_5) == (1, 0.5)


def test_questions_about_other_documents_are_refused(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="None of the questions' doc_ids is among the documents"):
        find_gold(corpus, [ask(BRAKES, "elsewhere.md")])


def test_retrieval_without_any_right_document_is_refused(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="No question has doc_ids"):
        measure_retrieval(corpus, [ask(BRAKES)], quiet)


def test_answers_are_checked_against_the_store(corpus: Corpus) -> None:
    written = "Brake pads are replaced every two thousand kilometres."
    questions = [
        ask(BRAKES, "bikes/brakes.md", answers=(written,)),
        ask(KEYS, "bikes/tyres.md"),
        ask("zzz qqq www xxx?"),
    ]
    report = measure_answers(corpus, questions, quiet)
    assert report.answered == pytest.approx(2 / 3)
    assert (report.citation_precision, report.support["quoted"]) == (1.0, 1.0)
    assert report.gold_cited == 0.5
    assert report.token_f1 == 1.0
    assert (report.median_sentences, report.cited_sentences) == (1, 2)


def test_a_quote_that_stands_in_another_document_or_is_empty_is_no_citation(corpus: Corpus) -> None:
    quote = "Tyres are pumped to\n  four bar"
    cited = [("bikes/tyres.md", quote), ("office/keys.md", quote), ("bikes/tyres.md", "")]
    citations = tuple(Citation(n, doc, "", "", None, text) for n, (doc, text) in enumerate(cited, start=1))
    numbers = [(1,), (2,), (3,), (1, 2), (9,), ()]
    sentences = tuple(Sentence("", Support.QUOTED, cites) for cites in numbers)
    answer = Answer("", is_grounded=True, reason="", sentences=sentences, citations=citations)
    assert _check_citations(corpus.assistant.store, answer) == [True, False, False, False, False]


def test_when_everything_is_refused_the_shares_are_left_open(corpus: Corpus) -> None:
    report = measure_answers(corpus, [ask("zzz qqq www xxx?")], quiet)
    assert (report.answered, report.citation_precision, report.median_sentences, report.support) == (
        0.0,
        None,
        None,
        {},
    )


def test_refusals_are_measured_against_what_is_marked(corpus: Corpus) -> None:
    nothing = "zzz qqq www xxx?"
    questions = [
        ask(BRAKES, "bikes/brakes.md"),
        ask(nothing, "bikes/tyres.md"),
        ask(f"{nothing} Oh?", is_unanswerable=True),
        ask(KEYS, is_unanswerable=True),
        ask("neither"),
    ]
    report = measure_refusal(corpus, questions, [ask("vvv uuu ttt?")], quiet)
    assert (report.answerable, report.unanswerable, report.left_out, report.off_topic) == (2, 2, 1, 1)
    assert report.detection == Detection(0.5, 0.5, 0.5)
    assert (report.wrongly_refused, report.off_topic_refused) == (0.5, 1.0)
    assert report.auroc is not None
    assert report.off_topic_auroc is not None


def test_refusal_needs_a_question_that_says_what_is_right(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="No question has doc_ids or is marked unanswerable"):
        measure_refusal(corpus, [ask(BRAKES)], [], quiet)


def test_masked_pages_stand_in_for_the_originals(assistant: Assistant, folder: Path, write: Write) -> None:  # noqa: F811
    masked = write("masked.jsonl", {"doc_id": "handbook/office/keys.md", "text": "# Keys\n\nNothing at all.\n"})
    corpus = prepare(assistant, folder, masked, quiet)
    texts = [row["text"] for row in corpus.assistant.store.rows("select text from chunks")]
    assert "Nothing at all." in texts
    assert not any("porter" in text for text in texts)
    assert (folder / "office/keys.md").read_text() == PAGES["office/keys.md"]


def test_a_masked_page_that_stands_for_nothing_is_refused(assistant: Assistant, folder: Path, write: Write) -> None:  # noqa: F811
    masked = write("masked.jsonl", {"doc_id": "office/doors.md", "text": "Nothing."})
    with pytest.raises(InputError, match=r"masked\.jsonl, line 1: office/doors\.md stands for none of the documents"):
        prepare(assistant, folder, masked, quiet)


def test_a_second_run_embeds_only_what_changed(settings: Settings, folder: Path) -> None:  # noqa: F811
    prepare(Assistant(settings, embedder=FakeEmbedder()), folder, None, quiet)
    embedder = FakeEmbedder()
    (folder / "bikes/tyres.md").write_text("# Tyres\n\nFive bar.\n")
    (folder / "office/keys.md").unlink()
    corpus = prepare(Assistant(settings, embedder=embedder), folder, None, quiet)
    assert (corpus.documents, len(embedder.texts)) == (2, 1)


def test_a_fresh_run_embeds_everything(settings: Settings, folder: Path) -> None:  # noqa: F811
    prepare(Assistant(settings, embedder=FakeEmbedder()), folder, None, quiet)
    embedder = FakeEmbedder()
    prepare(Assistant(settings, embedder=embedder), folder, None, quiet, is_fresh=True)
    assert len(embedder.texts) == 3


def test_measuring_leaves_the_own_documents_alone(assistant: Assistant, folder: Path) -> None:  # noqa: F811
    corpus = prepare(assistant, folder, None, quiet)
    assert assistant.documents.count()["chunks"] == 0
    assert corpus.assistant.settings.earshot_home.parent == assistant.settings.earshot_home / "eval"


def test_measuring_never_writes_to_a_chroma_server(settings: Settings, folder: Path) -> None:  # noqa: F811
    served = settings.model_copy(update={"earshot_chroma_url": "http://127.0.0.1:9"})
    assert prepare(Assistant(served, embedder=FakeEmbedder()), folder, None, quiet).chunks == 3


def test_passages_in_one_file_are_documents_too(assistant: Assistant, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "passages.jsonl.gz"
    lines = [{"doc_id": "set/1", "text": "Brake pads."}, {"doc_id": "set/2", "text": "Spare keys."}]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    corpus = prepare(assistant, path, None, quiet)
    assert [corpus.names.find(name) for name in ("set/1", "2", "all/set/2")] == ["set/1.md", "set/2.md", "set/2.md"]


@pytest.mark.parametrize("doc_id", ["../x", "/etc/x", ".hidden/x", "a//b", "a/" + "b" * 300])
def test_a_passage_whose_name_leads_elsewhere_is_refused(assistant: Assistant, write: Write, doc_id: str) -> None:  # noqa: F811
    with pytest.raises(InputError, match=r"passages\.jsonl, line 1: the doc_id .* cannot be a path"):
        prepare(assistant, write("passages.jsonl", {"doc_id": doc_id, "text": "Text."}), None, quiet)


def test_two_passages_with_one_name_are_refused(assistant: Assistant, write: Write) -> None:  # noqa: F811
    line = {"doc_id": "1", "text": "Text."}
    with pytest.raises(InputError, match="line 2: 1 is there already"):
        prepare(assistant, write("passages.jsonl", line, line), None, quiet)


def test_history_is_passed_to_the_search(corpus: Corpus, write: Write) -> None:
    turn = {"role": "user", "text": "I lost the spare keys of the porter."}
    path = write("q.jsonl", {"question": "Where are they?", "doc_ids": ["office/keys.md"], "history": [turn]})
    questions = read_questions(path)
    assert questions[0].question.history == (Turn("user", turn["text"]),)
    bare = Asked("1", Question("Where are they?"), ("office/keys.md",))
    found = [corpus.assistant.retriever.search(asked.question).results[0] for asked in (questions[0], bare)]
    assert found[0].chunk.document_id == "office/keys.md"
    assert found[0].score != found[1].score
    assert measure_retrieval(corpus, questions, quiet).ranking.hit_at_1 == 1.0


def test_a_limit_takes_the_first_questions(write: Write) -> None:
    path = write("q.jsonl", *({"id": number, "question": "Why?"} for number in range(1, 5)))
    assert [asked.question_id for asked in read_questions(path, 2)] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": "1", "doc_ids": []}, r"q\.jsonl, line 2 has no question"),
        ({"question": " "}, r"q\.jsonl, line 2 has no question"),
        ([1], r"q\.jsonl, line 2 is no JSON object"),
        ({"question": "Why?", "doc_ids": "x.md"}, "line 2: doc_ids is no list of texts"),
        ({"question": "Why?", "answers": [1]}, "line 2: answers is no list of texts"),
        ({"question": "Why?", "history": ["hello"]}, "line 2: history is no list of turns"),
    ],
)
def test_a_line_that_is_no_question_is_named(write: Write, line: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_questions(write("q.jsonl", {"question": "Why?"}, line))


def test_files_that_cannot_be_read_are_named(tmp_path: Path, write: Write) -> None:
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_text("no gzip")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"question": "Café?"}'.encode("latin-1"))
    for path, said in (
        (tmp_path / "gone.jsonl", r"gone\.jsonl cannot be read: No such file"),
        (broken, r"broken\.jsonl\.gz cannot be read"),
        (latin, r"latin\.jsonl is not valid UTF-8"),
        (write("empty.jsonl"), r"empty\.jsonl has no questions"),
    ):
        with pytest.raises(InputError, match=said):
            read_questions(path)


def test_documents_that_are_not_there_are_named(assistant: Assistant, tmp_path: Path, write: Write) -> None:  # noqa: F811
    (tmp_path / "empty").mkdir()
    (tmp_path / "page.md").write_text("Text.")
    for path, said in (
        (tmp_path / "gone", "There is no file or folder"),
        (tmp_path / "page.md", "is neither a folder nor JSONL"),
        (tmp_path / "empty", "has no documents"),
        (write("pages.jsonl", {"doc_id": "1"}), r"pages\.jsonl, line 1 has no text"),
        (write("names.jsonl", {"text": "Text."}), r"names\.jsonl, line 1 has no doc_id"),
    ):
        with pytest.raises(InputError, match=said):
            prepare(assistant, path, None, quiet)


def test_the_commands_print_one_json_document(run_json: RunJson, folder: Path, write: Write) -> None:  # noqa: F811
    questions = write(
        "q.jsonl", {"question": BRAKES, "doc_ids": ["brakes.md"]}, {"question": KEYS, "unanswerable": True}
    )
    words = ("--documents", str(folder), "--questions", str(questions))
    assert run_json("eval", "retrieval", *words)["ranking"]["hit_at_1"] == 1.0
    assert run_json("eval", "answers", *words)["citation_precision"] == 1.0
    refusal = run_json("eval", "refusal", *words, "--off-topic", str(questions), "--limit", "1")
    assert (refusal["answerable"], refusal["unanswerable"], refusal["off_topic"]) == (1, 0, 1)


def test_the_commands_print_a_table(run: Callable[..., str], folder: Path, write: Write) -> None:  # noqa: F811
    questions = write("q.jsonl", {"question": BRAKES, "doc_ids": ["brakes.md", "gone.md"]})
    words = ("--documents", str(folder), "--questions", str(questions))
    assert "nDCG@10" in run("eval", "retrieval", *words)
    assert "citation precision" in run("eval", "answers", *words)
    assert "wrongly refused" in run("eval", "refusal", *words)


def test_without_the_extra_it_says_what_to_install(
    run: Callable[..., str],  # noqa: F811
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "ir_measures", raising=False)
    with pytest.raises(ConfigError, match="To measure needs ir-measures") as caught:
        run("eval", "retrieval", "--documents", str(folder), "--questions", "q.jsonl")
    assert caught.value.hint == "pip install 'earshot[eval]'"
