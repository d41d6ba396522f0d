"""Standard answers: what a person wrote once for a question, and a colleague accepted, is given first."""

from dataclasses import dataclass, field

import numpy as np

from assistant.domain import Audience
from assistant.knowledge.tables.proposals import Proposal, ProposalStatus, ProposalTables
from assistant.text.embedding import Embedder, Vectors

# Far above the likeness of questions that only share their subject: a wrong answer given first is worse than none.
_LIKE = 0.8


@dataclass
class StandardAnswers:
    """Finds them by the likeness of questions; vectors are kept while the accepted answers stay the same."""

    proposals: ProposalTables
    embedder: Embedder
    _kept: tuple[tuple[int, ...], Vectors] | None = field(default=None, init=False)

    def find(self, question: str, audience: Audience) -> Proposal | None:
        """The accepted answer to a question; they are internal, so that guests get none."""
        if audience == Audience.PUBLIC:
            return None
        accepted = [one for one in self.proposals.list_answers() if one.status is ProposalStatus.ACCEPTED]
        if not accepted:
            return None
        likeness = self._embed(accepted) @ self.embedder.embed([question])[0]
        best = int(np.argmax(likeness))
        return accepted[best] if float(likeness[best]) >= _LIKE else None

    def _embed(self, accepted: list[Proposal]) -> Vectors:
        numbers = tuple(one.proposal_id for one in accepted)
        if self._kept is None or self._kept[0] != numbers:
            self._kept = numbers, self.embedder.embed([one.question for one in accepted])
        return self._kept[1]
