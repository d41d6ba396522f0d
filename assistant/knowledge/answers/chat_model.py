"""The chat model through LangChain: one prompt, and its reply in a form of ours, whatever ways its provider has."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.core.patience import call_within
from assistant.domain.outside import SENTENCE, bound
from assistant.errors import ModelError, UnexpectedError, edge
from assistant.knowledge.answers.model_way import Failure, Fault, Way

Form = TypeVar("Form", bound=BaseModel)
NoteUse = Callable[[str, int, int], None]
"""Is told of every call: the model, the tokens it read and those it wrote, as far as the provider tells them."""

_LEAST_SECONDS = 1.0
# Models that think, and take an effort: it is low, since the passages say it all.
_THINKS = re.compile(
    r"[:/](?:o\d|gpt-5(?!-chat)|gpt-oss|gemini-(?:2\.5|[3-9])|claude-opus-(?:4-[5-9]|[5-9])|grok-3-mini)", re.IGNORECASE
)
_OUT_OF_ROOM = ("length", "max_tokens", "MAX_TOKENS")
_DECLINED = ("refusal", "content_filter", "SAFETY", "PROHIBITED_CONTENT")
_UNKNOWN_PROVIDER = ("Unable to infer", "Unsupported")  # how LangChain's errors for it begin
_TOLD = {
    Fault.RAN_OUT: "wrote more than there is room for, and came to no answer",
    Fault.DECLINED: "declined to answer this",
    Fault.BROKE_OFF: "broke off in the middle of its reply",
}
_STATUSES = {
    400: ("refuses the request", "Check CHAT_MODEL."),
    404: ("is not there", "Check CHAT_MODEL and CHAT_MODEL_URL."),
    429: ("answers no more questions for now", ""),
}


@dataclass(frozen=True)
class ModelAddress:
    """LangChain's `provider:model`, where it is, its key, and how many seconds a whole reply may take."""

    name: str
    url: str
    key: str
    timeout_seconds: int


@dataclass
class ChatModel(Generic[Form]):
    """Asks for replies of one form, and remembers the way that its provider understood."""

    address: ModelAddress
    form: type[Form]
    note_use: NoteUse = lambda model, read, written: None
    wait: Callable[[float], None] = time.sleep
    _way: Way = field(default_factory=Way, init=False)

    def __call__(self, prompt: str) -> Form:
        """Send one prompt; raises ModelError when nothing usable came back in time."""
        way: Way | None = self._way
        ends_at = time.monotonic() + self.address.timeout_seconds
        while way:
            said = self._try(prompt, way, max(_LEAST_SECONDS, ends_at - time.monotonic()))
            if not isinstance(said, Failure):
                self._way = way.kept()
                return said
            failed = said
            way = way.after(failed) if time.monotonic() + failed.wait_seconds < ends_at else None
            if way and failed.wait_seconds:
                self.wait(failed.wait_seconds)
        told, hint = _explain(failed)
        raise ModelError(f"The chat model {self.address.name} {told}.", hint or failed.hint) from failed.cause

    def _try(self, prompt: str, way: Way, seconds: float) -> Form | Failure:
        try:
            with edge(f"asking the chat model {self.address.name}", is_foreseen=True):
                said = self._invoke(prompt, way, seconds)
        except UnexpectedError as error:
            return replace(Failure.of(error.__cause__), hint=error.hint)
        return said if isinstance(said, Failure) else self._validate(said)

    def _invoke(self, prompt: str, way: Way, seconds: float) -> Any:
        from langchain_core.callbacks import UsageMetadataCallbackHandler

        uses = UsageMetadataCallbackHandler()
        model = _open(self.address, seconds, way)
        is_plain = way.method == "plain"
        asked = model if is_plain else model.with_structured_output(self.form, method=way.method, include_raw=True)
        said = call_within(seconds, lambda: asked.invoke(prompt, config={"callbacks": [uses]}))
        told = list(uses.usage_metadata.values())
        read, written = (sum(use[tokens] for use in told) for tokens in ("input_tokens", "output_tokens"))
        self.note_use(self.address.name, read, written)
        return read_reply(said, None) if is_plain else read_reply(said["raw"], said["parsed"])

    def _validate(self, said: Any) -> Form | Failure:
        try:
            return self.form.model_validate(keep_bounds(said))
        except ValidationError as error:
            return Failure(Fault.UNREADABLE, error)


def read_reply(message: Any, parsed: BaseModel | None) -> Any:
    """Return what a message holds: in the form asked for, as a tool call nobody asked for, or as JSON in its text."""
    told = message.response_metadata
    reason = told.get("finish_reason") or told.get("stop_reason")
    if reason in _OUT_OF_ROOM:
        return Failure(Fault.RAN_OUT)
    if reason in _DECLINED or message.additional_kwargs.get("refusal"):
        return Failure(Fault.DECLINED)
    if parsed is not None:
        return parsed.model_dump()
    if message.tool_calls:
        return message.tool_calls[0]["args"]
    return _find_json(message.text)


def _find_json(text: str) -> Any:
    """The object in a text that may have a fence around it, and thoughts before it."""
    said = text.rpartition("</think>")[2]
    try:
        return json.loads(said[said.index("{") : said.rindex("}") + 1])
    except (ValueError, RecursionError) as error:
        return Failure(Fault.UNREADABLE, error)


def keep_bounds(said: Any) -> Any:
    """Keep every text of a model's reply within bounds: a stranger's post may have steered it."""
    if isinstance(said, str):
        return bound(said, SENTENCE)
    if isinstance(said, list):
        return [keep_bounds(one) for one in said]
    return {name: keep_bounds(one) for name, one in said.items()} if isinstance(said, dict) else said


def _explain(failed: Failure) -> tuple[str, str]:
    """What went wrong and the mend, by the kind of error: its text may hold a key, and an address a password."""
    cause, kind = failed.cause, type(failed.cause).__name__
    if failed.fault in _TOLD:
        return _TOLD[failed.fault], ""
    if isinstance(cause, ImportError):
        return "needs a package that is not installed", "Install it with its extra, such as pip install '.[anthropic]'."
    if "Timeout" in kind:
        return "took too long", "CHAT_MODEL_TIMEOUT_SECONDS says how long it may take."
    if "Connection" in kind:
        return "cannot be reached", "Check CHAT_MODEL_URL."
    if "Authentication" in kind or kind == "OpenAIError":
        return "refuses the key", "Check CHAT_MODEL_KEY."
    if isinstance(cause, ValueError) and str(cause).startswith(_UNKNOWN_PROVIDER):
        return "is not known", "Write CHAT_MODEL as provider:model."
    status = getattr(cause, "status_code", 0)
    told, hint = ("has trouble just now", "") if status >= 500 else _STATUSES.get(status, ("", ""))
    return (f"{told} (HTTP {status})", hint) if told else ("does not answer as it should", "")


def _open(address: ModelAddress, seconds: float, way: Way) -> Any:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": seconds,
        "max_retries": 0,  # what is worth a second try is decided here
        "max_tokens": way.tokens,
    }
    if _THINKS.search(address.name):
        options["reasoning_effort"] = "low"
    if address.url:
        # An endpoint of one's own often needs no key, but the client refuses to start without one.
        options |= {"base_url": address.url, "api_key": address.key or "none"}
    elif address.key:
        options["api_key"] = address.key
    kept = {option: value for option, value in options.items() if option not in way.left_out}
    return init_chat_model(address.name, **kept)
