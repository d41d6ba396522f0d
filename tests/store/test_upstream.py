"""What is edited or deleted on its network is edited or deleted here: row, words, analysis and the draft that waits."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from assistant.core.database import Store
from assistant.domain import (
    Analysis,
    Decision,
    DecisionAction,
    Draft,
    DraftStatus,
    Mention,
    Reply,
    Sentiment,
    ThreadPost,
    Triage,
    TriageAction,
)
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.lessons import forget_lessons
from assistant.replies.tables.send_ledger import LedgerTables


@pytest.fixture
def mentions(store: Store) -> MentionTables:
    return MentionTables(store)


@pytest.fixture
def drafts(store: Store) -> DraftTables:
    return DraftTables(store)


@pytest.fixture
def upstream(store: Store) -> UpstreamTables:
    return UpstreamTables(store, forget_lessons)


@pytest.fixture
def threads(store: Store) -> ThreadTables:
    return ThreadTables(store)


def _mention(number: int, now: datetime, text: str = "My bike squeaks") -> Mention:
    return Mention(f"x:{number}", "x", str(number), "ann", text, now, "en", "Leeds", "https://x.com/ann/1", None, 12)


def _analyse(mentions: MentionTables, mention: Mention, now: datetime) -> None:
    found = Analysis(mention.mention_id, Sentiment.NEGATIVE, -0.5, ("bike", "squeaks"), False, "1")
    mentions.add_analyses([(found, Triage(mention.mention_id, TriageAction.REPLY, "negative"))], now)


def _draft(drafts: DraftTables, mention: Mention, now: datetime, text: str = "Sorry.") -> int:
    return drafts.add(Draft(0, mention.mention_id, text, DraftStatus.PENDING, (), (), "quoting", "1", now))


def test_an_edited_post_gets_its_new_text_and_is_to_be_analysed_and_drafted_anew(
    upstream: UpstreamTables, mentions: MentionTables, drafts: DraftTables, now: datetime, store: Store
) -> None:
    mention = _mention(1, now)
    upstream.keep([mention], now)
    _analyse(mentions, mention, now)
    draft_id = _draft(drafts, mention, now)
    assert mentions.to_draft(5) == []
    later = now + timedelta(minutes=5)
    kept = upstream.keep([replace(mention, text="All is well now", edited_at=later, engagement=3)], later)
    assert (kept.new, kept.known, kept.edited, kept.stale_drafts) == (0, 0, ("x:1",), (draft_id,))
    found = mentions.find("x:1")
    assert (found.text, found.edited_at, found.engagement) == ("All is well now", later, 3)
    assert [m.mention_id for m in mentions.without_analysis(5)] == ["x:1"]
    assert store.rows("select * from mention_words") == []
    stale = drafts.find(draft_id)
    assert stale.status is DraftStatus.STALE
    assert "edited" in stale.note
    _analyse(mentions, found, later)
    assert mentions.to_draft(5) == ["x:1"]


def test_a_post_that_only_gathers_likes_keeps_its_analysis_and_draft(
    upstream: UpstreamTables, mentions: MentionTables, drafts: DraftTables, now: datetime
) -> None:
    mention = _mention(1, now)
    upstream.keep([mention], now)
    _analyse(mentions, mention, now)
    draft_id = _draft(drafts, mention, now)
    kept = upstream.keep([replace(mention, engagement=9, followers=None)], now)
    assert (kept.known, kept.edited, kept.stale_drafts) == (1, (), ())
    assert (mentions.find("x:1").engagement, mentions.find("x:1").followers) == (9, 12)
    assert drafts.find(draft_id).status is DraftStatus.PENDING


def test_an_older_version_never_replaces_a_newer_one(
    upstream: UpstreamTables, mentions: MentionTables, now: datetime
) -> None:
    mention = _mention(1, now)
    upstream.keep([replace(mention, text="Second", edited_at=now)], now)
    upstream.keep([replace(mention, text="First", edited_at=now - timedelta(minutes=1))], now)
    assert mentions.find("x:1").text == "Second"


def test_of_two_with_one_id_the_first_counts(upstream: UpstreamTables, mentions: MentionTables, now: datetime) -> None:
    kept = upstream.keep([_mention(1, now, "First"), _mention(1, now, "Second")], now)
    assert (kept.new, kept.known, kept.edited) == (1, 1, ())
    assert mentions.find("x:1").text == "First"


def test_a_file_may_hold_a_post_and_what_became_of_it(
    upstream: UpstreamTables, mentions: MentionTables, now: datetime
) -> None:
    first = _mention(1, now, "First")
    later = replace(first, text="Second", edited_at=now)
    kept = upstream.keep([first, replace(first, text="Another"), later, first], now, is_export=True)
    assert (kept.new, kept.known, kept.edited) == (1, 2, ("x:1",))
    assert mentions.find("x:1").text == "Second"


def test_an_export_changes_a_known_post_only_when_it_says_so(
    upstream: UpstreamTables, mentions: MentionTables, now: datetime
) -> None:
    upstream.keep([_mention(1, now, "First")], now)
    assert upstream.keep([_mention(1, now, "Another post")], now, is_export=True).known == 1
    edited = replace(_mention(1, now, "Second"), edited_at=now)
    assert upstream.keep([edited], now, is_export=True).edited == ("x:1",)


def _bring_to(drafts: DraftTables, draft_id: int, status: DraftStatus, now: datetime) -> None:
    """Along the way that a draft goes."""
    steps = (DraftStatus.PENDING, DraftStatus.APPROVED, DraftStatus.SENDING, DraftStatus.SENT)
    path = (*steps[:3], DraftStatus.UNKNOWN) if status is DraftStatus.UNKNOWN else steps[: steps.index(status) + 1]
    for before, after in pairwise(path):
        assert drafts.move(draft_id, before, after, now)


@pytest.mark.parametrize("change", ["edited", "deleted"])
@pytest.mark.parametrize(
    ("status", "becomes_stale"),
    [
        (DraftStatus.PENDING, True),
        (DraftStatus.APPROVED, True),
        (DraftStatus.SENDING, False),
        (DraftStatus.UNKNOWN, False),
        (DraftStatus.SENT, False),
    ],
)
def test_whatever_was_not_sent_yet_is_stale_once_its_post_changes(
    status: DraftStatus, becomes_stale: bool, change: str, upstream: UpstreamTables, drafts: DraftTables, now: datetime
) -> None:
    mention = _mention(1, now)
    upstream.keep([mention], now)
    draft_id = _draft(drafts, mention, now)
    _bring_to(drafts, draft_id, status, now)
    if change == "edited":
        stale = upstream.keep([replace(mention, text="All is well now", edited_at=now)], now).stale_drafts
    else:
        stale = upstream.remove([mention.mention_id], now).stale_drafts
    assert stale == ((draft_id,) if becomes_stale else ())
    assert drafts.find(draft_id).status is (DraftStatus.STALE if becomes_stale else status)
    assert not (becomes_stale and LedgerTables(drafts._store, drafts).claim(draft_id, "key", now))


def test_a_deleted_post_leaves_no_text_and_no_author_and_its_draft_waits_no_more(
    upstream: UpstreamTables, mentions: MentionTables, drafts: DraftTables, now: datetime, store: Store
) -> None:
    mention, other = _mention(1, now), _mention(2, now)
    upstream.keep([mention, other], now)
    _analyse(mentions, mention, now)
    draft_id = _draft(drafts, mention, now)
    removed = upstream.remove(["x:1", "x:9"], now)
    assert (removed.mention_ids, removed.stale_drafts) == (("x:1",), (draft_id,))
    found = mentions.find("x:1")
    assert (found.author, found.text, found.url, found.location, found.followers) == ("", "", None, None, None)
    assert found.removed_at == now
    for table in ("analyses", "mention_words"):
        assert store.rows(f"select * from {table}") == []
    assert drafts.find(draft_id).status is DraftStatus.STALE
    assert "deleted" in drafts.find(draft_id).note
    assert [row["mention_id"] for row in mentions.latest(5)] == ["x:2"]
    assert (mentions.count(), [m.mention_id for m in mentions.without_analysis(5)]) == (1, ["x:2"])


def test_a_deleted_post_never_comes_back(upstream: UpstreamTables, mentions: MentionTables, now: datetime) -> None:
    upstream.keep([_mention(1, now)], now)
    upstream.remove(["x:1"], now)
    kept = upstream.keep([replace(_mention(1, now, "Here again"), edited_at=now)], now)
    assert (kept.new, kept.known, kept.edited) == (0, 1, ())
    assert mentions.find("x:1").text == ""
    assert upstream.remove(["x:1"], now).mention_ids == ()


def test_what_was_sent_and_decided_stays_when_the_post_goes(
    store: Store, upstream: UpstreamTables, drafts: DraftTables, now: datetime
) -> None:
    mention = _mention(1, now)
    upstream.keep([mention], now)
    draft_id = _draft(drafts, mention, now)
    decisions = DecisionTables(store)
    decisions.decide(Decision(draft_id, DecisionAction.APPROVE, "bo", now, "Sorry."), "Sorry.", DraftStatus.APPROVED)
    LedgerTables(store, drafts).end_assisted(Reply(draft_id, "x:1", "x", "r1", "Sorry.", now, how="assist"))
    upstream.remove(["x:1"], now)
    assert drafts.find(draft_id).status is DraftStatus.SENT
    assert drafts.reply_to(draft_id) is not None
    assert [decision.decided_by for decision in decisions.of_draft(draft_id)] == ["bo"]


def test_young_posts_and_those_whose_draft_waits_are_looked_at_again_in_turn(
    upstream: UpstreamTables, drafts: DraftTables, now: datetime
) -> None:
    old = now - timedelta(days=30)
    young, pending, past, approved = _mention(1, now), _mention(2, old), _mention(3, old), _mention(4, old)
    upstream.keep([young, pending, past, approved], now)
    _draft(drafts, pending, now)
    _bring_to(drafts, _draft(drafts, approved, now), DraftStatus.APPROVED, now)
    later = now + timedelta(hours=6)
    assert upstream.to_recheck("x", now, 9) == ()
    assert set(upstream.to_recheck("x", later, 9)) == {"1", "2", "4"}
    assert upstream.to_recheck("reddit", later, 9) == ()
    upstream.note_rechecked("x", ["1", "4"], later)
    assert upstream.to_recheck("x", later, 9) == ("2",)


def _reply(drafts: DraftTables, mention: Mention, external_id: str, text: str, now: datetime) -> None:
    draft_id = _draft(drafts, mention, now, text)
    drafts.move(draft_id, DraftStatus.PENDING, DraftStatus.APPROVED, now)
    LedgerTables(drafts._store, drafts).end_assisted(
        Reply(draft_id, mention.mention_id, "x", external_id, text, now, how="assist")
    )


def test_a_thread_is_what_was_said_before_and_what_we_answered(
    upstream: UpstreamTables, drafts: DraftTables, threads: ThreadTables, now: datetime
) -> None:
    minute = timedelta(minutes=1)
    upstream.keep_parents([ThreadPost("x", "0", "larkspurbikes", "New colours!", now - 9 * minute)])
    first = replace(_mention(1, now - 8 * minute, "Do they squeak?"), in_reply_to="0", conversation_id="0")
    upstream.keep([first], now)
    _reply(drafts, first, "r1", "They do not.", now - 7 * minute)
    second = replace(_mention(2, now - 6 * minute, "Mine does."), in_reply_to="r1", conversation_id="0")
    later = replace(_mention(3, now, "Mine too, later"), conversation_id="0")
    upstream.keep([second, later], now)
    found = threads.thread("x:2")
    assert [(post.text, post.is_ours) for post in found] == [
        ("New colours!", False),
        ("Do they squeak?", False),
        ("They do not.", True),
    ]


def test_parents_are_followed_where_a_network_names_no_conversation(
    upstream: UpstreamTables, threads: ThreadTables, now: datetime
) -> None:
    chain = [
        replace(_mention(n, now + timedelta(minutes=n), f"Post {n}"), in_reply_to=str(n - 1) if n else "2")
        for n in range(3)
    ]  # the first one answers the last: a circle ends all the same
    upstream.keep(chain, now)
    assert [post.text for post in threads.thread("x:2")] == ["Post 0", "Post 1"]
    assert threads.thread("x:1")[0].text == "Post 0"


def test_a_deleted_post_and_the_parent_that_only_it_had_leave_the_thread(
    upstream: UpstreamTables, threads: ThreadTables, now: datetime, store: Store
) -> None:
    upstream.keep_parents([ThreadPost("x", "0", "bo", "Hello", now)])
    upstream.keep([replace(_mention(1, now), in_reply_to="0"), replace(_mention(2, now), in_reply_to="1")], now)
    upstream.remove(["x:1"], now)
    assert threads.thread("x:2") == ()
    assert store.rows("select * from parent_posts") == []
