"""What another agent relies on: five calls with evidence, over MCP by the SDK's own client and over plain HTTP."""

import contextlib
import hashlib
import hmac
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from fakes import FakeEmbedder
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from assistant.agents import web
from assistant.agents.calls import CALLS_A_MINUTE, AgentCalls, Caller
from assistant.agents.shapes import AskResult
from assistant.agents.tables import TokenTables
from assistant.agents.web import MOST_BYTES, AgentServer, AgentWeb, serve_agents
from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience, Mention
from assistant.errors import NetworkError, ReviewError

NAMES = ["ask", "search", "mentions", "figures", "draft"]
PAUSE, GOODWILL = "How do customers pause their plan?", "Up to how many pounds may agents grant goodwill credits?"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ANNA, GUEST, TEAM = "U0ANNA", "U0GUEST", "T0TEAM"
Call = Callable[..., httpx.Response]


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    """A public and an internal page, and a customer's post."""
    for audience, text in (
        ("public", "# Pausing\n\nCustomers pause their plan in the app for up to three months.\n"),
        ("internal", "# Goodwill\n\nAgents may grant goodwill credits up to 25 pounds.\n"),
    ):
        (tmp_path / "pages" / audience).mkdir(parents=True)
        (tmp_path / "pages" / audience / f"{audience}.md").write_text(text)
    settings = Settings.model_validate(
        {"earshot_home": tmp_path / "home", "answer_confidence": 0, "slack_signing_secret": SECRET}
    )
    parts = Assistant(settings, embedder=FakeEmbedder())
    parts.knowledge.ingest.run([str(tmp_path / "pages")], None, parts.clock())
    now = parts.clock()
    parts.listening.mentions.add([Mention("x:1", "x", "1", "ada", "How do I pause my plan?", now)], now)
    parts.listening.sort_new_mentions(now)
    return parts


def find_audience(user: str, team: str) -> Audience:
    """The workspace as Slack tells it: Anna is a full member, all others are guests."""
    if team != TEAM:
        raise ReviewError("Only people of this workspace may call.")
    return Audience.INTERNAL if user == ANNA else Audience.PUBLIC


@pytest.fixture
def server(assistant: Assistant) -> Iterator[AgentServer]:
    """What `earshot run` serves with AGENTS_PORT."""
    web = AgentWeb(assistant.home, AgentCalls(assistant), tokens_of(assistant), find_audience, "1")
    running = serve_agents(web.build(), "127.0.0.1", 0)
    yield running
    running.close()


def tokens_of(assistant: Assistant) -> TokenTables:
    return TokenTables(assistant.home.store, assistant.home.audit)


@pytest.fixture
def call(assistant: Assistant, server: AgentServer) -> Call:
    """Call by HTTP with a token for an audience."""
    tokens = {a: tokens_of(assistant).add(f"bot-{a}", a, "ravi", assistant.clock()) for a in Audience}

    def post(name: str, audience: Audience = Audience.INTERNAL, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {tokens[audience]}"}
        address = f"http://127.0.0.1:{server.port}/api/v1/{name}"
        return httpx.post(address, headers=headers, json=arguments, timeout=30)

    return post


def talk(
    address: str, headers: dict[str, str], name: str, arguments: dict[str, Any]
) -> tuple[list[str], CallToolResult]:
    """The tools that the SDK's client lists, and what one of them gives."""

    async def run() -> tuple[list[str], CallToolResult]:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            names = [tool.name for tool in (await client.list_tools()).tools]
            return names, await client.call_tool(name, arguments)

    return anyio.run(run)


def test_an_agent_over_http_gets_sentences_with_their_quotes(assistant: Assistant, server: AgentServer) -> None:
    token = tokens_of(assistant).add("helper", Audience.PUBLIC, "ravi", assistant.clock())
    headers = {"Authorization": f"Bearer {token}"}
    names, result = talk(f"http://127.0.0.1:{server.port}/mcp", headers, "ask", {"question": PAUSE})
    assert names == NAMES
    assert not result.is_error
    said = result.structured_content
    assert said["is_answered"]
    (evidence,) = said["statements"][0]["evidence"]
    assert evidence["title"] == "Pausing"
    assert "up to three months" in evidence["quote"]


def test_an_agent_on_this_machine_starts_the_program_and_asks_it(assistant: Assistant, tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\nsys.path[:0] = sys.argv[1:3]\n"
        "from assistant.agents.calls import AgentCalls, Caller\n"
        "from assistant.agents.tool_server import run_stdio\n"
        "from assistant.app import Assistant\nfrom assistant.core.config import Settings\n"
        "from assistant.domain import Audience\nfrom fakes import FakeEmbedder\n"
        "settings = Settings.model_validate({'earshot_home': pathlib.Path(sys.argv[3]), 'answer_confidence': 0})\n"
        "run_stdio(AgentCalls(Assistant(settings, embedder=FakeEmbedder())), Caller('ann', Audience.PUBLIC))\n"
    )
    root = Path(__file__).parent.parent.parent
    words = ["-c", code, str(root), str(root / "tests"), str(assistant.settings.earshot_home)]

    async def run() -> tuple[CallToolResult, CallToolResult]:
        async with Client(StdioServerParameters(command=sys.executable, args=words)) as client:
            return await client.call_tool("ask", {"question": PAUSE}), await client.call_tool("mentions", {})

    answered, refused = anyio.run(run)
    assert "up to three months" in answered.structured_content["statements"][0]["text"]
    assert refused.is_error
    assert "is for full members" in str(refused.content)


def test_what_no_document_says_is_not_said(assistant: Assistant) -> None:
    strict = Assistant(assistant.settings.model_copy(update={"answer_confidence": 100}), embedder=FakeEmbedder())
    said = AgentCalls(strict).run(Caller("a", Audience.PUBLIC), "ask", {"question": "Who paints the bikes?"})
    assert isinstance(said, AskResult)
    assert (said.is_answered, said.statements) == (False, [])
    assert "couldn't find this" in said.reason
    assert [page.title for page in said.nearest] == ["Pausing"]
    assert [page.owner for page in said.nearest] == [None], "whom to ask is for members"


def test_a_public_token_never_gets_what_is_internal(call: Call) -> None:
    for name, field in (("ask", "question"), ("search", "query")):
        assert "25 pounds" in call(name, Audience.INTERNAL, **{field: GOODWILL}).text
        assert "25 pounds" not in call(name, Audience.PUBLIC, **{field: GOODWILL}).text
    for name, arguments in (("mentions", {}), ("figures", {}), ("draft", {"post": "Hi, how do I pause?"})):
        assert call(name, Audience.PUBLIC, **arguments).status_code == 403


def test_questions_behind_a_public_token_are_not_kept(assistant: Assistant, call: Call) -> None:
    call("ask", Audience.PUBLIC, question=PAUSE)
    assert assistant.home.store.value("select count(*) from questions") == 0
    call("ask", question=PAUSE)
    assert assistant.home.store.value("select user from questions") == "agent bot-internal"


def test_posts_and_figures_come_as_they_are(call: Call) -> None:
    (found,) = call("mentions", about="pause my plan", limit=1).json()["mentions"]
    assert (found["mention_id"], found["text"]) == ("x:1", "How do I pause my plan?")
    said = call("figures", period="this").json()
    assert {"name": "posts", "value": 1}.items() <= next(f for f in said["figures"] if f["name"] == "posts").items()


def test_a_draft_waits_for_people_and_nothing_is_sent(assistant: Assistant, call: Call) -> None:
    made = call("draft", post="How do I pause my plan?").json()
    again = call("draft", post="How do I pause my plan?").json()
    assert made["draft_id"] == again["draft_id"]
    assert made["status"] == "pending"
    assert assistant.home.store.value("select count(*) from send_attempts") == 0
    assert call("draft", post="x:1").json()["draft_id"] != made["draft_id"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic YTpi"}])
def test_without_a_token_there_is_only_the_description(server: AgentServer, header: dict[str, str]) -> None:
    base = f"http://127.0.0.1:{server.port}"
    for path in ("/api/v1/ask", "/mcp"):
        assert httpx.post(f"{base}{path}", headers=header, json={"question": PAUSE}).status_code == 401
    assert httpx.get(f"{base}/docs").status_code == 200
    described = httpx.get(f"{base}/openapi.json").json()
    assert sorted(described["paths"]) == sorted(f"/api/v1/{name}" for name in NAMES)
    assert "evidence" in described["components"]["schemas"]["Statement"]["properties"]


def test_a_revoked_token_ends_at_once(assistant: Assistant, call: Call) -> None:
    assert call("ask", question=PAUSE).status_code == 200
    tokens_of(assistant).revoke("bot-internal", "ravi", assistant.clock())
    assert call("ask", question=PAUSE).status_code == 401


def test_tokens_are_kept_as_hashes_and_calls_stand_in_the_audit(assistant: Assistant, call: Call) -> None:
    token = tokens_of(assistant).add("third", Audience.PUBLIC, "ravi", assistant.clock())
    call("ask", question=PAUSE)
    dump = "\n".join(assistant.home.store.db.conn.iterdump())
    assert token not in dump
    rows = [(row["who"], row["action"]) for row in assistant.home.audit.rows()]
    assert ("ravi", "token made") in rows
    assert ("agent bot-internal", "agent ask") in rows
    assert PAUSE not in json.dumps([row["details"] for row in assistant.home.audit.rows()])
    assert not assistant.home.audit.verify().problem


@pytest.mark.parametrize(
    ("name", "arguments", "status", "said"),
    [
        ("ask", {}, 400, "question"),
        ("ask", {"question": 3}, 400, "question"),
        ("ask", {"question": "x" * 30_000}, 400, "question"),
        ("ask", {"question": PAUSE, "rights": "internal"}, 400, "rights"),
        ("search", {"query": "a", "limit": 500}, 400, "limit"),
        ("figures", {"period": "banana"}, 400, "banana"),
        ("draft", {"post": "x" * (MOST_BYTES + 1)}, 413, "too large"),
        ("delete_everything", {}, 404, "no call"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(
    call: Call, name: str, arguments: dict[str, Any], status: int, said: str
) -> None:
    answer = call(name, **arguments)
    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_nobody_calls_more_often_than_the_limit_allows(assistant: Assistant) -> None:
    calls = AgentCalls(assistant)
    caller = Caller("busy", Audience.PUBLIC)
    for _ in range(CALLS_A_MINUTE):
        calls.run(caller, "search", {"query": "pause"})
    with pytest.raises(ReviewError, match="calls a minute"):
        calls.run(caller, "search", {"query": "pause"})
    calls.run(Caller("calm", Audience.PUBLIC), "search", {"query": "pause"})


def sign(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack signs what Slackbot calls."""
    stamp = str(int(at or time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    kind = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    return {**kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def build_slackbots_call(user: str, team: str) -> bytes:
    about = {"slack": {"user_id": user, "team_id": team}}
    params = {"name": "ask", "arguments": {"question": GOODWILL}, "_meta": about}
    return json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}).encode()


HALF = b"POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"


@pytest.mark.parametrize(
    "sent",
    [b"", HALF, HALF + b"\r\n{", b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" + HALF],
    ids=["nothing", "half of the headers", "half of the body", "a whole request and half of another"],
)
def test_who_sends_half_a_request_is_cut_off(server: AgentServer, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SILENT_SECONDS", 0.05)
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as half:
        half.sendall(sent)
        wait_for_the_end(half)


def test_more_connections_than_are_served_are_refused(server: AgentServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_MOST_CONNECTIONS", 3)
    held = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(4)]
    wait_for_the_end(held[-1])
    for one in held:
        one.close()


def wait_for_the_end(connection: socket.socket) -> None:
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(10_000):
            pass


def ask_by_slackbot(server: AgentServer, user: str, team: str = TEAM, **signing: Any) -> httpx.Response:
    """A call of Slackbot for a member, as Slack's own samples show it."""
    params = {
        "name": "ask",
        "arguments": {"question": GOODWILL},
        "_meta": {"slack": {"user_id": user, "team_id": team}},
    }
    body = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}).encode()
    return httpx.post(f"http://127.0.0.1:{server.port}/mcp", content=body, headers=sign(body, **signing), timeout=30)


def test_slackbot_gets_what_the_member_who_asks_may_see(server: AgentServer) -> None:
    assert "25 pounds" in ask_by_slackbot(server, ANNA).text
    guests = ask_by_slackbot(server, GUEST)
    assert guests.status_code == 200
    assert "25 pounds" not in guests.text
    assert "Only people of this workspace" in ask_by_slackbot(server, ANNA, team="T0OTHER").text


def test_a_signature_of_somebody_else_or_of_yesterday_is_no_signature(server: AgentServer) -> None:
    assert ask_by_slackbot(server, ANNA, secret="another").status_code == 401
    assert ask_by_slackbot(server, ANNA, at=time.time() - 3600).status_code == 401


def test_a_token_cannot_be_raised_by_naming_a_member(assistant: Assistant, server: AgentServer) -> None:
    token = tokens_of(assistant).add("sly", Audience.PUBLIC, "ravi", assistant.clock())
    params = {
        "name": "ask",
        "arguments": {"question": GOODWILL},
        "_meta": {"slack": {"user_id": ANNA, "team_id": TEAM}},
    }
    body = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}).encode()
    headers = {**sign(body), "Authorization": f"Bearer {token}"}
    answer = httpx.post(f"http://127.0.0.1:{server.port}/mcp", content=body, headers=headers, timeout=30)
    assert answer.status_code == 200
    assert "25 pounds" not in answer.text


def test_a_taken_port_is_named(server: AgentServer, assistant: Assistant) -> None:
    web = AgentWeb(assistant.home, AgentCalls(assistant), tokens_of(assistant), None, "1")
    with pytest.raises(NetworkError, match=str(server.port)):
        serve_agents(web.build(), "127.0.0.1", server.port)
