"""The double with the page on its port."""

from dataclasses import dataclass, field

from aiohttp import web

from ..aliases import Json
from ..double import SlackDouble
from ..settings import Settings
from .manifest import Manifest


@dataclass
class Guide:
    """What the page tells its visitor: who the people are, and what to try."""

    roles: dict[str, str] = field(default_factory=dict)
    steps: list[Json] = field(default_factory=list)


class SlackPage(SlackDouble):
    def __init__(self, manifest: Manifest, settings: Settings | None = None) -> None:
        self.manifest = manifest
        self.guide = Guide()
        super().__init__(settings or manifest.to_settings())

    @property
    def page_url(self) -> str:
        return f"{self.world.base_url}/"

    def introduce(self, user: str, role: str) -> None:
        """Let the page's visitor be this user, and say what they are."""
        self.guide.roles[user] = role

    def suggest(self, title: str, user: str, channel: str, text: str = "") -> None:
        """Something to try: as this user, in this channel, with this text in the composer."""
        self.guide.steps.append({"title": title, "user": user, "channel": channel, "text": text})

    def list_routes(self) -> list[web.RouteDef]:
        from .routes import Routes

        return Routes(self).list()
