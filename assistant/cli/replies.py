"""Commands on what leaves: review undo and delete, eligibility, optout; and the wait for the end of the undo window."""

import getpass
import time
from typing import Annotated

import typer

from assistant.cli.exit_codes import INTERRUPTED
from assistant.cli.options import AsJson, By, DraftId, open_assistant
from assistant.cli.output import note, print_json, say
from assistant.core.home import Home
from assistant.domain import Draft, Eligibility
from assistant.errors import InputError, NetworkError
from assistant.listening.build import Listening
from assistant.listening.networks.base.protocol import PostNow
from assistant.replies.build import Replies


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (eligibility, optout):
        app.command()(command)


def add_review_commands(review: typer.Typer) -> None:
    """Add those that stand under `review`."""
    for command in (undo, delete):
        review.command()(command)


def undo(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Undo an approval before the reply is sent: the draft waits for a decision again."""
    _show(open_assistant(ctx).replies.sending.undo(draft_id, by or getpass.getuser()), as_json)


def delete(ctx: typer.Context, draft_id: DraftId, by: By = "", as_json: AsJson = False) -> None:
    """Delete a reply that was sent, on its network; its text and who deleted it stay on record here."""
    _show(open_assistant(ctx).replies.sending.delete(draft_id, by or getpass.getuser()), as_json)


def eligibility(
    ctx: typer.Context,
    mention_id: Annotated[str, typer.Argument(help="The post's id; earshot mentions shows them.")],
    look: Annotated[bool, typer.Option("--look", help="Look at the post on its network first: is it locked?")] = False,
    as_json: AsJson = False,
) -> None:
    """Can this post be answered: yes, by a person only, or no; and which rule says so."""
    assistant = open_assistant(ctx)
    mention = assistant.listening.mentions.find(mention_id)
    post_now = _look(assistant.listening, assistant.replies, mention_id) if look else None
    if post_now and post_now.mention is None:
        raise NetworkError(f"The post {mention_id} is no longer there.", "earshot collect takes it away here too.")
    judged = assistant.replies.judging.judge(mention, post_now)
    if as_json:
        print_json(judged)
    else:
        print_eligibility(judged)


def optout(
    ctx: typer.Context,
    author: Annotated[str, typer.Argument(help="The name as the network writes it, with or without @.")],
    network: Annotated[str, typer.Option(help="Only on this network; on all if not given.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="They accept replies again.")] = False,
    by: By = "",
) -> None:
    """Note that an author wants no replies: nothing more is sent to them."""
    if not author.strip().removeprefix("@"):
        raise InputError("Say who wants no answers.", "earshot optout AUTHOR --network NAME")
    assistant = open_assistant(ctx)
    where = f" on {network}" if network else ""
    if not assistant.replies.opt_outs.has_posts(author, network):
        say(f"No post by {author} is known here{where}: is it spelt so?", style="yellow")
    if remove:
        known = assistant.replies.opt_outs.remove(author, network)
        say(f"{author} may be answered again{where}." if known else f"{author} had not opted out{where}.")
        return
    is_new = assistant.replies.opt_outs.add(author, network, by or getpass.getuser(), assistant.clock())
    say(f"{author} gets no answers{where} from now on." if is_new else f"That was known of {author}{where}.")


def print_eligibility(judged: Eligibility) -> None:
    """Print whether a post may be answered."""
    rule = f" (rule {judged.rule})" if judged.rule else ""
    until = f" Until {judged.until:%Y-%m-%d %H:%M} UTC." if judged.until else ""
    say(f"  May be answered: {judged.may_reply}{rule}. {judged.reason}{until}")


def send_when_due(home: Home, replies: Replies, draft_id: int, is_waiting: bool) -> Draft:
    """Wait for the end of the undo window, then send; without waiting, say when it leaves."""
    leaves_at = replies.sending.leaves_at(draft_id)
    seconds = (leaves_at - home.clock()).total_seconds() if leaves_at else 0
    if leaves_at and seconds > 0:
        note(f"It is sent at {leaves_at:%H:%M:%S} UTC. Take it back: earshot review undo {draft_id}")
        if not is_waiting:
            note("earshot run sends it then, or: earshot review resume")
            return replies.drafts.find(draft_id)
        try:
            time.sleep(seconds + 0.01)
        except KeyboardInterrupt:
            note(f"Not sent yet. Take it back: earshot review undo {draft_id}; send it: earshot review resume")
            raise typer.Exit(INTERRUPTED) from None
    return replies.sending.send(draft_id)


def _look(listening: Listening, replies: Replies, mention_id: str) -> PostNow:
    mention = listening.mentions.find(mention_id)
    if mention.network not in replies.looks:
        raise InputError(f"Earshot cannot look at single posts on {mention.network}.", "Leave --look out.")
    return replies.looks[mention.network].look(mention)


def _show(draft: Draft, as_json: bool) -> None:
    if as_json:
        print_json({"draft": draft})
    else:
        say(f"Draft {draft.draft_id} is {draft.status}.")
