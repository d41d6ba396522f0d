"""Measures answers: are they given, do their quotes stand where they say, and do they cite the right document.

Measures refusals: are the questions refused that nothing answers, and only those.

Measures search: do the right documents come first, and how soon.
"""

from dataclasses import dataclass
from statistics import mean, median

from assistant.core.database import Store
from assistant.domain import Answer, Citation, Support
from assistant.errors import InputError
from assistant.knowledge.sources.ingest import Progress
from evals.corpus import Asked, Corpus, Gold, find_gold
from evals.measures import Detection, Latency, Ranking, Stopwatch, detect, overlap, rank, separate, share


@dataclass(frozen=True)
class AnswersReport:
    """Scores of answers. All but `answered`, of all questions, is over the answered ones; None where there are none.

    `citation_precision` is the share of cited sentences whose every quote stands in a chunk of the document it names;
    `gold_cited` the share of answers that cite a right document, of those whose question has one; `token_f1` compares
    with written answers, where there are any; `median_characters` counts the marks of citations too.
    """

    questions: int
    answered: float
    citation_precision: float | None
    cited_sentences: int
    support: dict[str, float]
    gold_cited: float | None
    missing: int
    token_f1: float | None
    median_sentences: float | None
    median_characters: float | None
    latency: Latency


def measure_answers(corpus: Corpus, questions: list[Asked], progress: Progress) -> AnswersReport:
    """Answer every question."""
    gold, watch = find_gold(corpus, questions), Stopwatch()
    assistant = corpus.assistant
    assistant.knowledge.reply(
        questions[0].question, assistant.clock()
    )  # loads model and index, which is no part of an answer
    answers: dict[int, Answer] = {}
    for place, asked in enumerate(questions):
        with watch.lap():
            answer = assistant.knowledge.reply(asked.question, assistant.clock())
        if answer.is_grounded:
            answers[place] = answer
        progress(f"{place + 1} of {len(questions)} questions answered")
    return _report(corpus.assistant.home.store, questions, answers, gold, watch.read())


def _report(
    store: Store, questions: list[Asked], answers: dict[int, Answer], gold: Gold, latency: Latency
) -> AnswersReport:
    right = [is_right for answer in answers.values() for is_right in _check_citations(store, answer)]
    with_gold = [place for place in answers if place in gold.by_place]
    overlaps = [overlap(_text(a), questions[p].answers) for p, a in answers.items() if any(questions[p].answers)]
    return AnswersReport(
        questions=len(questions),
        answered=len(answers) / len(questions),
        citation_precision=share(right),
        cited_sentences=len(right),
        support=_count_support(list(answers.values())),
        gold_cited=share([_cites(answers[place], gold.by_place[place]) for place in with_gold]),
        missing=gold.missing,
        token_f1=mean(overlaps) if overlaps else None,
        median_sentences=median(len(a.sentences) for a in answers.values()) if answers else None,
        median_characters=median(len(a.answer) for a in answers.values()) if answers else None,
        latency=latency,
    )


def _check_citations(store: Store, answer: Answer) -> list[bool]:
    """For each sentence that cites: whether all it cites stands where it says."""
    stands = {citation.number: _stands(store, citation) for citation in answer.citations}
    cited = [sentence.citations for sentence in answer.sentences if sentence.citations]
    return [all(stands.get(number, False) for number in numbers) for numbers in cited]


def _stands(store: Store, citation: Citation) -> bool:
    # On purpose not the program's own check, which would find its own faults right.
    quote = _collapse(citation.quote)
    sql = "select c.text from chunks c join documents d on d.id = c.document where d.document_id = ?"
    rows = store.rows(sql, citation.document_id)
    return bool(quote) and any(quote in _collapse(row["text"]) for row in rows)


def _count_support(answers: list[Answer]) -> dict[str, float]:
    kinds = [sentence.support for answer in answers for sentence in answer.sentences]
    return {kind.value: kinds.count(kind) / len(kinds) for kind in Support} if kinds else {}


def _cites(answer: Answer, documents: frozenset[str]) -> bool:
    return any(citation.document_id in documents for citation in answer.citations)


def _text(answer: Answer) -> str:
    """What the answer says, without the marks of citations."""
    return " ".join(sentence.text for sentence in answer.sentences)


def _collapse(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class RefusalReport:
    """Scores of refusals; None where there are no questions of a kind.

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


@dataclass(frozen=True)
class RetrievalReport:
    """Scores of search over the `questions` that have right documents; `missing` of those are not in the corpus."""

    questions: int
    documents: int
    chunks: int
    missing: int
    ranking: Ranking
    latency: Latency


def measure_retrieval(corpus: Corpus, questions: list[Asked], progress: Progress) -> RetrievalReport:
    """Search for every question with right documents. Raises InputError when there is none."""
    gold = find_gold(corpus, questions)
    if not gold.by_place:
        raise InputError("No question has doc_ids, so nothing can be compared.", "Add doc_ids to the questions.")
    retriever, watch = corpus.assistant.knowledge.retriever, Stopwatch()
    found = dict[str, list[str]]()
    retriever.search(questions[0].question)  # loads model and index, which is no part of a search
    for done, place in enumerate(gold.by_place, start=1):
        with watch.lap():
            findings = retriever.search(questions[place].question)
        found[str(place)] = [result.chunk.document_id for result in findings.documents]
        progress(f"{done} of {len(gold.by_place)} questions searched")
    ranking = rank(found, {str(place): documents for place, documents in gold.by_place.items()})
    return RetrievalReport(len(found), corpus.documents, corpus.chunks, gold.missing, ranking, watch.read())
