"""Without a chat model an answer is the passage that answers, as it stands in its page, and where it stands."""

from pathlib import Path

import pytest
from fakes_reply import Library

from assistant.domain import Answer, Audience, Question, Turn


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def ask(library: Library, text: str, *turns: Turn, least: float = -9.0) -> Answer:
    return library.answering(least=least).answer(Question(text, history=turns))


def test_a_passage_is_shown_whole_below_its_headings_with_the_best_words_marked(library: Library) -> None:
    library.add(
        "Plans", "# Plans\n\n## Pausing\n\nA pause costs 4 euros a month. It ends on its own. You can end it early."
    )
    made = ask(library, "what does a pause cost a month?")
    said = "A pause costs 4 euros a month. It ends on its own. You can end it early."
    assert made.answer == f"From Plans › Pausing:\n{said} [1]"
    assert made.sentences[0].keys == ("A pause costs 4 euros a month.",)


def test_a_heading_that_forbids_stands_above_what_it_forbids(library: Library) -> None:
    library.add("Labels", "# Labels\n\n## Please never\n\n- Tape over the barcode.\n- Use two labels.")
    made = ask(library, "can I tape over the barcode?")
    assert made.answer.startswith("From Labels › Please never:\n• Tape over the barcode.")


def test_a_heading_of_small_words_that_forbids_is_kept_too(library: Library) -> None:
    library.add("Repairs", "# Repairs\n\n## Please do not\n\nswap the display yourself.")
    assert ask(library, "can I swap the display?").answer.startswith("From Repairs › Please do not:")


def test_a_heading_that_repeats_the_title_is_said_once(library: Library) -> None:
    library.add("Outage of the locks, 21 April", "# Outage, 21 April\n\n## Cause\n\nA certificate had expired.")
    made = ask(library, "which certificate had expired?")
    assert made.answer.startswith("From Outage of the locks, 21 April › Cause:")


def test_the_lines_about_the_page_itself_are_not_shown(library: Library) -> None:
    library.add("Leave", "Owner: Ada Moor\nUpdated: 2026-05-01\n\nLeave is 25 days a year for everybody.")
    made = ask(library, "how many days of leave a year?")
    assert made.answer == "From Leave:\nLeave is 25 days a year for everybody. [1]"


def test_of_a_long_section_the_best_part_is_shown_with_what_stands_around_it(library: Library) -> None:
    rules = [f"Rule {number} is about the colour of shed {number * 7}." for number in range(60)]
    rules[30] = "Helmets are kept in the red cabinet."
    library.add("Sheds", " ".join(rules))
    made = ask(library, "where are helmets kept?")
    assert "Helmets are kept in the red cabinet." in made.answer
    assert len(made.answer) < 1000


def test_a_page_that_says_what_was_asked_wins_over_one_that_only_is_about_it(library: Library) -> None:
    library.add("Cellar", "The cellar price list of the cellar rooms hangs at the cellar door.")
    library.add("Rooms", "The price of a cellar room is 35 euros.")
    assert "35 euros" in ask(library, "how much is the price of a cellar room?").answer.split("[1]")[0]


def test_whoever_asks_for_a_contact_gets_a_passage_that_names_one(library: Library) -> None:
    library.add(
        "Leave", "# Leave\n\n## How much\n\nParental leave is 20 weeks.\n\n## Else\n\nQuestions: leave@plover.example"
    )
    assert "leave@plover.example" in ask(library, "who do I ask about parental leave?").answer


def test_an_archived_page_comes_after_a_current_one(library: Library) -> None:
    library.add("Old prices (archive)", "The price of a locker is 5 euros.")
    library.add("Prices", "The price of a locker is 7 euros.")
    assert "7 euros" in ask(library, "what is the price of a locker?").answer.split("\n")[1]


def test_a_follow_up_shows_only_the_line_that_answers_of_what_was_just_shown(library: Library) -> None:
    library.add("Discounts", "- Students get 15 % off.\n- Discounts do not add up.\n- Second bikes get 10 % off.")
    first = ask(library, "do students get a discount?")
    turns = (Turn("user", "do students get a discount?"), Turn("assistant", first.answer))
    second = ask(library, "do discounts add up?", *turns)
    assert "• Discounts do not add up." in second.answer
    assert "Second bikes" not in second.answer


def test_a_typing_error_is_put_right_by_the_words_of_the_documents_and_said(library: Library) -> None:
    library.add("Batteries", "A battery is swapped at any cabinet.")
    made = ask(library, "where do I swap a batery?")
    assert "swapped at any cabinet" in made.answer
    assert made.reason == "I read “batery” as “battery”."


def test_only_the_mistyped_word_is_changed_and_not_a_longer_one_that_begins_like_it(library: Library) -> None:
    library.add("Batteries", "A battery is swapped at any cabinet. A baterix is a brand.")
    made = ask(library, "is a baterix like a batery?")
    assert made.reason == "I read “batery” as “battery”."
    assert library.spelling.correct("Baterix or batery", Audience.PUBLIC).text == "Baterix or battery"


@pytest.mark.parametrize("text", ["was my bike nicked?", "wo tausche ich den Akku am Schrank", "swap at Batterie"])
def test_a_word_that_is_right_or_foreign_is_left_alone(library: Library, text: str) -> None:
    library.add("Batteries", "A battery is swapped at any cabinet. It is nice.")
    assert "I read" not in ask(library, text).reason


def test_a_name_that_no_page_has_is_named_and_alone_no_reason_to_answer(library: Library) -> None:
    library.add("Delivery", "We deliver bikes in Bristol and Lyon.")
    made = ask(library, "do you deliver bikes in Madrid?", least=9.0)
    assert made.answer == "“Madrid” is not in our documents. Closest pages: Delivery."
    assert "“Madrid” is not in our documents." in ask(library, "do you deliver bikes in Madrid?").reason


def test_only_an_owner_of_a_page_that_is_near_may_know(library: Library) -> None:
    library.add("Delivery", "We deliver bikes in Bristol and Lyon.", front="owner: ada@plover.example")
    far = ask(library, "what is the meaning of life?", least=3.1)
    assert (far.is_grounded, "ada@plover.example" in far.answer) == (False, False)


@pytest.mark.parametrize(("asked", "said"), [("berlin", "10 to 18"), ("lyon", "11 to 19")])
def test_a_place_that_the_pages_write_with_a_capital_must_be_in_the_passage(
    library: Library, asked: str, said: str
) -> None:
    library.add(
        "Hubs",
        "# Hubs\n\n## North\n\nOur hub in Berlin is open 10 to 18.\n\n## South\n\nOur hub in Lyon is open 11 to 19.",
    )
    assert said in ask(library, f"when is the {asked} hub open?").answer.split("\n")[1]


def test_a_line_that_leads_in_a_list_is_shown_once(library: Library) -> None:
    library.add("Fees", "There is no exit fee if you\n\n- move away, or\n- wait 15 days for a repair.")
    assert ask(library, "when is there no exit fee?").answer.count("There is no exit fee if you") == 1


def test_whoever_asks_who_looks_after_a_page_is_told_its_owner(library: Library) -> None:
    library.add("Repair visits", "A mechanic comes to your home.", front="owner: ada@plover.example")
    made = ask(library, "who owns the repair visits page?")
    assert made.answer == "“Repair visits” is looked after by ada@plover.example. [1]"
    assert "ada@" not in ask(library, "who owns the mechanic who comes home?").answer


def test_what_nearly_answers_is_shown_as_unsure_and_counts_as_no_answer(library: Library) -> None:
    library.add("Plans", "# Plans\n\n## Pausing\n\nA pause costs 4 euros a month.")
    sure = ask(library, "what does a pause cost a month?")
    assert sure.trace
    unsure = ask(library, "what does a pause cost a month?", least=sure.trace.confidence + 0.3)
    assert not unsure.is_grounded
    assert unsure.answer.startswith(
        "I'm not sure that this answers it, but it comes closest. From Plans › Pausing:\nA pause"
    )
    far = ask(library, "what does a pause cost a month?", least=sure.trace.confidence + 0.6)
    assert far.answer.startswith("I couldn't find this in our documents. Closest pages: Plans.")
