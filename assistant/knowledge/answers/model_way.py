"""The way a chat model is asked: what a provider refuses is left out, and one that ran out of room gets more."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Literal, Self

# A model that thinks spends most of it before its first visible word. The time limit ends one that never stops.
_TOKENS, _MORE_TOKENS = 9_000, 32_000
# What a provider may call an option that it refuses.
_OPTIONS = {
    "temperature": ("temperature",),
    "reasoning_effort": ("reasoning_effort", "effort", "thinking_level", "thinking level", "thinkingLevel"),
    "max_tokens": ("max_tokens", "max_completion_tokens", "max_output_tokens"),
}
_FORMS = ("json_schema", "response_format", "structured output")
_TOOLS = ("tool", "function")
_BREAKS = {"RemoteProtocolError", "ReadError"}
_BAD_REQUEST, _TOO_MANY = 400, 429


class Fault(Enum):
    """What became of a call that gave no reply in the form that was asked for."""

    RAN_OUT = auto()
    DECLINED = auto()
    UNREADABLE = auto()
    BUSY = auto()
    BROKE_OFF = auto()
    REFUSED = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Failure:
    """A call that failed: how, the error of the provider's client, and after how many seconds it may be asked again."""

    fault: Fault
    cause: BaseException | None = None
    wait_seconds: float = 0.0
    hint: str = ""

    @classmethod
    def of(cls, cause: BaseException | None) -> Self:
        """Tell by the kind of an error of any provider's client, whose classes have the same names."""
        kind, status = type(cause).__name__, getattr(cause, "status_code", 0)
        if kind == "LengthFinishReasonError":
            return cls(Fault.RAN_OUT, cause)
        if kind in ("OpenAIRefusalError", "ContentFilterFinishReasonError"):
            return cls(Fault.DECLINED, cause)
        if kind in ("ValidationError", "OutputParserException"):
            return cls(Fault.UNREADABLE, cause)
        if status == _TOO_MANY:
            return cls(Fault.BUSY, cause, _read_wait(cause))
        if _BREAKS & {type(each).__name__ for each in _follow(cause)}:
            return cls(Fault.BROKE_OFF, cause)
        return cls(Fault.REFUSED if status == _BAD_REQUEST else Fault.OTHER, cause)


@dataclass(frozen=True)
class Way:
    """Room for thinking and for the answer, how the form of the reply is asked for, and the options not to send.

    A model that knows neither schemas nor tools is asked in plain text: every prompt ends with the form.
    """

    tokens: int = _TOKENS
    method: Literal["json_schema", "function_calling", "plain"] = "json_schema"
    left_out: frozenset[str] = frozenset()
    is_again: bool = False

    def after(self, failure: Failure) -> Self | None:
        """Return the way to try after a failure, or None where no other would do better."""
        if failure.fault is Fault.RAN_OUT:
            return replace(self, tokens=_MORE_TOKENS) if self.tokens == _TOKENS else None
        if failure.fault is Fault.UNREADABLE:
            return replace(self, method="plain") if self.method != "plain" else None
        if failure.fault in (Fault.BUSY, Fault.BROKE_OFF):
            return None if self.is_again else replace(self, is_again=True)
        return self._without_refused(str(failure.cause)) if failure.fault is Fault.REFUSED else None

    def kept(self) -> Self:
        """Return what the next question is asked by: what a provider refused once it refuses again."""
        return replace(self, tokens=_TOKENS, is_again=False)

    def _without_refused(self, said: str) -> Self | None:
        if self.method == "json_schema" and any(form in said for form in _FORMS):
            return replace(self, method="function_calling")
        for option, names in _OPTIONS.items():
            if option not in self.left_out and any(name in said for name in names):
                return replace(self, left_out=self.left_out | {option})
        if self.method == "function_calling" and any(tool in said for tool in _TOOLS):
            return replace(self, method="plain")
        return None


def _follow(cause: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from: each layer of a client wraps that of the one below."""
    while cause:
        yield cause
        cause = cause.__cause__


def _read_wait(cause: BaseException | None) -> float:
    """The seconds of `Retry-After`; one that names a day, or nothing, is never soon enough."""
    headers = getattr(getattr(cause, "response", None), "headers", {})
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return math.inf
    return seconds if seconds >= 0 else math.inf
