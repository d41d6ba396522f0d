"""What people rely on while Earshot works: they see that it does, can stop it at once, and see that it waits."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from fakes import FakeEmbedder, read_wordings
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, REVIEW, TEAM, find_answers, run_service, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Alert, AlertKind, Answer, Question, Series, Stage, StageKind
from assistant.service.service import Service
from assistant.slack.answers.blocks import ASK_OWNER
from assistant.slack.answers.events import Asked
from assistant.slack.answers.listeners import read_looker
from assistant.slack.answers.suggestions import CHANNEL_CONTEXT, MESSAGE_CONTEXT, Suggestions
from assistant.slack.cards.freeze import FREEZE_IN_CRISIS

PAUSE = "How do customers pause their plan?"
MOST_SECONDS = 30


class Slow:
    """Answering that takes until it is let go on, and tells when it has begun."""

    def __init__(self, answer: Callable[..., Answer]) -> None:
        self._answer = answer
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()
        self.ended: list[str] = []

    def __call__(self, question: Question, now: Any, progress: Callable[[Stage], None] = lambda _: None) -> Answer:
        self.has_begun.set()
        assert self.may_go_on.wait(MOST_SECONDS)
        try:
            progress(Stage(StageKind.SEARCHED, 2))
        except BaseException as error:
            self.ended.append(type(error).__name__)
            raise
        return self._answer(question, now, progress)


@pytest.fixture
def slow(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    slow = Slow(assistant.knowledge.reply)
    monkeypatch.setattr(assistant.knowledge, "reply", slow)
    yield slow
    slow.may_go_on.set()


def ask(slack: SlackDouble) -> str:
    return slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}")


def find_statuses(slack: SlackDouble, ts: str, channel: str = TEAM) -> list[str]:
    session = slack.session(channel, ts)
    return session["statuses"] if session else []


def test_stop_ends_the_work_at_once_and_says_who_stopped_it(slack: SlackDouble, service: Service, slow: Slow) -> None:
    ts = ask(slack)
    assert slow.has_begun.wait(MOST_SECONDS)
    slack.stop_session(TEAM, ts, BEN)
    wait_until_quiet(slack, service)  # the search still hangs: nobody waits for it
    (said,) = find_answers(slack, TEAM, ts)
    assert said["text"] == f"Stopped by <@{BEN}>."
    assert find_statuses(slack, ts)[-1] == "active"
    slow.may_go_on.set()
    slack.wait_for(lambda: slow.ended, what="the end of the search at its next step")
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1


def test_a_stopped_question_is_not_answered_after_a_restart(
    slack: SlackDouble, settings: Settings, assistant: Assistant, slow: Slow
) -> None:
    with run_service(assistant, slack) as first:
        ts = ask(slack)
        assert slow.has_begun.wait(MOST_SECONDS)
        slack.stop_session(TEAM, ts, BEN)
        find_answers(slack, TEAM, ts)
        slow.may_go_on.set()
        wait_until_quiet(slack, first)
    with run_service(assistant, slack) as second:
        asked = Asked("again", TEAM, ts, ANNA, PAUSE, ts)  # as a crash would have left it
        second.work.put(asked, "again")
        wait_until_quiet(slack, second)
        assert [one["text"] for one in find_answers(slack, TEAM, ts)] == [f"Stopped by <@{BEN}>."]


def test_what_is_asked_after_a_stop_is_answered(slack: SlackDouble, service: Service, slow: Slow) -> None:
    ts = ask(slack)
    assert slow.has_begun.wait(MOST_SECONDS)
    slack.stop_session(TEAM, ts, ANNA)
    wait_until_quiet(slack, service)
    slow.may_go_on.set()
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}", thread_ts=ts)
    assert "three months" in str(find_answers(slack, TEAM, ts, count=2)[1]["blocks"])


def test_a_stopped_question_that_is_edited_is_asked_anew(slack: SlackDouble, service: Service, slow: Slow) -> None:
    ts = ask(slack)
    assert slow.has_begun.wait(MOST_SECONDS)
    slack.stop_session(TEAM, ts, ANNA)
    wait_until_quiet(slack, service)
    slow.may_go_on.set()
    slack.edit_message(TEAM, ts, f"<@{slack.bot_user_id}> For how long can customers pause?")
    assert "three months" in str(find_answers(slack, TEAM, ts, count=2)[1]["blocks"])


def test_an_app_without_sessions_shows_the_older_status(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("agents.sessions.setStatus", error="unknown_method", times=99)
    ts = ask(slack)
    find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    shown = [one["status"] for one in slack.statuses]
    assert (shown[0], shown[-1]) == ("is looking through the documents…", "")
    assert len(slack.journal.calls_to("agents.sessions.setStatus")) == 1, "it is not asked again"


def test_a_session_waits_while_an_owner_is_asked_and_goes_on_with_the_reply(
    slack: SlackDouble, settings: Settings, knowledge: Any
) -> None:
    (knowledge / "public" / "owned.md").write_text("---\nowner: Billing\n---\n# Refunds\n\nRefunds take ten days.\n")
    chosen = settings.model_copy(update={"owners_in_slack": (f"Billing={BEN}",), "answer_confidence": 0})
    parts = Assistant(chosen, embedder=FakeEmbedder())
    parts.knowledge.ingest.run([str(knowledge)], None, parts.clock())
    with run_service(parts, slack) as running:
        ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> How many days do refunds take?")
        (answer,) = find_answers(slack, TEAM, ts)
        slack.click(TEAM, answer["ts"], ASK_OWNER, ANNA)
        wait_until_quiet(slack, running)
        assert find_statuses(slack, ts)[-1] == "suspended"
        slack.say(TEAM, BEN, "Twelve days since June.", thread_ts=ts)
        wait_until_quiet(slack, running)
        assert find_statuses(slack, ts)[-1] == "active"


def test_a_stop_in_a_crisis_asks_whether_to_freeze(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    assistant.slack.slack_posts.claim_post("crisis:1", REVIEW, assistant.clock())
    ts = slack.say(REVIEW, ANNA, "our crisis")
    assistant.slack.slack_posts.note_posted("crisis:1", ts)
    slack.world.sessions[REVIEW, ts] = {"title": "", "statuses": ["processing"]}
    slack.stop_session(REVIEW, ts, ANNA)
    (said,) = find_answers(slack, REVIEW, ts)
    assert "frozen too?" in "\n".join(read_texts(said["blocks"]))
    slack.click(REVIEW, said["ts"], FREEZE_IN_CRISIS, ANNA)
    wait_until_quiet(slack, service)
    assert assistant.replies.freezing.describe()


def look_at(slack: SlackDouble, user: str, entities: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What is suggested to somebody who looks at this."""
    before = len(slack.prompts)
    slack.change_context(user, entities)
    slack.wait_for(partial(has_prompts, slack, before + 1), what="suggested prompts")
    prompts: list[dict[str, str]] = slack.prompts[-1]["prompts"]
    return prompts


def test_what_somebody_looks_at_changes_what_is_suggested(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_user("U0KLARA", "klara", locale="de-DE")
    number = add_alert(assistant, Series(topic="billing", sentiment="negative"))
    ts = post_as(slack, assistant, f"alert:{number}")
    message = {"type": MESSAGE_CONTEXT, "value": {"channel_id": REVIEW, "message_ts": ts}}
    assert look_at(slack, ANNA, [message])[0]["title"] == "What do people say about billing today?"
    german = look_at(slack, "U0KLARA", [message])[0]
    assert german["title"] == "Was sagen die Leute heute über billing?"
    assert german["message"] == german["title"]
    everywhere = add_alert(assistant, Series(network="hackernews"))
    other = {"type": MESSAGE_CONTEXT, "value": {"channel_id": REVIEW, "message_ts": "1.1"}}
    channel = {"type": CHANNEL_CONTEXT, "value": TEAM}
    for entities in ([], [other], [channel]):
        assert "billing" not in str(look_at(slack, ANNA, entities))
    ts = post_as(slack, assistant, f"alert:{everywhere}")
    shown = look_at(slack, ANNA, [{**message, "value": {"channel_id": REVIEW, "message_ts": ts}}])
    assert shown[0]["title"] == "What do people complain about on Hacker News today?"


def test_in_a_channel_what_was_answered_there_is_suggested_to_who_reads_along(
    slack: SlackDouble, service: Service
) -> None:
    find_answers(slack, TEAM, ask(slack))
    wait_until_quiet(slack, service)
    channel = [{"type": CHANNEL_CONTEXT, "value": TEAM}]
    assert look_at(slack, ANNA, channel)[0]["message"] == PAUSE
    slack.add_user("U0OUTSIDE", "olga")
    assert PAUSE not in str(look_at(slack, "U0OUTSIDE", channel))


def test_other_questions_take_their_turn(assistant: Assistant) -> None:
    at, shown = assistant.clock(), set[str]()
    assistant.home.clock = lambda: at
    suggestions = Suggestions(assistant.home, assistant.knowledge, *[None] * 5)  # type: ignore[arg-type]
    for _ in range(3):
        shown |= set(suggestions.choose([], read_wordings().choose("en")))
        at += timedelta(minutes=1)
    week = {one for one in shown if "customers" in one}
    assert len(week) == 3


@pytest.mark.parametrize(
    ("body", "looker"),
    [
        ({"event": {"user": ANNA, "channel": "D1"}}, (ANNA, "D1")),
        ({"event": {}, "authorizations": [{"user_id": ANNA, "is_bot": False}]}, (ANNA, "")),
        ({"event": {}, "authorizations": [{"user_id": "U0BOT", "is_bot": True}]}, ("", "")),
    ],
)
def test_who_looks_is_named_in_the_event_or_beside_it(body: dict[str, Any], looker: tuple[str, str]) -> None:
    assert read_looker(body) == looker


def add_alert(assistant: Assistant, series: Series) -> int:
    now = assistant.clock()
    alert = Alert(0, AlertKind.SPIKE, series, now, 9, False, now, minutes=60)
    return assistant.alerts.tables.add(f"test {series}", alert) or 0


def post_as(slack: SlackDouble, assistant: Assistant, key: str) -> str:
    """A message that the store knows under this key."""
    assistant.slack.slack_posts.claim_post(key, REVIEW, assistant.clock())
    ts = slack.say(REVIEW, ANNA, key)
    assistant.slack.slack_posts.note_posted(key, ts)
    return ts


class Writing:
    """Answering as a chat model does it: it tells each stage, and goes on when it is let."""

    def __init__(self, answer: Callable[..., Answer]) -> None:
        self._answer = answer
        self.may_go_on = threading.Event()

    def __call__(self, question: Question, now: Any, progress: Callable[[Stage], None] = lambda _: None) -> Answer:
        for kind, count in ((StageKind.SEARCHED, 212), (StageKind.FIT, 4), (StageKind.WRITING, 4)):
            progress(Stage(kind, count))
        assert self.may_go_on.wait(MOST_SECONDS)

        def tell(stage: Stage) -> None:
            if stage.kind is StageKind.CHECKED:
                progress(stage)

        return self._answer(question, now, tell)


@pytest.fixture
def writing(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writing]:
    writing = Writing(assistant.knowledge.reply)
    monkeypatch.setattr(assistant.knowledge, "reply", writing)
    yield writing
    writing.may_go_on.set()


def read_cards(slack: SlackDouble, ts: str) -> list[tuple[str, str]]:
    """The titles and states of the task cards in what stands below a question."""
    blocks = [block for one in slack.thread(TEAM, ts) for block in one.get("blocks", [])]
    return [(one["title"], one["status"]) for one in blocks if one["type"] == "task_card"]


def test_each_stage_is_shown_when_it_happens_and_no_word_before_it_is_checked(
    slack: SlackDouble, service: Service, writing: Writing
) -> None:
    ts = ask(slack)
    slack.wait_for(lambda: read_cards(slack, ts), what="the first stages")
    begun = [
        ("Searched 212 passages", "complete"),
        ("4 fit", "complete"),
        ("Writing from 4 passages and checking every sentence…", "in_progress"),
    ]
    assert read_cards(slack, ts) == begun
    assert "three months" not in str(slack.thread(TEAM, ts))
    writing.may_go_on.set()
    wait_until_quiet(slack, service)
    (answer,) = find_answers(slack, TEAM, ts)
    assert "three months" in str(answer["blocks"])
    shown = read_cards(slack, ts)
    assert [status for _, status in shown] == ["complete"] * 3
    assert shown[2][0].endswith("checked")
    assert answer["metadata"]["event_payload"]["key"]


def test_a_stop_while_a_model_writes_leaves_what_was_done_and_an_edit_is_answered_there(
    slack: SlackDouble, service: Service, writing: Writing
) -> None:
    ts = ask(slack)
    slack.wait_for(lambda: read_cards(slack, ts), what="the first stages")
    slack.stop_session(TEAM, ts, ANNA)
    wait_until_quiet(slack, service)
    writing.may_go_on.set()
    assert "three months" not in str(slack.thread(TEAM, ts))
    slack.edit_message(TEAM, ts, f"<@{slack.bot_user_id}> For how long can customers pause?")
    slack.wait_for(lambda: "three months" in str(slack.thread(TEAM, ts)), what="the answer to the edit")


def test_a_refusal_after_stages_takes_their_place(
    slack: SlackDouble, service: Service, writing: Writing, assistant: Assistant
) -> None:
    assistant.settings.answer_confidence = 1000
    ts = ask(slack)
    slack.wait_for(lambda: read_cards(slack, ts), what="the first stages")
    writing.may_go_on.set()
    slack.wait_for(lambda: "couldn't find this" in str(slack.thread(TEAM, ts)), what="the refusal")
    wait_until_quiet(slack, service)
    assert read_cards(slack, ts) == []


def has_prompts(slack: SlackDouble, count: int) -> bool:
    return len(slack.prompts) >= count
