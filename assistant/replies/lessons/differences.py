"""The difference between a draft and what was approved, by rules: what it was about, and what it would tell a draft.

Which sentence of an approved text stands for which sentence of the draft.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from assistant.domain import Advice, AdviceRule, Citation, LessonKind, LessonScope, NoReply, Sentence, Support
from assistant.replies.drafting.frames import Frame, may_be_said, read_frame, to_template
from assistant.replies.lessons.decided import Decided
from assistant.replies.style_guides import EMOJI, HASHTAG
from assistant.text.facts.agreement import find_figures, negates
from assistant.text.facts.courtesy import is_courtesy
from assistant.text.facts.links import find_addresses, without_addresses
from assistant.text.facts.words import find_names
from assistant.text.sentences import split_sentences

_SAME_SENTENCE = 0.4


@dataclass(frozen=True)
class Pair:
    """A sentence of the draft and what a person made of it; `before` is None for a new one, `after` for one that went.

    `place` counts the draft's sentences, or is where the new one stands before the next of them.
    """

    before: Sentence | None
    after: str | None
    place: int


def match_sentences(before: Sequence[Sentence], after: Sequence[str]) -> list[Pair]:
    """Every sentence that was changed, added or taken away, in order (difflib's matching, then the likest pairs)."""
    matcher = SequenceMatcher(None, [_lower(s.text) for s in before], [_lower(text) for text in after], False)
    pairs: list[Pair] = []
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            pairs += _pair_up(before[start:end], after[first:last], start)
    return pairs


def _pair_up(before: Sequence[Sentence], after: Sequence[str], start: int) -> Iterator[Pair]:
    left = list(after)
    for offset, sentence in enumerate(before):
        only = len(before) == len(after) == 1
        near = max(left, key=lambda text: _measure_likeness(sentence.text, text), default=None)
        if near is not None and (only or _measure_likeness(sentence.text, near) >= _SAME_SENTENCE):
            left.remove(near)
            yield Pair(sentence, near, start + offset)
        else:
            yield Pair(sentence, None, start + offset)
    for text in left:
        yield Pair(None, text, start + len(before))


def _measure_likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _lower(one).split(), _lower(other).split(), False).ratio()


def _lower(text: str) -> str:
    return " ".join(text.casefold().split())


_SHORTER = 0.85
_BY_INTENT = (AdviceRule.NO_EMOJI, AdviceRule.NO_EXCLAMATION, AdviceRule.NO_OPENING, AdviceRule.NO_CLOSING)
_REFUSING = re.compile(
    r"\b(?:(?:do|does|did|should|need)(?:n['’]?t|\s+not)\s+(?:need\s+(?:a\s+)?)?(?:reply|replies|answer\w*|respon\w+|engage)"
    r"|no\s+(?:reply|answer|response)|(?:better\s+)?left?\s+(?:it|this|them|alone)|leave\s+(?:it|this|them|alone)"
    r"|never\s+(?:reply|answer)|nothing\s+to\s+(?:say|answer)|nicht\s+(?:antworten|beantworten)|keine\s+antwort)\b",
    re.IGNORECASE,
)
_REASONS = {
    NoReply.SPAM: r"spam|giveaway|advert\w*|bot\b",
    NoReply.BAIT: r"bait\w*|troll\w*|provo\w+",
    NoReply.FAN_CHAT: r"fan\s?chat|chat(?:ter|ting)?\b|banter|joke|cheer|among\s+themselves",
    NoReply.SOLVED: r"(?:already|is|was|been|it['’]s)\s+(?:sorted|fixed|resolved)|solved",
    NoReply.NOT_OURS: r"not\s+ours|not\s+(?:for|about)\s+us|wrong\s+company|competitor",
    NoReply.ANSWERED: r"already\s+answered|answered\s+(?:already|before|elsewhere)|duplicate",
}
_OTHER_REASON = "people said so"


@dataclass(frozen=True)
class Taught:
    """The lesson of one draft; without advice it only says what was changed. `characters` is the approved length."""

    kind: LessonKind
    scope: LessonScope
    advice: Advice | None = None
    characters: int = 0


@dataclass(frozen=True)
class Fix:
    """A fact that a person put right: the passage that it came from, and their sentence."""

    citation: Citation
    words: str


@dataclass(frozen=True)
class Difference:
    """All that one decision teaches; at least one lesson where the text was changed or the draft refused."""

    taught: tuple[Taught, ...] = ()
    fixes: tuple[Fix, ...] = field(default=())


def find_difference(decided: Decided) -> Difference:
    """Compare what was proposed with what was decided."""
    if decided.refusal or not decided.final:
        return Difference(tuple(_learn_refusal(decided)))
    if decided.no_reply:
        return Difference(tuple(_learn_overruling(decided)))
    if _flatten(decided.proposed) == _flatten(decided.final) and decided.proposed.strip() == decided.final.strip():
        return Difference()
    pairs = _find_pairs(decided)
    found = [*_learn_frame(decided), *_learn_signs(decided), *_learn_length(decided)]
    found += [one for pair in pairs for one in _learn_pair(pair, decided)]
    found = list(dict.fromkeys(found)) or [Taught(LessonKind.TONE, decided.scope)]
    return Difference(tuple(found), tuple(_find_fixes(pairs, decided)))


def read_refusal(reason: str) -> str:
    """The reason not to reply that a rejection gives, by name; empty where the draft alone was bad."""
    for name, words in _REASONS.items():
        if re.search(rf"\b(?:{words})", reason, re.IGNORECASE):
            return name
    return _OTHER_REASON if _REFUSING.search(reason) else ""


def _learn_refusal(decided: Decided) -> Iterator[Taught]:
    if not decided.no_reply:
        advice = Advice(AdviceRule.NO_REPLY, decided.refusal) if decided.may_be_left else None
        yield Taught(LessonKind.NO_REPLY, decided.scope, advice)


def _learn_overruling(decided: Decided) -> Iterator[Taught]:
    advice = Advice(AdviceRule.REPLY_ANYWAY, decided.no_reply) if decided.may_be_answered else None
    yield Taught(LessonKind.NO_REPLY, decided.scope, advice)


def _learn_frame(decided: Decided) -> Iterator[Taught]:
    before, after = read_frame(decided.proposed), read_frame(decided.final)
    scope = _widen(decided.scope, AdviceRule.GREETING)
    if _flatten(before.greeting) != _flatten(after.greeting):
        template = to_template(after.greeting, decided.author) if after.greeting else ""
        is_plain = template is not None and (not template or may_be_said(template))
        yield Taught(LessonKind.TONE, scope, Advice(AdviceRule.GREETING, template or "") if is_plain else None)
    if _flatten(before.sign_off) != _flatten(after.sign_off):
        is_plain = not after.sign_off or may_be_said(after.sign_off)
        words = " ".join(after.sign_off.split())
        yield Taught(LessonKind.FORMAT, scope, Advice(AdviceRule.SIGN_OFF, words) if is_plain else None)
    if after.own_lines and not before.own_lines:
        yield Taught(LessonKind.FORMAT, scope, Advice(AdviceRule.OWN_LINES))
    elif decided.final.count("\n") != decided.proposed.count("\n"):
        yield Taught(LessonKind.FORMAT, scope)


def _learn_signs(decided: Decided) -> Iterator[Taught]:
    for pattern, rule, kind in (
        (EMOJI, AdviceRule.NO_EMOJI, LessonKind.TONE),
        (re.compile(r"(?<=\w)!"), AdviceRule.NO_EXCLAMATION, LessonKind.TONE),
        (HASHTAG, AdviceRule.NO_HASHTAGS, LessonKind.FORMAT),
    ):
        had, has = bool(pattern.search(decided.proposed)), bool(pattern.search(decided.final))
        if had != has:
            yield Taught(kind, _widen(decided.scope, rule), Advice(rule) if had else None)
    if bool(find_addresses(decided.proposed)) != bool(find_addresses(decided.final)):
        yield Taught(LessonKind.FORMAT, _widen(decided.scope, AdviceRule.NO_HASHTAGS))


def _learn_length(decided: Decided) -> Iterator[Taught]:
    if len(decided.final) <= _SHORTER * len(decided.proposed):
        scope = _widen(decided.scope, AdviceRule.MOST_CHARACTERS)
        yield Taught(LessonKind.LENGTH, scope, Advice(AdviceRule.MOST_CHARACTERS), len(decided.final))


def _find_pairs(decided: Decided) -> list[Pair]:
    """Between greeting and sign-off."""
    after = read_frame(decided.final)
    return match_sentences(_find_body(decided, read_frame(decided.proposed)), split_sentences(after.body))


def _find_body(decided: Decided, frame: Frame) -> list[Sentence]:
    edges = {_flatten(frame.greeting), _flatten(frame.sign_off)}
    return [one for one in decided.sentences if one.text.strip() and _flatten(one.text) not in edges]


def _learn_pair(pair: Pair, decided: Decided) -> Iterator[Taught]:
    scope = _widen(decided.scope, AdviceRule.REPLACE)
    if pair.before is None:
        kind = LessonKind.TONE if is_courtesy(pair.after or "") else LessonKind.FACT
        yield Taught(kind, scope)
    elif pair.before.support is not Support.COURTESY:
        is_fact = pair.after is not None and _states_otherwise(pair.before.text, pair.after)
        kind = LessonKind.FACT if is_fact else LessonKind.TONE if pair.after else LessonKind.LENGTH
        yield Taught(kind, scope)
    elif pair.after is None:
        yield from _learn_left_out(pair, decided)
    else:
        may_be = may_be_said(pair.after) and pair.after.strip()
        advice = Advice(AdviceRule.REPLACE, _line(pair.before.text), _line(pair.after)) if may_be else None
        yield Taught(LessonKind.TONE if is_courtesy(pair.after) else LessonKind.FACT, scope, advice)


def _learn_left_out(pair: Pair, decided: Decided) -> Iterator[Taught]:
    """The first or last words of courtesy are left out whatever they are; others by their words."""
    body = _find_body(decided, read_frame(decided.proposed))
    has_facts = any(one.support is not Support.COURTESY for one in body)
    edge = {0: AdviceRule.NO_OPENING, len(body) - 1: AdviceRule.NO_CLOSING}.get(pair.place) if has_facts else None
    words = _line(pair.before.text) if pair.before else ""
    advice = Advice(edge) if edge else Advice(AdviceRule.REPLACE, words)
    yield Taught(LessonKind.LENGTH, _widen(decided.scope, advice.rule), advice)


def _find_fixes(pairs: list[Pair], decided: Decided) -> Iterator[Fix]:
    """A cited sentence that a person made state something else."""
    for pair in pairs:
        if pair.before is None or not pair.after or not _states_otherwise(pair.before.text, pair.after):
            continue
        cited = [one for one in decided.citations if one.number in pair.before.citations]
        if cited:
            yield Fix(cited[0], _line(pair.after))


def _states_otherwise(before: str, after: str) -> bool:
    """Whether the later sentence denies what the earlier one says, or the other way round, or states a number, a date,
    a name or an address that the earlier one does not.
    """
    if negates(after) != negates(before) or find_addresses(after) - find_addresses(before):
        return True
    one, other = without_addresses(before), without_addresses(after)
    return bool(find_figures(other) - find_figures(one) or find_names(other) - find_names(one))


def _widen(scope: LessonScope, rule: AdviceRule) -> LessonScope:
    """What depends on how a post sounds holds for its intent, the rest for a network and a language."""
    return scope if rule in _BY_INTENT else LessonScope(scope.network, scope.lang)


def _line(text: str) -> str:
    return " ".join(text.split())


def _flatten(text: str) -> str:
    return " ".join(text.casefold().split())
