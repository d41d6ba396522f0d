"""The command demo --slack: the whole assistant in a browser, against a Slack workspace that runs on this machine.

Loads the Slack double when it is asked for: what it needs is in the extra `demo`.

The example company that both demos show: where it lies, and the time at which its recorded week is replayed.
"""

import errno
import importlib
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING

from assistant.app import Assistant
from assistant.cli.options import start_logging
from assistant.cli.output import say
from assistant.core.config import Settings, load_settings
from assistant.core.shipped import find_shipped
from assistant.errors import EarshotError, InputError, NetworkError
from assistant.text.embedding import Embedder
from assistant.text.embedding_int8 import build_embedder
from assistant.text.multilingual import build_multilingual

if TYPE_CHECKING:
    from slack_double.page import SlackPage

    from assistant.service.service import Service


def load_double(module: str = "") -> ModuleType:
    """The package slack_double, or one of its modules. Raises InputError where the extra that it needs is missing."""
    try:
        return importlib.import_module(f"slack_double.{module}" if module else "slack_double")
    except ModuleNotFoundError as error:
        hint = "Install it: pip install 'earshot[demo]'"
        raise InputError(f"The Slack that the demo brings along needs {error.name}.", hint) from error


# The recorded week is replayed as if it were still its Sunday evening, so that times to reply mean something.
REPLAYED_FROM = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)


def tick_from(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands at this moment now, and goes on."""
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - began)


TEAM, HELP, PARTNERS, REVIEW, DIGEST = "C0TEAM", "C0HELP", "C0PARTNERS", "C0REVIEW", "C0WEEKLY"
MEMBER, REVIEWER, APPROVER, MANAGER, GUEST = "U0MIA000", "U0RAVI00", "U0SOFIA0", "U0TOMASZ", "U0GUSTAV"
_PEOPLE = {
    MEMBER: ("mia", "member"),
    REVIEWER: ("ravi", "reviewer"),
    APPROVER: ("sofia", "second approver"),
    MANAGER: ("tomasz", "manager and admin"),
    GUEST: ("gustav", "guest"),
}
_STAFF = [MEMBER, REVIEWER, APPROVER, MANAGER]
_CARDS_FIRST = ("file:file-0024",)  # a post that Earshot can answer by itself: its reply lands in the outbox
_NEVER = "0 0 1 1 *"
_BURST = 60  # a demo's first cards come at once; slack.com takes about one message a second in a channel


DEMO_PORT = 8765


def run_slack_demo(port: int) -> None:
    """Run until Ctrl-C. Raises EarshotError: a port in use, whatever stops `earshot run`."""
    with TemporaryDirectory(prefix="earshot-demo-") as folder:
        slack = _build_workspace(port)
        with _started(slack, port):
            parts = Assistant(_build_settings(slack, Path(folder)), tick_from(REPLAYED_FROM), *share_embedders())
            start_logging(parts.settings)
            try:
                _run(parts, slack)
            except KeyboardInterrupt:
                say("Stopped.", style="bold")


def _build_workspace(port: int) -> "SlackPage":
    page = load_double("page")
    manifest = page.read_manifest(find_shipped("slack-manifest.yaml"))
    slack: SlackPage = page.SlackPage(
        manifest,
        manifest.to_settings(
            port=port, address=load_settings().listen_address, burst=_BURST, team_name="Larkspur Bikes"
        ),
    )
    for user_id, (name, role) in _PEOPLE.items():
        slack.add_user(user_id, name, is_restricted=user_id == GUEST, is_admin=user_id == MANAGER)
        slack.introduce(user_id, role)
    slack.add_channel(TEAM, "team", members=_STAFF)
    slack.add_channel(HELP, "ask-anything", members=[*_STAFF, GUEST])
    slack.add_channel(PARTNERS, "partners", members=[MEMBER, MANAGER, GUEST], is_ext_shared=True)
    slack.add_channel(REVIEW, "replies", members=[REVIEWER, APPROVER, MANAGER], is_private=True)
    slack.add_channel(DIGEST, "weekly", members=_STAFF)
    _suggest_steps(slack)
    return slack


def _suggest_steps(slack: "SlackPage") -> None:
    name = f"@{slack.manifest.name}"
    slack.suggest("Ask in a channel", MEMBER, HELP, f"{name} What does it cost to pause the plan, and for how long?")
    slack.suggest("Ask privately, internal documents too", MEMBER, "", "Who may approve a refund of 200 pounds?")
    slack.suggest("Ask the same as a guest", GUEST, "", "Who may approve a refund of 200 pounds?")
    slack.suggest("Ask what no document says", MEMBER, TEAM, f"{name} What is our dental plan?")
    slack.suggest("Ask what customers say", MANAGER, TEAM, f"{name} What do people say about the app?")
    slack.suggest("Decide on replies to customers", REVIEWER, REVIEW)
    slack.suggest("Read the week", MANAGER, DIGEST)
    if slack.manifest.has_home:
        slack.suggest("Open the app's Home tab", MANAGER, "home")
    for command in slack.manifest.commands[:1]:
        slack.suggest(f"Use {command['command']}", MEMBER, TEAM, f"{command['command']} ")


@contextmanager
def _started(slack: "SlackPage", port: int) -> Iterator[None]:
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs begin with SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        slack.start()
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise NetworkError(f"The port {port} {reason}.", "Choose another one with --port.") from error
    try:
        yield
    finally:
        slack.stop()


def _build_settings(slack: "SlackPage", home: Path) -> Settings:
    """Nothing of the visitor's own settings counts: a demo must neither reach their Slack nor their networks."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    nothing = home / "networks.yaml"
    nothing.touch()
    chosen = {
        "earshot_home": home,
        "knowledge_dir": copytree(find_shipped("knowledge"), home / "knowledge"),  # accepted answers are written there
        "prompts_dir": find_shipped("prompts"),
        "networks_file": nothing,
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_api_url": slack.api_url,
        "internal_channels": (TEAM, REVIEW),
        "review_channel": REVIEW,
        "digest_channel": DIGEST,
        "reviewers": (REVIEWER, APPROVER),
        "managers": (MANAGER,),
        "admins": (MANAGER,),
        "collect_schedule": _NEVER,
        "digest_schedule": _NEVER,
        "digests_file": nothing,
        "health_port": load_settings().health_port,
        "listen_address": load_settings().listen_address,
    }
    return load_settings(**defaults | chosen)


def share_embedders() -> tuple[Embedder, Embedder | None]:
    """The models for English and for other languages; none for those where it cannot be had.

    Converting them takes seconds: they are kept where `earshot demo` keeps its own.
    """
    models = load_settings().earshot_home / "demo" / "models"
    english = build_embedder("auto", "", models)
    try:
        return english, build_multilingual(models)
    except EarshotError as error:
        say(f"Questions in other languages are read like English: {error}", style="yellow")
        return english, None


def _run(parts: Assistant, slack: "SlackPage") -> None:
    from assistant.service.service import Service  # brings Slack and DBOS with it, which no other command needs

    began = time.monotonic()
    say("Loading the model and reading the example company's documents…")
    parts.knowledge.ingest.run([str(parts.settings.knowledge_dir)], None, parts.clock())
    service = Service(parts)
    try:
        say("Connecting Earshot to a Slack of its own on this machine…")
        service.start()
        slack.wait_for_connection()
        say(f"\nReady after {time.monotonic() - began:.0f} seconds: open {slack.page_url}", style="bold green")
        say("Ctrl-C ends it and removes everything it kept. Nothing leaves this machine.\n")
        _fill(parts, service)
        while True:
            time.sleep(1)
    finally:
        say("Stopping…")
        slack.disconnect(hard=True)
        service.stop()


def _fill(parts: Assistant, service: "Service") -> None:
    """A week of posts, cards for those that deserve a reply, and the summary of that week."""
    say("Listening to a week of 300 public posts…")
    parts.listening.collecting.collect_file(find_shipped("examples") / "week.jsonl", parts.clock())
    parts.listening.sort_new_mentions(parts.clock())
    say("Drafting replies: their cards come into #replies…")
    for mention_id in _CARDS_FIRST:
        parts.replies.drafting.draft_mention(mention_id, parts.clock())
    service.rounds.collect(parts.clock())
    service.rounds.post_digest(REPLAYED_FROM + timedelta(days=7))
    while parts.slack.cards.missing() or not service.is_idle():
        time.sleep(0.1)
    say("The week's summary is in #weekly. All is there now.", style="bold")
