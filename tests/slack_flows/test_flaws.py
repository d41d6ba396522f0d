"""Flaws in documents: both owners see both sides with who was told either, and one click decides for both."""

from pathlib import Path

import pytest
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, GUEST, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.knowledge.tables.flaws import FlawStatus
from assistant.service.service import Service
from assistant.slack.documents.flaw_blocks import ACCEPT_FLAW, FLAW_FIXED, IGNORE_FLAW

_PAGE = "---\nowner: {owner}@example.com\naudience: {audience}\n---\n# {title}\n\n{text}\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody is admin."""
    return settings.model_copy(update={"admins": ()})


def _write(assistant: Assistant, folder: Path, title: str, owner: str, text: str, audience: str = "public") -> None:
    folder.mkdir(exist_ok=True)
    page = _PAGE.format(owner=owner, audience=audience, title=title, text=text)
    (folder / f"{title}.md").write_text(page)
    assistant.knowledge.ingest.run([str(folder)], None, assistant.clock())


def _contradict(assistant: Assistant, folder: Path, other_owner: str = "ben", audience: str = "public") -> None:
    _write(assistant, folder, "Refunds", "anna", "Refunds are paid within 14 days of the return.")
    _write(assistant, folder, "Returns", other_owner, "We pay refunds within 30 days of the return.", audience)


def _read_card(slack: SlackDouble, user: str) -> tuple[str, str, str]:
    """The channel, the ts and the words of the only card that somebody got."""
    channel = slack.open_dm(user)
    (card,) = slack.bot_messages(channel)
    return channel, card["ts"], "\n".join(read_texts(card["blocks"]))


def test_both_owners_see_both_sides_with_the_answers_that_used_either_and_one_decides_for_both(
    slack: SlackDouble, service: Service, assistant: Assistant, tmp_path: Path
) -> None:
    _contradict(assistant, tmp_path / "wiki")
    asked = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> Within how many days are refunds paid after the return?")
    find_answers(slack, TEAM, asked)
    wait_until_quiet(slack, service)

    service.rounds.read_sources_in_full(assistant.clock())
    service.rounds.read_sources_in_full(assistant.clock())
    for user in (ANNA, BEN):
        channel, ts, told = _read_card(slack, user)
        assert "Two pages say different things" in told
        assert "Refunds are paid within 14 days of the return." in told
        assert "We pay refunds within 30 days of the return." in told
        assert "was quoted in 1 answer" in told
        assert f"archives/{TEAM}/p{asked.replace('.', '')}" in told

    slack.click(channel, ts, ACCEPT_FLAW, BEN)
    wait_until_quiet(slack, service)
    assert f"{BEN}: One is wrong." in _read_card(slack, ANNA)[2]
    slack.click(*_read_card(slack, ANNA)[:2], FLAW_FIXED, ANNA)
    wait_until_quiet(slack, service)
    assert f"<@{ANNA}>: It's fixed." in _read_card(slack, BEN)[2]
    [flaw] = assistant.knowledge.flaws.list_all()
    assert flaw.status is FlawStatus.FIXED


def test_who_does_not_own_a_page_decides_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant, tmp_path: Path
) -> None:
    _contradict(assistant, tmp_path / "wiki", "anna")
    service.rounds.read_sources_in_full(assistant.clock())
    slack.click(*_read_card(slack, ANNA)[:2], IGNORE_FLAW, BEN)
    wait_until_quiet(slack, service)
    assert len(assistant.knowledge.flaws.list_open()) == 1


def test_an_owner_who_may_not_read_the_other_page_is_shown_nothing_of_it(
    slack: SlackDouble, service: Service, assistant: Assistant, tmp_path: Path
) -> None:
    _contradict(assistant, tmp_path / "wiki", "guest", "internal")
    _write(assistant, tmp_path / "wiki", "Refunds", "guest", "Refunds are paid within 14 days of the return.")
    service.rounds.read_sources_in_full(assistant.clock())
    assert len(assistant.knowledge.flaws.list_open()) == 1
    assert slack.bot_messages(slack.open_dm(GUEST)) == []
