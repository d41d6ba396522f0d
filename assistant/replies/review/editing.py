"""How far an edit went: normalised Levenshtein distances (Levenshtein 1966) by characters and by words."""

from datetime import datetime

from rapidfuzz.distance import Levenshtein

from assistant.replies.tables.decisions import Edit


def measure_edit(draft_id: int, user: str, now: datetime, before: str, after: str) -> Edit:
    """The edit with its distances: edits needed, divided by the length of the longer text; 0 is the same, 1 all new."""
    by_characters = Levenshtein.normalized_distance(before, after)
    by_words = measure_distance(before, after)
    return Edit(draft_id, user, now, before, after, round(by_characters, 4), round(by_words, 4))


def measure_distance(before: str, after: str) -> float:
    """By words; two empty texts are the same."""
    return float(Levenshtein.normalized_distance(before.split(), after.split()))
