"""Tables of what staff asked, of what was posted to Slack, and of what is due."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from assistant.domain import Answer, Audience, Question, Turn
from assistant.store.database import Row, Store, to_text, to_time


@dataclass(frozen=True)
class AskedIn:
    """Where in Slack a question was asked; `question_key` is the same however often Slack delivers it."""

    channel: str | None = None
    thread_ts: str | None = None
    user: str | None = None
    question_key: str | None = None


NOWHERE = AskedIn()

_UNHELPED = """
    with helped as (
        select v.user, lower(trim(q.text)) as words, max(v.voted_at) as helped_at
        from votes v join questions q on q.id = v.question_id where v.is_helpful group by 1, 2
    ), complaints as (
        select id as question_id, user, asked_at as complained_at, 1 as is_refused from questions
        where not is_grounded and writer <> 'counts' -- that customers say nothing is no document's fault
        union all
        select question_id, user, voted_at, 0 from votes where not is_helpful
    )
    select q.text, q.asked_at, q.channel, q.answer,
        sum(c.is_refused) as refused, sum(not c.is_refused) as voted_down
    from complaints c join questions q on q.id = c.question_id
    left join helped h on h.user = c.user and h.words = lower(trim(q.text)) and h.helped_at >= c.complained_at
    where h.user is null group by q.id order by q.id
"""


class QuestionTables:
    """Reads and writes questions with their answers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, question: Question, answer: Answer, now: datetime, asked: AskedIn = NOWHERE) -> None:
        """Keep a question and the answer it got; one with the key of a kept question is left out."""
        self._store.change(
            "insert or ignore into questions (asked_at, text, audience, answer, is_grounded, reason, writer,"
            " prompt_version, documents, channel, thread_ts, user, question_key)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            to_text(now),
            question.text,
            question.audience,
            json.dumps(asdict(answer), ensure_ascii=False),
            answer.is_grounded,
            answer.reason,
            answer.writer,
            answer.prompt_version,
            json.dumps(list(dict.fromkeys(citation.document_id for citation in answer.citations))),
            asked.channel,
            asked.thread_ts,
            asked.user,
            asked.question_key,
        )

    def thread(self, channel: str, thread_ts: str, audience: Audience, limit: int) -> tuple[Turn, ...]:
        """What was asked and said in a Slack thread, oldest first; only what this audience may see."""
        rows = self._store.rows(
            "select text, answer, audience from questions where channel = ? and thread_ts = ? order by id desc limit ?",
            channel,
            thread_ts,
            limit,
        )
        return tuple(
            Turn(role, said)
            for row in reversed(rows)
            if row["audience"] in audience.readable
            for role, said in (("user", row["text"]), ("assistant", json.loads(row["answer"])["answer"]))
        )

    def vote(self, question_key: str, user: str, is_helpful: bool, voted_at: datetime) -> bool:
        """Keep what a person thinks of an answer; their latest vote counts. False for a question that is not kept."""
        question_id = self._store.value("select id from questions where question_key = ?", question_key)
        if question_id is None:
            return False
        self._store.change(
            "insert into votes (question_id, user, is_helpful, voted_at) values (?, ?, ?, ?)"
            " on conflict do update set is_helpful = excluded.is_helpful, voted_at = excluded.voted_at"
            " where excluded.voted_at >= voted_at",
            question_id,
            user,
            is_helpful,
            to_text(voted_at),
        )
        return True

    def unhelped(self) -> list[Row]:
        """Every question that somebody got no (`refused`) or no helpful answer to (`voted_down`), oldest first.

        Text, asked_at, channel and the answer's JSON come along. Who later finds an answer to the same words helpful
        is helped.
        """
        return self._store.rows(_UNHELPED)


class SlackTables:
    """Reads and writes what was posted to Slack, so that nothing is posted twice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim_post(self, post_key: str, channel: str, now: datetime) -> tuple[bool, str | None]:
        """Claim a post before it leaves: (is it ours to send first, its ts when it is known to have arrived)."""
        sql = "insert into slack_posts (post_key, channel, claimed_at) values (?, ?, ?) on conflict do nothing"
        is_first = bool(self._store.change(sql, post_key, channel, to_text(now)))
        ts = self._store.value("select ts from slack_posts where post_key = ?", post_key)
        return is_first, str(ts) if ts else None

    def note_posted(self, post_key: str, ts: str) -> None:
        """The post arrived and has this ts."""
        self._store.change("update slack_posts set ts = ? where post_key = ?", ts, post_key)


class ScheduleTables:
    """Reads and writes which digests were posted and which due time of a schedule was last served."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def served(self, name: str) -> datetime | None:
        """The due time that was last served."""
        value = self._store.value("select due_at from schedule_marks where name = ?", name)
        return to_time(value) if value else None

    def note_served(self, name: str, due_at: datetime) -> None:
        """A due time was served."""
        self._store.change("insert or replace into schedule_marks values (?, ?)", name, to_text(due_at))

    def digest_is_posted(self, week: str) -> bool:
        """Whether a week's digest was posted."""
        return bool(self._store.value("select 1 from digests where week = ? and posted_at is not null", week))

    def note_digest_posted(self, week: str, now: datetime) -> None:
        """A week's digest was posted."""
        self._store.change("insert or replace into digests values (?, ?, ?)", week, to_text(now), to_text(now))
