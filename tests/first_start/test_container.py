"""The image, compose.yaml and the unit keep to what they promise: no root, nothing written outside, one service."""

import configparser
import re
from pathlib import Path

import yaml

from assistant.core.config import Settings

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_runs_as_nobody_special_and_is_watched() -> None:
    final = DOCKERFILE.rpartition("FROM ")[2]
    assert "USER 10001:10001" in final
    assert "HEALTHCHECK" in final
    assert "/health/live" in final
    assert "pip install" not in final
    assert DOCKERFILE.index("ARG BASE=") < DOCKERFILE.index("FROM ${BASE}")


def test_the_image_copies_no_secret_and_nothing_of_a_home() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert lines[0] == "*"
    assert not {"!.env", "!.earshot", "!.git", "!tests"} & set(lines)


def test_what_the_image_sets_are_settings() -> None:
    final = DOCKERFILE.rpartition("FROM ")[2]
    names = set(re.findall(r"\b([A-Z][A-Z_]+)=", final)) - {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    assert {name.lower() for name in names - {"MPLCONFIGDIR"}} <= set(Settings.model_fields)


def test_compose_has_one_service_with_a_volume_a_read_only_root_and_ports_of_this_machine_alone() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    [service] = compose["services"].values()
    assert service["read_only"] is True
    assert service["volumes"] == ["earshot:/data"]
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["env_file"][0]["required"] is False


def test_the_unit_starts_earshot_as_a_user_of_its_own_without_rights() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((ROOT / "deploy" / "earshot.service").read_text(encoding="utf-8"))
    service = unit["Service"]
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ExecStart"].endswith("/earshot run")
