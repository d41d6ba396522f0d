"""Puts the parts of review together, for people who come in by Slack and for those at the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from assistant.core.audit import Recorder
from assistant.core.config import Settings
from assistant.core.roles import FindRoles
from assistant.listening.networks.base.protocol import Looks
from assistant.replies.guards.sources import FindSource, find_nothing
from assistant.replies.review.approval import ApprovalJudge
from assistant.replies.review.claims import Claims
from assistant.replies.review.clearance import CheckText, Clearance
from assistant.replies.review.decisions import Review
from assistant.replies.review.evidence_watch import EvidenceWatch
from assistant.replies.review.freeze import Freezer
from assistant.replies.review.freshness import Freshness
from assistant.replies.review.rules import ReviewRules, load_rules
from assistant.replies.tables.recalls import RecallTables
from assistant.replies.tables.review import ReviewTables


@dataclass(frozen=True)
class Policy:
    """The company's policy: its rules, how long an approval and a claim last, and the settings in the audit."""

    rules: ReviewRules = field(default_factory=ReviewRules)
    approval_hours: int = 24
    claim_hours: int = 4
    tell_settings: Callable[[], Mapping[str, object]] = dict


def load_policy(settings: Settings) -> Policy:
    """Load the policy from the settings and review.yaml. Raises ConfigError that names the line."""
    rules = load_rules(settings.review_file, is_needed=settings.review_file != Path("review.yaml"))
    told = rules.model_dump(mode="json")
    return Policy(rules, settings.approval_hours, settings.claim_hours, lambda: {**settings.who_decides, "rules": told})


class ReviewDesk:
    """All of review over one store."""

    def __init__(
        self,
        tables: ReviewTables,
        check_text: CheckText,
        looks: Mapping[str, Looks],
        clock: Callable[[], datetime],
        policy: Policy,
        find_source: FindSource = find_nothing,
    ) -> None:
        self.tables = tables
        self._check_text = check_text
        self._looks = looks
        self._clock = clock
        self._policy = policy
        self._find_source = find_source

    def build_reviewing(self, find_roles: FindRoles, via: str) -> Review:
        """Decisions of people whose roles `find_roles` knows; `via` says in the audit where they came in."""
        policy, recorder = self._policy, self.build_recorder(via)
        return Review(
            self.tables,
            find_roles,
            self._check_text,
            ApprovalJudge(self.tables, self._check_text, policy.rules, policy.approval_hours),
            Claims(self.tables, find_roles, recorder, policy.claim_hours),
            self._build_freshness(recorder),
            self.build_clearing(via),
            recorder,
            self._find_source,
        )

    def build_freezing(self, find_roles: FindRoles, via: str) -> Freezer:
        """Freezes and their lifting, likewise."""
        return Freezer(self.tables, find_roles, self.build_recorder(via))

    def build_clearing(self, via: str = "sending") -> Clearance:
        """Build the checks right before a reply is sent."""
        recorder = self.build_recorder(via)
        return Clearance(self.tables, self._check_text, self._build_freshness(recorder), recorder, self._clock)

    def build_evidence_watch(self, recalls: RecallTables) -> EvidenceWatch:
        """What is done when documents change."""
        return EvidenceWatch(self.tables, recalls, self._build_freshness(self.build_recorder("sources")))

    def _build_freshness(self, recorder: Recorder) -> Freshness:
        return Freshness(self.tables, self._looks, recorder)

    def build_recorder(self, via: str) -> Recorder:
        """Writes into the audit; `via` says where people come in."""
        return Recorder(self.tables.audit, self._policy.tell_settings, via)
