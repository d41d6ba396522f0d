"""Every edit is told apart by rules, and gives advice only where a draft may follow it."""

import pytest
from fakes_learning import CLOSING, FACT, OPENING, PROPOSED, SENTENCES, make_decided
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Advice, AdviceRule, LessonKind, Sentence, Support
from assistant.replies.drafting.case import join_sentences
from assistant.replies.drafting.frames import is_greeting, may_be_said
from assistant.replies.drafting.lessons import follow
from assistant.replies.lessons.differences import find_difference, read_refusal

SIGNS = (Sentence("Thanks for asking! 🎉 #Bikes", Support.COURTESY), *SENTENCES[1:])

TAUGHT = {
    f"Hi there, {PROPOSED}": (LessonKind.TONE, Advice(AdviceRule.GREETING, "Hi there,")),
    f"Hi Ada, {PROPOSED}": (LessonKind.TONE, Advice(AdviceRule.GREETING, "Hi {name},")),
    f"@ada {PROPOSED}": (LessonKind.TONE, Advice(AdviceRule.GREETING, "{handle}")),
    f"Hi Grace, {PROPOSED}": (LessonKind.TONE, None),
    f"{PROPOSED} – your Larkspur team": (LessonKind.FORMAT, Advice(AdviceRule.SIGN_OFF, "– your Larkspur team")),
    f"{PROPOSED} Best wishes, the team": (LessonKind.FORMAT, Advice(AdviceRule.SIGN_OFF, "Best wishes, the team")),
    f"{PROPOSED} ^AB": (LessonKind.FORMAT, None),
    f"Hello,\n{PROPOSED}": (LessonKind.FORMAT, Advice(AdviceRule.OWN_LINES)),
    f"{OPENING} {FACT}": (LessonKind.LENGTH, Advice(AdviceRule.NO_CLOSING)),
    f"{FACT} {CLOSING}": (LessonKind.LENGTH, Advice(AdviceRule.NO_OPENING)),
    f"{OPENING} {CLOSING}": (LessonKind.LENGTH, Advice(AdviceRule.MOST_CHARACTERS)),
    f"Sorry for the trouble. {FACT} {CLOSING}": (
        LessonKind.TONE,
        Advice(AdviceRule.REPLACE, OPENING, "Sorry for the trouble."),
    ),
    PROPOSED.replace("3 months", "6 months"): (LessonKind.FACT, None),
    PROPOSED.replace("in the app", "at https://larkspur.example/pause"): (LessonKind.FACT, None),
    PROPOSED.replace(OPENING, "You get 50 % off."): (LessonKind.FACT, None),
    f"{PROPOSED} See https://larkspur.example/pause": (LessonKind.FORMAT, None),
    PROPOSED.replace("You can", "You may"): (LessonKind.TONE, None),
}


@pytest.mark.parametrize("final", TAUGHT)
def test_an_edit_is_told_apart_and_gives_the_advice_that_would_have_spared_it(final: str) -> None:
    assert TAUGHT[final] in [(one.kind, one.advice) for one in find_difference(make_decided(final)).taught]


@pytest.mark.parametrize(
    ("final", "rule"),
    [
        (f"Thanks for asking! #Bikes {FACT} {CLOSING}", AdviceRule.NO_EMOJI),
        (f"Thanks for asking. 🎉 #Bikes {FACT} {CLOSING}", AdviceRule.NO_EXCLAMATION),
        (f"Thanks for asking! 🎉 {FACT} {CLOSING}", AdviceRule.NO_HASHTAGS),
    ],
)
def test_signs_that_people_take_out_are_left_out(final: str, rule: AdviceRule) -> None:
    taught = find_difference(make_decided(final, SIGNS)).taught
    assert Advice(rule) in [one.advice for one in taught]
    assert join_sentences(follow(SIGNS, [Advice(rule)], "ada")) == final


def test_an_unchanged_draft_teaches_nothing() -> None:
    assert find_difference(make_decided(PROPOSED)).taught == ()


def test_a_fact_that_was_put_right_proposes_a_fix_with_the_passage_and_the_persons_words() -> None:
    found = find_difference(make_decided(PROPOSED.replace("3 months", "6 months"))).fixes
    assert [(fix.citation.quote, fix.words) for fix in found] == [(FACT, "You can pause for 6 months in the app.")]


def test_a_fact_that_was_denied_proposes_a_fix_too() -> None:
    denied = FACT.replace("You can", "You cannot")
    found = find_difference(make_decided(PROPOSED.replace(FACT, denied))).fixes
    assert [(fix.citation.quote, fix.words) for fix in found] == [(FACT, denied)]


@pytest.mark.parametrize("final", [f"{OPENING} {CLOSING}", PROPOSED.replace("You can", "You may"), f"Hi, {PROPOSED}"])
def test_what_states_nothing_else_proposes_no_fix(final: str) -> None:
    assert find_difference(make_decided(final)).fixes == ()


REASONS = {
    "Do not reply to this": "people said so",
    "don't answer, he is just a troll": "bait",
    "fan chat": "fan chat",
    "this is spam": "spam",
    "already answered by phone": "already answered",
    "leave it alone": "people said so",
    "wrong tone": "",
    "the price is wrong": "",
    "": "",
}


@pytest.mark.parametrize("reason", REASONS)
def test_only_a_reason_against_replying_is_one(reason: str) -> None:
    assert read_refusal(reason) == REASONS[reason]


_PIECES = st.sampled_from(
    [
        OPENING,
        FACT,
        CLOSING,
        "Hi Bo,",
        "@ada",
        "^AB",
        "Best, Bo",
        "🎉",
        "It costs £50.",
        "See https://evil.example/x",
        "\n",
        "Great!",
    ]
)


@given(st.lists(_PIECES, min_size=1, max_size=8).map(" ".join))
def test_whatever_people_write_no_lesson_brings_a_fact_a_link_or_a_name_into_a_draft(final: str) -> None:
    for one in find_difference(make_decided(final)).taught:
        if one.advice:
            said = one.advice.instead if one.advice.rule is AdviceRule.REPLACE else one.advice.words
            assert may_be_said(said)
            assert not any(part in said for part in ("50", "://", "Bo", "@", "^"))


_ADVICE = st.builds(
    Advice,
    st.sampled_from(AdviceRule),
    st.sampled_from(
        ["", OPENING, FACT, CLOSING, "Hi {name},", "{handle}", "It costs £50.", "See https://evil.example"]
    ),
    st.sampled_from(["", "Thanks.", "You get 50 % off.", "See https://evil.example"]),
    st.integers(1, 300),
)


@given(st.lists(_ADVICE, max_size=6), st.lists(st.sampled_from([*SENTENCES, *SIGNS]), min_size=1, max_size=5))
def test_whatever_the_advice_facts_stay_as_they_are_or_go_and_something_is_left(
    advice: list[Advice], sentences: list[Sentence]
) -> None:
    followed = follow(sentences, advice, "Ada Byron")
    assert followed
    facts = [one for one in followed if one.support is not Support.COURTESY]
    assert all(one in sentences for one in facts)
    text = join_sentences(followed)
    assert "evil" not in text
    assert "50" not in text
    assert follow(followed, [], "Ada Byron") == followed


@pytest.mark.parametrize(
    ("author", "greeting"),
    [
        ("ada", "@ada Hi,"),
        ("@ada@social.example", "@ada@social.example Hi,"),
        ("Ada Byron", "Hi Ada,"),
        ("win at evil.example/x", "Hi,"),
        ("<!channel>", "Hi,"),
        ("", "Hi,"),
    ],
)
def test_a_greeting_names_the_author_only_by_what_is_a_handle_or_a_first_name(author: str, greeting: str) -> None:
    advice = Advice(AdviceRule.GREETING, "{handle} Hi {name},")
    first = follow(SENTENCES, [advice], author)[0].text
    assert first == greeting
    assert is_greeting(first)


@pytest.mark.parametrize("instead", ["", "Thanks.", "You get 50 % off."])
def test_a_sentence_with_evidence_is_never_said_otherwise_nor_left_out_by_its_words(instead: str) -> None:
    assert follow(SENTENCES, [Advice(AdviceRule.REPLACE, FACT, instead)], "ada") == SENTENCES
