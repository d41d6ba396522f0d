"""Backups are made by schedule, tried out before they count, and the latest few are kept wherever fsspec reaches."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.core.database import Store
from assistant.core.schema import Schema, build_schema
from assistant.errors import ConfigError, InputError, StoreError
from assistant.service.backup import restore_backup, verify_backup
from assistant.service.backup_folder import BackupFolder
from assistant.service.doctor import Check, Health, examine

NOW = datetime(2026, 11, 15, 2, 30, tzinfo=UTC)


def open_home(home: Path, folder: str, keep: int = 2, now: datetime = NOW) -> Assistant:
    """An Assistant with a folder for its backups."""
    chosen = {"earshot_home": home, "backup_folder": folder, "backup_keep": keep}
    return Assistant(Settings.model_validate(chosen), lambda: now, FakeEmbedder())


def find_check(assistant: Assistant) -> Check:
    """What doctor says of backups."""
    return next(check for check in examine(assistant) if check.name == "backups")


def test_the_latest_are_kept_and_other_files_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    backups = BackupFolder(open_home(tmp_path / "home", str(folder)))
    folder.mkdir()
    (folder / "earshot-notes.txt").write_text("mine")
    for days in range(4):
        backups.make(NOW + timedelta(days=days))
    assert backups.list_names() == ["earshot-20261117T023000Z.zip", "earshot-20261118T023000Z.zip"]
    assert (folder / "earshot-notes.txt").read_text() == "mine"
    assert not list((tmp_path / "home").glob("backup-*"))


def test_one_restores_in_another_home(tmp_path: Path) -> None:
    parts = open_home(tmp_path / "home", str(tmp_path / "elsewhere"))
    name = BackupFolder(parts).make(NOW)
    other = open_home(tmp_path / "other", "")
    (tmp_path / "other").mkdir()
    assert restore_backup(other, tmp_path / "elsewhere" / name) is None
    assert other.home.store.value("select count(*) from mentions") == 0


def test_they_go_to_any_address_that_fsspec_knows(tmp_path: Path) -> None:
    place = f"memory://{uuid.uuid4().hex}/backups"
    backups = BackupFolder(open_home(tmp_path / "home", place))
    name = backups.make(NOW)
    assert backups.list_names() == [name]
    assert fsspec.open(f"{place}/{name}").open().read(2) == b"PK"


def test_a_folder_that_cannot_be_used_is_told_without_its_address(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="The backup folder cannot be used"):
        BackupFolder(open_home(tmp_path / "home", str(tmp_path / "file" / "below"))).make(NOW)
    with pytest.raises(StoreError) as told:
        BackupFolder(open_home(tmp_path / "home", "nosuch://key:hush@place")).make(NOW)
    assert "hush" not in f"{told.value.message} {told.value.hint}"
    with pytest.raises(ConfigError, match="BACKUP_FOLDER is not set"):
        BackupFolder(open_home(tmp_path / "home", "")).make(NOW)


def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    name = BackupFolder(open_home(tmp_path / "home", str(tmp_path / "elsewhere"))).make(NOW)
    file = tmp_path / "elsewhere" / name
    verify_backup(file)
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(InputError, match="cannot be read as a backup"):
        verify_backup(file)


def test_doctor_says_how_old_the_last_one_is(tmp_path: Path) -> None:
    folder = str(tmp_path / "elsewhere")
    assert find_check(open_home(tmp_path / "home", "")).health is Health.OFF
    parts = open_home(tmp_path / "home", folder)
    assert find_check(parts).finding == "none was made yet"
    BackupFolder(parts).make(NOW)
    assert find_check(parts).finding == "the last one is from 2026-11-15 02:30 UTC, 1 are kept"
    late = open_home(tmp_path / "home", folder, now=NOW + timedelta(days=3))
    assert find_check(late).health is Health.BAD


def test_before_tables_change_the_database_is_kept_as_it_was(tmp_path: Path) -> None:
    today = build_schema()
    path = tmp_path / "earshot.db"
    Store(path, today).close()
    assert list(tmp_path.glob("*before-upgrade*")) == []
    newer = Schema(today.script, today.last_migration, (*today.steps, "create table later (id integer);"))
    Store(path, newer).close()
    kept = tmp_path / f"earshot.db.before-upgrade-from-{today.version}"
    assert Store(kept, today).value("select count(*) from sqlite_master where name = 'later'") == 0
    with pytest.raises(StoreError, match="newer Earshot"):
        Store(path, today)
