"""Everything that Slack is asked to show, made of what breaks other programs."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st
from slack_flows.making import DRAFT, POST

from assistant.core.database import to_text
from assistant.domain import (
    About,
    Answer,
    Approval,
    Citation,
    Decision,
    DecisionAction,
    DraftLook,
    DraftStatus,
    Eligibility,
    MayReply,
    Reply,
    Sentence,
    Support,
    ThreadPost,
    Urgency,
)
from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.injection import Risk, RiskLevel
from assistant.replies.review.approval import Needs
from assistant.replies.review.content import Content
from assistant.replies.tables.approvals import Claim
from assistant.replies.tables.drafts import DraftVersion
from assistant.replies.tables.history import History
from assistant.reports.digest import DigestSection, Line, Quote
from assistant.slack.cards import Around, Card
from assistant.slack.client.blocks import escape

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
    look=st.sampled_from(DraftLook),
    missing=TEXTS,
    no_reply_reason=st.just("") | TEXTS,
    lang=st.sampled_from(["en", "de", "pl", "??"]),
    back_translation=TEXTS,
    version=st.integers(1, 99),
)
DECISIONS = st.builds(Decision, st.just(7), st.sampled_from(DecisionAction), TEXTS, MOMENTS, TEXTS, TEXTS)
REPLIES = st.builds(Reply, st.just(7), TEXTS, TEXTS, TEXTS, TEXTS, MOMENTS, URLS, st.sampled_from(["api", "assist"]))
THREAD = st.lists(
    st.builds(ThreadPost, TEXTS, TEXTS, TEXTS, TEXTS, MOMENTS, st.none(), st.booleans()), max_size=25
).map(tuple)
FINDINGS = st.lists(st.builds(Objection, TEXTS, TEXTS, TEXTS, st.sampled_from(Effect)), max_size=12).map(tuple)
APPROVALS = st.builds(Approval, st.just(7), TEXTS, TEXTS, MOMENTS, MOMENTS, st.just(""), st.lists(TEXTS).map(tuple))
NEEDS = st.builds(
    Needs,
    st.just(Content("", "", "", "", "", "", "", "")),
    FINDINGS,
    st.lists(TEXTS, max_size=5).map(tuple),
    st.lists(TEXTS, max_size=5).map(tuple),
    st.none() | APPROVALS,
)
UNDOS = st.fixed_dictionaries({"action": st.just("undo"), "done_by": TEXTS, "done_at": MOMENTS.map(to_text)})
AROUND = st.builds(
    Around,
    labels=st.fixed_dictionaries(
        {},
        optional={
            About.SENTIMENT: TEXTS,
            About.INTENT: TEXTS,
            About.TOPIC: TEXTS,
            About.URGENCY: st.sampled_from(Urgency),
        },
    ).map(lambda found: tuple(found.items())),
    history=st.builds(History, st.integers(0, 10**9), st.integers(0, 10**9), MOMENTS, TEXTS, MOMENTS),
    thread=THREAD,
    risk=st.builds(Risk, st.sampled_from(RiskLevel), st.lists(TEXTS, max_size=4).map(tuple)),
    needs=st.none() | NEEDS,
    overruled_because=TEXTS,
    claim=st.none() | st.builds(Claim, st.just(7), TEXTS, MOMENTS, MOMENTS),
    changes=st.lists(UNDOS, max_size=4).map(tuple),
    frozen=st.just("") | TEXTS.map(lambda text: escape(text)[:300].rpartition("&")[0]),
    leaves_at=st.none() | MOMENTS,
    can_delete=st.booleans(),
    review_lang=st.sampled_from(["en", "de"]),
)
CARDS = st.builds(
    Card,
    DRAFTS,
    MENTIONS,
    st.builds(Eligibility, st.sampled_from(MayReply), TEXTS, TEXTS, st.none() | MOMENTS),
    st.lists(DECISIONS, max_size=5).map(tuple),
    st.none() | REPLIES,
    TEXTS,
    AROUND,
)
VERSIONS = st.lists(
    st.builds(
        lambda draft, version, instruction, who, at: DraftVersion(
            replace(draft, version=version), instruction, who, at
        ),
        DRAFTS,
        st.integers(1, 40),
        TEXTS,
        TEXTS,
        MOMENTS,
    ),
    max_size=30,
    unique_by=lambda one: one.draft.version,
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
LINES = st.builds(Line, TEXTS, st.floats(-1e9, 1e9), TEXTS, TEXTS, TEXTS, TEXTS)
QUOTES = st.builds(Quote, TEXTS, TEXTS, TEXTS, TEXTS, MOMENTS, URLS, TEXTS)
SECTIONS = st.builds(
    DigestSection,
    TEXTS,
    st.lists(LINES, max_size=20).map(tuple),
    st.none(),
    st.lists(QUOTES, max_size=5).map(tuple),
    TEXTS,
)
