"""Asks Slack whether it takes Earshot's own blocks, without posting any, by `blocks.validate`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.wording import Wording
from assistant.domain import (
    Alert,
    AlertKind,
    Answer,
    Audience,
    Citation,
    Draft,
    DraftStatus,
    Eligibility,
    MayReply,
    Mention,
    Period,
    Sentence,
    Series,
    Support,
)
from assistant.reports.charts import Chart
from assistant.reports.digest import Digest, DigestSection, Line
from assistant.slack.alerts.blocks import build_alert_blocks
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.cards import Card, build_card
from assistant.slack.cards.modals import build_edit_modal
from assistant.slack.client.blocks import Block
from assistant.slack.client.client import translated
from assistant.slack.client.forms import make_plain
from assistant.slack.digests.blocks import build_head_blocks, build_section_messages
from assistant.slack.digests.native import build_charts
from assistant.slack.home.blocks import HomePage, build_home

_NOT_THERE = "This workspace doesn't have blocks.validate yet, so Earshot's blocks weren't checked."
_LINK = "https://docs.example/pause"


@dataclass(frozen=True)
class Sample:
    """Blocks of one kind, as `blocks` or a `view`; `instead` says what Earshot shows where Slack refuses them."""

    name: str
    payload: Block | Sequence[Block]
    instead: str = ""


@dataclass(frozen=True)
class BlockReport:
    """What Slack says: `faults` are refused and have nothing to take their place, `notes` have."""

    taken: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def check_blocks(client: WebClient, now: datetime, wording: Wording) -> BlockReport:
    """Ask Slack about a sample of each kind. Raises NetworkError."""
    taken, faults, notes = 0, list[str](), list[str]()
    for sample in list_samples(now, wording):
        refusal = _validate(client, sample.payload)
        if refusal is None:
            return BlockReport(0, (), (_NOT_THERE,))
        if not refusal:
            taken += 1
        elif sample.instead:
            notes.append(f"{sample.name}: not in this workspace yet; {sample.instead}")
        else:
            faults.append(f"{sample.name}: {refusal}")
    return BlockReport(taken, tuple(faults), tuple(notes))


def list_samples(now: datetime, wording: Wording) -> Iterator[Sample]:
    """List samples of what Earshot shows, made up, of everything that a company sees of it."""
    card, digest = _make_card(now), _make_digest(now)
    yield Sample("answers", build_answer_blocks(_ANSWER, Audience.INTERNAL, now.date(), wording, question_key="sample"))
    yield Sample("review cards", build_card(card, now.date()))
    edit = build_edit_modal(replace(card, around=replace(card.around, frozen="Frozen.")))
    yield Sample("forms", make_plain(edit))
    yield Sample("forms with notices and tall fields", edit, "forms have small print and usual fields instead")
    spike = Alert(1, AlertKind.SPIKE, Series(), now, 40, is_severe=False, found_at=now, minutes=60, usual=3.0)
    yield Sample("alerts", build_alert_blocks(spike, []))
    yield Sample("App Home", build_home(HomePage("U0EARSHOT", now, is_full_member=False), lambda waiting: "", wording))
    yield Sample("summaries", build_head_blocks(digest, []))
    yield Sample("charts in summaries", build_charts(digest.charts) or [], "summaries have pictures instead")
    for message in build_section_messages(digest):
        yield Sample("summaries' threads", list(message.plain))
        yield Sample("sortable tables in summaries", list(message.blocks), "summaries have tables in words instead")


def _validate(client: WebClient, payload: Block | Sequence[Block]) -> str | None:
    """What Slack objects to, empty where it takes it; None where it cannot be asked."""
    kind = "view" if isinstance(payload, dict) else "blocks"
    with translated():
        try:
            client.api_call("blocks.validate", data={kind: json.dumps(payload)})
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code == "unknown_method":
                return None
            if code not in ("invalid_blocks", "invalid_view"):
                raise
            found = [f"{one.get('message', '')} {one.get('pointer', '')}" for one in error.response.get("errors") or ()]
            return "; ".join(found[:3]) or code
    return ""


_ANSWER = Answer(
    "You pause in the app.",
    is_grounded=True,
    reason="",
    sentences=(Sentence("You pause in the app.", Support.QUOTED, (1,)),),
    citations=(Citation(1, "pause.md", "Pausing", "Pausing > How", _LINK, "You pause in the app."),),
)


def _make_card(now: datetime) -> Card:
    post = Mention("file:1", "file", "1", "ada", "How do I pause?", now, url="https://post.example/1")
    draft = Draft(
        draft_id=1,
        mention_id=post.mention_id,
        text="You pause in the app.",
        status=DraftStatus.PENDING,
        sentences=_ANSWER.sentences,
        citations=_ANSWER.citations,
        writer="quoting",
        prompt_version="",
        created_at=now,
    )
    return Card(draft, post, Eligibility(MayReply.YES, ""), (), None, "It asks a question.")


def _make_digest(now: datetime) -> Digest:
    days, values = ("Mon 9 Nov", "Tue 10 Nov", "Wed 11 Nov"), (3.0, 5.0, 4.0)
    trend = Chart("trend", "stacked", "Posts a day", "", days, (("negative", values), ("positive", values)))
    bars = Chart("topics", "bars", "Topics", "", days, (("this week", values),), values, "the week before")
    lines = tuple(Line(day, value, f"{value:.0f}", change="+1") for day, value in zip(days, values, strict=True))
    sections = (DigestSection("Posts a day", lines, trend), DigestSection("Topics", lines, bars))
    return Digest(Period("2026-W46", now, now), "9 to 15 Nov", now, ("12 posts.",), ("Heard: X.",), sections, ())
