"""What the commands on posts, drafts, reviews and weeks print."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson

from assistant.app import Assistant
from assistant.cli.collect import collect_posts
from assistant.errors import ConfigError, InputError, ReviewError, SearchIndexError


def test_collect_takes_the_good_lines_and_names_the_bad_one(run_json: RunJson, posts: Path) -> None:
    report = run_json("collect", "--file", str(posts))
    assert (report["new"], report["known"]) == (2, 0)
    assert [rejected["place"] for rejected in report["rejected"]] == ["line 2"]
    assert run_json("collect", "--file", str(posts))["known"] == 2


def test_mentions_show_what_was_found_out(run_json: RunJson, posts: Path) -> None:
    run_json("collect", "--file", str(posts))
    rows = {row["external_id"]: row for row in run_json("mentions")["mentions"]}
    assert (rows["1"]["action"], rows["3"]["sentiment"]) == ("reply", "positive")


def test_analyse_keeps_nothing(run: Run, run_json: RunJson, posts: Path) -> None:
    lines = [json.loads(line) for line in run("analyse", "--batch", str(posts)).splitlines()]
    assert [line["id"] for line in lines] == ["1", "3"]
    assert run_json("mentions")["mentions"] == []


def test_a_draft_anyway_where_there_is_none_yet_is_the_draft(run_json: RunJson, documents: Path, posts: Path) -> None:
    run_json("ingest", str(documents))
    run_json("collect", "--file", str(posts))
    made = run_json("draft", "1", "--anyway")
    assert (made["draft_id"], made["version"]) == (1, 1)
    assert "pause their plan in the app" in made["text"]


def test_posts_are_kept_where_the_index_fails_and_this_is_said(
    assistant: Assistant, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise SearchIndexError("The index cannot be reached.", "Check EARSHOT_CHROMA_URL.")

    monkeypatch.setattr(assistant.listening.mention_index, "catch_up", fail)
    with pytest.raises(SearchIndexError) as caught:
        collect_posts(
            assistant.home,
            assistant.listening,
            assistant.replies,
            assistant.privacy,
            "",
            posts,
            lambda told: None,
        )
    assert "The posts are kept (2 new)" in caught.value.hint
    assert assistant.listening.mentions.count() == 2


def test_from_a_post_to_one_reply(
    run_json: RunJson, approve_seen: Run, documents: Path, posts: Path, assistant: Assistant
) -> None:
    run_json("ingest", str(documents))
    run_json("collect", "--file", str(posts))
    draft = run_json("draft", "1")
    assert "pause their plan in the app" in draft["text"]
    sent = json.loads(approve_seen(str(draft["draft_id"]), "--by", "ann", "--json"))
    assert sent["draft"]["status"] == "sent"
    with pytest.raises(ReviewError, match="already approved by ann"):
        run_json("review", "approve", str(draft["draft_id"]), "--by", "ben")
    outbox = (assistant.settings.earshot_home / "outbox.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in outbox] == [draft["text"]]


def test_edit_and_reject(run: Run, run_json: RunJson, documents: Path, posts: Path) -> None:
    run_json("ingest", str(documents))
    run_json("collect", "--file", str(posts))
    run_json("draft", "1")
    edited = run_json("review", "edit", "1", "--text", "You pause it in the app.")
    assert (edited["draft"]["status"], edited["draft"]["text"]) == ("pending", "You pause it in the app.")
    run("review", "reject", "1", "--reason", "not ours")
    shown = run_json("review", "show", "1")
    assert [decision["action"] for decision in shown["decisions"]] == ["edit", "reject"]
    assert run_json("review", "list")["drafts"] == []


def test_where_earshot_cannot_send_a_person_does_and_says_so(
    approve_seen: Run, run_json: RunJson, documents: Path, tmp_path: Path
) -> None:
    post = {"id": "9", "source": "x", "text": "How do customers pause?", "created_at": "2026-11-11T12:00:00Z"}
    (tmp_path / "x.jsonl").write_text(json.dumps({**post, "url": "https://x.example/9"}))
    run_json("ingest", str(documents))
    run_json("collect", "--file", str(tmp_path / "x.jsonl"))
    run_json("draft", "x:9")
    told = approve_seen("1")
    assert "https://x.example/9" in told
    assert "earshot review sent 1" in told
    done = run_json("review", "sent", "1", "--url", "https://x.example/10")
    assert (done["draft"]["status"], done["reply"]["how"]) == ("sent", "assist")


def test_a_draft_for_any_text_is_not_kept(run_json: RunJson, documents: Path) -> None:
    run_json("ingest", str(documents))
    assert run_json("draft", "--text", "How do customers pause their plan?")["draft_id"] is None
    assert run_json("review", "list")["drafts"] == []


@pytest.mark.parametrize("words", [("draft", "nobody"), ("draft",), ("digest", "--week", "2026-W60")])
def test_a_wrong_word_is_named(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        run(*words)


def test_an_unknown_draft_is_named(run: Run) -> None:
    with pytest.raises(ReviewError, match="no draft 12"):
        run("review", "approve", "12")


def test_the_digest_is_printed_written_and_given_as_json(
    run: Run, run_json: RunJson, posts: Path, tmp_path: Path
) -> None:
    run_json("collect", "--file", str(posts))
    page = tmp_path / "week.html"
    assert "2 posts" in run("digest", "--week", "2026-W46", "--html", str(page))
    assert "Week 2026-W46" in page.read_text()
    figures = {figure["name"]: figure["value"] for figure in run_json("digest", "--week", "2026-W46")["figures"]}
    assert figures["posts"] == 2


def test_an_empty_week_says_which_weeks_have_posts(run: Run, posts: Path) -> None:
    run("collect", "--file", str(posts))
    assert "earshot digest --week 2026-W46" in run("digest", "--week", "2025-W01")


def test_an_approval_that_a_crash_left_unsent_is_sent_by_approving_again(
    run: Run, run_json: RunJson, documents: Path, posts: Path, assistant: Assistant
) -> None:
    run_json("ingest", str(documents))
    run_json("collect", "--file", str(posts))
    run_json("draft", "1")
    assistant.replies.reviewing.approve(1, "ann", assistant.clock())
    assert "earshot review resume" in run("review", "show", "1")
    assert run_json("review", "approve", "1", "--by", "ann")["draft"]["status"] == "sent"


def test_a_post_full_of_brackets_is_listed_like_any_other(run: Run, tmp_path: Path) -> None:
    post = {"id": "6", "text": "\\[/b] broken [markup] \\[x", "created_at": "2026-11-10T10:00:00Z"}
    (tmp_path / "odd.jsonl").write_text(json.dumps(post))
    run("collect", "--file", str(tmp_path / "odd.jsonl"))
    assert "[markup]" in run("mentions")


def test_in_a_batch_of_drafts_a_line_without_text_spoils_only_itself(run: Run, documents: Path, tmp_path: Path) -> None:
    run("ingest", str(documents))
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": 1}\n{"id": 2, "text": "@nobody"}\n{"id": 3, "text": "How do customers pause?"}\n')
    assert [json.loads(line)["id"] for line in run("draft", "--batch", str(batch)).splitlines()] == [3]


def test_a_digest_of_a_scope_counts_its_posts_alone_and_says_so(run: Run, run_json: RunJson, posts: Path) -> None:
    run_json("collect", "--file", str(posts))
    told = run("digest", "--week", "2026-W46", "--scope", "network=mastodon")
    assert told.startswith("Week 2026-W46, Mastodon\n")
    assert "Only posts from Mastodon count here." in told
    figures = run_json("digest", "--week", "2026-W46", "--scope", "network=mastodon")["figures"]
    assert {one["name"]: one["value"] for one in figures}["posts"] == 0
    assert not [one for one in figures if one["name"].startswith(("questions_", "model_", "minutes_"))]


def test_what_cannot_be_posted_is_told_plainly(run: Run, posts: Path) -> None:
    with pytest.raises(InputError, match="no scope planet"):
        run("digest", "--scope", "planet=mars")
    with pytest.raises(InputError, match="no channel to post to"):
        run("digest", "--post")
    with pytest.raises(ConfigError, match="No token of Slack is set"):
        run("digest", "--post", "--channel", "C0123456789")
