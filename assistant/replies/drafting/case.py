"""The case of a draft: the facts about the post, what is wished, and the result."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import (
    About,
    Advice,
    Analysis,
    Intent,
    Lesson,
    Mention,
    Question,
    SearchResult,
    Sentence,
    Sentiment,
    ThreadPost,
)
from assistant.knowledge.answers.grounding import Weighed
from assistant.replies.drafting.wishes import Orders, read_orders
from assistant.replies.style_guides import Guide


@dataclass(frozen=True)
class Passages:
    """The best public passages. A chat model may judge them itself; far ones are never quoted without one.

    `margin` is how far the search's confidence lies above what is asked for, below 0 where they are far. `documents`
    are the best chunks of the nearest documents, whose owners may know more.
    """

    results: tuple[SearchResult, ...] = ()
    margin: float = -1.0
    documents: tuple[SearchResult, ...] = ()

    @property
    def are_near(self) -> bool:
        """Return whether they may answer the post."""
        return self.margin >= 0


@dataclass(frozen=True)
class Precedent:
    """A reply that a person approved before, and the post it answered."""

    mention_id: str
    network: str
    post: str
    reply: str
    lang: str
    likeness: float = 1.0


@dataclass(frozen=True)
class Past:
    """Our replies to this person on this network, newest first; approved replies to similar posts, nearest first."""

    to_author: tuple[Precedent, ...] = ()
    similar: tuple[Precedent, ...] = ()


@dataclass(frozen=True)
class Wish:
    """A person's wish for another version. `earlier` are those that led to the version before, oldest first.

    `rejected` are quotes that a person asked to replace: none of them comes back. Who `insists` gets words in any case.
    """

    instruction: str = ""
    before: str = ""
    earlier: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    no_reply_is_overruled: bool = False
    insists: bool = False

    @property
    def orders(self) -> Orders:
        """Return what code can follow of it."""
        return read_orders(self.instruction, self.earlier)


NO_WISH = Wish()


@dataclass(frozen=True)
class Case:
    """A post with its context. `question` is its text without addresses and handles, `asked` also without our name.

    `lessons` are those in use that hold for it; `names_us` says that the post has our name; one that
    `is_to_us` has our handle, answers us or stands on a page of ours.
    """

    mention: Mention
    question: Question
    found: Analysis
    lang: str
    guide: Guide
    passages: Passages
    thread: tuple[ThreadPost, ...] = ()
    past: Past = Past()
    wish: Wish = NO_WISH
    lessons: tuple[Lesson, ...] = ()
    asked: str = ""
    names_us: bool = False
    is_to_us: bool = False

    @property
    def advice(self) -> tuple[Advice, ...]:
        """Return the advice of the lessons for a draft."""
        return tuple(lesson.advice for lesson in self.lessons if lesson.advice)

    @property
    def intent(self) -> Intent:
        """Return the most likely intent of the post."""
        found = self.found.find(About.INTENT)
        return Intent(found.label) if found else Intent.OTHER

    @property
    def sureness(self) -> float:
        """Return how sure the intent is, from 0 to 1."""
        found = self.found.find(About.INTENT)
        return found.confidence if found else 0.0

    @property
    def is_unhappy(self) -> bool:
        """Return whether the post sounds negative."""
        return self.found.sentiment is Sentiment.NEGATIVE


@dataclass(frozen=True)
class ReplyProposal:
    """Checked sentences, who wrote them, and what a reviewer should know."""

    weighed: Weighed
    writer: str
    prompt_version: str
    notes: tuple[str, ...] = ()
    missing: str = ""
    back_translation: str = ""
    no_reply_reason: str = ""


def join_sentences(sentences: Sequence[Sentence]) -> str:
    """One paragraph; a list is on lines of its own, so that what follows it is not read as its last item."""
    text = ""
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        has_list = "\n" in sentence.text or (before is not None and "\n" in before.text)
        text += ("\n" if has_list else " ") + sentence.text
    return text.strip()


def keep_used_citations(sentences: Sequence[Sentence], weighed: Weighed) -> Weighed:
    """These sentences with those of the citations that they name."""
    used = {number for sentence in sentences for number in sentence.citations}
    return Weighed(tuple(sentences), tuple(citation for citation in weighed.citations if citation.number in used))
