"""Settings: everything a company can change, read from the environment and files, checked at start."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.core.cron import is_schedule
from assistant.core.setting_files import SecretFiles, YamlSettings, read_env_file, show_example
from assistant.domain.calendar import read_hours, read_quiet_hours
from assistant.errors import ConfigError

Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting; the environment name is the field's name in capitals. Secrets are never printed."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    earshot_home: Path = Field(Path(".earshot"), description="Folder for all state: database, index, outbox, log")
    knowledge_dir: Path = Field(Path("knowledge"), description="Company documents to index: public/ and internal/")
    prompts_dir: Path = Field(Path("prompts"), description="How the assistant speaks: Markdown templates")
    slack_bot_token: SecretStr | None = Field(None, description="Bot token of your Slack app", examples=["xoxb-1-2-a"])
    slack_app_token: SecretStr | None = Field(
        None, description="App-level token with connections:write, for Socket Mode", examples=["xapp-1-A1-2-b"]
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        description="Signing secret, for HTTP instead of Socket Mode",
        examples=["8f742231b10e8888abcd99yyyzzz85a5"],
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Base URL of Slack's Web API; another one for a test double"
    )
    slack_http_port: int = Field(3000, ge=1, le=65535, description="Port for Slack's requests when HTTP is used")
    listen_address: str = Field(
        "127.0.0.1",
        description="Address of both ports; 127.0.0.1 is this machine alone, where a proxy with TLS runs",
        examples=["192.168.1.5"],
    )
    chat_model: str = Field(
        "",
        description="Chat model as provider:model for LangChain; empty means quoting, which needs no model",
        examples=["openai:gpt-5-mini"],
    )
    chat_model_url: str = Field(
        "", description="Base URL of an OpenAI-compatible endpoint", examples=["http://localhost:11434/v1"]
    )
    chat_model_key: SecretStr | None = Field(None, description="Key of the chat model", examples=["sk-..."])
    chat_model_timeout_seconds: int = Field(
        60, ge=1, description="Seconds after which quoting takes over from the model"
    )
    check_model: str = Field(
        "",
        description="Chat model that reads what CHAT_MODEL wrote again, by the same URL and key; empty means itself",
        examples=["openai:gpt-5-nano"],
    )
    embedding_model: str = Field(
        "",
        description="A folder or a hub name of a sentence-transformers model; empty means the bundled all-MiniLM-L6-v2",
    )
    embedding_backend: Literal["auto", "ctranslate2", "sentence-transformers"] = Field(
        "auto",
        description="auto, ctranslate2 (an int8 copy, several times faster) or sentence-transformers (the reference); "
        "auto is ctranslate2 for the bundled model where it runs",
    )
    languages: Names = Field(
        (),
        description="Languages of your customers and colleagues (ISO 639); en alone needs no multilingual model, empty "
        "means that others are found out",
        examples=["en,de,pl"],
    )
    earshot_chroma_url: str = Field(
        "", description="A Chroma server instead of the embedded one", examples=["http://localhost:8000"]
    )
    answer_confidence: float = Field(
        3.1, ge=0, description="How sure a search must be before a question is answered; higher refuses more"
    )
    topics_file: Path = Field(
        Path("topics.yaml"), description="The company's own topics; topics.example.yaml shows how"
    )
    analyse_with_chat_model: Literal["", "unsure"] = Field(
        "",
        description="unsure lets the chat model label the posts whose sentiment is unsure; empty asks it about none",
        examples=["unsure"],
    )
    analyse_chat_posts_a_day: int = Field(
        200, ge=0, description="Most posts a day that the chat model labels, approximately"
    )
    rss_feeds: Names = Field(
        (),
        description="RSS or Atom feeds to listen to, separated by commas",
        examples=["https://forum.example/latest.rss"],
    )
    networks_file: Path = Field(
        Path("networks.yaml"), description="What to listen for: names, networks, feeds; networks.example.yaml shows how"
    )
    sources_file: Path = Field(
        Path("sources.yaml"),
        description="Where documents come from by themselves; sources.example.yaml shows how",
        examples=["sources.yaml"],
    )
    guards_file: Path = Field(
        Path("guards.yaml"), description="Your words that must never be sent; guards.example.yaml shows how"
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="Shared secret for posts that another tool sends signed; set, earshot run takes them in",
        examples=["any-long-random-text"],
    )
    webhook_port: int = Field(3001, ge=1, le=65535, description="Port for posts that another tool sends")
    agents_port: int = Field(
        0, ge=0, le=65535, description="Port for other agents and programs (MCP and HTTP); 0 is none", examples=["3002"]
    )
    health_port: int = Field(
        0, ge=0, le=65535, description="Port for /health and /metrics, without a password; 0 is none", examples=["3003"]
    )
    backup_folder: str = Field(
        "",
        description="Folder, or fsspec address, for backups by schedule; empty makes none",
        examples=["/mnt/other/earshot-backups"],
    )
    backup_schedule: str = Field("30 2 * * *", description="When a backup is made (cron)")
    backup_keep: int = Field(14, ge=1, description="So many backups are kept; older ones are removed")
    mention_retention_days: int = Field(
        0, ge=0, le=36_500, description="Posts older than this many days are removed everywhere; 0 keeps them for ever"
    )
    internal_channels: Names = Field(
        (),
        description="Slack channels where answers may use internal documents; elsewhere public ones only",
        examples=["#support,C0987654321"],
    )
    help_channels: Names = Field(
        (),
        description="Slack channels where questions outside of threads are answered without a mention, when Earshot"
        " is sure",
        examples=["#ask-anything"],
    )
    help_thread_channels: Names = Field(
        (),
        description="Slack channels where questions in people's threads are answered without a mention too",
        examples=["#ask-it"],
    )
    solved_emoji: str = Field(
        "",
        pattern=r"^:?[a-z0-9_+'-]*:?$",
        description="Emoji that saves a message as an answer",
        examples=["white_check_mark"],
    )
    allowed_bots: Names = Field(
        (),
        description="Ids of bots and apps whose messages are answered too; Earshot ignores all others, and itself",
        examples=["B0123456789"],
    )
    owners_in_slack: Names = Field(
        (),
        description="Owners of documents as name=person; e-mail addresses are looked up; * is who else is asked",
        examples=["Billing team=@dana,*=U034"],
    )
    review_language: str = Field(
        "en", pattern=r"^[a-z]{2,3}$", description="Language that reviewers read, for back-translations (ISO 639)"
    )
    review_channel: str = Field("", description="Slack channel for review cards, by name or id", examples=["#replies"])
    digest_channel: str = Field("", description="Slack channel for the weekly summary", examples=["#weekly"])
    alert_channel: str = Field(
        "",
        description="Slack channel for alerts and crises; empty means the review channel",
        examples=["#alerts"],
    )
    reviewers: Names = Field(
        (),
        description="People or user groups who may decide on drafts, by e-mail address, @name or id",
        examples=["dana@larkspur.example,@support,S034"],
    )
    second_approvers: Names = Field(
        (),
        description="People or user groups who may approve risky drafts as the second person; empty: every reviewer",
        examples=["dana@larkspur.example,@support,S034"],
    )
    managers: Names = Field(
        (), description="People or user groups who get the figures", examples=["dana@larkspur.example,@support,S034"]
    )
    admins: Names = Field(
        (), description="People or user groups who may do everything with drafts", examples=["dana@larkspur.example"]
    )
    review_file: Path = Field(
        Path("review.yaml"), description="Which drafts need a second approver; review.example.yaml shows how"
    )
    audit_anchor: str = Field(
        "",
        description="Where the audit's last hash is noted each day, out of reach of who has the database: a file on "
        "another disk, or a Slack channel",
        examples=["/mnt/other/earshot-audit.txt"],
    )
    approval_hours: int = Field(24, ge=1, le=8_760, description="Hours after which an unsent approval expires")
    claim_hours: int = Field(4, ge=1, le=168, description="Hours after which a claim on a draft expires")
    undo_seconds: int = Field(
        20, ge=0, le=3600, description="Seconds after an approval in which it can be undone, before the reply is sent"
    )
    goals_file: Path = Field(
        Path("goals.yaml"), description="The company's aims and what measures them; goals.example.yaml shows how"
    )
    digests_file: Path = Field(
        Path("digests.yaml"),
        description="Summaries for more channels, by scope, month or quarter; digests.example.yaml shows how",
    )
    business_hours: str = Field(
        "Mon-Fri 09:00-17:00",
        description="Working hours in TIMEZONE, by which times to reply are counted",
        examples=["Mon-Fri 09:00-17:00, Sat 10:00-14:00"],
    )
    reply_within_hours: float = Field(
        8, gt=0, le=1000, description="Working hours within which a post that needs a reply should get one"
    )
    digest_hide_authors: bool = Field(
        False, description="true removes people's names, handles and links from the summary and its CSV files"
    )
    warn_at_share: float = Field(
        0.75, gt=0, le=1, description="An alert warns about a reply when this share of REPLY_WITHIN_HOURS has passed"
    )
    quiet_hours: str = Field(
        "", description="Hours in TIMEZONE in which only severe alerts are posted", examples=["22:00-07:00"]
    )
    severe_posts: int = Field(
        50, ge=10, description="This many negative posts within an hour are a severe spike: it opens a crisis"
    )
    crisis_opens_itself: bool = Field(
        True, description="false leaves it to people to open a crisis; a severe alert is still posted"
    )
    collect_schedule: str = Field("*/5 * * * *", description="When the networks are read (cron)")
    digest_schedule: str = Field("0 9 * * 1", description="When the weekly summary is posted (cron)")
    timezone: str = Field(
        "UTC", description="The company's time zone, for weeks and schedules", examples=["Europe/Warsaw"]
    )
    max_document_mb: int = Field(50, ge=1, description="Documents larger than this are skipped with a message")
    log_format: Literal["text", "json"] = Field("text", description="text for people, json for a log collector")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What comes first wins: the environment, `.env`, `earshot.yaml`; a secret itself before its file."""
        env_file = Path(str(getattr(dotenv_settings, "env_file", "") or ".env"))
        return (
            *(init_settings, env_settings, SecretFiles(settings_cls, lambda: os.environ)),
            *(dotenv_settings, SecretFiles(settings_cls, lambda: read_env_file(env_file)), YamlSettings(settings_cls)),
        )

    _ids: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator(
        *("languages", "rss_feeds", "internal_channels", "help_channels", "help_thread_channels", "allowed_bots"),
        "owners_in_slack",
        *("reviewers", "second_approvers", "managers", "admins"),
        mode="before",
    )
    @classmethod
    def split_names(cls, value: Any) -> Any:
        """`a, b` from the environment becomes two names."""
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def raise_letters(cls, value: Any) -> Any:
        """`info` is meant as `INFO`."""
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator(
        *("earshot_home", "knowledge_dir", "prompts_dir", "networks_file", "topics_file"),
        *("review_file", "guards_file", "goals_file", "digests_file", "sources_file"),
    )
    @classmethod
    def expand_home(cls, value: Path) -> Path:
        """`~` in `.env` is not expanded by any shell."""
        try:
            return value.expanduser()
        except RuntimeError as error:
            raise ValueError("its ~ names no user, write the whole path") from error

    @field_validator("slack_api_url", "chat_model_url", "earshot_chroma_url", "rss_feeds")
    @classmethod
    def check_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        """Addresses begin with their scheme."""
        for address in (value,) if isinstance(value, str) else value:
            if address and not address.startswith(("http://", "https://")):
                raise ValueError("an address must start with http:// or https://")
        return value

    @field_validator("languages")
    @classmethod
    def check_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Codes of two or three letters."""
        if wrong := next((code for code in value if not re.fullmatch(r"[a-z]{2,3}", code)), ""):
            raise ValueError(f"{wrong} is no language code, write it like de")
        return value

    @field_validator("timezone")
    @classmethod
    def check_timezone(cls, value: str) -> str:
        """Only names of the IANA time-zone database."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone, write it like Europe/Warsaw") from error
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def check_token(cls, value: SecretStr | None, info: Any) -> SecretStr | None:
        """The two tokens are easily swapped: their first letters tell them apart."""
        prefix = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}[info.field_name]
        if value and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"it must start with {prefix}")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        """A short secret can be guessed."""
        if value and len(value.get_secret_value()) < 16:
            raise ValueError("it must have at least 16 characters")
        return value

    @field_validator("collect_schedule", "digest_schedule", "backup_schedule")
    @classmethod
    def check_schedule(cls, value: str) -> str:
        """Five cron fields."""
        if not is_schedule(value):
            raise ValueError("it must be a cron schedule of five fields, like 0 9 * * 1")
        return value

    @field_validator("business_hours")
    @classmethod
    def check_hours(cls, value: str) -> str:
        """Days and hours."""
        read_hours(value, ZoneInfo("UTC"))
        return value

    @field_validator("quiet_hours")
    @classmethod
    def check_quiet_hours(cls, value: str) -> str:
        """From when until when."""
        read_quiet_hours(value, ZoneInfo("UTC"))
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)

    def is_help_channel(self, channel: str, is_in_thread: bool = False) -> bool:
        """Return whether questions are answered without a mention there, outside of threads or in people's threads."""
        return channel in self.help_thread_channels or (channel in self.help_channels and not is_in_thread)

    def note_id(self, name: str, slack_id: str) -> None:
        """Remember the id of a channel that a file calls by its name."""
        self._ids[name] = slack_id

    def to_id(self, name: str) -> str:
        """The id behind a channel's name; the name itself where Slack was not asked yet."""
        return self._ids.get(name, name)

    @property
    def who_decides(self) -> dict[str, object]:
        """The settings that say who may decide on drafts, and for how long it counts: they stand in the audit."""
        names = ("reviewers", "second_approvers", "admins", "approval_hours", "claim_hours")
        return {name.upper(): getattr(self, name) for name in names}

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret's text, so that the log can leave them out."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def load_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`. Raises ConfigError that names each wrong setting and shows an example."""
    hint = "Fix it in the environment, in .env or in earshot.yaml; .env.example shows all."
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [_describe(str(fault["loc"][0]), fault["msg"]) for fault in error.errors(include_input=False)]
        raise ConfigError("; ".join(lines), hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(".env cannot be read as UTF-8 text.", "Save it as UTF-8, or remove it.") from error


def _describe(field_name: str, message: str) -> str:
    field = Settings.model_fields.get(field_name)
    example = show_example(field) if field else ""
    shown = f" (for example {example})" if example else ""
    return f"{field_name.upper()}: {message.removeprefix('Value error, ')}{shown}"
