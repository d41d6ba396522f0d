"""Makes what guards look at."""

from fakes_reply import make_mention

from assistant.domain import Citation, Sentence, ThreadPost
from assistant.replies.guards.guards import Candidate
from assistant.replies.style_guides import Guide

GUIDE = Guide("x", 280, emoji="few", most_links=1, most_hashtags=0, forbidden=("per our policy",))


def make_candidate(
    text: str,
    sentences: tuple[Sentence, ...] = (),
    citations: tuple[Citation, ...] = (),
    post: str = "How do I pause my plan?",
    thread: tuple[ThreadPost, ...] = (),
    guide: Guide = GUIDE,
) -> Candidate:
    """A text that answers a post."""
    return Candidate(text, make_mention(text=post), sentences, citations, guide, thread)


def cite(quote: str, url: str | None = None) -> Citation:
    """A public quote."""
    return Citation(1, "help/plans.md", "Plans", "", url, quote)
