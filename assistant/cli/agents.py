"""Commands for other agents: the MCP server over stdio, and the tokens of those that call over HTTP."""

import getpass
from typing import Annotated

import typer

from assistant.agents.calls import AgentCalls, Caller
from assistant.agents.tables import TokenTables
from assistant.app import Assistant
from assistant.cli.options import AsJson, By, open_assistant
from assistant.cli.output import note, print_json, print_table, say
from assistant.domain import Audience
from assistant.errors import ConfigError

_Name = Annotated[str, typer.Argument(help="Whose token it is, such as helpdesk-bot.")]
_WhatIsSeen = Annotated[
    Audience, typer.Option(help="public sees public documents; internal what all members may see, and may draft.")
]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(mcp)
    tokens = typer.Typer(no_args_is_help=True, help="Tokens with which other agents and programs call over HTTP.")
    tokens.command("add")(add_token)
    tokens.command("list")(list_tokens)
    tokens.command("revoke")(revoke_token)
    app.add_typer(tokens, name="tokens")


def mcp(ctx: typer.Context, audience: _WhatIsSeen = Audience.PUBLIC) -> None:
    """Answer another agent on this machine over MCP (stdio); over HTTP, earshot run does with AGENTS_PORT."""
    assistant = open_assistant(ctx)
    try:
        from assistant.agents.tool_server import run_stdio  # the extra `agents`
    except ImportError as error:
        raise ConfigError("MCP needs one more package.", 'pip install "earshot[agents]"') from error
    note("Earshot answers over MCP on standard input and output.")
    run_stdio(AgentCalls(assistant), Caller(getpass.getuser(), audience))


def add_token(
    ctx: typer.Context, name: _Name, audience: _WhatIsSeen = Audience.PUBLIC, by: By = "", as_json: AsJson = False
) -> None:
    """Make a token. It is shown once; Earshot keeps only its hash."""
    assistant = open_assistant(ctx)
    token = _tokens(assistant).add(name, audience, by or getpass.getuser(), assistant.clock())
    if as_json:
        print_json({"name": name, "audience": audience, "token": token})
        return
    say(f"The token of {name}, for what is {audience}. Copy it now, it isn't shown again:")
    say(token, style="bold")


def list_tokens(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the tokens, never the secrets themselves."""
    found = _tokens(open_assistant(ctx)).list_all()
    if as_json:
        print_json({"tokens": found})
        return
    if not found:
        say("No tokens yet. Make one: earshot tokens add NAME")
        return
    rows: list[tuple[object, ...]] = [
        (
            *(one.name, one.audience, f"{one.made_by}, {one.made_at:%Y-%m-%d}"),
            f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never",
        )
        for one in found
    ]
    print_table(("name", "sees", "made by", "last used (UTC)"), rows)


def revoke_token(ctx: typer.Context, name: _Name, by: By = "", as_json: AsJson = False) -> None:
    """End a token at once."""
    assistant = open_assistant(ctx)
    _tokens(assistant).revoke(name, by or getpass.getuser(), assistant.clock())
    if as_json:
        print_json({"name": name, "is_revoked": True})
        return
    say(f"The token of {name} no longer works.")


def _tokens(assistant: Assistant) -> TokenTables:
    return TokenTables(assistant.home.store, assistant.home.audit)
