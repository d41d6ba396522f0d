"""Explanations of an answer, and the passages it rests on, from what was kept when it was made."""

from datetime import date

from assistant.domain import Audience, Citation, Rule, Trace
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.questions import KeptQuestion
from assistant.slack.client.blocks import Block, build_context, build_section, cut, escape, escape_line
from assistant.slack.client.sources import describe_place

_SHOWN_FOUND, _SHOWN_DROPPED, _SHOWN_PASSAGES = 5, 5, 20
_PASSAGE_CHARACTERS = 1500
_WELL, _SOME = 1.0, 0.0
_RULES = {
    Rule.EMPTY: "There are no documents yet that people here may see, so I could not answer.",
    Rule.THRESHOLD: "What fits best is not near enough to the question, so I said that I do not know: a guess would be "
    "worse. The setting ANSWER_CONFIDENCE draws this line.",
    Rule.CLARIFY: "The question could mean more than one thing, so I asked back.",
    Rule.EVIDENCE: "Nothing that I could have said is in the documents, so I said that I don't know.",
    Rule.ANSWERED: "The passages fit well enough, and every sentence that I posted is in the passage it cites.",
}
NOTHING_KEPT = "I no longer have this question, so I can't explain the answer. Ask it again."
_COUNTED = "This was counted from the posts that Earshot collected, by the database, and not read from documents."
_NOT_FOR_YOU = "This was answered from internal documents, which only full members of the company may see."


def build_why(kept: KeptQuestion) -> list[Block]:
    """Build the explanation: what was searched, found and dropped, and by which rule."""
    head = [build_section(f"*Question*\n{escape_line(kept.question.text, 500)}")]
    trace = kept.answer.trace
    if trace is None:
        return [*head, build_section(_COUNTED), build_context(cut(escape(kept.answer.reason), 1000) or "-")]
    parts = [
        *head,
        build_section(f"*Searched*\n{_tell_searched(trace)}"),
        build_section(f"*Found*\n{_tell_found(trace)}"),
    ]
    if trace.dropped:
        parts.append(build_section(f"*Left out, because no document says it*\n{_tell_dropped(trace)}"))
    remarks = f"\n{escape_line(kept.answer.reason, 500)}" if kept.answer.is_grounded and kept.answer.reason else ""
    return [*parts, build_section(f"*Why this answer*\n{_RULES[trace.rule]}{remarks}")]


def build_passages(kept: KeptQuestion, documents: DocumentTables, today: date) -> list[Block]:
    """Every passage that is cited, with the numbers that mean it, and the words that count."""
    shown: list[Block] = []
    for citation in kept.answer.citations[:_SHOWN_PASSAGES]:
        shown.append(build_section(f"*[{citation.number}]* {describe_place(citation, today)}"))
        passage = escape(_find_passage(kept, citation, documents))
        shown.append(build_section(cut("\n".join(f"&gt; {line}" for line in passage.split("\n")), _PASSAGE_CHARACTERS)))
    left_out = len(kept.answer.citations) - _SHOWN_PASSAGES
    rest = [build_context(f"… and {left_out} more")] if left_out > 0 else []
    return [*shown, *rest] or [build_section("This answer cites nothing.")]


def may_read(kept: KeptQuestion, is_full_member: bool) -> bool:
    """Return whether somebody may see how this answer was made."""
    return kept.question.audience is Audience.PUBLIC or is_full_member


def build_refusal() -> list[Block]:
    """Build the message for somebody who may not see it."""
    return [build_section(_NOT_FOR_YOU)]


def _find_passage(kept: KeptQuestion, citation: Citation, documents: DocumentTables) -> str:
    """The passage as it is now; only the quote where it was changed since."""
    trace = kept.answer.trace
    places = [f.chunk_id for f in trace.found if f.document_id == citation.document_id] if trace else []
    chunks = documents.chunks(places) if places else {}
    for chunk in chunks.values():
        if citation.quote in chunk.text and chunk.audience in kept.question.audience.readable:
            return chunk.text
    return citation.quote


def _tell_searched(trace: Trace) -> str:
    if trace.audience is Audience.INTERNAL:
        return f"{trace.chunks} passages of public and internal documents."
    return f"{trace.chunks} passages of public documents, because everybody who reads here may see those."


def _tell_found(trace: Trace) -> str:
    if not trace.found:
        return "Nothing."
    best = trace.found[0].score
    lines = []
    for found in trace.found[:_SHOWN_FOUND]:
        fit = _name_fit(trace.confidence - trace.least_confidence + found.score - best)
        mark = ", cited" if found.is_cited else ""
        place = " › ".join(dict.fromkeys(filter(None, [found.title, found.heading])))
        lines.append(f"• {escape_line(place, 150)} ({fit}{mark})")
    more = len(trace.found) - _SHOWN_FOUND
    return "\n".join([*lines, *([f"… and {more} more that fit less"] if more > 0 else [])])


def _name_fit(margin: float) -> str:
    """How a passage fits, measured by the line below which nothing is answered."""
    if margin >= _WELL:
        return "fits well"
    return "fits somewhat" if margin >= _SOME else "hardly fits"


def _tell_dropped(trace: Trace) -> str:
    lines = [f"• {escape_line(text, 300)}" for text in trace.dropped[:_SHOWN_DROPPED]]
    more = len(trace.dropped) - _SHOWN_DROPPED
    return "\n".join([*lines, *([f"… and {more} more"] if more > 0 else [])])
