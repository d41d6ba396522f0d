"""The guide's hard limits on a proposal: what code can fix is fixed, the rest is noted for the reviewer.

Where a network tells people of a reply only when it names them, the reply begins with their handle.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain import Sentence, Support
from assistant.replies.drafting.case import ReplyProposal, join_sentences, keep_used_citations
from assistant.replies.style_guides import EMOJI, HASHTAG, Guide, find_breaches

_NAMES = {"forbidden": "a forbidden phrase", "most_links": "a link too many", "most_hashtags": "a hashtag too many"}


def keep_limits(proposal: ReplyProposal, guide: Guide) -> ReplyProposal:
    """The proposal within its limits, with notes on what was left out and on what a person has to fix."""
    sentences, dropped = _drop_breaking(proposal.weighed.sentences, guide)
    sentences, left_out = _shorten(sentences, guide)
    weighed = keep_used_citations(sentences, proposal.weighed)
    notes = [*proposal.notes, *dropped]
    if left_out:
        notes.append(f"Left out for length: {left_out} sentence{'' if left_out == 1 else 's'}.")
    notes += _tell_breaches(join_sentences(sentences), guide)
    return replace(proposal, weighed=weighed, notes=tuple(notes))


def _drop_breaking(sentences: Sequence[Sentence], guide: Guide) -> tuple[list[Sentence], list[str]]:
    """Signs are taken out of sentences of courtesy; a sentence with a forbidden phrase goes, and so does one whose
    link or hashtag is too many: a fact is never changed."""
    kept: list[Sentence] = []
    told: list[str] = []
    for sentence in sentences:
        mended = _without_signs(sentence, kept, guide)
        before = _kinds(join_sentences(kept), guide)
        broken = sorted(_kinds(join_sentences([*kept, mended]), guide) - before - {"most_characters"})
        if broken and len(sentences) > 1:
            told.append(f"Left out, it has {_NAMES.get(broken[0], broken[0])}: “{sentence.text}”")
        else:
            kept.append(mended)
    return (kept, told) if kept else (list(sentences), [])


def _without_signs(sentence: Sentence, before: Sequence[Sentence], guide: Guide) -> Sentence:
    if sentence.support is not Support.COURTESY:
        return sentence
    text = sentence.text
    so_far = join_sentences(before)
    for pattern, most, by in ((EMOJI, guide.most_emoji, ""), (HASHTAG, guide.most_hashtags, None)):
        room = max(0, most - len(pattern.findall(so_far)))
        for found in reversed(list(pattern.finditer(text))[room:]):
            word = found[0][1:] if by is None else by  # `#Thanks` stays as `Thanks`
            text = text[: found.start()] + word + text[found.end() :]
    return replace(sentence, text=" ".join(text.split())) if text.strip() else sentence


def _kinds(text: str, guide: Guide) -> set[str]:
    return {breach.limit for breach in find_breaches(guide, text)}


def _shorten(sentences: Sequence[Sentence], guide: Guide) -> tuple[list[Sentence], int]:
    """Leave facts out, last first, until the reply fits its network; opening and closing stay."""
    kept = list(sentences)
    while guide.measure(join_sentences(kept)) > guide.most_characters and len(kept) > 1:
        facts = [place for place, sentence in enumerate(kept) if sentence.support is not Support.COURTESY]
        kept.pop(facts[-1] if facts else -1)
    return kept, len(sentences) - len(kept)


def _tell_breaches(text: str, guide: Guide) -> Iterator[str]:
    for breach in find_breaches(guide, text):
        if breach.limit == "most_characters":
            yield f"Too long: {breach.reason}. Shorten it."
        else:
            yield f"“{breach.words}”: {breach.reason}. Take it out."


# The name comes from outside: nothing but a handle is put into a reply.
HANDLE = re.compile(r"[\w.-]*\w(?:@[\w.-]+\w)?", re.ASCII)


def address(guide: Guide, author: str) -> Guide:
    """The guide for a reply to this author."""
    if not guide.names_author or not HANDLE.fullmatch(author):
        return guide
    return replace(guide, greeting=f"@{author} {guide.greeting}".strip())


def begin_with_handle(proposal: ReplyProposal, guide: Guide) -> ReplyProposal:
    """The proposal with the greeting that `address` made, where a chat model left its handle out."""
    text = join_sentences(proposal.weighed.sentences)
    if not guide.names_author or not text or guide.greeting.partition(" ")[0] in text:
        return proposal
    sentences = (Sentence(guide.greeting, Support.COURTESY), *proposal.weighed.sentences)
    return replace(proposal, weighed=replace(proposal.weighed, sentences=sentences))
