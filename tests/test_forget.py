"""A person is found under every way to write a name, is gone also after a crash, and old posts go by themselves."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from crash_forgetting import SWEPT, forget
from fakes import FakeEmbedder
from fakes_forgetting import AUTHOR, Traces, find_traces, is_sound

from assistant.errors import InputError, SearchIndexError
from assistant.knowledge.search.vectors import ChromaIndex, mention_collection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.listening.post_index import MentionIndex
from assistant.listening.tables.post_vectors import MentionVectorTables
from assistant.privacy.forget import Erasure


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def traces(home: Path, now: datetime) -> Traces:
    return Traces(home, now)


def _forgetting(traces: Traces, retention_days: int = 0) -> Erasure:
    return Erasure(traces.forgetting, lambda: None, retention_days)


@pytest.mark.parametrize("said", ["Quillona", "quillona", "@QUILLONA", " @Quillona "])
def test_a_name_is_found_however_it_is_written(said: str, traces: Traces) -> None:
    traces.post(1)
    assert _forgetting(traces).look_up(said).removed.posts == 1


@pytest.mark.parametrize(
    ("kept", "said"), [("@ann", "ANN"), ("ŁUCJA", "łucja"), ("Zoe\u0308", "zoë"), ("Groß", "GROSS")]
)
def test_large_and_small_letters_of_every_script_are_the_same(kept: str, said: str, traces: Traces) -> None:
    traces.post(1, kept)
    assert _forgetting(traces).forget_author(said, "", traces.now).removed.posts == 1


@pytest.mark.parametrize("said", ["fay.test", "fay2.test", "did:plc:fay"])
def test_a_person_who_took_another_name_is_forgotten_under_both(said: str, traces: Traces) -> None:
    for number, (name, account) in enumerate([("fay.test", "fay"), ("fay2.test", "fay"), ("bo.test", "bo")]):
        traces.post(number, name, author_id=f"did:plc:{account}")
    known = _forgetting(traces).look_up(said)
    assert [one.name for one in known.authors] == ["fay.test", "fay2.test"]
    assert _forgetting(traces).forget_author(said, "", traces.now).removed.posts == 2
    assert "did:plc:fay" not in str(traces.store.rows("select author_id from mentions"))


def test_a_name_that_no_post_has_yet_is_asked_of_its_network(traces: Traces) -> None:
    traces.post(1, "fay.test", author_id="did:plc:fay")
    accounts = {("fay2.test", ""): ("x", "did:plc:fay")}
    forgetting = Erasure(
        traces.forgetting, lambda: None, find_account=lambda name, network: accounts.get((name, network))
    )
    assert forgetting.look_up("@fay2.test").removed.posts == 1
    with pytest.raises(InputError, match="Nothing by fay3"):
        forgetting.look_up("fay3.test")


def test_one_of_two_people_who_had_the_same_name_is_forgotten_by_the_account(traces: Traces) -> None:
    for number in (1, 2):
        traces.post(number, "fay.test", author_id=f"did:plc:{number}")
    assert _forgetting(traces).look_up("fay.test").removed.posts == 2
    assert _forgetting(traces).look_up("did:plc:2").removed.posts == 1


@pytest.mark.parametrize("said", ["Quillon", "Quillona2", "Quill%", "bo", "ann"])
def test_only_the_whole_name_counts(said: str, traces: Traces) -> None:
    traces.post(1)
    with pytest.raises(InputError, match=f"Nothing by {said} is kept"):
        _forgetting(traces).look_up(said)


def test_no_name_is_nobody(traces: Traces) -> None:
    traces.post(1, "")
    with pytest.raises(InputError, match="Say whose posts"):
        _forgetting(traces).look_up(" @ ")


def test_one_network_only_where_that_is_said(traces: Traces) -> None:
    for number, network in enumerate(("x", "reddit", "rss:a.example", "rss:b.example")):
        traces.post(number, network=network)
    forgetting = _forgetting(traces)
    assert forgetting.look_up(AUTHOR).networks == ("reddit", "rss:a.example", "rss:b.example", "x")
    assert forgetting.look_up(AUTHOR, "RSS").networks == ("rss:a.example", "rss:b.example")
    assert forgetting.forget_author(AUTHOR, "x", traces.now).removed.posts == 1
    assert traces.mentions.count() == 3
    with pytest.raises(InputError, match="kept on x"):
        forgetting.look_up(AUTHOR, "x")


def test_the_receipt_counts_what_left_and_what_stays(traces: Traces) -> None:
    traces.leave_traces()
    forgetting = _forgetting(traces)
    known = forgetting.look_up(AUTHOR)
    receipt = forgetting.forget_author(AUTHOR, "", traces.now)
    assert (receipt.subject, receipt.networks, receipt.unfinished) == (AUTHOR, ("x",), ())
    assert (receipt.removed.posts, receipt.removed.parents, receipt.removed.drafts) == (2, 1, 1)
    assert known.removed.posts == receipt.removed.posts
    assert [stays.count for stays in receipt.stays[:3]] == [3, 0, 0]


def test_a_person_with_more_posts_than_a_batch_holds_is_forgotten_whole(
    traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.privacy.forget._BATCH", 3)
    for number in range(8):
        traces.post(number)
    assert _forgetting(traces).forget_author(AUTHOR, "", traces.now).removed.posts == 8


def test_killed_before_any_line_of_the_code_a_second_run_leaves_nothing_of_the_person(
    traces: Traces, home: Path
) -> None:
    traces.leave_traces()
    traces.store.change("delete from corrections where mention_id = 'x:3'")
    traces.store.change("delete from findings where mention_id = 'x:3'")
    traces.store.close()
    command = [sys.executable, "crash_forgetting.py", str(home)]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    deaths = [line.rsplit(" ", 1) for line in done.stdout.splitlines()]
    assert {place.partition(":")[0] for _, place in deaths} == {Path(name).name for name in SWEPT}
    for copy, place in deaths:
        store = forget(Path(copy))
        assert find_traces(Path(copy)) == [], place
        assert is_sound(Path(copy)), place
        assert MentionVectorTables(store).outdated() == {}, place
        assert store.rows("select mention_id from mentions where removed_at is null") == [{"mention_id": "x:3"}]
        store.close()


def test_the_vectors_leave_chroma_which_never_held_a_word(
    traces: Traces, home: Path, vectors: ChromaIndex, now: datetime
) -> None:
    index = MentionIndex(MentionVectorTables(traces.store), DocumentTables(traces.store), vectors, FakeEmbedder())
    mentions = [traces.post(1), traces.post(2, "bo")]
    traces.store.change("delete from mention_vectors")
    index.catch_up()
    collection = mention_collection("2026-11")
    assert vectors.count(collection) == 2
    assert [trace for trace in find_traces(home) if not trace.endswith(("earshot.db", "earshot.db-wal"))] == []
    Erasure(traces.forgetting, index.forget_outdated).forget_author(AUTHOR, "", now)
    assert vectors.count(collection) == 1
    assert [mention.author for mention, _ in index.search(mentions[0].text, None, 5)] == ["bo"]


def test_vectors_that_cannot_be_reached_now_are_told_and_go_with_the_next_collecting(
    traces: Traces, home: Path
) -> None:
    traces.leave_traces()

    def refuse() -> None:
        raise SearchIndexError("Another Earshot has locked the index.", "Wait.")

    receipt = Erasure(traces.forgetting, refuse).forget_author(AUTHOR, "", traces.now)
    assert receipt.unfinished == ("Another Earshot has locked the index. Wait.",)
    calls: list[bool] = []
    assert Erasure(traces.forgetting, lambda: calls.append(True)).forget_older(traces.now).unfinished == ()
    assert calls == [True]


def test_without_a_limit_nothing_is_ever_removed(traces: Traces) -> None:
    traces.post(1, days=9999)
    assert _forgetting(traces).forget_older(traces.now).is_empty
    assert traces.mentions.count() == 1


def test_posts_older_than_the_limit_leave_and_so_does_what_they_answer(
    traces: Traces, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.privacy.forget._BATCH", 3)
    for number in range(8):
        traces.post(number, days=31)
    traces.post(9, "bo", days=29)
    traces.parent(days=31)
    traces.store.change("update corrections set label = 'x'")
    forgetting = _forgetting(traces, 30)
    receipt = forgetting.forget_older(traces.now)
    assert (receipt.removed.posts, receipt.removed.parents) == (8, 1)
    assert receipt.subject == "posts from before 2026-10-17 09:00 UTC"
    assert forgetting.forget_older(traces.now).is_empty
    assert [row["mention_id"] for row in traces.store.rows("select mention_id from mentions")] == ["x:9"]
    assert traces.mentions.find("x:9").removed_at is None


def test_a_post_becomes_too_old_as_time_goes_by(traces: Traces) -> None:
    traces.post(1)
    forgetting = _forgetting(traces, 30)
    assert forgetting.forget_older(traces.now + timedelta(days=30)).is_empty
    assert forgetting.forget_older(traces.now + timedelta(days=30, milliseconds=1)).removed.posts == 1
