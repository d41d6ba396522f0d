"""What `earshot --help` and `--version` say."""

from importlib.metadata import version

from cli.conftest import Run

from assistant.cli.app import build_app


def test_the_version_is_told(run: Run) -> None:
    assert run("--version") == f"Earshot {version('earshot')}\n"


def test_every_command_stands_in_a_group_with_a_name() -> None:
    app = build_app()
    panels = {command.rich_help_panel for command in app.registered_commands}
    panels |= {group.rich_help_panel for group in app.registered_groups}
    assert panels == {
        "Start and keep running",
        "Documents and answers",
        "Posts",
        "Replies",
        "Trust",
        "Other programs",
    }
