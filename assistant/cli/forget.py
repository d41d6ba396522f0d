"""The command forget, and the line that retention leaves."""

from datetime import datetime
from typing import Annotated

import typer

from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import note, print_json, say
from assistant.core.home import Home
from assistant.errors import InputError
from assistant.privacy.build import Privacy
from assistant.privacy.forget import Known, Receipt
from assistant.privacy.tables import Author, Forgotten

_PLACES = {
    "posts": "posts",
    "parents": "posts kept because others answer them",
    "analyses": "analyses",
    "findings": "findings of these",
    "words": "words",
    "terms": "posts in the index of terms",
    "vectors": "vectors",
    "corrections": "corrections",
    "topic_posts": "places in discovered topics",
    "drafts": "drafts, emptied",
    "answers": "answers to staff, without their quotes",
    "cards": "cards in Slack, to be emptied",
}


def add_commands(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(forget)


def forget(
    ctx: typer.Context,
    author: Annotated[str, typer.Argument(help="The whole name, as the network writes it, or the account's id.")],
    network: Annotated[str, typer.Option(help="Only on this network, such as x.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove all posts of a person, and all that was made of them, and print a receipt."""
    assistant = open_assistant(ctx)
    known = _look_up(assistant.home, assistant.privacy, author, network)
    if not yes and not _is_confirmed(author, known):
        note("Nothing was removed.")
        raise typer.Exit(1)
    receipt = assistant.privacy.forgetting.forget_author(author, network, assistant.clock())
    if as_json:
        print_json(receipt)
    else:
        _say_receipt(receipt)
    if receipt.unfinished:
        raise typer.Exit(1)


def forget_older(privacy: Privacy, now: datetime) -> None:
    """Apply the retention; a line only when something was removed or could not be."""
    receipt = privacy.forgetting.forget_older(now)
    if not receipt.is_empty:
        note(f"Removed {receipt.removed.posts + receipt.removed.parents} {receipt.subject}.")
    _note_unfinished(receipt.unfinished)


def _look_up(home: Home, privacy: Privacy, author: str, network: str) -> Known:
    try:
        return privacy.forgetting.look_up(author, network)
    except InputError:
        # Perhaps an earlier run was stopped after the last post had gone, and before its bytes had.
        _note_unfinished(privacy.forgetting.finish(home.clock()))
        raise


def _is_confirmed(author: str, known: Known) -> bool:
    note(f"{author} wrote {'; '.join(_describe_author(one) for one in known.authors)}.")
    if len(known.networks) > 1:
        note("These may be different people: --network NAME takes one network only.")
    elif len({one.author_id for one in known.authors} - {""}) > 1:
        note("Several accounts had this name: give the id of one in place of it to forget that one alone.")
    note(f"To be removed: {_list_counts(known.removed)}.")
    return typer.confirm("Forget all of that? It cannot be taken back.", err=True)


def _describe_author(one: Author) -> str:
    count = one.posts + one.parents
    account = f" ({one.author_id})" if one.author_id else ""
    return f"{count} {'post' if count == 1 else 'posts'} on {one.network} as {one.name}{account}"


def _list_counts(removed: Forgotten) -> str:
    counts = {name: getattr(removed, name) for name in _PLACES}
    return ", ".join(f"{count} {_PLACES[name]}" for name, count in counts.items() if count)


def _say_receipt(receipt: Receipt) -> None:
    say(f"Forgotten: {receipt.subject}, on {', '.join(receipt.networks)}", style="bold")
    say(f"  {receipt.forgotten_at:%Y-%m-%d %H:%M} UTC")
    say("Removed:")
    for name, words in _PLACES.items():
        say(f"  {getattr(receipt.removed, name):>6}  {words}")
    say("What stays, and why:")
    for stays in receipt.stays:
        say(f"  {'' if stays.count is None else stays.count:>6}  {stays.what}: {stays.why}")
    _note_unfinished(receipt.unfinished)


def _note_unfinished(problems: tuple[str, ...]) -> None:
    for problem in problems:
        note(f"Not gone from the disk yet: {problem}")
