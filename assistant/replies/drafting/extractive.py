"""A reply without a chat model: an acknowledgement, quotes, and a next step, in words a marketer wrote."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.core.prompts import Prompts
from assistant.domain import Sentence, Support
from assistant.errors import PromptError
from assistant.knowledge.answers.chat import Writer
from assistant.knowledge.answers.grounding import Likeness, Weighed, weigh
from assistant.listening.analysis.language import UNKNOWN, reads_english
from assistant.replies.drafting.case import Case, ReplyProposal, join_sentences, keep_used_citations
from assistant.replies.drafting.phrases import (
    AFTER_FACTS,
    FOREIGN_FACTS,
    NEXT_STEP,
    OPENING,
    WITHOUT_MESSAGES,
    Orders,
    Phrases,
    read_orders,
    read_phrases,
)
from assistant.replies.drafting.situation import Situation, find_situation
from assistant.replies.style_guides import LINK

FindLanguage = Callable[[str], str]
_WHOLE = re.compile(r"[^·]*[.!?][\"'”’)]*")
_ROW = re.compile(r"[^:.!?\n]{1,40}: [^;\n]+; [^:.!?\n]{1,40}: ")  # a table's row, as it is read out
_POINTER = re.compile(r":\s*\[[^\]]*\]\([^)\s]*\)[.\s]*\Z")  # `What to bring: [returns](returns.md).` tells nothing
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_MOST_FACTS = 3
# How near in meaning a fact must be to the post. A complaint that asks nothing gets a fact only when it surely fits.
_LEAST_LIKENESS = {"question": 0.35, "purchase": 0.35, "complaint": 0.55, "job": 0.5, "press": 0.5}
# Of 29 drafts that were near enough to quote, 13 answered their post; of the 9 that are sure by this, 8 did.
_LEAST_SURE_LIKENESS, _MARGIN_WEIGHT, _SURE = 0.5, 0.15, 0.7
_GIVES_CONTACTS = ("job", "press")
_POINTS_BACK = re.compile(r"(?:both|it|they|this|that|these|those|then|after\s+that|if\s+(?:it|not))\b", re.IGNORECASE)
_DOUBT = "The quotes may not answer this."
_FALLBACK = "en"


class QuotedReplies:
    """Puts replies together from phrases and quotes; never states a fact without a quote."""

    def __init__(
        self,
        quoting: Writer,
        prompts: Prompts,
        measure_likeness: Likeness,
        find_language: FindLanguage,
        review_language: str,
    ) -> None:
        self._quoting = quoting
        self._prompts = prompts
        self._measure_likeness = measure_likeness
        self._find_language = find_language
        self._review_language = review_language

    def has_words_for(self, case: Case) -> bool:
        """Return whether there are phrases in the language of the post."""
        return self._read_own(case) is not None

    def write(self, case: Case, note: str = "") -> ReplyProposal:
        """Quotes between an opening and a next step, which is chosen again when no quote is short enough."""
        phrases = self._read_own(case) or self._read_fallback()
        orders = read_orders(case.wish.instruction)
        situation = find_situation(case)
        facts = self._find_facts(case, situation, orders)
        frame = _Frame(case, phrases, situation, orders)
        kept = _keep_what_fits(facts.sentences, case.guide.most_characters - len(join_sentences(frame.around(True))))
        sentences = frame.surround(self._introduce(kept, phrases, case) if kept else ())
        left_out = len(facts.sentences) - len(kept)
        notes = (note, self._tell_language(case, bool(kept)), _tell_left_out(left_out), orders.tell_rest())
        return ReplyProposal(
            keep_used_citations(sentences, facts),
            "quoting",
            phrases.version,
            tuple(filter(None, notes)),
            _DOUBT if kept and self._is_doubtful(case, kept) else "",
        )

    def _is_doubtful(self, case: Case, facts: Sequence[Sentence]) -> bool:
        likeness = self._measure_likeness(case.question.text, [fact.text for fact in facts])
        return likeness < _LEAST_SURE_LIKENESS or likeness + _MARGIN_WEIGHT * case.passages.margin < _SURE

    def _read_own(self, case: Case) -> Phrases | None:
        return self._read_fallback() if reads_english(case.lang) else read_phrases(self._prompts, case.lang)

    def _read_fallback(self) -> Phrases:
        phrases = read_phrases(self._prompts, _FALLBACK)
        if phrases is None:
            raise PromptError("prompts/reply-en.md is missing.", "The repository's prompts/ has it.")
        return phrases

    def _find_facts(self, case: Case, situation: Situation, orders: Orders) -> Weighed:
        """Whole sentences only: a table's row or a heading tells a customer nothing. Praise gets thanks, no facts."""
        least = _LEAST_LIKENESS.get(situation.kind)
        if least is None or not case.passages.are_near:
            return Weighed((), ())
        writing = self._quoting.write_answer(case.question, case.passages.results)
        # What its heading forbids or asks says the opposite, or nothing, to a customer who cannot see the heading.
        told = [replace(claim, text=claim.bare) for claim in writing.claims if claim.bare]
        claims = tuple(claim for claim in told if not _POINTER.search(claim.quote or claim.text))
        if orders.other_facts:
            claims = tuple(claim for claim in claims if claim.text not in case.wish.quoted)
        writing = replace(writing, claims=claims)
        facts = weigh(writing, case.passages.results, self._measure_likeness)
        whole = [s for s in facts.sentences if _WHOLE.fullmatch(s.text) and not _ROW.match(s.text)]
        if orders.without_links:
            whole = [sentence for sentence in whole if not LINK.search(sentence.text)]
        if situation.kind not in _GIVES_CONTACTS:
            whole = [sentence for sentence in whole if not _MAIL.search(sentence.text)]
        most = 1 if orders.shorter else _MOST_FACTS
        return Weighed(self._keep_near(case, whole, least)[:most], facts.citations)

    def _keep_near(self, case: Case, facts: Sequence[Sentence], least: float) -> tuple[Sentence, ...]:
        """What is near the post, and what points back to that."""
        kept: list[Sentence] = []
        for fact in facts:
            if _POINTS_BACK.match(fact.text):  # `They need their own phone.` alone says who knows what
                kept += [fact] if kept else []
            elif self._measure_likeness(case.question.text, [fact.text]) >= least:
                kept.append(fact)
        return tuple(kept)

    def _introduce(self, facts: Sequence[Sentence], phrases: Phrases, case: Case) -> tuple[Sentence, ...]:
        """Quotes in another language than the reply's are said to be that."""
        lead_in = phrases.pick(FOREIGN_FACTS, ("",), case.mention.mention_id)
        spoken = case.lang if self._read_own(case) and not reads_english(case.lang) else _FALLBACK
        foreign = self._find_language(" ".join(fact.text for fact in facts)) not in (spoken, UNKNOWN)
        return (_courtesy(lead_in), *facts) if foreign and lead_in else tuple(facts)

    def _tell_language(self, case: Case, has_facts: bool) -> str:
        if reads_english(case.lang):
            return ""
        if self._read_own(case) is None:
            return f"The post is in another language ({case.lang}), this draft is in English: there is no chat model."
        if case.lang == self._review_language:
            return ""
        written = "are the words around the quotes" if has_facts else "is this draft"
        told = f"The post is in another language ({case.lang}), and so {written}."
        return f"{told} There is no chat model, so there is no back-translation."


class _Frame:
    """The words before and after the facts."""

    def __init__(self, case: Case, phrases: Phrases, situation: Situation, orders: Orders) -> None:
        self._case = case
        self._phrases = phrases
        self._situation = situation
        self._orders = orders

    def around(self, has_facts: bool) -> list[Sentence]:
        """Opening and closing, with the guide's greeting and signature."""
        guide = self._case.guide
        parts = [guide.greeting, self._pick(OPENING, self._situation.openings), self._close(has_facts), guide.signature]
        if self._orders.shorter and has_facts:
            parts[2] = ""
        return [_courtesy(part) for part in parts if part]

    def surround(self, facts: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """The whole reply."""
        around = self.around(bool(facts))
        before = 2 if self._case.guide.greeting else 1
        return (*around[:before], *facts, *around[before:])

    def _close(self, has_facts: bool) -> str:
        if has_facts:
            mood = "unhappy" if self._situation.is_unhappy else "other"
            wants_private = mood == "unhappy" and not self._case.guide.private_messages
            return self._pick(AFTER_FACTS, ("other",) if wants_private else (mood, "other"))
        step = self._pick(NEXT_STEP, self._situation.next_steps)
        asks_private = self._situation.kind not in ("praise", "idea", "purchase", "other")
        if asks_private and not self._case.guide.private_messages:
            return self._pick(WITHOUT_MESSAGES, ("",))
        return step

    def _pick(self, section: str, situations: tuple[str, ...]) -> str:
        said = "\n".join(post.text for post in self._case.thread if post.is_ours)
        seed = self._case.mention.mention_id
        return self._phrases.pick(section, situations, seed, said, self._orders.formal)


def _courtesy(text: str) -> Sentence:
    return Sentence(" ".join(text.split()), Support.COURTESY)


def _keep_what_fits(facts: Sequence[Sentence], room: int) -> tuple[Sentence, ...]:
    """What points back to a fact that has no room goes with it: alone, `After that it is lost` says what is not so."""
    kept: list[Sentence] = []
    is_left_out = False
    for fact in facts:
        is_left_out = len(fact.text) + 1 > room or (is_left_out and bool(_POINTS_BACK.match(fact.text)))
        if not is_left_out:
            kept.append(fact)
            room -= len(fact.text) + 1
    return tuple(kept)


def _tell_left_out(number: int) -> str:
    return f"Left out for length: {number} sentence{'' if number == 1 else 's'}." if number else ""
