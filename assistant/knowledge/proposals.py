"""Decisions on what colleagues proposed: answers that become documents, and documents that need a fix."""

import re
import unicodedata
from datetime import datetime
from pathlib import Path

import yaml

from assistant.errors import InputError
from assistant.knowledge.sources.ingest import Ingest
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.proposals import Proposal, ProposalKind, ProposalStatus, ProposalTables

_FOLDER = Path("internal", "answers")
_NAME_CHARACTERS = 60


class Curation:
    """Decides proposals: an answer becomes a document; a fix is accepted once its passage stands there no longer."""

    def __init__(self, folder: Path, proposals: ProposalTables, documents: DocumentTables, ingest: Ingest) -> None:
        self._folder = folder / _FOLDER
        self._proposals = proposals
        self._documents = documents
        self._ingest = ingest

    def accept(self, proposal_id: int, by: str, now: datetime) -> Path:
        """Write an answer as an internal Markdown document and ingest it; doing it again after a crash ends the same.

        A fix changes no file: people write public documents. Returns the document's path. Raises InputError for a fix
        that is not done yet, and for a proposal that is decided already.
        """
        proposal = self._find_open(proposal_id)
        if proposal.kind is ProposalKind.FIX:
            return Path(self._accept_fix(proposal, by, now))
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{proposal_id:04d}-{_name_file(proposal.question)}.md"
        path.write_text(_write_document(proposal), encoding="utf-8")
        self._ingest.run([str(path)], None, now)
        self._proposals.decide(proposal_id, ProposalStatus.ACCEPTED, str(path), now, by)
        return path

    def drop(self, proposal_id: int, by: str, now: datetime) -> None:
        """Decide that a proposal becomes no document. Raises InputError for one that is decided already."""
        self._decide(self._find_open(proposal_id), ProposalStatus.DROPPED, None, by, now)

    def list_fixes(self) -> list[Proposal]:
        """List the open fixes, oldest first."""
        return [one for one in self._proposals.list_open() if one.kind is ProposalKind.FIX]

    def find_document(self, fix: Proposal) -> tuple[str, bool]:
        """Find where its document lies, and whether the passage still stands in it as it was indexed last."""
        known = self._documents.find_place(fix.document_id, fix.passage)
        place = known["url"] or str(Path(known["source"]) / fix.document_id) if known else fix.document_id
        if known and Path(known["source"]).is_dir():
            place = str(Path(known["source"]) / fix.document_id)
        return place, bool(known and known["holds"])

    def _accept_fix(self, fix: Proposal, who: str, now: datetime) -> str:
        """Note that its document was fixed; returns its place. Raises InputError while it still says the same."""
        place, holds_it = self.find_document(fix)
        if holds_it:
            raise InputError(
                f"{place} still says “{fix.passage}”.",
                f"Change it there, then: earshot ingest, and earshot proposals accept {fix.proposal_id}",
                in_slack="Change it there; once I have read it again, click the button again.",
            )
        self._decide(fix, ProposalStatus.ACCEPTED, place, who, now)
        return place

    def _find_open(self, proposal_id: int) -> Proposal:
        proposal = self._proposals.find(proposal_id)
        if proposal.status is not ProposalStatus.OPEN:
            raise _refuse_again(proposal)
        return proposal

    def _decide(self, fix: Proposal, status: ProposalStatus, place: str | None, who: str, now: datetime) -> None:
        if not self._proposals.decide(fix.proposal_id, status, place, now, who):
            raise _refuse_again(self._proposals.find(fix.proposal_id))


def _refuse_again(proposal: Proposal) -> InputError:
    return InputError(
        f"Proposal {proposal.proposal_id} is {proposal.status} already.",
        "earshot proposals list shows others.",
        in_slack="",
    )


def _write_document(proposal: Proposal) -> str:
    marks = {
        "title": " ".join((proposal.title or proposal.question).split()),
        "audience": "internal",
        "owner": proposal.author_name,
        "updated": proposal.proposed_at.date().isoformat(),
    }
    marks |= {"url": proposal.url} if proposal.url else {}
    front = yaml.safe_dump(marks, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front}---\n\n{proposal.text.strip()}\n"


def _name_file(question: str) -> str:
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_NAME_CHARACTERS].strip("-") or "answer"
