"""A Mention to a Draft: a proposed reply from public knowledge only, each sentence with its support."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.analyse.analysing import Analyser
from assistant.analyse.language import reads_english
from assistant.domain import (
    Analysis,
    Audience,
    Citation,
    Draft,
    DraftStatus,
    Mention,
    Question,
    SearchResult,
    Sentence,
    Sentiment,
    Support,
    ThreadPost,
)
from assistant.errors import InputError, ModelError
from assistant.evidence import Likeness, Weighed, weigh
from assistant.guides import Guide, read_guide
from assistant.prompts import Prompt, Prompts
from assistant.retrieve import Retriever
from assistant.store.drafts import DraftTables
from assistant.store.mentions import MentionTables
from assistant.store.threads import ThreadTables
from assistant.writers.chat import ChatWriter
from assistant.writers.writing import Writer

_NOISE = re.compile(r"https?://\S+|@\w+|#(?=\w)")
_WHOLE = re.compile(r"[^·]*[.!?][\"'”’)]*")
_RETRIEVED = 6
_QUOTED_INSTEAD = "This draft is made of quotes instead."
_NO_FACTS = "No public document stands behind this reply: check what to say before you approve."


@dataclass(frozen=True)
class _Passages:
    """The best public passages. A chat model may judge them itself; far ones are never quoted without one."""

    results: Sequence[SearchResult]
    are_near: bool


@dataclass(frozen=True)
class _Proposal:
    """Checked sentences, who wrote them, and what a reviewer should know."""

    weighed: Weighed
    writer: str
    prompt_version: str
    note: str = ""


class Drafting:
    """Drafts replies. Its retriever is only ever asked as a public reader."""

    def __init__(
        self,
        mentions: MentionTables,
        drafts: DraftTables,
        retriever: Retriever,
        quoting: Writer,
        chat: ChatWriter | None,
        prompts: Prompts,
        measure_likeness: Likeness,
        least_confidence: float,
        threads: ThreadTables | None = None,
        analyser: Analyser | None = None,
    ) -> None:
        self._threads = threads
        self._mentions = mentions
        self._drafts = drafts
        self._retriever = retriever
        self._quoting = quoting
        self._chat = chat
        self._prompts = prompts
        self._measure_likeness = measure_likeness
        self._least_confidence = least_confidence
        self._analyser = analyser or Analyser()

    def draft_mention(self, mention_id: str, now: datetime) -> Draft:
        """Draft a reply to a kept mention; its live draft when it has one. Raises InputError for an unknown id."""
        mention = self._mentions.find(mention_id)
        live = self._drafts.live_draft_id(mention.mention_id)
        if live is not None:
            return self._drafts.find(live)
        if mention.removed_at:
            raise InputError(f"The post {mention.mention_id} was deleted on its network.", "There is nobody to answer.")
        thread = self._threads.thread(mention.mention_id) if self._threads else ()
        return self._drafts.find(self._drafts.add(self.propose(mention, now, thread)))

    def propose(self, mention: Mention, now: datetime, thread: Sequence[ThreadPost] = ()) -> Draft:
        """A draft that is not kept; raises InputError for a post without words. `thread` is what was said before."""
        question = Question(_NOISE.sub(" ", mention.text).strip(), Audience.PUBLIC)
        if not question.text:
            raise InputError("The post has no words to answer.", "Give the text of a customer's post.")
        guide = read_guide(self._prompts, mention.network)
        proposal = self._write(mention, question, self._find_passages(question), guide, thread)
        text = _join(proposal.weighed.sentences)
        return Draft(
            draft_id=0,
            mention_id=mention.mention_id,
            text=text,
            status=DraftStatus.PENDING,
            sentences=proposal.weighed.sentences,
            citations=proposal.weighed.citations,
            writer=proposal.writer,
            prompt_version=proposal.prompt_version,
            created_at=now,
            note=" ".join(note for note in (proposal.note, *_warn(proposal.weighed, text, guide)) if note),
        )

    def _find_passages(self, question: Question) -> _Passages:
        findings = self._retriever.search(question)
        return _Passages(findings.results[:_RETRIEVED], findings.confidence >= self._least_confidence)

    def _write(
        self,
        mention: Mention,
        question: Question,
        passages: _Passages,
        guide: Guide,
        thread: Sequence[ThreadPost],
    ) -> _Proposal:
        if self._chat is None:
            return self._quote(mention, question, passages, guide)
        prompt = self._prompts.fill(
            "draft",
            post=mention.text,
            thread=thread,
            network=mention.network,
            voice=self._prompts.read("voice"),
            guide=guide.text,
            most_characters=guide.most_characters,
            passages=[result.chunk for result in passages.results],
        )
        try:
            writing = self._chat.write(prompt, passages.results)
        except ModelError as error:
            return self._quote(mention, question, passages, guide, f"{error.message} {_QUOTED_INSTEAD}")
        if not writing.claims:
            return self._quote(mention, question, passages, guide, f"The chat model wrote nothing. {_QUOTED_INSTEAD}")
        weighed = weigh(writing, passages.results, self._measure_likeness)
        if passages.are_near and not weighed.is_grounded:
            note = f"What the chat model wrote is not in the documents. {_QUOTED_INSTEAD}"
            return self._quote(mention, question, passages, guide, note)
        proposal = _Proposal(weighed, writing.writer, writing.prompt_version)
        return _shorten(proposal, guide.most_characters)

    def _quote(
        self, mention: Mention, question: Question, passages: _Passages, guide: Guide, note: str = ""
    ) -> _Proposal:
        """Quotes between an opening and a closing, which are chosen anew when no quote is short enough."""
        found = self._analyser.analyse(mention)
        facts = self._find_facts(question, passages, found)
        opening, closing = self._frame(found, has_facts=True)
        room = guide.most_characters - len(_join([_courtesy(opening.text), _courtesy(closing.text)]))
        kept = _keep_what_fits(facts.sentences, room)
        if not kept:
            opening, closing = self._frame(found, has_facts=False)
        sentences = (_courtesy(opening.text), *kept, _courtesy(closing.text))
        notes = (note, _language_note(mention), _left_out_note(len(facts.sentences) - len(kept)))
        return _Proposal(
            _with_used_citations(sentences, facts.citations),
            "quoting",
            f"{opening.version} {closing.version}",
            " ".join(part for part in notes if part),
        )

    def _find_facts(self, question: Question, passages: _Passages, found: Analysis) -> Weighed:
        """Whole sentences only: a table's row or a heading tells a customer nothing. Praise gets thanks, no facts."""
        if not passages.are_near or (found.sentiment is Sentiment.POSITIVE and not found.is_question):
            return Weighed((), ())
        writing = self._quoting.write_answer(question, passages.results)
        facts = weigh(writing, passages.results, self._measure_likeness)
        whole = [sentence for sentence in facts.sentences if _WHOLE.fullmatch(sentence.text)]
        return Weighed(tuple(whole), facts.citations)

    def _frame(self, found: Analysis, has_facts: bool) -> tuple[Prompt, Prompt]:
        """Opening and closing; `pick` varies them from post to post, and is always the same for one post."""
        pick = int(hashlib.sha256(found.mention_id.encode()).hexdigest()[:8], 16)
        marks = {"mood": found.sentiment, "is_question": found.is_question, "has_facts": has_facts, "pick": pick}
        return self._prompts.fill("reply-opening", **marks), self._prompts.fill("reply-closing", **marks)


def _courtesy(text: str) -> Sentence:
    return Sentence(" ".join(text.split()), Support.COURTESY)


def _join(sentences: Sequence[Sentence]) -> str:
    """One paragraph; a list stands on lines of its own, so that what follows it is not read as its last item."""
    text = ""
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        has_list = "\n" in sentence.text or (before is not None and "\n" in before.text)
        text += ("\n" if has_list else " ") + sentence.text
    return text.strip()


def _language_note(mention: Mention) -> str:
    if reads_english(mention.lang):
        return ""
    return f"The post is in another language ({mention.lang}), this draft is in English: there is no chat model."


def _left_out_note(number: int) -> str:
    return f"Left out for length: {number} sentence{'' if number == 1 else 's'}." if number else ""


def _warn(weighed: Weighed, text: str, guide: Guide) -> list[str]:
    """What a reviewer must look at before an approval."""
    warnings = [] if weighed.is_grounded else [_NO_FACTS]
    if len(text) > guide.most_characters:
        warnings.append(f"Too long: {len(text)} characters, and {guide.most_characters} are allowed. Shorten it.")
    return warnings


def _keep_what_fits(facts: Sequence[Sentence], room: int) -> tuple[Sentence, ...]:
    kept: list[Sentence] = []
    for fact in facts:
        if len(fact.text) + 1 <= room:
            kept.append(fact)
            room -= len(fact.text) + 1
    return tuple(kept)


def _shorten(proposal: _Proposal, most_characters: int) -> _Proposal:
    """Leave facts out, last first, until the reply fits its network; opening and closing stay."""
    sentences = list(proposal.weighed.sentences)
    while len(_join(sentences)) > most_characters and len(sentences) > 1:
        facts = [place for place, s in enumerate(sentences) if s.support is not Support.COURTESY]
        sentences.pop(facts[-1] if facts else -1)
    left_out = len(proposal.weighed.sentences) - len(sentences)
    weighed = _with_used_citations(sentences, proposal.weighed.citations)
    return replace(proposal, weighed=weighed, note=_left_out_note(left_out))


def _with_used_citations(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> Weighed:
    used = {number for sentence in sentences for number in sentence.citations}
    return Weighed(tuple(sentences), tuple(citation for citation in citations if citation.number in used))
