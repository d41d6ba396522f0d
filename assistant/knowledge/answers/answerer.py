"""A question to an Answer: sentences with evidence, or an honest `I couldn't find this` with the closest pages."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.domain import Answer, Found, Look, Nearest, Question, Rule, SearchResult, Support, Trace
from assistant.errors import ModelError
from assistant.knowledge.answers.chat import Writer, Written
from assistant.knowledge.answers.compound import join_answers
from assistant.knowledge.answers.grounding import Likeness, Weighed, weigh
from assistant.knowledge.answers.questions import only_asks, split_questions
from assistant.knowledge.search.retriever import Findings, Retriever
from assistant.text.facts.courtesy import keep_remark
from assistant.text.tokens import find_terms, split_words

Progress = Callable[[str], None]

_RETRIEVED = 10
_NEAREST = 3
_PARTIAL_BAND = 0.3
_MOST_UNSAID = 3
_DOUBTFUL_WORDS = 2
_NOTHING = "I couldn't find this in our documents."
_NO_DOCUMENTS = "There are no documents to answer from yet. Add some with: earshot ingest PATH"
_NO_SENTENCES = Weighed((), ())


class Answerer:
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

    def answer(self, question: Question, progress: Progress = lambda doing: None) -> Answer:
        """Answer from what the question's audience may see. Never raises for a model that is down.

        `progress` is told what takes a while; its text completes `Earshot …`.
        """
        asked = split_questions(question.text) if self._writer is self._quoting else ()
        if len(asked) > 1:
            return join_answers([(part, self._answer_one(replace(question, text=part), progress)) for part in asked])
        return self._answer_one(question, progress)

    def _answer_one(self, question: Question, progress: Progress) -> Answer:
        findings = self._retriever.search(question)
        answer, weighed = self._answer_from(question, findings, progress)
        return replace(answer, trace=self._build_trace(question, findings, answer, weighed))

    def _answer_from(self, question: Question, findings: Findings, progress: Progress) -> tuple[Answer, Weighed]:
        if not findings.results:
            return _refuse(_NO_DOCUMENTS, findings), _NO_SENTENCES
        if findings.confidence < self._least_confidence:
            return _refuse(_NOTHING, findings), _NO_SENTENCES
        results = findings.results[:_RETRIEVED]
        if self._writer is not self._quoting:
            progress(f"is writing from {len(results)} passages and checking every sentence…")
        try:
            writing, note = self._writer.write_answer(question, results), ""
        except ModelError as error:
            writing = self._quoting.write_answer(question, results)
            note = f"{error.message} These are quotes instead."
        writing = _keep_remarks(writing, question, results)
        if writing.clarifying_question and not writing.claims:
            return _ask_back(writing), _NO_SENTENCES
        first = weighed = weigh(writing, results, self._measure_likeness)
        if writing.claims and not weighed.is_grounded:
            note = "What the chat model wrote is not in the documents. These are quotes instead."
            writing = self._quoting.write_answer(question, results)
            weighed = weigh(writing, results, self._measure_likeness)
        unsaid = _find_unsaid(question, writing, results, findings.rare_terms)
        missing = " ".join(filter(None, (_name_missing(writing), _name_unmet(writing))))
        if not missing and _is_doubtful(findings.confidence - self._least_confidence, unsaid):
            missing = "The documents may not answer all of this."
        return _to_answer(writing, weighed, findings, note, missing, _name_unsaid(unsaid)), first

    def _build_trace(self, question: Question, findings: Findings, answer: Answer, weighed: Weighed) -> Trace:
        quotes = [citation.quote for citation in answer.citations]
        return Trace(
            audience=question.audience,
            chunks=findings.chunk_count,
            confidence=round(findings.confidence, 3),
            least_confidence=self._least_confidence,
            rule=_name_rule(findings, answer, self._least_confidence),
            found=tuple(_trace(result, quotes) for result in findings.results[:_RETRIEVED]),
            dropped=tuple(s.text for s in weighed.sentences if s.support is Support.UNSUPPORTED),
        )


def _name_rule(findings: Findings, answer: Answer, least_confidence: float) -> Rule:
    if not findings.results:
        return Rule.EMPTY
    if findings.confidence < least_confidence:
        return Rule.THRESHOLD
    if answer.look is Look.CLARIFY:
        return Rule.CLARIFY
    return Rule.ANSWERED if answer.is_grounded else Rule.EVIDENCE


def _trace(result: SearchResult, quotes: Sequence[str]) -> Found:
    chunk = result.chunk
    is_cited = any(quote in chunk.text for quote in quotes)
    return Found(chunk.chunk_id, chunk.document_id, chunk.title, chunk.heading, round(result.score, 3), is_cited)


def _keep_remarks(writing: Written, question: Question, results: Sequence[SearchResult]) -> Written:
    """What the model says beside its sentences, without what names or numbers nobody gave it."""
    chunks = [result.chunk for result in results]
    given = [question.text, *(turn.text for turn in question.history)]
    given += [f"{chunk.title}\n{chunk.heading}\n{chunk.text}" for chunk in chunks]
    return replace(
        writing,
        missing=keep_remark(writing.missing, given),
        clarifying_question=keep_remark(writing.clarifying_question, given, is_question=True),
    )


def _name_missing(writing: Written) -> str:
    """What a model could not answer, and what it would like to know: an answer beside that is a partial one."""
    missing = [f"Not answered: {writing.missing}"] if writing.missing else []
    missing += [f"It would help to know: {writing.clarifying_question}"] if writing.clarifying_question else []
    return " ".join(missing)


def _name_unmet(writing: Written) -> str:
    """What the question names and no page does, lest another version or plan be taken for it."""
    named = " and ".join(f"“{name}”" for name in writing.unmet)
    return f"{named} {'is' if len(writing.unmet) == 1 else 'are'} not in our documents." if named else ""


def _ask_back(writing: Written) -> Answer:
    return Answer(
        answer=writing.clarifying_question,
        is_grounded=False,
        reason="The question could mean more than one thing.",
        look=Look.CLARIFY,
        writer=writing.writer,
        prompt_version=writing.prompt_version,
    )


def _to_answer(writing: Written, weighed: Weighed, findings: Findings, note: str, missing: str, unsaid: str) -> Answer:
    # A colleague needs no courtesy, and in an answer everything has its source.
    kept = tuple(sentence for sentence in weighed.sentences if sentence.support in (Support.QUOTED, Support.SUPPORTED))
    if not weighed.is_grounded:
        return _refuse(f"{note} {_name_unmet(writing) or _NOTHING}".strip(), findings, writing)
    dropped = sum(sentence.support is Support.UNSUPPORTED for sentence in weighed.sentences)
    left_out = f"{dropped} sentence{'s' if dropped > 1 else ''} without evidence left out." if dropped else ""
    return Answer(
        answer="\n".join(sentence.text + _marks(sentence.citations) for sentence in kept),
        is_grounded=True,
        reason=" ".join(part for part in (note, left_out, missing, unsaid) if part),
        look=Look.PARTIAL if missing else Look.ANSWER,
        sentences=kept,
        citations=weighed.citations,
        nearest=_name_nearest(findings.documents),
        writer=writing.writer,
        prompt_version=writing.prompt_version,
    )


def _refuse(reason: str, findings: Findings, writing: Written | None = None) -> Answer:
    nearest = _name_nearest(findings.documents)
    pages = f" Closest pages: {'; '.join(near.title for near in nearest)}." if nearest else ""
    owners = list(dict.fromkeys(near.owner for near in nearest if near.owner))
    who = f" Who may know: {', '.join(owners)}." if owners else ""
    return Answer(
        answer=f"{reason}{pages}{who}",
        is_grounded=False,
        reason=reason,
        look=Look.FINDINGS,
        nearest=nearest,
        writer=writing.writer if writing else "",
        prompt_version=writing.prompt_version if writing else "",
    )


def _is_doubtful(margin: float, unsaid: Sequence[str]) -> bool:
    return margin < _PARTIAL_BAND or len(unsaid) >= _DOUBTFUL_WORDS


def _find_unsaid(
    question: Question, writing: Written, results: Sequence[SearchResult], rare_terms: frozenset[str]
) -> list[str]:
    """The question's rare words, as the person wrote them, that stand in none of the chunks the answer cites."""
    cited = {place for claim in writing.claims for place in claim.places}
    chunks = [result.chunk for place, result in enumerate(results, start=1) if place in cited]
    said = {term for chunk in chunks for term in find_terms(f"{chunk.title} {chunk.heading} {chunk.text}")}
    words = dict.fromkeys(split_words(question.text))
    return [word for word in words if not only_asks(word) and (set(find_terms(word)) & rare_terms) - said]


def _name_unsaid(words: Sequence[str]) -> str:
    named = ", ".join(f"“{word}”" for word in words[:_MOST_UNSAID])
    return f"The cited passages do not mention {named}." if named else ""


def _name_nearest(documents: Sequence[SearchResult]) -> tuple[Nearest, ...]:
    chunks = [result.chunk for result in documents[:_NEAREST]]
    return tuple(Nearest(chunk.document_id, chunk.title, chunk.url, chunk.owner) for chunk in chunks)


def _marks(citations: tuple[int, ...]) -> str:
    return "".join(f" [{number}]" for number in citations)
