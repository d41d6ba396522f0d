"""Settings that are changed while Earshot runs: both a change and its row in the audit are kept, or neither."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from crash_settings import ADMIN, AFTER, BEFORE, change, open_home

from assistant.app import Assistant
from assistant.core.config import Settings, load_settings
from assistant.errors import ConfigError, InputError
from assistant.live_settings.overlay import ADJUSTABLE, check_value, find_adjustable
from assistant.service.doctor import Health, examine

TESTS = Path(__file__).parent.parent


def count(parts: Assistant) -> tuple[int, int]:
    """Changes kept, and rows in the audit about them."""
    changes = parts.home.store.value("select count(*) from setting_changes")
    rows = parts.home.store.value("select count(*) from audit where subject like 'setting:%'")
    return int(changes), int(rows)


def test_a_kill_at_any_line_leaves_both_the_change_and_its_audit_or_neither(tmp_path: Path) -> None:
    home = tmp_path / "home"
    open_home(home).live_settings.adjusting.list_standings()
    path = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    swept = subprocess.run(
        [sys.executable, "crash_settings.py", str(home)],
        cwd=TESTS,
        env=path,
        capture_output=True,
        text=True,
        check=True,
    )
    copies = [Path(line) for line in swept.stdout.split()]
    found = []
    for copy in copies:
        parts = open_home(copy)
        found.append(count(parts))
        assert parts.settings.digest_schedule == (AFTER if found[-1] == (1, 1) else BEFORE)
        assert parts.home.audit.verify().problem == ""
    assert len(copies) > 40
    assert set(found) == {(0, 0), (1, 1)}
    assert found[-1] == (1, 1)


def test_after_a_kill_the_same_change_can_be_made_again_and_is_one(tmp_path: Path) -> None:
    parts = open_home(tmp_path / "home")
    change(parts)
    change(parts)
    change(open_home(tmp_path / "home"))
    assert count(parts) == (1, 1)


def test_the_audit_says_who_changed_what_from_what_to_what(tmp_path: Path) -> None:
    parts = open_home(tmp_path / "home")
    change(parts)
    parts.live_settings.adjusting.set_back("digest_schedule", "U0BEN", parts.clock())
    rows = [row for row in parts.home.audit.rows() if row["subject"] == "setting:DIGEST_SCHEDULE"]
    assert [(row["who"], row["action"]) for row in rows] == [(ADMIN, "set"), ("U0BEN", "set-back")]
    assert [json.loads(row["details"])["change"] for row in rows] == [
        {"before": BEFORE, "after": AFTER},
        {"before": AFTER, "after": BEFORE},
    ]


def test_a_change_beats_the_environment_in_every_process_that_opens_the_home(tmp_path: Path) -> None:
    one, other = open_home(tmp_path / "home"), open_home(tmp_path / "home")
    other.live_settings.adjusting.list_standings()
    change(one)
    other.live_settings.follow()
    assert one.settings.digest_schedule == other.settings.digest_schedule == AFTER
    one.live_settings.adjusting.set_back("digest_schedule", ADMIN, one.clock())
    other.live_settings.follow()
    assert one.settings.digest_schedule == other.settings.digest_schedule == BEFORE


@pytest.mark.parametrize(
    ("name", "value", "environment"),
    [
        ("digest_schedule", "0 9 * *", "0 9 * *"),
        ("digest_schedule", "61 9 * * 1", "61 9 * * 1"),
        ("digest_schedule", "", "x"),
    ],
)
def test_a_wrong_value_is_refused_in_the_words_of_the_environment(
    name: str, value: str, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name.upper(), environment)
    with pytest.raises(ConfigError) as at_start:
        load_settings()
    monkeypatch.delenv(name.upper())
    with pytest.raises(ConfigError) as while_running:
        check_value(find_adjustable(name), value)
    assert while_running.value.message == at_start.value.message


def test_a_setting_that_is_wrong_in_the_environment_does_not_keep_another_one_from_being_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIMEZONE", "Nowhere/At_All")
    assert check_value(find_adjustable("digest_schedule"), "0 8 * * 1") == "0 8 * * 1"


def test_a_change_that_a_newer_earshot_refuses_does_not_count_and_doctor_says_so(tmp_path: Path) -> None:
    parts = open_home(tmp_path / "home")
    parts.live_settings.setting_tables.add("digest_schedule", "whenever", ADMIN, parts.clock())
    restarted = open_home(tmp_path / "home")
    found = next(check for check in examine(restarted) if check.name == "settings")
    assert restarted.settings.digest_schedule == BEFORE
    assert found.health is Health.BAD
    assert "DIGEST_SCHEDULE as it was changed does not count" in found.details[0]


def test_topics_that_are_kept_beat_the_file_and_are_checked_like_it(tmp_path: Path) -> None:
    file = tmp_path / "topics.yaml"
    file.write_text("topics:\n  - name: billing\n")
    parts = Assistant(Settings.model_validate({"earshot_home": tmp_path / "home", "topics_file": file}))
    assert [topic.name for topic in parts.live_settings.adjusting._list_topics()] == ["billing"]
    with pytest.raises(ConfigError, match="the topic billing cannot be used: it is there twice"):
        parts.live_settings.adjusting.change("topics", [{"name": "billing"}, {"name": "billing"}], ADMIN, parts.clock())
    with pytest.raises(ConfigError, match="name must not be empty"):
        parts.live_settings.adjusting.change("topics", [{"name": " "}], ADMIN, parts.clock())
    parts.live_settings.adjusting.change(
        "topics", [{"name": "repairs", "examples": ["flat tyre"]}], ADMIN, parts.clock()
    )
    assert [topic.name for topic in parts.live_settings.overlay.topics] == ["repairs"]
    rows = json.dumps(list(parts.home.audit.rows()))
    assert "repairs" in rows
    assert "flat tyre" not in rows
    parts.live_settings.adjusting.set_back("topics", ADMIN, parts.clock())
    assert [topic.name for topic in parts.live_settings.overlay.topics] == ["billing"]


def test_nothing_secret_and_no_place_of_files_can_be_changed() -> None:
    names = {one.name for one in ADJUSTABLE}
    secret = {name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)}
    assert names.isdisjoint(secret | {"earshot_home", "chat_model_url", "slack_api_url", "earshot_chroma_url"})
    with pytest.raises(InputError, match="SLACK_BOT_TOKEN can't be changed while Earshot runs"):
        find_adjustable("SLACK_BOT_TOKEN")
