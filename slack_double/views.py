"""Open modals (a stack of at most three for each person) and published Home tabs."""

import secrets
import time
from dataclasses import dataclass, field

from .aliases import Json
from .errors import Impossible, SlackError
from .settings import Settings
from .transcript import add_missing_ids
from .workspace import Workspace

MOST_STACKED = 3
KEPT_FIELDS = (
    "type title submit close blocks private_metadata callback_id external_id clear_on_close notify_on_close "
    "submit_disabled"
).split()


@dataclass
class ViewStore:
    settings: Settings
    workspace: Workspace
    stacks: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)

    def open(self, user_id: str, view: Json) -> Json:
        self._refuse_taken_external_id(view)
        stored = self._build(view)
        self.stacks[user_id] = [stored]
        return stored

    def push(self, user_id: str, view: Json) -> Json:
        stack = self.stacks.get(user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MOST_STACKED:
            raise SlackError("push_limit_reached")
        self._refuse_taken_external_id(view)
        stored = self._build(view)
        stored["previous_view_id"], stored["root_view_id"] = stack[-1]["id"], stack[0]["id"]
        stack.append(stored)
        return stored

    def update(self, view: Json, view_id: str | None, external_id: str | None, expected_hash: str | None) -> Json:
        """Replace an open view or Home tab, keeping its id; the hash changes."""
        current = self._find(view_id, external_id)
        if expected_hash and expected_hash != current["hash"]:
            raise SlackError("hash_conflict")
        replaced = self._build(view)
        for key in ("id", "previous_view_id", "root_view_id"):
            replaced[key] = current[key]
        current.clear()
        current.update(replaced)
        return current

    def publish(self, user_id: str, view: Json, expected_hash: str | None) -> Json:
        current = self.homes.get(user_id)
        if current is not None and expected_hash and expected_hash != current["hash"]:
            raise SlackError("hash_conflict")
        stored = self._build(view)
        if current is not None:
            stored["id"] = stored["root_view_id"] = current["id"]
        self.homes[user_id] = stored
        return stored

    def top(self, user_id: str) -> Json:
        stack = self.stacks.get(user_id)
        if not stack:
            raise Impossible(f"{user_id} has no modal open")
        return stack[-1]

    def close_top(self, user_id: str) -> None:
        self.stacks[user_id] = self.stacks[user_id][:-1]

    def close_all(self, user_id: str) -> None:
        self.stacks[user_id] = []

    def _find(self, view_id: str | None, external_id: str | None) -> Json:
        open_views = [view for stack in self.stacks.values() for view in stack]
        for view in [*open_views, *self.homes.values()]:
            if (view_id and view["id"] == view_id) or (external_id and view["external_id"] == external_id):
                return view
        raise SlackError("not_found")

    def _refuse_taken_external_id(self, view: Json) -> None:
        taken = {open_view["external_id"] for stack in self.stacks.values() for open_view in stack}
        if view.get("external_id") and view["external_id"] in taken:
            raise SlackError("duplicate_external_id")

    def _build(self, view: Json) -> Json:
        settings = self.settings
        stored: Json = {
            "id": self.workspace.new_id("V"),
            "team_id": settings.team_id,
            "app_id": settings.app_id,
            "app_installed_team_id": settings.team_id,
            "bot_id": settings.bot_id,
            "hash": f"{time.time():.6f}.{secrets.token_hex(4)}",
            "state": {"values": {}},
            "previous_view_id": None,
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
        }
        stored.update({key: view[key] for key in KEPT_FIELDS if view.get(key) is not None})
        stored["blocks"] = add_missing_ids(view["blocks"])
        stored["root_view_id"] = stored["id"]
        return stored
