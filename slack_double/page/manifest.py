"""What an app's manifest allows it, so that what works in the double is what the manifest asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..aliases import Json
from ..settings import Settings


@dataclass(frozen=True)
class Manifest:
    """`commands` and `shortcuts` are as in the file: {command, description, usage_hint}, {name, type, callback_id}."""

    name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[Json, ...]
    shortcuts: tuple[Json, ...]
    has_home: bool

    def to_settings(self, **chosen: Any) -> Settings:
        """The double's settings for an app with this manifest."""
        return Settings(
            bot_name=self.name.lower(),
            scopes=self.scopes,
            events=self.events,
            commands=frozenset(command["command"] for command in self.commands),
            shortcuts=frozenset(shortcut["callback_id"] for shortcut in self.shortcuts),
            has_home=self.has_home,
            **chosen,
        )


def read_manifest(path: Path) -> Manifest:
    manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    return Manifest(
        name=features.get("bot_user", {}).get("display_name") or manifest["display_information"]["name"],
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        commands=tuple(features.get("slash_commands") or ()),
        shortcuts=tuple(features.get("shortcuts") or ()),
        has_home=bool(features.get("app_home", {}).get("home_tab_enabled")),
    )
