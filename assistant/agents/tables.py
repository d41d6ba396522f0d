"""Tokens of other agents: an admin makes one for one audience, and only its hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from assistant.core.audit import AuditTables, hash_text
from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Audience
from assistant.errors import InputError

_PREFIX = "earshot_"
_MOST_CHARACTERS = 60


@dataclass(frozen=True)
class AgentToken:
    """A token as it is listed: never the token itself."""

    name: str
    audience: Audience
    made_by: str
    made_at: datetime
    used_at: datetime | None


class TokenTables:
    """Makes, finds and revokes tokens; who made and revoked one is in the audit."""

    def __init__(self, store: Store, audit: AuditTables) -> None:
        self._store = store
        self._audit = audit

    def add(self, name: str, audience: Audience, by: str, now: datetime) -> str:
        """Make a token and return it: it cannot be shown again. Raises InputError for a name that is taken."""
        name = " ".join(name.split())
        if not name or len(name) > _MOST_CHARACTERS:
            raise InputError(
                f"A token needs a name of at most {_MOST_CHARACTERS} characters.", "Name the agent that gets it."
            )
        token = _PREFIX + secrets.token_urlsafe(32)
        with self._store.transaction():
            sql = "insert into agent_tokens values (?, ?, ?, ?, ?, null) on conflict do nothing"
            if not self._store.change(sql, name, hash_text(token), audience, by, to_text(now)):
                raise InputError(f"There is a token {name} already.", f"earshot tokens revoke {name}")
            self._audit.append(now, by, "token made", f"token:{name}", {"audience": audience})
        return token

    def revoke(self, name: str, by: str, now: datetime) -> None:
        """End a token at once. Raises InputError when there is none of this name."""
        with self._store.transaction():
            if not self._store.change("delete from agent_tokens where name = ?", name):
                raise InputError(f"There is no token {name}.", "earshot tokens list shows them.")
            self._audit.append(now, by, "token revoked", f"token:{name}")

    def find(self, token: str, now: datetime) -> AgentToken | None:
        """The token of this text, noted as used; None where nobody made it, or somebody revoked it."""
        row = self._store.row("select * from agent_tokens where token_hash = ?", hash_text(token))
        if row is None:
            return None
        self._store.change("update agent_tokens set used_at = ? where name = ?", to_text(now), row["name"])
        return _to_token(row)

    def list_all(self) -> list[AgentToken]:
        """Every token, by its name."""
        return [_to_token(row) for row in self._store.rows("select * from agent_tokens order by name")]


def _to_token(row: Row) -> AgentToken:
    used_at = to_time(row["used_at"]) if row["used_at"] else None
    return AgentToken(row["name"], Audience(row["audience"]), row["made_by"], to_time(row["made_at"]), used_at)
