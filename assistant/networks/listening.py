"""What to listen for, from networks.yaml: names, feeds, networks, and keys by the name of an environment variable."""

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ConfigError

_KEY_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_MOST_KEY_CHARACTERS = 60
_DEEPEST = 10
_MEND = "networks.example.yaml shows how it is written."
_KEY_FIELDS = frozenset(
    ("client_id", "client_secret", "password", "access_token", "app_password", "bearer_token", "api_key")
)
Lines = dict[tuple[str | int, ...], int]
FindKey = Callable[[str], str]


def _check_key_name(value: str) -> str:
    if not _KEY_NAME.fullmatch(value) or len(value) > _MOST_KEY_CHARACTERS:
        raise ValueError(
            "must be the NAME of an environment variable, such as MY_API_KEY, and never the key itself: "
            "put the key into .env and its name here"
        )
    return value


def _check_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError("must be an address that starts with https:// or http://")
    if parts.username or parts.password:
        raise ValueError("must not hold a password")
    return value.rstrip("/")


def _drop_sign(value: str) -> str:
    return value.lstrip("@#")


Word = Annotated[str, Field(min_length=1, max_length=100)]
Handle = Annotated[Word, AfterValidator(_drop_sign)]
KeyName = Annotated[str, AfterValidator(_check_key_name)]
Address = Annotated[str, AfterValidator(_check_address)]
Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.lower)]
Digits = Annotated[str, Field(pattern=r"^\d{1,30}$")]
Subreddit = Annotated[str, Field(pattern=r"^(r/)?\w{2,30}$"), AfterValidator(lambda value: value.removeprefix("r/"))]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class RedditSection(_Section):
    """A script app of ours on Reddit."""

    client_id: KeyName
    client_secret: KeyName
    username: str = ""
    password: KeyName | None = None
    subreddits: tuple[Subreddit, ...] = ()


class MastodonSection(_Section):
    """Our account on a Mastodon server."""

    server: Address
    access_token: KeyName


class BlueskySection(_Section):
    """Our account on Bluesky."""

    handle: Handle
    app_password: KeyName
    server: Address | None = None


class XSection(_Section):
    """Our app on X; with `user_id`, the number of our account, its mentions are read too."""

    bearer_token: KeyName
    user_id: Digits | None = None


class YouTubeSection(_Section):
    """Channels and videos whose comments are read."""

    api_key: KeyName
    channels: tuple[Word, ...] = ()
    videos: tuple[Word, ...] = ()


class FacebookSection(_Section):
    """Our page, by its number."""

    access_token: KeyName
    page: Digits


class InstagramSection(_Section):
    """Our professional account, by its number."""

    access_token: KeyName
    account: Digits


class HackerNewsSection(_Section):
    """Searching needs no key."""

    enabled: bool = True


class DiscourseSection(_Section):
    """A forum: our own may be read as a whole."""

    url: Address
    everything: bool = False
    api_key: KeyName | None = None
    api_username: str = ""


class AppStoreSection(_Section):
    """An app in Apple's store, by its number."""

    app: Digits
    countries: tuple[Country, ...] = Field(min_length=1)


class Listening(_Section):
    """What to listen for. `terms` are searched for wherever a network can be searched."""

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


def load_listening(path: Path, is_needed: bool) -> Listening:
    """Read networks.yaml; nothing without the file, unless it is needed. Raises ConfigError with file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if is_needed:
            raise ConfigError(f"NETWORKS_FILE {path} is not there.", "Write it, or mend the setting.") from error
        return Listening()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text.", "Save it as UTF-8, or mend its rights.") from error
    return parse_listening(text, str(path))


def parse_listening(text: str, name: str) -> Listening:
    """The text of networks.yaml, checked. No message ever repeats a value: it may be a key in a wrong place."""
    lines: Lines = {}
    content = _parse(text, name, lines)
    if content is None:
        return Listening()
    if not isinstance(content, dict):
        raise ConfigError(f"{name}, line 1: it must hold fields, such as brands:", _MEND)
    try:
        return Listening.model_validate(content)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        # A list whose entry is wrong counts as empty too: one fault is told once.
        inner = [f for f in faults if not any(g is not f and g["loc"][: len(f["loc"])] == f["loc"] for g in faults)]
        raise ConfigError("; ".join(_tell(name, fault, lines) for fault in inner or faults), _MEND) from None


def _parse(text: str, name: str, lines: Lines) -> Any:
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}" if mark else ""
        hint = f"Look at that line and the one above: indentation, a missing colon, an open quote or bracket. {_MEND}"
        raise ConfigError(f"{name}{place}: this is no YAML.", hint) from None
    except yaml.YAMLError:
        raise ConfigError(f"{name} holds characters that YAML does not allow.", _MEND) from None
    return _convert(node, (), name, lines) if node else None


def _convert(node: yaml.Node, place: tuple[str | int, ...], name: str, lines: Lines) -> Any:
    """Nodes to plain values, all of them text: `no` is a country here, and no False."""
    lines[place] = node.start_mark.line + 1
    if len(place) > _DEEPEST:
        raise ConfigError(f"{name}, line {lines[place]}: this is nested too deep.", _MEND)
    if isinstance(node, yaml.MappingNode):
        return _convert_fields(node, place, name, lines)
    if isinstance(node, yaml.SequenceNode):
        return _convert_items(node, place, name, lines)
    is_empty = isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")
    return None if is_empty else node.value


def _convert_fields(node: yaml.MappingNode, place: tuple[str | int, ...], name: str, lines: Lines) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        field = str(key.value)
        if field in fields:
            raise ConfigError(f"{name}, line {line}: {field} stands here twice.", "Put both together.")
        fields[field] = _convert(value, (*place, field), name, lines)
        lines[(*place, field)] = line
    # An empty section or list counts as not written, but for the one that needs no fields.
    return {
        field: {} if field == "hackernews" and value is None else value
        for field, value in fields.items()
        if value is not None or field == "hackernews"
    }


def _convert_items(node: yaml.SequenceNode, place: tuple[str | int, ...], name: str, lines: Lines) -> list[Any]:
    items: list[Any] = []
    seen: set[str] = set()
    for number, item in enumerate(node.value):
        items.append(_convert(item, (*place, number), name, lines))
        known = str(item.value).casefold() if isinstance(item, yaml.ScalarNode) else ""
        if known and known in seen:
            line = item.start_mark.line + 1
            raise ConfigError(f"{name}, line {line}: this name stands in the list twice.", "Take one of them away.")
        seen.add(known)
    return items


def _tell(name: str, fault: Any, lines: Lines) -> str:
    place = tuple(fault["loc"])
    known = next(place[:end] for end in range(len(place), -1, -1) if place[:end] in lines)
    field = ".".join(str(part) for part in place)
    return f"{name}, line {lines[known]}: {_describe(field, place, fault)}"


def _describe(field: str, place: tuple[str | int, ...], fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        likely = difflib.get_close_matches(str(place[-1]), _list_fields(), n=1)
        return f"there is no field {field}" + (f", perhaps {likely[0]} is meant" if likely else "")
    messages = {
        "missing": f"{field} is missing",
        "tuple_type": f"{field} must be a list, each entry on a line of its own with a dash before it",
        "model_type": f"{field} must hold fields of its own, indented below it",
        "string_type": f"{field} must be a single text",
        "bool_parsing": f"{field} must be true or false",
        "string_pattern_mismatch": f"{field} is not written as it should be",
        "too_short": f"{field} must not be empty",
        "string_too_short": f"{field} must not be empty",
        "string_too_long": f"{field} is too long",
    }
    message: str = messages.get(fault["type"], f"{field} {fault['msg'].removeprefix('Value error, ')}")
    return message


def _list_fields() -> list[str]:
    return [field for section in _Section.__subclasses__() for field in section.model_fields]


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
