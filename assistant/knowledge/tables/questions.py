"""Tables of what staff asked and what they think of the answers, and of what is due."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from assistant.core.database import Row, Store, to_text, to_time
from assistant.core.wording import ENGLISH
from assistant.domain import (
    Answer,
    Audience,
    Citation,
    Found,
    Look,
    Nearest,
    Question,
    Rule,
    Sentence,
    Support,
    Trace,
    Turn,
)


@dataclass(frozen=True)
class AskedIn:
    """The place in Slack of a question; `question_key` is the same however often Slack delivers it."""

    channel: str | None = None
    thread_ts: str | None = None
    user: str | None = None
    question_key: str | None = None


NOWHERE = AskedIn()


@dataclass(frozen=True)
class KeptQuestion:
    """A question that was kept, and its answer."""

    question: Question
    answer: Answer
    asked: AskedIn
    asked_at: datetime


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
    select q.id, q.text, q.asked_at, q.channel, q.answer, q.audience,
        sum(c.is_refused) as refused, sum(not c.is_refused) as voted_down,
        (select json_group_array(json_array(reason, remark)) from votes
            where question_id = q.id and not is_helpful and reason <> '') as reasons
    from complaints c join questions q on q.id = c.question_id
    left join helped h on h.user = c.user and h.words = lower(trim(q.text)) and h.helped_at >= c.complained_at
    where h.user is null and not exists ( -- somebody wrote what was missing, and it was accepted since
        select 1 from proposals p where p.status = 'accepted' and p.question_key glob 'gap:*'
        and instr(',' || substr(p.question_key, 5) || ',', ',' || q.id || ',') and p.decided_at >= q.asked_at)
    group by q.id order by q.id
"""


class QuestionTables:
    """Reads and writes questions with their answers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, question: Question, answer: Answer, now: datetime, asked: AskedIn = NOWHERE) -> None:
        """Keep a question and the answer it got; one with the key of a kept question is left out."""
        written = asdict(answer)
        trace = written.pop("trace")
        self._store.change(
            "insert or ignore into questions (asked_at, text, audience, answer, is_grounded, reason, writer,"
            " prompt_version, documents, channel, thread_ts, user, question_key, trace)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            to_text(now),
            question.text,
            question.audience,
            json.dumps(written, ensure_ascii=False),
            answer.is_grounded,
            answer.reason,
            answer.writer,
            answer.prompt_version,
            json.dumps(list(dict.fromkeys(citation.document_id for citation in answer.citations))),
            asked.channel,
            asked.thread_ts,
            asked.user,
            asked.question_key,
            json.dumps(trace, ensure_ascii=False, separators=(",", ":")) if trace else None,
        )

    def find(self, question_key: str) -> KeptQuestion | None:
        """The question with this key and its answer."""
        row = self._store.row("select * from questions where question_key = ?", question_key)
        return _to_kept(row) if row else None

    def list_citing(self, document_id: str, text: str) -> list[AskedIn]:
        """Where answers were given that quote this text of a document, the latest first."""
        rows = self._store.rows(
            """select distinct q.id, q.channel, q.thread_ts, q.user, q.question_key
            from questions q, json_each(q.answer, '$.citations') c
            where q.documents like ? and c.value ->> 'document_id' = ? and c.value ->> 'quote' <> ''
            and (instr(c.value ->> 'quote', ?) or instr(?, c.value ->> 'quote')) order by q.id desc""",
            f"%{json.dumps(document_id)[1:-1]}%",
            document_id,
            text,
            text,
        )
        return [AskedIn(row["channel"], row["thread_ts"], row["user"], row["question_key"]) for row in rows]

    def list_answered(self, channel: str, limit: int) -> list[str]:
        """What was asked for all to read in a channel, and answered, the latest first."""
        sql = """select text from questions where channel = ? and thread_ts is not null and is_grounded
            group by lower(trim(text)) order by max(id) desc limit ?"""
        return [str(row["text"]) for row in self._store.rows(sql, channel, limit)]

    def find_text(self, question_id: int) -> str | None:
        """The words of a question by its number in the table; None where it is kept no longer."""
        text = self._store.value("select text from questions where id = ?", question_id)
        return None if text is None else str(text)

    def find_last(self, channel: str, user: str) -> KeptQuestion | None:
        """Find a person's last question in a channel, in any thread of it."""
        sql = "select * from questions where user = ? and channel = ? and question_key is not null order by id desc"
        row = self._store.row(f"{sql} limit 1", user, channel)
        return _to_kept(row) if row else None

    def is_asked_in(self, channel: str, thread_ts: str) -> bool:
        """Return whether somebody asked Earshot in this thread and got an answer."""
        sql = "select 1 from questions where channel = ? and thread_ts = ? and question_key is not null limit 1"
        return bool(self._store.value(sql, channel, thread_ts))

    def list_threads(self, since: datetime) -> list[tuple[str, str]]:
        """The channel and ts of each thread in Slack in which somebody asked since then."""
        sql = "select distinct channel, thread_ts from questions where asked_at >= ? and question_key is not null"
        rows = self._store.rows(f"{sql} and channel is not null and thread_ts is not null", to_text(since))
        return [(row["channel"], row["thread_ts"]) for row in rows]

    def has_asked_back(self, channel: str, thread_ts: str) -> bool:
        """Return whether the last message of Earshot in this thread was a question of its own."""
        sql = "select json_extract(answer, '$.look') from questions where channel = ? and thread_ts = ?"
        return bool(self._store.value(f"{sql} order by id desc limit 1", channel, thread_ts) == Look.CLARIFY)

    def note_shared(self, question_key: str, thread_ts: str) -> None:
        """An answer that was given privately stands in a channel now: who writes below it asks on."""
        sql = "update questions set thread_ts = ? where question_key = ? and thread_ts is null"
        self._store.change(sql, thread_ts, question_key)

    def remove(self, question_key: str) -> None:
        """Forget a question that was taken back, the answers to its edits and all votes on them."""
        sql = "delete from questions where question_key = ? or question_key glob ?"
        self._store.change(sql, question_key, f"{question_key}:edit:*")

    def thread(self, channel: str, thread_ts: str, audience: Audience, limit: int) -> tuple[Turn, ...]:
        """Return a Slack thread, oldest first; only what this audience may see."""
        return tuple(turn for _, turns in self.thread_by_ts(channel, thread_ts, audience, limit) for turn in turns)

    def thread_by_ts(
        self, channel: str, thread_ts: str, audience: Audience, limit: int
    ) -> list[tuple[str, tuple[Turn, Turn]]]:
        """The same with the ts of each question's message; empty where it was asked without one."""
        rows = self._store.rows(
            "select text, answer, audience, question_key from questions where channel = ? and thread_ts = ?"
            " order by id desc limit ?",
            channel,
            thread_ts,
            limit,
        )
        return [
            (_read_ts(row["question_key"]), (Turn("user", row["text"]), Turn("assistant", _read_text(row["answer"]))))
            for row in reversed(rows)
            if audience.covers(Audience(row["audience"]))
        ]

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

    def supersede(self, question_key: str, new_key: str) -> None:
        """An edited question takes the place of the one before, once its own answer is kept."""
        self._store.change(
            "delete from questions where (question_key = ? or question_key glob ?) and question_key <> ?"
            " and exists (select 1 from questions where question_key = ?)",
            question_key,
            f"{question_key}:edit:*",
            new_key,
            new_key,
        )

    def explain_vote(self, question_key: str, user: str, reason: str, remark: str) -> bool:
        """Keep why an answer did not help somebody. False for a vote that is not kept."""
        sql = "update votes set reason = ?, remark = ? where user = ? and not is_helpful and question_id ="
        chosen = "(select id from questions where question_key = ?)"
        return bool(self._store.change(f"{sql} {chosen}", reason, remark, user, question_key))

    def unhelped(self) -> list[Row]:
        """Every question that somebody got no (`refused`) or no helpful answer to (`voted_down`), oldest first.

        Id, text, asked_at, channel, audience, the answer's JSON and the votes' reasons, a JSON list of (reason,
        remark), come along. Who later finds an answer to the same words helpful is helped.
        """
        return self._store.rows(_UNHELPED)


def _read_ts(question_key: str | None) -> str:
    """The ts in `question:team:channel:ts`, with whatever follows."""
    parts = (question_key or "").split(":")
    return parts[3] if parts[0] == "question" and len(parts) > 3 else ""


def _read_text(answer: str) -> str:
    return str(json.loads(answer)["answer"])


def _to_kept(row: Row) -> KeptQuestion:
    trace = json.loads(row["trace"]) if row["trace"] else None
    return KeptQuestion(
        Question(row["text"], Audience(row["audience"])),
        _to_answer(json.loads(row["answer"]), trace),
        AskedIn(row["channel"], row["thread_ts"], row["user"], row["question_key"]),
        to_time(row["asked_at"]),
    )


def _to_answer(written: dict[str, Any], trace: dict[str, Any] | None) -> Answer:
    return Answer(
        **{name: written[name] for name in ("answer", "is_grounded", "reason", "writer", "prompt_version")},
        look=Look(written.get("look", Look.ANSWER)),
        sentences=tuple(map(_to_sentence, written["sentences"])),
        citations=tuple(Citation(**citation) for citation in written["citations"]),
        nearest=tuple(Nearest(**near) for near in written.get("nearest", [])),
        trace=_to_trace(trace) if trace else None,
        language=written.get("language", ENGLISH),
    )


def _to_sentence(written: dict[str, Any]) -> Sentence:
    lists = {name: tuple(written.get(name, ())) for name in ("citations", "keys")}
    return Sentence(**{**written, **lists, "support": Support(written["support"])})


def _to_trace(trace: dict[str, Any]) -> Trace:
    found = tuple(Found(**one) for one in trace["found"])
    typed = {"audience": Audience(trace["audience"]), "rule": Rule(trace["rule"]), "found": found}
    return Trace(**{**trace, **typed, "dropped": tuple(trace["dropped"])})
