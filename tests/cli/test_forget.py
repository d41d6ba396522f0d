"""What whoever types `earshot forget` sees, and the line that retention leaves."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson
from fakes import FakeEmbedder
from typer.testing import CliRunner, Result

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.cli.options import start_logging
from assistant.core.config import Settings
from assistant.errors import InputError


@pytest.fixture
def kept(run: Run, documents: Path, posts: Path) -> None:
    """Two posts of ann, the first with a draft that a public page answers."""
    run("ingest", str(documents))
    run("collect", "--file", str(posts))
    run("draft", "file:1")


def _forget(assistant: Assistant, answer: str) -> Result:
    """`earshot forget ann`, with this typed where it asks."""
    return CliRunner().invoke(build_app(), ["forget", "ann"], obj=assistant, input=answer)


@pytest.mark.usefixtures("kept")
def test_a_receipt_says_what_left_and_what_stays_and_why(run: Run, assistant: Assistant) -> None:
    told = run("forget", "@Ann", "--yes")
    assert "Forgotten: @Ann, on file" in told
    assert "     2  posts\n" in told
    assert "     1  drafts, emptied\n" in told
    assert "     2  vectors\n" in told
    assert "bare ids of the posts: so that they are not collected again" in told
    assert "backups" in told
    assert assistant.listening.mentions.count() == 0


@pytest.mark.usefixtures("kept")
def test_the_receipt_as_json_has_a_count_for_each_place(run_json: RunJson) -> None:
    receipt = run_json("forget", "ann", "--yes")
    assert (receipt["removed"]["posts"], receipt["removed"]["drafts"], receipt["networks"]) == (2, 1, ["file"])
    assert receipt["removed"]["stale_drafts"] == [1]
    assert (receipt["stays"][0]["count"], receipt["unfinished"]) == (2, [])


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_before_anything_goes_the_counts_are_shown_and_whatever_is_no_yes_keeps_all(
    answer: str, assistant: Assistant
) -> None:
    done = _forget(assistant, answer)
    shown = done.stderr.splitlines()
    assert shown[0] == "ann wrote 2 posts on file as ann."
    assert shown[1].startswith("To be removed: 2 posts, 2 analyses, ")
    assert "Forget all of that? It cannot be taken back." in done.stderr
    assert done.exit_code == 1
    assert "Forgotten" not in done.stdout
    assert assistant.listening.mentions.count() == 2


@pytest.mark.usefixtures("kept")
def test_a_no_is_said_to_have_kept_all(assistant: Assistant) -> None:
    assert "Nothing was removed." in _forget(assistant, "n\n").stderr


@pytest.mark.usefixtures("kept")
def test_a_yes_forgets(assistant: Assistant) -> None:
    done = _forget(assistant, "y\n")
    assert done.exit_code == 0
    assert "Forgotten: ann, on file" in done.stdout
    assert assistant.listening.mentions.count() == 0


@pytest.mark.usefixtures("kept")
def test_a_name_on_several_networks_may_be_several_people(run: Run, assistant: Assistant, tmp_path: Path) -> None:
    other = {"id": "9", "text": "Hi", "source": "x", "author": "ANN", "created_at": "2026-11-11T12:00:00Z"}
    (tmp_path / "other.jsonl").write_text(json.dumps(other))
    run("collect", "--file", str(tmp_path / "other.jsonl"))
    shown = _forget(assistant, "n\n").stderr.splitlines()
    assert shown[0] == "ann wrote 2 posts on file as ann; 1 post on x as ANN."
    assert "--network" in shown[1]
    run("forget", "ann", "--network", "x", "--yes")
    assert assistant.listening.mentions.count() == 2


@pytest.mark.usefixtures("kept")
def test_somebody_unknown_is_told_plainly(run: Run) -> None:
    with pytest.raises(InputError, match="Nothing by nobody is kept") as caught:
        run("forget", "nobody")
    assert "whole" in caught.value.hint


def test_the_log_holds_no_words_of_a_post_and_no_author(run: Run, settings: Settings, posts: Path) -> None:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        start_logging(settings)
        for words in (("collect", "--file", str(posts)), ("draft", "file:1"), ("forget", "ann", "--yes")):
            run(*words)
    finally:
        root.handlers = before
        root.setLevel(level)
    logged = (settings.earshot_home / "earshot.log").read_text()
    assert [word for word in ("pause their", "new bike", "ann") if word in logged.lower()] == []


def _keep_for(settings: Settings, days: int, moment: datetime) -> Assistant:
    kept_for = settings.model_copy(update={"mention_retention_days": days})
    return Assistant(kept_for, clock=lambda: moment, embedder=FakeEmbedder())


def test_collecting_removes_what_became_too_old_and_takes_nothing_in_that_is(
    settings: Settings, posts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def collect(days: int, day: int) -> tuple[str, str]:
        assistant = _keep_for(settings, days, datetime(2026, 11, day, 12, tzinfo=UTC))
        build_app()(["collect", "--file", str(posts)], obj=assistant, standalone_mode=False)
        assistant.home.store.close()
        return capsys.readouterr()

    assert "2 new, 0 known, 1 rejected.\n" in collect(7, 12)[0]
    assert "Removed" not in collect(7, 18)[1]
    told, noted = collect(7, 19)
    assert "0 new, 0 known, 1 rejected, 2 too old.\n" in told
    assert "Removed 2 posts from before 2026-11-12 12:00 UTC." in noted
    assert "Removed" not in collect(7, 20)[1]
