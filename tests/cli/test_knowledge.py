"""What the commands on knowledge print."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.errors import InputError


def test_ingest_counts_what_it_did(run_json: RunJson, documents: Path) -> None:
    first = run_json("ingest", str(documents))
    second = run_json("ingest", str(documents))
    assert (first["documents"], first["chunks"], first["skipped"]) == (2, 2, [])
    assert (second["documents"], second["unchanged"], second["embedded"]) == (0, 2, 0)


def test_ingest_says_in_words_why_a_file_was_skipped(run: Run, documents: Path) -> None:
    (documents / "public" / "broken.md").write_bytes(b"\x00\xff")
    assert "public/broken.md is no text" in run("ingest", str(documents))


def test_search_names_document_and_heading(run_json: RunJson, documents: Path) -> None:
    run_json("ingest", str(documents))
    best = run_json("search", "pause the plan", "-k", "1")["results"]
    assert [(row["document_id"], row["title"]) for row in best] == [("public/public.md", "Pausing")]
    assert set(best[0]) >= {"document_id", "title", "heading", "url", "text", "score"}


def test_ask_answers_with_citations_that_stand_in_the_document(run_json: RunJson, documents: Path) -> None:
    run_json("ingest", str(documents))
    answer = run_json("ask", "How do customers pause their plan?")
    assert answer["is_grounded"]
    assert answer["sentences"][0]["support"] == "quoted"
    quote = answer["citations"][0]["quote"]
    assert quote in (documents / answer["citations"][0]["document_id"]).read_text()


def test_ask_as_the_public_sees_nothing_internal(run_json: RunJson, documents: Path) -> None:
    run_json("ingest", str(documents))
    question = "How many goodwill credits may agents grant?"
    assert "25 pounds" in run_json("ask", question)["answer"]
    assert "25 pounds" not in run_json("ask", question, "--audience", "public")["answer"]


def test_ask_before_anything_is_ingested_says_what_to_do(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    build_app()(["ask", "How do I pause?"], obj=assistant, standalone_mode=False)
    assert "earshot ingest" in capsys.readouterr().err


def test_a_batch_gives_a_line_for_each_question_under_its_id(run: Run, documents: Path, tmp_path: Path) -> None:
    run("ingest", str(documents))
    batch = tmp_path / "questions.jsonl"
    history = [{"role": "user", "text": "hello"}, {"role": "assistant", "text": "hi"}]
    lines = [{"id": "a", "question": "How do customers pause?"}, {"id": 7, "question": "Goodwill?", "history": history}]
    batch.write_text("not json\n" + "\n".join(json.dumps(line) for line in lines))
    answers = [json.loads(line) for line in run("ask", "--batch", str(batch)).splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 7]
    assert all("is_grounded" in answer for answer in answers)
    found = [json.loads(line) for line in run("search", "--batch", str(batch)).splitlines()]
    assert [row["id"] for row in found] == ["a", 7]
    assert all(row["results"] for row in found)


def test_nothing_to_ask_is_told_plainly(run: Run) -> None:
    with pytest.raises(InputError, match="no question"):
        run("ask", "  ")


def test_text_from_a_document_cannot_steer_the_terminal(run: Run, documents: Path) -> None:
    (documents / "public" / "evil.md").write_text(
        "# Evil\n\nThe \x1b[31mred\x1b[0m button [bold]opens[/bold] the gate.\n"
    )
    run("ingest", str(documents))
    said = run("ask", "does the red button open the gate")
    assert "\x1b[31m" not in said
    assert "[bold]opens[/bold]" in said


def test_reindex_embeds_everything_again(run_json: RunJson, documents: Path) -> None:
    run_json("ingest", str(documents))
    assert run_json("reindex") == {"chunks": 2}


def test_in_a_batch_a_bad_line_spoils_only_itself(run: Run, documents: Path, tmp_path: Path) -> None:
    run("ingest", str(documents))
    batch = tmp_path / "questions.jsonl"
    bad = ['{"id": 1}', '{"id": 2, "question": 12}', '{"id": 3, "question": "\\ud800?"}']
    good = ['{"id": 4, "question": "How do customers pause?", "history": 5}']
    batch.write_text("\n".join([*bad, *good]))
    assert [json.loads(line)["id"] for line in run("ask", "--batch", str(batch)).splitlines()] == [4]


def test_a_single_file_does_not_make_its_folder_a_root(run_json: RunJson, documents: Path) -> None:
    run_json("ingest", str(documents / "public" / "public.md"))
    run_json("ingest", str(documents / "public"))
    found = run_json("search", "pause the plan")["results"]
    assert [(row["document_id"], row["audience"]) for row in found] == [("public.md", "public")]


def test_gaps_name_what_nobody_could_answer(run: Run, run_json: RunJson, documents: Path) -> None:
    run("ingest", str(documents))
    run("ask", "Who won the football?")
    assert [gap["question"] for gap in run_json("gaps")["gaps"]] == ["Who won the football?"]
    said = run("gaps")
    assert "1× Who won the football?" in said
    assert "1 not answered, 0 voted down; last " in said


def test_the_gaps_as_json_have_the_keys_that_the_readme_names(run: Run, run_json: RunJson, documents: Path) -> None:
    run("ask", "Who won the football?")
    keys = "asked question count refused voted_down last_asked_at channels nearest questions reasons remarks"
    assert set(run_json("gaps")["gaps"][0]) == set(keys.split())


def test_sources_are_listed_and_removed_with_their_documents(run: Run, run_json: RunJson, documents: Path) -> None:
    run("ingest", str(documents), "--base-url", "https://docs.example/{page}")
    [known] = run_json("sources", "list")["sources"]
    assert (known["source"], known["documents"], known["address"]) == (str(documents), 2, "https://docs.example/{page}")
    assert run_json("ask", "How do customers pause their plan?")["citations"][0]["url"] == (
        "https://docs.example/public/public"
    )
    assert "2 documents removed." in run("sources", "remove", str(documents), "--yes")
    assert run_json("sources", "list")["sources"] == []
    assert run_json("search", "pause the plan")["results"] == []
    with pytest.raises(InputError, match="No documents of"):
        run("sources", "remove", str(documents), "--yes")


def test_ingest_sums_up_what_it_skipped_by_kind_and_reason(run: Run, documents: Path) -> None:
    for number in range(3):
        (documents / f"{number}.xyz").write_text("text")
    assert "3 × .xyz: is not a kind of document Earshot reads" in run("ingest", str(documents))


def test_a_root_that_was_emptied_stays_until_somebody_agrees(run: Run, documents: Path) -> None:
    for number in range(6):
        (documents / "public" / f"{number}.md").write_text(f"The text of number{number}.")
    run("ingest", str(documents))
    for page in documents.rglob("*.md"):
        page.unlink()
    said = run("ingest", str(documents))
    assert (
        "8 of 8 documents are not there any more: they stay in the index. To remove them: earshot ingest --yes" in said
    )
    assert "8 removed" in run("ingest", str(documents), "--yes")
