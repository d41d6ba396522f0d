"""The flow of sources: what follows from a round of one, and what admins decide about it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from assistant.core.home import Home
from assistant.core.job import Asker, Job
from assistant.core.roles import Action
from assistant.errors import EarshotError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.sources.section import SourceSection
from assistant.knowledge.sources.standing import SourceStanding, list_standings
from assistant.knowledge.sources.sync import SyncReport
from assistant.replies.build import Replies
from assistant.replies.tables.recalls import Recall
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.client.blocks import build_context, build_section, escape, name_person, tell_error
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.documents.blocks import KEEP_HELD, READ_SOURCE, build_held_blocks, build_recall_blocks


@dataclass(frozen=True)
class SourceClick(Job):
    """A click of an admin; `channel` and `ts` are empty in App Home."""

    kind: ClassVar = "source"
    key: str
    action: str
    name: str
    user: str
    channel: str
    ts: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


def read_source_click(body: dict[str, Any]) -> SourceClick:
    """Bolt's body as a SourceClick."""
    action, user = body["actions"][0], body["user"]["id"]
    key = f"source:{action['action_ts']}:{user}:{action['value']}"
    where = ((body.get("channel") or {}).get("id") or "", (body.get("message") or {}).get("ts") or "")
    return SourceClick(key, action["action_id"], action["value"], user, *where)


class DocumentFlow:
    """Makes drafts stale that quote what changed, tells owners of replies that did, asks admins what may leave."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        replies: Replies,
        posting: Poster,
        membership: Membership,
        knowing: KnowingFlow,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._replies = replies
        self._posting = posting
        self._membership = membership
        self._knowing = knowing

    def follow(self, section: SourceSection, report: SyncReport) -> None:
        """Do what a round of a source asks for; cards follow their drafts by themselves."""
        ids = {change.document_id for change in report.ingest.changes}
        found = self._replies.evidence_watch.look(ids, self._home.clock())
        for document_id in dict.fromkeys(recall.document_id for recall in found.recalls):
            self._tell_owner([recall for recall in found.recalls if recall.document_id == document_id])
        if report.held:
            self._ask_admins(section)

    def list_standings(self) -> list[SourceStanding]:
        """How each source stands. Raises ConfigError for a sources.yaml that is wrong."""
        knowledge = self._knowledge
        settings = knowledge.read_source_settings()
        return list_standings(settings, knowledge.documents, knowledge.source_states, self._home.clock())

    def take(self, click: SourceClick) -> None:
        """Work a click off; the person alone is told when it cannot be done."""
        try:
            self._membership.check(click.user, Action.CHANGE_SETTING)
            section = self._knowledge.read_source_settings().find(click.name)
            told = self._do(click.action, section)
        except EarshotError as error:
            if error.is_transient:
                raise
            self._posting.tell(self._find_channel(click), click.user, escape(tell_error(error)))
            return
        if click.ts:
            blocks = [build_section(f"*{section.name}*: {told}"), build_context(name_person(click.user))]
            self._posting.update(click.channel, click.ts, told, blocks)

    def _do(self, action: str, section: SourceSection) -> str:
        if action == KEEP_HELD:
            return "they are kept."
        report = SyncReport(section.name)
        if action == READ_SOURCE:
            report = self._knowledge.syncing.sync(section)
        else:
            report.ingest = self._knowledge.syncing.remove_held(section)
        self.follow(section, report)
        return f"{report.ingest.removed} documents are removed."

    def _find_channel(self, click: SourceClick) -> str:
        return click.channel or self._posting.open_direct(click.user)

    def _ask_admins(self, section: SourceSection) -> None:
        standing = next(one for one in self.list_standings() if one.section.name == section.name)
        key = f"held:{section.name}:{standing.held_since}"
        for user in sorted(self._membership.find_people(self._home.settings.admins)):
            text = f"Documents of {section.name} are gone: may they leave?"
            self._posting.post_once(f"{key}:{user}", self._posting.open_direct(user), text, build_held_blocks(standing))

    def _tell_owner(self, recalls: Sequence[Recall]) -> None:
        """Tell the document's owner; of one without an owner in Slack, the admins."""
        first = recalls[0]
        owner = self._knowing.find_user(first.owner) if first.owner else None
        people = [owner] if owner else sorted(self._membership.find_people(self._home.settings.admins))
        digest = hashlib.sha256(f"{first.document_id} {first.noticed_at}".encode()).hexdigest()[:16]
        for user in people:
            text = f"“{first.title}” was changed after customers were told what it said."
            channel = self._posting.open_direct(user)
            self._posting.post_once(f"recall:{digest}:{user}", channel, text, build_recall_blocks(recalls))
