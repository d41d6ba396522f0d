"""How much text a message carries over all its blocks."""

MOST_BLOCK_CHARACTERS = 13_200
COUNTED = ("text", "alt_text", "title", "details")


def count_characters(part: object) -> int:
    """All text in all blocks. Slack documents no number; posts were refused at about 13,200 characters."""
    if isinstance(part, list):
        return sum(count_characters(inner) for inner in part)
    if not isinstance(part, dict):
        return 0
    own = sum(len(part[key]) for key in COUNTED if isinstance(part.get(key), str))
    return own + sum(count_characters(inner) for inner in part.values())
