"""Explanations of an answer, and the passages it rests on, from what was kept when it was made."""

from datetime import date

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Audience, Citation, Rule, Trace
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.questions import KeptQuestion
from assistant.slack.client.blocks import Block, build_context, build_section, cut, escape, escape_line
from assistant.slack.client.sources import describe_place, notes_in

_SHOWN_FOUND, _SHOWN_DROPPED, _SHOWN_PASSAGES = 5, 5, 20
_PASSAGE_CHARACTERS = 1500
_WELL, _SOME = 1.0, 0.0
_RULES = {
    Rule.EMPTY: Say.RULE_EMPTY,
    Rule.THRESHOLD: Say.RULE_THRESHOLD,
    Rule.CLARIFY: Say.RULE_CLARIFY,
    Rule.EVIDENCE: Say.RULE_EVIDENCE,
    Rule.ANSWERED: Say.RULE_ANSWERED,
}


def build_why(kept: KeptQuestion, wording: Wording) -> list[Block]:
    """Build the explanation: what was searched, found and dropped, and by which rule."""
    head = [_build_part(wording.say(Say.WHY_QUESTION), escape_line(kept.question.text, 500))]
    trace, reason = kept.answer.trace, kept.answer.reason
    if trace is None:
        return [*head, build_section(wording.say(Say.WHY_COUNTED)), build_context(cut(escape(reason), 1000) or "-")]
    parts = [
        *head,
        _build_part(wording.say(Say.WHY_SEARCHED), _tell_searched(trace, wording)),
        _build_part(wording.say(Say.WHY_FOUND), _tell_found(trace, wording)),
    ]
    if trace.dropped:
        parts.append(_build_part(wording.say(Say.WHY_DROPPED), _tell_dropped(trace, wording)))
    remarks = f"\n{escape_line(reason, 500)}" if kept.answer.is_grounded and reason else ""
    return [*parts, _build_part(wording.say(Say.WHY_RULE), f"{wording.say(_RULES[trace.rule])}{remarks}")]


def build_passages(kept: KeptQuestion, documents: DocumentTables, today: date, wording: Wording) -> list[Block]:
    """Every passage that is cited, with the numbers that mean it, and the words that count."""
    shown: list[Block] = []
    for citation in kept.answer.citations[:_SHOWN_PASSAGES]:
        shown.append(build_section(f"*[{citation.number}]* {describe_place(citation, today, notes_in(wording))}"))
        passage = escape(_find_passage(kept, citation, documents))
        shown.append(build_section(cut("\n".join(f"&gt; {line}" for line in passage.split("\n")), _PASSAGE_CHARACTERS)))
    left_out = len(kept.answer.citations) - _SHOWN_PASSAGES
    rest = [build_context(wording.say(Say.MORE, count=left_out))] if left_out > 0 else []
    return [*shown, *rest] or [build_section(wording.say(Say.PASSAGES_NONE))]


def find_refusal(kept: KeptQuestion, user: str, channel: str, audience: Audience) -> Say | None:
    """Return why somebody may not see this question and its answer; None for who may: its key is no permission.

    `audience` is what this person may see now, which may be less than when they asked.
    """
    if not (is_theirs(kept, user) or is_read_in(kept, channel)):
        return Say.WHY_GONE
    return None if audience.covers(kept.question.audience) else Say.WHY_INTERNAL


def is_theirs(kept: KeptQuestion, user: str) -> bool:
    """Return whether this person asked."""
    return kept.asked.user == user


def is_read_in(kept: KeptQuestion, channel: str) -> bool:
    """Return whether the answer is in this channel, for all who read there."""
    return kept.asked.channel == channel and kept.asked.thread_ts is not None


def _find_passage(kept: KeptQuestion, citation: Citation, documents: DocumentTables) -> str:
    """The passage as it is now; only the quote where it was changed since."""
    trace = kept.answer.trace
    places = [f.chunk_id for f in trace.found if f.document_id == citation.document_id] if trace else []
    chunks = documents.chunks(places) if places else {}
    for chunk in chunks.values():
        if citation.quote in chunk.text and chunk.audience in kept.question.audience.readable:
            return chunk.text
    return citation.quote


def _build_part(title: str, text: str) -> Block:
    return build_section(f"*{title}*\n{text}")


def _tell_searched(trace: Trace, wording: Wording) -> str:
    key = Say.SEARCHED_ALL if trace.audience.level is Audience.INTERNAL else Say.SEARCHED_PUBLIC
    return wording.say(key, count=trace.chunks)


def _tell_found(trace: Trace, wording: Wording) -> str:
    if not trace.found:
        return wording.say(Say.FOUND_NOTHING)
    best = trace.found[0].score
    lines = []
    for found in trace.found[:_SHOWN_FOUND]:
        fit = wording.say(_name_fit(trace.confidence - trace.least_confidence + found.score - best))
        mark = f", {wording.say(Say.CITED)}" if found.is_cited else ""
        place = " › ".join(dict.fromkeys(filter(None, [found.title, found.heading])))
        lines.append(f"• {escape_line(place, 150)} ({fit}{mark})")
    more = len(trace.found) - _SHOWN_FOUND
    return "\n".join([*lines, *([wording.say(Say.MORE, count=more)] if more > 0 else [])])


def _name_fit(margin: float) -> Say:
    """How a passage fits, measured by the line below which nothing is answered."""
    if margin >= _WELL:
        return Say.FITS_WELL
    return Say.FITS_SOMEWHAT if margin >= _SOME else Say.HARDLY_FITS


def _tell_dropped(trace: Trace, wording: Wording) -> str:
    lines = [f"• {escape_line(text, 300)}" for text in trace.dropped[:_SHOWN_DROPPED]]
    more = len(trace.dropped) - _SHOWN_DROPPED
    return "\n".join([*lines, *([wording.say(Say.MORE, count=more)] if more > 0 else [])])
