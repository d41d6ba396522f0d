"""Sorting: findings are kept so that SQL can count them, corrections win, repeats collapse, old versions are redone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes_reply import NOW, BagOfWordsEmbedder, make_mention

from assistant.core.database import Store
from assistant.domain import About, Mention
from assistant.errors import InputError
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.topics import Topic
from assistant.listening.pipeline import discover_topics, relabel_mention, sort_again, sort_new_mentions
from assistant.listening.tables.analyses import DiscoveredTables
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.lessons import forget_lessons
from assistant.reports.figures import week_of
from assistant.text.embedding import Vectors

ANALYSER = Analyser()


@pytest.fixture
def mentions(store: Store) -> MentionTables:
    return MentionTables(store)


def keep(mentions: MentionTables, *texts: str, **changes: object) -> list[Mention]:
    """Posts that came a minute after each other."""
    made = [
        replace(make_mention(str(at), text), created_at=NOW + timedelta(minutes=at), lang=None, **changes)  # type: ignore[arg-type]
        for at, text in enumerate(texts)
    ]
    mentions.add(made, NOW)
    return made


def labels_of(mentions: MentionTables, mention_id: str) -> dict[str, str]:
    return {row["about"]: row["label"] for row in mentions.analyses.findings_of(mention_id)}


def test_what_is_found_out_is_counted_by_sql(mentions: MentionTables) -> None:
    keep(mentions, "I love this bike", "Ich liebe dieses Rad wirklich sehr", "The app is down", location="Berlin")
    assert sort_new_mentions(mentions, ANALYSER, NOW) == 3
    span = (NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert mentions.analyses.count(About.LANGUAGE, *span) == {"en": 2, "de": 1}
    assert mentions.analyses.count(About.COUNTRY, *span) == {"DE": 3}
    assert mentions.analyses.count(About.URGENCY, *span) == {"normal": 2, "raised": 1}
    assert sum(mentions.analyses.count(About.SENTIMENT, *span).values()) == 3
    for row in mentions.analyses.findings_of("file:0"):
        assert 0 <= row["confidence"] <= 1
        assert row["version"]


def test_vectors_of_a_batch_are_made_once_and_handed_on_before_anything_is_kept(mentions: MentionTables) -> None:
    class Counting(BagOfWordsEmbedder):
        texts = 0

        def embed(self, texts: Sequence[str]) -> Vectors:
            self.texts += len(texts)
            return super().embed(texts)

    embedder, seen = Counting(), list[tuple[list[str], int]]()

    def keep_vectors(batch: Sequence[Mention], vectors: Vectors) -> None:
        assert not mentions.analyses.findings_of(batch[0].mention_id)
        seen.append(([mention.mention_id for mention in batch], len(vectors)))

    keep(mentions, "My battery is flat", "Where is my refund?")
    sort_new_mentions(mentions, Analyser(embedder), NOW, keep_vectors=keep_vectors)
    assert seen == [(["file:0", "file:1"], 2)]
    assert embedder.texts == 2


def test_repeats_collapse_into_the_first_with_a_count(mentions: MentionTables) -> None:
    post = "Larkspur locked? We open any smart lock in ten minutes, pay in coins"
    keep(mentions, post, "RT @ada: " + post, post + "!! https://x.example", "Thanks!", "Thanks!")
    sort_new_mentions(mentions, ANALYSER, NOW)
    late = replace(make_mention("late", post), created_at=NOW + timedelta(hours=2))
    mentions.add([late], NOW)
    sort_new_mentions(mentions, ANALYSER, NOW)
    assert mentions.analyses.count_copies("file:0") == 3
    assert mentions.analyses.count_copies("file:3") == 0
    found = mentions.triage_of("file:late")
    assert found
    assert found["reason"] == "It repeats an earlier post, file:0."


def test_a_correction_is_kept_with_who_and_when_and_wins_also_when_all_is_analysed_anew(
    mentions: MentionTables, store: Store
) -> None:
    keep(mentions, "The app is down again")
    sort_new_mentions(mentions, ANALYSER, NOW)
    relabel_mention(mentions, ANALYSER, "file:0", {About.SENTIMENT: "positive", About.INTENT: "idea"}, "ann", NOW)
    store.change("update analyses set version = 'old'")
    assert sort_again(mentions, ANALYSER, NOW) == 1
    labels = labels_of(mentions, "file:0")
    assert (labels["sentiment"], labels["intent"]) == ("positive", "idea")
    assert store.value("select sentiment from analyses") == "positive"
    assert [(row["about"], row["corrected_by"]) for row in mentions.corrections.of("file:0")] == [
        ("sentiment", "ann"),
        ("intent", "ann"),
    ]
    with pytest.raises(InputError, match="no mention"):
        relabel_mention(mentions, ANALYSER, "file:404", {About.SENTIMENT: "positive"}, "ann", NOW)


def test_a_click_shows_at_once_and_the_last_word_counts(mentions: MentionTables, store: Store) -> None:
    keep(mentions, "The app is down again")
    sort_new_mentions(mentions, ANALYSER, NOW)
    for label in ("positive", "neutral"):
        mentions.corrections.add("file:0", {About.SENTIMENT: label}, "ann", NOW)
        assert labels_of(mentions, "file:0")["sentiment"] == label
        assert store.value("select sentiment from analyses") == label
    corrections, texts = mentions.corrections.all()
    assert ([c.label for c in corrections], texts) == (["neutral"], ["The app is down again"])


def test_corrections_change_what_later_posts_get(mentions: MentionTables) -> None:
    analyser = Analyser(BagOfWordsEmbedder())
    keep(
        mentions, *(f"the gizmo wobbled number {n}" if n % 2 else f"the kettle whistled number {n}" for n in range(40))
    )
    sort_new_mentions(mentions, analyser, NOW)
    for number in range(40):
        label = "negative" if number % 2 else "positive"
        mentions.corrections.add(f"file:{number}", {About.SENTIMENT: label}, "ann", NOW)
    mentions.add([make_mention("a", "my gizmo wobbled"), make_mention("b", "my kettle whistled")], NOW)
    sort_new_mentions(mentions, analyser, NOW)
    assert labels_of(mentions, "file:a")["sentiment"] == "negative"
    assert labels_of(mentions, "file:b")["sentiment"] == "positive"


def test_only_what_another_version_analysed_is_analysed_anew(mentions: MentionTables, store: Store) -> None:
    keep(mentions, "One", "Two", "Three")
    sort_new_mentions(mentions, ANALYSER, NOW)
    assert sort_again(mentions, ANALYSER, NOW) == 0
    other = Analyser(BagOfWordsEmbedder(), [Topic(name="battery", examples=("my battery is flat",))])
    assert other.version != ANALYSER.version
    assert sort_again(mentions, other, NOW) == 3
    assert store.rows("select distinct version from analyses") == [{"version": other.version}]


def test_a_post_that_is_deleted_or_edited_upstream_takes_all_findings_with_it(
    mentions: MentionTables, store: Store
) -> None:
    keep(mentions, "Larkspur locked? We open any smart lock in ten minutes", "I love this bike so much today")
    sort_new_mentions(mentions, ANALYSER, NOW)
    UpstreamTables(store, forget_lessons).remove(["file:0"], NOW)
    assert not mentions.analyses.findings_of("file:0")
    assert not store.rows("select * from shingles where mention_id = 'file:0'")
    assert labels_of(mentions, "file:1")


def test_who_writes_often_and_angrily_is_heard_sooner(mentions: MentionTables) -> None:
    keep(mentions, *(f"Terrible, worst service ever, no answer for {days} days" for days in (2, 3, 4)))
    sort_new_mentions(mentions, ANALYSER, NOW)
    assert [labels_of(mentions, f"file:{at}")["urgency"] for at in range(3)] == ["normal", "normal", "raised"]


def test_topics_of_a_week_are_discovered_and_kept(mentions: MentionTables, store: Store) -> None:
    keep(mentions, *(f"my battery died near stop {n}" if n % 2 else f"refund please for order {n}" for n in range(40)))
    analyser = Analyser(BagOfWordsEmbedder())
    sort_new_mentions(mentions, analyser, NOW)
    week = week_of(NOW, ZoneInfo("UTC"))
    tables = DiscoveredTables(store)
    for _ in range(2):  # the second time replaces the first
        topics = discover_topics(tables, analyser, week)
    assert sum(len(ids) for _, ids in topics) == 40
    assert store.value("select count(*) from discovered_posts") == 40
    assert tables.before(week) == []
