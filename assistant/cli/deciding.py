"""Commands of review that decide otherwise than by an approval: edit, reject, not-ours, ours, claim, release."""

import getpass
from typing import Annotated

import typer

from assistant.cli.options import AsJson, By, DraftId, open_assistant
from assistant.cli.output import print_json, say
from assistant.domain import Draft
from assistant.replies.build import Replies


def add_decisions(review: typer.Typer) -> None:
    """Add these commands to the group `review`."""
    for command in (edit, reject, ours, claim, release):
        review.command()(command)
    review.command("not-ours")(not_ours)


def edit(
    ctx: typer.Context,
    draft_id: DraftId,
    text: Annotated[str, typer.Option(help="Your text in place of the draft's.")],
    overrule: Annotated[str, typer.Option(help="Why what a guard blocks may stand all the same.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Put your own words in; the draft then waits for an approval of exactly these."""
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
    """Take a draft away: nothing is sent."""
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
    """Say that a post is not ours to answer: the draft goes, and no other is made for it."""
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
    """Take back that a post is not ours: it may be drafted again."""
    assistant = open_assistant(ctx)
    found = assistant.listening.mentions.find(mention_id).mention_id
    assistant.replies.reviewing.unset_not_ours(found, by or getpass.getuser(), assistant.clock())
    say(f"{found} may be answered again: earshot draft {found}")


def claim(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Say that you are on a draft: nobody else decides on it meanwhile."""
    assistant = open_assistant(ctx)
    taken = assistant.replies.reviewing.claiming.claim(draft_id, by or getpass.getuser(), assistant.clock())
    if as_json:
        print_json({"claim": taken})
    else:
        say(f"Draft {draft_id} is with {taken.claimed_by} until {taken.expires_at:%Y-%m-%d %H:%M} UTC.")


def release(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Let go of a draft."""
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
