"""The flow of flaws: owners are shown what is wrong with their documents, a few a night, and say what becomes of it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.roles import Action
from assistant.errors import EarshotError, ReviewError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.flaws import Flaw, Side
from assistant.replies.build import Replies
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.client.blocks import escape, tell_error
from assistant.slack.client.clicks import Click
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.documents.flaw_blocks import FLAW_ACTIONS, Uses, build_flaw_blocks, name_flaw
from assistant.slack.tables import SlackStore

_MOST_A_NIGHT = 3  # to one person


@dataclass(frozen=True)
class FlawClick(Job):
    """A click under a flaw."""

    kind: ClassVar = "flaw"
    key: str
    action: str
    flaw_id: int
    user: str
    channel: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


def read_flaw_click(body: dict[str, Any]) -> FlawClick:
    """Bolt's body as a FlawClick."""
    click = Click(body)
    key = f"flaw:{click.at}:{click.user}:{click.value}"
    return FlawClick(key, click.action, int(click.value), click.user, click.channel)


class FlawFlow:
    """Both owners see both sides, each once; they, or an admin, decide for all who were shown it."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        replies: Replies,
        slack_store: SlackStore,
        posting: Poster,
        membership: Membership,
        knowing: KnowingFlow,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._replies = replies
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership
        self._knowing = knowing

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle clicks."""
        jobs.add(FlawClick, self.take)

    def look(self) -> None:
        """Look through all documents, and show what is new to those who can fix it."""
        shown: Counter[str] = Counter()
        for flaw in self._knowledge.look_for_flaws():
            for user in self._find_people(flaw):
                post = self._slack_store.slack_posts.find_post(_name_post(flaw, user))
                if (post is None or post.ts is None) and shown[user] < _MOST_A_NIGHT:
                    shown[user] += 1
                    channel, blocks = self._posting.open_direct(user), build_flaw_blocks(flaw, self._find_uses(flaw))
                    self._posting.post_once(_name_post(flaw, user), channel, name_flaw(flaw), blocks)

    def take(self, click: FlawClick) -> None:
        """Work a click off; the person alone is told when it cannot be done."""
        try:
            flaw = self._knowledge.flaws.find(click.flaw_id)
            if not (self._membership.may(click.user, Action.DECIDE_FIX) or click.user in self._find_people(flaw)):
                raise ReviewError("Only the owners of these pages or an admin decide on this.", "")
            status = FLAW_ACTIONS[click.action]
            self._show(self._knowledge.flaws.decide(flaw.flaw_id, status, click.user, self._home.clock()))
        except EarshotError as error:
            if error.is_transient:
                raise
            self._posting.tell(click.channel, click.user, escape(tell_error(error)))

    def _show(self, flaw: Flaw) -> None:
        blocks = build_flaw_blocks(flaw, self._find_uses(flaw))
        for user in self._find_people(flaw):
            post = self._slack_store.slack_posts.find_post(_name_post(flaw, user))
            if post and post.ts:
                self._posting.update(post.channel, post.ts, name_flaw(flaw), blocks)

    def _find_people(self, flaw: Flaw) -> list[str]:
        """The owner of each side who may read both; where there is none, the admins who may."""
        known = sorted(self._membership.find_people(self._home.settings.admins))
        admins = [admin for admin in known if self._may_read(admin, flaw)]
        owners = [self._find_owner(side, flaw) for side in flaw.sides]
        return list(dict.fromkeys(user for owner in owners for user in ([owner] if owner else admins)))

    def _find_owner(self, side: Side, flaw: Flaw) -> str | None:
        owner = self._knowing.find_user(side.owner) if side.owner else None
        if owner is None:
            return None
        return owner if self._may_read(owner, flaw) else None

    def _may_read(self, user: str, flaw: Flaw) -> bool:
        audience = self._membership.audience_of_person(user)
        return all(audience.covers(side.audience) for side in flaw.sides)

    def _find_uses(self, flaw: Flaw) -> list[Uses]:
        return [self._find_use(side) for side in flaw.sides] if len(flaw.sides) > 1 else []

    def _find_use(self, side: Side) -> Uses:
        """Answers that were given in private are counted, and lead nowhere."""
        if not side.text:
            return Uses(0, 0)
        asked = self._knowledge.questions.list_citing(side.document_id, side.text)
        replies = self._replies.recalls.list_citing(side.document_id, side.text)
        open_to_all = [one for one in asked if one.thread_ts and (one.channel or "").startswith("C")]
        places = [f"{one.channel}/p{(one.thread_ts or '').replace('.', '')}" for one in open_to_all]
        links = [("answer", f"{self._membership.workspace_url()}archives/{place}") for place in places]
        return Uses(len(asked), len(replies), (*[("reply", url) for _, url in replies if url], *links))


def _name_post(flaw: Flaw, user: str) -> str:
    return f"flaw:{flaw.flaw_id}:{flaw.found_at.isoformat()}:{user}"
