"""Jobs: work that survives a crash. A job is a frozen dataclass, and its type says which handler does it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant.errors import EarshotError, InputError

J = TypeVar("J", bound="Job")


@dataclass(frozen=True)
class Asker:
    """The person who waits for a job, and where they asked."""

    user: str
    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True)
class Job:
    """Base of all jobs. The fields of a job are what is kept, as JSON, until it is done.

    `kind` names the type in work.db: it outlives a rename, so that what an older Earshot left is still done.
    """

    kind: ClassVar[str]

    @property
    def asker(self) -> Asker | None:
        """The person to tell when it fails; None where nobody waits for it."""
        return None


class Inbox(Protocol):
    """Writes a job down before it returns; the same type with the same key again does nothing."""

    def __call__(self, job: Job, key: str) -> None: ...


class JobHandlers:
    """The handler of each type of job; every flow adds its own."""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[Any], object]] = {}
        self._types: dict[str, type[Job]] = {}
        self._readers: dict[str, TypeAdapter[Job]] = {}

    def add(self, job: type[J], handle: Callable[[J], object]) -> None:
        """Let a function handle all jobs of a type."""
        if job.kind in self._handlers:
            raise ValueError(f"two handlers for {job.kind}")
        self._handlers[job.kind] = handle
        self._types[job.kind] = job

    def handle(self, job: Job) -> None:
        """Do a job. Raises whatever its handler raises."""
        self._handlers[job.kind](job)

    def read(self, kind: str, fields: dict[str, Any]) -> Job:
        """Read a job as it was written down, perhaps by an older Earshot. Raises InputError."""
        if kind not in self._types:
            raise InputError(f"No job of this Earshot is called {kind}.", _ANOTHER)
        try:
            return self._find_reader(kind).validate_python(fields)
        except ValidationError as error:
            wrong = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors()}))
            raise InputError(f"A job called {kind} cannot be read: {wrong}.", _ANOTHER) from error

    def _find_reader(self, kind: str) -> TypeAdapter[Job]:
        if kind not in self._readers:  # made when it is needed: all of them together take a tenth of a second
            self._readers[kind] = TypeAdapter(self._types[kind])
        return self._readers[kind]


_ANOTHER = "Another version of Earshot wrote it: it is left out. Whoever waits for it has to ask again."


def write_job(job: Job) -> dict[str, Any]:
    """The fields of a job as plain values."""
    return asdict(job)


class FailureListener(Protocol):
    """Hears of each job that failed for good."""

    def __call__(self, job: Job, error: EarshotError) -> None: ...
