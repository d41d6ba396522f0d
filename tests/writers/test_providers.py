"""Whatever ways a provider of chat models has, there is a right answer, or the documents are quoted with a plain word.

A provider is played over real HTTP, through the same client that a real one is asked by.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes_api import Answer, ApiServer
from fakes_reply import Library

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Answer as GivenAnswer
from assistant.domain import Question
from assistant.errors import ModelError
from assistant.knowledge.answers.chat import ChatAnswer
from assistant.knowledge.answers.chat_model import ChatModel, ModelAddress
from assistant.knowledge.answers.judge import SentencePair, Verdict

PATH = "/v1/chat/completions"
PAUSE = "You can pause your plan for up to three months in the app."
SAID = json.dumps({"sentences": [{"text": PAUSE, "citations": [1]}]})
CALL = {"id": "1", "type": "function", "function": {"name": "ChatAnswer", "arguments": SAID}}


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """An endpoint that speaks like OpenAI's."""
    running = ApiServer()
    yield running
    running.close()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    library.add("Pausing", f"{PAUSE} While paused you pay 4 euros a month.")
    return library


def reply(content: str | None, finish: str = "stop", **more: object) -> dict[str, object]:
    message = {"role": "assistant", "content": content, **more}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    return {"id": "1", "object": "chat.completion", "choices": [choice]}


def refuse(told: str, status: int = 400, **headers: str) -> Answer:
    return Answer({"error": {"message": told}}, status, headers)


def open_model(server: ApiServer, name: str = "openai:local", seconds: int = 60) -> ChatModel[ChatAnswer]:
    return ChatModel(ModelAddress(name, f"{server.url}/v1", "key", seconds), ChatAnswer)


def bodies(server: ApiServer) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in server.asked]


def ask(library: Library, model: ChatModel[ChatAnswer]) -> GivenAnswer:
    return library.answering(model).answer(Question("Can I pause my plan in the app?"))


@pytest.mark.parametrize(
    "answers",
    [
        [reply(SAID)],
        [reply("", "length"), reply(SAID)],
        [reply(f"```json\n{SAID}\n```")] * 2,
        [reply(f"<think>Is {{this}} it?</think>Here you are:\n{SAID}")] * 2,
        [reply(None, "tool_calls", tool_calls=[CALL])],
        [reply(""), reply(SAID)],
        [refuse("response_format json_schema is not supported"), reply(None, "tool_calls", tool_calls=[CALL])],
        [refuse("response_format: unknown"), refuse("this model knows no tools"), reply(SAID)],
        [refuse("response_format: unknown"), reply("", "length", tool_calls=[]), reply(None, tool_calls=[CALL])],
        [refuse("Unsupported value: 'temperature' does not support 0."), reply(SAID)],
        [Answer(reply(SAID), delay_seconds=0.3)],
        [refuse("Slow down", 429, **{"Retry-After": "0"}), reply(SAID)],
        [Answer(reply(SAID), is_cut=True), reply(SAID)],
    ],
    ids=[
        *("schema", "reasoning eats the budget", "fenced", "thinks aloud", "tool call unasked", "empty once"),
        *("tools only", "neither", "tools and reasoning", "no temperature", "slow first token", "busy", "cut"),
    ],
)
def test_a_provider_with_ways_of_its_own_still_answers(
    server: ApiServer, library: Library, answers: list[dict[str, object] | Answer]
) -> None:
    server.put(PATH, *answers)
    made = ask(library, open_model(server))
    assert (made.writer, made.answer, made.reason) == ("chat", f"{PAUSE} [1]", "")
    assert len(server.asked) == len(answers)


@pytest.mark.parametrize(
    ("answer", "told", "requests"),
    [
        (reply("", "length"), "wrote more than there is room for, and came to no answer.", 2),
        (reply(None, refusal="I can't help with that."), "declined to answer this.", 1),
        (reply("", "content_filter"), "declined to answer this.", 1),
        (reply(""), "does not answer as it should.", 2),
        (reply("I think you can."), "does not answer as it should.", 2),
        (reply('{"sentences": [{"text": "Yes'), "does not answer as it should.", 2),
        (Answer(reply(SAID), is_cut=True), "broke off in the middle of its reply.", 2),
        (Answer(reply(SAID), delay_seconds=3), "took too long.", 1),
        (refuse("no such model", 404), "is not there (HTTP 404).", 1),
        (refuse("invalid model"), "refuses the request (HTTP 400).", 1),
        (refuse("no", 401), "refuses the key.", 1),
        (refuse("Slow down", 429), "answers no more questions for now (HTTP 429).", 1),
        (refuse("Slow down", 429, **{"Retry-After": "3600"}), "answers no more questions for now (HTTP 429).", 1),
        (refuse("Slow down", 429, **{"Retry-After": "0"}), "answers no more questions for now (HTTP 429).", 2),
        (refuse("oh", 503), "has trouble just now (HTTP 503).", 1),
        (Answer(b"<html>hello</html>"), "does not answer as it should.", 1),
    ],
)
def test_where_a_provider_fails_the_documents_are_quoted_with_a_plain_word(
    server: ApiServer, library: Library, answer: dict[str, object] | Answer, told: str, requests: int
) -> None:
    server.put(PATH, answer)
    is_slow = isinstance(answer, Answer) and answer.delay_seconds > 0
    made = ask(library, open_model(server, seconds=1 if is_slow else 60))
    assert made.is_grounded
    assert PAUSE in made.answer
    assert made.writer == "quoting"
    assert f"The chat model openai:local {told}" in made.reason
    assert made.reason.endswith("This is quoted instead.")
    assert len(server.asked) == requests


@pytest.mark.parametrize("name", ["openai:none", "nonsense:none", "nonsense"])
def test_a_model_that_cannot_be_reached_or_built_is_told_with_its_name(name: str) -> None:
    model = ChatModel(ModelAddress(name, "http://127.0.0.1:9/v1", "", 1), ChatAnswer)
    with pytest.raises(ModelError, match=f"The chat model {name} ") as caught:
        model("Hello")
    assert "CHAT_MODEL" in caught.value.hint
    assert "CHAT_MODEL" not in caught.value.message + caught.value.in_slack, "the answer in Slack shows these"


def test_a_fault_of_a_model_is_one_line_of_the_log_and_a_trace_for_who_looks_closer(
    server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.put(PATH, refuse("no such model, key-3141", 404))
    for level, traces in (("INFO", 0), ("DEBUG", 1)):
        caplog.clear()
        with caplog.at_level(level, "assistant"), pytest.raises(ModelError):
            open_model(server)("Say that you are there.")
        told = [one for one in caplog.records if one.name == "assistant.errors"]
        [line] = [one.getMessage() for one in told if not one.exc_info]
        assert line.endswith("NotFoundError (404)")
        assert "key-3141" not in line
        assert len([one for one in told if one.exc_info]) == traces


def test_a_model_whose_reply_drips_in_is_not_waited_for_beyond_its_time(server: ApiServer) -> None:
    server.put(PATH, Answer(reply(SAID), drip_seconds=0.5))  # each byte comes in good time, the last after minutes
    with pytest.raises(ModelError, match="took too long"):
        open_model(server, seconds=1)("Pausing?")


def test_a_model_that_thinks_has_room_for_it_and_more_when_that_was_too_little(server: ApiServer) -> None:
    server.put(PATH, reply("", "length"), reply(SAID))
    open_model(server)("Hello")
    first, second = (body.get("max_completion_tokens") or body["max_tokens"] for body in bodies(server))
    assert (first >= 8000, second > first) == (True, True)


@pytest.mark.parametrize(
    ("name", "effort"),
    [
        ("openai:gpt-5-mini", "low"),
        ("openai:o4-mini", "low"),
        ("openai:openai/gpt-oss-120b", "low"),
        ("openai:gpt-4.1", None),
        ("openai:qwen2.5", None),
    ],
)
def test_a_model_that_takes_an_effort_is_asked_for_little(server: ApiServer, name: str, effort: str | None) -> None:
    server.put(PATH, reply(SAID))
    open_model(server, name)("Hello")
    assert bodies(server)[0].get("reasoning_effort") == effort


def test_what_a_provider_refused_once_is_not_sent_again(server: ApiServer) -> None:
    server.put(
        PATH, refuse("'reasoning_effort' is unknown"), refuse("response_format: no"), reply(None, tool_calls=[CALL])
    )
    model = open_model(server, "openai:gpt-oss")
    model("Hello")
    model("Hello again")
    assert ["reasoning_effort" in body for body in bodies(server)] == [True, False, False, False]
    assert ["tools" in body for body in bodies(server)] == [False, False, True, True]


def test_a_busy_provider_is_waited_for_as_long_as_it_asks_if_there_is_time(server: ApiServer) -> None:
    server.put(PATH, refuse("Slow down", 429, **{"Retry-After": "3"}), reply(SAID))
    waited: list[float] = []
    model = ChatModel(ModelAddress("openai:local", f"{server.url}/v1", "key", 60), ChatAnswer, wait=waited.append)
    assert model("Hello").sentences[0].text == PAUSE
    assert waited == [3.0]


def test_the_second_reading_is_by_the_model_that_was_named_for_it(server: ApiServer, tmp_path: Path) -> None:
    server.put(PATH, reply(json.dumps({"verdicts": [{"number": 1, "says": "yes"}, {"number": 2, "says": "no"}]})))
    settings = Settings(
        earshot_home=tmp_path, chat_model="openai:large", check_model="openai:small", chat_model_url=f"{server.url}/v1"
    )
    judge = Assistant(settings).knowledge.judge
    assert judge
    assert judge([SentencePair(PAUSE, (PAUSE,), "Pausing")]) == [Verdict.YES]
    assert [body["model"] for body in bodies(server)] == ["small"]
