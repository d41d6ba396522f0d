"""The commands on what is found out about posts, as a person types them."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson

from assistant.errors import InputError


def write_posts(path: Path, *texts: str) -> Path:
    lines = [
        json.dumps({"id": str(at), "text": text, "created_at": f"2026-11-10T10:00:{at:02d}Z"})
        for at, text in enumerate(texts)
    ]
    path.write_text("\n".join(lines))
    return path


def test_a_file_is_analysed_line_by_line_with_how_sure_and_why(run: Run, tmp_path: Path) -> None:
    posts = write_posts(tmp_path / "posts.jsonl", "I love this bike so much", "Ich habe heute gekündigt")
    lines = [json.loads(line) for line in run("analyse", "--batch", str(posts)).splitlines()]
    assert [line["id"] for line in lines] == ["0", "1"]
    assert lines[0]["sentiment"] == "positive"
    assert (lines[1]["language"], lines[1]["intent"]) == ("de", "leaving")
    for finding in lines[0]["findings"]:
        assert set(finding) == {"about", "label", "confidence", "version", "reason"}


def test_a_person_puts_a_label_right_and_it_stays_when_all_is_analysed_anew(
    run: Run, run_json: RunJson, tmp_path: Path
) -> None:
    run("collect", "--file", str(write_posts(tmp_path / "posts.jsonl", "I love this bike so much")))
    found = run_json("relabel", "0", "--sentiment", "negative", "--intent", "other", "--by", "ann")
    labels = {row["about"]: (row["label"], row["version"]) for row in found["findings"]}
    assert labels["sentiment"] == ("negative", "person")
    assert labels["intent"] == ("other", "person")
    assert "0 posts analysed again." in run("analyse", "--again")
    assert run_json("mentions")["mentions"][0]["sentiment"] == "negative"


@pytest.mark.parametrize(
    "words",
    [
        ("relabel", "0"),
        ("relabel", "0", "--topic", "a topic nobody has"),
        ("relabel", "404", "--intent", "job"),
        ("analyse",),
    ],
)
def test_what_cannot_be_done_is_refused(words: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    run("collect", "--file", str(write_posts(tmp_path / "posts.jsonl", "I love this bike so much")))
    with pytest.raises(InputError):
        run(*words)


def test_topics_of_a_week_are_shown(run: Run, run_json: RunJson, tmp_path: Path) -> None:
    texts = [f"battery empty near stop {n}" if n % 2 else f"refund please for order {n}" for n in range(40)]
    run("collect", "--file", str(write_posts(tmp_path / "posts.jsonl", *texts)))
    found = run_json("topics", "--week", "2026-W46")
    assert found["topics"] == {"none": 40}
    assert sum(topic["posts"] for topic in found["discovered"]) == 40
    assert "discovered" in run("topics", "--week", "2026-W46")


def test_what_is_found_out_is_measured_on_posts_whose_labels_are_known(
    run: Run, run_json: RunJson, tmp_path: Path
) -> None:
    rows = [
        {"id": "1", "text": "I love this bike so much", "lang": "en", "labels": {"sentiment": "positive"}},
        {"id": "2", "text": "Terrible, worst service ever", "lang": "en", "labels": {"sentiment": "negative"}},
        {"id": "3", "text": "Mein Akku ist schon wieder leer", "lang": "de", "location": "Berlin"},
    ]
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert run_json("eval", "analysis", "--kind", "language", "--data", str(path))["language"]["accuracy"] == 1
    scores = run_json("eval", "analysis", "--kind", "sentiment", "--data", str(path))["sentiment"]
    assert (scores["posts"], scores["accuracy"], scores["by_group"]) == (2, 1, {"en": [1, 2]})
    assert "macro recall" in run("eval", "analysis", "--kind", "sentiment", "--data", str(path))
    places = run("eval", "analysis", "--kind", "place", "--data", str(path))
    assert json.loads(places)["found"] == "Berlin, DE"
    with pytest.raises(InputError, match="has a label intent"):
        run("eval", "analysis", "--kind", "intent", "--data", str(path))


def write_lines(path: Path, *rows: Mapping[str, object]) -> str:
    path.write_text("\n".join(map(json.dumps, rows)))
    return str(path)


def test_repeats_are_measured_on_labelled_pairs_and_each_wrong_one_is_named(
    run: Run, run_json: RunJson, tmp_path: Path
) -> None:
    said = "The new cargo bike from Larkspur rides like a dream in town"
    pairs: list[dict[str, object]] = [
        {"id": "same", "text": said, "earlier": said + "!", "repeat": "yes"},
        {"id": "wrongly labelled", "text": said, "earlier": said, "repeat": "no"},
        {"id": "missed", "text": said, "earlier": "A dream of a bike, this Larkspur for cargo", "repeat": True},
        {"id": "apart", "text": said, "earlier": said.replace("new", "old"), "repeat": False},
    ]
    words = ("eval", "analysis", "--kind", "repeats", "--data", write_lines(tmp_path / "pairs.jsonl", *pairs))
    scores = run_json(*words)
    assert scores == {"pairs": 4, "merged": 2, "false_merges": ["wrongly labelled"], "missed": ["missed"]}
    assert "wrongly labelled" in run(*words)
    broken = write_lines(tmp_path / "broken.jsonl", {"id": "7", "text": said, "repeat": "yes"})
    with pytest.raises(InputError, match="The line 7 is no labelled pair"):
        run("eval", "analysis", "--kind", "repeats", "--data", broken)


def test_irony_is_measured_beside_vader(run: Run, run_json: RunJson, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "Great, delayed again, I love waiting", "lang": "en", "labels": {"irony": "irony"}},
        {"id": "2", "text": "I love this bike so much", "lang": "en", "labels": {"irony": "not_ironic"}},
    ]
    words = ("eval", "analysis", "--kind", "irony", "--data")
    scores = run_json(*words, write_lines(tmp_path / "irony.jsonl", *rows))
    assert (scores["ironic"], scores["others"], scores["called_positive_by_vader"]) == (1, 1, 1)
    assert scores["others_called_positive"] == 1
    assert 0 <= scores["called_positive"] <= 1
    with pytest.raises(InputError, match="ironic and posts that are not"):
        run(*words, write_lines(tmp_path / "one.jsonl", rows[0]))


def test_intents_are_measured_on_posts_labelled_by_feeling(run_json: RunJson, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "My parcel is lost and nobody answers, terrible", "lang": "en", "sentiment": "negative"},
        {"id": "2", "text": "Thank you, you are the best!", "lang": "en", "sentiment": "positive"},
    ]
    data = write_lines(tmp_path / "feelings.jsonl", *rows)
    scores = run_json("eval", "analysis", "--kind", "intent", "--label", "sentiment", "--data", data)["intent"]
    assert set(scores["by_group"]) == {"complaint", "praise"}
    assert scores["accuracy"] == 1
