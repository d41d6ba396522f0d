"""What a post wants: the shipped head on the labelled example posts, and the words it gives as reasons."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Intent
from assistant.listening.analysis.intent import IntentFinder, find_cues, name_intent
from assistant.text.embedding import SentenceTransformerEmbedder
from evals.analysis import measure_intent, read_labelled

EXAMPLES = Path(__file__).parents[2] / "examples"
MOODS = np.full((1, 3), 1 / 3, dtype=np.float32)
FINDER = IntentFinder("")


@pytest.mark.parametrize(
    ("text", "intent", "cue"),
    [
        ("Ich habe heute gekündigt.", "leaving", "gekündigt"),
        ("Are you hiring mechanics?", "job", "hiring"),
        ("I am a journalist, who is your press contact?", "press", "journalist"),
        ("Free gift cards, link in bio", "spam", "gift cards"),
        ("Feature request: a dark mode", "idea", "Feature request"),
        ("Combien coûte l'abonnement ?", "purchase", "Combien"),
    ],
)
def test_a_word_betrays_an_intent_and_is_told_as_it_stands_there(text: str, intent: str, cue: str) -> None:
    assert find_cues(text)[intent] == cue
    odds = FINDER.find_odds([text], np.zeros((1, 0), dtype=np.float32), MOODS)[0]
    found = name_intent(FINDER.labels, odds.tolist(), text)
    assert (found.label, found.reason) == (intent, f"It says “{cue}”.")


def test_the_head_knows_every_intent() -> None:
    assert set(FINDER.labels) == set(Intent)


def test_on_posts_it_was_not_trained_on_the_head_reaches_what_its_card_says(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    scores = measure_intent(read_labelled(EXAMPLES / "week-intents.jsonl", "intent"), real_embedder)
    assert scores.macro_f1 >= 0.68


def test_every_post_of_the_example_week_is_labelled_and_none_of_them_is_trained_on() -> None:
    week = [json.loads(line) for line in (EXAMPLES / "week.jsonl").read_text(encoding="utf-8").splitlines()]
    labelled = read_labelled(EXAMPLES / "week-intents.jsonl", "intent")
    assert {post["text"] for post in week} <= {post.text for post in labelled}
    assert {post.label for post in labelled} == set(Intent)
    trained = (EXAMPLES / "intents.yaml").read_text(encoding="utf-8")
    assert not [post.text for post in labelled if post.text in trained]


@settings(deadline=None, max_examples=200)
@given(text=st.text())
def test_any_text_has_odds_that_add_up(text: str) -> None:
    odds = FINDER.find_odds([text], np.zeros((1, 0), dtype=np.float32), MOODS)
    assert float(odds.sum()) == pytest.approx(1, abs=1e-3)
