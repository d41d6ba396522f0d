"""Questions to a person in the terminal, or to the lines that a script pipes in."""

import getpass
import sys

from assistant.cli.output import say
from assistant.errors import InputError

_HINT = "Run earshot setup again: what was answered until now is kept."


def ask(question: str, default: str = "", is_secret: bool = False) -> str:
    """One answer, without the blanks around it; Enter means the default. Raises InputError when input has ended."""
    shown = f" [{default}]" if default else ""
    prompt = f"{question}{shown}: "
    if is_secret and sys.stdin.isatty():
        answer = getpass.getpass(prompt)
    else:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        answer = sys.stdin.readline()
        if not sys.stdin.isatty():
            say()
        if not answer:
            raise InputError("No more answers came.", _HINT)
    return answer.strip() or default


def confirm(question: str, default: bool) -> bool:
    """Yes or no, asked until it is one of them."""
    while True:
        answer = ask(f"{question} [{'Y/n' if default else 'y/N'}]").casefold()
        if not answer:
            return default
        if answer in ("y", "yes", "n", "no"):
            return answer.startswith("y")
        say("Please answer y or n.")


def choose(question: str, options: tuple[str, ...], default: int) -> int:
    """The number of an option, from 1."""
    say(question, style="bold")
    for number, option in enumerate(options, start=1):
        say(f"  {number}  {option}")
    while True:
        answer = ask(f"1 to {len(options)}", str(default))
        if answer.isdecimal() and 1 <= int(answer) <= len(options):
            return int(answer)
        say(f"Please type a number from 1 to {len(options)}.")
