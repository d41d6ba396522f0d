"""What stands beside an answer: a standard answer before it, and what else the same documents answer after it."""

from dataclasses import replace

from assistant.core.wording import Wording
from assistant.domain import Answer, Audience, Question
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
_WHAT = "What does “{title}” say about {heading}?"


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
        follow_ups = build_follow_ups(self.find_follow_ups(answer, audience), wording) if answer.is_grounded else []
        return replace(reply, blocks=put_before_buttons(blocks, follow_ups))

    def find_follow_ups(self, answer: Answer, audience: Audience) -> list[FollowUpOffer]:
        """Other headings of the cited documents, as questions that a search really leads back to them."""
        if answer.trace is None:
            return []
        cited = {citation.document_id for citation in answer.citations}
        shown = {citation.heading for citation in answer.citations}
        headings: dict[tuple[str, str], str] = {}
        for found in answer.trace.found:
            heading = found.heading.split(" > ")[-1].strip()
            if found.document_id in cited and found.heading not in shown and heading and heading != found.title:
                headings.setdefault((heading, found.title), found.document_id)
        least, follow_ups = answer.trace.least_confidence, list[FollowUpOffer]()
        for (heading, title), document_id in list(headings.items())[:_TRIED]:
            question = _WHAT.format(title=title, heading=heading)
            if self._leads_back(question, document_id, least, audience):
                follow_ups.append(FollowUpOffer(heading, question))
            if len(follow_ups) == MOST_FOLLOW_UPS:
                break
        return follow_ups

    def _leads_back(self, question: str, document_id: str, least: float, audience: Audience) -> bool:
        found = self._knowledge.retriever.search(Question(question, audience))
        is_same = bool(found.documents) and found.documents[0].chunk.document_id == document_id
        return is_same and found.confidence >= least


def put_before_buttons(blocks: list[Block], more: list[Block]) -> list[Block]:
    """The blocks with more of them above the feedback and the buttons that end an answer."""
    place = next((n for n, one in enumerate(blocks) if one["type"] in ("actions", "context_actions")), len(blocks))
    return [*blocks[:place], *more, *blocks[place:]]


def _keep_buttons(blocks: list[Block]) -> list[Block]:
    return [one for one in blocks if one["type"] in ("actions", "context_actions")]
