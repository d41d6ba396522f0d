"""A decision is taken once, on the text the person saw, and who loses is told who won and when."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, Library, make_mention

from assistant.domain import Audience, DecisionAction, Draft, DraftStatus, Mention, Sentence, Support
from assistant.errors import EarshotError, ReviewError
from assistant.replies.review.decisions import Review

APPROVE = """
import sys
from fakes_reply import NOW, Desk
from assistant.errors import ReviewError
from pathlib import Path
desk = Desk(Path(sys.argv[1]), {})
print("ready", flush=True)
sys.stdin.readline()
try:
    desk.reviewing.approve(1, sys.argv[2], NOW)
    print("won")
except ReviewError as error:
    print(error.message)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, {})


def test_the_second_approval_is_refused_with_who_won_and_when(desk: Desk) -> None:
    draft_id = desk.add_draft()
    desk.reviewing.approve(draft_id, "ada", NOW)

    with pytest.raises(ReviewError) as caught:
        desk.reviewing.approve(draft_id, "grace", NOW)

    assert caught.value.message == ("Draft 1 was already approved by ada at 2026-11-18 09:00 UTC; it is approved now.")
    assert [decision.decided_by for decision in desk.tables.decisions.of_draft(draft_id)] == ["ada"]


LATE: dict[str, Callable[[Review], object]] = {
    "approve": lambda reviewing: reviewing.approve(1, "grace", NOW),
    "edit": lambda reviewing: reviewing.edit(1, "Hello.", "grace", NOW),
    "reject": lambda reviewing: reviewing.reject(1, "", "grace", NOW),
}


@pytest.mark.parametrize("late", LATE)
def test_nothing_can_be_decided_after_a_rejection(desk: Desk, late: str) -> None:
    draft_id = desk.add_draft()
    desk.reviewing.reject(draft_id, "Not ours to answer.", "ada", NOW)

    with pytest.raises(ReviewError, match="already rejected by ada at 2026-11-18 09:00 UTC"):
        LATE[late](desk.reviewing)
    assert [decision.reason for decision in desk.tables.decisions.of_draft(draft_id)] == ["Not ours to answer."]


def test_an_unknown_draft_is_named(desk: Desk) -> None:
    with pytest.raises(ReviewError, match=r"There is no draft 7\.") as caught:
        desk.reviewing.approve(7, "ada", NOW)
    assert "earshot review list" in caught.value.hint


def test_an_edited_text_that_the_person_has_not_seen_cannot_be_approved(desk: Desk) -> None:
    draft_id = desk.add_draft("First words.")
    desk.reviewing.edit(draft_id, "Second words.", "grace", NOW)

    with pytest.raises(ReviewError, match="was changed by grace at 2026-11-18 09:00 UTC since you saw it"):
        desk.reviewing.approve(draft_id, "ada", NOW, seen_text="First words.")
    assert desk.status(draft_id) is DraftStatus.PENDING
    assert (
        desk.reviewing.approve(draft_id, "ada", NOW, "Second words.", accepts_unsupported=True).text == "Second words."
    )


def test_an_edit_never_overwrites_another_persons_edit_unseen(desk: Desk) -> None:
    draft_id = desk.add_draft("First words.")
    desk.reviewing.edit(draft_id, "Grace's words.", "grace", NOW, seen_text="First words.")

    with pytest.raises(ReviewError, match="was changed by grace"):
        desk.reviewing.edit(draft_id, "Ada's words.", "ada", NOW, seen_text="First words.")
    assert desk.drafts.find(draft_id).text == "Grace's words."


def test_every_decision_is_kept_in_order_with_the_text_it_was_about(desk: Desk) -> None:
    draft_id = desk.add_draft("One.")
    desk.reviewing.edit(draft_id, "Two.", "ada", NOW)
    desk.reviewing.edit(draft_id, "Three.", "grace", NOW)
    desk.reviewing.approve(draft_id, "mary", NOW, accepts_unsupported=True)

    assert [(d.action, d.decided_by, d.text) for d in desk.tables.decisions.of_draft(draft_id)] == [
        (DecisionAction.EDIT, "ada", "Two."),
        (DecisionAction.EDIT, "grace", "Three."),
        (DecisionAction.APPROVE, "mary", "Three."),
    ]


@pytest.mark.parametrize("empty", ["", "  ", "\n\t"])
def test_an_empty_reply_can_be_neither_written_nor_approved(desk: Desk, empty: str) -> None:
    draft_id = desk.add_draft(empty)
    with pytest.raises(ReviewError, match="can't be empty"):
        desk.reviewing.edit(draft_id, empty, "ada", NOW)
    with pytest.raises(ReviewError, match="can't be empty"):
        desk.reviewing.approve(draft_id, "ada", NOW)
    assert desk.tables.decisions.of_draft(draft_id) == []


def test_of_many_threads_that_decide_at_once_one_wins(tmp_path: Path, desk: Desk) -> None:
    draft_id = desk.add_draft()
    start = threading.Barrier(8)
    results: list[str] = []

    def decide(number: int) -> None:
        mine = Desk(tmp_path, {})
        start.wait()
        try:
            if number % 2:
                mine.reviewing.approve(draft_id, f"person {number}", NOW)
            else:
                mine.reviewing.reject(draft_id, "", f"person {number}", NOW)
            results.append("won")
        except EarshotError as error:
            results.append(error.message)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [decision] = desk.tables.decisions.of_draft(draft_id)
    assert results.count("won") == 1
    losers = [result for result in results if result != "won"]
    assert len(losers) == 7
    assert all(f"by {decision.decided_by} at 2026-11-18 09:00 UTC" in loser for loser in losers)


def test_of_two_processes_that_approve_at_once_one_wins(tmp_path: Path, desk: Desk) -> None:
    desk.add_draft()
    people = ("ada", "grace")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", APPROVE, str(tmp_path), person],
            cwd=Path(__file__).parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for person in people
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    results = [process.communicate("go\n")[0].strip() for process in processes]

    [decision] = desk.tables.decisions.of_draft(1)
    winner = people.index(decision.decided_by)
    assert results[winner] == "won"
    assert results[1 - winner].startswith(f"Draft 1 was already approved by {decision.decided_by} at 2026-11-18 09:00")


def test_internal_words_can_neither_be_edited_in_nor_approved(tmp_path: Path, desk: Desk) -> None:
    library = Library(tmp_path)
    library.add("Margins", "The wholesale margin on every battery is forty percent this year.", Audience.INTERNAL)
    draft_id = desk.add_draft("You know, the wholesale margin on every battery is low.")

    with pytest.raises(ReviewError, match="“the wholesale margin on every battery is” is in an internal document"):
        desk.reviewing.approve(draft_id, "ada", NOW)
    with pytest.raises(ReviewError, match="can't be sent as written"):
        desk.reviewing.edit(draft_id, "THE WHOLESALE-MARGIN on every battery!", "ada", NOW)
    assert desk.status(draft_id) is DraftStatus.PENDING
    desk.reviewing.edit(draft_id, "We cannot tell you our margins.", "ada", NOW)
    assert desk.reviewing.approve(draft_id, "ada", NOW, accepts_unsupported=True).status is DraftStatus.APPROVED


def test_an_edit_is_judged_anew_against_the_drafts_own_evidence(tmp_path: Path, desk: Desk) -> None:
    library = Library(tmp_path)
    library.add("Pausing", "You can pause your plan for up to three months in the app.")
    draft = library.drafting().draft_mention(library.keep(make_mention(text="Can I pause my plan in the app?")), NOW)
    assert draft.citations

    edited = desk.reviewing.edit(
        draft.draft_id, "Thanks! You can pause your plan for up to three months in the app. It costs 5 euros.", "a", NOW
    )

    assert [(s.support, bool(s.citations)) for s in edited.sentences] == [
        (Support.COURTESY, False),
        (Support.QUOTED, True),
        (Support.UNSUPPORTED, False),
    ]
    assert edited.text.endswith("It costs 5 euros.")


SAID = "Bikes are free on Sundays."
LIST = "Do this:\n1. Open the app.\n2. Tap Pause."


@pytest.fixture
def judged(desk: Desk) -> Draft:
    """A draft whose sentences rest on what no splitter finds again: a courtesy of two sentences, and a list."""
    sentences = (
        Sentence("Good that you ask. We like that.", Support.COURTESY),
        Sentence(SAID, Support.SUPPORTED, (1,)),
        Sentence(LIST, Support.QUOTED, (2,)),
        Sentence("Nobody knows more.", Support.UNSUPPORTED),
    )
    text = " ".join(sentence.text for sentence in sentences)
    note = "The chat model was down."
    draft = Draft(0, _keep(desk, make_mention()), text, DraftStatus.PENDING, sentences, (), "quoting", "", NOW, note)
    return desk.drafts.find(desk.drafts.add(draft))


@pytest.mark.parametrize(
    ("old", "new", "support"),
    [
        ("Nobody knows more.", "It costs 5 euros.", "courtesy supported quoted unsupported"),
        ("Nobody knows more.", "", "courtesy supported quoted"),
        ("Good that you ask. We like that. ", "", "supported quoted unsupported"),
        ("Good that", "Nice that", "unsupported courtesy supported quoted unsupported"),
        (SAID, f"It is not true that {SAID}", "courtesy unsupported quoted unsupported"),
        (SAID, f"{SAID[:-1]} or not.", "courtesy unsupported quoted unsupported"),
        (LIST, f"It costs 5 euros.\n\n{LIST}\n", "courtesy supported unsupported quoted unsupported"),
        (" Bikes", "\n\nBikes", "courtesy supported quoted unsupported"),
        ("Good that", "@ada@a.example Good that", "courtesy courtesy supported quoted unsupported"),
        (
            "Good that you ask. We like that.",
            "@ada Thanks for asking.",
            "courtesy courtesy supported quoted unsupported",
        ),
    ],
)
def test_sentences_that_an_edit_leaves_alone_keep_what_they_rest_on(
    desk: Desk, judged: Draft, old: str, new: str, support: str
) -> None:
    edited = desk.reviewing.edit(judged.draft_id, judged.text.replace(old, new), "ada", NOW)

    assert [str(sentence.support) for sentence in edited.sentences] == support.split()
    kept = [sentence for sentence in edited.sentences if sentence.support in (Support.SUPPORTED, Support.QUOTED)]
    assert set(kept) <= set(judged.sentences)


def test_an_edit_takes_the_note_away_and_an_approval_keeps_it(desk: Desk, judged: Draft) -> None:
    assert (
        desk.reviewing.approve(judged.draft_id, "ada", NOW, accepts_unsupported=True).note == "The chat model was down."
    )

    other = desk.drafts.add(replace(judged, mention_id=_keep(desk, make_mention("2"))))
    assert desk.reviewing.edit(other, "Other words.", "ada", NOW).note == ""


def _keep(desk: Desk, mention: Mention) -> str:
    desk.mentions.add([mention], NOW)
    return mention.mention_id
