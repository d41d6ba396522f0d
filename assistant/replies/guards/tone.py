"""Tone of a reply and what it names: profanity, tone, what the network's guide allows, third parties."""

import re
from collections.abc import Iterator, Sequence

from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.lookalikes import find_phrase, fold
from assistant.replies.style_guides import find_breaches

_LEAST_PROFANE = 0.8
_LETTERS = str.maketrans({"@": "a", "$": "s", "0": "o", "1": "i", "3": "e", "!": "i", "*": "u"})
_TONES = (
    (
        re.compile(r"(?:\b[A-ZÀ-Þ]{3,}\b[\s,!]+){2,}[A-ZÀ-Þ]{2,}\b|[!?]{3,}|!{2,}"),
        "sounds like shouting: use small letters and one mark",
    ),
    (
        re.compile(
            r"\byeah,? right\b|\bgood luck with (?:that|this)\b|\b(?:oh|well),? (?:how|that's) (?:nice|great|lovely)\b"
            r"|\bthanks for nothing\b|\bas if\b|\bsurprise,? surprise\b|\bnice try\b|\bwhat a shock\b|\bbig deal\b"
            r"|\bcongrat\w*(?: on| for)? (?:not |reading|finding)|\bhow (?:hard|difficult) (?:can|is) it\b"
            r"|(?<!\S)/s\b",
            re.IGNORECASE,
        ),
        "can be read as sarcasm: say it plainly",
    ),
    (
        re.compile(
            r"\b(?:it(?:'|’)s |is |are |was )?(?:your|you(?:'|’)re) (?:own )?(?:fault|mistake|problem|to blame)\b"
            r"|\byou (?:should(?:n(?:'|’)t)? have|ought to have|could have|failed|forgot|clearly|obviously|must have"
            r"|did(?:n(?:'|’)t| not) (?:read|follow|bother|listen|check|pay attention))\b"
            r"|\bif you had (?:only |just )?\w+|\bas (?:we|i) (?:already|have already|previously) (?:said|told"
            r"|explained|mentioned)"
            r"|\bobviously\b|\bcalm down\b|\bread the (?:manual|terms|instructions|faq)\b|\bstupid\b|\bridiculous\b",
            re.IGNORECASE,
        ),
        "sounds like blame: say what we can do instead",
    ),
)
_HANDLE = re.compile(r"(?<![\w@/.])[@＠]([\w.-]*\w(?:@[\w.-]+\w)?)")
_LIMITS = {"most_characters": Effect.BLOCK, "forbidden": Effect.BLOCK}


class MannerGuard:
    """`handles` are our own names on the networks, `competitors` those we never name."""

    def __init__(self, handles: Sequence[str] = (), competitors: Sequence[str] = ()) -> None:
        self._handles = {_plain(handle) for handle in handles}
        self._competitors = tuple(competitors)

    def check(self, candidate: Candidate) -> list[Objection]:
        """Check tone: what a guide forbids blocks; names and swearing need a second look; tone is shown."""
        found = [*_find_breaches(candidate), *_find_profanity(candidate.text), *self._find_others(candidate)]
        return [*found, *_find_missing_handle(candidate), *_find_tones(candidate.text)]

    def _find_others(self, candidate: Candidate) -> Iterator[Objection]:
        known = self._handles | {_plain(candidate.mention.author)}
        for found in _HANDLE.finditer(candidate.text):
            if _plain(found[1]) not in known and _plain(found[1]).partition("@")[0] not in known:
                why = "is neither the author nor us, and would be notified of this reply: leave the handle out"
                yield Objection("manner", found[0], f"“{found[0]}” {why}.", Effect.HOLD, found.start())
        folded = fold(candidate.text)
        for name in self._competitors:
            if span := find_phrase(folded, name):
                words = candidate.text[slice(*span)]
                reason = f"“{words}” is a competitor, and we don't name them: leave the name out."
                yield Objection("manner", words, reason, Effect.HOLD, span[0])


def _find_breaches(candidate: Candidate) -> Iterator[Objection]:
    for breach in find_breaches(candidate.guide, candidate.text):
        shown = f"“{breach.words}”: " if breach.words else ""
        reason = f"{shown}{breach.reason} on {candidate.guide.network}; change it to fit the guide."
        effect = _LIMITS.get(breach.limit, Effect.WARN)
        yield Objection("manner", breach.words, reason[:1].upper() + reason[1:], effect, breach.start)


def _find_missing_handle(candidate: Candidate) -> Iterator[Objection]:
    author = _plain(candidate.mention.author)
    named = (_plain(found[1]) for found in _HANDLE.finditer(candidate.text))
    if candidate.guide.names_author and author and author not in named:
        why = f"{candidate.guide.network} tells people of a reply only when it names them"
        yield Objection("manner", "", f"{why[:1].upper()}{why[1:]}: begin with @{author}.", Effect.WARN)


_NO_SWEARING = frozenset({"die"})  # the article of every German and Dutch text


def _find_profanity(text: str) -> Iterator[Objection]:
    """Word by word, so that the reviewer sees which; then whole, for what only words together say."""
    from profanity_check import predict_prob

    words = list(re.finditer(r"[^\W_](?:[\w@$!*'’-]*\w)?", text))
    if not words:
        return
    told = [fold(word[0]).text.translate(_LETTERS) for word in words]
    for word, likely in zip(words, predict_prob(told), strict=True):
        if likely >= _LEAST_PROFANE and word[0].casefold() not in _NO_SWEARING:
            reason = f"“{word[0]}” may be read as swearing or as an insult: say it otherwise."
            yield Objection("manner", word[0], reason, Effect.HOLD, word.start())


def _find_tones(text: str) -> Iterator[Objection]:
    for pattern, why in _TONES:
        for found in pattern.finditer(text):
            yield Objection("manner", found[0], f"“{found[0].strip()}” {why}.", Effect.WARN, found.start())


def _plain(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()
