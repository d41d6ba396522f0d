"""Whoever watches Earshot is told whether it lives, is ready and works, and nothing about a person."""

import importlib
import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.cli.options import start_logging
from assistant.core.config import Settings
from assistant.domain import Audience, Mention, Question
from assistant.service.health import HealthPages, build_probes
from assistant.service.metrics import build_reader

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
Get = Callable[[str], tuple[str, str]]


@pytest.fixture
def parts(tmp_path: Path) -> Assistant:
    """An Assistant whose clock stands."""
    settings = Settings.model_validate({"earshot_home": tmp_path / "home"})
    return Assistant(settings, lambda: NOW, FakeEmbedder())


def ask(pages: HealthPages, path: str) -> tuple[str, str]:
    """The status and the body of one request."""
    said: list[str] = []
    body = pages({"PATH_INFO": path}, lambda status, headers: said.append(status))
    return said[0], b"".join(body).decode()


def test_it_lives_while_it_answers_and_is_ready_once_slack_and_models_are_there(parts: Assistant) -> None:
    state = {"slack": False, "models": False}
    pages = HealthPages(build_probes(parts, lambda: state["slack"], lambda: state["models"]), None)
    assert ask(pages, "/health/live")[0] == "200 OK"
    status, body = ask(pages, "/health/ready")
    assert status == "503 Service Unavailable"
    assert json.loads(body) == {"slack": "not connected", "disk": "ok", "models": "still loading", "collect": "ok"}
    state |= {"slack": True, "models": True}
    assert ask(pages, "/health/ready")[0] == "200 OK"


def test_it_is_not_ready_when_collecting_stands_still(parts: Assistant) -> None:
    pages = HealthPages(build_probes(parts, lambda: True, lambda: True), None)
    parts.home.schedules.note_served("collect", NOW - timedelta(minutes=10))
    assert ask(pages, "/health/ready")[0] == "200 OK"
    parts.home.schedules.note_served("collect", NOW - timedelta(hours=1))
    status, body = ask(pages, "/health/ready")
    assert status == "503 Service Unavailable"
    assert "and not done" in json.loads(body)["collect"]


def test_a_probe_that_fails_is_told_and_no_traceback_is_shown() -> None:
    def fail() -> str:
        raise RuntimeError("secret detail")

    status, body = ask(HealthPages({"disk": fail}, None), "/health/ready")
    assert status == "503 Service Unavailable"
    assert "looking at the disk" in body
    assert "secret detail" not in body


def test_metrics_count_without_naming_anybody(parts: Assistant) -> None:
    post = Mention("file:1", "file", "1", "ada_lovelace", "How do I pause my plan?", NOW)
    parts.listening.mentions.add([post], NOW)
    parts.knowledge.answer(Question("What does Grace Hopper earn?", Audience.PUBLIC))
    made = NOW - timedelta(hours=3)
    read = build_reader(parts, lambda: (2, NOW.timestamp() - 90), lambda: made)
    status, text = ask(HealthPages({}, read), "/metrics")
    assert status == "200 OK"
    assert "earshot_jobs_waiting 2.0" in text
    assert "earshot_oldest_job_age_seconds 90.0" in text
    assert "earshot_backup_age_seconds 10800.0" in text
    assert "ada" not in text
    assert "Hopper" not in text


def test_without_its_extra_metrics_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assistant.service.metrics")
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ImportError):
        importlib.import_module("assistant.service.metrics")
    status, body = ask(HealthPages({}, None), "/metrics")
    assert status == "404 Not Found"
    assert "earshot[metrics]" in body


def test_the_dashboard_asks_for_metrics_that_there_are(parts: Assistant) -> None:
    told = build_reader(parts, lambda: (0, 0.0), lambda: NOW)().decode()
    dashboard: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "earshot.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    names = {name for expr in asked for name in expr.replace("(", " ").replace("[", " ").split() if "earshot" in name}
    assert names
    assert [name for name in names if f"# TYPE {name} " not in told] == []


def test_logs_can_be_one_object_a_line_without_secrets(tmp_path: Path) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    settings = {"earshot_home": tmp_path, "log_format": "json", "chat_model_key": "hush-hush"}
    start_logging(Settings.model_validate(settings))
    try:
        logging.getLogger("a.part").warning("the key is %s", "hush-hush")
    finally:
        root.handlers = handlers
        root.setLevel(level)
    line = json.loads((tmp_path / "earshot.log").read_text().splitlines()[-1])
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "a.part", "the key is ***")
