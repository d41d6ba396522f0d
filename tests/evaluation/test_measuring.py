"""Retrieval, answers and refusals, measured on three pages; and the commands that do it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.conftest import RunJson
from evaluation.pages import BRAKES, KEYS, Write, ask, quiet

from assistant.domain import Answer, Citation, Question, Sentence, Support, Turn
from assistant.errors import ConfigError, InputError
from evals.answers import _check_citations, measure_answers, measure_retrieval
from evals.corpus import Asked, Corpus, find_gold, read_questions


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
    assert _check_citations(corpus.assistant.home.store, answer) == [True, False, False, False, False]


def test_when_everything_is_refused_the_shares_are_left_open(corpus: Corpus) -> None:
    report = measure_answers(corpus, [ask("zzz qqq www xxx?")], quiet)
    assert (report.answered, report.citation_precision, report.median_sentences, report.support) == (
        0.0,
        None,
        None,
        {},
    )


def test_history_is_passed_to_the_search(corpus: Corpus, write: Write) -> None:
    turn = {"role": "user", "text": "I lost the spare keys of the porter."}
    path = write("q.jsonl", {"question": "Where are they?", "doc_ids": ["office/keys.md"], "history": [turn]})
    questions = read_questions(path)
    assert questions[0].question.history == (Turn("user", turn["text"]),)
    bare = Asked("1", Question("Where are they?"), ("office/keys.md",))
    found = [corpus.assistant.knowledge.retriever.search(asked.question).results[0] for asked in (questions[0], bare)]
    assert found[0].chunk.document_id == "office/keys.md"
    assert found[0].score != found[1].score
    assert measure_retrieval(corpus, questions, quiet).ranking.hit_at_1 == 1.0


def test_the_commands_print_one_json_document(run_json: RunJson, folder: Path, write: Write) -> None:
    questions = write(
        "q.jsonl", {"question": BRAKES, "doc_ids": ["brakes.md"]}, {"question": KEYS, "unanswerable": True}
    )
    words = ("--documents", str(folder), "--questions", str(questions))
    assert run_json("eval", "retrieval", *words)["ranking"]["hit_at_1"] == 1.0
    assert run_json("eval", "citations", *words)["citation_precision"] == 1.0
    refusal = run_json("eval", "refusal", *words, "--off-topic", str(questions), "--limit", "1")
    assert (refusal["answerable"], refusal["unanswerable"], refusal["off_topic"]) == (1, 0, 1)


def test_the_commands_print_a_table(run: Callable[..., str], folder: Path, write: Write) -> None:
    questions = write("q.jsonl", {"question": BRAKES, "doc_ids": ["brakes.md", "gone.md"]})
    words = ("--documents", str(folder), "--questions", str(questions))
    assert "nDCG@10" in run("eval", "retrieval", *words)
    assert "citation precision" in run("eval", "citations", *words)
    assert "wrongly refused" in run("eval", "refusal", *words)


def test_without_the_extra_it_says_what_to_install(
    run: Callable[..., str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "ir_measures", raising=False)
    with pytest.raises(ConfigError, match="To measure needs ir-measures") as caught:
        run("eval", "retrieval", "--documents", str(folder), "--questions", "q.jsonl")
    assert caught.value.hint == "pip install 'earshot[eval]'"
