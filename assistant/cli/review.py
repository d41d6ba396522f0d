"""Commands of review: list, show, approve, sent, resume; others are in replies.py.

Commands of review that decide otherwise than by an approval: edit, reject, not-ours, ours, claim, release.
"""

import getpass
from typing import Annotated

import typer

from assistant.cli.draft import print_draft
from assistant.cli.options import AsJson, By, DraftId, open_assistant
from assistant.cli.output import print_json, print_table, say
from assistant.cli.replies import add_review_commands, print_eligibility, send_when_due
from assistant.core.home import Home
from assistant.domain import Draft, DraftStatus, MayReply
from assistant.errors import InputError
from assistant.listening.build import Listening
from assistant.replies.build import Replies
from assistant.replies.review.approval import Needs
from assistant.replies.review.clearance import name_finding
from assistant.reports.digest import shorten


def add_decisions(review: typer.Typer) -> None:
    """Add these commands to the group `review`."""
    for command in (edit, reject, ours, claim, release):
        review.command()(command)
    review.command("not-ours")(not_ours)


def edit(
    ctx: typer.Context,
    draft_id: DraftId,
    text: Annotated[str, typer.Option(help="Your text in place of the draft's.")],
    overrule: Annotated[str, typer.Option(help="Reason for overriding a check (second approvers only).")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Replace the text; the draft then waits for an approval of exactly this."""
    assistant = open_assistant(ctx)
    user = by or getpass.getuser()
    _show(
        assistant.replies,
        assistant.replies.reviewing.edit(draft_id, text, user, assistant.clock(), overrule=overrule),
        as_json,
    )


def reject(
    ctx: typer.Context,
    draft_id: DraftId,
    reason: Annotated[str, typer.Option(help="Why; the next draft learns from it.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Reject a draft: nothing is sent."""
    assistant = open_assistant(ctx)
    _show(
        assistant.replies,
        assistant.replies.reviewing.reject(draft_id, reason, by or getpass.getuser(), assistant.clock()),
        as_json,
    )


def not_ours(
    ctx: typer.Context,
    draft_id: DraftId,
    reason: Annotated[str, typer.Option(help="Whose it is, or why it is not ours.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Say that a post is not ours to answer: the draft is discarded, and no new one is made."""
    assistant = open_assistant(ctx)
    user = by or getpass.getuser()
    _show(
        assistant.replies, assistant.replies.reviewing.set_not_ours(draft_id, reason, user, assistant.clock()), as_json
    )


def ours(
    ctx: typer.Context,
    mention_id: Annotated[str, typer.Argument(help="The post's id, as review show prints it.")],
    by: By = "",
) -> None:
    """Say that a post is ours after all: it can be drafted again."""
    assistant = open_assistant(ctx)
    found = assistant.listening.mentions.find(mention_id).mention_id
    assistant.replies.reviewing.unset_not_ours(found, by or getpass.getuser(), assistant.clock())
    say(f"{found} may be answered again: earshot draft {found}")


def claim(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Claim a draft: nobody else decides on it meanwhile."""
    assistant = open_assistant(ctx)
    taken = assistant.replies.reviewing.claiming.claim(draft_id, by or getpass.getuser(), assistant.clock())
    if as_json:
        print_json({"claim": taken})
    else:
        say(f"Draft {draft_id} is with {taken.claimed_by} until {taken.expires_at:%Y-%m-%d %H:%M} UTC.")


def release(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Release your claim on a draft."""
    assistant = open_assistant(ctx)
    assistant.replies.reviewing.claiming.release(draft_id, by or getpass.getuser(), assistant.clock())
    if as_json:
        print_json({"claim": None})
    else:
        say(f"Draft {draft_id} is unassigned now.")


def _show(replies: Replies, draft: Draft, as_json: bool) -> None:
    if as_json:
        print_json({"draft": draft, "reply": replies.drafts.reply_to(draft.draft_id)})
    else:
        say(f"Draft {draft.draft_id} is {draft.status}. See it: earshot review show {draft.draft_id}")


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program as `review …`."""
    review = typer.Typer(help="Decide on drafts: nothing is sent without an approval.", no_args_is_help=True)
    review.command("list")(list_open)
    review.command()(show)
    review.command()(approve)
    add_decisions(review)
    review.command()(sent)
    review.command()(resume)
    add_review_commands(review)
    app.add_typer(review, name="review")


def list_open(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the drafts that wait for somebody."""
    assistant = open_assistant(ctx)
    drafts = assistant.replies.reviewing.list_open()
    frozen = assistant.replies.freezing.describe()
    claims = [assistant.replies.reviewing.claiming.find(draft.draft_id, assistant.clock()) for draft in drafts]
    if as_json:
        print_json({"drafts": drafts, "claims": [claim for claim in claims if claim], "frozen": frozen})
        return
    if frozen:
        say(frozen, style="bold red")
    print_table(
        ("draft", "status", "who is on it", "mention", "text"),
        [
            (d.draft_id, d.status, claim.claimed_by if claim else "", d.mention_id, shorten(d.text, 100))
            for d, claim in zip(drafts, claims, strict=True)
        ],
    )
    if not drafts:
        say("No draft waits. Make one: earshot draft MENTION_ID")


def show(ctx: typer.Context, draft_id: DraftId, as_json: AsJson = False) -> None:
    """Show one draft with its post, its evidence and every decision on it."""
    assistant = open_assistant(ctx)
    draft = assistant.replies.drafts.find(draft_id)
    mention = assistant.listening.mentions.find(draft.mention_id)
    decisions = assistant.replies.decisions.of_draft(draft_id)
    needs = assistant.replies.reviewing.find_needs(draft_id, assistant.clock())
    edits = assistant.replies.decisions.edits(draft_id)
    claim = assistant.replies.reviewing.claiming.find(draft_id, assistant.clock())
    if as_json:
        print_json(
            {
                "draft": draft,
                "mention": mention,
                "eligibility": assistant.replies.sending.eligibility(draft.mention_id),
                "decisions": decisions,
                "reply": assistant.replies.drafts.reply_to(draft_id),
                "hash": needs.content.short_hash,
                "needs": needs,
                "edits": edits,
                "claim": claim,
            }
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
    for done in edits:
        say(f"  Edited by {done.edited_by}: {done.word_distance:.0%} of the words are other ones.", style="dim")
    if claim:
        say(f"  {claim.claimed_by} is on it until {claim.expires_at:%Y-%m-%d %H:%M} UTC.", style="yellow")
    if draft.status is DraftStatus.PENDING:
        _say_needs(needs)
    for change in assistant.replies.ledger.changes(draft_id):
        say(f"  {change['done_at'][:16].replace('T', ' ')} UTC {change['action']} by {change['done_by']}", style="dim")
    if draft.status in (DraftStatus.PENDING, DraftStatus.APPROVED):
        print_eligibility(assistant.replies.sending.eligibility(draft.mention_id))
    _say_what_next(assistant.home, assistant.listening, assistant.replies, draft)


def approve(
    ctx: typer.Context,
    draft_id: DraftId,
    seen_hash: Annotated[str, typer.Option("--hash", help="The hash that review show printed: what you saw.")] = "",
    accept_unsupported: Annotated[
        bool, typer.Option("--accept-unsupported", help="Also sentences that no document says.")
    ] = False,
    overrule: Annotated[str, typer.Option(help="Reason for overriding a check (second approvers only).")] = "",
    by: By = "",
    is_waiting: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is sent.")] = True,
    as_json: AsJson = False,
) -> None:
    """Approve a draft's exact text and send it, once. Without --hash it is shown, and you are asked."""
    assistant = open_assistant(ctx)
    user = by or getpass.getuser()
    if not _is_left_unsent(assistant.replies, draft_id):
        seen_hash = seen_hash or _ask(assistant.home, assistant.replies, draft_id, user, as_json)
        made = assistant.replies.reviewing.approve(
            draft_id,
            user,
            assistant.clock(),
            seen_hash=seen_hash,
            accepts_unsupported=accept_unsupported,
            overrule=overrule,
        )
        if made.status is DraftStatus.PENDING:
            _show_result(assistant.home, assistant.listening, assistant.replies, made, as_json)
            return
    _show_result(
        assistant.home,
        assistant.listening,
        assistant.replies,
        send_when_due(assistant.home, assistant.replies, draft_id, is_waiting),
        as_json,
    )


def _is_left_unsent(replies: Replies, draft_id: int) -> bool:
    """Approved already, and a crash came before the send: the approval stands, and the send is still to be done."""
    return _waits_for_send(replies, replies.drafts.find(draft_id))


def _ask(home: Home, replies: Replies, draft_id: int, user: str, as_json: bool) -> str:
    """Show what would be approved, and ask; its hash. Raises InputError when nobody says yes."""
    hint = f"earshot review show {draft_id} prints the text and its hash; then: approve {draft_id} --hash HASH"
    draft = replies.drafts.find(draft_id)
    needs = replies.reviewing.find_needs(draft_id, home.clock())
    if draft.status is not DraftStatus.PENDING:  # told with who decided it, and when
        return needs.content.short_hash
    if as_json:
        raise InputError("Say which text you approve.", hint)
    say(f"{user} would approve this, for {draft.mention_id}:", style="bold")
    say(draft.text)
    _say_needs(needs)
    try:
        is_meant = typer.confirm("Approve exactly this text?", default=False)
    except typer.Abort:
        is_meant = False
    if not is_meant:
        raise InputError(f"Draft {draft_id} was not approved.", hint)
    return needs.content.short_hash


def sent(
    ctx: typer.Context,
    draft_id: DraftId,
    url: Annotated[str | None, typer.Option(help="Where the reply can be seen.")] = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Say that you sent an approved draft by hand."""
    assistant = open_assistant(ctx)
    _show_result(
        assistant.home,
        assistant.listening,
        assistant.replies,
        assistant.replies.sending.mark_sent(draft_id, url, by or getpass.getuser()),
        as_json,
    )


def resume(ctx: typer.Context, as_json: AsJson = False) -> None:
    """After a crash: look up what was being sent, then send what is approved."""
    assistant = open_assistant(ctx)
    drafts = assistant.replies.sending.resume()
    if as_json:
        print_json({"drafts": drafts})
        return
    for draft in drafts:
        say(f"Draft {draft.draft_id} is {draft.status}.")
    for draft_id, leaves_at in assistant.replies.sending.list_leaving(assistant.clock()):
        say(f"Draft {draft_id} is sent at {leaves_at:%H:%M:%S} UTC.")
    if not drafts:
        say("Nothing was left unfinished.")


def _say_needs(needs: Needs) -> None:
    """What an approval asks for, and the hash of what is approved."""
    say(f"  Hash: {needs.content.short_hash}", style="bold")
    for finding in needs.findings:
        say(f"  {finding.guard} ({finding.effect}): {name_finding(finding)}", style="yellow")
    for text in needs.unsupported:
        say(f"  No document says this, --accept-unsupported: “{text}”", style="yellow")
    if needs.second_because:
        first = f"; {needs.first.approved_by} has approved it" if needs.first else ""
        say(f"  It needs a second approver: {'; '.join(needs.second_because)}{first}", style="yellow")


def _show_result(home: Home, listening: Listening, replies: Replies, draft: Draft, as_json: bool) -> None:
    if as_json:
        print_json({"draft": draft, "reply": replies.drafts.reply_to(draft.draft_id)})
        return
    say(f"Draft {draft.draft_id} is {draft.status}.")
    _say_what_next(home, listening, replies, draft)


def _waits_for_send(replies: Replies, draft: Draft) -> bool:
    may_reply = replies.sending.eligibility(draft.mention_id).may_reply
    return draft.status is DraftStatus.APPROVED and may_reply is MayReply.YES


def _say_what_next(home: Home, listening: Listening, replies: Replies, draft: Draft) -> None:
    eligibility = replies.sending.eligibility(draft.mention_id)
    if draft.status is DraftStatus.PENDING:
        needs = replies.reviewing.find_needs(draft.draft_id, home.clock())
        if needs.first:
            say(f"  {needs.first.approved_by} has approved it; a second person has to as well.", style="yellow")
        say(f"  Decide: earshot review approve|edit|reject|not-ours {draft.draft_id}", style="dim")
    leaves_at = replies.sending.leaves_at(draft.draft_id)
    if leaves_at and leaves_at > home.clock():
        say(
            f"  It is sent at {leaves_at:%H:%M:%S} UTC; take it back: earshot review undo {draft.draft_id}",
            style="yellow",
        )
    elif _waits_for_send(replies, draft) or draft.status in (DraftStatus.SENDING, DraftStatus.UNKNOWN):
        say("  It was left unfinished: earshot review resume", style="yellow")
    if draft.status is DraftStatus.APPROVED and eligibility.may_reply is MayReply.ASSIST:
        mention = listening.mentions.find(draft.mention_id)
        say(f"  {eligibility.reason}", style="yellow")
        say(f"  Post: {mention.url or 'no address known'}")
        say(f"  Text: {draft.text}")
        say(f"  Then: earshot review sent {draft.draft_id}", style="dim")
