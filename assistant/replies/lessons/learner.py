"""Decided drafts to lessons and proposed fixes, and lessons to those in use, as far as trials say that they help.

Rows of decided drafts as Decided; those that teach nothing are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import ceil

from assistant.core.audit import Recorder
from assistant.core.database import Row
from assistant.domain import Advice, AdviceRule, DraftStatus, Lesson, LessonScope, LessonStatus, Trial, Urgency
from assistant.errors import InputError
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.proposals import Proposal, ProposalKind, ProposalStatus, ProposalTables
from assistant.replies.lessons.chat_labels import EditLabeller
from assistant.replies.lessons.decided import Decided
from assistant.replies.lessons.differences import Difference, Fix, find_difference, read_refusal
from assistant.replies.lessons.trial import LEAST_CASES, MOST_CASES, FindObjections, share_slot, try_lesson
from assistant.replies.tables.drafts import to_draft
from assistant.replies.tables.lessons import LEARNED_FROM, LessonTables
from assistant.replies.tables.review import ReviewTables

_NOT_OURS = "not-ours"


def read_decided(rows: Iterable[Row]) -> Iterator[Decided]:
    """Read what people approved, or refused to answer; a bad draft says nothing about how a good one reads."""
    for row in rows:
        refusal = _read_refusal(row)
        if row["status"] != DraftStatus.REJECTED or refusal:
            yield _to_decided(row, refusal)


def _read_refusal(row: Row) -> str:
    """Why nobody should reply, by name; empty where it was approved, or rejected for what it said."""
    if row["status"] != DraftStatus.REJECTED:
        return ""
    action, _, reason = (row["refusal"] or "").partition(" ")
    if action == _NOT_OURS:
        return read_refusal(reason) or "not ours"
    agreed = row["no_reply_reason"].partition(":")[0].strip()
    return agreed or read_refusal(reason)


def _to_decided(row: Row, refusal: str) -> Decided:
    return Decided(
        draft=to_draft(row),
        author=row["author"],
        network=row["network"].partition(":")[0],
        intent=row["intent"],
        is_question=bool(row["is_question"]),
        is_urgent=row["urgency"] == Urgency.HIGH,
        final="" if refusal else row["final"],
        refusal=refusal,
        unasked=row["unasked"] or "",
        edited_by=row["edited_by"] or "",
    )


_BATCH = 500
_TRIED_AGAIN = 1.5
_WHO = "earshot"


class Learner:
    """Learning is done from what was decided, apart from the decision: a fault in it holds nobody up."""

    def __init__(
        self,
        review: ReviewTables,
        lessons: LessonTables,
        proposals: ProposalTables,
        documents: DocumentTables,
        recorder: Recorder,
        find_objections: FindObjections,
        labeller: EditLabeller | None = None,
    ) -> None:
        self._review = review
        self._lessons = lessons
        self._proposals = proposals
        self._documents = documents
        self._recorder = recorder
        self._find_objections = find_objections
        self._labeller = labeller

    def learn(self, now: datetime) -> int:
        """Keep what drafts teach that were decided since; returns how many there were."""
        done = 0
        while rows := self._lessons.to_learn(_BATCH):
            for row in rows:
                found = [(decided, self._compare(decided)) for decided in read_decided([row])]
                with self._review.transaction():
                    self._lessons.note_learned(row["draft_id"])
                    for decided, difference in found:
                        self._keep(decided, difference, now)
            done += len(rows)
        return done

    def try_out(self, now: datetime) -> list[Lesson]:
        """Learn, then try every lesson that was not tried, or was dropped and has half as many cases again.

        Returns the lessons that were decided on.
        """
        self.learn(now)
        lessons = self._lessons.list_with((LessonStatus.WAITING, LessonStatus.DROPPED))
        seen: dict[LessonScope, list[Decided]] = {}  # many lessons share a scope
        return [tried for lesson in lessons if (tried := self._try(lesson, seen, now))]

    def undo(self, lesson_id: int, who: str, now: datetime) -> Lesson:
        """Take a kept lesson away for good. Raises InputError for one that is not in use."""
        lesson = self._lessons.find(lesson_id)
        if lesson.status is not LessonStatus.KEPT:
            raise InputError(f"Lesson {lesson_id} is {lesson.status}, not kept.", "earshot lessons list shows them.")
        self._decide(lesson, lesson.trial, LessonStatus.UNDONE, now, who)
        return self._lessons.find(lesson_id)

    def _compare(self, decided: Decided) -> Difference:
        found = find_difference(decided)
        return self._labeller.label(decided, found) if self._labeller else found

    def _keep(self, decided: Decided, found: Difference, now: datetime) -> None:
        draft_id = decided.draft.draft_id
        for one in found.taught:
            self._lessons.learn(one.kind, one.scope, one.advice, draft_id, one.characters, now)
        for place, fix in enumerate(found.fixes, 1):
            self._propose(fix, place, decided, now)

    def _propose(self, fix: Fix, place: int, decided: Decided, now: datetime) -> None:
        known = self._documents.find_place(fix.citation.document_id, fix.citation.quote)
        self._proposals.propose_fix(
            Proposal(
                proposal_id=0,
                question=fix.citation.title,
                text=fix.words,
                author=decided.edited_by,
                author_name=decided.edited_by,
                status=ProposalStatus.OPEN,
                proposed_at=now,
                document=None,
                kind=ProposalKind.FIX,
                document_id=fix.citation.document_id,
                owner=(known["owner"] if known else None) or "",
                passage=fix.citation.quote,
                draft_id=decided.draft.draft_id,
            ),
            place,
        )

    def _try(self, lesson: Lesson, seen: dict[LessonScope, list[Decided]], now: datetime) -> Lesson | None:
        advice = self._complete(lesson)
        if advice is None:
            return None
        least = LEAST_CASES
        if lesson.status is LessonStatus.DROPPED:
            least = ceil(_TRIED_AGAIN * lesson.trial.cases)
        kept = self._lessons.list_with((LessonStatus.KEPT,))
        cases = self._find_cases(lesson, seen)
        status, trial = try_lesson(
            advice, cases, lambda case: find_advice(kept, case.scope), self._find_objections, least
        )
        if status is LessonStatus.WAITING:
            if lesson.status is LessonStatus.WAITING and trial != lesson.trial:
                self._lessons.note_trial(lesson, trial, status, now, _WHO)
            return None
        self._decide(lesson, trial, status, now, _WHO)
        if status is LessonStatus.KEPT:
            self._replace_others(lesson, advice, kept, now)
        return self._lessons.find(lesson.lesson_id)

    def _complete(self, lesson: Lesson) -> Advice | None:
        """The advice once enough drafts taught it; a length is the longest of what was approved, in full tens."""
        sources = self._lessons.sources(lesson.lesson_id)
        if lesson.advice is None or len(sources) < LEARNED_FROM:
            return None
        if lesson.advice.rule is not AdviceRule.MOST_CHARACTERS:
            return lesson.advice
        number = 10 * ceil(max(characters for _, characters in sources) / 10)
        self._lessons.set_number(lesson.lesson_id, number)
        return Advice(AdviceRule.MOST_CHARACTERS, number=number)

    def _find_cases(self, lesson: Lesson, seen: dict[LessonScope, list[Decided]]) -> list[Decided]:
        learned_from = {draft_id for draft_id, _ in self._lessons.sources(lesson.lesson_id)}
        if lesson.scope not in seen:
            seen[lesson.scope] = list(read_decided(self._lessons.decided(lesson.scope, MOST_CASES)))
        return [case for case in seen[lesson.scope] if case.draft.draft_id not in learned_from]

    def _decide(self, lesson: Lesson, trial: Trial, status: LessonStatus, now: datetime, who: str) -> None:
        with self._review.transaction():
            if not self._lessons.note_trial(lesson, trial, status, now, who):
                raise InputError(f"Lesson {lesson.lesson_id} was decided in between.", "earshot lessons list")
            self._recorder.record(
                now,
                who,
                f"lesson-{status}",
                f"lesson:{lesson.lesson_id}",
                kind=lesson.kind,
                rule=lesson.advice.rule if lesson.advice else "",
                scope=str(lesson.scope),
                cases=trial.cases,
                before=trial.before,
                after=trial.after,
            )

    def _replace_others(self, lesson: Lesson, advice: Advice, kept: Sequence[Lesson], now: datetime) -> None:
        """Of two lessons that say otherwise about the same, the one that was tried against the other stays."""
        for other in kept:
            if other.advice and other.scope == lesson.scope and share_slot(other.advice, advice):
                trial = Trial(other.trial.cases, other.trial.before, other.trial.after, _tell_replaced(lesson))
                self._decide(other, trial, LessonStatus.DROPPED, now, _WHO)


def find_advice(lessons: Sequence[Lesson], scope: LessonScope) -> list[Advice]:
    """The advice that holds in a scope."""
    return [
        lesson.advice
        for lesson in lessons
        if lesson.advice
        and lesson.scope.network in ("", scope.network)
        and lesson.scope.lang in ("", scope.lang)
        and lesson.scope.intent in ("", scope.intent)
    ]


def _tell_replaced(lesson: Lesson) -> str:
    return f"Lesson {lesson.lesson_id} takes its place."
