"""The flow of digests: posted once for each plan and period, their pictures uploaded, their sections in the thread."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from filelock import FileLock

from assistant.core.home import Home
from assistant.core.job import Job, JobHandlers
from assistant.domain import Audience, Period, Scope
from assistant.errors import BlocksRefusedError, ConfigError, NetworkError
from assistant.reports.build import Reports
from assistant.reports.digest import Digest, name_summary
from assistant.reports.digest.plans import DigestPlan
from assistant.reports.figures import find_period
from assistant.slack.client.blocks import Block, build_context, cut, escape, tell_error
from assistant.slack.client.client import build_client
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.uploads import Uploads, build_image
from assistant.slack.digests.blocks import IN_THREAD, build_head_blocks, build_section_messages
from assistant.slack.digests.native import MOST_CHARTS, build_charts
from assistant.slack.tables import SlackStore

_MOST_TEXT = 3000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DueDigest(Job):
    """A plan's digest of a period, by the key of the one and the label of the other."""

    kind: ClassVar = "digest"
    plan: str
    label: str


class DigestFlow:
    """Posts digests to channels, each with what everybody who reads there may see."""

    def __init__(self, home: Home, reports: Reports, posting: Poster, uploads: Uploads, membership: Membership) -> None:
        self._home = home
        self._reports = reports
        self._posting = posting
        self._uploads = uploads
        self._membership = membership

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle digests that are due."""
        jobs.add(DueDigest, self.post_due)

    def post_due(self, due: DueDigest) -> None:
        """Post it, unless its plan is gone meanwhile."""
        period = find_period(due.label, self._home.settings.zone)
        for plan in self._reports.digest_plans:
            if plan.key == due.plan:
                self.post(plan, period)

    def post(self, plan: DigestPlan, period: Period) -> bool:
        """Post a plan's digest once; False when it was posted before. What a crash left half done is completed."""
        schedules = self._home.schedules
        # A command may post beside the service.
        with FileLock(self._home.settings.earshot_home / "digests.lock", thread_local=False):
            if schedules.digest_is_posted(plan.key, period.label):
                return False
            self.post_to(f"{plan.key}:{period.label}", plan.channel, period, plan.scope)
            schedules.note_digest_posted(plan.key, period.label, self._home.clock())
            return True

    def post_to(self, post_key: str, channel: str, period: Period, scope: Scope) -> str:
        """Post a digest under a key, and return the ts of its first message. Raises EarshotError."""
        self._membership.refuse_outsiders(channel)
        audience = self._membership.audience_of_readers(channel)
        digest = self._reports.digest(period, scope, audience)
        head, build_plain = self.build_head(digest, audience)
        ts = self._post(post_key, channel, tell_in_line(digest), head, build_plain)
        title = escape(name_summary(period, scope))
        for number, part in enumerate(build_section_messages(digest)):
            self._post(f"{post_key}:{number}", channel, title, part.blocks, partial(list, part.plain), ts)
        return ts

    def _post(
        self,
        post_key: str,
        channel: str,
        text: str,
        blocks: Sequence[Block],
        build_plain: Callable[[], Sequence[Block]],
        thread_ts: str | None = None,
    ) -> str:
        """With Slack's own charts and tables, or without them where this workspace doesn't have them yet."""
        try:
            return self._posting.post_once(post_key, channel, text, blocks, thread_ts)
        except BlocksRefusedError as error:
            _log.info("a digest is posted without Slack's charts and tables: %s", error.message)
            return self._posting.post_once(post_key, channel, text, build_plain(), thread_ts)

    def build_head(
        self, digest: Digest, audience: Audience, remark: str = IN_THREAD
    ) -> tuple[list[Block], Callable[[], list[Block]]]:
        """The head with Slack's own charts, and what builds it with pictures; those alone where a chart doesn't fit."""

        def build_plain() -> list[Block]:
            return build_head_blocks(digest, self._build_images(digest, audience), remark)

        charts = build_charts(digest.charts)
        if charts is None:
            return build_plain(), build_plain
        return build_head_blocks(digest, charts[:MOST_CHARTS], remark), build_plain

    def _build_images(self, digest: Digest, audience: Audience) -> list[Block]:
        """The digest's pictures, uploaded; a line in their place where Slack does not take them."""
        try:
            return [
                build_image(self._upload(digest, chart.name, audience), chart.alt, chart.title)
                for chart in digest.charts
            ]
        except NetworkError as error:
            if error.is_transient:
                raise
            _log.warning("a digest goes without its pictures: %s %s", error.message, error.hint)
            told = f"The charts couldn't be uploaded. {tell_error(error)} The full report has them."
            return [build_context(escape(told))]

    def _upload(self, digest: Digest, name: str, audience: Audience) -> str:
        [chart] = [chart for chart in digest.charts if chart.name == name]
        png = chart.png()
        # The same picture is the same file; where a number has changed since, it is another one.
        key = f"chart:{digest.period.label}:{digest.scope}:{audience}:{name}:{hash_picture(png)}"
        return self._uploads.upload_once(key, chart.title, png, chart.alt)


def tell_in_line(digest: Digest) -> str:
    """A digest for a notification."""
    told = f"{name_summary(digest.period, digest.scope)}: {' '.join(digest.sentences)}"
    return cut(escape(told), _MOST_TEXT)


def hash_picture(png: bytes) -> str:
    """A short name for these very bytes."""
    return hashlib.sha256(png).hexdigest()[:16]


def connect_digests(home: Home, reports: Reports, slack_store: SlackStore) -> DigestFlow:
    """The flow for a command that posts one digest beside a running service. Raises ConfigError without a token."""
    token = home.settings.slack_bot_token
    if not token:
        raise ConfigError("No token of Slack is set.", "SLACK_BOT_TOKEN holds it; README.md shows how.")
    client, outgoing = build_client(token.get_secret_value(), home.settings.slack_api_url), RateLimit()
    posting = Poster(client, slack_store.slack_posts, home.clock, outgoing)
    uploads = Uploads(client, slack_store.uploads, home.clock, outgoing)
    return DigestFlow(home, reports, posting, uploads, Membership(client, home.settings))
