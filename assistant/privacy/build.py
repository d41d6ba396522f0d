"""The department of privacy: people who are forgotten, and posts that are kept no longer."""

from functools import cached_property

from assistant.core.home import Home
from assistant.listening.build import Listening
from assistant.privacy.forget import Erasure
from assistant.privacy.tables import ForgettingTables


class Privacy:
    """Forgets a person, and what is older than the retention allows."""

    def __init__(self, home: Home, listening: Listening) -> None:
        self._home = home
        self._listening = listening

    @cached_property
    def forgetting(self) -> Erasure:
        tables = ForgettingTables(self._home.store, self._listening.upstream)
        days = self._home.settings.mention_retention_days
        return Erasure(
            tables, lambda: self._listening.mention_index.forget_outdated(), days, self._listening.find_account
        )
