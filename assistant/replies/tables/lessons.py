"""Tables of lessons: what decided drafts taught, which of it was tried, and which drafts may be learned from."""

import json
from collections.abc import Sequence
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Advice, AdviceRule, Lesson, LessonKind, LessonScope, LessonStatus, Trial
from assistant.errors import InputError

LEARNED_FROM = 3
"""The first drafts that taught a lesson are what it was learned from; later ones are cases to try it on."""

_LESSON = """select l.*, (select count(*) from lesson_sources s where s.lesson_id = l.lesson_id) as drafts
    from lessons l"""
# Changes with the text that was approved, and not with what becomes of it afterwards.
_STATE = """(d.status = 'rejected') || ':' || d.version || ':' || (select count(*) from decisions c
    where c.draft_id = d.draft_id and c.action = 'edit')"""
_HOLDS = "(network in ('', :network) and lang in ('', :lang) and intent in ('', :intent))"
# What people made of a draft: its first version, as Earshot proposed it by itself, and what was approved or refused.
_DECIDED = """select d.draft_id, d.mention_id, d.status, d.text as final, d.created_at, v.text, v.sentences,
    v.citations, v.writer, v.prompt_version, v.note, v.look, v.missing, v.no_reply_reason, v.lang, v.back_translation,
    v.version,
    m.author, m.network, coalesce(i.label, '') as intent, coalesce(a.is_question, 1) as is_question,
    coalesce(u.label, '') as urgency,
    (select text from draft_versions o where o.draft_id = d.draft_id and o.version > 1 and o.made_by <> 'earshot'
        and o.instruction = 'reply anyway' order by o.version limit 1) as unasked,
    (select c.action || ' ' || c.reason from decisions c where c.draft_id = d.draft_id
        and c.action in ('reject', 'not-ours') order by c.id desc limit 1) as refusal,
    (select e.edited_by from edits e where e.draft_id = d.draft_id order by e.id desc limit 1) as edited_by
    from drafts d join draft_versions v on v.draft_id = d.draft_id and v.version = 1 and v.made_by = 'earshot'
    join mentions m on m.mention_id = d.mention_id and m.removed_at is null
    left join analyses a on a.mention_id = m.mention_id
    left join findings i on i.mention_id = m.mention_id and i.about = 'intent'
    left join findings u on u.mention_id = m.mention_id and u.about = 'urgency'
    where d.status in ('approved', 'sending', 'sent', 'deleted', 'rejected')"""

_THEIRS = "(select draft_id from drafts where mention_id in (select value from json_each(?)))"


class LessonTables:
    """Reads and writes lessons."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def to_learn(self, limit: int) -> list[Row]:
        """Decided drafts that were not learned from yet with the text they have now, oldest first."""
        sql = f"""{_DECIDED} and not exists (select 1 from learned_drafts n where n.draft_id = d.draft_id
            and n.state = {_STATE}) order by d.draft_id limit ?"""
        return self._store.rows(sql, limit)

    def decided(self, scope: LessonScope, limit: int) -> list[Row]:
        """The newest decided drafts where a lesson of this scope would hold."""
        sql = f"""select * from ({_DECIDED}) where (:network = '' or network = :network
            or network like :network || ':%') and (:lang = '' or lang = :lang) and (:intent = '' or intent = :intent)
            order by draft_id desc limit :limit"""
        values = {"network": scope.network, "lang": scope.lang, "intent": scope.intent, "limit": limit}
        return self._store.named_rows(sql, values)

    def note_learned(self, draft_id: int) -> None:
        """This draft was learned from, as it is now; what it taught before with another text is taken back."""
        self._store.change("delete from lesson_sources where draft_id = ?", draft_id)
        sql = f"insert or replace into learned_drafts select d.draft_id, {_STATE} from drafts d where d.draft_id = ?"
        self._store.change(sql, draft_id)

    def learn(
        self, kind: LessonKind, scope: LessonScope, advice: Advice | None, draft_id: int, characters: int, now: datetime
    ) -> int:
        """Keep that a draft taught this, once; returns the lesson's number."""
        key = (kind, *_key(advice), scope.network, scope.lang, scope.intent)
        status = LessonStatus.WAITING if advice else LessonStatus.NOTED
        self._store.change(
            "insert or ignore into lessons (kind, rule, words, instead, network, lang, intent, status, learned_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(*key, status, to_text(now)),
        )
        sql = """select lesson_id from lessons where kind = ? and rule = ? and words = ? and instead = ?
            and network = ? and lang = ? and intent = ?"""
        lesson_id = int(self._store.value(sql, *key))
        sql = "insert or ignore into lesson_sources (lesson_id, draft_id, characters) values (?, ?, ?)"
        self._store.change(sql, lesson_id, draft_id, characters)
        return lesson_id

    def sources(self, lesson_id: int) -> list[tuple[int, int]]:
        """Return the sources of a lesson: ids of drafts, and the lengths of what was approved."""
        sql = "select draft_id, characters from lesson_sources where lesson_id = ? order by number limit ?"
        return [(row["draft_id"], row["characters"]) for row in self._store.rows(sql, lesson_id, LEARNED_FROM)]

    def list_with(self, statuses: Sequence[LessonStatus] = tuple(LessonStatus)) -> list[Lesson]:
        """Lessons in these states, oldest first."""
        sql = f"{_LESSON} where status in (select value from json_each(?)) order by lesson_id"
        return [_to_lesson(row) for row in self._store.rows(sql, json.dumps(list(statuses)))]

    def holding(self, scope: LessonScope) -> list[Lesson]:
        """The kept lessons that hold here, oldest first."""
        sql = f"{_LESSON} where status = 'kept' and {_HOLDS} order by lesson_id"
        values = {"network": scope.network, "lang": scope.lang, "intent": scope.intent}
        return [_to_lesson(row) for row in self._store.named_rows(sql, values)]

    def find(self, lesson_id: int) -> Lesson:
        """One lesson. Raises InputError for a number that is none."""
        row = self._store.row(f"{_LESSON} where lesson_id = ?", lesson_id)
        if row is None:
            raise InputError(f"There is no lesson {lesson_id}.", "earshot lessons list shows them.")
        return _to_lesson(row)

    def set_number(self, lesson_id: int, number: int) -> None:
        """Set how many characters a lesson of length allows."""
        self._store.change("update lessons set number = ? where lesson_id = ?", number, lesson_id)

    def note_trial(self, lesson: Lesson, trial: Trial, status: LessonStatus, now: datetime, who: str) -> bool:
        """Keep what a trial said; False when somebody decided on the lesson in between."""
        return bool(
            self._store.change(
                "update lessons set status = ?, cases = ?, before = ?, after = ?, reason = ?, decided_at = ?,"
                " decided_by = ? where lesson_id = ? and status = ?",
                *(status, trial.cases, trial.before, trial.after, trial.reason, to_text(now), who),
                *(lesson.lesson_id, lesson.status),
            )
        )


def forget_lessons(store: Store, mention_ids: str) -> None:
    """Forget what only the drafts for these mentions (JSON of ids) taught, where it holds words, and the fixes that
    their edits proposed."""
    taught = "exists (select 1 from lesson_sources s where s.lesson_id = lessons.lesson_id and s.draft_id"
    store.change(
        f"""delete from lessons where words || instead <> '' and {taught} in {_THEIRS})
        and not {taught} not in {_THEIRS})""",
        mention_ids,
        mention_ids,
    )
    detach_lessons(store, mention_ids)


def detach_lessons(store: Store, mention_ids: str) -> None:
    """Detach the lessons from the drafts for these mentions, without a trace; the fixes they proposed are removed."""
    for table in ("lesson_sources", "proposals"):
        store.change(f"delete from {table} where draft_id in {_THEIRS}", mention_ids)


def _key(advice: Advice | None) -> tuple[str, str, str]:
    return (advice.rule, advice.words, advice.instead) if advice else ("", "", "")


def _to_lesson(row: Row) -> Lesson:
    advice = Advice(AdviceRule(row["rule"]), row["words"], row["instead"], row["number"]) if row["rule"] else None
    return Lesson(
        lesson_id=row["lesson_id"],
        kind=LessonKind(row["kind"]),
        scope=LessonScope(row["network"], row["lang"], row["intent"]),
        advice=advice,
        status=LessonStatus(row["status"]),
        drafts=row["drafts"],
        learned_at=to_time(row["learned_at"]),
        trial=Trial(row["cases"], row["before"], row["after"], row["reason"]),
        decided_at=to_time(row["decided_at"]) if row["decided_at"] else None,
        decided_by=row["decided_by"],
    )
