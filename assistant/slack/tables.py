"""Tables of Slack: posts, uploads, cards and Home tabs."""

from functools import cached_property

from assistant.core.home import Home
from assistant.slack.cards.tables import CardTables
from assistant.slack.client.tables import ServiceTables, SlackTables
from assistant.slack.client.upload_table import UploadTables
from assistant.slack.home.tables import HomeTables


class SlackStore:
    """The tables of Slack's flows."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @cached_property
    def cards(self) -> CardTables:
        return CardTables(self._home.store)

    @cached_property
    def slack_posts(self) -> SlackTables:
        return SlackTables(self._home.store)

    @cached_property
    def uploads(self) -> UploadTables:
        return UploadTables(self._home.store)

    @cached_property
    def homes(self) -> HomeTables:
        return HomeTables(self._home.store)

    @cached_property
    def service_facts(self) -> ServiceTables:
        return ServiceTables(self._home.store)
