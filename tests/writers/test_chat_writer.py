"""What a chat model says becomes single claims about passages that exist."""

from fakes_reply import PROMPTS, ScriptedModel, say

from assistant.core.prompts import Prompts
from assistant.domain import Audience, Chunk, Question, SearchResult
from assistant.knowledge.answers.chat import ChatAnswer, ChatWriter


def make_result(number: int) -> SearchResult:
    chunk = Chunk(number, "tests", f"{number}.md", f"Title {number}", "", f"Text number {number}.", 0, Audience.PUBLIC)
    return SearchResult(chunk, 1.0, 1.0)


def write(model: ScriptedModel[ChatAnswer], results: int = 10) -> list[tuple[str, tuple[int, ...]]]:
    writer = ChatWriter(model, Prompts(PROMPTS))
    writing = writer.write_answer(Question("What?"), [make_result(number) for number in range(1, 1 + results)])
    assert writing.writer == "chat"
    assert writing.prompt_version.startswith("answer@")
    return [(claim.text, claim.places) for claim in writing.claims]


def test_only_the_best_twelve_passages_are_shown_and_can_be_cited() -> None:
    model = ScriptedModel(say(("One.", [1, 12, 13, 14, 0, -3, 12])))
    assert write(model, 14) == [("One.", (1, 12))]
    assert "Text number 12." in model.prompts[0]
    assert "Text number 13." not in model.prompts[0]


def test_sentences_that_share_a_field_share_its_numbers() -> None:
    assert write(ScriptedModel(say(("First here. Second there.\n\nThird.", [2])))) == [
        ("First here.", (2,)),
        ("Second there.", (2,)),
        ("Third.", (2,)),
    ]


def test_empty_sentences_are_no_claims() -> None:
    assert write(ScriptedModel(say(("", [1]), (" \n", [])))) == []
