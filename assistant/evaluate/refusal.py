"""Measures refusals: are the questions refused that nothing answers, and only those."""

from dataclasses import dataclass

from assistant.errors import InputError
from assistant.evaluate.corpus import Corpus
from assistant.evaluate.measures import Detection, detect, separate, share
from assistant.evaluate.reading import Asked
from assistant.knowledge.ingest.ingest import Progress


@dataclass(frozen=True)
class RefusalReport:
    """How refusals do; None where there are no questions of a kind.

    `auroc` is how often the confidence in a random answerable question is above that in an unanswerable one, and
    `off_topic_auroc` above that in a foreign one. `left_out` questions are neither answerable nor marked unanswerable.
    Whatever is not grounded counts as refused: to ask back is no answer either.
    """

    answerable: int
    unanswerable: int
    left_out: int
    off_topic: int
    auroc: float | None
    detection: Detection
    wrongly_refused: float | None
    off_topic_auroc: float | None
    off_topic_refused: float | None


@dataclass(frozen=True)
class _Outcome:
    confidence: float
    is_refused: bool


def measure_refusal(
    corpus: Corpus, questions: list[Asked], off_topic: list[Asked], progress: Progress
) -> RefusalReport:
    """Ask everything. Raises InputError when no question is answerable, marked unanswerable or off topic."""
    answerable = [asked for asked in questions if asked.is_answerable]
    unanswerable = [asked for asked in questions if asked.is_unanswerable]
    if not (answerable or unanswerable or off_topic):
        raise InputError(
            "No question has doc_ids or is marked unanswerable.", 'Mark some with doc_ids or "unanswerable": true.'
        )
    asking = _Asking(corpus, len(answerable) + len(unanswerable) + len(off_topic), progress)
    easy, hard, foreign = (asking.ask(group) for group in (answerable, unanswerable, off_topic))
    confidence = [outcome.confidence for outcome in easy]
    is_wanted = [False] * len(easy) + [True] * len(hard)
    return RefusalReport(
        answerable=len(easy),
        unanswerable=len(hard),
        left_out=len(questions) - len(easy) - len(hard),
        off_topic=len(foreign),
        auroc=separate(confidence, [outcome.confidence for outcome in hard]),
        detection=detect(is_wanted, [outcome.is_refused for outcome in [*easy, *hard]]),
        wrongly_refused=share([outcome.is_refused for outcome in easy]),
        off_topic_auroc=separate(confidence, [outcome.confidence for outcome in foreign]),
        off_topic_refused=share([outcome.is_refused for outcome in foreign]),
    )


class _Asking:
    """Asks questions and tells how far it is."""

    def __init__(self, corpus: Corpus, total: int, progress: Progress) -> None:
        self._assistant = corpus.assistant
        self._total = total
        self._done = 0
        self._progress = progress

    def ask(self, questions: list[Asked]) -> list[_Outcome]:
        """What became of each: answered by the whole program, so that the threshold is the one in force."""
        return [self._ask(asked) for asked in questions]

    def _ask(self, asked: Asked) -> _Outcome:
        confidence = self._assistant.knowledge.retriever.search(asked.question).confidence
        answer = self._assistant.knowledge.reply(asked.question, self._assistant.clock())
        self._done += 1
        self._progress(f"{self._done} of {self._total} questions asked")
        return _Outcome(confidence, not answer.is_grounded)
