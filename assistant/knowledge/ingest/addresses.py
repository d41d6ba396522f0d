"""The addresses at which staff open documents: made from a document's path by a rule for its folder."""

from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from assistant.errors import InputError

_INDEXES = frozenset({"index", "readme", "_index"})
_EXAMPLE = "https://github.com/acme/handbook/blob/main/{path}, or https://docs.acme.example/{page}"


def check_address(address: str) -> None:
    """Raise InputError for a rule that makes no address."""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    except ValueError:
        is_web = False
    if not is_web:
        raise InputError(f"{address} is no web address.", f"Give one like {_EXAMPLE}.")


def build_address(rule: str, document_id: str) -> str:
    """`{path}` stands for the path below the folder, `{page}` for the same without its ending, as sites have it.

    A rule with neither is the address of the folder.
    """
    path = PurePosixPath(document_id)
    page = path.parent if path.stem.lower() in _INDEXES else path.with_suffix("")
    shown = "" if str(page) == "." else quote(str(page))
    if "{path}" in rule or "{page}" in rule:
        return rule.replace("{path}", quote(document_id)).replace("{page}", shown)
    return f"{rule.rstrip('/')}/{quote(document_id)}"
