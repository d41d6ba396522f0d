"""Which posts a summary is about: all, or those of a brand, a topic, some countries or a network."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import InputError

_HOW = "Write it like topic=billing, country=DE,AT, brand=Larkspur or network=mastodon."
_MOST_CHARACTERS = 300  # it has to stand in a button of Slack

_COUNTRIES = {"UK": "GB", "EL": "GR"}  # as the European Union writes them


class ScopeKind(StrEnum):
    """What the posts of a scope have in common."""

    BRAND = "brand"
    COUNTRY = "country"
    TOPIC = "topic"
    NETWORK = "network"


@dataclass(frozen=True)
class Scope:
    """Posts that share one of `names`: a region is some countries, by their codes in ISO 3166. No kind means all."""

    kind: ScopeKind | None = None
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`topic=billing`, as `read_scope` reads it; empty for everything."""
        return f"{self.kind}={','.join(self.names)}" if self.kind else ""


EVERYTHING = Scope()


def build_scope(kind: str, names: tuple[str, ...]) -> Scope:
    """A scope of names as people write them. Raises InputError."""
    if kind not in list(ScopeKind):
        raise InputError(f"There is no scope {kind}.", _HOW)
    found = tuple(dict.fromkeys(_spell(ScopeKind(kind), name) for name in names if name.strip()))
    if not found:
        raise InputError(f"The scope {kind} names nothing.", _HOW)
    if any(sign in name for name in found for sign in ",|") or sum(map(len, found)) > _MOST_CHARACTERS:
        raise InputError(f"The names of the scope {kind} are too long, or hold a comma or |.", _HOW)
    return Scope(ScopeKind(kind), found)


def read_scope(text: str) -> Scope:
    """`topic=billing`; everything where the text is empty. Raises InputError."""
    if not text.strip():
        return EVERYTHING
    kind, _, names = text.partition("=")
    return build_scope(kind.strip().lower(), tuple(names.split(",")))


def _spell(kind: ScopeKind, name: str) -> str:
    plain = " ".join(name.split())
    if kind is ScopeKind.COUNTRY:
        if len(plain) != 2 or not plain.isascii() or not plain.isalpha():
            raise InputError(f"{plain} is no country's code.", "Write two letters, such as DE or GB.")
        return _COUNTRIES.get(plain.upper(), plain.upper())
    return plain.lower() if kind is ScopeKind.NETWORK else plain
