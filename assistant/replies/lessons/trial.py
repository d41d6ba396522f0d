"""A lesson replayed on past drafts: how far each was from what people approved, with the lesson and without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from assistant.domain import Advice, AdviceRule, LessonStatus, Sentence, Trial
from assistant.replies.drafting.case import join_sentences
from assistant.replies.drafting.lessons import follow
from assistant.replies.lessons.decided import Decided
from assistant.replies.review.decisions import measure_distance

LEAST_CASES = 6
LEAST_FALL = 0.01
MOST_CHANCE = 0.02
MOST_CASES = 500

InUse = Callable[[Decided], Sequence[Advice]]
"""The advice of kept lessons that would hold for a past draft."""

FindObjections = Callable[[Decided, Sequence[Sentence]], set[str]]
"""What the guards would object to in a past draft with other sentences, in words that tell objections apart."""


@dataclass(frozen=True)
class _Replayed:
    decided: Decided
    before: float
    after: float
    sentences: tuple[Sentence, ...] | None


def try_lesson(
    advice: Advice, cases: Sequence[Decided], in_use: InUse, find_objections: FindObjections, least: int = LEAST_CASES
) -> tuple[LessonStatus, Trial]:
    """Kept when the mean edit distance over the cases that it changes falls by LEAST_FALL or more, a one-sided Wilcoxon
    signed-rank test (1945) gives chance at most MOST_CHANCE, and the guards object to nothing new.

    `cases` hold none that the lesson was learned from; with fewer than `least` that it changes, it waits.
    """
    replayed = [one for case in cases if (one := _replay(advice, case, in_use(case)))]
    if len(replayed) < least:
        return LessonStatus.WAITING, Trial(len(replayed), reason=_tell_waiting(len(replayed), least))
    before, after = fmean(one.before for one in replayed), fmean(one.after for one in replayed)
    reason = _judge(advice, replayed, before - after, find_objections)
    trial = Trial(len(replayed), round(before, 4), round(after, 4), reason or "Drafts come nearer to what is approved.")
    return LessonStatus.DROPPED if reason else LessonStatus.KEPT, trial


def share_slot(one: Advice, other: Advice) -> bool:
    """Return whether only one of the two can be followed."""
    return one.rule is other.rule and (one.rule is not AdviceRule.REPLACE or one.words == other.words)


def _replay(advice: Advice, case: Decided, in_use: Sequence[Advice]) -> _Replayed | None:
    """None where the lesson would change nothing."""
    if advice.rule in (AdviceRule.NO_REPLY, AdviceRule.REPLY_ANYWAY):
        return _replay_outcome(advice, case)
    if not case.final or not case.sentences:
        return None
    without = follow(case.sentences, in_use, case.author)
    others = [one for one in in_use if not share_slot(one, advice)]
    sentences = follow(case.sentences, (*others, advice), case.author)
    one, other = join_sentences(without), join_sentences(sentences)
    if one == other:
        return None
    return _Replayed(case, measure_distance(one, case.final), measure_distance(other, case.final), sentences)


def _replay_outcome(advice: Advice, case: Decided) -> _Replayed | None:
    """No reply where people approved one is as far from it as can be, and so is the other way round."""
    if advice.rule is AdviceRule.NO_REPLY:
        if case.no_reply or not case.may_be_left:
            return None
        return _Replayed(case, measure_distance(case.proposed, case.final), measure_distance("", case.final), None)
    if case.no_reply != advice.words or not case.may_be_answered:
        return None
    proposed = case.unasked or "a reply that nobody wants"
    return _Replayed(case, measure_distance("", case.final), measure_distance(proposed, case.final), None)


def _judge(advice: Advice, replayed: Sequence[_Replayed], fall: float, find_objections: FindObjections) -> str:
    """Why the lesson is not to be used; empty where it is."""
    if fall < LEAST_FALL:
        return f"The distance does not fall by {LEAST_FALL:.0%} or more."
    if _find_chance([one.before - one.after for one in replayed]) > MOST_CHANCE:
        return f"The distance falls, but by chance in more than {MOST_CHANCE:.0%} of such trials."
    if advice.rule is AdviceRule.NO_REPLY and any(one.decided.final for one in replayed):
        lost = sum(bool(one.decided.final) for one in replayed)
        return f"It would have left {lost} posts without a reply that people approved."
    for one in replayed:
        if one.sentences and find_objections(one.decided, one.sentences) - find_objections(
            one.decided, one.decided.sentences
        ):
            return f"A guard objects to it in draft {one.decided.draft.draft_id}."
    return ""


def _find_chance(falls: Sequence[float]) -> float:
    """How likely such falls, or clearer ones, would be if the lesson did nothing."""
    moved = [fall for fall in falls if fall]
    if len(moved) < LEAST_CASES:
        return 1.0
    from scipy.stats import wilcoxon

    return float(wilcoxon(moved, alternative="greater").pvalue)


def _tell_waiting(cases: int, least: int) -> str:
    return f"It changes {cases} of the {least} past drafts that a trial needs."
