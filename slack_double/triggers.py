"""trigger_ids: the right to open a modal, for three seconds and once."""

import itertools
import secrets
from dataclasses import dataclass

from .errors import SlackError
from .settings import Settings


@dataclass
class _Trigger:
    user_id: str
    issued_at: float
    is_used: bool = False


class Triggers:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._triggers: dict[str, _Trigger] = {}
        self._numbers = itertools.count(1000000)

    def issue(self, user_id: str) -> str:
        trigger_id = f"{next(self._numbers)}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = _Trigger(user_id, self._settings.clock())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user whose interaction this was; from now on the trigger is used up."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        if self._settings.clock() - trigger.issued_at > self._settings.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger.user_id
