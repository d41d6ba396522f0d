"""A draft as Earshot proposed it, and what people made of it."""

from dataclasses import dataclass
from functools import cached_property

from assistant.domain import Citation, Draft, LessonScope, NoReply, Sentence
from assistant.replies.drafting.case import join_sentences
from assistant.replies.drafting.no_reply import may_be_left

_ALWAYS_LEFT = (NoReply.SPAM, NoReply.BAIT)


@dataclass(frozen=True)
class Decided:
    """`final` is what was approved, empty where people decided not to reply: `refusal` is then their reason.

    `unasked` is what Earshot proposed once somebody overruled its `no_reply` (the name of a rule).
    """

    draft: Draft
    author: str
    network: str
    intent: str
    is_question: bool
    is_urgent: bool
    final: str
    refusal: str = ""
    unasked: str = ""
    edited_by: str = ""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """As they were proposed."""
        return self.draft.sentences

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Likewise."""
        return self.draft.citations

    @cached_property
    def proposed(self) -> str:
        """The text that was proposed."""
        return join_sentences(self.sentences) if self.sentences else self.draft.text

    @property
    def no_reply(self) -> str:
        """The name of the rule by which no reply was proposed."""
        return self.draft.no_reply_reason.partition(":")[0].strip()

    @property
    def scope(self) -> LessonScope:
        """Return where it happened."""
        return LessonScope(self.network, self.draft.lang, self.intent)

    @property
    def may_be_left(self) -> bool:
        """Return whether a lesson may ever leave such a post without a reply."""
        return may_be_left(self.intent, self.is_question, self.is_urgent)

    @property
    def may_be_answered(self) -> bool:
        """Return whether a lesson may ever override why no reply was proposed: never for spam and bait."""
        return bool(self.no_reply) and self.no_reply not in _ALWAYS_LEFT
