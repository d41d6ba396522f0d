"""A question to an Answer: sentences with evidence, or an honest `I couldn't find this` with the closest pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import (
    Answer,
    Citation,
    Found,
    Look,
    Nearest,
    Question,
    Rule,
    SearchResult,
    Sentence,
    Stage,
    StageKind,
    Support,
    Trace,
)
from assistant.errors import ModelError
from assistant.knowledge.answers.chat import SearchingWriter, Writer, Written
from assistant.knowledge.answers.compound import join_answers
from assistant.knowledge.answers.disputes import Dispute, ListContradictions, add_other_sides, find_disputes
from assistant.knowledge.answers.grounding import Likeness, Weighed, weigh
from assistant.knowledge.answers.judge import Judge
from assistant.knowledge.answers.lines import join_sentences
from assistant.knowledge.answers.outline import Outline, find_topic
from assistant.knowledge.answers.questions import asks_owner, split_questions
from assistant.knowledge.answers.research import Finder, merge, search_again
from assistant.knowledge.search.retriever import Findings
from assistant.knowledge.search.spelling import Spelled, Spelling
from assistant.knowledge.search.synonyms import Synonyms
from assistant.text.facts.courtesy import keep_remark

Progress = Callable[[Stage], None]
ChooseWording = Callable[[Question], Wording]
"""What to say things in to who asked."""

_RETRIEVED, _EXCERPTS_FROM = 12, 12
_MOST_SEARCHES = 2  # that the model may ask for
_NEAREST = 3
_PARTIAL_BAND, _NEAR_BAND, _UNMET_BAND = 0.3, 0.25, 0.4
_CLOSEST_BAND, _MOST_OF_CLOSEST = 0.5, 600
_SHOWN = (Support.QUOTED, Support.SUPPORTED, Support.DOUBTFUL)


@dataclass(frozen=True)
class _Outcome:
    """An answer, the sentences it was made of, and how sure what it rests on fits the question."""

    answer: Answer
    confidence: float
    weighed: Weighed = field(default_factory=lambda: Weighed((), ()))


class Answerer:
    """Answers questions with one writer, and with excerpts when that one fails.

    Below `least_confidence` nothing is answered; a little above it a model's answer says that it may not be the whole
    one.
    """

    def __init__(
        self,
        retriever: Finder,
        spelling: Spelling,
        synonyms: Synonyms,
        model: SearchingWriter | None,
        excerpts: Writer,
        outline: Outline,
        measure_likeness: Likeness,
        least_confidence: float,
        choose_wording: ChooseWording,
        judge: Judge | None = None,
        list_contradictions: ListContradictions = lambda document_ids: (),
    ) -> None:
        self._list_contradictions = list_contradictions
        self._retriever = retriever
        self._spelling = spelling
        self._synonyms = synonyms
        self._measure_likeness = measure_likeness
        self._model = model
        self._excerpts = excerpts
        self._outline = outline
        self._least_confidence = least_confidence
        self._judge = judge
        self._choose_wording = choose_wording

    def answer(self, question: Question, progress: Progress = lambda doing: None) -> Answer:
        """Answer from what the question's audience may see. Never raises for a model that is down.

        `progress` is told each stage as it happens.
        """
        wording = self._choose_wording(question)
        asked = () if self._model else split_questions(question.text)
        if len(asked) > 1:
            parts = [(part, self._answer_one(replace(question, text=part), wording, progress)) for part in asked]
            return join_answers(parts, wording)
        return self._answer_one(question, wording, progress)

    def _answer_one(self, question: Question, wording: Wording, progress: Progress) -> Answer:
        topic = "" if self._model else find_topic(question.text)
        spelled = self._spelling.correct(topic or question.text, question.audience)
        question = replace(question, text=spelled.text, ways=self._synonyms.rewrite(spelled.text, question.audience))
        findings = self._search(question)
        progress(Stage(StageKind.SEARCHED, findings.chunk_count))
        progress(Stage(StageKind.FIT, len(findings.results[:_RETRIEVED])))
        outcome = topic and self._sum_up(findings, wording)
        outcome = outcome or self._answer_from(question, wording, findings, progress)
        reason = f"{outcome.answer.reason} {_name_changes(spelled, wording)}".strip()
        return replace(outcome.answer, reason=reason, trace=self._build_trace(question, findings, outcome))

    def _search(self, question: Question) -> Findings:
        """What fits the question, and what fits it put in other words."""
        found = self._retriever.search(question)
        return merge([found, *(self._retriever.search(replace(question, text=way)) for way in question.ways)])

    def _answer_from(self, question: Question, wording: Wording, findings: Findings, progress: Progress) -> _Outcome:
        if not findings.results:
            return _Outcome(_refuse(wording.say(Say.NO_DOCUMENTS), (), wording), findings.confidence)
        is_near = findings.confidence >= self._least_confidence
        if is_near and asks_owner(question.text) and (answer := _name_owner(findings, wording)):
            return _Outcome(answer, findings.confidence)
        if not self._model:
            return self._show_excerpts(question, wording, findings, "")
        if not is_near:
            names_owners = findings.confidence >= self._least_confidence - _NEAR_BAND
            refusal = _refuse(wording.say(Say.NOT_FOUND), findings.documents, wording, names_owners=names_owners)
            return _Outcome(refusal, findings.confidence)
        try:
            writing, findings = self._write(self._model, question, findings, progress)
        except ModelError as error:
            return self._show_excerpts(question, wording, findings, error.message)
        results = findings.results[:_RETRIEVED]
        if writing.clarifying_question and not writing.claims:
            return _Outcome(_ask_back(writing, wording), findings.confidence)
        disputes = find_disputes(writing, results, self._list_contradictions)
        disputed = add_other_sides(writing, results, disputes)
        weighed = weigh(disputed, results, self._measure_likeness, self._judge)
        _tell_checked(weighed, progress)
        own = replace(weighed, sentences=weighed.sentences[: len(writing.claims)])
        if writing.claims and not own.is_grounded:
            note = wording.say(Say.NOT_IN_DOCUMENTS)
            return replace(self._show_excerpts(question, wording, findings, note), weighed=weighed)
        missing = _name_missing(writing, wording)
        if not missing and findings.confidence - self._least_confidence < _PARTIAL_BAND:
            missing = wording.say(Say.MAY_BE_PARTIAL)
        note = _name_disputes(disputes, results, wording)
        return _Outcome(_to_answer(writing, weighed, findings, wording, missing, note), findings.confidence, weighed)

    def _write(
        self, model: SearchingWriter, question: Question, findings: Findings, progress: Progress
    ) -> tuple[Written, Findings]:
        """What the model writes of the findings; it may ask for another search, and gets the best of that too."""
        for left in reversed(range(_MOST_SEARCHES + 1)):
            results = findings.results[:_RETRIEVED]
            progress(Stage(StageKind.WRITING, len(results)))
            writing = _keep_remarks(model.write_answer(question, results, may_search=left > 0), question, results)
            if not left or not writing.search.strip():
                break
            more = search_again(self._retriever, question, writing.search)
            known = {one.chunk.chunk_id for one in results}
            if all(one.chunk.chunk_id in known for one in more.results[:_RETRIEVED]):
                break
            findings = merge([findings, more])
        return writing, findings

    def _sum_up(self, findings: Findings, wording: Wording) -> _Outcome | None:
        """The nearest page in short; None where none is near."""
        if not findings.documents or findings.confidence < self._least_confidence:
            return None
        writing, results = self._outline.write(findings.documents[0])
        weighed = weigh(writing, results, self._measure_likeness)
        return _Outcome(_to_answer(writing, weighed, findings, wording, ""), findings.confidence, weighed)

    def _show_excerpts(self, question: Question, wording: Wording, findings: Findings, why: str) -> _Outcome:
        """Show passages; `why` says why a chat model did not answer, where there is one."""
        note = f"{why} {wording.say(Say.QUOTED_INSTEAD)}" if why else ""
        results = findings.results[:_EXCERPTS_FROM]
        writing = self._excerpts.write_answer(question, results)
        writing = replace(writing, unmet=tuple(dict.fromkeys([*writing.unmet, *findings.unknown_names])))
        if findings.is_crossing:  # the search alone is calibrated for two languages
            writing = replace(writing, confidence=findings.confidence)
        if writing.confidence < self._least_confidence + (_UNMET_BAND if writing.unmet else 0):
            short = self._least_confidence - writing.confidence
            reason = f"{why} {_name_nothing(writing, wording)}".strip()
            closest = _show_closest(writing, wording) if short <= _CLOSEST_BAND and not writing.unmet else ""
            refusal = _refuse(reason, findings.documents, wording, writing, short <= _NEAR_BAND, closest)
            return _Outcome(refusal, writing.confidence)
        disputes = find_disputes(writing, results, self._list_contradictions)
        weighed = weigh(add_other_sides(writing, results, disputes), results, self._measure_likeness)
        note = f"{note} {_name_disputes(disputes, results, wording)}".strip()
        answer = _to_answer(writing, weighed, findings, wording, _name_unmet(writing, wording), note)
        return _Outcome(answer, writing.confidence, weighed)

    def _build_trace(self, question: Question, findings: Findings, outcome: _Outcome) -> Trace:
        quotes = [citation.quote for citation in outcome.answer.citations]
        return Trace(
            audience=question.audience,
            chunks=findings.chunk_count,
            confidence=round(outcome.confidence, 3),
            least_confidence=self._least_confidence,
            rule=_name_rule(outcome, bool(findings.results), self._least_confidence),
            found=tuple(_trace(result, quotes) for result in findings.results[:_RETRIEVED]),
            dropped=tuple(s.text for s in outcome.weighed.sentences if s.support is Support.UNSUPPORTED),
        )


def _tell_checked(weighed: Weighed, progress: Progress) -> None:
    progress(Stage(StageKind.CHECKED, len(weighed.sentences)))
    if left_out := sum(sentence.support is Support.UNSUPPORTED for sentence in weighed.sentences):
        progress(Stage(StageKind.LEFT_OUT, left_out))


def _name_rule(outcome: _Outcome, has_results: bool, least_confidence: float) -> Rule:
    if not has_results:
        return Rule.EMPTY
    if outcome.confidence < least_confidence:
        return Rule.THRESHOLD
    if outcome.answer.look is Look.CLARIFY:
        return Rule.CLARIFY
    return Rule.ANSWERED if outcome.answer.is_grounded else Rule.EVIDENCE


def _name_changes(spelled: Spelled, wording: Wording) -> str:
    return " ".join(wording.say(Say.READ_AS, typed=typed, meant=meant) for typed, meant in spelled.changes)


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


def _name_missing(writing: Written, wording: Wording) -> str:
    """What a model could not answer, and what it would like to know: an answer beside that is a partial one."""
    asked = writing.clarifying_question
    missing = [wording.say(Say.NOT_ANSWERED, what=writing.missing)] if writing.missing else []
    missing += [wording.say(Say.WOULD_HELP, what=asked)] if asked else []
    return " ".join(missing)


def _name_unmet(writing: Written, wording: Wording) -> str:
    """What the question names and no page does, lest another version or plan be taken for it."""
    if not writing.unmet:
        return ""
    names = wording.join([wording.say(Say.QUOTED_NAME, name=name) for name in writing.unmet])
    return wording.say(Say.NAMES_MISSING, names=names, count=len(writing.unmet))


def _name_disputes(disputes: Sequence[Dispute], results: Sequence[SearchResult], wording: Wording) -> str:
    """Which pages say different things; nothing where none do."""
    if not disputes:
        return ""
    titles = [title for one in disputes for title in (one.chunk.title, results[one.place - 1].chunk.title)]
    quoted = [wording.say(Say.QUOTED_NAME, name=title) for title in dict.fromkeys(titles)]
    return wording.say(Say.PAGES_DISAGREE, pages=wording.join(quoted))


def _name_nothing(writing: Written, wording: Wording) -> str:
    return _name_unmet(writing, wording) or wording.say(Say.NOT_FOUND)


def _ask_back(writing: Written, wording: Wording) -> Answer:
    return Answer(
        answer=writing.clarifying_question,
        is_grounded=False,
        reason=wording.say(Say.AMBIGUOUS),
        look=Look.CLARIFY,
        writer=writing.writer,
        prompt_version=writing.prompt_version,
        language=wording.language,
    )


def _to_answer(
    writing: Written, weighed: Weighed, findings: Findings, wording: Wording, missing: str, note: str = ""
) -> Answer:
    # A colleague needs no courtesy, and in an answer everything has its source.
    kept = tuple(sentence for sentence in weighed.sentences if sentence.support in _SHOWN)
    if not weighed.is_grounded:
        reason = f"{note} {_name_nothing(writing, wording)}".strip()
        return _refuse(reason, findings.documents, wording, writing, names_owners=True)
    dropped = sum(sentence.support is Support.UNSUPPORTED for sentence in weighed.sentences)
    left_out = wording.say(Say.LEFT_OUT, count=dropped) if dropped else ""
    unsure = wording.say(Say.DOUBT_NOTE) if any(sentence.support is Support.DOUBTFUL for sentence in kept) else ""
    kept = _name_languages(kept, weighed.citations, findings, wording)
    return Answer(
        answer=join_sentences(kept, wording),
        is_grounded=True,
        reason=" ".join(part for part in (note, unsure, left_out, missing) if part),
        look=Look.PARTIAL if missing else Look.ANSWER,
        sentences=kept,
        citations=weighed.citations,
        nearest=_name_nearest(findings.documents),
        writer=writing.writer,
        prompt_version=writing.prompt_version,
        language=wording.language,
    )


def _name_languages(
    sentences: Sequence[Sentence], citations: Sequence[Citation], findings: Findings, wording: Wording
) -> tuple[Sentence, ...]:
    """Passages of pages that are in another language than the reader's, marked with it."""
    cited = {citation.number: findings.languages.get(citation.document_id, "") for citation in citations}
    spoken = [next((cited[number] for number in s.citations), "") if s.heading else "" for s in sentences]
    foreign = ["" if language == wording.language else language for language in spoken]
    return tuple(replace(s, language=language) for s, language in zip(sentences, foreign, strict=True))


def _name_owner(findings: Findings, wording: Wording) -> Answer | None:
    """Who looks after the nearest page, if that is known."""
    chunk = findings.documents[0].chunk
    if not chunk.owner:
        return None
    said = wording.say(Say.LOOKED_AFTER, title=chunk.title, owner=chunk.owner)
    sentence = Sentence(said, Support.SUPPORTED, (1,))
    citation = Citation(1, chunk.document_id, chunk.title, "", chunk.url, chunk.text.split("\n", 1)[0])
    return Answer(
        answer=join_sentences((sentence,), wording),
        is_grounded=True,
        reason="",
        sentences=(sentence,),
        citations=(citation,),
        nearest=_name_nearest(findings.documents),
        language=wording.language,
    )


def _refuse(
    reason: str,
    documents: Sequence[SearchResult],
    wording: Wording,
    writing: Written | None = None,
    names_owners: bool = False,
    closest: str = "",
) -> Answer:
    """Say that nothing answers it, and which pages are closest; the owner of one that is not near knows nothing.

    What comes closest is shown in the refusal's place, and is no answer: nothing is grounded, and the gap is kept.
    """
    nearest = _name_nearest(documents)
    pages = [wording.say(Say.CLOSEST_PAGES, pages="; ".join(near.title for near in nearest))] if nearest else []
    owners = list(dict.fromkeys(near.owner for near in nearest if near.owner)) if names_owners else []
    who = [wording.say(Say.WHO_MAY_KNOW, owners=", ".join(owners))] if owners else []
    return Answer(
        answer=closest + " ".join([*([] if closest else [reason]), *pages, *who]),
        is_grounded=False,
        reason=reason,
        look=Look.FINDINGS,
        nearest=nearest,
        writer=writing.writer if writing else "",
        prompt_version=writing.prompt_version if writing else "",
        language=wording.language,
    )


def _show_closest(writing: Written, wording: Wording) -> str:
    """The words that come closest, with where they stand and that they may not answer it."""
    if not writing.claims:
        return ""
    first, *rest = writing.claims
    passage = [first, *takewhile(lambda claim: not claim.heading, rest)]
    text = "\n".join(claim.text for claim in passage)
    if len(text) > _MOST_OF_CLOSEST:
        claim = next((one for one in passage if one.keys), first)
        text = claim.text if len(claim.text) <= _MOST_OF_CLOSEST or not claim.keys else "\n".join(claim.keys)
    shown = text if len(text) <= _MOST_OF_CLOSEST else f"{text[:_MOST_OF_CLOSEST].rsplit(None, 1)[0]} …"
    return f"{wording.say(Say.CLOSEST_PASSAGE, place=first.heading)}\n{shown}\n"


def _name_nearest(documents: Sequence[SearchResult]) -> tuple[Nearest, ...]:
    chunks = [result.chunk for result in documents[:_NEAREST]]
    return tuple(Nearest(chunk.document_id, chunk.title, chunk.url, chunk.owner) for chunk in chunks)
