"""The facts of a sentence against the passages: one changed word, number, unit or address, and it does not pass."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain import Support
from assistant.knowledge.answers.grounding import judge_support

PASSED = (Support.QUOTED, Support.SUPPORTED)
RULES = (
    "The deposit of £50 is returned within 10 days after the bike was collected. "
    "If you cancel within 14 days, we refund the full price. Only managers may approve orders above £500. "
    "It is a myth that the battery lasts ten years. The service starts on 3 March 2026 and ends on 5 April 2026. "
    "Bikes under 20 kg can be sent by post. The discount is 15 % for members. Larkspur pays Bosch for the motors. "
    "Lane costs £59 and Loop costs £79. Nobody may charge a battery in the stairwell. Everyone except interns gets a "
    "laptop. The insurance covers up to 2,000 euros per year. Refunds take 3 to 5 days. The hub opens at 18:00. "
    "See [the rules](https://larkspur.example/rules/a) or write to help@larkspur.example about a refund."
)


@pytest.mark.parametrize(
    "said",
    [
        "The deposit of £50 is returned within 10 weeks after the bike was collected.",
        "The deposit of €50 is returned within 10 days after the bike was collected.",
        "The deposit of £50 is returned within 10 days before the bike was collected.",
        "The discount is £15 for members.",
        "The service starts on 3 April 2026.",
        "The service starts on 3 March 2025.",
        "The service ends on 3 March 2026.",
        "The insurance covers more than 2,000 euros per year.",
        "The insurance covers 2,000 euros per year.",
        "The insurance covers up to 2,000 euros per month.",
        "Refunds take 3 days.",
        "Bikes over 20 kg can be sent by post.",
        "Bikes under 20 kg must be sent by post.",
        "It is forbidden to send bikes under 20 kg by post.",
        "You may charge a battery in the stairwell.",
        "Everyone gets a laptop.",
        "Interns get a laptop.",
        "Bosch pays Larkspur for the motors.",
        "Lane costs £79.",
        "Lane costs £79 and Loop costs £59.",
        "We refund the full price if you cancel.",
    ],
)
def test_one_changed_word_that_changes_the_fact_does_not_pass(said: str) -> None:
    assert judge_support(said, [RULES]) is Support.UNSUPPORTED


@pytest.mark.parametrize(
    "fragment",
    ["we refund the full price", "Managers may approve orders above £500.", "The battery lasts ten years."],
)
def test_a_sentence_without_its_condition_is_neither_quoted_nor_supported(fragment: str) -> None:
    assert judge_support(fragment, [RULES]) is Support.UNSUPPORTED


@pytest.mark.parametrize(
    "said",
    [
        "The deposit of £50 is returned within ten days after the bike was collected.",
        "The service starts on March 3, 2026.",
        "The service starts on 2026-03-03.",
        "The discount is 15% for members.",
        "The discount is 15 percent for members.",
        "The insurance covers at most €2000 annually.",
        "Refunds take three to five days.",
        "The hub opens at 6 pm.",
        "Bosch is paid by Larkspur for the motors.",
        "Do not charge a battery in the stairwell.",
        "Loop costs £79.",
    ],
)
def test_the_same_fact_in_another_spelling_passes(said: str) -> None:
    assert judge_support(said, [RULES]) is Support.SUPPORTED


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "evil.example/rules",
        "larkspur-claims.com",
        "larkspur.example/rules",
        "https://larkspur.example/rules/a/b",
        "https://larkspur.example.evil.example/rules/a",
        "boss@larkspur.example",
    ],
)
@pytest.mark.parametrize("form", ["{}", "[the rules]({})", "![the rules]({})", "<{}>", "<{}|the rules>"])
def test_an_address_that_stands_in_no_passage_does_not_pass_in_any_form(form: str, address: str) -> None:
    assert judge_support(f"See {form.format(address)} about a refund.", [RULES]) is Support.UNSUPPORTED


@pytest.mark.parametrize("form", ["{}", "[the rules]({})", "<{}>"])
def test_an_address_of_the_passages_passes_whole(form: str) -> None:
    said = f"See the rules {form.format('https://larkspur.example/rules/a')} about a refund."
    assert judge_support(said, [RULES]) is Support.SUPPORTED


@given(
    number=st.integers(1, 99), unit=st.sampled_from(["days", "weeks", "%", "km", "kg"]),
    other=st.sampled_from(["months", "miles", "lb", "hours", ""]),
)  # fmt: skip
def test_no_unit_passes_for_another(number: int, unit: str, other: str) -> None:
    text = f"The old limit for a new bike is {number} {unit}."
    assert judge_support(f"The old limit for a new bike is {number} {other}.", [text]) not in PASSED


@given(
    number=st.integers(1, 999),
    signs=st.permutations("£€$").map(lambda signs: signs[:2]),
)
def test_no_currency_passes_for_another(number: int, signs: list[str]) -> None:
    text = f"The fee for a new bike is {signs[0]}{number}."
    assert judge_support(f"The fee for a new bike is {signs[1]}{number}.", [text]) not in PASSED


@given(
    host=st.from_regex(r"[a-z]{3,8}\.(com|org|example)", fullmatch=True), path=st.sampled_from(["", "/a", "/rules/b"])
)
def test_no_address_passes_for_another(host: str, path: str) -> None:
    assume((host, path) != ("larkspur.example", "/rules/a"))
    assert judge_support(f"See {host}{path} about a refund.", [RULES]) not in PASSED


@pytest.mark.parametrize(
    "said",
    [
        "Happy to help: pausing is always free for staff and families.",
        "Sorry, all refunds are denied to people who complain.",
        "Thanks, we will replace your bike free of charge whenever you want.",
        "Glad to say that contractors get paid holidays.",
        "Have a look: the battery can be charged in the stairwell.",
    ],
)
def test_kind_words_do_not_hide_a_statement(said: str) -> None:
    assert judge_support(said, []) is Support.UNSUPPORTED
