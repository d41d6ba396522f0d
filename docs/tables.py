"""The tables in docs/commands.md, docs/settings.md and docs/review.md, made from the code by `make tables`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic.fields import FieldInfo

from assistant.cli.app import build_app
from assistant.core.config import Settings
from assistant.core.roles import NEEDS, Role
from docs.packages import write_page

FOLDER = Path(__file__).parent
MARK = "<!-- Everything below is made from the code: run `make tables`. -->\n"


def write_pages() -> None:
    """Write the tables below the mark of each page; the text above it stays."""
    for path, tables in build_tables().items():
        path.write_text(read_head(path) + tables, encoding="utf-8")


def build_tables() -> dict[Path, str]:
    """Return the tables of each page by its path."""
    commands = typer.main.get_command(build_app())
    return {
        FOLDER / "commands.md": "\n".join(_describe_commands(commands)) + "\n",
        FOLDER / "settings.md": "\n".join(_describe_settings()) + "\n",
        FOLDER / "review.md": "\n".join(_describe_actions()) + "\n",
    }


def read_head(path: Path) -> str:
    """Return the hand-written text of a page, the mark included."""
    return path.read_text(encoding="utf-8").partition(MARK)[0] + MARK


def list_commands(command: Any, name: str = "earshot") -> Iterator[tuple[str, Any]]:
    """Yield every command that is not hidden, with its name as it is typed."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, below in command.commands.items():
        if not below.hidden:
            yield from list_commands(below, f"{name} {word}")


def _describe_commands(root: Any) -> Iterator[str]:
    commands = list(list_commands(root))
    yield "\n| command | what it does |\n|---|---|"
    yield from (f"| [`{name}`](#{name.replace(' ', '-')}) | {_first_line(command)} |" for name, command in commands)
    for name, command in commands:
        yield f"\n## {name}\n\n{command.help}\n\n    {_show_usage(name, command)}"
        rows = [f"| `{_show_parameter(each)}` | {each.help} |" for each in command.params if each.name != "as_json"]
        if rows:
            yield "\n| | |\n|---|---|"
            yield from rows


def _first_line(command: Any) -> str:
    return str(command.help).partition("\n")[0]


def _show_usage(name: str, command: Any) -> str:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    words = [_show_parameter(each) if each.required else f"[{_show_parameter(each)}]" for each in arguments]
    required = [_show_parameter(each) for each in command.params if each not in arguments and each.required]
    has_options = any(each not in arguments and not each.required for each in command.params)
    return " ".join([name, *words, *required, *(["[options]"] if has_options else [])])


def _show_parameter(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper() + (" …" if parameter.nargs == -1 else "")
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return names if parameter.is_flag else f"{names} {parameter.metavar or _name_value(parameter)}"


def _name_value(parameter: Any) -> str:
    longest = max(parameter.opts, key=len)
    return str(longest.removeprefix("--").replace("-", "_").upper())


def _describe_settings() -> Iterator[str]:
    yield "\n| setting | default | what it does |\n|---|---|---|"
    for name, field in Settings.model_fields.items():
        yield f"| `{name.upper()}` | {_show_default(field)} | {str(field.description).replace('|', chr(92) + '|')} |"


def _describe_actions() -> Iterator[str]:
    yield "\n| in Slack | may be done by |\n|---|---|"
    yield from (f"| {action} | {_name_holders(needed)} |" for action, needed in NEEDS.items())


def _name_holders(needed: Role) -> str:
    """Name everybody with the role: second approvers hold a reviewer's, admins every one."""
    also = {Role.REVIEWER: (Role.SECOND_APPROVER, Role.ADMIN), Role.MEMBER: (), Role.ADMIN: ()}
    return ", ".join(f"{role}s" for role in (needed, *also.get(needed, (Role.ADMIN,))))


def _show_default(field: FieldInfo) -> str:
    if field.default in (None, "", ()):
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


if __name__ == "__main__":
    write_pages()
    write_page()
