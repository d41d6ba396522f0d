"""A question to an Answer: sentences with evidence, or an honest `I do not know` with the reason."""

from collections.abc import Sequence

from assistant.domain import Answer, Question, SearchResult, Support
from assistant.errors import ModelError
from assistant.evidence import weigh
from assistant.retrieve import Retriever
from assistant.writers.writing import Writer, Writing

_RETRIEVED = 10


class Answering:
    """Answers questions with one writer, and with quoting when that one fails."""

    def __init__(self, retriever: Retriever, writer: Writer, quoting: Writer) -> None:
        self._retriever = retriever
        self._writer = writer
        self._quoting = quoting

    def answer(self, question: Question) -> Answer:
        """Answer from what the question's audience may see. Never raises for a model that is down."""
        results = self._retriever.search(question).results[:_RETRIEVED]
        if not results:
            return _refuse("There are no documents to answer from yet. Add some with: earshot ingest PATH")
        try:
            writing, note = self._writer.write_answer(question, results), ""
        except ModelError as error:
            writing = self._quoting.write_answer(question, results)
            note = f"{error.message} These are quotes instead."
        return _to_answer(writing, results, note)


def _to_answer(writing: Writing, results: Sequence[SearchResult], note: str) -> Answer:
    weighed = weigh(writing, results)
    kept = tuple(sentence for sentence in weighed.sentences if sentence.support is not Support.UNSUPPORTED)
    if not weighed.is_grounded:
        return _refuse(f"{note} {_why_nothing(results, bool(writing.claims))}".strip(), writing)
    dropped = len(weighed.sentences) - len(kept)
    left_out = f"{dropped} sentence{'s' if dropped > 1 else ''} without evidence left out." if dropped else ""
    return Answer(
        answer=" ".join(sentence.text + _marks(sentence.citations) for sentence in kept),
        is_grounded=True,
        reason=f"{note} {left_out}".strip(),
        sentences=kept,
        citations=weighed.citations,
        writer=writing.writer,
        prompt_version=writing.prompt_version,
    )


def _refuse(reason: str, writing: Writing | None = None) -> Answer:
    return Answer(
        answer=f"I do not know. {reason}",
        is_grounded=False,
        reason=reason,
        writer=writing.writer if writing else "",
        prompt_version=writing.prompt_version if writing else "",
    )


def _why_nothing(results: Sequence[SearchResult], was_written: bool) -> str:
    titles = list(dict.fromkeys(result.chunk.title for result in results))[:3]
    nearest = f"The nearest documents are: {'; '.join(titles)}."
    if was_written:
        return f"What the model wrote is not in the documents, so it is left out. {nearest}"
    return f"Nothing in the documents answers this. {nearest}"


def _marks(citations: tuple[int, ...]) -> str:
    return "".join(f" [{number}]" for number in citations)
