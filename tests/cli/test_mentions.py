"""The list of posts, and what their week was about, as a person reads them."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson

from assistant.cli.output import print_json, print_line
from assistant.errors import InputError


def test_an_id_is_never_broken_and_the_intent_stands_beside_it(
    run: Run, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = "a-network-with-a-rather-long-name-that-fills-the-line-all-by-itself-and-then-some"
    posts.write_text(posts.read_text().replace('"source": "file"', f'"source": "{name}"'))
    run("collect", "--file", str(posts))
    told = run("mentions")
    assert f"{name}:1 " in told
    assert "intent" in told


def test_posts_about_something_come_with_their_likeness(run: Run, run_json: RunJson, posts: Path) -> None:
    run("collect", "--file", str(posts))
    rows = run_json("mentions", "--about", "pause my plan")["mentions"]
    assert [row["mention_id"] for row in rows] == ["file:1", "file:3"]
    assert rows[0]["likeness"] > rows[1]["likeness"]
    assert str(rows[0]["likeness"]) in run("mentions", "--about", "pause my plan")
    with pytest.raises(InputError, match="what the posts should be about"):
        run("mentions", "--about", "  ")


def test_a_week_without_posts_says_so(run: Run) -> None:
    assert run("topics", "--week", "2026-W40").strip() == "The week 2026-W40 has no posts."


def test_a_topic_without_a_file_of_topics_names_the_file(run: Run, posts: Path) -> None:
    run("collect", "--file", str(posts))
    with pytest.raises(InputError, match=r"There is no topic fish: no topics are set up\.") as caught:
        run("relabel", "1", "--topic", "fish")
    assert "topics.yaml" in caught.value.hint


def test_no_sign_that_steers_a_terminal_leaves_in_machine_output(capsys: pytest.CaptureFixture[str]) -> None:
    steering = "a\u009b31m\u202eb\x1b[0m\x7f"
    print_json({"text": steering})
    print_line({"text": steering})
    told = capsys.readouterr().out
    assert not set(steering) - set("ab31m[0") & set(told)
    assert json.loads(told.splitlines()[-1])["text"] == steering
