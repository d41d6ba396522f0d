"""Serves other agents beside Slack: tokens, and members of the workspace for whom Slackbot calls."""

from importlib.metadata import version

from assistant.agents.calls import AgentCalls
from assistant.agents.tables import TokenTables
from assistant.agents.web import AgentServer, AgentWeb, serve_agents
from assistant.app import Assistant
from assistant.domain import Audience
from assistant.errors import ReviewError
from assistant.slack.client.membership import Membership


def serve_calls(assistant: Assistant, membership: Membership) -> AgentServer:
    """Serve at AGENTS_PORT until the returned server's `close`. Raises NetworkError when the port is taken."""

    def find_audience(user: str, team: str) -> Audience:
        if team != membership.home_team():
            raise ReviewError("Only people of this workspace may call.", "Ask in your own workspace.")
        return membership.audience_of_person(user)

    settings, calls = assistant.settings, AgentCalls(assistant)
    tokens = TokenTables(assistant.home.store, assistant.home.audit)
    web = AgentWeb(assistant.home, calls, tokens, find_audience, version("earshot"))
    return serve_agents(web.build(), settings.listen_address, settings.agents_port)
