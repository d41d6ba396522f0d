"""What happened in a crisis since somebody last looked, for `/earshot catchup crisis`."""

from datetime import UTC, datetime

from assistant.alerts.build import Alerts
from assistant.core.home import Home
from assistant.core.roles import Action
from assistant.errors import InputError
from assistant.slack.alerts.blocks import build_news_blocks
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.client.blocks import escape
from assistant.slack.client.membership import Membership
from assistant.slack.client.tables import ServiceTables


class CrisisNews:
    """Tells full members, and remembers when each of them looked."""

    def __init__(self, home: Home, alerts: Alerts, facts: ServiceTables, membership: Membership) -> None:
        self._home = home
        self._alerts = alerts
        self._facts = facts
        self._membership = membership

    def tell(self, user: str, number: str) -> AnswerMessage:
        """Tell one person; without a number of the newest crisis, one that lasts before others. Raises EarshotError."""
        self._membership.check(user, Action.JOIN_CRISIS)
        crisis_id = int(number) if number else self._find_newest()
        now, name = self._home.clock(), f"caught_up:crisis:{crisis_id}:{user}"
        seen = self._facts.find(name)
        since = datetime.fromtimestamp(float(seen[0]), UTC) if seen else None
        view = self._alerts.crises.view(crisis_id, now, since)
        self._facts.note(name, str(now.timestamp()), now)
        return AnswerMessage(escape(f"Crisis {crisis_id}: {view.crisis.title}"), build_news_blocks(view, since))

    def _find_newest(self) -> int:
        crises = sorted(self._alerts.crises.all(), key=lambda one: (one.is_open, one.crisis_id))
        if not crises:
            raise InputError("There has been no crisis yet.", "")
        return crises[-1].crisis_id
