"""What leaves, from the command line: undo, delete, may this be answered, and who wants to be left alone."""

import json
import time
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.errors import EarshotError, InputError, ReviewError

POST = {"id": "1", "author": "ann", "text": "How do customers pause their plan?", "created_at": "2026-11-11T12:00:00Z"}


@pytest.fixture
def draft(run: Run, run_json: RunJson, documents: Path, tmp_path: Path) -> int:
    """A pending draft for a post of ann's."""
    (tmp_path / "one.jsonl").write_text(json.dumps(POST))
    run("ingest", str(documents))
    run("collect", "--file", str(tmp_path / "one.jsonl"))
    return int(run_json("draft", "file:1")["draft_id"])


@pytest.fixture
def window(assistant: Assistant, settings: Settings) -> Assistant:
    """The same parts, with a second to undo."""
    assistant.home.settings = settings.model_copy(update={"undo_seconds": 1})
    return assistant


def test_without_waiting_one_is_told_when_it_leaves_and_can_take_it_back(
    run: Run, run_json: RunJson, approve_seen: Run, window: Assistant, draft: int
) -> None:
    window.replies.sending._undo_window *= 60
    shown = json.loads(approve_seen(str(draft), "--no-wait", "--by", "bo", "--json"))
    assert shown["draft"]["status"] == "approved"
    assert f"earshot review undo {draft}" in run("review", "show", str(draft))
    assert f"Draft {draft} is sent at" in run("review", "resume")
    assert run_json("review", "undo", str(draft), "--by", "bo")["draft"]["status"] == "pending"
    assert "undo by bo" in run("review", "show", str(draft))
    with pytest.raises(ReviewError, match="nothing to undo"):
        run("review", "undo", str(draft))


def test_approve_waits_until_it_left(approve_seen: Run, window: Assistant, draft: int) -> None:
    began = time.monotonic()
    assert json.loads(approve_seen(str(draft), "--json"))["draft"]["status"] == "sent"
    assert time.monotonic() - began >= 0.9


def test_who_stops_waiting_is_told_what_can_be_done(
    approve_seen: Run, window: Assistant, draft: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    approve_seen(str(draft))
    assert window.replies.drafts.find(draft).status == "approved"


def test_what_cannot_be_deleted_is_told_with_where_to_do_it(run: Run, approve_seen: Run, draft: int) -> None:
    with pytest.raises(ReviewError, match="there is no reply to delete"):
        run("review", "delete", str(draft))
    approve_seen(str(draft))
    with pytest.raises(ReviewError, match="can't delete replies on file"):
        run("review", "delete", str(draft))


def test_who_opted_out_is_not_answered_and_the_rule_is_named(
    run: Run, run_json: RunJson, approve_seen: Run, draft: int
) -> None:
    assert run_json("eligibility", "file:1")["may_reply"] == "yes"
    assert "from now on" in run("optout", "@Ann", "--network", "file")
    assert "was known" in run("optout", "ann", "--network", "file")
    judged = run_json("eligibility", "file:1")
    assert (judged["may_reply"], judged["rule"]) == ("no", "opted-out")
    assert "rule opted-out" in run("eligibility", "file:1")
    assert json.loads(approve_seen(str(draft), "--json"))["draft"]["status"] == "approved"
    assert "may be answered again" in run("optout", "ann", "--network", "file", "--remove")
    assert run_json("review", "approve", str(draft))["draft"]["status"] == "sent"


def test_a_post_that_asks_us_to_stop_silences_us_for_its_author(run: Run, run_json: RunJson, tmp_path: Path) -> None:
    stop = {**POST, "id": "2", "text": "Stop replying to me."}
    other = {**POST, "id": "3", "text": "How are you?"}
    (tmp_path / "two.jsonl").write_text("\n".join(json.dumps(post) for post in (stop, other)))
    run("collect", "--file", str(tmp_path / "two.jsonl"))
    assert [run_json("eligibility", f"file:{number}")["rule"] for number in (2, 3)] == ["opted-out", "opted-out"]


@pytest.mark.parametrize("words", [("optout", "@"), ("eligibility", "file:99"), ("eligibility", "file:1", "--look")])
def test_what_makes_no_sense_is_told(run: Run, words: tuple[str, ...], draft: int) -> None:
    with pytest.raises(EarshotError) as caught:
        run(*words)
    assert isinstance(caught.value, InputError)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("words", "is_told"), [(("@Ann",), False), (("ann", "--network", "file"), False), (("an", "--network", "x"), True)]
)
def test_an_opt_out_of_somebody_unknown_is_kept_and_told(
    run: Run, draft: int, words: tuple[str, ...], is_told: bool
) -> None:
    told = run("optout", *words)
    assert ("is it spelt so?" in told) is is_told
    assert "gets no answers" in told
