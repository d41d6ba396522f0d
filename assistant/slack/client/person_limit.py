"""How much of one person's work is done at once: who asks two hundred things holds up nobody else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import InputError


class TooMuchAtOnceError(InputError):
    """A person asked for more than is done, or waits, at the same time."""


class PersonLimit:
    """Lets `at_once` pieces of work of a person run and `waiting` more wait for their turn."""

    def __init__(self, at_once: int = 3, waiting: int = 9) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._people: dict[str, tuple[threading.Semaphore, int]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, person: str) -> Iterator[None]:
        """Wait for one of this person's turns and hold it. Raises TooMuchAtOnceError."""
        with self._guard:
            turns, count = self._people.get(person) or (threading.Semaphore(self._at_once), 0)
            if count >= self._most:
                told = f"I'm still busy with {count} other things you asked me."
                raise TooMuchAtOnceError(told, "Ask again when they're done.")
            self._people[person] = (turns, count + 1)
        try:
            with turns:
                yield
        finally:
            self._leave(person)

    def _leave(self, person: str) -> None:
        with self._guard:
            turns, count = self._people[person]
            if count > 1:
                self._people[person] = (turns, count - 1)
            else:
                del self._people[person]
