"""A Mention to a Draft: a proposed reply from public knowledge only, each sentence with its support."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import frontmatter

from assistant.domain import Audience, Draft, DraftStatus, Mention, Question, SearchResult, Sentence, Support
from assistant.errors import InputError, ModelError
from assistant.evidence import Weighed, weigh
from assistant.prompts import Prompts
from assistant.retrieve import Retriever
from assistant.store.drafts import DraftTables
from assistant.store.mentions import MentionTables
from assistant.writers.chat import ChatWriter
from assistant.writers.writing import Writer

_NOISE = re.compile(r"https?://\S+|[@#]\w+")
_RETRIEVED = 6
_NO_FACTS = "No public document answers this post: check what to say before you approve."


@dataclass(frozen=True)
class Guide:
    """A network's culture guide: the hard limit, and the manner in words."""

    most_characters: int
    text: str


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
    ) -> None:
        self._mentions = mentions
        self._drafts = drafts
        self._retriever = retriever
        self._quoting = quoting
        self._chat = chat
        self._prompts = prompts

    def draft_mention(self, mention_id: str, now: datetime) -> Draft:
        """Draft a reply to a kept mention; its live draft when it has one. Raises InputError for an unknown id."""
        mention = self._mentions.find(mention_id)
        live = self._drafts.live_draft_id(mention.mention_id)
        if live is not None:
            return self._drafts.find(live)
        return self._drafts.find(self._drafts.add(self.propose(mention, now)))

    def propose(self, mention: Mention, now: datetime) -> Draft:
        """A draft that is not kept; raises InputError for a post without words."""
        question = Question(_NOISE.sub(" ", mention.text).strip(), Audience.PUBLIC)
        if not question.text:
            raise InputError("The post has no words to answer.", "Give the text of a customer's post.")
        guide = self._read_guide(mention.network)
        results = self._retriever.search(question, _RETRIEVED)
        proposal = _shorten(self._write(mention, question, results, guide), guide.most_characters)
        notes = [proposal.note] if proposal.note else []
        if not proposal.weighed.is_grounded:
            notes.append(_NO_FACTS)
        return Draft(
            draft_id=0,
            mention_id=mention.mention_id,
            text=" ".join(sentence.text for sentence in proposal.weighed.sentences),
            status=DraftStatus.PENDING,
            sentences=proposal.weighed.sentences,
            citations=proposal.weighed.citations,
            writer=proposal.writer,
            prompt_version=proposal.prompt_version,
            created_at=now,
            note=" ".join(notes),
        )

    def _write(
        self, mention: Mention, question: Question, results: Sequence[SearchResult], guide: Guide
    ) -> _Proposal:
        if self._chat is None:
            return self._quote(mention, question, results, _language_note(mention))
        prompt = self._prompts.fill(
            "draft",
            post=mention.text,
            network=mention.network,
            voice=self._prompts.read("voice"),
            guide=guide.text,
            most_characters=guide.most_characters,
            passages=[result.chunk for result in results],
        )
        try:
            writing = self._chat.write(prompt, results)
        except ModelError as error:
            note = f"{error.message} This draft is made of quotes instead. {_language_note(mention)}"
            return self._quote(mention, question, results, note.strip())
        return _Proposal(weigh(writing, results), writing.writer, writing.prompt_version)

    def _quote(self, mention: Mention, question: Question, results: Sequence[SearchResult], note: str) -> _Proposal:
        facts = weigh(self._quoting.write_answer(question, results), results)
        found = self._mentions.triage_of(mention.mention_id) or {}
        marks = {
            "mood": found.get("sentiment", "neutral"),
            "is_question": bool(found.get("is_question", "?" in mention.text)),
            "has_facts": facts.is_grounded,
        }
        opening, closing = (self._prompts.fill(name, **marks) for name in ("reply-opening", "reply-closing"))
        sentences = (_courtesy(opening.text), *facts.sentences, _courtesy(closing.text))
        version = f"{opening.version} {closing.version}"
        return _Proposal(Weighed(sentences, facts.citations), "quoting", version, note)

    def _read_guide(self, network: str) -> Guide:
        kind = network.partition(":")[0]
        name = f"networks/{kind}" if kind.isidentifier() and self._prompts.has(f"networks/{kind}") else "networks/default"
        post = frontmatter.loads(self._prompts.read(name))
        return Guide(int(str(post.metadata.get("max_characters", 500))), post.content)


def _courtesy(text: str) -> Sentence:
    return Sentence(" ".join(text.split()), Support.COURTESY)


def _language_note(mention: Mention) -> str:
    if mention.lang in (None, "en", "und"):
        return ""
    return f"The post is in another language ({mention.lang}), this draft is in English: there is no chat model."


def _shorten(proposal: _Proposal, most_characters: int) -> _Proposal:
    """Leave facts out, last first, until the reply fits its network; opening and closing stay."""
    sentences = list(proposal.weighed.sentences)
    while len(" ".join(s.text for s in sentences)) > most_characters and len(sentences) > 1:
        facts = [place for place, s in enumerate(sentences) if s.support is not Support.COURTESY]
        sentences.pop(facts[-1] if facts else -1)
    used = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(citation for citation in proposal.weighed.citations if citation.number in used)
    return replace(proposal, weighed=Weighed(tuple(sentences), citations))
