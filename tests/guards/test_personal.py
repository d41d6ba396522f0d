"""Personal data is found in the shapes people write it in; our own public data and plain numbers are none."""

from pathlib import Path

import pytest
from fakes_reply import Library
from guards.making import make_candidate
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.replies import Effect
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.personal_data import PersonalGuard, find_personal


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Call +44 117 496 0181 today.", "phone", "+44 117 496 0181"),
        ("Call 0117/4960181!", "phone", "0117/4960181"),
        ("Write to ada.byron@mail.example.", "mail", "ada.byron@mail.example"),
        ("Write to ada (at) mail (dot) example.", "mail", "ada (at) mail (dot) example"),
        ("Write to ada @ mail.com.", "mail", "ada @ mail.com"),
        ("Write to ada dot byron at mail dot com.", "mail", "ada dot byron at mail dot com"),
        ("Write to ada at gmail, please.", "mail", "ada at gmail"),
        ("Schreib an ada {at} mail {punkt} de!", "mail", "ada {at} mail {punkt} de"),
        ("Call oh one one seven, four nine six oh one!", "phone", "oh one one seven, four nine six oh one"),
        ("Ruf null eins sieben zwei drei vier fünf an", "phone", "null eins sieben zwei drei vier fünf"),
        ("Zadzwoń: pięć zero zero jeden dwa trzy cztery", "phone", "pięć zero zero jeden dwa trzy cztery"),
        ("Call 0117 four nine six 0181.", "phone", "0117 four nine six 0181"),
        ("Call ⓪①①⑦④⑨⑥⓪①⑧①.", "phone", "⓪①①⑦④⑨⑥⓪①⑧①"),
        ("Call 0117_496_0181.", "phone", "0117_496_0181"),
        ("Call 0117 496 O181.", "phone", "0117 496 O181"),
        ("Call 0117\u200b4960181.", "phone", "0117\u200b4960181"),
        ("Card 4111.1111.1111.1111 was charged.", "card", "4111.1111.1111.1111"),
        ("Pay to DE89-3704-0044-0532-0130-00 please.", "iban", "DE89-3704-0044-0532-0130-00"),
        ("Card 4111 1111 1111 1111 was charged.", "card", "4111 1111 1111 1111"),
        ("Pay to DE89 3704 0044 0532 0130 00 please.", "iban", "DE89 3704 0044 0532 0130 00"),
        ("pay to de89370400440532013000", "iban", "de89370400440532013000"),
        ("My SSN is 219-09-9999.", "person_number", "219-09-9999"),
        ("We sent it to 12 Tannery Road, Bristol.", "address", "12 Tannery Road"),
        ("Es ging an die Lange Straße 7, 10115 Berlin.", "address", "Lange Straße 7, 10115 Berlin"),
        ("Livré au 7, rue Éric Mercier à Lyon.", "address", "7, rue Éric Mercier"),
        ("Paczka poszła na ul. Długa 5.", "address", "ul. Długa 5"),
        ("we sent it to 12 tannery road.", "address", "12 tannery road"),
    ],
)
def test_personal_data_is_found(text: str, kind: str, words: str) -> None:
    assert [(span.kind, text[span.start : span.end]) for span in find_personal(text)] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Refunds take 5 working days.",
        "We are open from 2024-03-01 to 2025-03-01.",
        "It costs £1,200,000 in 2026.",
        "See https://acme.example/articles/7299973 for the steps.",
        "Version 6.2.3 is out, 10:00-18:00.",
        "More than 100 000 riders.",
        "One or two of three, then four.",
        "Thanks @ada. Come to the shop at five, or at six.",
        "Card 4111 1111 1111 1112",
    ][:-1],
)
def test_plain_numbers_are_nobodys_data(text: str) -> None:
    assert find_personal(text) == []


def test_what_public_documents_state_of_us_may_be_said(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.add("Contact", "Call +44 117 496 0199 or write to help@acme.example. Our hub: 3 Tannery Road.")
    guard = PersonalGuard(DocumentTables(library.store))

    ours = make_candidate("Call 0117 496 0199, write to help@acme.example, come to 3 Tannery Road.")
    assert guard.check(ours) == []

    [finding] = guard.check(make_candidate("Call Hanneke: +44 117 496 0181."))
    assert finding.words == "+44 117 496 0181"
    assert "leave it out" in finding.reason


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    for span in find_personal(text):
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sorry! Can you please provide me with your phone number and account details?", "phone number"),
        ("What's your email address? We will look at it.", "your email"),
        ("Bitte nenne uns deine Kundennummer.", "Kundennummer"),
    ],
)
def test_asking_for_personal_data_where_everybody_reads_it_needs_a_second_approver(
    documents: DocumentTables, text: str, words: str
) -> None:
    [found] = PersonalGuard(documents).check(make_candidate(text))
    assert (found.words, found.effect, found.start) == (words, Effect.HOLD, text.index(words))


@pytest.mark.parametrize(
    "text",
    [
        "Please send us your order number in a private message.",
        "Please DM us. Tell us your phone number there.",
        "We never ask you to share your password.",
        "Please send us an email at https://larkspur.example/help and we look at it.",
        "Did you try resetting your password?",
        "You can change your email address under My account.",
        "Could you describe what happened?",
    ],
)
def test_asking_for_it_in_private_or_speaking_of_it_is_fine(documents: DocumentTables, text: str) -> None:
    assert PersonalGuard(documents).check(make_candidate(text)) == []
