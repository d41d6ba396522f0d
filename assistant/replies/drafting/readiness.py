"""Readiness of a proposal: ready, needs work (what is missing, who to ask), or only what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import About, DraftLook, SearchResult, Support, Urgency
from assistant.replies.drafting.case import Case, ReplyProposal, join_sentences
from assistant.replies.drafting.situation import find_situation
from assistant.replies.style_guides import find_breaches

_NEAREST = 3
_ASKS_NOTHING = ("praise", "idea")


@dataclass(frozen=True)
class Judged:
    """A look, what is missing and who to ask, and a note for the reviewer."""

    look: DraftLook
    missing: str = ""
    note: str = ""


def judge_look(case: Case, proposal: ReplyProposal) -> Judged:
    """Nothing to send, something a person must look at first, or ready."""
    ask = name_owners(case.passages.documents)
    sentences = proposal.weighed.sentences
    # In another language than the documents' a sentence is never supported, but it may name what it rests on.
    has_backing = proposal.weighed.is_grounded or any(sentence.citations for sentence in sentences)
    if not has_backing and (why := _find_only(case, proposal)):
        return Judged(DraftLook.FINDINGS_ONLY, f"No draft: {why} {ask}".strip())
    problems = [proposal.missing] if proposal.missing else []
    unsupported = sum(sentence.support is Support.UNSUPPORTED for sentence in sentences)
    if unsupported:
        has = "sentence has" if unsupported == 1 else "sentences have"
        problems.append(f"{unsupported} {has} no evidence.")
    if find_breaches(case.guide, join_sentences(sentences)):
        problems.append("It breaks a limit of the network's guide.")
    # An acknowledgement from the phrases states nothing; a chat model may have answered without a page.
    lacks_facts = not has_backing and proposal.writer != "quoting" and find_situation(case).kind not in _ASKS_NOTHING
    if lacks_facts:
        problems.append("No public page answers this.")
    if not problems:
        return Judged(DraftLook.READY)
    note = (
        "This reply isn't based on any public document: check what it says before you approve." if lacks_facts else ""
    )
    return Judged(DraftLook.NEEDS_WORK, f"{' '.join(problems)} {ask}".strip(), note)


def name_owners(documents: Sequence[SearchResult]) -> str:
    """The owners of the nearest public pages, who may know, or the pages' names where they have none."""
    near = [result.chunk for result in documents[:_NEAREST]]
    owners = {chunk.owner: chunk.title for chunk in reversed(near) if chunk.owner}
    if owners:
        who = "; ".join(f"{owner} (“{title}”)" for owner, title in reversed(owners.items()))
        return f"Who may know: {who}."
    pages = "; ".join(f"“{title}”" for title in dict.fromkeys(chunk.title for chunk in near))
    return f"The nearest pages are {pages}; they name no owner." if pages else ""


def _find_only(case: Case, proposal: ReplyProposal) -> str:
    """Why nothing is proposed, where words alone would do harm, or say nothing."""
    urgency = case.found.find(About.URGENCY)
    is_overruled = bool(case.wish.instruction) or case.wish.no_reply_is_overruled
    if proposal.writer == "quoting" and urgency and urgency.label == Urgency.HIGH and not is_overruled:
        return f"it is urgent, and no public page answers it. A person should write this. {urgency.reason}".strip()
    return "" if proposal.weighed.sentences else proposal.missing
