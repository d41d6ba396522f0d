"""A reply by a chat model: everything it says is checked, and what it says in another language is marked.

Replies to customers by a chat model: sentences with passages, a back-translation, or a reason not to reply.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompt, Prompts
from assistant.domain import SearchResult, Sentence, Support
from assistant.errors import ModelError
from assistant.knowledge.answers.chat import ChatSentence, Written, WrittenClaim, read_claims
from assistant.knowledge.answers.grounding import Likeness, Weighed, weigh
from assistant.replies.drafting.case import Case, ReplyProposal
from assistant.replies.drafting.lessons import list_advice
from assistant.replies.drafting.no_reply import list_rules
from assistant.text.language import UNKNOWN, reads_english
from assistant.text.tokens import split_words

_MOST_SENTENCES = 10


class ChatReplySentence(ChatSentence):
    """One sentence of a reply."""

    back_translation: str = Field("", description="The sentence in the reviewer's language; empty if it is the same")


class ChatReply(BaseModel):
    """A model's whole reply."""

    no_reply: str = Field("", description="One of the listed reasons why nobody should reply, else empty")
    sentences: list[ChatReplySentence] = Field(
        default_factory=list, max_length=_MOST_SENTENCES, description="The reply, sentence by sentence"
    )
    missing: str = Field("", description="What the customer wants and no passage answers, in a few words; else empty")


@dataclass(frozen=True)
class WrittenReply:
    """A model's proposal; `meanings` are back-translations by sentence. Nothing is checked yet."""

    writing: Written
    no_reply: str = ""
    meanings: tuple[tuple[str, str], ...] = ()


class ReplyWriter:
    """Asks a chat model for replies."""

    def __init__(self, ask_model: Callable[[str], ChatReply]) -> None:
        self._ask_model = ask_model

    def write(self, prompt: Prompt, results: Sequence[SearchResult]) -> WrittenReply:
        """Send a filled-in prompt; raises ModelError when the model fails."""
        said = self._ask_model(prompt.text)
        claims = read_claims(said.sentences, len(results))
        meanings = tuple((s.text.strip(), s.back_translation.strip()) for s in said.sentences if s.text.strip())
        return WrittenReply(
            Written(claims, "chat", prompt.version, said.missing.strip()), said.no_reply.strip(), meanings
        )


# Of the pairs of neighbouring words in a sentence: how many it has at least, and how many of them the post has too.
_LEAST_PAIRS, _ECHO_SHARE = 3, 0.6
_LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "ar=Arabic cs=Czech da=Danish de=German el=Greek en=English es=Spanish fi=Finnish fr=French he=Hebrew hi=Hindi"
        " hu=Hungarian id=Indonesian it=Italian ja=Japanese ko=Korean nb=Norwegian nl=Dutch pl=Polish pt=Portuguese"
        " ro=Romanian ru=Russian sv=Swedish th=Thai tr=Turkish uk=Ukrainian vi=Vietnamese zh=Chinese"
    ).split()
)

_READ_MEANING = (
    "Its evidence could only be looked for by the back-translation: ask a speaker of the language to check it."
)


class WrittenReplies:
    """Asks the chat model once for each draft."""

    def __init__(
        self,
        writer: ReplyWriter,
        prompts: Prompts,
        measure_likeness: Likeness,
        find_language: Callable[[str], str],
        review_language: str,
    ) -> None:
        self._writer = writer
        self._prompts = prompts
        self._measure_likeness = measure_likeness
        self._find_language = find_language
        self._review_language = review_language

    def write(self, case: Case) -> ReplyProposal:
        """A proposal. Raises ModelError when the model fails, writes nothing, or states what no document says."""
        reply = self._writer.write(self._fill(case), case.passages.results)
        if reply.no_reply in list_rules(case) and not case.wish.no_reply_is_overruled:
            reason = f"{reply.no_reply}: the chat model takes the post for this."
            return ReplyProposal(Weighed((), ()), "chat", reply.writing.prompt_version, no_reply_reason=reason)
        if not reply.writing.claims:
            raise ModelError("The chat model wrote nothing.")
        weighed = _drop_echoes(self._weigh(reply, case), case.mention.text)
        if not weighed.sentences:
            raise ModelError("The chat model only repeated the post.")
        if not case.wish.instruction and not self._leans_on_something(weighed, case):
            raise ModelError("What the chat model wrote isn't in the documents.")
        missing = f"Not answered: {' '.join(reply.writing.missing.split())[:200]}" if reply.writing.missing else ""
        meaning = " ".join(meaning for _, meaning in reply.meanings if meaning)
        strange = self._tell_wrong_language(case, " ".join(sentence.text for sentence in weighed.sentences))
        return ReplyProposal(
            weighed,
            "chat",
            reply.writing.prompt_version,
            self._tell_meaning(case, meaning),
            " ".join(filter(None, (strange, missing))),
            meaning if self._is_foreign(case) else "",
        )

    def _fill(self, case: Case) -> Prompt:
        reviewer = _name(self._review_language) if self._is_foreign(case) else ""
        return self._prompts.fill(
            "draft",
            post=case.mention.text,
            place=case.mention.location or "",
            thread=case.thread,
            to_author=case.past.to_author,
            examples=case.past.similar,
            network=case.mention.network,
            voice=self._prompts.read("voice"),
            guide=case.guide,
            language=_name(case.lang),
            reviewer_language=reviewer,
            no_reply=list_rules(case),
            passages=[result.chunk for result in case.passages.results],
            lessons=list_advice(case.advice, case.mention.author),
            instruction=case.wish.instruction,
            before=case.wish.before,
        )

    def _is_foreign(self, case: Case) -> bool:
        spoken = "en" if reads_english(case.lang) else case.lang
        return spoken != self._review_language

    def _weigh(self, reply: WrittenReply, case: Case) -> Weighed:
        """The documents' words do not stand in another language: such a sentence stays unsupported, and names the
        passages that its back-translation rests on, as far as that is right."""
        weighed = weigh(reply.writing, case.passages.results, self._measure_likeness)
        meanings = {text: meaning for text, meaning in reply.meanings if meaning}
        if not self._is_foreign(case) or not meanings:
            return weighed
        claims = tuple(_mean(claim, meanings) for claim in reply.writing.claims)
        meant = weigh(replace(reply.writing, claims=claims), case.passages.results, self._measure_likeness)
        sentences = tuple(
            Sentence(said.text, said.support, said.citations or of_meaning.citations)
            for said, of_meaning in zip(weighed.sentences, meant.sentences, strict=True)
        )
        return Weighed(sentences, meant.citations) if not weighed.citations else weighed

    def _leans_on_something(self, weighed: Weighed, case: Case) -> bool:
        """On passages; or, where none is near, mostly on courtesy, which is known in English only."""
        if weighed.is_grounded or any(sentence.citations for sentence in weighed.sentences):
            return True
        kind = sum(sentence.support is Support.COURTESY for sentence in weighed.sentences)
        return not case.passages.are_near and (2 * kind >= len(weighed.sentences) or self._is_foreign(case))

    def _tell_wrong_language(self, case: Case, spoken: str) -> str:
        """Such a draft is never ready, however well its facts are backed."""
        found, wanted = self._find_language(spoken), "en" if reads_english(case.lang) else case.lang
        return "" if found in (wanted, UNKNOWN) else f"The post is in {_name(wanted)}, this draft is in {_name(found)}."

    def _tell_meaning(self, case: Case, meaning: str) -> tuple[str, ...]:
        if not self._is_foreign(case):
            return ()
        return (_READ_MEANING if meaning else "The chat model gave no back-translation.",)


def _drop_echoes(weighed: Weighed, post: str) -> Weighed:
    """Without the customer's own sentences, which a small model gives back, hardly changed, as if they were the reply.

    What the documents say stays, even where the customer quotes it.
    """
    said = _list_pairs(post)
    return replace(
        weighed,
        sentences=tuple(
            sentence
            for sentence in weighed.sentences
            if sentence.support in (Support.QUOTED, Support.SUPPORTED) or not _is_echo(_list_pairs(sentence.text), said)
        ),
    )


def _is_echo(pairs: Sequence[tuple[str, str]], said: Sequence[tuple[str, str]]) -> bool:
    known = sum(pair in said for pair in pairs)
    return len(pairs) >= _LEAST_PAIRS and known >= _ECHO_SHARE * len(pairs)


def _list_pairs(text: str) -> list[tuple[str, str]]:
    return list(pairwise(split_words(text)))


def _mean(claim: WrittenClaim, meanings: dict[str, str]) -> WrittenClaim:
    whole = next((meaning for text, meaning in meanings.items() if claim.text in text), claim.text)
    return replace(claim, text=whole)


def _name(lang: str) -> str:
    return (
        "English"
        if reads_english(lang)
        else _LANGUAGES.get(lang.partition("-")[0], f"the language of the post ({lang})")
    )
