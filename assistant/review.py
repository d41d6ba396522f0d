"""A Draft and a person's decision to an approved text: every decision is taken once, and the loser is told who won."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain import Decision, DecisionAction, Draft, DraftStatus, Sentence, Support
from assistant.domain.replies import Effect
from assistant.errors import ReviewError
from assistant.evidence import judge_support
from assistant.guards.candidate import Candidate
from assistant.guards.guarding import Guards
from assistant.guides import read_guide
from assistant.index.sentences import split_sentences
from assistant.prompts import Prompts
from assistant.store.drafts import DraftTables, to_json
from assistant.store.mentions import MentionTables
from assistant.store.threads import ThreadTables

_OPEN = (DraftStatus.PENDING, DraftStatus.APPROVED, DraftStatus.SENDING, DraftStatus.UNKNOWN)

_BEGIN = r"(?:\A|(?<=[.!?…\n]))"
_END = r"(?=\s*(?:\Z|\n)|(?<=[.!?…])\s)"


class Reviewing:
    """Takes decisions. Who may decide is checked where a person comes in: at the card or the command line."""

    def __init__(
        self, drafts: DraftTables, mentions: MentionTables, threads: ThreadTables, guards: Guards, prompts: Prompts
    ) -> None:
        self._drafts = drafts
        self._mentions = mentions
        self._threads = threads
        self._guards = guards
        self._prompts = prompts

    def list_open(self) -> list[Draft]:
        """Drafts that wait for somebody, oldest first."""
        return self._drafts.list_with_status(_OPEN)

    def approve(self, draft_id: int, decided_by: str, now: datetime, seen_text: str | None = None) -> Draft:
        """Approve exactly the text the person saw. Raises ReviewError when it cannot be taken."""
        draft = self._drafts.find(draft_id)
        text = draft.text if seen_text is None else seen_text
        _refuse_empty(text)
        self._refuse_blocked(text, draft)
        decision = Decision(draft_id, DecisionAction.APPROVE, decided_by, now, text)
        return self._decide(decision, text, DraftStatus.APPROVED)

    def edit(self, draft_id: int, text: str, decided_by: str, now: datetime, seen_text: str | None = None) -> Draft:
        """Put a person's words in place of the draft's; it stays pending until somebody approves them.

        The draft's note goes, as it was about the old text. With `seen_text`, the text the person started from,
        another person's edit in between is never overwritten.
        """
        text = text.strip()
        _refuse_empty(text)
        draft = self._drafts.find(draft_id)
        judged = _judge_anew(text, draft)
        self._refuse_blocked(text, replace(draft, sentences=tuple(judged)))
        decision = Decision(draft_id, DecisionAction.EDIT, decided_by, now, text)
        sentences, _ = to_json(judged, ())
        return self._decide(decision, draft.text if seen_text is None else seen_text, DraftStatus.PENDING, sentences)

    def reject(self, draft_id: int, reason: str, decided_by: str, now: datetime) -> Draft:
        """Take the draft away, with the reason. Raises ReviewError when it was decided already."""
        draft = self._drafts.find(draft_id)
        decision = Decision(draft_id, DecisionAction.REJECT, decided_by, now, draft.text, reason)
        return self._decide(decision, draft.text, DraftStatus.REJECTED)

    def _decide(self, decision: Decision, seen: str, to_status: DraftStatus, sentences: str | None = None) -> Draft:
        if not self._drafts.decide(decision, seen, to_status, sentences):
            raise self._explain_loss(decision.draft_id)
        return self._drafts.find(decision.draft_id)

    def _explain_loss(self, draft_id: int) -> ReviewError:
        draft = self._drafts.find(draft_id)
        last: Sequence[Decision] = self._drafts.decisions(draft_id)[-1:]
        who = f" by {last[0].decided_by} at {last[0].decided_at:%Y-%m-%d %H:%M} UTC" if last else ""
        if draft.status is DraftStatus.PENDING:
            return ReviewError(f"Draft {draft_id} was changed{who} since you saw it.", "Read the new text first.")
        verb = {DecisionAction.REJECT: "rejected"}.get(last[0].action, "approved") if last else "decided"
        return ReviewError(
            f"Draft {draft_id} was already {verb}{who}; it is {draft.status} now.", "Nothing was changed."
        )

    def _refuse_blocked(self, text: str, draft: Draft) -> None:
        mention = self._mentions.find(draft.mention_id)
        guide = read_guide(self._prompts, mention.network)
        thread = self._threads.thread(mention.mention_id)
        candidate = Candidate(text, mention, draft.sentences, draft.citations, guide, thread)
        reasons = [one.reason for one in self._guards.check(candidate) if one.effect is Effect.BLOCK]
        if reasons:
            raise ReviewError(f"This text must not leave. {' '.join(reasons)}", "Mend the text, then approve it.")


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise ReviewError("A reply cannot be empty.", "Write the text, or reject the draft.")


def _judge_anew(text: str, draft: Draft) -> list[Sentence]:
    """Sentences that stay as they were keep what they rest on; the others are checked against the draft's citations."""
    known = {_flatten(sentence.text): sentence for sentence in draft.sentences if sentence.text.strip()}
    judged = []
    for piece in _cut_out(text, list(known)):
        same = known.get(_flatten(piece))
        judged += [same] if same else [_judge(part, draft) for part in split_sentences(piece)]
    return judged


def _cut_out(text: str, sentences: list[str]) -> Iterator[str]:
    """The text in pieces: these sentences, and what stands between them.

    In the middle of another sentence they do not count: `It is not true that bikes are free.` is no `Bikes are free.`
    """
    longest_first = sorted(sentences, key=len, reverse=True)
    one = "|".join(r"\s+".join(map(re.escape, sentence.split())) for sentence in longest_first) or "(?!)"
    place = 0
    run_of_them = rf"(?:{one})(?:\s+(?:{one}))*"
    for run in re.finditer(rf"{_BEGIN}\s*({run_of_them}){_END}", text):
        yield text[place : run.start()]
        yield from re.findall(one, run[1])
        place = run.end()
    yield text[place:]


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _judge(sentence: str, draft: Draft) -> Sentence:
    near = [c for c in draft.citations if judge_support(sentence, [c.quote]) in (Support.QUOTED, Support.SUPPORTED)]
    support = judge_support(sentence, [citation.quote for citation in near])
    return Sentence(sentence, support, tuple(citation.number for citation in near))
