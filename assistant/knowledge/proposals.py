"""Accepts what colleagues proposed: an answer becomes a document, a fix is done once its document was mended."""

import re
import unicodedata
from pathlib import Path

import yaml

from assistant.core.home import Home
from assistant.errors import InputError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import Proposal, ProposalKind, ProposalStatus

_FOLDER = Path("internal", "answers")
_NAME_CHARACTERS = 60


def accept_proposal(home: Home, knowledge: Knowledge, proposal_id: int, by: str = "") -> Path:
    """Write an answer as an internal Markdown document and ingest it; doing it again after a crash ends the same.

    A fix changes no file: people write public documents. It is accepted when the passage that was wrong stands in the
    document no more; the path is the document's. Raises InputError for a fix that is not done yet, and for a proposal
    that is decided already.
    """
    proposal = _find_open(knowledge, proposal_id)
    if proposal.kind is ProposalKind.FIX:
        return Path(knowledge.fixing.accept(proposal, by, home.clock()))
    folder = home.settings.knowledge_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{proposal_id:04d}-{_name_file(proposal.question)}.md"
    path.write_text(_write_document(proposal), encoding="utf-8")
    knowledge.ingest.run([str(path)], None, home.clock())
    knowledge.proposals.decide(proposal_id, ProposalStatus.ACCEPTED, str(path), home.clock(), by)
    return path


def drop_proposal(home: Home, knowledge: Knowledge, proposal_id: int, by: str = "") -> None:
    """Decide that a proposal is not to become a document. Raises InputError for one that is decided already."""
    _find_open(knowledge, proposal_id)
    knowledge.proposals.decide(proposal_id, ProposalStatus.DROPPED, None, home.clock(), by)


def _find_open(knowledge: Knowledge, proposal_id: int) -> Proposal:
    proposal = knowledge.proposals.find(proposal_id)
    if proposal.status is not ProposalStatus.OPEN:
        raise InputError(
            f"Proposal {proposal_id} is {proposal.status} already.", "earshot proposals list shows others."
        )
    return proposal


def _write_document(proposal: Proposal) -> str:
    marks = {
        "title": " ".join(proposal.question.split()),
        "audience": "internal",
        "owner": proposal.author_name,
        "updated": proposal.proposed_at.date().isoformat(),
    }
    front = yaml.safe_dump(marks, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front}---\n\n{proposal.text.strip()}\n"


def _name_file(question: str) -> str:
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_NAME_CHARACTERS].strip("-") or "answer"
