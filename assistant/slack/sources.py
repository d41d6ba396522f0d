"""Where sentences come from: the citations of one place under one link, with the words that stand there."""

from collections.abc import Sequence

from assistant.domain import Answer, Citation, Draft, Sentence, Support
from assistant.index.markup import strip_markup
from assistant.slack.blocks import build_link, cut, escape_line

_QUOTE_CHARACTERS = 120


def describe_draft_sources(draft: Draft) -> list[str]:
    """Each place once, with the sentences of the draft that rest on it; courtesies need none."""
    lines = []
    for place, citations in _group(draft.citations).items():
        numbers = {citation.number for citation in citations}
        said = [_describe(s, citations) for s in draft.sentences if numbers & set(s.citations)]
        lines += [f"*{place}*", *said] if said else []
    return lines


def describe_answer_sources(answer: Answer) -> list[str]:
    """Each place once, with the numbers that mean it, and its words where the answer says it in other words."""
    retold = {number for s in answer.sentences if s.support is Support.SUPPORTED for number in s.citations}
    lines = []
    for place, citations in _group(answer.citations).items():
        numbers = " ".join(f"[{citation.number}]" for citation in citations)
        lines.append(f"{numbers} {place}")
        lines += [f"[{c.number}] {_quote(c.quote)}" for c in citations if c.number in retold]
    return lines


def _group(citations: Sequence[Citation]) -> dict[str, list[Citation]]:
    places: dict[str, list[Citation]] = {}
    for citation in citations:
        places.setdefault(_link_place(citation), []).append(citation)
    return places


def _link_place(citation: Citation) -> str:
    path = citation.heading.split(" > ")
    inner = path[1:] if path[0] == citation.title else path
    return build_link(cut(" › ".join(filter(None, [citation.title, *inner])), 200), citation.url)


def _describe(sentence: Sentence, citations: Sequence[Citation]) -> str:
    if sentence.support is Support.QUOTED:
        return f"quoted: {_quote(sentence.text)}"
    words = next(citation.quote for citation in citations if citation.number in sentence.citations)
    return f"supported: {_quote(sentence.text)} by {_quote(words)}"


def _quote(text: str) -> str:
    return f"“{escape_line(strip_markup(text), _QUOTE_CHARACTERS)}”"
