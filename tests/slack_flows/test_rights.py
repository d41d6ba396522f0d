"""What only some may read stays among them, on every surface: six reader sets, and people who are in some of them."""

from pathlib import Path

import pytest
from fakes import FakeEmbedder
from slack_double import SlackDouble
from slack_flows.homes import open_home, read_home
from slack_flows.people import ANNA, BEN, GUEST, REVIEW, TEAM, find_answers, wait_until_quiet
from slack_flows.test_staff import share, whisper

from assistant.agents.calls import AgentCalls, Caller
from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience, Question
from assistant.knowledge.gaps import find_gaps
from assistant.service.doctor import examine
from assistant.service.service import Service
from assistant.slack.answers.blocks import PASSAGES, WHY
from assistant.slack.client.client import build_client
from assistant.slack.client.membership import Membership

CARL, DORA, CLOSED = "U0CARL", "U0DORA", "C0CLOSED"
FINANCE, PEOPLE = "S0FINANCE", "S0PEOPLE"
SOURCES = f"""
sources:
  - {{kind: folder, name: finance, path: TOP/finance, readers: [{FINANCE}], folders: {{payroll: ["@{PEOPLE}"]}}}}
  - {{kind: folder, name: people, path: TOP/people, readers: ["@{PEOPLE.lower()}"]}}
  - {{kind: folder, name: legal, path: TOP/legal, readers: [Ben@example.com, gone@example.com]}}
  - {{kind: folder, name: lost, path: TOP/lost, readers: ["@nobody-knows"]}}
  - {{kind: folder, name: open, path: TOP/public, audience: public}}
"""
READERS = {
    "finance": {ANNA},
    "finance/payroll": {ANNA},
    "people": {ANNA, BEN},
    "legal": {BEN},
    "public/board": {CARL},
    "lost": {CARL},
}
SUBJECTS = ("bonus", "merger", "lease", "audit", "tender", "strike", "refund", "patent")
EVERYBODY = (ANNA, BEN, CARL, DORA, GUEST)


def ask_about(place: str, subject: str) -> str:
    return f"What does the {subject} of {place.replace('/', ' ')} cost?"


def secret_of(place: str, subject: str) -> str:
    return f"{sorted(READERS).index(place) + 1}{SUBJECTS.index(subject)}{sum(map(ord, place + subject))}"


SECRETS = {(place, subject): secret_of(place, subject) for place in READERS for subject in SUBJECTS}


def list_leaks(text: object, user: str) -> list[str]:
    """The secrets in a text that this person must not read."""
    return [secret for (place, _), secret in SECRETS.items() if secret in str(text) and user not in READERS[place]]


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """Pages of six sets; those of the board name their reader themselves, in a folder that is public."""
    top = tmp_path / "pages"
    for (place, subject), secret in SECRETS.items():
        (top / place).mkdir(parents=True, exist_ok=True)
        marks = "---\nreaders: carl@example.com\n---\n" if place == "public/board" else ""
        about = f"{subject} of {place.replace('/', ' ')}"
        (top / place / f"{subject}.md").write_text(f"{marks}# The {about}\n\nThe {about} does cost {secret} crowns.\n")
    (top / "public" / "plans.md").write_text("# Plans\n\nCustomers pause their plan in the app.\n")
    (tmp_path / "sources.yaml").write_text(SOURCES.replace("TOP", str(top)))
    return top


@pytest.fixture
def slack(slack: SlackDouble) -> SlackDouble:
    """A group whose guest reads nothing, and a channel of two members."""
    slack.add_user(CARL, "carl")
    slack.add_user(DORA, "dora")
    slack.add_usergroup(FINANCE, [ANNA, GUEST])
    slack.add_usergroup(PEOPLE, [ANNA, BEN])
    slack.add_channel(CLOSED, "closed", members=[ANNA, BEN])
    return slack


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    changed = {"internal_channels": (CLOSED,), "admins": (CARL,), "sources_file": tmp_path / "sources.yaml"}
    return settings.model_copy(update=changed)


@pytest.fixture
def assistant(settings: Settings, knowledge: Path) -> Assistant:
    parts = Assistant(settings, embedder=FakeEmbedder())
    for section in parts.knowledge.read_source_settings().sections:
        assert parts.knowledge.syncing.sync(section).failure == ""
    assert set(parts.knowledge.documents.count_restricted().values()) == {len(SUBJECTS)}
    return parts


@pytest.fixture
def membership(slack: SlackDouble, assistant: Assistant) -> Membership:
    client = build_client(slack.bot_token, slack.api_url)
    return Membership(client, assistant.settings, assistant.knowledge.documents.reader_sets)


def test_no_answer_or_search_leaks_and_who_may_read_finds_it(membership: Membership, assistant: Assistant) -> None:
    calls, leaks, missed = AgentCalls(assistant), [], []
    for user in EVERYBODY:
        audience = membership.audience_of_person(user)
        for place, subject in SECRETS:
            question = ask_about(place, subject)
            said = str(assistant.knowledge.answering.answer(Question(question, audience)))
            found = str(assistant.knowledge.retriever.search(Question(question, audience)))
            called = calls.run(Caller(user, audience), "search", {"query": question})
            leaks += list_leaks((said, found, called), user)
            missed += [question] if user in READERS[place] and SECRETS[place, subject] not in said else []
    assert (leaks, missed) == ([], [])


def test_tokens_and_what_is_asked_for_all_members_read_no_set(assistant: Assistant) -> None:
    calls = AgentCalls(assistant)
    for audience in (Audience.PUBLIC, Audience.INTERNAL):
        for place, subject in SECRETS:
            said = calls.run(Caller(f"bot {audience}", audience), "ask", {"question": ask_about(place, subject)})
            assert list_leaks(said, DORA) == []


def test_a_private_answer_its_reasons_and_the_home_hold_what_the_person_may_read(
    slack: SlackDouble, service: Service
) -> None:
    for user, place in ((ANNA, "finance"), (BEN, "legal"), (CARL, "lost"), (DORA, "people")):
        before = len(slack.ephemerals)
        told = whisper(slack, service, f"ask {ask_about(place, 'audit')}", user)
        assert (SECRETS[place, "audit"] in told) == (user in READERS[place])
        for action in (WHY, PASSAGES):
            slack.click(TEAM, slack.ephemerals[-1]["ts"], action, user)
            wait_until_quiet(slack, service)
        open_home(slack, user)
        wait_until_quiet(slack, service)
        assert list_leaks((told, slack.ephemerals[before:], slack.views(user), read_home(slack, user)), user) == []


def test_a_channel_reads_what_its_least_privileged_member_may(slack: SlackDouble, service: Service) -> None:
    for place in READERS:
        ts = slack.say(CLOSED, ANNA, f"<@{slack.bot_user_id}> {ask_about(place, 'lease')}")
        answers = str(find_answers(slack, CLOSED, ts))
        assert (SECRETS[place, "lease"] in answers) == (READERS[place] >= {ANNA, BEN})
        assert list_leaks(answers, ANNA) == list_leaks(answers, BEN) == []
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {ask_about('people', 'lease')}")
    wait_until_quiet(slack, service)
    assert list_leaks(slack.bot_messages(TEAM), GUEST) == []


def test_what_one_person_read_is_not_shared_with_those_who_may_not(slack: SlackDouble, service: Service) -> None:
    direct = slack.open_dm(ANNA)
    for place, target in (("finance", CLOSED), ("people", REVIEW), ("finance/payroll", CLOSED)):
        ts = slack.say(direct, ANNA, ask_about(place, "tender"))
        answer = find_answers(slack, direct, ts)[0]
        wait_until_quiet(slack, service)
        assert SECRETS[place, "tender"] in str(answer)
        share(slack, service, direct, answer["ts"], ANNA, target)
    assert list_leaks(slack.bot_messages(CLOSED), BEN) == []
    assert list_leaks(slack.bot_messages(REVIEW), GUEST) == []


def test_gaps_name_no_page_that_only_some_may_read(membership: Membership, assistant: Assistant) -> None:
    audience = membership.audience_of_person(ANNA)
    question = Question(ask_about("finance", "strike"), audience)
    answer = assistant.knowledge.answer(question)
    assistant.home.store.change("update questions set is_grounded = 0")
    [gap] = find_gaps(assistant.knowledge.questions, assistant.knowledge.embedder)
    assert answer.citations
    assert gap.nearest == ()


def test_who_loses_a_right_reads_neither_new_answers_nor_old_ones(
    slack: SlackDouble, membership: Membership, assistant: Assistant
) -> None:
    question = Question(ask_about("finance", "patent"), membership.audience_of_person(ANNA))
    answer = assistant.knowledge.answer(question)
    assert SECRETS["finance", "patent"] in answer.answer
    slack.add_usergroup(FINANCE, [BEN])
    later = Membership(build_client(slack.bot_token, slack.api_url), assistant.settings, membership.rights._list_sets)
    audience = later.audience_of_person(ANNA)
    said = str(assistant.knowledge.answering.answer(Question(question.text, audience)))
    assert not [secret for (place, _), secret in SECRETS.items() if "finance" in place and secret in said]
    assert not audience.covers(question.audience)


def test_where_slack_does_not_tell_nobody_reads(slack: SlackDouble, membership: Membership) -> None:
    slack.fail_next("usergroups.list", error="missing_scope", times=99)
    assert len(membership.audience_of_person(BEN).set_names) == 1, "his address alone is known"


def test_a_page_that_is_opened_to_others_is_read_anew(membership: Membership, assistant: Assistant) -> None:
    path = assistant.settings.sources_file
    path.write_text(path.read_text().replace(FINANCE, PEOPLE))
    section = assistant.knowledge.read_source_settings().find("finance")
    assert assistant.knowledge.syncing.sync(section).ingest.embedded > 0
    said = assistant.knowledge.answering.answer(
        Question(ask_about("finance", "merger"), membership.audience_of_person(BEN))
    )
    assert SECRETS["finance", "merger"] in said.answer


def test_what_fewer_may_read_now_leaves_though_its_source_cannot_be_read(
    membership: Membership, assistant: Assistant, knowledge: Path
) -> None:
    path = assistant.settings.sources_file
    path.write_text(path.read_text().replace("audience: public}", f"audience: public, readers: [{FINANCE}]}}"))
    (knowledge / "public").rename(knowledge / "elsewhere")
    section = assistant.knowledge.read_source_settings().find("open")
    assert assistant.knowledge.syncing.sync(section).failure
    question = Question("Where do customers pause their plan?", membership.audience_of_person(DORA))
    assert "in the app" not in str(assistant.knowledge.retriever.search(question))
    (knowledge / "elsewhere").rename(knowledge / "public")
    assert assistant.knowledge.syncing.sync(section).failure == ""
    anna = Question(question.text, membership.audience_of_person(ANNA))
    assert "in the app" in str(assistant.knowledge.retriever.search(anna))
    assert "in the app" not in str(assistant.knowledge.retriever.search(question))


def test_a_link_is_for_the_readers_of_what_it_leads_to(assistant: Assistant, knowledge: Path) -> None:
    (knowledge / "finance" / "shortcut.md").symlink_to(knowledge / "finance" / "payroll" / "bonus.md")
    section = assistant.knowledge.read_source_settings().find("finance")
    assistant.knowledge.syncing.sync(section)
    counts = assistant.knowledge.documents.count_restricted(str(knowledge / "finance"))
    assert sorted(counts.values()) == [len(SUBJECTS), len(SUBJECTS) + 1]
    lists = {names for each in assistant.knowledge.documents.reader_sets() for names in each.lists}
    assert (PEOPLE,) in lists
    sizes = {one.name: len(one.lists) for one in assistant.knowledge.documents.reader_sets()}
    assert next(sizes[name] for name, count in counts.items() if count > len(SUBJECTS)) == 2


def test_who_reads_a_folder_by_hand_opens_it_to_nobody(assistant: Assistant, knowledge: Path) -> None:
    before = assistant.knowledge.documents.count_restricted()
    assistant.knowledge.ingest.run([str(knowledge / "finance")], None, assistant.clock())
    assert assistant.knowledge.documents.count_restricted() == before
    assistant.knowledge.ingest.run([str(knowledge)], None, assistant.clock())
    assert sum(assistant.knowledge.documents.count_restricted().values()) == len(SECRETS)


def test_what_is_not_known_is_named(membership: Membership, assistant: Assistant) -> None:
    found = next(check for check in examine(assistant) if check.name == "readers")
    assert "8 documents name nobody-knows" in found.details
    assert sorted(membership.rights.find_unknown().values()) == [("gone@example.com",), ("nobody-knows",)]
