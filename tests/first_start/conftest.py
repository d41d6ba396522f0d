"""A workspace to connect to, and a person who answers the wizard's questions line by line."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from slack_double import SlackDouble

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.core.config import Settings, load_settings

Answer = Callable[..., str]


@pytest.fixture(autouse=True)
def _a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackDouble]:
    """Two members called alike, a guest, a group, and channels of which Earshot is in some."""
    with SlackDouble(rate_limit=False) as double:
        for user_id, name in (("U0ANNA", "anna"), ("U0SAM1", "sam"), ("U0SAM2", "Sam")):
            double.add_user(user_id, name)
        double.add_user("U0GUEST", "gustav", is_restricted=True)
        double.add_usergroup("S0SUPPORT", ["U0ANNA"])
        double.add_channel("C0REPLIES", "replies", members=["U0ANNA"], is_private=True)
        double.add_channel("C0WEEKLY", "weekly", members=["U0ANNA"])
        double.add_channel("C0TOWN", "town-square", members=["U0ANNA"], with_bot=False)
        double.add_channel("C0PARTNERS", "partners", members=["U0ANNA"], is_ext_shared=True)
        monkeypatch.setenv("SLACK_API_URL", double.api_url)
        yield double


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run `earshot setup` with these lines as what is typed; gives what it printed."""

    def run_setup(*lines: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        monkeypatch.setattr(
            "assistant.cli.options.Assistant", lambda settings: Assistant(settings, embedder=FakeEmbedder())
        )
        capsys.readouterr()
        build_app()(["setup"], standalone_mode=False)
        return capsys.readouterr().out

    return run_setup


@pytest.fixture
def kept() -> Callable[[], Settings]:
    """What the settings are now."""
    return load_settings
