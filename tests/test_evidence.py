"""The evidence check: what stands in the documents passes, what was made up does not."""

import re

import pytest
from fakes_reply import same
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain import Audience, Chunk, SearchResult, Support
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.grounding import judge_support, weigh
from assistant.text.facts.courtesy import is_courtesy
from assistant.text.sentences import split_sentences

TEXT = (
    "The L2 city bike goes 61km on one charge. It works down to -5 °C. You cannot take it on ferries. "
    "It costs £5.99 a month, or 1.50 euro a day, no deposit. Call us at 8:30 on +44 20 7946 0958. "
    'Write to help@larkspur.example or see https://larkspur.example/help. Desmond calls it "the quiet one".'
)
PASSED = (Support.QUOTED, Support.SUPPORTED)
plain = st.text(st.characters(categories=["L", "N", "P", "Zs", "S"]), min_size=2, max_size=80)


@pytest.mark.parametrize("sentence", split_sentences(TEXT))
def test_a_verbatim_sentence_is_quoted(sentence: str) -> None:
    assert judge_support(sentence, ["Something else.", TEXT]) is Support.QUOTED


@given(text=plain)
def test_a_verbatim_sentence_of_any_text_is_quoted(text: str) -> None:
    for sentence in split_sentences(text):
        if len(re.findall(r"\w", sentence)) > 1 and len(" ".join(sentence.split())) > 1:
            assert judge_support(sentence, [text]) is Support.QUOTED


def test_case_quotes_and_line_breaks_do_not_matter_to_a_quotation() -> None:
    assert judge_support("desmond calls it\n“the quiet one”.", [TEXT]) is Support.QUOTED


@given(sentence=st.sampled_from([s for s in split_sentences(TEXT) if re.search(r"\d", s)]), data=st.data())
def test_a_changed_number_is_never_quoted_nor_supported(sentence: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(list(re.finditer(r"\d+", sentence))))
    changed = str(data.draw(st.integers(0, 10_000)))
    assume(not re.search(rf"(?<!\d){changed}(?!\d)", TEXT))
    said = sentence[: number.start()] + changed + sentence[number.end() :]
    assert judge_support(said, [TEXT]) not in PASSED


@given(whole=st.integers(0, 999), other=st.integers(0, 999), unit=st.sampled_from(["%", "euro", "km", "days"]))
def test_no_number_passes_for_another(whole: int, other: int, unit: str) -> None:
    assume(whole != other)
    assert judge_support(f"It takes {other} {unit}.", [f"It takes {whole} {unit}."]) not in PASSED


@pytest.mark.parametrize(
    "said",
    [
        "It costs £5",
        "It costs £5 a month.",
        "It costs £99 a month.",
        "The L3 city bike goes 61 km on one charge.",
        "The L2 city bike goes 61½ km on one charge.",
        "It works down to 5 °C.",
        "Call us at 30 on our number.",
        "It costs 1.5 euro a day.",
        "The L2 city bike goes 61 km on two charges.",
        "The Berlin bike, the L2, goes 61 km on one charge.",
        "Write to sales@larkspur.example or see the help.",
        "See https://larkspur.example/help/refund for help.",
        'Desmond calls it "the loud one".',
        "You can take it on ferries.",
        "take it on ferries",
        "Our repair team visits you at home.",
    ],
)
def test_what_the_text_does_not_say_does_not_pass(said: str) -> None:
    assert judge_support(said, [TEXT]) is Support.UNSUPPORTED


@pytest.mark.parametrize(
    "said",
    [
        "The L2 bike goes 61 km on a charge.",
        "It costs £5.99 a month.",
        "You cannot take the bike on ferries.",
        "You can't take it on ferries.",
        "There is no deposit, it costs 1.50 euro a day.",
        "Our phone: call +44 20 7946 0958.",
    ],
)
def test_the_same_said_in_other_words_passes(said: str) -> None:
    assert judge_support(said, [TEXT]) in PASSED


def test_a_sentence_may_rest_on_two_texts_together() -> None:
    texts = ["The bike goes 61 km.", "A battery swap costs £4."]
    assert judge_support("The bike goes 61 km and a battery swap costs £4.", texts) is Support.SUPPORTED


def test_a_quotation_out_of_a_negated_sentence_does_not_pass() -> None:
    text = "It is not true that we refund everything. Stolen bikes are refunded."
    assert judge_support("We refund everything.", [text]) is Support.UNSUPPORTED


def test_without_evidence_nothing_is_supported() -> None:
    assert judge_support("It costs £5.99 a month.", []) is Support.UNSUPPORTED


@pytest.mark.parametrize(
    "said",
    [
        "Hi there!",
        "Thanks for the kind words.",
        "We’re sorry about that.",
        "Take care!",
        "Can you please provide more details about the issue?",
        "Please describe the message on your screen.",
    ],
)
def test_courtesy_needs_no_evidence(said: str) -> None:
    assert judge_support(said, []) is Support.COURTESY


@pytest.mark.parametrize(
    "said",
    [
        "Sorry, we will refund £50.",
        "Thanks, see https://evil.example now.",
        "Hi, your money arrives in two days.",
        "Sorry, Desmond will call you.",
        "Could you tell us that pausing is free?",
        "Could you tell us your phone number?",
        "Please share it, then refunds come at once.",
        "Could you provide a free bike to your neighbour by 5 May?",
        "",
        "Thanks " + "and thanks " * 20,
    ],
)
def test_courtesy_that_states_a_fact_is_none(said: str) -> None:
    assert not is_courtesy(said)


@given(sentence=st.text(), text=st.text())
def test_the_check_never_fails(sentence: str, text: str) -> None:
    assert judge_support(sentence, [text]) in set(Support)


def _result(text: str, document_id: str) -> SearchResult:
    chunk = Chunk(
        chunk_id=1,
        source="/docs",
        document_id=document_id,
        title="Title",
        heading="Heading",
        text=text,
        position=0,
        audience=Audience.PUBLIC,
    )
    return SearchResult(chunk, 1.0, 0.9)


def test_citations_are_numbered_once_each_and_quote_their_chunk() -> None:
    results = [_result("It costs £4. It is blue.", "a.md"), _result("It goes 61 km.", "b.md")]
    claims = (
        WrittenClaim("It goes 61 km.", (2,)),
        WrittenClaim("It costs £4.", (1,)),
        WrittenClaim("It costs £9.", (1,)),
        WrittenClaim("The blue one costs £4.", (1,)),
    )
    found = weigh(Written(claims, "chat"), results, same)
    assert [sentence.citations for sentence in found.sentences] == [(1,), (2,), (), (2,)]
    assert [(c.number, c.document_id, c.quote) for c in found.citations] == [
        (1, "b.md", "It goes 61 km."),
        (2, "a.md", "It costs £4."),
    ]
    assert found.is_grounded


def test_a_writing_of_courtesy_alone_is_not_grounded() -> None:
    assert not weigh(Written((WrittenClaim("Thanks!"), WrittenClaim("It costs £9.")), "chat"), [], same).is_grounded


def test_a_citation_that_does_not_carry_the_sentence_is_left_out() -> None:
    results = [_result("It is blue.", "a.md"), _result("It goes 61 km on a charge.", "b.md"), _result("Hi.", "c.md")]
    found = weigh(Written((WrittenClaim("On a charge it goes 61 km.", (1, 2, 3)),), "chat"), results, same)
    assert [citation.document_id for citation in found.citations] == ["b.md"]


def test_a_sentence_that_rests_on_two_texts_cites_both_and_no_third() -> None:
    results = [_result(t, t) for t in ("The bike goes 61 km.", "It is blue.", "A battery swap costs £4.")]
    claim = WrittenClaim("The bike goes 61 km and a battery swap costs £4.", (1, 2, 3))
    found = weigh(Written((claim,), "chat"), results, same)
    assert [citation.document_id[:5] for citation in found.citations] == ["The b", "A bat"]
