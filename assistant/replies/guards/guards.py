"""Runs every guard over the exact text that somebody wants to send."""

from collections.abc import Sequence

from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.candidate import Candidate, Guard

_ORDER = {Effect.BLOCK: 0, Effect.HOLD: 1, Effect.WARN: 2}


class Guards:
    """All guards as one."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._guards = tuple(guards)

    def check(self, candidate: Candidate) -> tuple[Objection, ...]:
        """Every finding once, what blocks first; nothing for a text that may leave."""
        if not candidate.text.strip():
            return ()
        found = dict.fromkeys(finding for guard in self._guards for finding in guard.check(candidate))
        return tuple(sorted(found, key=lambda finding: _ORDER[finding.effect]))
