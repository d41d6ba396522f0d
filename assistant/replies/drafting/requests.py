"""Requests for a reply to a post that a colleague pastes in a question's place: shown to them, no card is made."""

import re
from collections.abc import Callable
from datetime import datetime

from assistant.domain import Answer, Draft, Look, Question
from assistant.listening.tables.posts import is_address
from assistant.text.tokens import find_terms

_ASKED = re.compile(
    r"\s*+(?:(?:please|hey|hi|ok)[\s,]++)*+(?:(?:can|could|would) you\s++)?+(?:please\s++)?+(?:help me\s++)?+"
    r"(?:draft|write|suggest|compose|prepare|propose)\s++(?:me\s++|us\s++)?+(?:an?|the)\s++"
    r"(?:(?:short|friendly|public|good|polite|kind|quick),?\s++)*+(?:reply|answer|response)\s++(?:to|for)"
    r"(?:\s++(?:this|that|the|a|following|customers?(?:['’]s?)?|person|post|tweet|review|comment|message|complaint)\b)*+",
    re.IGNORECASE,
)
_AROUND = "\"'“”„‘’«»>:–- \t\n"
_NOTE = "A draft from public pages; nothing was sent. “/earshot draft” with the post makes a card for the reviewers."
_LINK = "Use “/earshot draft” with the post's link: I read the post, and its card goes to the reviewers."

DraftText = Callable[[str, datetime], Draft]


def find_post(text: str) -> str:
    """Return the post that a message asks to have answered; empty where it asks for something else."""
    found = _ASKED.match(text)
    post = text[found.end() :].strip(_AROUND) if found else ""
    return post if is_address(post) or find_terms(post) else ""


class DraftRequests:
    """Answers a request for a reply with a draft, made as any other is."""

    def __init__(self, draft_text: DraftText) -> None:
        self._draft_text = draft_text

    def answer(self, question: Question, now: datetime) -> Answer | None:
        """None for a question that asks for no reply."""
        post = find_post(question.text)
        if not post:
            return None
        if is_address(post):
            return Answer(_LINK, is_grounded=False, reason="", look=Look.TALK)
        return _show(self._draft_text(post, now))


def _show(draft: Draft) -> Answer:
    if not draft.text:
        why = " ".join(part for part in (draft.note, draft.missing) if part)
        return Answer(f"I have no draft for this. {why}".strip(), is_grounded=False, reason=why, look=Look.FINDINGS)
    return Answer(
        answer=draft.text,
        is_grounded=True,
        reason=" ".join(part for part in (_NOTE, draft.missing) if part),
        sentences=draft.sentences,
        citations=draft.citations,
        writer=draft.writer,
        prompt_version=draft.prompt_version,
    )
