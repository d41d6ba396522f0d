"""Whatever strangers write: Slack takes the message, nobody is pinged by it, and no link is forged."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes import read_wordings
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_double.blocks import check_blocks, check_view
from slack_double.blocks.sizes import MOST_BLOCK_CHARACTERS, count_characters
from slack_flows.making import DRAFT, NOW, POST
from slack_flows.nasty import ANSWERS, CARDS, CITATIONS, LENGTHY, MOMENTS, SECTIONS, TEXTS, VERSIONS

from assistant.core.say import Say
from assistant.domain import (
    About,
    Answer,
    Approval,
    Audience,
    Chunk,
    Citation,
    Decision,
    DecisionAction,
    Eligibility,
    Found,
    MayReply,
    Period,
    Question,
    Rule,
    Sentence,
    Support,
    ThreadPost,
    Trace,
)
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.questions import AskedIn, KeptQuestion
from assistant.replies.guards.injection import Risk, RiskLevel
from assistant.replies.guards.sources import Fact
from assistant.replies.review.approval import Needs
from assistant.replies.review.content import Content
from assistant.replies.tables.approvals import Claim
from assistant.replies.tables.drafts import DraftVersion
from assistant.replies.tables.history import History
from assistant.reports.digest import Digest, DigestSection
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.answers.explain import build_passages, build_why
from assistant.slack.cards import Around, Card, build_card
from assistant.slack.cards.details import build_details_modal
from assistant.slack.cards.modals import (
    build_copy_modal,
    build_edit_modal,
    build_found,
    build_inserted,
    build_mark_sent_modal,
    build_problems_modal,
    build_reason_modal,
    build_regenerate_modal,
    build_taken_modal,
    build_text_modal,
    build_versions_modal,
)
from assistant.slack.client.blocks import Block, escape
from assistant.slack.digests.blocks import build_head_blocks, build_section_messages
from assistant.text.spans import Unit


class NoDocuments(DocumentTables):
    """Documents that have all been changed since: none of the chunks is there any more."""

    def __init__(self) -> None:
        pass

    def chunks(self, chunk_ids: list[int]) -> dict[int, Chunk]:
        return {}


# The only marks that may stand in a message: a moment, and a link whose words hold no mark.
OURS = re.compile(
    r"<!date\^-?\d+\^\{date_short_pretty\}(?:, \{time\})?\|[-\d: ]+(?: UTC)?>|<https?://[^\s<>|]+\|[^<>|]*>"
)
HALF_ESCAPED = re.compile("&(?!amp;|lt;|gt;)")
TODAY = date(2026, 11, 16)
NO_DOCUMENTS = NoDocuments()
WORDINGS = read_wordings()
STRESSED = settings(max_examples=120, deadline=None)


def check_message(blocks: list[Block]) -> None:
    """Slack takes it, reads no marks in it but ours, and makes none of its own."""
    assert check_blocks(blocks).errors == []
    assert count_characters(blocks) <= MOST_BLOCK_CHARACTERS
    check_marks(blocks)


def check_marks(part: object) -> None:
    """In all mrkdwn; plain text and what is there to copy are shown as they are."""
    if isinstance(part, dict) and part.get("type") == "mrkdwn":
        assert "<" not in OURS.sub("", part["text"]), part["text"]
        assert not HALF_ESCAPED.search(part["text"]), part["text"]
        assert part["verbatim"] is True
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            check_marks(inner)


@STRESSED
@given(card=CARDS)
def test_a_card_of_anything_is_taken_and_pings_nobody(card: Card) -> None:
    check_message(build_card(card, TODAY))


@STRESSED
@given(card=CARDS, found=TEXTS)
def test_the_edit_form_of_anything_is_taken_and_pings_nobody(card: Card, found: str) -> None:
    fact = Fact(Unit(found, found), Chunk(1, "help", "help.md", found, found, found, 0, Audience.PUBLIC))
    for view in (
        build_edit_modal(card),
        build_edit_modal(card, found, 1, build_found(found, [fact] * 9)),
        build_edit_modal(card, found, 2, [*build_found(found, []), *build_inserted(found)]),
    ):
        assert check_view(view).errors == []
        check_marks(view)


@pytest.mark.parametrize("filling", ["x" * 40_000, "🚲 " * 20_000, "& <b> " * 8000])
def test_a_card_that_is_full_in_every_part_is_taken_with_its_draft_and_all_that_stands_in_its_way(filling: str) -> None:
    sentence = Sentence(filling[:2000], Support.UNSUPPORTED, (1,))
    citation = Citation(1, filling, filling, filling, f"https://post.example/{filling[:900]}", filling)
    finding = Objection("audience", filling, filling, Effect.BLOCK)
    approval = Approval(7, "", filling, NOW, NOW)
    around = Around(
        labels=((About.SENTIMENT, filling), (About.INTENT, filling), (About.TOPIC, filling), (About.URGENCY, "high")),
        history=History(10**6, 10**6, NOW, filling, NOW),
        thread=tuple(ThreadPost("x", str(n), filling, filling, NOW + timedelta(days=n - 10)) for n in range(20)),
        risk=Risk(RiskLevel.HIGH, (filling,)),
        needs=Needs(Content("", "", "", "", "", "", "", ""), (finding,) * 9, (filling,), (filling,), approval),
        claim=Claim(7, filling, NOW, NOW),
        frozen="x" * 400,
        review_lang="de",
    )
    draft = replace(
        DRAFT,
        text=filling[:2000],
        sentences=(sentence,),
        citations=(citation,),
        note=filling,
        missing=filling,
        back_translation=filling,
        version=3,
    )
    post = replace(POST, text=filling, author=filling, url=f"https://post.example/{'x' * 900}")
    decision = Decision(7, DecisionAction.FIRST, filling, NOW, filling, filling)
    no = Eligibility(MayReply.ASSIST, filling, filling, NOW)
    blocks = build_card(Card(draft, post, no, (decision,) * 5, None, filling, around), TODAY)
    check_message(blocks)
    shown = str(blocks)
    for words in ("Can't be sent", "more in *Details*", "Two people approve this", "Reply: "):
        assert words in shown


@STRESSED
@given(card=CARDS, versions=VERSIONS)
def test_the_modals_of_a_card_of_anything_are_taken_and_ping_nobody(card: Card, versions: list[DraftVersion]) -> None:
    views = [
        build_regenerate_modal(card),
        build_reason_modal(card),
        build_problems_modal(card),
        build_copy_modal(card),
        build_taken_modal(card, Claim(7, "Marta", NOW, NOW)),
        build_mark_sent_modal(card),
        build_details_modal(card, TODAY),
        build_versions_modal(card, versions),
    ]
    for view in views:
        assert check_view(view).errors == []
        assert len(json.dumps(view)) < 250_000
        check_marks(view)


@STRESSED
@given(card=CARDS)
def test_what_a_reviewer_reads_of_the_draft_is_its_text_to_the_letter(card: Card) -> None:
    quoted = [
        element["text"]
        for block in build_card(card, TODAY)
        if block["type"] == "rich_text" and block["elements"][0]["type"] == "rich_text_section"
        for element in block["elements"][0]["elements"]
        if element["type"] == "text" and "style" not in element
    ]
    if quoted and card.is_whole:
        assert "".join(quoted) == card.draft.text


@STRESSED
@given(
    answer=ANSWERS | LENGTHY,
    audience=st.sampled_from(Audience),
    is_direct=st.booleans(),
    language=st.sampled_from(sorted(WORDINGS.languages)),
)
def test_an_answer_of_anything_is_taken_and_pings_nobody(
    answer: Answer, audience: Audience, is_direct: bool, language: str
) -> None:
    wording = WORDINGS.choose(language)
    check_message(build_answer_blocks(answer, audience, TODAY, wording, is_direct, "question:T:C:1.2"))


LONGEST = 2450  # of one sentence: its heading, its marks and Slack's limit of 3,000 characters bound it


@STRESSED
@given(answer=LENGTHY)
def test_every_sentence_and_source_of_an_answer_is_shown_or_said_to_be_missing(answer: Answer) -> None:
    blocks = build_answer_blocks(answer, Audience.INTERNAL, TODAY, WORDINGS.choose())
    shown = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    small_print = "\n".join(block["elements"][0]["text"] for block in blocks if block["type"] == "context")
    kept = [s for s in answer.sentences if f" [{s.citations[0]}]\n" in f"{shown}\n"]
    assert len(kept) + _count(r"(\d+|One) more sentence", small_print) == len(answer.sentences)
    is_cut = any(len(escape(sentence.text)) > LONGEST for sentence in kept)
    assert is_cut == ("The end of a long sentence" in small_print)
    sources = len(re.findall(r"^\[\d+\] Page \d+$", small_print, re.MULTILINE))
    assert sources + _count(r"^… and (\d+) more sources?$", small_print) == len(kept)


def _count(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return int(found[1].replace("One", "1")) if found else 0


@STRESSED
@given(sections=st.lists(SECTIONS, max_size=30), told=st.lists(TEXTS, max_size=20), moment=MOMENTS)
def test_a_digest_of_anything_is_taken_and_pings_nobody(
    sections: list[DigestSection], told: list[str], moment: datetime
) -> None:
    week = Period("2026-W46", moment, moment)
    digest = Digest(week, "".join(told[:1]), moment, tuple(told), tuple(told), tuple(sections), ())
    check_message(build_head_blocks(digest, []))
    for message in build_section_messages(digest):
        check_message(list(message.blocks))
        check_message(list(message.plain))


@STRESSED
@given(
    text=TEXTS,
    citations=CITATIONS,
    found=st.lists(
        st.builds(Found, st.integers(1, 9), TEXTS, TEXTS, TEXTS, st.floats(-9, 9), st.booleans()), max_size=9
    ),
    dropped=st.lists(TEXTS, max_size=9),
    rule=st.sampled_from(Rule),
    language=st.sampled_from(sorted(WORDINGS.languages)),
)
def test_why_and_the_passages_of_anything_are_taken_and_ping_nobody(
    text: str, citations: tuple[Citation, ...], found: list[Found], dropped: list[str], rule: Rule, language: str
) -> None:
    trace = Trace(Audience.PUBLIC, 9, 1.0, 2.0, rule, tuple(found), tuple(dropped))
    answer = Answer(text, True, text, citations=citations, trace=trace)
    kept = KeptQuestion(Question(text, Audience.PUBLIC), answer, AskedIn(), datetime(2026, 11, 16, tzinfo=UTC))
    wording = WORDINGS.choose(language)
    for blocks in (build_why(kept, wording), build_passages(kept, NO_DOCUMENTS, TODAY, wording)):
        view = build_text_modal(wording.say(Say.WHY_TITLE), blocks)
        assert check_view(view).errors == []
        check_marks(view)
