"""Several questions of one message, answered as one."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Look, Sentence
from assistant.knowledge.answers.lines import join_sentences


def join_answers(answered: Sequence[tuple[str, Answer]], wording: Wording) -> Answer:
    """One Answer to questions that were answered apart; those that nothing answers are named."""
    found = [answer for _, answer in answered if answer.is_grounded]
    if not found:
        return answered[0][1]
    joined = found[0]
    for answer in found[1:]:
        joined = _append(joined, answer, wording)
    left = " ".join(wording.say(Say.NOT_ANSWERED, what=part) for part, answer in answered if not answer.is_grounded)
    is_whole = not left and all(answer.look is Look.ANSWER for answer in found)
    reasons = dict.fromkeys(answer.reason for answer in found)
    reason = " ".join(part for part in (*reasons, left) if part)
    return replace(joined, reason=reason, look=Look.ANSWER if is_whole else Look.PARTIAL)


def _append(first: Answer, second: Answer, wording: Wording) -> Answer:
    by = len(first.citations)
    sentences = tuple(_shift(sentence, by) for sentence in second.sentences)
    citations = tuple(replace(citation, number=citation.number + by) for citation in second.citations)
    return replace(
        first,
        answer=f"{first.answer}\n{join_sentences(sentences, wording)}",
        sentences=(*first.sentences, *sentences),
        citations=(*first.citations, *citations),
        nearest=tuple(dict.fromkeys((*first.nearest, *second.nearest))),
    )


def _shift(sentence: Sentence, by: int) -> Sentence:
    return replace(sentence, citations=tuple(number + by for number in sentence.citations))
