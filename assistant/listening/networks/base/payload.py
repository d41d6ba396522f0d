"""The parts that payloads of all networks are checked with: texts, times, counts, markup.

What reading single posts has in common: the id of an answer, and a post as a reply in a thread.
"""

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, WrapValidator

from assistant.domain import Mention, ThreadPost
from assistant.domain.outside import drop_steering
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import unreadable
from assistant.listening.networks.base.protocol import GONE

_LINE_END = re.compile(r"<(?:br|/p|/div|/li|/h\d|/blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]+>")
_MOST_COUNT = 10**12  # far above anybody's, and within what SQLite can keep
Shape = TypeVar("Shape", bound=BaseModel)
# By how the library's name of a fault begins, the longer ones first.
_FAULTS = {
    "missing": "is missing",
    "string_unicode": "is not valid UTF-8",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "string": "must be a text",
    "datetime": "must be a date and time, such as 2026-11-09T08:20:00Z",
    "int": "must be a whole number",
    "finite": "must be a whole number",
    "greater": "must not be below {ge}",
    "less": "must not be above {le}",
    "list": "must be a list",
    "model": "must be an object",
    "dict": "must be an object",
    "bool": "must be true or false",
}


def _clean(value: Any) -> Any:
    """Half a character pair and NUL can be in JSON, but not in the database; a text of nothing visible is none."""
    if isinstance(value, str):
        return drop_steering(value.encode("utf-8", "replace").decode("utf-8")).strip()
    return value


def to_utc(moment: datetime) -> datetime:
    """An aware time in UTC; one without an offset is taken as UTC. Raises ValueError far from our days."""
    if not 1970 < moment.year < 9999:
        raise ValueError("must lie after 1970")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _none_if_wrong(value: Any, check: Callable[[Any], Any]) -> Any:
    try:
        return check(value)
    except ValidationError:
        return None


def _is_link(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("is no web address")
    return value


_IfRight = WrapValidator(_none_if_wrong)
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else _clean(value))]
PostId = Annotated[str, Field(min_length=1, max_length=500, coerce_numbers_to_str=True), BeforeValidator(_clean)]
Moment = Annotated[datetime, AfterValidator(to_utc)]
# What a post can do without: a wrong value counts as none.
MaybeText = Annotated[Annotated[str, BeforeValidator(_clean), Field(min_length=1)] | None, _IfRight]
MaybeId = Annotated[PostId | None, _IfRight]
MaybeMoment = Annotated[Moment | None, _IfRight]
MaybeCount = Annotated[Annotated[int, Field(ge=0, le=_MOST_COUNT)] | None, _IfRight]
MaybeLink = Annotated[Annotated[str, BeforeValidator(_clean), AfterValidator(_is_link)] | None, _IfRight]


def check(shape: type[Shape], payload: object) -> Shape | str:
    """The payload in this shape, or what is wrong with it."""
    try:
        return shape.model_validate(payload)
    except ValidationError as error:
        return tell_faults(error)


def tell_faults(error: ValidationError) -> str:
    """Describe the faults of a payload, field by field, without its values."""
    faults = error.errors(include_input=False, include_url=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'it'} {_describe(fault['type'], fault.get('ctx', {}))}"
        for fault in faults
    )


def _describe(kind: str, limits: Mapping[str, Any]) -> str:
    """A fault in our words: those of the library are for programmers."""
    if kind == "value_error":
        return str(limits["error"])
    return next((words for start, words in _FAULTS.items() if kind.startswith(start)), "cannot be used").format(
        **limits
    )


def get_field(body: object, field: str) -> object:
    """A field of a JSON object; None where there is none."""
    return body.get(field) if isinstance(body, Mapping) else None


def read_markup(markup: str) -> str:
    """HTML as plain text: a line for each paragraph, no tags, entities as characters."""
    text = html.unescape(_TAG.sub("", _LINE_END.sub("\n", markup)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def add_up(*counts: int | None) -> int | None:
    """The sum of the counts that are known; None when none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def read_id(who: str, body: object, field: str = "id") -> str:
    """The id in an answer. Raises NetworkError when there is none: then nobody knows what happened."""
    found = get_field(body, field)
    if not isinstance(found, str | int) or not str(found):
        raise unreadable(who)
    return str(found)


def to_reply(post: Mention, is_ours: bool) -> ThreadPost:
    """A post as one that is below another."""
    return ThreadPost(
        post.network, post.external_id, post.author, post.text, post.created_at, post.in_reply_to, is_ours
    )


def read_post(who: str, found: Mention | str) -> Mention | None:
    """The post, or None when the platform says it was deleted. Raises NetworkError when it cannot be read."""
    if found == GONE:
        return None
    if isinstance(found, str):
        raise NetworkError(f"{who} shows this post in a way that Earshot does not understand.", "Look at it yourself.")
    return found
