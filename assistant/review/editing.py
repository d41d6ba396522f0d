"""How far an edit went: normalised Levenshtein distances (Levenshtein 1966) by characters and by words."""

from datetime import datetime

from rapidfuzz.distance import Levenshtein

from assistant.store.decisions import Edit


def measure_edit(draft_id: int, user: str, now: datetime, before: str, after: str) -> Edit:
    """The edit with its distances: edits needed, divided by the length of the longer text; 0 is the same, 1 all new."""
    by_characters = Levenshtein.normalized_distance(before, after)
    by_words = Levenshtein.normalized_distance(before.split(), after.split())
    return Edit(draft_id, user, now, before, after, round(by_characters, 4), round(by_words, 4))
