"""Whatever strangers write: Slack takes the message, nobody is pinged by it, and no link is forged."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_double.blocks import check_blocks, check_view
from slack_double.blocks.sizes import MOST_BLOCK_CHARACTERS, count_characters
from slack_flows.making import DRAFT, POST

from assistant.digest import Digest, Line, Quote, Section
from assistant.domain import (
    Answer,
    Audience,
    Chunk,
    Citation,
    Decision,
    DecisionAction,
    Draft,
    DraftStatus,
    Eligibility,
    Found,
    MayReply,
    Mention,
    Period,
    Question,
    Reply,
    Rule,
    Sentence,
    Support,
    Trace,
)
from assistant.slack.answers import build_answer_blocks
from assistant.slack.blocks import Block, escape
from assistant.slack.cards import Card, build_card
from assistant.slack.digest_blocks import build_head_blocks, build_section_messages
from assistant.slack.explaining import build_passages, build_why
from assistant.slack.modals import build_edit_modal, build_reject_modal, build_text_modal
from assistant.store.documents import DocumentTables
from assistant.store.questions import AskedIn, Kept

NASTY = [
    "",
    " \n\t ",
    "<!channel> <!here|x> <@U0ANNA> <#C0TEAM> <!subteam^S1> <https://evil.example|our site>",
    "&lt;!channel&gt; &amp;lt;@U0ANNA&gt;",
    "*bold* _it_ ~no~ `code` ```fence``` > quote :tada: ",
    "```",
    "\n".join("`>" * 9) * 40,
    "🚲👩🏽‍🔧🇵🇱" * 300,
    "שלום \u202e עולם \u2067مرحبا",
    "Z̸̡̛͖͇̱̲̈́͒a̷̢͎̫͋l̴̰͛g̷̺̓ő̶" * 60,
    "&" * 40_000,
    "<" * 2899 + "x",
    "word " * 8000,
    "x" * 40_000,
    "line\n" * 8000,
    "https://evil.example/<!channel>|x",
]
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.sampled_from(NASTY) | st.text(max_size=300) | st.tuples(st.sampled_from(NASTY), st.text()).map("".join)
URLS = st.none() | TEXTS | TEXTS.map(lambda text: f"https://post.example/{text}")
SENTENCES = st.lists(
    st.builds(Sentence, TEXTS, st.sampled_from(Support), st.lists(st.integers(1, 4), max_size=3).map(tuple)),
    max_size=12,
).map(tuple)
REVIEWS = st.none() | TEXTS | st.dates().map(date.isoformat)
CITATION = st.builds(Citation, st.integers(1, 4), TEXTS, TEXTS, TEXTS, URLS, TEXTS, REVIEWS)
CITATIONS = st.lists(CITATION, max_size=9).map(tuple)
MENTIONS = st.builds(
    replace,
    st.just(POST),
    network=TEXTS | TEXTS.map(lambda text: f"rss:https://{text}"),
    author=TEXTS,
    text=TEXTS,
    created_at=MOMENTS,
    url=URLS,
    followers=st.none() | st.integers(0, 10**12),
)
DRAFTS = st.builds(
    replace,
    st.just(DRAFT),
    text=TEXTS,
    status=st.sampled_from(DraftStatus),
    sentences=SENTENCES,
    citations=CITATIONS,
    note=TEXTS,
)
DECISIONS = st.builds(Decision, st.just(7), st.sampled_from(DecisionAction), TEXTS, MOMENTS, TEXTS, TEXTS)
REPLIES = st.builds(Reply, st.just(7), TEXTS, TEXTS, TEXTS, TEXTS, MOMENTS, URLS, st.sampled_from(["api", "assist"]))
CARDS = st.builds(
    Card,
    DRAFTS,
    MENTIONS,
    st.builds(Eligibility, st.sampled_from(MayReply), TEXTS),
    st.lists(DECISIONS, max_size=5).map(tuple),
    st.none() | REPLIES,
    TEXTS,
)
ANSWERS = st.builds(Answer, TEXTS, st.booleans(), TEXTS, sentences=SENTENCES, citations=CITATIONS)
# Too much for one message in one way or another: many short sentences, or some long ones, each with a page of its own.
LENGTHY = st.builds(
    lambda texts, times: Answer(
        "",
        True,
        "",
        sentences=tuple(Sentence(text, Support.SUPPORTED, (n,)) for n, text in enumerate(texts * times)),
        citations=tuple(Citation(n, "", f"Page {n}", "", None, text) for n, text in enumerate(texts * times)),
    ),
    st.lists(TEXTS, min_size=1, max_size=4),
    st.integers(1, 200),
)


class NoDocuments(DocumentTables):
    """Documents that have all been changed since: none of the chunks is there any more."""

    def __init__(self) -> None:
        pass

    def chunks(self, chunk_ids: list[int]) -> dict[int, Chunk]:
        return {}


# The only marks that may stand in a message: a moment, and a link whose words hold no mark.
OURS = re.compile(r"<!date\^-?\d+\^\{date_short_pretty\}, \{time\}\|[-\d: ]+ UTC>|<https?://[^\s<>|]+\|[^<>|]*>")
HALF_ESCAPED = re.compile("&(?!amp;|lt;|gt;)")
TODAY = date(2026, 11, 16)
NO_DOCUMENTS = NoDocuments()
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
@given(draft=DRAFTS, mention=MENTIONS)
def test_the_modals_of_anything_are_taken_and_ping_nobody(draft: Draft, mention: Mention) -> None:
    builders: tuple[Callable[[Draft, Mention], Block], ...] = (build_edit_modal, build_reject_modal)
    for build in builders:
        view = build(draft, mention)
        assert check_view(view).errors == []
        check_marks(view)


@STRESSED
@given(answer=ANSWERS | LENGTHY, audience=st.sampled_from(Audience), is_direct=st.booleans())
def test_an_answer_of_anything_is_taken_and_pings_nobody(answer: Answer, audience: Audience, is_direct: bool) -> None:
    check_message(build_answer_blocks(answer, audience, TODAY, is_direct, "question:T:C:1.2"))


@STRESSED
@given(answer=LENGTHY)
def test_every_sentence_and_source_of_an_answer_is_shown_or_said_to_be_missing(answer: Answer) -> None:
    blocks = build_answer_blocks(answer, Audience.INTERNAL, TODAY)
    shown = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    small_print = "\n".join(block["elements"][0]["text"] for block in blocks if block["type"] == "context")
    kept = [s for s in answer.sentences if f" [{s.citations[0]}]\n" in f"{shown}\n"]
    assert len(kept) + _count(r"Not shown here: (\d+) more sentence", small_print) == len(answer.sentences)
    is_cut = any(len(escape(sentence.text)) > 2800 for sentence in kept)
    assert is_cut == ("the end of a long sentence" in small_print)
    sources = len(re.findall(r"^\[\d+\] Page \d+$", small_print, re.MULTILINE))
    assert sources + _count(r"^… and (\d+) more sources?$", small_print) == len(kept)


def _count(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return int(found[1]) if found else 0


LINES = st.builds(Line, TEXTS, st.floats(-1e9, 1e9), TEXTS, TEXTS, TEXTS, TEXTS)
QUOTES = st.builds(Quote, TEXTS, TEXTS, TEXTS, TEXTS, MOMENTS, URLS, TEXTS)
SECTIONS = st.builds(
    Section,
    TEXTS,
    st.lists(LINES, max_size=20).map(tuple),
    st.none(),
    st.lists(QUOTES, max_size=5).map(tuple),
    TEXTS,
)


@STRESSED
@given(sections=st.lists(SECTIONS, max_size=30), told=st.lists(TEXTS, max_size=20), moment=MOMENTS)
def test_a_digest_of_anything_is_taken_and_pings_nobody(
    sections: list[Section], told: list[str], moment: datetime
) -> None:
    week = Period("2026-W46", moment, moment)
    digest = Digest(week, "".join(told[:1]), moment, tuple(told), tuple(told), tuple(sections), ())
    for blocks in (build_head_blocks(digest, []), *build_section_messages(digest)):
        check_message(blocks)


@STRESSED
@given(
    text=TEXTS,
    citations=CITATIONS,
    found=st.lists(
        st.builds(Found, st.integers(1, 9), TEXTS, TEXTS, TEXTS, st.floats(-9, 9), st.booleans()), max_size=9
    ),
    dropped=st.lists(TEXTS, max_size=9),
    rule=st.sampled_from(Rule),
)
def test_why_and_the_passages_of_anything_are_taken_and_ping_nobody(
    text: str, citations: tuple[Citation, ...], found: list[Found], dropped: list[str], rule: Rule
) -> None:
    trace = Trace(Audience.PUBLIC, 9, 1.0, 2.0, rule, tuple(found), tuple(dropped))
    answer = Answer(text, True, text, citations=citations, trace=trace)
    kept = Kept(Question(text, Audience.PUBLIC), answer, AskedIn(), datetime(2026, 11, 16, tzinfo=UTC))
    for blocks in (build_why(kept), build_passages(kept, NO_DOCUMENTS, TODAY)):
        view = build_text_modal("Why this answer?", blocks)
        assert check_view(view).errors == []
        check_marks(view)
