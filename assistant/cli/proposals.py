"""Commands of proposals: list, show, accept, drop."""

import getpass
from typing import Annotated

import typer

from assistant.cli.options import AsJson, By, open_assistant
from assistant.cli.output import print_json, print_table, say
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import Proposal, ProposalKind

ProposalId = Annotated[int, typer.Argument(help="The proposal's number; earshot proposals list shows them.", min=1)]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program as `proposals …`."""
    proposals = typer.Typer(
        help="Documents that colleagues proposed, and fixes of documents that were wrong.", no_args_is_help=True
    )
    proposals.command("list")(list_open)
    for command in (show, accept, drop):
        proposals.command()(command)
    app.add_typer(proposals, name="proposals")


def list_open(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the proposals that wait for somebody."""
    assistant = open_assistant(ctx)
    assistant.replies.learning.learn(assistant.clock())
    proposals = assistant.knowledge.proposals.list_open()
    if as_json:
        print_json({"proposals": proposals})
        return
    rows: list[tuple[object, ...]] = [
        (p.proposal_id, p.kind, f"{p.proposed_at:%Y-%m-%d}", p.author_name, p.owner, _name_subject(p))
        for p in proposals
    ]
    print_table(("proposal", "kind", "day", "author", "owner", "about"), rows)
    if not proposals:
        say(
            "No proposal waits. «Ask someone who knows» under an answer in Slack makes one, and so does whoever puts"
            " a cited fact right in a draft."
        )


def show(ctx: typer.Context, proposal_id: ProposalId, as_json: AsJson = False) -> None:
    """Show one proposal with its whole text."""
    assistant = open_assistant(ctx)
    proposal = assistant.knowledge.proposals.find(proposal_id)
    if as_json:
        print_json({"proposal": proposal})
        return
    say(f"{proposal.question}", style="bold")
    say(f"  {proposal.author_name}, {proposal.proposed_at:%Y-%m-%d}, {proposal.status}", style="dim")
    if proposal.kind is ProposalKind.FIX:
        _say_fix(assistant.knowledge, proposal)
    else:
        say(proposal.text)


def accept(ctx: typer.Context, proposal_id: ProposalId, by: By = "", as_json: AsJson = False) -> None:
    """Write an answer into KNOWLEDGE_DIR as an internal document, and index it; or say that a fix is done."""
    assistant = open_assistant(ctx)
    path = assistant.knowledge.curation.accept(proposal_id, by or getpass.getuser(), assistant.home.clock())
    if as_json:
        print_json({"proposal_id": proposal_id, "document": str(path)})
    elif assistant.knowledge.proposals.find(proposal_id).kind is ProposalKind.FIX:
        say(f"Proposal {proposal_id} is done: {path} says it no more.")
    else:
        say(f"Written to {path} and indexed. Read it over: it answers questions from now on.")


def drop(ctx: typer.Context, proposal_id: ProposalId, by: By = "", as_json: AsJson = False) -> None:
    """Refuse a proposal: no document comes of it, or the document was right."""
    assistant = open_assistant(ctx)
    assistant.knowledge.curation.drop(proposal_id, by or getpass.getuser(), assistant.home.clock())
    if as_json:
        print_json({"proposal_id": proposal_id})
    else:
        say(f"Proposal {proposal_id} is dropped.")


def _name_subject(proposal: Proposal) -> str:
    return f"“{proposal.question}” says something wrong" if proposal.kind is ProposalKind.FIX else proposal.question


def _say_fix(knowledge: Knowledge, proposal: Proposal) -> None:
    place, holds_it = knowledge.curation.find_document(proposal)
    say(f"  {place}, owner: {proposal.owner or 'nobody is named'}; found in draft {proposal.draft_id}", style="dim")
    say(f"It says:   {proposal.passage}")
    say(f"A person wrote: {proposal.text}")
    number = proposal.proposal_id
    if holds_it:
        say(
            f"  If that is right, change the document, then: earshot ingest, earshot proposals accept {number}",
            style="dim",
        )
    else:
        say(f"  The passage is no longer there: earshot proposals accept {number}", style="dim")
    say(f"  If the document is right: earshot proposals drop {number}", style="dim")
