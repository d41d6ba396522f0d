"""Rules for a second approver, from review.yaml; sensible ones without it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.domain import Intent, Mention
from assistant.domain.replies import Effect, Objection
from assistant.listening.analysis.urgency import tell_danger, tell_law

_MEND = "review.example.yaml shows how it is written."


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecondApprover(_Section):
    """Conditions under which one person is not enough; `followers` 0 means that no number of them matters."""

    press: bool = True
    legal: bool = True
    safety: bool = True
    followers: int = Field(10_000, ge=0, le=1_000_000_000)
    blocked_by_guard: bool = True
    networks: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = ()


class ReviewRules(_Section):
    """The whole file."""

    second_approver: SecondApprover = SecondApprover()

    def list_reasons(self, mention: Mention, intent: str, findings: Sequence[Objection]) -> tuple[str, ...]:
        """List why a draft for this post needs a second approver; none when one person is enough.

        `intent` is what was found to be the post's, empty when it was not analysed.
        """
        rules = self.second_approver
        reasons = (
            rules.press and intent == Intent.PRESS and "somebody from the press asks",
            rules.legal and tell_law(mention.text),
            rules.safety and tell_danger(mention.text),
            _tell_followers(mention, rules.followers),
            _is_among(mention.network, rules.networks) and f"every reply on {mention.network} does",
            rules.blocked_by_guard and _tell(findings, Effect.BLOCK),
            _tell(findings, Effect.HOLD),
        )
        return tuple(reason for reason in reasons if reason)


def load_rules(path: Path, is_needed: bool) -> ReviewRules:
    """Read review.yaml; the usual rules without it, unless it is needed. Raises ConfigError with file and line."""
    text = read_settings_file(path, is_needed, "REVIEW_FILE")
    return ReviewRules() if text is None else parse_rules(text, str(path))


def parse_rules(text: str, name: str) -> ReviewRules:
    """The text of review.yaml, checked."""
    fields = [*SecondApprover.model_fields, *ReviewRules.model_fields]
    return FieldsFile(name, _MEND).parse_form(text, ReviewRules, "second_approver", fields) or ReviewRules()


def _tell_followers(mention: Mention, most: int) -> str:
    followers = mention.followers or 0
    return f"its author has {followers:,} followers" if most and followers > most else ""


def _is_among(network: str, networks: Sequence[str]) -> bool:
    """Also by the kind alone: `rss` means every feed."""
    known = [name.casefold() for name in networks]
    return network.casefold() in known or network.partition(":")[0].casefold() in known


def _tell(findings: Sequence[Objection], effect: Effect) -> str:
    guards = ", ".join(dict.fromkeys(finding.guard for finding in findings if finding.effect is effect))
    return f"the check on {guards} {'blocked' if effect is Effect.BLOCK else 'flagged'} it" if guards else ""
