"""What stands beside an answer: a standard answer before it, and what else the same documents answer after it."""

import re
from dataclasses import replace
from itertools import islice

from assistant.core.say import Say
from assistant.core.wording import ENGLISH, Wording
from assistant.domain import Answer, Audience, Found, Question
from assistant.knowledge.build import Knowledge
from assistant.slack.answers.blocks import (
    MOST_FOLLOW_UPS,
    FollowUpOffer,
    build_follow_ups,
    build_standard_answer,
)
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.client.blocks import Block

_TRIED = 6
# English headings that are more than a name: each makes another question, or none.
_HOW_TO, _IF = re.compile(r"how to (?=\S)"), re.compile(r"if (?=\S)")
_CLAUSE = re.compile(r"(?:how|what|which|who|why|where) ")
_ORDER = re.compile(
    r"(?!(?:\w+ing|about|after|all|at|before|both|by|for|from|in|of|on|once|over|to|under|until|when|while|with) )"
    r"\w+ (?:an?|the|your|our) "
)
_SENTENCE = re.compile(
    r"(?:avoid|cancel|do|don.?t|get|how|i|it|keep|make|never|no|not|please|set|stop|they|use|we|what|where|which|who|why"
    r"|you)\b"
)
_REMARK = re.compile(r"\s*\([^()]*\)$")


class Besides:
    """Adds both to a reply."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def add(
        self, reply: AnswerMessage, answer: Answer, question: str, audience: Audience, wording: Wording
    ) -> AnswerMessage:
        """The reply with a standard answer first, where a colleague wrote one, and follow-ups above its buttons."""
        standard = self._knowledge.standard_answers.find(question, audience)
        blocks = reply.blocks
        if standard:
            own = [c for c in answer.citations if not (standard.document or "").endswith(c.document_id)]
            rest = blocks if answer.is_grounded and own else _keep_buttons(blocks)
            blocks = [*build_standard_answer(standard), *rest]
        offers = self.find_follow_ups(answer, audience, wording) if answer.is_grounded else []
        return replace(reply, blocks=put_before_buttons(blocks, build_follow_ups(offers, wording)))

    def find_follow_ups(self, answer: Answer, audience: Audience, wording: Wording) -> list[FollowUpOffer]:
        """Questions on other headings of the cited documents, which a search really leads back to these."""
        if answer.trace is None:
            return []
        cited = {citation.document_id for citation in answer.citations}
        shown = {citation.heading for citation in answer.citations}
        offers: dict[str, tuple[FollowUpOffer, Found]] = {}
        for found in answer.trace.found:
            heading = found.heading.split(" > ")[-1].strip()
            if found.document_id in cited and found.heading not in shown and heading and heading != found.title:
                label = put_as_question(heading, self._knowledge.find_language(heading), wording)
                offers.setdefault(label, (FollowUpOffer(label, f"{found.title}: {label}"), found))
        least, tried = answer.trace.least_confidence, [pair for label, pair in offers.items() if label][:_TRIED]
        back = (offer for offer, found in tried if self._leads_back(offer.question, found, least, audience))
        return list(islice(back, MOST_FOLLOW_UPS))

    def _leads_back(self, question: str, wanted: Found, least: float, audience: Audience) -> bool:
        found = self._knowledge.retriever.search(Question(question, audience))
        best = found.documents[0].chunk if found.documents else None
        is_same = best is not None and (best.document_id, best.heading) == (wanted.document_id, wanted.heading)
        return is_same and found.confidence >= least


def put_as_question(heading: str, language: str, wording: Wording) -> str:
    """A heading, which is in some language, as a person would ask about it; empty where it makes no question."""
    if heading.endswith(("?", "？", "؟")) and language == wording.language:
        return heading
    heading = _REMARK.sub("", heading)
    if not language == wording.language == ENGLISH:
        return wording.say(Say.FOLLOW_UP, heading=heading)
    first, *rest = heading.split()
    asked = " ".join([first if first[1:] != first[1:].lower() else first.lower(), *rest])
    mine = asked.replace(" your ", " my ")
    for pattern, lead in ((_HOW_TO, "How do I"), (_IF, "What if")):
        if pattern.match(asked):
            return f"{lead} {pattern.sub('', mine, count=1)}?"
    if _CLAUSE.match(asked):
        return f"Can you tell me {asked}?"
    if _ORDER.match(asked):
        return f"How do I {mine}?"
    return "" if _SENTENCE.match(asked) else wording.say(Say.FOLLOW_UP, heading=asked)


def put_before_buttons(blocks: list[Block], more: list[Block]) -> list[Block]:
    """The blocks with more of them above the feedback and the buttons that end an answer."""
    place = next((n for n, one in enumerate(blocks) if one["type"] in ("actions", "context_actions")), len(blocks))
    return [*blocks[:place], *more, *blocks[place:]]


def _keep_buttons(blocks: list[Block]) -> list[Block]:
    return [one for one in blocks if one["type"] in ("actions", "context_actions")]
