"""Shared parts of the commands: the Assistant of this command, and options that many of them have."""

import json
import logging
import logging.handlers
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.app import Assistant
from assistant.core.config import Settings, load_settings
from assistant.core.setting_files import read_key
from assistant.domain import Audience
from assistant.errors import ConfigError
from assistant.knowledge.sources.settings import load_sources
from assistant.listening.networks.settings import load_listening

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Batch = Annotated[Path | None, typer.Option("--batch", help="Read JSONL from this file and write JSONL.")]
DraftId = Annotated[int, typer.Argument(help="The draft's number; earshot review list shows them.", min=1)]
By = Annotated[str, typer.Option(help="Who decides; your user name if not given.")]
AudienceOption = Annotated[
    Audience,
    typer.Option(help="Who reads the answer: public sees public documents, internal what all members may see."),
]


def open_assistant(ctx: typer.Context) -> Assistant:
    """The Assistant of this program run: made from the settings, unless whoever runs the program gave one."""
    if ctx.obj is None:
        settings = load_settings()
        start_logging(settings)
        ctx.obj = Assistant(settings)
    assistant: Assistant = ctx.obj
    return assistant


def _close_to_others(home: Path) -> None:
    """Let nobody else into the folder, also one that was made before Earshot did so."""
    if home.stat().st_uid == os.geteuid() and home.stat().st_mode & 0o077:
        home.chmod(0o700)


def start_logging(settings: Settings) -> None:
    """Log to a file that is kept small, without secrets."""
    home = settings.earshot_home
    try:
        home.mkdir(parents=True, exist_ok=True)
        _close_to_others(home)
        handler = logging.handlers.RotatingFileHandler(
            home / "earshot.log", maxBytes=5_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError as error:
        raise ConfigError(
            f"EARSHOT_HOME {home} cannot be used: {error.strerror}.", "Name a folder that can be written to."
        ) from error
    form = _JsonLines if settings.log_format == "json" else _WithoutSecrets
    handler.setFormatter(form((*settings.secrets, *_find_keys(settings))))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for talkative in ("httpx", "httpcore"):  # a line for each request, and for each redirect
        logging.getLogger(talkative).setLevel(logging.WARNING)


def _find_keys(settings: Settings) -> tuple[str, ...]:
    names: list[str] = []
    for path, load in ((settings.networks_file, load_listening), (settings.sources_file, load_sources)):
        try:
            names += load(path, is_needed=False).key_names
        except ConfigError:  # told where the networks or sources are asked for
            continue
    return tuple(value for name in names if (value := read_key(name)))


class _WithoutSecrets(logging.Formatter):
    """Whatever a library logs, tracebacks included, the tokens and keys are struck out of it."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


class _JsonLines(_WithoutSecrets):
    """One object a line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": super().format(record).split(f"{record.name}: ", 1)[-1],
        }
        return json.dumps(fields, ensure_ascii=False)
