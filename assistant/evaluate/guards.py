"""Measures guards: personal data found and false alarms, and the risk badge over attacks and harmless posts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluate.measures import Latency, Stopwatch, share
from assistant.evaluate.reading import read_lines
from assistant.replies.guards.injection import RiskLevel, judge_risk
from assistant.replies.guards.personal_data import Span, find_personal

_LEAST_COVER = 0.5
_ATTACK_HINT = 'A line looks like {"id": "1", "kind": "jailbreak", "text": "…", "labels": {"malicious": true}}.'
_PERSONAL_HINT = (
    'A line looks like {"text": "…", "labels": {"spans": [{"type": "PHONE_NUMBER", "start": 0, "end": 9}]}}.'
)
# presidio's names of the kinds that are looked for; persons, places and organisations are not.
_KINDS = {
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "mail",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "STREET_ADDRESS": "address",
    "ZIP_CODE": "address",
    "US_SSN": "person_number",
    "IP_ADDRESS": "ip",
}


@dataclass(frozen=True)
class Attack:
    """A text of a set: malicious, harmless, or (None) neither."""

    attack_id: str
    kind: str
    text: str
    is_malicious: bool | None


@dataclass(frozen=True)
class KindScore:
    """`wanted` places in the set, how many of them are found (at least half of each, as this kind), and false alarms.

    `precision` is the share of what is found that touches a place of the kind.
    """

    wanted: int
    recall: float | None
    found: int
    precision: float | None


@dataclass(frozen=True)
class RiskScore:
    """Of `posts`, the shares with any badge and with the badge high."""

    posts: int
    flagged: float | None
    high: float | None


@dataclass(frozen=True)
class GuardsReport:
    """What was measured; empty where no file was given."""

    personal: Mapping[str, KindScore]
    personal_latency: Latency | None
    risk: Mapping[str, RiskScore]
    risk_by_kind: Mapping[str, RiskScore]


def read_attacks(path: Path) -> list[Attack]:
    """All texts of a JSONL file. Raises InputError for a line without text."""
    found = []
    for place, line in read_lines(path, _ATTACK_HINT):
        if not isinstance(line.get("text"), str):
            raise InputError(f"{place} has no text.", _ATTACK_HINT)
        labels = line.get("labels")
        malicious = labels.get("malicious") if isinstance(labels, dict) else None
        is_malicious = malicious if isinstance(malicious, bool) else None
        found.append(Attack(str(line.get("id") or place), str(line.get("kind") or "post"), line["text"], is_malicious))
    return found


def measure_guards(attacks: Iterable[Attack], personal: Path | None) -> GuardsReport:
    """Judge every text by itself, as it would be judged in passing."""
    attacks = list(attacks)
    scores, latency = _measure_personal(personal) if personal else ({}, None)
    groups = {"attacks": True, "harmless": False, "neither": None}
    return GuardsReport(
        personal=scores,
        personal_latency=latency,
        risk={name: _score([a for a in attacks if a.is_malicious is is_it]) for name, is_it in groups.items()},
        risk_by_kind={
            kind: _score([a for a in attacks if a.kind == kind]) for kind in sorted({a.kind for a in attacks})
        },
    )


def _score(attacks: list[Attack]) -> RiskScore:
    levels = [judge_risk(attack.text).level for attack in attacks]
    flagged = [level is not RiskLevel.NONE for level in levels]
    return RiskScore(len(levels), share(flagged), share([level is RiskLevel.HIGH for level in levels]))


def _measure_personal(path: Path) -> tuple[dict[str, KindScore], Latency]:
    hits: dict[str, list[bool]] = defaultdict(list)
    rights: dict[str, list[bool]] = defaultdict(list)
    watch = Stopwatch()
    for place, line in read_lines(path, _PERSONAL_HINT):
        wanted = _read_spans(place, line)
        with watch.lap():
            found = find_personal(line["text"])
        for one in wanted:
            hits[one.kind].append(any(_covers(span, one) for span in found))
        for span in found:
            rights[span.kind].append(any(_touches(span, one) for one in wanted))
    if not (hits or rights):
        raise InputError(f"{path} has no personal data that is looked for.", _PERSONAL_HINT)
    kinds = sorted({*hits, *rights})
    scores = {k: KindScore(len(hits[k]), share(hits[k]), len(rights[k]), share(rights[k])) for k in kinds}
    return scores, watch.read()


def _read_spans(place: str, line: dict[str, Any]) -> list[Span]:
    labels = line.get("labels")
    spans = labels.get("spans") if isinstance(labels, dict) else None
    if not isinstance(line.get("text"), str) or not isinstance(spans, list):
        raise InputError(f"{place} has no text or no spans.", _PERSONAL_HINT)
    try:
        return [Span(_KINDS[s["type"]], int(s["start"]), int(s["end"])) for s in spans if s["type"] in _KINDS]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{place} has a span without type, start or end.", _PERSONAL_HINT) from error


def _touches(span: Span, wanted: Span) -> bool:
    return span.kind == wanted.kind and span.start < wanted.end and wanted.start < span.end


def _covers(span: Span, wanted: Span) -> bool:
    shared = min(span.end, wanted.end) - max(span.start, wanted.start)
    return _touches(span, wanted) and shared >= _LEAST_COVER * (wanted.end - wanted.start)
