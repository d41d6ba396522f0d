"""A post and a wish to a Draft that is not kept yet: who may be answered, by which writer, within which limits."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.core.prompts import Prompts
from assistant.domain import (
    AdviceRule,
    Analysis,
    Audience,
    Citation,
    Draft,
    DraftLook,
    DraftStatus,
    Intent,
    Lesson,
    LessonScope,
    Mention,
    Question,
    ThreadPost,
    TriageAction,
)
from assistant.errors import InputError, ModelError
from assistant.knowledge.answers.grounding import Weighed
from assistant.knowledge.search.retriever import Retriever
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.pipeline import triage
from assistant.replies.drafting.case import (
    NO_WISH,
    Case,
    Passages,
    Past,
    ReplyProposal,
    Wish,
    join_sentences,
    keep_used_citations,
)
from assistant.replies.drafting.chat import WrittenReplies
from assistant.replies.drafting.extractive import QuotedReplies
from assistant.replies.drafting.lessons import find_used, follow
from assistant.replies.drafting.limits import address, begin_with_handle, keep_limits
from assistant.replies.drafting.no_reply import find_no_reply
from assistant.replies.drafting.our_names import find_our_names, names_any, names_handle, without_names
from assistant.replies.drafting.precedents import Precedents
from assistant.replies.drafting.readiness import judge_look
from assistant.replies.style_guides import Guide, read_guide, split_rule
from assistant.text.language import UNKNOWN, reads_english

_NOISE = re.compile(r"https?://\S+|@\w+|#(?=\w)")
_RETRIEVED = 6
_QUOTED_INSTEAD = "This draft is made of quotes instead."
_SHOWN_CHARACTERS = 160
_SURELY_PRAISE = 0.6


@dataclass(frozen=True)
class Composer:
    """Makes proposals. Its retriever is only ever asked as a public reader."""

    retriever: Retriever
    quoted: QuotedReplies
    written: WrittenReplies | None
    prompts: Prompts
    analyser: Analyser
    least_confidence: float
    analyse: Callable[[Mention], Analysis]
    precedents: Precedents | None = None
    find_lessons: Callable[[LessonScope], Sequence[Lesson]] = lambda scope: ()

    def propose(
        self, mention: Mention, now: datetime, thread: Sequence[ThreadPost] = (), wish: Wish = NO_WISH
    ) -> Draft:
        """Raises InputError for a post without words; `thread` is what was said before."""
        case = self._build_case(mention, thread, wish)
        reason = "" if wish.no_reply_is_overruled else find_no_reply(case)
        if reason:
            return _decline(case, ReplyProposal(Weighed((), ()), "rules", "", no_reply_reason=reason), now)
        proposal = self._write(case)
        if proposal.no_reply_reason:
            return _decline(case, proposal, now)
        proposal = begin_with_handle(proposal, case.guide)
        made = self._to_draft(case, keep_limits(proposal, case.guide), now)
        if made.text or wish.no_reply_is_overruled or not _is_praise(case):
            return made
        judged = triage(mention, case.found)
        return _decline(case, replace(proposal, no_reply_reason=f"no reply needed: {judged.reason}"), now)

    def _build_case(self, mention: Mention, thread: Sequence[ThreadPost], wish: Wish) -> Case:
        question = Question(" ".join(_NOISE.sub(" ", mention.text).split()), Audience.PUBLIC)
        if not question.text:
            raise InputError("The post has no words to answer.", "Give the text of a customer's post.")
        found = self.analyse(mention)
        lang = self.analyser.find_language(mention.text, mention.lang)
        past = self.precedents.find(mention, question.text, lang) if self.precedents else Past()
        findings = self.retriever.search(question)
        margin = findings.confidence - self.least_confidence
        passages = Passages(findings.results[:_RETRIEVED], margin, findings.documents)
        guide = address(read_guide(self.prompts, mention.network), mention.author)
        case = Case(mention, question, found, lang, guide, passages, tuple(thread), past, wish)
        return self._add_lessons(self._add_names(case))

    def _add_names(self, case: Case) -> Case:
        text, names = case.mention.text, find_our_names(case.found, case.passages)
        is_named, is_ours = names_any(text, names), any(brand.is_ours for brand in case.found.brands)
        has_handle = names_handle(text, {*names, *self.analyser.handles})
        asked = without_names(case.question.text, names)
        is_to_us = has_handle or (is_ours and not is_named)
        return replace(case, asked=asked, names_us=is_named or is_ours or has_handle, is_to_us=is_to_us)

    def _add_lessons(self, case: Case) -> Case:
        spoken = "en" if reads_english(case.lang) else case.lang
        scope = LessonScope(case.mention.network.partition(":")[0], spoken, case.intent)
        lessons = tuple(self.find_lessons(scope))
        return replace(case, lessons=lessons, guide=_answer_anyway(case.guide, lessons)) if lessons else case

    def _write(self, case: Case) -> ReplyProposal:
        if self.written is None:
            return _follow_lessons(self.quoted.write(case), case)
        try:
            return self.written.write(case)
        except ModelError as error:
            return _follow_lessons(self.quoted.write(case, f"{error.message} {_QUOTED_INSTEAD}"), case)

    def _to_draft(self, case: Case, proposal: ReplyProposal, now: datetime) -> Draft:
        judged = judge_look(case, proposal)
        is_empty = judged.look is DraftLook.FINDINGS_ONLY
        sentences = () if is_empty else proposal.weighed.sentences
        notes = (*proposal.notes, judged.note, _tell_similar(case.past))
        return Draft(
            draft_id=0,
            mention_id=case.mention.mention_id,
            text=join_sentences(sentences),
            status=DraftStatus.PENDING,
            sentences=sentences,
            citations=_cite_nearest(case) if is_empty else proposal.weighed.citations,
            writer=proposal.writer,
            prompt_version=proposal.prompt_version,
            created_at=now,
            note=" ".join(note for note in notes if note),
            look=judged.look,
            missing=judged.missing,
            lang=self._find_spoken(case, proposal),
            back_translation="" if is_empty else proposal.back_translation,
        )

    def _find_spoken(self, case: Case, proposal: ReplyProposal) -> str:
        if proposal.writer == "quoting":
            return case.lang if not reads_english(case.lang) and self.quoted.has_words_for(case) else "en"
        found = self.analyser.find_language(join_sentences(proposal.weighed.sentences), case.lang)
        return "en" if found == UNKNOWN else found


def _is_praise(case: Case) -> bool:
    """Whether it surely is kind and asks for nothing."""
    is_kind = case.intent is Intent.PRAISE and case.sureness >= _SURELY_PRAISE
    return is_kind and triage(case.mention, case.found).action is TriageAction.WATCH


def _answer_anyway(guide: Guide, lessons: Sequence[Lesson]) -> Guide:
    """The guide without the reasons not to reply that lessons overrule."""
    overruled = {one.advice.words for one in lessons if one.advice and one.advice.rule is AdviceRule.REPLY_ANYWAY}
    return replace(guide, no_reply=tuple(rule for rule in guide.no_reply if split_rule(rule)[0] not in overruled))


def _follow_lessons(proposal: ReplyProposal, case: Case) -> ReplyProposal:
    """Quotes and phrases by the lessons, with a note that says which ones changed something."""
    sentences, author = proposal.weighed.sentences, case.mention.author
    used = find_used(sentences, case.lessons, author) if sentences else ()
    if not used:
        return proposal
    weighed = keep_used_citations(follow(sentences, case.advice, author), proposal.weighed)
    told = f"By {'lesson' if len(used) == 1 else 'lessons'} {', '.join(map(str, used))}."
    return replace(proposal, weighed=weighed, notes=(*proposal.notes, told))


def _decline(case: Case, proposal: ReplyProposal, now: datetime) -> Draft:
    return Draft(
        draft_id=0,
        mention_id=case.mention.mention_id,
        text="",
        status=DraftStatus.PENDING,
        sentences=(),
        citations=(),
        writer=proposal.writer,
        prompt_version=proposal.prompt_version,
        created_at=now,
        no_reply_reason=proposal.no_reply_reason,
        lang=case.lang,
    )


def _cite_nearest(case: Case) -> tuple[Citation, ...]:
    """What was found, for a person who writes the reply: the best passage of each of the nearest pages."""
    chunks = [result.chunk for result in case.passages.documents[:3]]
    return tuple(
        Citation(
            number,
            chunk.document_id,
            chunk.title,
            chunk.heading,
            chunk.url,
            chunk.text[:500],
            chunk.review_by.isoformat() if chunk.review_by else None,
        )
        for number, chunk in enumerate(chunks, 1)
    )


def _tell_similar(past: Past) -> str:
    if not past.similar:
        return ""
    nearest = past.similar[0]
    reply = " ".join(nearest.reply.split())
    shown = reply if len(reply) <= _SHOWN_CHARACTERS else f"{reply[:_SHOWN_CHARACTERS].rstrip()}…"
    return f"A similar post was answered so: “{shown}”"
