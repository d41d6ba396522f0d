"""Settings: what is wrong is named with an example, and no secret is ever shown."""

import traceback
from pathlib import Path

import pytest

from assistant.core.config import Settings, load_settings
from assistant.core.setting_files import read_key, show_example
from assistant.errors import ConfigError

_ROOT = Path(__file__).parent.parent

WRONG = [
    ("SLACK_BOT_TOKEN", "xapp-1-A1-2-b"),
    ("SLACK_APP_TOKEN", "xoxb-1-2-a"),
    ("SLACK_API_URL", "slack.com/api"),
    ("SLACK_HTTP_PORT", "70000"),
    ("SLACK_HTTP_PORT", "many"),
    ("CHAT_MODEL_URL", "localhost:11434"),
    ("CHAT_MODEL_TIMEOUT_SECONDS", "0"),
    ("EARSHOT_CHROMA_URL", "localhost:8000"),
    ("RSS_FEEDS", "https://a.example/feed, b.example/feed"),
    ("COLLECT_SCHEDULE", "often"),
    ("COLLECT_SCHEDULE", "* * * * * *"),
    ("DIGEST_SCHEDULE", "0 25 * * 1"),
    ("TIMEZONE", "Warsaw"),
    ("TIMEZONE", "../etc/passwd"),
    ("TIMEZONE", "Europe"),
    ("MAX_DOCUMENT_MB", "-1"),
    ("LOG_LEVEL", "LOUD"),
    ("MENTION_RETENTION_DAYS", "-1"),
    ("MENTION_RETENTION_DAYS", "for ever"),
    ("MENTION_RETENTION_DAYS", "999999999999"),
    ("WEBHOOK_SECRET", "short"),
    ("WEBHOOK_PORT", "0"),
    ("EARSHOT_HOME", "~nobody-of-this-name/earshot"),
]


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_with_an_example(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    example = show_example(Settings.model_fields[name.lower()])
    assert caught.value.message.startswith(f"{name}: ")
    assert caught.value.message.endswith(f"(for example {example})")
    assert ".env.example" in caught.value.hint


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars")
    monkeypatch.setenv("SLACK_HTTP_PORT", "0")
    with pytest.raises(ConfigError, match=r"SLACK_HTTP_PORT.*TIMEZONE"):
        load_settings()


def test_every_setting_has_a_default_that_is_valid() -> None:
    defaults = load_settings()
    assert Settings.model_validate(defaults.model_dump()) == defaults


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWERS", " U1, ,S2,")
    assert load_settings().reviewers == ("U1", "S2")


def test_an_empty_setting_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_HTTP_PORT", "")
    assert load_settings().slack_http_port == 3000


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TIMEZONE=Europe/Lisbon\nMANAGERS=U1,U2\nSOMETHING_ELSE=1\n")
    assert (str(load_settings().zone), load_settings().managers) == ("Europe/Lisbon", ("U1", "U2"))
    monkeypatch.setenv("TIMEZONE", "Europe/Warsaw")
    assert str(load_settings().zone) == "Europe/Warsaw"


def test_an_env_file_that_is_no_text_is_refused_plainly() -> None:
    Path(".env").write_bytes(b"TIMEZONE=\xff\xfe\n")
    with pytest.raises(ConfigError, match=r"\.env cannot be read"):
        load_settings()


def test_a_tilde_means_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_HOME", "~/earshot")
    assert load_settings().earshot_home == Path.home() / "earshot"


def test_the_log_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert load_settings().log_level == "DEBUG"


def test_secrets_are_never_in_the_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-hush-1",
        "SLACK_APP_TOKEN": "xapp-hush-2",
        "SLACK_SIGNING_SECRET": "hush-3",
        "CHAT_MODEL_KEY": "hush-4",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert set(settings.secrets) == set(secrets.values())


def test_a_wrong_secret_is_not_shown_in_the_error_nor_in_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "hush-hush")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "hush" not in "".join(traceback.format_exception(caught.value))


def test_a_key_is_read_from_the_environment_or_from_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_key("SOME_NETWORK_KEY") == ""
    Path(".env").write_text("SOME_NETWORK_KEY=from-file\n")
    assert read_key("SOME_NETWORK_KEY") == "from-file"
    monkeypatch.setenv("SOME_NETWORK_KEY", "from-environment")
    assert read_key("SOME_NETWORK_KEY") == "from-environment"


def test_the_env_example_lists_every_setting_in_order_each_with_its_description() -> None:
    lines = [line for line in (_ROOT / ".env.example").read_text().splitlines()[1:] if line]
    wanted = [
        (f"# {field.description}", f"#{name.upper()}={show_example(field)}")
        for name, field in Settings.model_fields.items()
    ]
    assert list(zip(lines[::2], lines[1::2], strict=True)) == wanted


def test_the_env_example_is_valid_once_its_marks_are_taken_away(tmp_path: Path) -> None:
    lines = (_ROOT / ".env.example").read_text().splitlines()
    path = tmp_path / "all.env"
    path.write_text("\n".join(line.removeprefix("#") for line in lines if not line.startswith("# ")))
    assert load_settings(_env_file=path).chat_model == "openai:gpt-5-mini"
