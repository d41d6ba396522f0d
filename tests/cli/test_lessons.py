"""Whoever types the commands sees what was learned, tried and proposed, and decides on it."""

from pathlib import Path

import pytest
from cli.conftest import Run, RunJson
from fakes_learning import FACT, PROPOSED, School
from fakes_reply import NOW

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.errors import InputError

WRONG = PROPOSED.replace("3 months", "6 months")


@pytest.fixture
def school(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> School:
    assistant.home.clock = lambda: NOW
    return School(assistant.settings.earshot_home)


def test_lessons_are_listed_with_their_trials_undone_and_never_tried_again(
    school: School, run: Run, run_json: RunJson
) -> None:
    assert "No lesson yet" in run("lessons", "list")
    school.approve(9, lambda text: f"Hi there, {text}")
    school.approve(1, lambda text: text.replace("You can", "You may"))
    assert "It changes" not in run("lessons", "list")
    assert "Greet with “Hi there,”" in " ".join(run("lessons", "try").split())
    (kept,) = [one for one in run_json("lessons", "list")["lessons"] if one["status"] == "kept"]
    assert (kept["advice"]["words"], kept["trial"]["cases"]) == ("Hi there,", 7)
    assert kept["trial"]["after"] < kept["trial"]["before"]
    assert "undone" in run("lessons", "undo", str(kept["lesson_id"]), "--by", "ada")
    assert "Nothing to try" in run("lessons", "try")
    assert "there is no rule in it" in " ".join(run("lessons", "list", "--all").split())


def test_weeks_show_the_share_that_nobody_edited_and_how_far_the_others_were_edited(
    school: School, run: Run, run_json: RunJson
) -> None:
    school.approve(3)
    school.approve(1, lambda text: f"{text} Thanks again.")
    weeks = run_json("lessons", "weeks", "--count", "2")["weeks"]
    added = 2 / len(f"{PROPOSED} Thanks again.".split())
    assert weeks[0] == {"week": "2026-W46", "approved": 0, "unedited_share": None, "edit_distance": None}
    assert (weeks[1]["approved"], weeks[1]["unedited_share"]) == (4, 0.75)
    assert weeks[1]["edit_distance"] == pytest.approx(added / 4, abs=1e-4)
    assert "75%" in run("lessons", "weeks")


def test_a_fix_is_shown_with_passage_and_words_and_is_done_once_the_document_says_otherwise(
    school: School, assistant: Assistant, run: Run, run_json: RunJson, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    page = folder / "pausing.md"
    front = "---\ntitle: Pausing\naudience: public\nowner: ada@larkspur.example\n---\n"
    page.write_text(f"{front}{FACT}\n")
    run("ingest", str(folder))
    school.approve(1, lambda text: WRONG)

    assert "ada@larkspur.example" in run("proposals", "list")
    (fix,) = run_json("proposals", "list")["proposals"]
    assert (fix["kind"], fix["passage"], fix["author"]) == ("fix", FACT, "ben")
    shown = run("proposals", "show", "1")
    assert f"It says:   {FACT}" in shown
    assert "A person wrote: You can pause for 6 months in the app." in shown
    with pytest.raises(InputError, match="still says") as caught:
        build_app()(["proposals", "accept", "1"], obj=assistant, standalone_mode=False)
    assert "earshot ingest" in caught.value.hint
    assert page.read_text() == f"{front}{FACT}\n"

    page.write_text(f"{front}You can pause for 6 months in the app.\n")
    run("ingest", str(folder))
    assert "is no longer there" in run("proposals", "show", "1")
    assert "is done" in run("proposals", "accept", "1", "--by", "ada")
    assert run_json("proposals", "show", "1")["proposal"]["decided_by"] == "ada"
    assert "No proposal waits" in run("proposals", "list")


def test_a_document_that_was_right_stays_as_it_is(school: School, run: Run, run_json: RunJson) -> None:
    school.approve(1, lambda text: WRONG)
    run("proposals", "list")
    assert "dropped" in run("proposals", "drop", "1")
    school.learning.learn(NOW)
    assert run_json("proposals", "list")["proposals"] == []
