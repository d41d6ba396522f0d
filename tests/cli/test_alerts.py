"""What a person sees of alerts and crises on the command line."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alerts.fakes_counts import add_history, add_posts, burst

from assistant.app import Assistant
from assistant.errors import InputError

Run = Callable[..., str]


def test_without_posts_it_says_what_to_do(run: Run) -> None:
    told = run("alerts")
    assert "No alerts in the last 7 days." in told
    assert "Nothing was counted yet" in told
    assert "earshot crisis open" in run("crisis", "list")


def test_a_spike_and_the_networks_that_are_too_young_are_told(
    run: Run, run_json: Callable[..., Any], assistant: Assistant
) -> None:
    now = assistant.clock()
    add_history(assistant.home.store, now, days=5)
    add_history(assistant.home.store, now, days=1, network="reddit")
    add_posts(assistant.home.store, burst(now, 30))
    for _ in range(4):
        told = run("alerts", "--look")
    assert "Spike: neutral posts on" in told
    assert "would be usual" in told
    assert "spikes there are only reported from" in told
    assert run_json("alerts")["alerts"][0]["series"]["network"] == "x"


def test_a_crisis_is_opened_shown_written_to_a_file_and_closed(run: Run, tmp_path: Path, assistant: Assistant) -> None:
    add_posts(assistant.home.store, [assistant.clock() - timedelta(minutes=1)], topic="billing")
    assert "nothing sends it" in run("crisis", "open", "Bills are wrong", "--topic", "billing", "--by", "ann")
    path = tmp_path / "report.md"
    assert "Posts that mattered" in run("crisis", "show", "1", "--report", str(path))
    assert path.read_text().startswith("# Crisis 1: Bills are wrong")
    assert "closed" in run("crisis", "close", "1", "--by", "ben")
    assert "closed" in run("crisis", "list")
    with pytest.raises(InputError, match="was closed by ben"):
        run("crisis", "close", "1")


@pytest.mark.parametrize("words", [("crisis", "show", "7"), ("crisis", "open"), ("crisis", "open", "--alert", "7")])
def test_what_is_not_there_is_named(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        run(*words)
