"""A message in a thread or of several questions is searched as what it means; a model may ask for more, twice."""

from pathlib import Path

import pytest
from fakes_reply import Library, ScriptedModel, rest_on, say

from assistant.domain import Audience, Question, Turn
from assistant.errors import ModelError
from assistant.knowledge.answers.chat import ChatAnswer
from assistant.knowledge.answers.research import ChatSearches, Research

PAUSE = "You can pause your plan for up to three months in the app."
LEAVE = "Parental leave is twenty weeks at full pay for everybody."
BIKE = "A stolen bike is reported to the police first."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    for title, text in (("Pausing", PAUSE), ("Leave", LEAVE), ("Theft", BIKE)):
        library.add(title, text)
    for number in range(14):
        library.add(f"Note {number}", f"Students plan note {number} about the app and students.")
    return library


def search(library: Library, model: ScriptedModel[ChatSearches], question: Question) -> list[str]:
    research = Research(library.retriever, model, library.prompts, lambda: ["en"])
    return [result.chunk.title for result in research.search(question).results[:4]]


def test_a_follow_up_is_searched_as_what_it_means(library: Library) -> None:
    history = (Turn("user", "How long is parental leave?"), Turn("assistant", "Twenty weeks."))
    model = ScriptedModel(ChatSearches(searches=["parental leave for students"]))
    assert "Leave" in search(library, model, Question("and for students?", history=history))
    assert "How long is parental leave?" in model.prompts[0]


def test_two_questions_are_two_searches_and_the_best_of_each_comes_first(library: Library) -> None:
    model = ScriptedModel(ChatSearches(searches=["pause plan in the app", "stolen bike"]))
    found = search(library, model, Question("How do I pause my plan? What do I do when a bike was stolen?"))
    assert {"Pausing", "Theft"} <= set(found)


def test_a_question_that_stands_alone_costs_no_call(library: Library) -> None:
    model = ScriptedModel[ChatSearches]()
    assert search(library, model, Question("How long is parental leave?"))[0] == "Leave"
    assert model.prompts == []


def test_without_a_plan_the_message_itself_is_searched(library: Library) -> None:
    question = Question("Who gets parental leave? Is a stolen bike reported?")
    failing = ScriptedModel[ChatSearches](ModelError("It is down."))
    empty = ScriptedModel(ChatSearches(searches=["", "  "]))
    assert search(library, failing, question) == search(library, empty, question)


def test_a_model_that_lacks_something_gets_the_best_of_another_search(library: Library) -> None:
    lacking = ChatAnswer(sentences=[], search="parental leave twenty weeks")
    model = ScriptedModel(lacking, ChatAnswer(sentences=[rest_on(LEAVE, LEAVE, passages=(2,))]))
    made = library.answering(model).answer(Question("Which note about students and the app?"))
    assert LEAVE not in model.prompts[0]
    assert LEAVE in model.prompts[1]
    assert LEAVE in made.answer


def test_a_model_may_ask_for_more_at_most_twice(library: Library) -> None:
    asking = [
        ChatAnswer(sentences=[], search=words) for words in ("parental leave weeks", "stolen bike police", "pause plan")
    ]
    model = ScriptedModel(*asking)
    library.answering(model).answer(Question("Which note about students and the app?"))
    assert len(model.prompts) == 3
    assert ['"search"; else' in prompt for prompt in model.prompts] == [True, True, False]


def test_a_search_that_finds_nothing_new_is_not_answered_from_again(library: Library) -> None:
    model = ScriptedModel(ChatAnswer(sentences=[], search="note about students and the app"))
    library.answering(model).answer(Question("Which note about students and the app?"))
    assert len(model.prompts) == 1


def test_the_words_that_a_model_searches_for_find_nothing_that_the_reader_may_not_see(library: Library) -> None:
    model = ScriptedModel(ChatAnswer(sentences=[], search="secret word"), say())
    library.add("Secret", "The secret word is PELICAN.", Audience.INTERNAL)
    library.answering(model).answer(Question("Which note about students and the app?", Audience.PUBLIC))
    assert not any("PELICAN" in prompt for prompt in model.prompts)
