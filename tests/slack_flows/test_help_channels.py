"""In a help channel, sure answers come unasked, and nothing else is ever said; what somebody missed is told to them."""

from pathlib import Path

import pytest
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Answer, Audience, Citation, Look, Rule, Trace
from assistant.knowledge.answers.unasked import MARGIN, is_sure, may_be_for_documents
from assistant.service.service import Service
from assistant.slack.answers.proposal_blocks import ACCEPT_ANSWER
from assistant.slack.answers.proposal_listeners import SAVE_ANSWER
from assistant.slack.answers.votes import FEEDBACK

HELP = "C0HELP"
PAUSE = "How do customers pause their plan?"
CHATTER = Path(__file__).parent.parent.parent / "evals" / "questions" / "chatter.txt"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.help_channels = (TEAM, HELP)
    settings.internal_channels, settings.admins = (HELP,), (BEN,)
    settings.knowledge_dir = settings.earshot_home.parent / "knowledge"
    settings.answer_confidence = 0
    return settings


def test_a_question_in_a_help_channel_is_answered_without_a_mention(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, PAUSE)
    (answer,) = find_answers(slack, TEAM, ts)
    assert "three months" in str(answer["blocks"])
    assert "Nobody asked me" in str(answer["blocks"])


def test_an_unasked_answer_has_all_that_an_asked_one_has(
    slack: SlackDouble, service: Service, assistant: Assistant, knowledge: Path
) -> None:
    page = "# Lending\n\n## Length\n\nA lending lasts nine days.\n\n## Fees\n\nLending fees are four euros.\n"
    (knowledge / "public" / "lending.md").write_text(page)
    assistant.knowledge.ingest.run([str(knowledge)], None, assistant.clock())
    question, seen = "How many days does a lending last?", list[list[str]]()
    for text in (f"<@{slack.bot_user_id}> {question}", question):
        ts = slack.say(TEAM, ANNA, text, files={"photo.heic": b"\x00"})
        (answer,) = find_answers(slack, TEAM, ts)
        wait_until_quiet(slack, service)
        assert slack.world.sessions[TEAM, ts]["statuses"] == ["processing", "active"]
        seen.append(read_texts(answer["blocks"]))
    asked, unasked = seen
    assert any("What about fees?" in text for text in asked)
    assert any("I can't read .heic files" in text for text in asked)
    assert unasked[:-1] == asked


def test_what_a_colleague_wrote_for_a_question_is_given_unasked_too(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.add_channel(HELP, "help", members=[ANNA, BEN])
    torque = "Which torque do the pedals of the cargo model need?"
    root = slack.say(TEAM, ANNA, torque)
    reply = slack.say(TEAM, BEN, "Forty newton metres.", thread_ts=root)
    slack.shortcut(SAVE_ANSWER, ANNA, TEAM, reply)
    card = slack.wait_for(lambda: slack.bot_messages(slack.open_dm(BEN)), what="the proposed answer")[-1]
    wait_until_quiet(slack, service)
    slack.click(slack.open_dm(BEN), card["ts"], ACCEPT_ANSWER, BEN)
    wait_until_quiet(slack, service)
    ts = slack.say(HELP, ANNA, torque)
    (answer,) = find_answers(slack, HELP, ts)
    texts = read_texts(answer["blocks"])
    assert "Forty newton metres" in texts[0]
    assert "Standard answer by ben" in texts[1]


@pytest.mark.parametrize("answers_in_threads", [False, True])
def test_threads_of_people_are_left_alone_unless_an_admin_chose_them(
    slack: SlackDouble, service: Service, assistant: Assistant, answers_in_threads: bool
) -> None:
    if answers_in_threads:
        assistant.settings.help_channels, assistant.settings.help_thread_channels = (), (TEAM,)
    root = slack.say(TEAM, BEN, "The new poster is up.")
    slack.say(TEAM, BEN, PAUSE, thread_ts=root)
    slack.say(TEAM, ANNA, "Nice one, thanks a lot", thread_ts=root)
    wait_until_quiet(slack, service)
    assert len(slack.thread(TEAM, root)) == (4 if answers_in_threads else 3)
    ts = slack.say(TEAM, ANNA, PAUSE)
    assert len(find_answers(slack, TEAM, ts)) == 1, "outside of threads it answers either way"


def test_where_it_is_not_sure_it_says_nothing_at_all(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.answer_confidence = 1000
    slack.say(TEAM, ANNA, PAUSE)
    wait_until_quiet(slack, service)
    assert slack.bot_messages(TEAM) == []
    assert slack.world.sessions == {}
    assert assistant.knowledge.questions.unhelped() == [], "nobody asked it, so that nothing is missing"


@pytest.mark.parametrize(
    ("text", "surer_by", "is_said"),
    [
        ("How do customers pause their plan?", 1.1, True),
        ("How do customers pause their plan?", 0.9, False),
        ("How do customers freeze their plan?", 1.1, False),
        ("How do customers freeze their plan?", 2.1, True),
    ],
)
def test_an_answer_that_lacks_a_word_of_the_question_must_be_surer_still(
    text: str, surer_by: float, is_said: bool
) -> None:
    said = "Customers pause their plan in the app."
    citation = Citation(1, "pausing.md", "Pausing", "", None, said)
    trace = Trace(Audience.PUBLIC, 9, 3.0 + surer_by, 3.0, Rule.ANSWERED)
    answer = Answer(said, is_grounded=True, reason="", look=Look.ANSWER, citations=(citation,), trace=trace)
    assert is_sure(text, answer) is is_said


def test_other_channels_stay_silent(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    assistant.settings.help_channels = ("C0OTHER",)
    slack.say(TEAM, ANNA, PAUSE)
    wait_until_quiet(slack, service)
    assert slack.bot_messages(TEAM) == []


def test_not_helpful_keeps_it_quiet_in_that_thread_until_it_is_mentioned(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, PAUSE)
    (answer,) = find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    slack.click(TEAM, answer["ts"], FEEDBACK, ANNA, choose="negative")
    wait_until_quiet(slack, service)
    slack.say(TEAM, BEN, "And for how long do they pause?", thread_ts=ts)
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1
    slack.say(TEAM, BEN, f"<@{slack.bot_user_id}> {PAUSE}", thread_ts=ts)
    assert len(find_answers(slack, TEAM, ts, count=2)) == 2


def test_what_people_tell_each_other_below_an_answer_gets_none(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, PAUSE)
    find_answers(slack, TEAM, ts)
    slack.say(TEAM, BEN, "Three months, as always.", thread_ts=ts)
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1
    slack.say(TEAM, BEN, "And for how long do they pause?", thread_ts=ts)
    assert len(find_answers(slack, TEAM, ts, count=2)) == 2


def test_small_talk_of_people_is_seldom_even_looked_up() -> None:
    lines = [line for line in CHATTER.read_text().splitlines() if line and not line.startswith("#")]
    passed = [line for line in lines if may_be_for_documents(line)]
    assert len(lines) >= 70
    assert len(passed) <= len(lines) * 0.5
    assert MARGIN > 0


def test_catching_up_tells_what_happened_since_one_last_wrote(slack: SlackDouble, service: Service) -> None:
    slack.say(TEAM, ANNA, "I'm off now")
    root = slack.say(TEAM, BEN, "The &lt;payment&gt; page is down &amp; broken")
    slack.say(TEAM, BEN, "fixed", thread_ts=root)
    slack.slash("/earshot", "catchup #team", ANNA, TEAM)
    wait_until_quiet(slack, service)
    told = "\n".join(text for one in slack.ephemerals for text in read_texts(one.get("blocks", [])))
    assert "1 message · 1 person · 1 reply" in told
    assert "ben: The &lt;payment&gt; page is down &amp; broken (1 reply)" in told
    assert "I'm off now" not in told
    slack.slash("/earshot", "catchup", ANNA, TEAM)
    wait_until_quiet(slack, service)
    assert "Nothing new." in str(slack.ephemerals[-1])


def test_what_only_programs_wrote_is_counted_without_people(slack: SlackDouble, service: Service) -> None:
    slack.add_user("U0CI", "ci", is_bot=True)
    slack.invite(TEAM, "U0CI")
    slack.say(TEAM, "U0CI", "Build 7 is green.")
    slack.slash("/earshot", "catchup #team", BEN, TEAM)
    wait_until_quiet(slack, service)
    told = "\n".join(read_texts(slack.ephemerals[-1]["blocks"]))
    assert "1 message" in told
    assert "people" not in told
    assert "person" not in told


@pytest.mark.parametrize(
    ("where", "typed_in", "told"),
    [
        ("#secret", TEAM, "There's no channel #secret that you and I are both in. Join it, and invite me"),
        ("<#C0SECRET|secret>", TEAM, "You and I aren't both in that channel. Join it, and invite me"),
        ("#tean", TEAM, "Did you mean /earshot catchup #team?"),
        ("#seecret", TEAM, "There's no channel #seecret that you and I are both in. Join it"),
        ("", "C0APART", "You and I aren't both in this channel. Join it, and invite me"),
        ("", "", "Name a channel, for example: `/earshot catchup #replies`"),
        ("crisis", TEAM, "There has been no crisis yet."),
    ],
)
def test_what_nobody_can_be_caught_up_on_is_refused_plainly(
    slack: SlackDouble, service: Service, where: str, typed_in: str, told: str
) -> None:
    slack.add_channel("C0SECRET", "secret", members=[BEN])
    slack.add_channel("C0APART", "apart", members=[ANNA], with_bot=False)
    slack.say("C0SECRET", BEN, "the merger")
    slack.slash("/earshot", f"catchup {where}", ANNA, typed_in or slack.open_dm(ANNA))
    wait_until_quiet(slack, service)
    (only,) = [*slack.ephemerals, *slack.bot_messages(slack.open_dm(ANNA))]
    assert told in only["text"]
    for word in ("merger", "didn't work", "in case you report", "Reading what you missed"):
        assert word not in only["text"]
