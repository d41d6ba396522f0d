"""Commands of review: list, show, approve, edit, reject, sent, resume."""

import getpass
from typing import Annotated

import typer

from assistant.cli.drafting import print_draft
from assistant.cli.output import print_json, print_table, say
from assistant.cli.parts import AsJson, open_assistant
from assistant.digest import shorten
from assistant.domain import Draft, DraftStatus, MayReply
from assistant.errors import ReviewError
from assistant.wiring import Assistant

DraftId = Annotated[int, typer.Argument(help="The draft's number; earshot review list shows them.", min=1)]
By = Annotated[str, typer.Option(help="Who decides; your user name if not given.")]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program as `review …`."""
    review = typer.Typer(help="Decide on drafts: nothing is sent without an approval.", no_args_is_help=True)
    review.command("list")(list_open)
    for command in (show, approve, edit, reject, sent, resume):
        review.command()(command)
    app.add_typer(review, name="review")


def list_open(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the drafts that wait for somebody."""
    drafts = open_assistant(ctx).reviewing.list_open()
    if as_json:
        print_json({"drafts": drafts})
        return
    print_table(
        ("draft", "status", "mention", "text"),
        [(draft.draft_id, draft.status, draft.mention_id, shorten(draft.text, 100)) for draft in drafts],
    )
    if not drafts:
        say("No draft waits. Make one: earshot draft MENTION_ID")


def show(ctx: typer.Context, draft_id: DraftId, as_json: AsJson = False) -> None:
    """Show one draft with its post, its evidence and every decision on it."""
    assistant = open_assistant(ctx)
    draft = assistant.drafts.find(draft_id)
    mention = assistant.mentions.find(draft.mention_id)
    decisions = assistant.drafts.decisions(draft_id)
    if as_json:
        eligibility = assistant.sending.eligibility(draft.mention_id)
        reply = assistant.drafts.reply_to(draft_id)
        print_json(
            {"draft": draft, "mention": mention, "eligibility": eligibility, "decisions": decisions, "reply": reply}
        )
        return
    say(f"{mention.author} on {mention.network}, {mention.created_at:%Y-%m-%d %H:%M} UTC:", style="bold")
    say(f"  {mention.text}")
    print_draft(draft)
    for decision in decisions:
        reason = f": {decision.reason}" if decision.reason else ""
        say(
            f"  {decision.decided_at:%Y-%m-%d %H:%M} UTC {decision.action} by {decision.decided_by}{reason}",
            style="dim",
        )
    _say_what_next(assistant, draft)


def approve(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Approve a draft's exact text and send it, once."""
    assistant = open_assistant(ctx)
    try:
        assistant.reviewing.approve(draft_id, by or getpass.getuser(), assistant.clock())
    except ReviewError:
        # Approved already, and a crash came before the send: the approval stands, and the send is still to be done.
        if not _waits_for_send(assistant, assistant.drafts.find(draft_id)):
            raise
    _show_result(assistant, assistant.sending.send(draft_id), as_json)


def edit(
    ctx: typer.Context,
    draft_id: DraftId,
    text: Annotated[str, typer.Option(help="Your text in place of the draft's.")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Put your own words in; the draft then waits for an approval of exactly these."""
    assistant = open_assistant(ctx)
    _show_result(
        assistant, assistant.reviewing.edit(draft_id, text, by or getpass.getuser(), assistant.clock()), as_json
    )


def reject(
    ctx: typer.Context,
    draft_id: DraftId,
    reason: Annotated[str, typer.Option(help="Why; the next draft learns from it.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Take a draft away: nothing is sent."""
    assistant = open_assistant(ctx)
    draft = assistant.reviewing.reject(draft_id, reason, by or getpass.getuser(), assistant.clock())
    _show_result(assistant, draft, as_json)


def sent(
    ctx: typer.Context,
    draft_id: DraftId,
    url: Annotated[str | None, typer.Option(help="Where the reply can be seen.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say that you sent an approved draft by hand."""
    assistant = open_assistant(ctx)
    _show_result(assistant, assistant.sending.mark_sent(draft_id, url), as_json)


def resume(ctx: typer.Context, as_json: AsJson = False) -> None:
    """After a crash: look up what was being sent, then send what is approved."""
    assistant = open_assistant(ctx)
    drafts = assistant.sending.resume()
    if as_json:
        print_json({"drafts": drafts})
        return
    for draft in drafts:
        say(f"Draft {draft.draft_id} is {draft.status}.")
    if not drafts:
        say("Nothing was left unfinished.")


def _show_result(assistant: Assistant, draft: Draft, as_json: bool) -> None:
    if as_json:
        print_json({"draft": draft, "reply": assistant.drafts.reply_to(draft.draft_id)})
        return
    say(f"Draft {draft.draft_id} is {draft.status}.")
    _say_what_next(assistant, draft)


def _waits_for_send(assistant: Assistant, draft: Draft) -> bool:
    may_reply = assistant.sending.eligibility(draft.mention_id).may_reply
    return draft.status is DraftStatus.APPROVED and may_reply is MayReply.YES


def _say_what_next(assistant: Assistant, draft: Draft) -> None:
    eligibility = assistant.sending.eligibility(draft.mention_id)
    if draft.status is DraftStatus.PENDING:
        say(f"  Decide: earshot review approve|edit|reject {draft.draft_id}", style="dim")
    if _waits_for_send(assistant, draft) or draft.status in (DraftStatus.SENDING, DraftStatus.UNKNOWN):
        say("  It was left unfinished: earshot review resume", style="yellow")
    if draft.status is DraftStatus.APPROVED and eligibility.may_reply is MayReply.ASSIST:
        mention = assistant.mentions.find(draft.mention_id)
        say(f"  {eligibility.reason}", style="yellow")
        say(f"  Post: {mention.url or 'no address known'}")
        say(f"  Text: {draft.text}")
        say(f"  Then: earshot review sent {draft.draft_id}", style="dim")
