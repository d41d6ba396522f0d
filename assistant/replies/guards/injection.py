"""What a post, a document or a model may have smuggled into the exact text: commands, links, prompts, hidden signs."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.candidate import Candidate
from assistant.replies.guards.disguised import spell_plainly
from assistant.replies.guards.hidden import find_invisible, find_mixed_words, find_odd_letters, find_spaced
from assistant.replies.guards.lookalikes import fold
from assistant.replies.guards.private_words import PrivateWords
from assistant.text.facts.links import find_addresses
from assistant.text.tokens import split_words

_CALL = re.compile(
    r"<!?(?:channel|here|everyone|subteam\^?\w*)[^>\n]*>?|(?<![\w.])@(?:channel|here|everyone|all)\b", re.IGNORECASE
)
_MRKDWN = re.compile(
    r"<[@#][A-Z0-9]+(?:\|[^>\n]*)?>|<!\w[^>\n]*>|<(?:https?|mailto|tel|slack)[:][^>\n]*>", re.IGNORECASE
)
_MARKUP = re.compile(
    r"</?(?:post|passage|question|earlier|example|reply|draft|instruction|system|user|assistant|script|iframe|img|svg|style)"
    r"\b[^>\n]*>?"
    r"|<\|[^|\n]{0,40}\|>|\{\{.*?\}\}|\{%.*?%\}|\[/?INST\]|\"(?:sentences|citations|no_reply|missing|back_translation)\"\s*:|javascript:"
    r"|\[\d{1,2}\](?!\()",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\bas an? (?:ai|artificial intelligence|language model|large language)|\b(?:my|the) system prompt\b"
    r"|\bi(?:'m| am) an? (?:ai|language model|chat ?bot)\b|\b(?:the|numbered|given"
    r"|provided) passages?\b.{0,40}\b(?:say|state|mention|help|answer)"
    r"|\bignor(?:e|ing) (?:all |the |any |my )?(?:previous|prior|above|earlier) instructions",
    re.IGNORECASE,
)
_RUN_WORDS = 7


class InjectionGuard:
    """`prompts` are the texts that tell a model what to do."""

    def __init__(self, documents: DocumentTables, private: PrivateWords, prompts: Iterable[str]) -> None:
        self._documents = documents
        self._hosts = private.allowed_hosts
        self._runs = {run for prompt in prompts for run in _runs(_instructions(prompt))}

    def check(self, candidate: Candidate) -> list[Objection]:
        """What is found by shape, then links that nobody gave, then words of the prompts."""
        text = candidate.text
        return [*_find_shapes(text), *_find_hidden(text), *self._find_links(candidate), *self._find_prompts(text)]

    def _find_links(self, candidate: Candidate) -> Iterator[Objection]:
        given = [part for citation in candidate.citations for part in (citation.url or "", citation.quote)]
        guide = (candidate.guide.greeting, candidate.guide.signature, candidate.guide.text)
        allowed = find_addresses("\n".join([*given, *guide]))
        said = (candidate.text, fold(candidate.text).text, spell_plainly(candidate.text).text)
        for address in sorted({address for text in said for address in find_addresses(text)}):
            if "@" in address.partition("/")[0] or address in allowed or self._is_ours(address):
                continue
            start = candidate.text.lower().find(address.lower())
            reason = f"The link “{address}” comes from no citation and is none of ours: take one of the cited pages."
            yield Objection("injection", address, reason, Effect.BLOCK, start)

    def _is_ours(self, address: str) -> bool:
        """On a host that guards.yaml allows, or an address that a public document has or states, whole."""
        host = re.split(r"[/?#:]", address.lower(), maxsplit=1)[0]
        if any(host == one or host.endswith(f".{one}") for one in self._hosts):
            return True
        stated = [*self._documents.urls(Audience.PUBLIC), *self._documents.texts_with(Audience.PUBLIC, address)]
        return address in find_addresses("\n".join(stated))

    def _find_prompts(self, text: str) -> Iterator[Objection]:
        said = split_words(text)
        if any(run in self._runs for run in _runs(said)):
            reason = "These are words of our instructions to the model, not of a reply: write the sentence anew."
            run = next(run for run in _runs(said) if run in self._runs)
            yield Objection("injection", " ".join(run), reason, Effect.BLOCK)


def _find_shapes(text: str) -> Iterator[Objection]:
    shapes = (
        (_CALL, "would call everybody in a channel: leave it out"),
        (_MRKDWN, "is a mention or link in Slack's own writing, which means nothing outside: write it plainly"),
        (_MARKUP, "is markup or code and no part of a reply: leave it out"),
        (_MODEL, "is a model speaking of itself or of its instructions: write it anew"),
    )
    for pattern, why in shapes:
        for found in pattern.finditer(text):
            yield Objection("injection", found[0], f"“{found[0]}” {why}.", Effect.BLOCK, found.start())


def _find_hidden(text: str) -> Iterator[Objection]:
    if places := find_invisible(text):
        before = text[max(0, places[0] - 15) : places[0]]
        reason = f"The text holds invisible signs ({len(places)}, the first after “{before}”): type it anew."
        yield Objection("injection", text[places[0]], reason, Effect.BLOCK, places[0])
    for found in find_mixed_words(text):
        reason = f"“{found[0]}” mixes letters of two scripts that look alike: type the word anew."
        yield Objection("injection", found[0], reason, Effect.BLOCK, found.start())
    for found in find_odd_letters(text):
        reason = f"“{found[0]}” is written in letters that only look like letters: type it plainly."
        yield Objection("injection", found[0], reason, Effect.BLOCK, found.start())
    for found in find_spaced(text):
        reason = f"“{found[0]}” has its letters set apart, so that it cannot be checked: write it as words."
        yield Objection("injection", found[0], reason, Effect.BLOCK, found.start())


def _instructions(prompt: str) -> list[str]:
    """The words of a template without what is filled in."""
    return split_words(re.sub(r"\{[%{#].*?[%}#]\}", " § ", prompt, flags=re.DOTALL))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + _RUN_WORDS]) for i in range(len(words) - _RUN_WORDS + 1))
