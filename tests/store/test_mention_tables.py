"""Mentions in the store: each kept once, found by either name."""

from datetime import datetime, timedelta

import pytest

from assistant.core.database import Store
from assistant.domain import Mention
from assistant.errors import InputError
from assistant.listening.tables.posts import MentionTables


@pytest.fixture
def mentions(store: Store) -> MentionTables:
    return MentionTables(store)


def _mention(network: str, external_id: str, now: datetime, text: str = "Hi") -> Mention:
    return Mention(f"{network}:{external_id}", network, external_id, "ann", text, now)


def test_a_mention_comes_back_as_it_was_kept(mentions: MentionTables, now: datetime) -> None:
    whole = Mention("x:1", "x", "1", "ann", "Hé 🚲", now, "en", "Lyon", "https://x.example/1", "0", 12)
    mentions.add([whole], now)
    assert mentions.find("x:1") == whole


def test_a_known_mention_is_not_kept_again(mentions: MentionTables, now: datetime) -> None:
    assert mentions.add([_mention("x", "1", now), _mention("x", "1", now, "Again")], now) == 1
    assert mentions.add([_mention("x", "1", now, "And again")], now) == 0
    assert mentions.find("1").text == "Hi"


def test_an_id_that_two_networks_use_must_be_said_in_full(mentions: MentionTables, now: datetime) -> None:
    mentions.add([_mention("x", "1", now), _mention("reddit", "1", now)], now)
    with pytest.raises(InputError, match="More than one mention") as caught:
        mentions.find("1")
    assert {"x:1", "reddit:1"} == set(caught.value.hint.removeprefix("Say which: ").rstrip(".").split(", "))
    assert mentions.find("reddit:1").network == "reddit"


def test_a_whole_id_wins_over_another_networks_short_one(mentions: MentionTables, now: datetime) -> None:
    mentions.add([_mention("x", "1", now), _mention("forum", "x:1", now)], now)
    assert mentions.find("x:1").network == "x"
    assert mentions.find("forum:x:1").network == "forum"


def test_an_unknown_mention_is_refused(mentions: MentionTables) -> None:
    with pytest.raises(InputError, match="There is no mention x:9"):
        mentions.find("x:9")


def test_the_span_runs_from_the_oldest_post_to_the_newest(mentions: MentionTables, now: datetime) -> None:
    assert mentions.span() is None
    early = now - timedelta(days=3)
    mentions.add([_mention("x", "1", now), _mention("x", "2", early)], now)
    assert mentions.span() == (early, now)
