"""Fixes of documents that said something wrong: people write documents, Earshot only notes that it was done."""

from datetime import datetime
from pathlib import Path

from assistant.errors import InputError
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.proposals import Proposal, ProposalKind, ProposalStatus, ProposalTables


class Fixing:
    """Accepts a fix only where the passage that was wrong stands in its document no more."""

    def __init__(self, proposals: ProposalTables, documents: DocumentTables) -> None:
        self._proposals = proposals
        self._documents = documents

    def list_open(self) -> list[Proposal]:
        """The fixes that wait for somebody, oldest first."""
        return [one for one in self._proposals.list_open() if one.kind is ProposalKind.FIX]

    def find_document(self, fix: Proposal) -> tuple[str, bool]:
        """Where its document lies, and whether the passage still stands in it as it was indexed last."""
        known = self._documents.find_place(fix.document_id, fix.passage)
        place = known["url"] or str(Path(known["source"]) / fix.document_id) if known else fix.document_id
        if known and Path(known["source"]).is_dir():
            place = str(Path(known["source"]) / fix.document_id)
        return place, bool(known and known["holds"])

    def accept(self, fix: Proposal, who: str, now: datetime) -> str:
        """Note that its document was mended; returns where that lies. Raises InputError while it was not."""
        place, holds_it = self.find_document(fix)
        if holds_it:
            raise InputError(
                f"{place} still says “{fix.passage}”.",
                f"Change it there, then: earshot ingest, and earshot proposals accept {fix.proposal_id}",
            )
        self._decide(fix, ProposalStatus.ACCEPTED, place, who, now)
        return place

    def drop(self, fix: Proposal, who: str, now: datetime) -> None:
        """The document was right. Raises InputError when somebody decided otherwise before."""
        self._decide(fix, ProposalStatus.DROPPED, None, who, now)

    def _decide(self, fix: Proposal, status: ProposalStatus, place: str | None, who: str, now: datetime) -> None:
        if not self._proposals.decide(fix.proposal_id, status, place, now, who):
            found = self._proposals.find(fix.proposal_id)
            raise InputError(f"Proposal {fix.proposal_id} is {found.status} already.", "earshot proposals list")
