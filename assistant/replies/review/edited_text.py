"""A person's text, judged again against the evidence of the draft that it replaces."""

import re
from collections.abc import Iterator

from assistant.domain import Draft, Sentence, Support
from assistant.knowledge.answers.grounding import judge_support
from assistant.text.sentences import split_sentences

_BEGIN = r"(?:\A|(?<=[.!?…\n]))"
_END = r"(?=\s*(?:\Z|\n)|(?<=[.!?…])\s)"
_HANDLE = re.compile(r"\s*(@[\w.-]*\w(?:@[\w.-]+\w)?)\s+")


def judge_anew(text: str, draft: Draft) -> list[Sentence]:
    """Sentences that stay as they were keep what they rest on; the others are checked against the draft's citations."""
    known = {_flatten(sentence.text): sentence for sentence in draft.sentences if sentence.text.strip()}
    judged = []
    if handle := _HANDLE.match(text):  # who it is said to states nothing
        judged.append(Sentence(handle[1], Support.COURTESY))
        text = text[handle.end() :]
    for piece in _cut_out(text, list(known)):
        same = known.get(_flatten(piece))
        judged += [same] if same else [_judge(part, draft) for part in split_sentences(piece)]
    return judged


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


def _judge(sentence: str, draft: Draft) -> Sentence:
    near = [c for c in draft.citations if judge_support(sentence, [c.quote]) in (Support.QUOTED, Support.SUPPORTED)]
    support = judge_support(sentence, [citation.quote for citation in near])
    return Sentence(sentence, support, tuple(citation.number for citation in near))
