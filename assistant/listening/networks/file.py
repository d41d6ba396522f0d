"""Mentions from a JSONL or CSV file, plain or gzipped: each line is checked on its own and the good ones go in."""

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from assistant.domain import Mention
from assistant.domain.outside import drop_steering
from assistant.errors import InputError
from assistant.listening.networks.base.payload import tell_faults, to_utc
from assistant.listening.networks.base.protocol import Rejected

DEFAULT_NETWORK = "file"
_MEND = "Give a .jsonl or .csv file, or .gz of one."
_ZIP = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_COLUMNS = "Its first line must name the columns: id, text and created_at, and what else there is."
_MOST_FOLLOWERS = 10**12  # far above anybody's, and within what SQLite can keep


@dataclass(frozen=True)
class _Unreadable:
    """A line that holds no values at all."""

    reason: str


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _drop_steering(value: Any) -> Any:
    return drop_steering(value).strip() if isinstance(value, str) else value


_Optional = BeforeValidator(_none_if_blank)
Name = Annotated[str, Field(min_length=1, max_length=300, coerce_numbers_to_str=True)]

_Count = Annotated[int, Field(ge=0, le=_MOST_FOLLOWERS)]


class PostLine(BaseModel, str_strip_whitespace=True):
    """One line of the file. A time without an offset is taken as UTC."""

    id: Name
    source: Annotated[Name, BeforeValidator(lambda value: _none_if_blank(value) or DEFAULT_NETWORK)] = DEFAULT_NETWORK
    author: Annotated[str, BeforeValidator(lambda value: value or ""), Field(coerce_numbers_to_str=True)] = ""
    text: Annotated[str, Field(min_length=1), BeforeValidator(_drop_steering)]
    created_at: Annotated[datetime, AfterValidator(to_utc)]
    lang: Annotated[str | None, _Optional] = None
    location: Annotated[str | None, _Optional] = None
    url: Annotated[str | None, _Optional] = None
    in_reply_to: Annotated[Name | None, _Optional] = None
    followers: Annotated[_Count | None, _Optional] = None
    conversation_id: Annotated[Name | None, _Optional] = None
    engagement: Annotated[_Count | None, _Optional] = None
    author_id: Annotated[Name | None, _Optional] = None
    edited_at: Annotated[Annotated[datetime, AfterValidator(to_utc)] | None, _Optional] = None


def read_posts(path: Path) -> Iterator[Mention | Rejected]:
    """Each post of the file in order, or why its line was rejected. Raises InputError when none can be read."""
    lines = _read_csv if path.name.lower().removesuffix(".gz").endswith(".csv") else _read_jsonl
    number = 0
    try:
        with _open(path) as file:
            for number, line in lines(file):
                place = f"line {number}"
                yield Rejected(place, line.reason) if isinstance(line, _Unreadable) else read_line(place, line)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it was cut off or damaged on its way"
        raise InputError(f"The file {path} cannot be read: {reason}.", _MEND) from error
    if not number:
        raise InputError(f"The file {path} holds no post.", _MEND)


def to_mention(post: PostLine) -> Mention:
    """A checked line as a Mention."""
    network = _name_network(post.source)
    return Mention(
        mention_id=f"{network}:{post.id}",
        network=network,
        external_id=post.id,
        author=post.author,
        text=post.text,
        created_at=post.created_at,
        lang=post.lang,
        location=post.location,
        url=post.url if post.url and post.url.startswith(("https://", "http://")) else None,
        in_reply_to=post.in_reply_to,
        followers=post.followers,
        conversation_id=post.conversation_id,
        engagement=post.engagement,
        edited_at=post.edited_at,
        author_id=post.author_id,
    )


def to_mention_id(source: object, post_id: object) -> str:
    """The mention's id of a post that is only named; empty when it is not."""
    named = str(post_id).strip() if isinstance(post_id, str | int) else ""
    return f"{_name_network(str(source)) or DEFAULT_NETWORK}:{named}" if named else ""


def _name_network(source: str) -> str:
    return source.strip().lower().replace(":", "-")  # a colon parts the network from the id


def _open(path: Path) -> IO[str]:
    open_bytes = gzip.open if path.suffix.lower() == ".gz" else open
    with open_bytes(path, "rb") as file:
        start = file.read(len(_ZIP))
    if start[:2] in _UTF_16:
        raise InputError(f"The file {path} is UTF-16 text.", "Save it as UTF-8.")
    if start == _ZIP:
        raise InputError(f"The file {path} is a spreadsheet or a zip file.", "Save it as CSV, or unpack it.")
    # Bytes that are no UTF-8 become surrogates, so that they spoil their own line only.
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _read_jsonl(file: IO[str]) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(file, start=1):
        if number == 1 and line.lstrip().startswith("["):
            raise InputError("The file is one JSON list.", "Write a post on each line, without brackets and commas.")
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):  # also a number of more digits than Python reads
                yield number, _Unreadable("is no JSON object")


def _read_csv(file: IO[str]) -> Iterator[tuple[int, object]]:
    try:
        yield from _read_rows(file)
    except csv.Error as error:  # in the first line
        raise InputError("The first line of the CSV file cannot be read.", _COLUMNS) from error


def _read_rows(file: IO[str]) -> Iterator[tuple[int, object]]:
    reader = csv.DictReader(file)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    _check_columns(names)
    reader.fieldnames = names
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, _Unreadable("is no CSV row: a quotation mark that is never closed, or far too long a field")
        else:
            yield reader.line_num, {name: value for name, value in row.items() if name and value}


def _check_columns(names: list[str]) -> None:
    other = next((sign for sign in ";\t|" if len(names) == 1 and sign in names[0]), "")
    if other:
        named = "tabs" if other == "\t" else other
        raise InputError(f"The columns of this CSV file are parted by {named}.", "Save it with commas between columns.")
    missing = [name for name in ("id", "text", "created_at") if name not in names]
    if names and missing:
        raise InputError(f"The CSV file has no column {' and no column '.join(missing)}.", _COLUMNS)


def read_line(place: str, line: object) -> Mention | Rejected:
    """One post as a Mention, or what is wrong with it."""
    if not isinstance(line, dict):
        return Rejected(place, "is no JSON object")
    try:
        mention = to_mention(PostLine.model_validate(line))
    except ValidationError as error:
        return Rejected(place, tell_faults(error))
    values = (mention.mention_id, mention.author, mention.text, mention.lang, mention.location, mention.url)
    if not _is_utf8("".join(filter(None, (*values, mention.in_reply_to, mention.conversation_id)))):
        return Rejected(place, "is not valid UTF-8")
    return mention


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
