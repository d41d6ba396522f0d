"""Measures search: do the right documents come first, and how soon."""

from dataclasses import dataclass

from assistant.errors import InputError
from assistant.evaluate.corpus import Corpus, find_gold
from assistant.evaluate.measures import Latency, Ranking, Stopwatch, rank
from assistant.evaluate.reading import Asked
from assistant.knowledge.ingest.ingest import Progress


@dataclass(frozen=True)
class RetrievalReport:
    """How search does over the `questions` that have right documents; `missing` of those are not in the corpus."""

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
