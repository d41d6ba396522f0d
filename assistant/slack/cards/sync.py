"""Keeps what the review channel shows as it is: whoever changes a draft, and wherever, its card follows."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, takewhile

from assistant.core.ticker import Ticker
from assistant.errors import OPERATOR, EarshotError, NetworkError, edge
from assistant.slack.cards.flow import ReviewFlow
from assistant.slack.cards.freeze import FreezeFlow
from assistant.slack.cards.tables import CardTables

_ROUND_SECONDS = 1.0
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=10)
_MOST_A_ROUND = 20
_MOST_FAILED = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Pause:
    until: datetime
    length: timedelta


class CardKeeper:
    """Compares each card's state with the one that it shows, every second.

    So a card follows a click that crashed half-way, the command line, a freeze, a reply that left, and a claim that ran
    out, without any of them knowing of cards. What fails waits, longer each time.
    """

    def __init__(
        self,
        cards: CardTables,
        reviews: ReviewFlow,
        freezes: FreezeFlow,
        clock: Callable[[], datetime],
        spacing_seconds: float = 1.0,
    ) -> None:
        self._cards = cards
        self._reviews = reviews
        self._freezes = freezes
        self._clock = clock
        self._spacing_seconds = spacing_seconds
        self._pauses: dict[str, _Pause] = {}
        self.ticker = Ticker(_ROUND_SECONDS, "keeping the review channel", self.keep)

    def keep(self) -> None:
        """One round: tell of freezes, post the cards that are missing, draw again those that show what is past."""
        self._try("freezes", self._freezes.announce)
        self._try("missing cards", self._post_missing_cards)
        for draft_id in self._choose("card", self._cards.outdated(self._clock())):
            if self._try(f"card {draft_id}", partial(self._reviews.refresh, draft_id)):
                self.ticker.wait(self._spacing_seconds)  # Slack takes about 50 changes a minute

    def _post_missing_cards(self) -> None:
        """Each by itself: one that Slack refuses keeps no other from coming. Raises when the channel takes none."""
        failed = 0
        for draft_id in self._choose("missing card", self._reviews.list_missing_cards()):
            failed += not self._try(f"missing card {draft_id}", partial(self._reviews.post_card, draft_id))
            if failed == _MOST_FAILED:
                raise NetworkError(
                    "The review channel takes no cards.", "earshot doctor looks the channel over.", in_slack=OPERATOR
                )

    def _choose(self, name: str, draft_ids: list[int]) -> Iterator[int]:
        """The next few whose turn it is, so that neither new cards nor changed ones wait for all of the others."""
        due = (draft_id for draft_id in draft_ids if not self._waits(f"{name} {draft_id}"))
        return takewhile(lambda _: not self.ticker.is_stopped, islice(due, _MOST_A_ROUND))

    def _waits(self, name: str) -> bool:
        pause = self._pauses.get(name)
        return pause is not None and self._clock() < pause.until

    def _try(self, name: str, do: Callable[[], object]) -> bool:
        """Whether it was done."""
        if self._waits(name):
            return False
        pause, now = self._pauses.get(name), self._clock()
        try:
            with edge(f"keeping the review channel: {name}"):
                do()
        except EarshotError as error:
            length = min(pause.length * 2, _LONGEST_WAIT) if pause else _FIRST_WAIT
            self._pauses[name] = _Pause(now + length, length)
            _log.warning("%s could not be shown in Slack: %s %s", name, error.message, error.hint)
            return False
        self._pauses.pop(name, None)
        return True
