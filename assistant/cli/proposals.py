"""Commands of proposals: list, show, accept, drop."""

from typing import Annotated

import typer

from assistant.cli.output import print_json, print_table, say
from assistant.cli.parts import AsJson, open_assistant
from assistant.propose import accept_proposal, drop_proposal

ProposalId = Annotated[int, typer.Argument(help="The proposal's number; earshot proposals list shows them.", min=1)]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program as `proposals …`."""
    proposals = typer.Typer(help="Documents that colleagues proposed by a reply in Slack.", no_args_is_help=True)
    proposals.command("list")(list_open)
    for command in (show, accept, drop):
        proposals.command()(command)
    app.add_typer(proposals, name="proposals")


def list_open(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the proposals that wait for somebody."""
    proposals = open_assistant(ctx).proposals.list_open()
    if as_json:
        print_json({"proposals": proposals})
        return
    rows: list[tuple[object, ...]] = [
        (p.proposal_id, f"{p.proposed_at:%Y-%m-%d}", p.author_name, p.question) for p in proposals
    ]
    print_table(("proposal", "day", "author", "question"), rows)
    if not proposals:
        say("No proposal waits. In Slack, «Ask someone who knows» under an answer makes one.")


def show(ctx: typer.Context, proposal_id: ProposalId, as_json: AsJson = False) -> None:
    """Show one proposal with its whole text."""
    proposal = open_assistant(ctx).proposals.find(proposal_id)
    if as_json:
        print_json({"proposal": proposal})
        return
    say(f"{proposal.question}", style="bold")
    say(f"  {proposal.author_name}, {proposal.proposed_at:%Y-%m-%d}, {proposal.status}", style="dim")
    say(proposal.text)


def accept(ctx: typer.Context, proposal_id: ProposalId, as_json: AsJson = False) -> None:
    """Write a proposal into KNOWLEDGE_DIR as an internal document, and index it."""
    path = accept_proposal(open_assistant(ctx), proposal_id)
    if as_json:
        print_json({"proposal_id": proposal_id, "document": str(path)})
    else:
        say(f"Written to {path} and indexed. Read it over: it answers questions from now on.")


def drop(ctx: typer.Context, proposal_id: ProposalId, as_json: AsJson = False) -> None:
    """Decide that a proposal does not become a document."""
    drop_proposal(open_assistant(ctx), proposal_id)
    if as_json:
        print_json({"proposal_id": proposal_id})
    else:
        say(f"Proposal {proposal_id} is dropped.")
