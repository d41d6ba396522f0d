"""Lessons applied to a draft: only words of courtesy are changed, a fact is at most left out, a link never touched."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.domain import Advice, AdviceRule, Sentence, Support
from assistant.draft.cases import join_sentences
from assistant.draft.frames import HANDLE, NAME, fill_template, is_greeting, is_sign_off, may_be_said
from assistant.guides import EMOJI, HASHTAG, LINK

_Sentences = list[Sentence]
_SHOWN = 120


def follow(sentences: Sequence[Sentence], advice: Sequence[Advice], author: str) -> tuple[Sentence, ...]:
    """The sentences after all advice, in a fixed order; never fewer than one."""
    kept = list(sentences)
    for one in sorted(advice, key=lambda one: _ORDER.index(one.rule)):
        kept = _FOLLOW[one.rule](kept, one, author) or kept
    return tuple(kept)


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
            names = "; {name} is the author's first name, {handle} their handle" if "{" in advice.words else ""
            return f"Greet with {words}{names}."
        case AdviceRule.SIGN_OFF if advice.words:
            return f"End with {words}."
        case AdviceRule.NO_REPLY:
            return f"Do not reply to what asks nothing ({advice.words})."
        case AdviceRule.REPLY_ANYWAY:
            return f"Reply also to what looks like “{advice.words}”."
    return _PLAIN[advice.rule]


def _replace(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
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


def _drop_opening(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    place = 1 if sentences and is_greeting(sentences[0].text) else 0
    return _drop_courtesy(sentences, place)


def _drop_closing(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    last = len(sentences) - 1
    return _drop_courtesy(sentences, last - 1 if last > 0 and is_sign_off(sentences[last].text) else last)


def _drop_courtesy(sentences: _Sentences, place: int) -> _Sentences:
    """Only beside facts: else nothing would be left to say."""
    has_facts = any(one.support is not Support.COURTESY for one in sentences)
    is_there = 0 <= place < len(sentences) and sentences[place].support is Support.COURTESY
    return sentences[:place] + sentences[place + 1 :] if has_facts and is_there else sentences


def _greet(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    rest = sentences[1:] if sentences and is_greeting(sentences[0].text) else sentences
    words = fill_template(advice.words, author)
    return [_courtesy(words), *rest] if words and rest and may_be_said(advice.words) else rest


def _sign_off(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    wanted = _flatten(advice.words)
    has_one = len(sentences) > 1 and (is_sign_off(sentences[-1].text) or _flatten(sentences[-1].text) == wanted)
    rest = sentences[:-1] if has_one else sentences
    return [*rest, _courtesy(advice.words)] if advice.words and may_be_said(advice.words) else rest


def _take_out(pattern: re.Pattern[str], by: str) -> Callable[[_Sentences, Advice, str], _Sentences]:
    def follow_it(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
        return [_without(one, pattern, by) for one in sentences]

    return follow_it


def _without(sentence: Sentence, pattern: re.Pattern[str], by: str) -> Sentence:
    """Facts keep their words."""
    if sentence.support is not Support.COURTESY or LINK.search(sentence.text):
        return sentence
    text = re.sub(r"[ \t]+", " ", pattern.sub(by, sentence.text)).strip()
    return replace(sentence, text=text) if text else sentence


def _shorten(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    """The closing goes first, then facts from the last one on; a greeting, a sign-off and the first words stay."""
    kept = list(sentences)
    while len(join_sentences(kept)) > advice.number and len(kept) > 1:
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


def _set_apart(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    """A line break in a sentence sets it apart from the others, see join_sentences."""
    kept = list(sentences)
    if len(kept) > 1 and is_greeting(kept[0].text):
        kept[0] = replace(kept[0], text=f"{kept[0].text.strip()}\n")
    if len(kept) > 1 and is_sign_off(kept[-1].text):
        kept[-1] = replace(kept[-1], text=f"\n{kept[-1].text.strip()}")
    return kept


def _leave(sentences: _Sentences, advice: Advice, author: str) -> _Sentences:
    """Whether to reply is decided before there are sentences."""
    return sentences


def _courtesy(text: str) -> Sentence:
    return Sentence(" ".join(text.split()), Support.COURTESY)


def _flatten(text: str) -> str:
    return " ".join(text.casefold().split())


def _quote(text: str) -> str:
    flat = " ".join(text.replace("“", "").replace("”", "").split())
    return f"“{flat[:_SHOWN]}”"


_FOLLOW: dict[AdviceRule, Callable[[_Sentences, Advice, str], _Sentences]] = {
    AdviceRule.NO_OPENING: _drop_opening,
    AdviceRule.NO_CLOSING: _drop_closing,
    AdviceRule.REPLACE: _replace,
    AdviceRule.NO_EMOJI: _take_out(EMOJI, ""),
    AdviceRule.NO_EXCLAMATION: _take_out(re.compile(r"(?<=\w)!+"), "."),
    AdviceRule.NO_HASHTAGS: _take_out(HASHTAG, ""),
    AdviceRule.GREETING: _greet,
    AdviceRule.SIGN_OFF: _sign_off,
    AdviceRule.MOST_CHARACTERS: _shorten,
    AdviceRule.OWN_LINES: _set_apart,
    AdviceRule.NO_REPLY: _leave,
    AdviceRule.REPLY_ANYWAY: _leave,
}
_ORDER = list(_FOLLOW)
_PLAIN = {
    AdviceRule.NO_OPENING: "Leave out the opening words where there are facts.",
    AdviceRule.NO_CLOSING: "Leave out the closing words where there are facts.",
    AdviceRule.GREETING: "No greeting.",
    AdviceRule.SIGN_OFF: "No sign-off.",
    AdviceRule.NO_EMOJI: "No emoji.",
    AdviceRule.NO_EXCLAMATION: "No exclamation marks.",
    AdviceRule.NO_HASHTAGS: "No hashtags.",
    AdviceRule.OWN_LINES: "Greeting and sign-off stand on lines of their own.",
}
