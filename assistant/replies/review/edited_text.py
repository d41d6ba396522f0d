"""A person's text, judged again: against the evidence of the draft that it replaces, then against every public page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.domain import Citation, Draft, Sentence, Support
from assistant.knowledge.answers.grounding import judge_support
from assistant.replies.guards.promises import find_claim
from assistant.replies.guards.sources import Fact, FindSource, find_nothing
from assistant.replies.guards.statements import states_something
from assistant.text.sentences import split_sentences

_BEGIN = r"(?:\A|(?<=[.!?…\n]))"
_END = r"(?=\s*(?:\Z|\n)|(?<=[.!?…])\s)"
_CARRIED = (Support.QUOTED, Support.SUPPORTED)
_HANDLE = re.compile(r"\s*(@[\w.-]*\w(?:@[\w.-]+\w)?)\s+")


@dataclass(frozen=True)
class EditedText:
    """The sentences of an edited text, and what they and the draft before rest on."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


def judge_anew(text: str, draft: Draft, find_source: FindSource = find_nothing) -> EditedText:
    """Sentences that stay as they were keep what they rest on; for the others a source is looked for."""
    known = {_flatten(sentence.text): sentence for sentence in draft.sentences if sentence.text.strip()}
    judged = []
    citations = list(draft.citations)
    if handle := _HANDLE.match(text):  # who it is said to states nothing
        judged.append(Sentence(handle[1], Support.COURTESY))
        text = text[handle.end() :]
    for piece in _cut_out(text, list(known)):
        same = known.get(_flatten(piece))
        judged += [same] if same else [_judge(part, citations, find_source) for part in split_sentences(piece)]
    return EditedText(tuple(judged), tuple(citations))


def _cut_out(text: str, sentences: list[str]) -> Iterator[str]:
    """The text in pieces: these sentences, and what is between them.

    In the middle of another sentence they do not count: `It is not true that bikes are free.` is no `Bikes are free.`
    """
    longest_first = sorted(sentences, key=len, reverse=True)
    one = "|".join(r"\s+".join(map(re.escape, sentence.split())) for sentence in longest_first) or "(?!)"
    place = 0
    run_of_them = rf"(?:{one})(?:\s+(?:{one}))*"
    for run in re.finditer(rf"{_BEGIN}\s*({run_of_them}){_END}", text):
        yield text[place : run.start()]
        yield from re.findall(one, run[1])
        place = run.end()
    yield text[place:]


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _judge(sentence: str, citations: list[Citation], find_source: FindSource) -> Sentence:
    near = [c for c in citations if judge_support(sentence, [c.quote]) in _CARRIED]
    support = judge_support(sentence, [citation.quote for citation in near])
    if support is not Support.UNSUPPORTED:
        return Sentence(sentence, support, tuple(citation.number for citation in near))
    if find_claim(sentence) is None and not states_something(sentence):
        return Sentence(sentence, Support.COURTESY)
    sourced = find_source(sentence)
    if sourced.fact is None or sourced.support not in _CARRIED:
        return Sentence(sentence, Support.UNSUPPORTED)
    return Sentence(sentence, sourced.support, (_cite(sourced.fact, citations),))


def _cite(fact: Fact, citations: list[Citation]) -> int:
    """The number of the citation, which is added where the draft has none of this fact."""
    new = fact.cite(max((one.number for one in citations), default=0) + 1)
    same = [one.number for one in citations if replace(one, number=new.number) == new]
    if not same:
        citations.append(new)
    return same[0] if same else new.number
