"""Listening settings from networks.yaml: names, feeds, networks, and keys by the name of an environment variable."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from assistant.core.yaml_fields import Address, KeyName, SettingsSection
from assistant.core.yaml_files import FieldsFile, read_settings_file

_MEND = "networks.example.yaml shows how it is written."
_KEY_FIELDS = frozenset(
    (
        *("client_id", "client_secret", "password", "access_token", "app_password", "bearer_token", "api_key"),
        *("consumer_key", "consumer_secret", "access_token_secret", "refresh_token"),
    )
)
FindKey = Callable[[str], str]


def _drop_sign(value: str) -> str:
    return value.lstrip("@#")


Word = Annotated[str, Field(min_length=1, max_length=100)]
Handle = Annotated[Word, AfterValidator(_drop_sign)]
Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.lower)]
Digits = Annotated[str, Field(pattern=r"^\d{1,30}$")]
Subreddit = Annotated[str, Field(pattern=r"^(r/)?\w{2,30}$"), AfterValidator(lambda value: value.removeprefix("r/"))]


class _Section(SettingsSection):
    """A part of networks.yaml."""


class _Answering(_Section):
    """A network where posts can be answered. Without `replies: true` nothing is ever sent there."""

    replies: bool = False

    @model_validator(mode="after")
    def _need_keys(self) -> Self:
        missing = [name for name in self._needed_to_reply if not getattr(self, name)]
        if self.replies and missing:
            raise ValueError(f"has replies: true, and needs {' and '.join(missing)} for that")
        return self

    @property
    def _needed_to_reply(self) -> tuple[str, ...]:
        return ()


class RedditSection(_Answering):
    """A script app of ours on Reddit. Only in `welcome` subreddits does Earshot answer by itself."""

    client_id: KeyName
    client_secret: KeyName
    username: str = ""
    password: KeyName | None = None
    subreddits: tuple[Subreddit, ...] = ()
    welcome: tuple[Subreddit, ...] = ()
    unwelcome: tuple[Subreddit, ...] = ()

    @property
    def _needed_to_reply(self) -> tuple[str, ...]:
        return ("username", "password")


class MastodonSection(_Answering):
    """Our account on a Mastodon server."""

    server: Address
    access_token: KeyName


class BlueskySection(_Answering):
    """Our account on Bluesky."""

    handle: Handle
    app_password: KeyName
    server: Address | None = None


class XSection(_Answering):
    """Our app on X; with `user_id`, the number of our account, its mentions are read too.

    X charges for each post that is read: there competitors are searched for only with `competitors`.
    `ai_replies_approved`: X has agreed to replies that a model helped to write. `has_enterprise`: the rule that only
    those who mention us may be answered does not hold.
    """

    bearer_token: KeyName
    user_id: Digits | None = None
    competitors: bool = False
    consumer_key: KeyName | None = None
    consumer_secret: KeyName | None = None
    access_token: KeyName | None = None
    access_token_secret: KeyName | None = None
    ai_replies_approved: bool = False
    has_enterprise: bool = False

    @property
    def _needed_to_reply(self) -> tuple[str, ...]:
        return ("user_id", "consumer_key", "consumer_secret", "access_token", "access_token_secret")


class YouTubeSection(_Answering):
    """Channels and videos whose comments are read."""

    api_key: KeyName
    channels: tuple[Word, ...] = ()
    videos: tuple[Word, ...] = ()
    client_id: KeyName | None = None
    client_secret: KeyName | None = None
    refresh_token: KeyName | None = None

    @property
    def _needed_to_reply(self) -> tuple[str, ...]:
        return ("client_id", "client_secret", "refresh_token")


class FacebookSection(_Answering):
    """Our page, by its number."""

    access_token: KeyName
    page: Digits


class InstagramSection(_Answering):
    """Our professional account, by its number."""

    access_token: KeyName
    account: Digits


class HackerNewsSection(_Section):
    """Searching needs no key."""

    enabled: bool = True


class DiscourseSection(_Answering):
    """A forum: our own may be read as a whole."""

    url: Address
    everything: bool = False
    api_key: KeyName | None = None
    api_username: str = ""

    @property
    def _needed_to_reply(self) -> tuple[str, ...]:
        return ("api_key", "api_username")


class AppStoreSection(_Section):
    """An app in Apple's store, by its number."""

    app: Digits
    countries: tuple[Country, ...] = Field(min_length=1)


class NetworkSettings(_Section):
    """Names and sources to listen for. `terms` and `competitors` are searched for where a network allows it."""

    brands: tuple[Word, ...] = ()
    handles: tuple[Handle, ...] = ()
    hashtags: tuple[Handle, ...] = ()
    competitors: tuple[Word, ...] = ()
    feeds: tuple[Address, ...] = ()
    reddit: RedditSection | None = None
    mastodon: MastodonSection | None = None
    bluesky: BlueskySection | None = None
    x: XSection | None = None
    youtube: YouTubeSection | None = None
    facebook: FacebookSection | None = None
    instagram: InstagramSection | None = None
    hackernews: HackerNewsSection | None = None
    discourse: tuple[DiscourseSection, ...] = ()
    app_store: tuple[AppStoreSection, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Brands as they are, hashtags with # and handles with @."""
        return (*self.brands, *(f"#{tag}" for tag in self.hashtags), *(f"@{name}" for name in self.handles))

    @property
    def key_names(self) -> tuple[str, ...]:
        """The environment variables that hold keys."""
        return tuple(dict.fromkeys(_list_key_names(self)))


def load_listening(path: Path, is_needed: bool) -> NetworkSettings:
    """Read networks.yaml; nothing without the file, unless it is needed. Raises ConfigError with file and line."""
    text = read_settings_file(path, is_needed, "NETWORKS_FILE")
    return NetworkSettings() if text is None else parse_listening(text, str(path))


def parse_listening(text: str, name: str) -> NetworkSettings:
    """The text of networks.yaml, checked. No message ever repeats a value: it may be a key in a wrong place."""
    file = FieldsFile(name, _MEND, bare=frozenset({"hackernews"}))
    return file.parse_form(text, NetworkSettings, "brands", _list_fields()) or NetworkSettings()


def _list_fields() -> list[str]:
    sections = (*_Section.__subclasses__(), *_Answering.__subclasses__())
    return [field for section in sections for field in section.model_fields]


def _list_key_names(part: object) -> list[str]:
    if isinstance(part, tuple):
        return [name for item in part for name in _list_key_names(item)]
    if not isinstance(part, _Section):
        return []
    names: list[str] = []
    for field in type(part).model_fields:
        value = getattr(part, field)
        if field in _KEY_FIELDS and isinstance(value, str):
            names.append(value)
        names += _list_key_names(value)
    return names
