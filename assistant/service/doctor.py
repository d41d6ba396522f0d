"""Looks every part over and says how to fix what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.app import Assistant
from assistant.domain import Audience
from assistant.errors import EarshotError, edge
from assistant.knowledge.search.vectors import chunk_collection
from assistant.listening.networks.base.errors import tell_failure
from assistant.listening.tables.upstream import Coverage
from assistant.replies.drafting.phrases import lint_phrases
from assistant.replies.style_guides import lint_guides
from assistant.reports.digest import name_networks
from assistant.slack.client.client import APP_TOKEN, build_client, translated
from assistant.slack.client.tables import CONNECTIONS, SILENT_SOCKET
from assistant.slack.installation import list_faults
from assistant.slack.tables import SlackStore

# Each scope with the reason is in README.md; the manifest asks for the same.
SCOPES = frozenset(
    (
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    )
)


_SET_BACK = "The environment counts again after: earshot settings --set-back NAME"


class Health(StrEnum):
    """The health of a part; `off` means that no setting asks for it."""

    GOOD = "good"
    OFF = "off"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One part, how it is, and what to do about it; `details` are lines on what it is made of."""

    name: str
    health: Health
    finding: str
    mend: str = ""
    details: tuple[str, ...] = ()


def examine(assistant: Assistant) -> list[Check]:
    """Check every part; one that fails does not keep the others from being looked at."""
    parts: list[tuple[str, Callable[[Assistant], Check]]] = [
        ("settings", _check_settings),
        ("database", _check_database),
        ("index", _check_index),
        ("embedder", _check_embedder),
        ("chat model", _check_chat_model),
        ("slack", _check_slack),
        ("networks", _check_networks),
        ("replies", _check_replies),
        ("audit", _check_audit),
        ("guides", _check_guides),
        ("digests", _check_digests),
    ]
    return [_guard(name, check, assistant) for name, check in parts]


def _guard(name: str, check: Callable[[Assistant], Check], assistant: Assistant) -> Check:
    try:
        with edge(f"checking the {name}"):
            return check(assistant)
    except EarshotError as error:
        return Check(name, Health.BAD, error.message, error.hint)


def _check_settings(assistant: Assistant) -> Check:
    settings = assistant.settings
    if not assistant.home.prompts.has("answer"):
        return Check(
            "settings", Health.BAD, f"PROMPTS_DIR {settings.prompts_dir} holds no prompts.", "Name the prompts folder."
        )
    assistant.home.store  # noqa: B018  # what was changed from Slack stands there
    changes, faults = assistant.live_settings.overlay.describe_changes(), assistant.live_settings.overlay.faults
    if faults:
        return Check("settings", Health.BAD, "a change made while Earshot ran does not count", _SET_BACK, changes)
    found = f"home {settings.earshot_home}, time zone {settings.timezone}"
    return Check("settings", Health.GOOD, found, _SET_BACK if changes else "", changes)


def _check_database(assistant: Assistant) -> Check:
    problem = str(assistant.home.store.value("pragma quick_check"))
    if problem != "ok":
        return Check("database", Health.BAD, f"damaged: {problem}", "Bring back a backup: earshot restore FILE")
    count = assistant.knowledge.documents.count()
    finding = f"{count['chunks']} chunks, {assistant.listening.mentions.count()} mentions"
    due = assistant.privacy.forgetting.tell_due(assistant.clock())
    if due:
        return Check("database", Health.BAD, f"{finding}; {due}", "Run `earshot collect` while no other Earshot runs.")
    return Check("database", Health.GOOD, finding)


def _check_index(assistant: Assistant) -> Check:
    assistant.knowledge.index.check_embedder()
    count = assistant.knowledge.documents.count()
    vectors = sum(assistant.knowledge.vectors.count(chunk_collection(audience)) for audience in Audience)
    if not count["chunks"]:
        return Check("index", Health.OFF, "no documents yet", "earshot ingest PATH")
    if vectors != count["chunks"]:
        return Check("index", Health.BAD, f"{vectors} vectors for {count['chunks']} chunks", "earshot reindex")
    return Check("index", Health.GOOD, f"{vectors} vectors")


def _check_embedder(assistant: Assistant) -> Check:
    dimensions = assistant.knowledge.embedder.embed(["How do I reset my password?"]).shape[1]
    return Check("embedder", Health.GOOD, f"{assistant.knowledge.embedder.name}, {dimensions} dimensions")


def _check_chat_model(assistant: Assistant) -> Check:
    name = assistant.settings.chat_model
    if assistant.knowledge.chat is None:
        return Check(
            "chat model", Health.OFF, "none: answers and drafts are made of quotes", "Set CHAT_MODEL to use one."
        )
    assistant.knowledge.chat.try_out()
    return Check("chat model", Health.GOOD, f"{name} answers")


def _check_slack(assistant: Assistant) -> Check:
    settings = assistant.settings
    if not settings.slack_bot_token:
        return Check("slack", Health.OFF, "SLACK_BOT_TOKEN is not set", "README.md shows how to connect Slack.")
    client = build_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    with translated():
        answer = client.auth_test()
    if settings.slack_app_token:
        with translated(APP_TOKEN):
            client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    granted = set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    missing = ", ".join(sorted(SCOPES - granted))
    if missing:
        return Check(
            "slack", Health.BAD, f"scopes are missing: {missing}", "Add them to your app and install it again."
        )
    if not settings.slack_app_token and not settings.slack_signing_secret:
        return Check(
            "slack", Health.BAD, "no way in for events", "Set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP."
        )
    faults = tuple(list_faults(assistant.home, assistant.reports, assistant.slack, client))
    if faults:
        return Check(
            "slack", Health.BAD, "people would miss something", details=(*faults, *_tell_socket(assistant.slack))
        )
    return Check("slack", Health.GOOD, f"{answer['user']} in {answer['team']}", details=_tell_socket(assistant.slack))


def _tell_socket(slack_store: SlackStore) -> tuple[str, ...]:
    """What the running service noted about its connection to Slack."""
    facts = [slack_store.service_facts.find(name) for name in (CONNECTIONS, SILENT_SOCKET)]
    return tuple(f"{fact[0]} (noted {fact[1][:16].replace('T', ' ')} UTC)" for fact in facts if fact)


def _check_networks(assistant: Assistant) -> Check:
    names = [network.name for network in assistant.listening.networks]
    coverages = assistant.listening.coverages
    called = name_networks(names)
    failed = tuple(_tell_failure(c, called[c.network], assistant.clock()) for c in coverages if c.failed_since)
    if failed:
        return Check("networks", Health.BAD, f"{len(failed)} of {len(names)} could not be read", details=failed)
    if not names:
        mend = "Write networks.yaml (networks.example.yaml shows how), set RSS_FEEDS, or import files with collect."
        return Check("networks", Health.OFF, "no network is configured", mend)
    lagging = [called[coverage.network] for coverage in coverages if coverage.is_capped]
    note = f"; older posts are still being fetched from {', '.join(lagging)}" if lagging else ""
    return Check("networks", Health.GOOD, f"{len(names)} {'network' if len(names) == 1 else 'networks'}{note}")


def _tell_failure(coverage: Coverage, name: str, now: datetime) -> str:
    since = f" (since {coverage.failed_since:%Y-%m-%d %H:%M} UTC)" if coverage.failed_since else ""
    is_barred = coverage.retry_at is not None and coverage.retry_at > now
    mend = coverage.hint or ("" if is_barred else "The next collecting tries again.")
    return f"{name}: {tell_failure(coverage.failure, mend, coverage.retry_at if is_barred else None)}{since}"


def _check_replies(assistant: Assistant) -> Check:
    stuck = [d.draft_id for d in assistant.replies.reviewing.list_open() if d.status in ("sending", "unknown")]
    if stuck:
        numbers = ", ".join(str(draft_id) for draft_id in stuck)
        return Check(
            "replies", Health.BAD, f"nobody can tell whether these were sent: {numbers}", "earshot review resume"
        )
    frozen = assistant.replies.freezing.describe()
    if frozen:
        return Check("replies", Health.BAD, frozen, "Two people lift it: earshot unfreeze")
    return Check("replies", Health.GOOD, f"{len(assistant.replies.reviewing.list_open())} drafts wait")


def _check_audit(assistant: Assistant) -> Check:
    found = assistant.home.audit.verify()
    if found.problem:
        return Check("audit", Health.BAD, found.problem, "Compare it with a backup: earshot audit --verify")
    return Check("audit", Health.GOOD, f"{found.rows} rows, whole")


def _check_guides(assistant: Assistant) -> Check:
    wrong = (*lint_guides(assistant.home.prompts), *lint_phrases(assistant.home.prompts))
    if wrong:
        return Check(
            "guides", Health.BAD, f"{len(wrong)} {'line is' if len(wrong) == 1 else 'lines are'} wrong", details=wrong
        )
    return Check("guides", Health.GOOD, f"{len(assistant.home.prompts.names('networks'))} networks have one")


def _check_digests(assistant: Assistant) -> Check:
    plans = assistant.reports.digest_plans
    if not plans:
        return Check("digests", Health.OFF, "neither DIGEST_CHANNEL nor digests.yaml asks for one")
    told = tuple(f"{plan.channel}: each {plan.kind} {plan.scope}".rstrip() for plan in plans)
    return Check("digests", Health.GOOD, f"{len(plans)} planned", details=told)
