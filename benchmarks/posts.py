"""Weeks of made-up posts with all that is found out about them, filled into the tables directly."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from assistant.core.database import Store, to_text

_BATCH = 20_000
_NETWORKS = (("x", 50), ("reddit", 20), ("mastodon", 10), ("youtube", 10), ("bluesky", 6), ("facebook", 4))
_LANGUAGES = (("en", 70), ("de", 10), ("pl", 8), ("fr", 6), ("es", 6))
_COUNTRIES = (("US", 40), ("GB", 20), ("DE", 10), ("PL", 8), ("FR", 6), ("ES", 6), ("IN", 5), ("CA", 5))
_TOPICS = tuple((f"topic {number}", 30 - number) for number in range(1, 26))
_INTENTS = (("complaint", 35), ("question", 20), ("praise", 18), ("idea", 3), ("other", 20), ("spam", 4))
_FEELINGS = (("negative", 40), ("neutral", 25), ("positive", 20), ("unsure", 15))
_ACTIONS = (("reply", 40), ("watch", 45), ("ignore", 15))
_WORDS_A_POST = 9
_REPLIES = 0.03  # of the posts that want one


def fill_posts(store: Store, end_at: datetime, days: int, count: int, seed: int = 1) -> None:
    """Put `count` posts of the `days` before `end_at` into a store, evenly spread over its hours."""
    chance = random.Random(seed)  # noqa: S311  # made-up posts need no secret
    vocabulary = [f"word{number}" for number in range(5_000)]
    weights = [1 / (number + 20) for number in range(len(vocabulary))]
    # Several batches at once would need much memory, one post at a time much time.
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        words = chance.choices(vocabulary, weights, k=_WORDS_A_POST * len(numbers))
        with store.transaction() as db:
            for table, rows in _make_rows(chance, numbers, end_at, days, count, words).items():
                marks = ",".join("?" * len(rows[0])) if rows else ""
                db.conn.executemany(f"insert or ignore into {table} values ({marks})", rows)
    _mark_as_filled(store)


def _make_rows(
    chance: random.Random, numbers: range, end_at: datetime, days: int, count: int, words: list[str]
) -> dict[str, list[tuple[object, ...]]]:
    rows: dict[str, list[tuple[object, ...]]] = {
        "mentions (mention_id, network, external_id, author, text, created_at, lang, followers, engagement,"
        " collected_at, conversation_id, url)": [],
        "analyses": [],
        "findings": [],
        "mention_words": [],
        "copies": [],
        "drafts (draft_id, mention_id, text, status, sentences, citations, writer, prompt_version, created_at,"
        " changed_at)": [],
        "decisions (draft_id, action, decided_by, decided_at, text)": [],
        "replies (draft_id, mention_id, network, external_id, text, url, how, sent_at)": [],
    }
    tables = list(rows.values())
    for number in numbers:
        at = end_at - timedelta(days=days * (count - number) / count)
        own = words[(number - numbers.start) * _WORDS_A_POST :][:_WORDS_A_POST]
        for table, made in zip(tables, _make_post(chance, number, at, own), strict=True):
            table += made
    return rows


def _make_post(
    chance: random.Random, number: int, at: datetime, words: list[str]
) -> Iterator[list[tuple[object, ...]]]:
    network = _pick(chance, _NETWORKS)
    name, created = f"{network}:p{number}", to_text(at)
    followers, reactions = int(chance.paretovariate(0.8) * 20), int(chance.paretovariate(1) - 1)
    author, found_at = f"person{int(chance.paretovariate(0.7)) % 60_000}", at + timedelta(minutes=3)
    feeling, action = _pick(chance, _FEELINGS), _pick(chance, _ACTIONS)
    url = f"https://{network}.example/p{number}"
    text = f"@brand {' '.join(words)}"
    yield [
        (name, network, f"p{number}", author, text, created, None, followers, reactions, to_text(found_at), name, url)
    ]
    yield [(name, feeling, 0.0, action == "reply", "made up", action, "", to_text(found_at))]
    yield [(name, about, label, 0.9, "made up", "") for about, label in _find(chance, feeling)]
    yield [(word, name) for word in dict.fromkeys(words)]
    yield [(name, f"{network}:p{number - 40}")] if chance.random() < 0.05 else []
    yield from _make_reply(chance, number, name, network, found_at, action)


def _find(chance: random.Random, feeling: str) -> Iterator[tuple[str, str]]:
    yield "language", _pick(chance, _LANGUAGES)
    yield "sentiment", feeling
    yield "topic", _pick(chance, _TOPICS) if chance.random() < 0.6 else "none"
    yield "intent", _pick(chance, _INTENTS)
    yield "urgency", _pick(chance, (("normal", 95), ("raised", 4), ("high", 1)))
    yield "influence", _pick(chance, (("low", 75), ("medium", 20), ("high", 5)))
    if chance.random() < 0.4:
        yield "country", _pick(chance, _COUNTRIES)


def _make_reply(
    chance: random.Random, number: int, name: str, network: str, found_at: datetime, action: str
) -> Iterator[list[tuple[object, ...]]]:
    if action != "reply" or chance.random() >= _REPLIES:
        yield from ([], [], [])
        return
    times = [found_at]
    for hours in (0.1, 6.0, 0.1):
        times.append(times[-1] + timedelta(hours=chance.expovariate(1 / hours)))
    drafted, approved, sent = map(to_text, times[1:])
    yield [(number + 1, name, "Text.", "sent", "[]", "[]", "quoting", "1", drafted, approved)]
    yield [(number + 1, "approve", "U1", approved, "Text.")]
    yield [(number + 1, name, network, f"r{number}", "We will look into it.", None, "api", sent)]


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([label for label, _ in weighted], [weight for _, weight in weighted])[0]


def _mark_as_filled(store: Store) -> None:
    """As in a home that has listened all along: SQLite knows its tables, and every network was heard."""
    for network, _ in _NETWORKS:
        store.change("insert or ignore into heard_networks values (?, '')", network)
    store.change("analyze")


DEFAULT_END = datetime(2026, 11, 16, tzinfo=UTC)
