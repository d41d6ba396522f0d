"""The one slash command: `/earshot` and a word that names what to do, so that it clashes with nobody else's."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from assistant.core.roles import Action, FindRoles, may, require

COMMAND, ASK = "/earshot", "ask"
_NEARLY = 0.8
# One word alone is no question, unless it's in a script that has no spaces.
_ONE_WORD = re.compile(r"[a-z\u00c0-\u024f][\w-]*", re.IGNORECASE)


@dataclass(frozen=True)
class Issued:
    """A command as it was typed: `text` is what follows the word; `trigger_id` opens a modal within 3 s.

    `whole` is all that was typed, the word included.
    """

    text: str
    user: str
    channel: str
    team: str
    trigger_id: str
    response_url: str
    whole: str = ""


@dataclass(frozen=True)
class Command:
    """One word: `run` gives at once what only the person sees, so it must not take longer than Slack waits (3 s).

    It gives nothing where it wrote work down: that work shows its own sign first, so that no answer overtakes it.
    `usage` follows the word in the help, `help_text` says what it does. A word that also begins questions, and takes
    nothing after it, is one of a question where something follows: `why is there a fee`. `needs` is what somebody must
    be allowed to do: else it is refused before it runs, and not in their help.
    """

    run: Callable[[Issued], str]
    usage: str
    help_text: str
    begins_questions: bool = False
    needs: Action | None = None


Commands = dict[str, Command]


def read_command(body: dict[str, Any]) -> tuple[str, Issued]:
    """The word and the rest of a command's payload."""
    # A line may end after the word: people paste what they ask, or a post, below it.
    whole = str(body.get("text") or "").strip()
    word, rest = [*whole.split(maxsplit=1), "", ""][:2]
    issued = Issued(
        text=rest.strip(),
        user=body["user_id"],
        channel=body["channel_id"],
        team=body.get("team_id") or "",
        trigger_id=body["trigger_id"],
        response_url=body["response_url"],
        whole=whole,
    )
    return word.lower(), issued


def run_command(commands: Commands, word: str, issued: Issued, find_roles: FindRoles) -> str:
    """Return the immediate reply: of the command that was named, the help, or of `ask` for whatever else was typed.

    A word that is nearly a command's is asked about first: who mistypes `freeze` wants no answer about it; so is a word
    alone. Raises ReviewError for a command that this person may not run.
    """
    command = commands.get(word)
    if command and not (command.begins_questions and issued.text):
        if command.needs:
            require(find_roles(issued.user), command.needs)
        return command.run(issued)
    if not word or (word == "help" and not issued.text):
        return build_help(commands, issued.user, find_roles)
    meant = [] if command else difflib.get_close_matches(word, [*commands, "help"], 1, _NEARLY)
    if meant:
        return f"There's no `{COMMAND} {_quote(word)}`. Did you mean `{COMMAND} {meant[0]}`?"
    if not issued.text and _ONE_WORD.fullmatch(word):
        look_up = f"`{COMMAND} {ASK} {_quote(word)}` looks it up in the documents"
        return f"There's no `{COMMAND} {_quote(word)}`. {look_up}, `{COMMAND} help` lists what I can do."
    return commands[ASK].run(replace(issued, text=issued.whole))


def build_help(commands: Commands, user: str, find_roles: FindRoles) -> str:
    """Every command that this person may run, in a line of its own."""
    roles = find_roles(user)
    shown = {word: one for word, one in commands.items() if one.needs is None or may(roles, one.needs)}
    return "\n".join(f"`{' '.join(filter(None, (COMMAND, word, c.usage)))}` {c.help_text}" for word, c in shown.items())


def _quote(word: str) -> str:
    return word[:30].replace("`", "'").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
