"""Reply, watch or ignore, each with a reason that a person can argue with; sorting goes on where it was stopped."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_reply import NOW, make_mention
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.database import Store
from assistant.domain import TriageAction
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.pipeline import sort_new_mentions, triage
from assistant.listening.tables.posts import MentionTables

REPLY, WATCH, IGNORE = TriageAction.REPLY, TriageAction.WATCH, TriageAction.IGNORE
ANALYSER = Analyser()


@pytest.mark.parametrize(
    ("text", "action", "reason"),
    [
        ("RT @ada: how do I pause my plan?", IGNORE, "It repeats somebody else's post."),
        ("  RT @ada great bikes", IGNORE, "It repeats somebody else's post."),
        ("Token PRESALE live now!! link in bio", IGNORE, "It reads like spam."),
        ("Free gift card, click my link", IGNORE, "It reads like spam."),
        ("Guest post on your blog? do follow links, good price", IGNORE, "It reads like spam."),
        ("@acme https://x.example/why?now", IGNORE, "It says nothing in words."),
        ("😡😡😡", IGNORE, "It says nothing in words."),
        ("@acme ???", IGNORE, "It says nothing in words."),
        ("How do I do that?", REPLY, "It asks a question."),
        ("Can I pay with crypto?", REPLY, "It asks a question."),
        ("When does your giveaway end?", REPLY, "It asks a question."),
        ("RTs are nice, but is it waterproof?", REPLY, "It asks a question."),
        ("My bike is broken and I am angry.", REPLY, "Negative (sentiment …)."),
        ("I love this bike!", WATCH, "Praise, no reply needed."),
        ("Rode to work today.", WATCH, "It neither asks nor complains."),
        ("What a great bike!", WATCH, "Praise, no reply needed."),
        ("@acme #larkspur", WATCH, "It neither asks nor complains."),
    ],
)
def test_the_first_rule_that_fits_gives_the_reason(text: str, action: TriageAction, reason: str) -> None:
    mention = make_mention(text=text)
    found = triage(mention, ANALYSER.analyse(mention))
    assert (found.action, re.sub(r"[+-]\d\.\d\d", "…", found.reason)) == (action, reason)


@pytest.mark.parametrize(
    ("text", "language", "action", "reason"),
    [
        ("Wo ist die Werkstatt?", "de", REPLY, "It asks a question."),
        (
            "Die Werkstatt ist in der Stadt.",
            "de",
            WATCH,
            "It asks nothing, and its sentiment is unsure (sentiment …).",
        ),
        ("Super Rad 😍", "de", WATCH, "Praise, no reply needed."),
        ("Ça ne marche pas 😡", "fr", REPLY, "Negative (sentiment …)."),
    ],
)
def test_what_cannot_be_told_of_another_language_is_said(
    text: str, language: str, action: TriageAction, reason: str
) -> None:
    mention = replace(make_mention(text=text), lang=language)
    found = triage(mention, ANALYSER.analyse(mention))
    assert (found.action, re.sub(r"[+-]\d\.\d\d", "…", found.reason)) == (action, reason)


@settings(deadline=None, max_examples=300)
@given(text=st.text(min_size=1), language=st.sampled_from([None, "en", "de", "xx", "zh-Hant", ""]))
def test_any_text_in_any_language_is_analysed_and_sorted_for_a_reason(text: str, language: str | None) -> None:
    mention = replace(make_mention(text=text), lang=language)
    analysis = ANALYSER.analyse(mention)
    assert -1 <= analysis.sentiment_score <= 1
    assert triage(mention, analysis).reason.endswith(".")


class Stopped(BaseException):
    """Somebody pressed Ctrl-C."""


def stop(_: int) -> None:
    raise Stopped


def test_sorting_that_was_stopped_midway_goes_on_where_it_was_and_looks_at_each_post_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    mentions = MentionTables(store)
    mentions.add([make_mention(str(number), f"Post number {number}?") for number in range(1100)], NOW)

    with pytest.raises(Stopped):
        sort_new_mentions(mentions, ANALYSER, NOW, stop)
    assert store.value("select count(*) from analyses") == 500
    seen: list[int] = []
    assert sort_new_mentions(mentions, ANALYSER, NOW, seen.append) == 600
    assert seen == [500, 600]
    assert store.value("select count(distinct mention_id) from analyses") == 1100
    assert sort_new_mentions(mentions, ANALYSER, NOW) == 0
