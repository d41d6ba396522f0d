"""The one slash command: `/earshot` and a word that names what to do, so that it clashes with nobody else's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

COMMAND = "/earshot"


@dataclass(frozen=True)
class Issued:
    """A command as it was typed: `text` is what follows the word; `trigger_id` opens a modal within 3 s."""

    text: str
    user: str
    channel: str
    team: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True)
class Command:
    """One word: `run` gives at once what only the person sees, so it must not take longer than Slack waits (3 s).

    It gives nothing where it wrote work down: that work shows its own sign first, so that no answer overtakes it.
    `usage` follows the word in the help, `help_text` says what it does.
    """

    run: Callable[[Issued], str]
    usage: str
    help_text: str


Commands = dict[str, Command]


def read_command(body: dict[str, Any]) -> tuple[str, Issued]:
    """The word and the rest of a command's payload."""
    # A line may end after the word: people paste what they ask, or a post, below it.
    word, rest = [*str(body.get("text") or "").split(maxsplit=1), "", ""][:2]
    issued = Issued(
        text=rest.strip(),
        user=body["user_id"],
        channel=body["channel_id"],
        team=body.get("team_id") or "",
        trigger_id=body["trigger_id"],
        response_url=body["response_url"],
    )
    return word.lower(), issued


def run_command(commands: Commands, word: str, issued: Issued) -> str:
    """Return the immediate reply to a command; the help for an unknown one, or for none at all."""
    command = commands.get(word)
    if command:
        return command.run(issued)
    unknown = f"I do not know `{COMMAND} {_quote(word)}`.\n" if word and word != "help" else ""
    return unknown + build_help(commands)


def build_help(commands: Commands) -> str:
    """Every command in a line of its own."""
    lines = [f"`{COMMAND} {word}{f' {c.usage}' if c.usage else ''}` {c.help_text}" for word, c in commands.items()]
    return "\n".join(lines)


def _quote(word: str) -> str:
    return word[:30].replace("`", "'").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
