"""The documents that are measured on: kept apart from the own ones, and embedded once."""

import gzip
import json
from pathlib import Path

import pytest
from evaluation.pages import BRAKES, KEYS, PAGES, Write, ask, quiet
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.errors import InputError
from evals.answers import measure_refusal
from evals.corpus import Corpus, prepare
from evals.measures import Detection


def test_refusals_are_measured_against_what_is_marked(corpus: Corpus) -> None:
    nothing = "zzz qqq www xxx?"
    questions = [
        ask(BRAKES, "bikes/brakes.md"),
        ask(nothing, "bikes/tyres.md"),
        ask(f"{nothing} Oh?", is_unanswerable=True),
        ask(KEYS, is_unanswerable=True),
        ask("neither"),
    ]
    report = measure_refusal(corpus, questions, [ask("jjjj kkkk hhhh?")], quiet)
    assert (report.answerable, report.unanswerable, report.left_out, report.off_topic) == (2, 2, 1, 1)
    assert report.detection == Detection(0.5, 0.5, 0.5)
    assert (report.wrongly_refused, report.off_topic_refused) == (0.5, 1.0)
    assert report.auroc is not None
    assert report.off_topic_auroc is not None


def test_refusal_needs_a_question_that_says_what_is_right(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="No question has doc_ids or is marked unanswerable"):
        measure_refusal(corpus, [ask(BRAKES)], [], quiet)


def test_masked_pages_stand_in_for_the_originals(assistant: Assistant, folder: Path, write: Write) -> None:
    masked = write("masked.jsonl", {"doc_id": "handbook/office/keys.md", "text": "# Keys\n\nNothing at all.\n"})
    corpus = prepare(assistant, folder, masked, quiet)
    texts = [row["text"] for row in corpus.assistant.home.store.rows("select text from chunks")]
    assert "Nothing at all." in texts
    assert not any("porter" in text for text in texts)
    assert (folder / "office/keys.md").read_text() == PAGES["office/keys.md"]


def test_a_masked_page_that_stands_for_nothing_is_refused(assistant: Assistant, folder: Path, write: Write) -> None:
    masked = write("masked.jsonl", {"doc_id": "office/doors.md", "text": "Nothing."})
    with pytest.raises(InputError, match=r"masked\.jsonl, line 1: office/doors\.md matches none of the documents"):
        prepare(assistant, folder, masked, quiet)


def test_a_second_run_embeds_only_what_changed(settings: Settings, folder: Path) -> None:
    prepare(Assistant(settings, embedder=FakeEmbedder()), folder, None, quiet)
    embedder = FakeEmbedder()
    (folder / "bikes/tyres.md").write_text("# Tyres\n\nFive bar.\n")
    (folder / "office/keys.md").unlink()
    corpus = prepare(Assistant(settings, embedder=embedder), folder, None, quiet)
    assert (corpus.documents, len(embedder.texts)) == (2, 1)


def test_a_fresh_run_embeds_everything(settings: Settings, folder: Path) -> None:
    prepare(Assistant(settings, embedder=FakeEmbedder()), folder, None, quiet)
    embedder = FakeEmbedder()
    prepare(Assistant(settings, embedder=embedder), folder, None, quiet, is_fresh=True)
    assert len(embedder.texts) == 3


def test_measuring_leaves_the_own_documents_alone(assistant: Assistant, folder: Path) -> None:
    corpus = prepare(assistant, folder, None, quiet)
    assert assistant.knowledge.documents.count()["chunks"] == 0
    assert corpus.assistant.settings.earshot_home.parent == assistant.settings.earshot_home / "eval"


def test_measuring_never_writes_to_a_chroma_server(settings: Settings, folder: Path) -> None:
    served = settings.model_copy(update={"earshot_chroma_url": "http://127.0.0.1:9"})
    assert prepare(Assistant(served, embedder=FakeEmbedder()), folder, None, quiet).chunks == 3


def test_passages_in_one_file_are_documents_too(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl.gz"
    lines = [{"doc_id": "set/1", "text": "Brake pads."}, {"doc_id": "set/2", "text": "Spare keys."}]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    corpus = prepare(assistant, path, None, quiet)
    assert [corpus.names.find(name) for name in ("set/1", "2", "all/set/2")] == ["set/1.md", "set/2.md", "set/2.md"]


@pytest.mark.parametrize("doc_id", ["../x", "/etc/x", ".hidden/x", "a//b", "a/" + "b" * 300])
def test_a_passage_whose_name_leads_elsewhere_is_refused(assistant: Assistant, write: Write, doc_id: str) -> None:
    with pytest.raises(InputError, match=r"passages\.jsonl, line 1: the doc_id .* cannot be a path"):
        prepare(assistant, write("passages.jsonl", {"doc_id": doc_id, "text": "Text."}), None, quiet)


def test_two_passages_with_one_name_are_refused(assistant: Assistant, write: Write) -> None:
    line = {"doc_id": "1", "text": "Text."}
    with pytest.raises(InputError, match="line 2: 1 is there already"):
        prepare(assistant, write("passages.jsonl", line, line), None, quiet)


def test_documents_that_are_not_there_are_named(assistant: Assistant, tmp_path: Path, write: Write) -> None:
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
