"""Looks every part over and says how to fix what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.app import Assistant
from assistant.core.anchor import read_heads
from assistant.core.database import translated_errors
from assistant.errors import EarshotError, edge
from assistant.knowledge.build import Knowledge
from assistant.knowledge.ingest.moves import list_gone
from assistant.knowledge.ingest.pandoc import FORMATS, find_pandoc
from assistant.knowledge.search.vectors import chunk_collection
from assistant.knowledge.sources.standing import list_standings, tell_freshness, tell_standing
from assistant.listening.networks.base.errors import tell_failure
from assistant.listening.tables.upstream import Coverage
from assistant.replies.drafting.phrases import lint_phrases
from assistant.replies.style_guides import lint_guides
from assistant.reports.digest import name_networks
from assistant.service.backup_folder import BackupFolder
from assistant.slack.block_check import check_blocks
from assistant.slack.client.client import APP_TOKEN, build_client, translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.tables import CONNECTIONS, SILENT_SOCKET, UNSTOPPABLE
from assistant.slack.installation import list_faults
from assistant.slack.setup.names import take_over_names
from assistant.slack.tables import SlackStore
from assistant.text.calibration import is_calibrated
from assistant.text.multilingual import MULTILINGUAL_HINT

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
        "reactions:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    )
)


_SET_BACK = "The environment counts again after: earshot settings --set-back NAME"


_OTHERS = 0o077
_MOST_REMARKS = 20
_UNKNOWN_READERS = "Correct readers in sources.yaml or in the pages; where nobody is known, only ADMINS read them."
_OLDEST_BACKUP = timedelta(days=2)


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


def examine(assistant: Assistant, with_blocks: bool = False) -> list[Check]:
    """Check every part; one that fails does not keep the others from being looked at.

    `with_blocks` also asks Slack about Earshot's own blocks.
    """
    parts: list[tuple[str, Callable[[Assistant], Check]]] = [
        ("settings", _check_settings),
        ("database", _check_database),
        ("files", _check_files),
        ("backups", _check_backups),
        ("index", _check_index),
        ("documents", _check_documents),
        ("sources", _check_sources),
        ("embedder", _check_embedder),
        ("chat model", _check_chat_model),
        ("slack", _check_slack),
        ("readers", _check_readers),
        ("networks", _check_networks),
        ("replies", _check_replies),
        ("audit", _check_audit),
        ("guides", _check_guides),
        ("digests", _check_digests),
        *([("blocks", _check_blocks)] if with_blocks else []),
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


def _check_files(assistant: Assistant) -> Check:
    """What an older Earshot wrote, or a copy brought along, may be readable by others: it is closed here."""
    open_files = [path for path in assistant.home.path.rglob("*") if path.is_file() and path.stat().st_mode & _OTHERS]
    for path in open_files:
        with translated_errors(path):
            path.chmod(path.stat().st_mode & ~_OTHERS)
    told = f"; {len(open_files)} that others could read were closed" if open_files else ""
    return Check("files", Health.GOOD, f"closed to the machine's other users{told}")


def _check_backups(assistant: Assistant) -> Check:
    if not assistant.settings.backup_folder:
        return Check("backups", Health.OFF, "none by schedule", "Set BACKUP_FOLDER to a folder on another disk.")
    last = BackupFolder(assistant).find_last()
    if last is None:
        return Check("backups", Health.BAD, "none was made yet", "earshot backup")
    age = assistant.clock() - last
    told = f"the last one is from {last:%Y-%m-%d %H:%M} UTC"
    if age > _OLDEST_BACKUP:
        return Check("backups", Health.BAD, told, "Is earshot run up at BACKUP_SCHEDULE? The log says what went wrong.")
    return Check("backups", Health.GOOD, f"{told}, {len(BackupFolder(assistant).list_names())} are kept")


def _check_index(assistant: Assistant) -> Check:
    assistant.knowledge.index.check_embedder()
    count = assistant.knowledge.documents.count()
    vectors = sum(
        assistant.knowledge.vectors.count(chunk_collection(audience))
        for audience in assistant.knowledge.documents.audiences()
    )
    if not count["chunks"]:
        return Check("index", Health.OFF, "no documents yet", "earshot ingest PATH")
    if vectors != count["chunks"]:
        return Check("index", Health.BAD, f"{vectors} vectors for {count['chunks']} chunks", "earshot reindex")
    return Check("index", Health.GOOD, f"{vectors} vectors")


def _check_documents(assistant: Assistant) -> Check:
    knowledge = assistant.knowledge
    gone = list_gone(knowledge.documents)
    if gone:
        return Check(
            "documents", Health.BAD, "folders are not there any more", "earshot sources remove FOLDER", tuple(gone)
        )
    remarks = [f"{one.document_id} {one.remark}" for one in knowledge.sources.list_remarks()]
    shown = tuple(remarks[:_MOST_REMARKS])
    more = (f"and {len(remarks) - len(shown)} more: earshot sources list",) if len(remarks) > len(shown) else ()
    missing = () if find_pandoc() else (f"without pandoc, {', '.join(sorted(FORMATS))} are not read",)
    known = knowledge.sources.list_known()
    finding = f"{sum(one.documents for one in known)} from {len(known)} {'source' if len(known) == 1 else 'sources'}"
    return Check("documents", Health.GOOD, finding, details=(*missing, *shown, *more))


def _check_sources(assistant: Assistant) -> Check:
    """What is read by itself: is it, and how soon do answers know?"""
    knowledge, now = assistant.knowledge, assistant.clock()
    settings = knowledge.read_source_settings()
    standings = list_standings(settings, knowledge.documents, knowledge.source_states, now)
    if not standings:
        return Check("sources", Health.OFF, "none is read by itself", "earshot sources add KIND PLACE")
    lines = [
        ". ".join(filter(None, (f"{one.section.name}: {tell_standing(one, now)}", tell_freshness(one.freshness))))
        for one in sorted(standings, key=lambda one: one.is_good)
    ]
    bad = [one for one in standings if not one.is_good]
    if bad:
        hints = dict.fromkeys(one.state.hint for one in bad if one.state and one.state.hint)
        hint = " ".join(hints) or "earshot sources sync NAME"
        return Check("sources", Health.BAD, f"{len(bad)} of {len(standings)} need you", hint, tuple(lines))
    return Check("sources", Health.GOOD, f"{len(standings)} read", details=tuple(lines))


def _check_embedder(assistant: Assistant) -> Check:
    knowledge = assistant.knowledge
    dimensions = knowledge.embedder.embed(["How do I reset my password?"]).shape[1]
    details = [_tell_languages(knowledge)]
    if not is_calibrated(knowledge.embedder.name):
        details.append("nothing was measured of this embedder: thresholds are those of the bundled one")
    return Check("embedder", Health.GOOD, f"{knowledge.embedder.name}, {dimensions} dimensions", details=tuple(details))


def _tell_languages(knowledge: Knowledge) -> str:
    if not knowledge.is_multilingual_asked_for:
        return "English only, as LANGUAGES or EMBEDDING_MODEL says"
    if knowledge.multilingual is None:
        return f"English only: the multilingual model is not installed. {MULTILINGUAL_HINT}"
    if knowledge.post_embedder.name != knowledge.multilingual.name:
        return f"other languages: {knowledge.multilingual.name}; posts are read as English until: earshot reindex"
    return f"other languages: {knowledge.multilingual.name}"


def _check_chat_model(assistant: Assistant) -> Check:
    name = assistant.settings.chat_model
    if assistant.knowledge.chat is None:
        return Check(
            "chat model", Health.OFF, "none: answers and drafts are made of quotes", "Set CHAT_MODEL to use one."
        )
    assistant.knowledge.chat.try_out()
    reader = assistant.settings.check_model or name
    if assistant.knowledge.judge and not assistant.knowledge.judge.try_out():
        told = f"{name} answers, but {reader} believes false sentences: its second readings are ignored"
        return Check("chat model", Health.GOOD, told, "Name a better model in CHECK_MODEL.")
    return Check("chat model", Health.GOOD, f"{name} answers, {reader} reads it again")


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
    scopes = str(answer.headers.get("x-oauth-scopes", ""))
    missing = ", ".join(sorted(SCOPES - set(scopes.replace(" ", "").split(",")))) if scopes else ""
    if missing:
        return Check(
            "slack", Health.BAD, f"scopes are missing: {missing}", "Add them to your app and install it again."
        )
    if not settings.slack_app_token and not settings.slack_signing_secret:
        return Check(
            "slack", Health.BAD, "no way in for events", "Set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP."
        )
    take_over_names(settings, client)
    faults = tuple(list_faults(assistant.home, assistant.reports, assistant.slack, client))
    if faults:
        return Check(
            "slack", Health.BAD, "people would miss something", details=(*faults, *_tell_socket(assistant.slack))
        )
    unknown = () if scopes else ("Slack does not say which scopes the app has: README.md lists those that it needs.",)
    details = (*unknown, *_tell_socket(assistant.slack))
    return Check("slack", Health.GOOD, f"{answer['user']} in {answer['team']}", details=details)


def _check_readers(assistant: Assistant) -> Check:
    """Documents that only some may read: does Slack know whom they name?"""
    documents, token = assistant.knowledge.documents, assistant.settings.slack_bot_token
    counts = documents.count_restricted()
    if not counts:
        return Check("readers", Health.OFF, "every document is for all members or for everybody")
    told = f"{sum(counts.values())} documents are for {len(counts)} sets of readers"
    if not token:
        return Check("readers", Health.OFF, f"{told}: without Slack, nobody reads them")
    client = build_client(token.get_secret_value(), assistant.settings.slack_api_url)
    unknown = Membership(client, assistant.settings, documents.reader_sets).rights.find_unknown()
    details = tuple(f"{counts.get(name, 0)} documents name {', '.join(who)}" for name, who in unknown.items())
    if details:
        return Check("readers", Health.BAD, f"{told}, and Slack does not know some of them", _UNKNOWN_READERS, details)
    return Check("readers", Health.GOOD, told)


def _check_blocks(assistant: Assistant) -> Check:
    token = assistant.settings.slack_bot_token
    if not token:
        return Check("blocks", Health.OFF, "SLACK_BOT_TOKEN is not set", "README.md shows how to connect Slack.")
    client = build_client(token.get_secret_value(), assistant.settings.slack_api_url)
    found = check_blocks(client, assistant.clock(), assistant.home.wordings.choose())
    if found.faults:
        return Check("blocks", Health.BAD, "Slack refuses some of them", "Report this.", (*found.faults, *found.notes))
    if not found.taken:
        return Check("blocks", Health.OFF, found.notes[0])
    return Check("blocks", Health.GOOD, f"Slack takes {found.taken} kinds of them", details=found.notes)


def _tell_socket(slack_store: SlackStore) -> tuple[str, ...]:
    """What the running service noted about its connection to Slack."""
    facts = [slack_store.service_facts.find(name) for name in (CONNECTIONS, SILENT_SOCKET, UNSTOPPABLE)]
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
    heads = read_heads(assistant.settings.audit_anchor)
    found = assistant.home.audit.verify(*heads)
    if found.problem:
        return Check("audit", Health.BAD, found.problem, "Compare it with a backup: earshot audit --verify")
    return Check("audit", Health.GOOD, f"{found.rows} rows, whole{_count_heads(len(heads))}")


def _count_heads(number: int) -> str:
    return f"; {number} noted {'hash is' if number == 1 else 'hashes are'} in it" if number else ""


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
