"""What an operator relies on: doctor, backup, restore, exit codes, and a quick --help."""

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from cli.conftest import Run
from fakes import FakeEmbedder
from slack_double import SlackDouble

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.cli.main import main
from assistant.core.config import Settings
from assistant.domain import Audience
from assistant.errors import InputError
from assistant.knowledge.search.vectors import chunk_collection
from assistant.service.doctor import Check, Health, examine

EARSHOT = [sys.executable, "-c", "from assistant.cli.main import main; main()"]


class Finished(NamedTuple):
    """What a program left behind."""

    returncode: int
    stdout: str
    stderr: str


Earshot = Callable[..., Finished]


@pytest.fixture
def earshot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Earshot]:
    """The whole program with its own settings, log and exit status; in this process, which has loaded it already."""
    root = logging.getLogger()
    handlers, level, mask = root.handlers, root.level, os.umask(0)
    os.umask(mask)

    def run_program(*words: str, home: Path, **environment: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["earshot", *words])
        for name, value in {"EARSHOT_HOME": str(home), **environment}.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Finished(int(ended.value.code or 0), *capsys.readouterr())

    yield run_program
    os.umask(mask)
    root.handlers, root.level = handlers, level


def start_program(*words: str, home: Path, **environment: str) -> Finished:
    """The program in a process of its own."""
    env = {**os.environ, "EARSHOT_HOME": str(home), **environment}
    done = subprocess.run([*EARSHOT, *words], env=env, capture_output=True, text=True, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_failure_is_told_without_a_traceback_and_ends_a_process_with_its_status(tmp_path: Path) -> None:
    done = start_program("review", "approve", "3", home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no draft 3" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_loads_neither_torch_nor_chromadb() -> None:
    code = (
        "import sys; sys.argv = ['earshot', '--help']\n"
        "from assistant.cli.app import build_app\n"
        "try: build_app()()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('torch', 'chromadb', 'transformers', 'dbos', 'slack_bolt') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize(
    ("words", "environment", "code", "said"),
    [
        (("no-such-command",), {}, 2, "No such command"),
        (("ingest", "no/such/folder"), {}, 1, "There is no file or folder no/such/folder"),
        (("collect", "--file", "none.jsonl"), {}, 1, "none.jsonl cannot be read"),
        (("collect",), {}, 1, "No network is configured"),
        (("mentions",), {"TIMEZONE": "Mars/Base"}, 1, "TIMEZONE"),
        (("mentions",), {"SLACK_BOT_TOKEN": "xapp-oops"}, 1, "SLACK_BOT_TOKEN: it must start with xoxb-"),
        (("run",), {}, 1, "SLACK_BOT_TOKEN is not set"),
        (("review", "approve", "3"), {}, 1, "There is no draft 3"),
        (("restore", "none.zip"), {}, 1, "none.zip cannot be read as a backup"),
    ],
)
def test_a_failure_is_a_plain_sentence_with_its_exit_status(
    earshot: Earshot, tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], code: int, said: str
) -> None:
    done = earshot(*words, home=tmp_path / "home", **environment)
    assert done.returncode == code
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr + done.stdout


def test_a_database_from_a_newer_earshot_is_left_alone(earshot: Earshot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    earshot("mentions", home=home)
    with closing(sqlite3.connect(home / "earshot.db")) as database:
        database.execute("pragma user_version = 999")
    done = earshot("mentions", home=home)
    assert done.returncode == 1
    assert "newer Earshot" in done.stderr


def test_doctor_finds_nothing_wrong_with_a_fresh_home(assistant: Assistant) -> None:
    healths = {check.name: check.health for check in examine(assistant)}
    assert "bad" not in healths.values()
    assert healths["slack"] == "off"


def test_doctor_says_how_to_mend_what_is_broken(run: Run, assistant: Assistant, documents: Path) -> None:
    run("ingest", str(documents))
    assistant.knowledge.vectors.clear(chunk_collection(Audience.INTERNAL))
    found = {check.name: check for check in examine(assistant)}
    assert (found["index"].health, found["index"].mend) == ("bad", "earshot reindex")


def test_doctor_says_when_words_of_forgotten_posts_are_still_in_the_files(assistant: Assistant) -> None:
    assistant.home.store.change("insert into index_facts values ('purge_wanted', 'all')")
    check = next(check for check in examine(assistant) if check.name == "database")
    assert (check.health, check.mend) == (Health.BAD, "Run `earshot collect` while no other Earshot runs.")
    assert "words of posts that were forgotten are still in its files" in check.finding
    assistant.privacy.forgetting.finish(assistant.clock())
    assert next(check for check in examine(assistant) if check.name == "database").health is Health.GOOD


def test_doctor_names_the_scopes_that_are_missing(assistant: Assistant) -> None:
    with SlackDouble(scopes=frozenset({"chat:write", "im:history"})) as slack:
        tokens = {
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
        }
        update = type(assistant.settings).model_validate({**assistant.settings.model_dump(), **tokens})
        check = {c.name: c for c in examine(Assistant(update, embedder=FakeEmbedder()))}["slack"]
    assert check.health == "bad"
    assert "users:read" in check.finding


def examine_slack(assistant: Assistant, slack: SlackDouble, part: str = "slack", **changes: object) -> Check:
    """What doctor says of Slack, or of Earshot's blocks in it."""
    tokens = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token, "slack_api_url": slack.api_url}
    settings = type(assistant.settings).model_validate({**assistant.settings.model_dump(), **tokens, **changes})
    checks = examine(Assistant(settings, embedder=FakeEmbedder()), with_blocks=part == "blocks")
    return {check.name: check for check in checks}[part]


def test_doctor_asks_slack_about_every_kind_of_block_and_posts_none(assistant: Assistant) -> None:
    with SlackDouble() as slack:
        check = examine_slack(assistant, slack, "blocks")
        assert (check.health, check.details) == (Health.GOOD, ())
        assert check.finding == "Slack takes 10 kinds of them"
        assert not [call for call in slack.journal.calls if call.method.startswith(("chat.", "views.open"))]


def test_doctor_says_what_is_shown_in_place_of_blocks_that_a_workspace_lacks(assistant: Assistant) -> None:
    lacking = frozenset({"data_visualization", "data_table", "alert"})
    with SlackDouble(refused_parts=lacking) as slack:
        check = examine_slack(assistant, slack, "blocks")
    assert check.health is Health.GOOD
    assert [detail.split(":")[0] for detail in check.details] == [
        "forms with notices and tall fields",
        "charts in summaries",
        "sortable tables in summaries",
    ]
    assert "summaries have pictures instead" in check.details[1]


def test_doctor_names_the_block_that_slack_refuses_and_has_nothing_in_its_place(assistant: Assistant) -> None:
    with SlackDouble(refused_parts=frozenset({"context_actions"})) as slack:
        check = examine_slack(assistant, slack, "blocks")
    assert check.health is Health.BAD
    assert "answers: unsupported type: context_actions" in check.details[0]


def test_doctor_says_where_a_workspace_cannot_check_blocks(assistant: Assistant) -> None:
    with SlackDouble() as slack:
        slack.fail_next("blocks.validate", error="unknown_method")
        check = examine_slack(assistant, slack, "blocks")
    assert check.health is Health.OFF
    assert "doesn't have blocks.validate yet" in check.finding


def test_doctor_does_not_call_scopes_missing_that_a_server_does_not_tell(assistant: Assistant) -> None:
    with SlackDouble(tells_scopes=False) as slack:
        check = examine_slack(assistant, slack)
    assert check.health is not Health.BAD
    assert "does not say which scopes" in "\n".join(check.details)


def test_doctor_names_the_channels_that_earshot_cannot_post_in(assistant: Assistant) -> None:
    with SlackDouble() as slack:
        slack.add_channel("C0OLD", "old", is_archived=True)
        slack.add_channel("C0OUT", "out", with_bot=False)
        channels = {"review_channel": "C0OLD", "alert_channel": "C0OUT", "digest_channel": "C0GONE"}
        check = examine_slack(assistant, slack, **channels)
    assert check.health is Health.BAD
    told = "\n".join(check.details)
    assert "REVIEW_CHANNEL C0OLD: it is archived" in told
    assert "ALERT_CHANNEL C0OUT: Earshot is not in it. Invite it: /invite @Earshot" in told
    assert "C0GONE: there is no such channel" in told


def test_doctor_tells_that_the_home_tab_is_off_and_changes_no_home_where_it_is_on(assistant: Assistant) -> None:
    with SlackDouble(has_home=False) as slack:
        slack.add_user("U0ADMIN", "admin")
        check = examine_slack(assistant, slack, admins=("U0ADMIN",))
        assert "The Home tab is switched off" in "\n".join(check.details)
    with SlackDouble() as slack:
        slack.add_user("U0ADMIN", "admin")
        assert examine_slack(assistant, slack, admins=("U0ADMIN",)).health is Health.GOOD
        before = slack.home("U0ADMIN")
        assert examine_slack(assistant, slack, admins=("U0ADMIN",)).health is Health.GOOD
        assert slack.home("U0ADMIN") == before


def test_a_backup_brings_everything_back_and_keeps_what_was_there(
    run: Run, approve_seen: Run, assistant: Assistant, documents: Path, posts: Path, tmp_path: Path
) -> None:
    run("ingest", str(documents))
    run("collect", "--file", str(posts))
    run("draft", "1")
    approve_seen("1")
    file = tmp_path / "backup.zip"
    run("backup", str(file))
    other = Assistant(
        assistant.settings.model_copy(update={"earshot_home": tmp_path / "other"}), embedder=FakeEmbedder()
    )
    build_app()(["collect", "--file", str(posts)], obj=other, standalone_mode=False)
    build_app()(["restore", str(file)], obj=other, standalone_mode=False)
    again = Assistant(other.settings, embedder=FakeEmbedder())
    assert again.listening.mentions.count() == 2
    assert again.replies.drafts.find(1).status == "sent"
    assert again.knowledge.answering.answer is not None
    assert (tmp_path / "other" / "outbox.jsonl").read_text().count("\n") == 1
    assert (tmp_path / "other" / "earshot.db.before-restore").exists()


def test_a_restored_approval_that_was_sent_since_is_not_sent_again(
    run: Run, assistant: Assistant, documents: Path, posts: Path, tmp_path: Path
) -> None:
    run("ingest", str(documents))
    run("collect", "--file", str(posts))
    run("draft", "1")
    assistant.replies.reviewing.approve(1, "ann", assistant.clock())
    file = tmp_path / "backup.zip"
    run("backup", str(file))
    run("review", "resume")
    build_app()(["restore", str(file)], obj=assistant, standalone_mode=False)
    again = Assistant(assistant.settings, embedder=FakeEmbedder())
    build_app()(["review", "resume"], obj=again, standalone_mode=False)
    lines = (assistant.settings.earshot_home / "outbox.jsonl").read_text().splitlines()
    assert len([json.loads(line) for line in lines]) == 1
    assert again.replies.drafts.find(1).status == "sent"


@pytest.mark.parametrize(
    "made",
    [
        "create trigger evil after insert on drafts begin update drafts set status = 'approved'; end",
        "drop trigger audit_no_update",
        "drop trigger audit_no_update; create trigger audit_no_update before update on audit begin select 1; end",
        "create view evil as select * from drafts",
        "create table evil (one text)",
    ],
)
def test_a_backup_with_anything_in_it_that_acts_on_its_own_is_refused(
    run: Run, posts: Path, assistant: Assistant, tmp_path: Path, made: str
) -> None:
    run("collect", "--file", str(posts))
    file, database = tmp_path / "backup.zip", tmp_path / "earshot.db"
    run("backup", str(file))
    with zipfile.ZipFile(file) as archive:
        archive.extract("earshot.db", tmp_path)
    with closing(sqlite3.connect(database)) as raw:
        raw.executescript(made)
        raw.commit()
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(database, "earshot.db")
    with pytest.raises(InputError, match=r"(evil|audit_no_update) is not Earshot's"):
        run("restore", str(file))
    assert assistant.listening.mentions.count() == 2


def test_doctor_closes_files_that_others_could_read(run: Run, assistant: Assistant) -> None:
    log = assistant.home.path / "old.log"
    assistant.home.path.mkdir(parents=True, exist_ok=True)
    log.write_text("old")
    log.chmod(0o644)
    [check] = [check for check in examine(assistant) if check.name == "files"]
    assert "others could read were closed" in check.finding
    assert log.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_backup_changes_nothing(run: Run, posts: Path, assistant: Assistant) -> None:
    run("collect", "--file", str(posts))
    with pytest.raises(InputError, match="backup"):
        run("restore", str(posts))
    assert assistant.listening.mentions.count() == 2


def test_a_damaged_database_is_put_aside_and_the_backup_restored(
    run: Run, posts: Path, settings: Settings, tmp_path: Path
) -> None:
    run("collect", "--file", str(posts))
    file = tmp_path / "backup.zip"
    run("backup", str(file))
    home = tmp_path / "other"
    home.mkdir()
    (home / "earshot.db").write_bytes(b"no database at all" * 100)
    other = Assistant(settings.model_copy(update={"earshot_home": home}), embedder=FakeEmbedder())
    build_app()(["restore", str(file)], obj=other, standalone_mode=False)
    assert (home / "earshot.db.before-restore").exists()
    assert other.listening.mentions.count() == 2


def test_a_home_that_is_no_folder_is_named(earshot: Earshot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = earshot("mentions", home=tmp_path / "file")
    assert done.returncode == 1
    assert "EARSHOT_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_while_it_still_loads_ends_it_without_a_traceback(tmp_path: Path) -> None:
    process = subprocess.Popen([*EARSHOT, "--help"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode in (0, 130, -signal.SIGINT)
    assert "assistant" not in said or "Traceback" not in said


def test_no_other_user_of_the_machine_can_read_what_is_kept(earshot: Earshot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    done = earshot("backup", str(tmp_path / "backup.zip"), home=home)
    assert done.returncode == 0, done.stderr
    assert home.stat().st_mode & 0o777 == 0o700
    kept = [tmp_path / "backup.zip", *(path for path in home.rglob("*") if path.is_file())]
    assert len(kept) > 2
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []
