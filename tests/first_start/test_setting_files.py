"""Settings come from the environment, from `.env`, from one YAML file, and secrets from files of their own."""

from pathlib import Path

import pytest

from assistant.core.config import load_settings
from assistant.core.setting_files import read_key
from assistant.errors import ConfigError

ROOT = Path(__file__).parent.parent.parent


def find_bot_token() -> str:
    """The bot token as it counts; empty without one."""
    token = load_settings().slack_bot_token
    return token.get_secret_value() if token else ""


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bot").write_text("xoxb-of-a-file\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "bot"))
    assert find_bot_token() == "xoxb-of-a-file"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-itself")
    assert find_bot_token() == "xoxb-itself"


def test_the_env_file_may_name_a_secrets_file_too(tmp_path: Path) -> None:
    (tmp_path / "bot").write_text("xoxb-of-a-file")
    Path(".env").write_text(f"SLACK_BOT_TOKEN_FILE={tmp_path / 'bot'}\n")
    assert find_bot_token() == "xoxb-of-a-file"
    assert read_key("SLACK_BOT_TOKEN") == "xoxb-of-a-file"


def test_keys_of_networks_are_read_from_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reddit").write_text("key-of-a-file\n")
    monkeypatch.setenv("REDDIT_CLIENT_SECRET_FILE", str(tmp_path / "reddit"))
    assert read_key("REDDIT_CLIENT_SECRET") == "key-of-a-file"


def test_a_secrets_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN_FILE", "/run/secrets/none")
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN_FILE: /run/secrets/none cannot be read: No such file"):
        load_settings()


def test_a_wrong_secret_in_a_file_is_named_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bot").write_text("hush-hush")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "bot"))
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN: it must start with xoxb-") as told:
        load_settings()
    assert "hush" not in str(told.value)


def test_one_yaml_file_holds_the_settings_and_the_others_win_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("earshot.yaml").write_text("timezone: Europe/Lisbon\nadmins: [U1, U2]\nreviewers: U3, U4\nUNDO_SECONDS: 5\n")
    settings = load_settings()
    assert (settings.timezone, settings.admins, settings.reviewers) == ("Europe/Lisbon", ("U1", "U2"), ("U3", "U4"))
    assert settings.undo_seconds == 5
    Path(".env").write_text("TIMEZONE=Europe/Warsaw\n")
    assert load_settings().timezone == "Europe/Warsaw"
    monkeypatch.setenv("TIMEZONE", "Europe/Paris")
    assert load_settings().timezone == "Europe/Paris"


def test_the_yaml_file_may_name_a_secrets_file(tmp_path: Path) -> None:
    (tmp_path / "bot").write_text("xoxb-of-a-file")
    Path("earshot.yaml").write_text(f"slack_bot_token_file: {tmp_path / 'bot'}\n")
    assert find_bot_token() == "xoxb-of-a-file"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("timezone: UTC\nreview_chanel: C1\n", "line 2: there is no such setting, perhaps review_channel is meant"),
        ("slack_bot_token: xoxb-hush\n", "line 1: slack_bot_token is a secret"),
        ("timezone: {a: b}\n", "line 1: timezone takes a text or a list"),
        ("- a\n", "line 1: it must hold settings"),
        ("timezone: [\n", "this is no YAML"),
        ("timezone: Mars\n", "TIMEZONE: no such time zone"),
        ("slack_http_port: many\n", "SLACK_HTTP_PORT: "),
    ],
)
def test_what_is_wrong_in_the_yaml_file_is_told(content: str, told: str) -> None:
    Path("earshot.yaml").write_text(content)
    with pytest.raises(ConfigError, match=told) as caught:
        load_settings()
    assert "hush" not in f"{caught.value.message} {caught.value.hint}"


def test_the_example_is_read_once_its_secrets_are_there(tmp_path: Path) -> None:
    for kind, name in (("xoxb", "slack_bot_token"), ("xapp", "slack_app_token")):
        (tmp_path / name).write_text(f"{kind}-1-a")
    text = (ROOT / "earshot.example.yaml").read_text(encoding="utf-8").replace("/run/secrets", str(tmp_path))
    Path("earshot.yaml").write_text(text)
    settings = load_settings()
    assert settings.internal_channels == ("#support", "#sales")
    assert settings.slack_app_token
