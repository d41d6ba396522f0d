"""Where a network tells people of a reply only when it names them, the reply begins with their handle."""

import re
from dataclasses import replace

from assistant.domain import Sentence, Support
from assistant.replies.drafting.case import Proposal, join_sentences
from assistant.replies.style_guides import Guide

# The name comes from outside: nothing but a handle is put into a reply.
HANDLE = re.compile(r"[\w.-]*\w(?:@[\w.-]+\w)?", re.ASCII)


def address(guide: Guide, author: str) -> Guide:
    """The guide for a reply to this author."""
    if not guide.names_author or not HANDLE.fullmatch(author):
        return guide
    return replace(guide, greeting=f"@{author} {guide.greeting}".strip())


def begin_with_handle(proposal: Proposal, guide: Guide) -> Proposal:
    """The proposal with the greeting that `address` made, where a chat model left its handle out."""
    text = join_sentences(proposal.weighed.sentences)
    if not guide.names_author or not text or guide.greeting.partition(" ")[0] in text:
        return proposal
    sentences = (Sentence(guide.greeting, Support.COURTESY), *proposal.weighed.sentences)
    return replace(proposal, weighed=replace(proposal.weighed, sentences=sentences))
