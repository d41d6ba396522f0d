"""The command `draft`: a reply to a kept post, to an address or to a pasted text, and its versions."""

import getpass
from typing import Annotated, Any

import typer

from assistant.cli.options import AsJson, Batch, open_assistant
from assistant.cli.output import answer_batch, find_text, note, print_json, print_table, say
from assistant.core.home import Home
from assistant.domain import Draft, DraftLook
from assistant.errors import InputError
from assistant.listening.tables.posts import is_address
from assistant.replies.build import Replies
from assistant.replies.style_guides import DEFAULT, read_guide
from assistant.replies.tables.drafts import DraftVersion
from assistant.reports.digest import shorten

_HOW = 'earshot draft MENTION_ID, earshot draft https://…, or earshot draft --text "…"'


def add_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(draft)


def draft(
    ctx: typer.Context,
    post: Annotated[
        str, typer.Argument(help="A mention's id (earshot mentions lists them), or a post's address.")
    ] = "",
    text: Annotated[str, typer.Option(help="Any post's text: it is answered, but nothing is kept.")] = "",
    network: Annotated[str, typer.Option(help="With --text: the network whose guide counts, such as x.")] = "",
    instruction: Annotated[str, typer.Option(help='Another version of the draft: "shorter, without links".')] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Override a proposal not to reply.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="List the versions of the post's draft.")] = False,
    bring_back: Annotated[int, typer.Option(help="Bring this version back.", min=0)] = 0,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Draft a reply to a customer's post from public documents."""
    assistant = open_assistant(ctx)
    if batch:
        answer_batch(batch, lambda line: _to_reply(_draft_line(assistant.home, assistant.replies, line)))
        return
    if bool(post) == bool(text):
        raise InputError("Say which post to answer.", _HOW)
    if text and (instruction or anyway or versions or bring_back):
        raise InputError("A pasted text is not kept, so its draft has one version only.", _HOW)
    note("Loading the index and the model…")
    made = (
        _draft_pasted(assistant.home, assistant.replies, text, network)
        if text
        else _draft_kept(assistant.home, assistant.replies, post)
    )
    if versions:
        _print_versions(assistant.replies.drafting.list_versions(made.draft_id), as_json)
        return
    made = _change(assistant.home, assistant.replies, made, instruction, anyway, bring_back)
    if as_json:
        print_json(_to_reply(made))
    else:
        print_draft(made)


def print_draft(made: Draft) -> None:
    """A draft for a terminal: what is proposed, each sentence with its support, and what a reviewer should know."""
    title = f"Draft {made.draft_id}, {made.status}" if made.draft_id else "A draft that is not kept"
    version = f", version {made.version}" if made.version > 1 else ""
    say(f"{title}{version}, for {made.mention_id}: {_describe_look(made)}", style="bold")
    for sentence in made.sentences:
        say(f"  {sentence.text}{''.join(f' [{n}]' for n in sentence.citations)}  ({sentence.support})")
    if made.back_translation:
        say(f"  In your language: {made.back_translation}", style="dim")
    for citation in made.citations:
        say(f"  [{citation.number}] {citation.title} ({citation.url or citation.document_id})", style="dim")
    for line in (made.missing, made.note):
        if line:
            say(f"  {line}", style="yellow")


def _describe_look(made: Draft) -> str:
    if made.no_reply_reason:
        return f"do not reply ({made.no_reply_reason})"
    return "nothing is proposed, this was found" if made.look is DraftLook.FINDINGS_ONLY else str(made.look)


def _draft_kept(home: Home, replies: Replies, post: str) -> Draft:
    now = home.clock()
    if is_address(post):
        return replies.drafting.draft_address(post, now)
    return replies.drafting.draft_mention(post, now)


def _draft_pasted(home: Home, replies: Replies, text: str, network: str) -> Draft:
    if network and read_guide(home.prompts, network.strip()).network == DEFAULT:
        note(f"There is no guide for {network.strip()}: prompts/networks/{DEFAULT}.md counts.")
    return replies.drafting.draft_text(text, home.clock(), network or "file")


def _draft_line(home: Home, replies: Replies, line: dict[str, Any]) -> Draft:
    lang = str(line["lang"]) if line.get("lang") else None
    network, post_id = str(line.get("source") or "file"), str(line.get("id") or "text")
    return replies.drafting.draft_text(find_text(line, "text"), home.clock(), network, lang, post_id)


def _change(home: Home, replies: Replies, made: Draft, instruction: str, anyway: bool, bring_back: int) -> Draft:
    who, now = getpass.getuser(), home.clock()
    anyway = anyway and bool(made.no_reply_reason)  # else it proposes a reply, which is all that is wanted
    if anyway or instruction or bring_back:
        replies.reviewing.claiming.refuse_others(made.draft_id, who, now)
    if anyway:
        made = replies.drafting.draft_anyway(made.draft_id, who, now)
    if instruction:
        made = replies.drafting.regenerate(made.draft_id, instruction, who, now)
    return replies.drafting.bring_back(made.draft_id, bring_back, who, now) if bring_back else made


def _print_versions(versions: list[DraftVersion], as_json: bool) -> None:
    if as_json:
        print_json({"versions": versions})
        return
    rows: list[tuple[object, ...]] = [
        (one.draft.version, f"{one.made_at:%Y-%m-%d %H:%M}", one.made_by, one.instruction, shorten(one.draft.text, 90))
        for one in versions
    ]
    print_table(("version", "when (UTC)", "by", "asked for", "text"), rows)


def _to_reply(made: Draft) -> dict[str, object]:
    return {
        "draft_id": made.draft_id or None,
        "mention_id": made.mention_id,
        "status": made.status,
        "look": made.look,
        "text": made.text,
        "no_reply_reason": made.no_reply_reason,
        "missing": made.missing,
        "lang": made.lang,
        "back_translation": made.back_translation,
        "sentences": made.sentences,
        "citations": made.citations,
        "writer": made.writer,
        "prompt_version": made.prompt_version,
        "note": made.note,
        "version": made.version,
    }
