"""Rights: which reader sets people are in, as Slack knows its user groups and addresses."""

import logging
from collections.abc import Callable, Collection, Sequence

from assistant.domain import ReaderSet
from assistant.errors import NetworkError

FindNamed = Callable[[str], frozenset[str]]
"""Who is meant by an e-mail address, or a user group's id or handle. Raises NetworkError where Slack does not tell."""

_log = logging.getLogger(__name__)


class Rights:
    """Looks people up in reader sets. What Slack does not tell is read by nobody.

    A list that names nobody whom Slack knows stands for the admins.
    """

    def __init__(
        self,
        find_named: FindNamed,
        find_admins: Callable[[], frozenset[str]],
        list_sets: Callable[[], Sequence[ReaderSet]],
    ) -> None:
        self._find_named = find_named
        self._find_admins = find_admins
        self._list_sets = list_sets

    def find_sets(self, people: Callable[[], Collection[str]]) -> list[str]:
        """The names of the sets that all of these people are in; of nobody, none. Slack is only asked if there are
        sets."""
        sets = self._list_sets()
        readers = frozenset(people()) if sets else frozenset()
        return [one.name for one in sets if readers and self._has_all(one, readers)]

    def find_unknown(self) -> dict[str, tuple[str, ...]]:
        """By the name of a set, what it names and Slack does not know."""
        found = {one.name: tuple(dict.fromkeys(self._list_unknown(one))) for one in self._list_sets()}
        return {name: unknown for name, unknown in found.items() if unknown}

    def _has_all(self, one: ReaderSet, people: frozenset[str]) -> bool:
        try:
            return all(people <= self._find_people(names) for names in one.lists)
        except NetworkError as error:
            _log.warning("nobody reads the documents of the reader set %s for now: %s", one.name, error.message)
            return False

    def _find_people(self, names: Sequence[str]) -> frozenset[str]:
        return frozenset().union(*map(self._find_named, names)) or self._find_admins()

    def _list_unknown(self, one: ReaderSet) -> list[str]:
        empty = ["nobody"] if not all(one.lists) else []
        return empty + [name for names in one.lists for name in names if not self._find_named(name)]
