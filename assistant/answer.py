"""A question to an Answer: sentences with evidence, or an honest `I do not know` with the nearest pages."""

from collections.abc import Sequence

from assistant.domain import Answer, Look, Nearest, Question, SearchResult, Support
from assistant.errors import ModelError
from assistant.evidence import Likeness, Weighed, weigh
from assistant.index.terms import find_terms, split_words
from assistant.retrieve import Findings, Retriever
from assistant.writers.writing import Writer, Writing

_RETRIEVED = 10
_NEAREST = 3
_PARTIAL_BAND = 0.3
_MOST_MISSING = 3
_NOTHING = "Nothing in the documents answers this."


class Answering:
    """Answers questions with one writer, and with quoting when that one fails.

    Below `least_confidence` nothing is answered; a little above it an answer says that it may not be the whole one.
    """

    def __init__(
        self, retriever: Retriever, writer: Writer, quoting: Writer, measure_likeness: Likeness, least_confidence: float
    ) -> None:
        self._retriever = retriever
        self._measure_likeness = measure_likeness
        self._writer = writer
        self._quoting = quoting
        self._least_confidence = least_confidence

    def answer(self, question: Question) -> Answer:
        """Answer from what the question's audience may see. Never raises for a model that is down."""
        findings = self._retriever.search(question)
        if not findings.results:
            return _refuse("There are no documents to answer from yet. Add some with: earshot ingest PATH", findings)
        if findings.confidence < self._least_confidence:
            return _refuse(_NOTHING, findings)
        results = findings.results[:_RETRIEVED]
        try:
            writing, note = self._writer.write_answer(question, results), ""
        except ModelError as error:
            writing = self._quoting.write_answer(question, results)
            note = f"{error.message} These are quotes instead."
        if writing.clarifying_question and not writing.claims:
            return _ask_back(writing)
        weighed = weigh(writing, results, self._measure_likeness)
        if writing.claims and not weighed.is_grounded:
            note = "What the chat model wrote is not in the documents. These are quotes instead."
            writing = self._quoting.write_answer(question, results)
            weighed = weigh(writing, results, self._measure_likeness)
        missing = f"Not answered: {writing.missing}" if writing.missing else ""
        if not missing and findings.confidence < self._least_confidence + _PARTIAL_BAND:
            missing = _name_missing(question, results)
        return _to_answer(writing, weighed, findings, note, missing)


def _ask_back(writing: Writing) -> Answer:
    return Answer(
        answer=writing.clarifying_question,
        is_grounded=False,
        reason="The question could mean more than one thing.",
        look=Look.CLARIFY,
        writer=writing.writer,
        prompt_version=writing.prompt_version,
    )


def _to_answer(writing: Writing, weighed: Weighed, findings: Findings, note: str, missing: str) -> Answer:
    kept = tuple(sentence for sentence in weighed.sentences if sentence.support is not Support.UNSUPPORTED)
    if not weighed.is_grounded:
        return _refuse(f"{note} {_NOTHING}".strip(), findings, writing)
    dropped = len(weighed.sentences) - len(kept)
    left_out = f"{dropped} sentence{'s' if dropped > 1 else ''} without evidence left out." if dropped else ""
    return Answer(
        answer="\n".join(sentence.text + _marks(sentence.citations) for sentence in kept),
        is_grounded=True,
        reason=" ".join(part for part in (note, left_out, missing) if part),
        look=Look.PARTIAL if missing else Look.ANSWER,
        sentences=kept,
        citations=weighed.citations,
        nearest=_name_nearest(findings.documents),
        writer=writing.writer,
        prompt_version=writing.prompt_version,
    )


def _refuse(reason: str, findings: Findings, writing: Writing | None = None) -> Answer:
    nearest = _name_nearest(findings.documents)
    pages = f" The nearest pages are: {'; '.join(near.title for near in nearest)}." if nearest else ""
    owners = list(dict.fromkeys(near.owner for near in nearest if near.owner))
    who = f" Who may know: {', '.join(owners)}." if owners else ""
    return Answer(
        answer=f"I do not know. {reason}{pages}{who}",
        is_grounded=False,
        reason=reason,
        look=Look.FINDINGS,
        nearest=nearest,
        writer=writing.writer if writing else "",
        prompt_version=writing.prompt_version if writing else "",
    )


def _name_missing(question: Question, results: Sequence[SearchResult]) -> str:
    """Which of the question's words stand in none of the best chunks, as the person wrote them."""
    chunks = [result.chunk for result in results]
    said = {term for chunk in chunks for term in find_terms(f"{chunk.title} {chunk.heading} {chunk.text}")}
    words = [word for word in dict.fromkeys(split_words(question.text)) if set(find_terms(word)) - said]
    about = f" They say nothing of: {', '.join(words[:_MOST_MISSING])}." if words else ""
    return f"The documents may not answer all of this.{about}"


def _name_nearest(documents: Sequence[SearchResult]) -> tuple[Nearest, ...]:
    chunks = [result.chunk for result in documents[:_NEAREST]]
    return tuple(Nearest(chunk.document_id, chunk.title, chunk.url, chunk.owner) for chunk in chunks)


def _marks(citations: tuple[int, ...]) -> str:
    return "".join(f" [{number}]" for number in citations)
