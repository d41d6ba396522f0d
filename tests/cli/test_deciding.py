"""What the commands that decide, freeze and prove print."""

import csv
import io
import json
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson
from typer.testing import CliRunner, Result

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.errors import InputError, ReviewError
from assistant.service.doctor import examine


@pytest.fixture(autouse=True)
def draft(run: Run, documents: Path, posts: Path) -> None:
    """Draft 1."""
    run("ingest", str(documents))
    run("collect", "--file", str(posts))
    run("draft", "1")


def test_without_a_hash_the_text_is_shown_and_a_person_is_asked(assistant: Assistant) -> None:
    def approve(answer: str) -> Result:
        return CliRunner().invoke(build_app(), ["review", "approve", "1", "--by", "ann"], obj=assistant, input=answer)

    refused = approve("n\n")
    assert isinstance(refused.exception, InputError)
    assert refused.exception.message == "Draft 1 was not approved."
    assert assistant.replies.drafts.find(1).status == "pending"
    told = approve("y\n").output
    assert "ann would approve this" in told
    assert "pause their plan in the app" in told
    assert "Draft 1 is sent." in told


def test_a_program_must_say_by_hash_what_it_approves(run: Run, run_json: RunJson) -> None:
    with pytest.raises(InputError, match="Say which text you approve") as caught:
        run_json("review", "approve", "1")
    assert "earshot review show 1" in caught.value.hint
    seen = run_json("review", "show", "1")["hash"]
    run("review", "edit", "1", "--text", "Hello. Customers pause their plan in the app for up to three months.")
    with pytest.raises(ReviewError, match="isn't the text, post or evidence that you saw"):
        run("review", "approve", "1", "--hash", seen)


def test_claim_release_and_not_ours(run: Run, run_json: RunJson) -> None:
    assert run_json("review", "claim", "1", "--by", "ann")["claim"]["claimed_by"] == "ann"
    assert "ann" in run("review", "list")
    with pytest.raises(ReviewError, match="ann claimed draft 1"):
        run("review", "claim", "1", "--by", "ben")
    assert "Draft 1 is unassigned" in run("review", "release", "1", "--by", "ben")
    assert run_json("review", "not-ours", "1", "--reason", "A fan.")["draft"]["status"] == "rejected"
    with pytest.raises(ReviewError, match=r"is not ours to answer: A fan\."):
        run("draft", "1")
    run("review", "ours", "file:1")
    assert run_json("draft", "1")["draft_id"] == 2


def test_a_freeze_is_told_wherever_somebody_looks(run: Run, run_json: RunJson, assistant: Assistant) -> None:
    assert "Replies are frozen since" in run("freeze", "A recall.", "--by", "ann")
    assert "by ann: A recall." in run("review", "list")
    assert "A recall." in run_json("review", "list")["frozen"]
    assert {c.name: c.finding for c in examine(assistant)}["replies"].endswith("by ann: A recall.")
    assert "A second person" in run("unfreeze", "--by", "ann")
    assert run_json("unfreeze", "--by", "ben")["frozen"] == ""


def test_the_audit_is_shown_proven_and_exported(run: Run, run_json: RunJson, approve_seen: Run) -> None:
    approve_seen("1", "--by", "=ann")
    assert "approve" in run("audit")
    proof = run_json("audit", "--verify")
    assert (proof["problem"], proof["rows"] > 1) == ("", True)
    assert "nothing was changed" in run("audit", "--verify", "--known", proof["head"])
    lines = [json.loads(line) for line in run("audit", "--export", "jsonl").splitlines()]
    assert [line["number"] for line in lines] == list(range(1, proof["rows"] + 1))
    rows = list(csv.DictReader(io.StringIO(run("audit", "--export", "csv"))))
    assert [row["hash"] for row in rows] == [line["hash"] for line in lines]
    assert "'=ann" in {row["who"] for row in rows}, "no spreadsheet takes a name for a formula"


def test_a_broken_audit_is_named_with_its_first_row_and_an_exit_status(run: Run, assistant: Assistant) -> None:
    run("freeze")
    for name in ("audit_no_update", "audit_no_delete"):
        assistant.home.store.change(f"drop trigger {name}")
    assistant.home.store.change("update audit set who = 'eve' where number = 2")
    assert "The audit is broken: row 2 was changed." in run("audit", "--verify")
    assert build_app()(["audit", "--verify"], obj=assistant, standalone_mode=False) == 1
    assert {c.name: c.finding for c in examine(assistant)}["audit"] == "row 2 was changed"
