"""A reply without a chat model: what a public page says, or an acknowledgement, in words a marketer wrote; or nothing.

What no page answers and no sure feeling calls for gets no draft: a person writes that better than a form letter.
"""

from collections.abc import Sequence

from assistant.core.prompts import Prompts
from assistant.domain import Citation, SearchResult, Sentence, Support
from assistant.errors import PromptError
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.grounding import Likeness, Weighed, weigh
from assistant.replies.drafting.case import Case, ReplyProposal, join_sentences, keep_used_citations
from assistant.replies.drafting.facts import FoundFacts, PageFact, PageFacts
from assistant.replies.drafting.local_words import find_whereabouts
from assistant.replies.drafting.phrases import (
    AFTER_FACTS,
    FOREIGN_PAGE,
    NEXT_STEP,
    OPENING,
    PAGE,
    PAGE_ALONE,
    WITHOUT_MESSAGES,
    Phrases,
    read_phrases,
)
from assistant.replies.drafting.situation import Situation, find_situation
from assistant.replies.drafting.wishes import Orders, list_wishes
from assistant.replies.style_guides import LINK, Guide
from assistant.text.language import reads_english

_FALLBACK = "en"
_DOUBT = "Check that this answers the post."
_ONLY_A_PAGE = "It only links a page: check that it answers the post, or say what it says."
_SHOWN = 500
_NOTHING = "no public page surely answers this."
_ASKS_NOTHING = "it asks nothing, and doesn't surely call for an apology or thanks."


class QuotedReplies:
    """Puts replies together from phrases and quotes; never states a fact without a quote."""

    def __init__(
        self, page_facts: PageFacts, prompts: Prompts, measure_likeness: Likeness, review_language: str
    ) -> None:
        self._page_facts = page_facts
        self._prompts = prompts
        self._measure_likeness = measure_likeness
        self._review_language = review_language

    def has_words_for(self, case: Case) -> bool:
        """Return whether there are phrases in the language of the post."""
        return self._read_own(case) is not None

    def write(self, case: Case, note: str = "") -> ReplyProposal:
        """Facts with the words around them, an acknowledgement, or a proposal without sentences that says why."""
        phrases = self._read_own(case)
        if phrases is None:
            return _propose_nothing(f"there are no phrases for this language ({case.lang}), and no chat model.", note)
        situation, orders = find_situation(case), case.wish.orders
        mention = case.mention
        whereabouts = find_whereabouts(mention.text, mention.location, case.found, case.lang)
        found = self._page_facts.find(case.asked, case.lang, whereabouts, case.wish.rejected)
        if situation.is_certain and situation.kind == "complaint" and all(fact.by_post for fact in found.facts):
            found = FoundFacts()  # `Submitted to whom? The void?` is no question
        frame = _Frame(case, phrases, situation, orders)
        weighed = self._surround(found, frame, orders, case.guide)
        if not weighed.sentences:
            return _propose_nothing(_NOTHING if case.found.is_question else _ASKS_NOTHING, note, phrases.version)
        choices = list_wishes(weighed.sentences, orders, found.has_more, phrases.can_be_formal)
        notes = (note, self._tell_language(case), orders.tell_rest(choices))
        return ReplyProposal(
            weighed, "quoting", phrases.version, tuple(filter(None, notes)), tell_doubt(found, weighed)
        )

    def _surround(self, found: FoundFacts, frame: "_Frame", orders: Orders, guide: Guide) -> Weighed:
        facts = found.facts[:1] if orders.shorter else found.facts
        weighed = self._weigh(found, [one for one in facts if not (orders.without_links and LINK.search(one.text))])
        kept = _keep_what_fits(weighed.sentences, guide.most_characters - frame.measure_around())
        if kept:
            chunk = found.results[facts[0].place - 1].chunk
            lead = "" if orders.shorter else frame.lead_to(PAGE, chunk.url, kept)
            pages = [Sentence(lead, Support.SUPPORTED, kept[0].citations)] if lead else []
            return keep_used_citations(frame.surround([*kept, *pages]), weighed)
        page = found.page or (found.results[facts[0].place - 1] if facts else None)
        return self._send_to(page, frame, found.is_foreign) or frame.acknowledge()

    def _send_to(self, page: SearchResult | None, frame: "_Frame", is_foreign: bool) -> Weighed | None:
        """The address of a page that cannot be quoted: it would be too long, or is in another language.

        The reviewer sees what it says as the citation's quote.
        """
        lead = frame.lead_to(FOREIGN_PAGE if is_foreign else PAGE_ALONE, page.chunk.url, ()) if page else ""
        if page is None or not lead:
            return None
        chunk = page.chunk
        citation = Citation(1, chunk.document_id, chunk.title, chunk.heading, chunk.url, chunk.text[:_SHOWN])
        return Weighed(tuple(frame.surround([Sentence(lead, Support.SUPPORTED, (1,))])), (citation,))

    def _weigh(self, found: FoundFacts, facts: Sequence[PageFact]) -> Weighed:
        claims = tuple(WrittenClaim(fact.text, (fact.place,), fact.quote) for fact in facts)
        return weigh(Written(claims, "quoting"), found.results, self._measure_likeness)

    def _read_own(self, case: Case) -> Phrases | None:
        if not reads_english(case.lang):
            return read_phrases(self._prompts, case.lang)
        phrases = read_phrases(self._prompts, _FALLBACK)
        if phrases is None:
            raise PromptError("prompts/reply-en.md is missing.", "The repository's prompts/ has it.")
        return phrases

    def _tell_language(self, case: Case) -> str:
        if reads_english(case.lang) or case.lang == self._review_language:
            return ""
        told = f"The post is in another language ({case.lang}), and so is this draft."
        return f"{told} There is no chat model, so there is no back-translation."


class _Frame:
    """The words before and after the facts."""

    def __init__(self, case: Case, phrases: Phrases, situation: Situation, orders: Orders) -> None:
        self._case = case
        self._phrases = phrases
        self._situation = situation
        self._orders = orders

    def measure_around(self) -> int:
        """How many characters of a reply are not its facts."""
        return self._case.guide.measure(join_sentences(self.surround(())))

    def surround(self, facts: Sequence[Sentence]) -> list[Sentence]:
        """Facts with an apology where the post is surely unhappy with us, else without any courtesy."""
        guide, is_unhappy = self._case.guide, self._situation.is_unhappy and not self._orders.shorter
        opening = self._pick(OPENING, self._situation.openings) if is_unhappy else ""
        asks_private = is_unhappy and guide.private_messages
        closing = self._pick(AFTER_FACTS, ("unhappy",)) if asks_private else ""
        return [
            *_courtesies(guide.greeting, opening),
            *facts,
            *_courtesies(closing, guide.signature),
        ]

    def acknowledge(self) -> Weighed:
        """An acknowledgement where the situation is certain or a person insists, else nothing."""
        if not self._situation.is_certain and not self._case.wish.insists:
            return Weighed((), ())
        guide, situation = self._case.guide, self._situation
        step = self._pick(NEXT_STEP, situation.next_steps)
        if situation.asks_private and not guide.private_messages:
            step = self._pick(WITHOUT_MESSAGES, ("",))
        opening = self._pick(OPENING, situation.openings)
        parts = (guide.greeting, opening, "" if self._orders.shorter else step, guide.signature)
        return Weighed(tuple(_courtesies(*parts)), ())

    def lead_to(self, section: str, url: str | None, told: Sequence[Sentence]) -> str:
        """A line with the address of a page; empty where the reply has an address already, or may have none."""
        may_link = self._case.guide.most_links > 0 and not self._orders.without_links
        is_told = any(LINK.search(one.text) for one in told)
        lead = self._phrases.pick(section, ("",), self._case.mention.mention_id)
        line = f"{lead} {url}"
        room = self._case.guide.most_characters - self.measure_around() - sum(len(one.text) + 1 for one in told)
        fits = self._case.guide.measure(line) < room
        is_web = bool(url and url.startswith("https://"))
        return line if may_link and is_web and lead and fits and not is_told else ""

    def _pick(self, section: str, situations: tuple[str, ...]) -> str:
        said = "\n".join(post.text for post in self._case.thread if post.is_ours)
        seed = self._case.mention.mention_id
        return self._phrases.pick(section, situations, seed, said, self._orders.formal)


def _courtesies(*texts: str) -> list[Sentence]:
    return [Sentence(" ".join(text.split()), Support.COURTESY) for text in texts if text]


def _keep_what_fits(facts: Sequence[Sentence], room: int) -> list[Sentence]:
    kept: list[Sentence] = []
    for fact in facts:
        if len(fact.text) + 1 <= room:
            kept.append(fact)
            room -= len(fact.text) + 1
    return kept


def _propose_nothing(reason: str, note: str, version: str = "") -> ReplyProposal:
    return ReplyProposal(Weighed((), ()), "quoting", version, tuple(filter(None, (note,))), reason)


def tell_doubt(found: FoundFacts, weighed: Weighed) -> str:
    """What a person should look at before they approve."""
    told = [fact for fact in found.facts if any(fact.text == one.text for one in weighed.sentences)]
    doubt = [] if all(fact.is_sure for fact in told) else [_DOUBT]
    # No quote of the page stood out, so nobody knows yet that it answers this question and not another one.
    doubt += [_ONLY_A_PAGE] if not found.facts and any(one.citations for one in weighed.sentences) else []
    has_facts = bool(told) or found.page is not None
    doubt += [f"Not answered: {' '.join(found.unanswered)}"] if has_facts and found.unanswered else []
    return " ".join(doubt)
