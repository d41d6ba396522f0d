"""Tables of what staff asked, of what was posted to Slack, and of what is due."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from assistant.domain import Answer, Question
from assistant.store.database import Row, Store, to_text, to_time


@dataclass(frozen=True)
class AskedIn:
    """Where in Slack a question was asked; `question_key` is the same however often Slack delivers it."""

    channel: str | None = None
    thread_ts: str | None = None
    user: str | None = None
    question_key: str | None = None


NOWHERE = AskedIn()


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

    def unanswered(self) -> list[Row]:
        """Every question that got no answer: text, asked_at, channel and the answer's JSON, oldest first."""
        return self._store.rows(
            "select text, asked_at, channel, answer from questions where is_grounded = 0 order by id"
        )


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
