"""Measures answers: are they given, do their quotes stand where they say, and do they cite the right document."""

from dataclasses import dataclass
from statistics import mean, median

from assistant.core.database import Store
from assistant.domain import Answer, Citation, Support
from assistant.evaluate.corpus import Corpus, Gold, find_gold
from assistant.evaluate.measures import Latency, Stopwatch, overlap, share
from assistant.evaluate.reading import Asked
from assistant.knowledge.ingest.ingest import Progress


@dataclass(frozen=True)
class AnswersReport:
    """How answers do. All but `answered`, of all questions, is over the answered ones; None where there are none.

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
