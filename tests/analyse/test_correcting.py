"""What people put right: a correction wins for its own post, and turns what others get."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import About, Correction, Finding
from assistant.listening.analysis.corrections import learn

NOW = datetime(2026, 11, 18, tzinfo=UTC)
LABELS = ("negative", "neutral", "positive")


def correct(number: int, label: str) -> Correction:
    return Correction(f"x:{number}", About.SENTIMENT, label, "ann", NOW)


def make_vectors(labels: list[str]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Posts of one label point the same way."""
    return np.array([[label == name for name in LABELS] for label in labels], dtype=np.float32)


def test_a_correction_always_wins_for_its_own_post() -> None:
    lessons = learn([correct(1, "negative"), correct(1, "positive")], np.zeros((2, 0), dtype=np.float32))
    found = Finding(About.SENTIMENT, "neutral", 0.9, "sentiment-1")
    settled = lessons.settle("x:1", found)
    assert (settled.label, settled.confidence, settled.version) == ("positive", 1.0, "person")
    assert lessons.settle("x:2", found) is found
    assert lessons.settle("x:1", Finding(About.TOPIC, "none", 0.9, "topic-1")).label == "none"


def test_posts_like_those_that_were_corrected_follow_them() -> None:
    labels = ["negative", "positive"] * 20
    learnt = learn([correct(at, label) for at, label in enumerate(labels)], make_vectors(labels)).learnt
    odds = np.array([[0.2, 0.5, 0.3], [0.2, 0.5, 0.3]], dtype=np.float32)
    revised = learnt[About.SENTIMENT].revise(LABELS, odds, make_vectors(["negative", "positive"]))
    assert [LABELS[at] for at in revised.argmax(axis=1)] == ["negative", "positive"]


def test_a_few_corrections_turn_nothing_that_is_sure() -> None:
    learnt = learn([correct(1, "negative"), correct(2, "positive")], make_vectors(["negative", "positive"])).learnt
    odds = np.array([[0.05, 0.05, 0.9]], dtype=np.float32)
    revised = learnt[About.SENTIMENT].revise(LABELS, odds, make_vectors(["negative"]))
    assert LABELS[int(revised.argmax())] == "positive"


def test_one_label_alone_or_no_vectors_teach_nothing_beyond_their_own_posts() -> None:
    assert not learn([correct(1, "negative"), correct(2, "negative")], make_vectors(["negative"] * 2)).learnt
    assert not learn([correct(1, "negative"), correct(2, "positive")], np.zeros((2, 0), dtype=np.float32)).learnt
    assert not learn([], np.zeros((0, 3), dtype=np.float32)).by_id


@given(labels=st.lists(st.sampled_from([*LABELS, "a topic that is gone"]), min_size=2, max_size=12))
def test_revised_odds_add_up_whatever_was_corrected(labels: list[str]) -> None:
    lessons = learn([correct(at, label) for at, label in enumerate(labels)], make_vectors(labels))
    odds = np.full((2, 3), 1 / 3, dtype=np.float32)
    for learnt in lessons.learnt.values():
        assert np.allclose(
            learnt.revise(LABELS, odds, make_vectors(["negative", "positive"])).sum(axis=1), 1, atol=1e-3
        )
