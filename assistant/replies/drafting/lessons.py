"""Lessons applied to a draft: only words of courtesy are changed, a fact is at most left out, a link never touched.

Lessons in words: for people who read the list of them, and for a chat model that writes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Advice, AdviceRule, Lesson, Sentence, Support
from assistant.replies.drafting.case import join_sentences
from assistant.replies.drafting.frames import fill_template, is_greeting, is_sign_off, may_be_said
from assistant.replies.style_guides import EMOJI, HASHTAG, LINK

_Sentences = list[Sentence]


def follow(sentences: Sequence[Sentence], advice: Sequence[Advice], author: str) -> tuple[Sentence, ...]:
    """The sentences after all advice, in a fixed order; never fewer than one."""
    kept = list(sentences)
    for one in sorted(advice, key=lambda one: _ORDER.index(one.rule)):
        kept = _follow_one(kept, one, author) or kept
    return tuple(kept)


def find_used(sentences: Sequence[Sentence], lessons: Sequence[Lesson], author: str) -> tuple[int, ...]:
    """The numbers of the lessons without which these sentences would become something else than with all of them."""
    whole = follow(sentences, [one.advice for one in lessons if one.advice], author)
    return tuple(
        left_out.lesson_id
        for left_out in lessons
        if left_out.advice
        and follow(sentences, [one.advice for one in lessons if one.advice and one is not left_out], author) != whole
    )


def _follow_one(kept: _Sentences, advice: Advice, author: str) -> _Sentences:
    match advice.rule:
        case AdviceRule.NO_OPENING:
            return _drop_courtesy(kept, 1 if kept and is_greeting(kept[0].text) else 0)
        case AdviceRule.NO_CLOSING:
            last = len(kept) - 1
            return _drop_courtesy(kept, last - 1 if last > 0 and is_sign_off(kept[last].text) else last)
        case AdviceRule.REPLACE:
            return _replace(kept, advice)
        case AdviceRule.GREETING:
            return _greet(kept, advice, author)
        case AdviceRule.SIGN_OFF:
            return _sign_off(kept, advice)
        case AdviceRule.MOST_CHARACTERS:
            return _shorten(kept, advice.number)
        case AdviceRule.OWN_LINES:
            return _set_apart(kept)
    found = _SIGNS.get(advice.rule)  # whether to reply at all is decided before there are sentences
    return [_without(one, *found) for one in kept] if found else kept


def _replace(sentences: _Sentences, advice: Advice) -> _Sentences:
    wanted = _flatten(advice.words)
    if advice.instead and not may_be_said(advice.instead):
        return sentences
    kept = []
    for one in sentences:
        if one.support is not Support.COURTESY or _flatten(one.text) != wanted:
            kept.append(one)
        elif advice.instead:
            kept.append(replace(one, text=advice.instead))
    return kept


def _drop_courtesy(sentences: _Sentences, place: int) -> _Sentences:
    """Only beside facts: else nothing would be left to say."""
    has_facts = any(one.support is not Support.COURTESY for one in sentences)
    is_there = 0 <= place < len(sentences) and sentences[place].support is Support.COURTESY
    return sentences[:place] + sentences[place + 1 :] if has_facts and is_there else sentences


def _greet(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    rest = sentences[1:] if sentences and is_greeting(sentences[0].text) else sentences
    words = fill_template(advice.words, author)
    return [_courtesy(words), *rest] if words and rest and may_be_said(advice.words) else rest


def _sign_off(sentences: _Sentences, advice: Advice) -> _Sentences:
    wanted = _flatten(advice.words)
    has_one = len(sentences) > 1 and (is_sign_off(sentences[-1].text) or _flatten(sentences[-1].text) == wanted)
    rest = sentences[:-1] if has_one else sentences
    return [*rest, _courtesy(advice.words)] if advice.words and may_be_said(advice.words) else rest


def _without(sentence: Sentence, pattern: re.Pattern[str], by: str) -> Sentence:
    """Facts keep their words."""
    if sentence.support is not Support.COURTESY or LINK.search(sentence.text):
        return sentence
    text = re.sub(r"[ \t]+", " ", pattern.sub(by, sentence.text)).strip()
    return replace(sentence, text=text) if text else sentence


def _shorten(sentences: _Sentences, most_characters: int) -> _Sentences:
    """The closing goes first, then facts from the last one on; a greeting, a sign-off and the first words stay."""
    kept = list(sentences)
    while len(join_sentences(kept)) > most_characters and len(kept) > 1:
        place = _find_spare(kept)
        if place is None:
            break
        kept.pop(place)
    return kept


def _find_spare(sentences: _Sentences) -> int | None:
    facts = [place for place, one in enumerate(sentences) if one.support is not Support.COURTESY]
    frame = {place for place, one in enumerate(sentences) if is_greeting(one.text) or is_sign_off(one.text)}
    spare = [place for place in range(len(sentences)) if place not in frame and place not in facts]
    if facts and len(spare) > 1:
        return spare[-1]
    if len(facts) > 1:
        return facts[-1]
    return spare[-1] if len(spare) > 1 or (spare and facts) else None


def _set_apart(sentences: _Sentences) -> _Sentences:
    """A line break in a sentence sets it apart from the others, see join_sentences."""
    kept = list(sentences)
    if len(kept) > 1 and is_greeting(kept[0].text):
        kept[0] = replace(kept[0], text=f"{kept[0].text.strip()}\n")
    if len(kept) > 1 and is_sign_off(kept[-1].text):
        kept[-1] = replace(kept[-1], text=f"\n{kept[-1].text.strip()}")
    return kept


def _courtesy(text: str) -> Sentence:
    return Sentence(" ".join(text.split()), Support.COURTESY)


def _flatten(text: str) -> str:
    return " ".join(text.casefold().split())


_SIGNS = {
    AdviceRule.NO_EMOJI: (EMOJI, ""),
    AdviceRule.NO_EXCLAMATION: (re.compile(r"(?<=\w)!+"), "."),
    AdviceRule.NO_HASHTAGS: (HASHTAG, ""),
}
# First whether words stay, then which, then what is around them; what is too long is cut last.
_ORDER = [
    *(AdviceRule.NO_OPENING, AdviceRule.NO_CLOSING, AdviceRule.REPLACE, *_SIGNS),
    *(AdviceRule.GREETING, AdviceRule.SIGN_OFF, AdviceRule.MOST_CHARACTERS, AdviceRule.OWN_LINES),
    *(AdviceRule.NO_REPLY, AdviceRule.REPLY_ANYWAY),
]


_SHOWN = 120


def list_advice(advice: Sequence[Advice], author: str) -> tuple[str, ...]:
    """Lines for a chat model: what holds for how it writes, with the author's names filled in."""
    said = [one for one in advice if one.rule not in (AdviceRule.NO_REPLY, AdviceRule.REPLY_ANYWAY)]
    return tuple(describe_advice(replace(one, words=fill_template(one.words, author))) for one in said)


def describe_advice(advice: Advice) -> str:
    """One line for people and for a chat model."""
    words, instead = _quote(advice.words), _quote(advice.instead)
    match advice.rule:
        case AdviceRule.MOST_CHARACTERS:
            return f"At most {advice.number} characters."
        case AdviceRule.REPLACE if not advice.instead:
            return f"Leave out {words}."
        case AdviceRule.REPLACE:
            return f"Instead of {words} write {instead}."
        case AdviceRule.GREETING if advice.words:
            return f"Greet with {words}."
        case AdviceRule.SIGN_OFF if advice.words:
            return f"End with {words}."
        case AdviceRule.NO_REPLY:
            return f"Do not reply to what asks nothing ({advice.words})."
        case AdviceRule.REPLY_ANYWAY:
            return f"Reply also to what looks like “{advice.words}”."
    return _PLAIN[advice.rule]


def _quote(text: str) -> str:
    flat = " ".join(text.replace("“", "").replace("”", "").split())
    return f"“{flat[:_SHOWN]}”"


_PLAIN = {
    AdviceRule.NO_OPENING: "Leave out the opening words where there are facts.",
    AdviceRule.NO_CLOSING: "Leave out the closing words where there are facts.",
    AdviceRule.GREETING: "No greeting.",
    AdviceRule.SIGN_OFF: "No sign-off.",
    AdviceRule.NO_EMOJI: "No emoji.",
    AdviceRule.NO_EXCLAMATION: "No exclamation marks.",
    AdviceRule.NO_HASHTAGS: "No hashtags.",
    AdviceRule.OWN_LINES: "Greeting and sign-off are on lines of their own.",
}
