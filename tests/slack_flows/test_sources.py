"""Sources in Slack: admins see and decide in App Home and direct messages, owners are told which replies to recall."""

from pathlib import Path

import pytest
from fakes_learning import FACT, School
from slack_double import SlackDouble
from slack_flows.homes import list_actions, open_home, read_home, unfold, wait_for_home
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import DraftStatus
from assistant.service.service import Service
from assistant.slack.documents.blocks import KEEP_HELD, READ_SOURCE, REMOVE_HELD


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Anna is admin, and a folder is read by itself."""
    for number in range(6):
        _write(tmp_path, f"page{number}", f"The text of number{number}.")
    _write(tmp_path, "pausing", FACT)
    file = tmp_path / "sources.yaml"
    file.write_text(
        f"sources:\n  - kind: folder\n    name: wiki\n    path: {tmp_path / 'wiki'}\n    audience: public\n"
    )
    return settings.model_copy(update={"admins": (ANNA,), "sources_file": file})


def _write(folder: Path, name: str, text: str) -> None:
    (folder / "wiki").mkdir(exist_ok=True)
    (folder / "wiki" / f"{name}.md").write_text(f"---\nowner: ben@example.com\n---\n# Page\n\n{text}\n")


def _read(service: Service, assistant: Assistant) -> None:
    """A round of the service, as if it were due."""
    assistant.home.store.change("update source_states set tried_at = '2026-01-01T00:00:00.000Z'")
    service.rounds.read_sources(assistant.clock())


def test_a_change_at_a_source_makes_the_card_stale_and_names_the_replies_that_quoted_it_to_their_owner(
    slack: SlackDouble, service: Service, assistant: Assistant, tmp_path: Path
) -> None:
    _read(service, assistant)
    school = School(assistant.settings.earshot_home)
    waiting, sent = school.propose(), school.propose()
    store = assistant.home.store
    store.change("update drafts set status = 'sent' where draft_id = ?", sent)
    store.change(
        "insert into replies (draft_id, mention_id, network, external_id, text, url, how, sent_at)"
        " values (?, 'x:2', 'x', 'r1', 'said', 'https://x.example/r1', 'api', '2026-11-16T09:00:00.000Z')",
        sent,
    )
    _write(tmp_path, "pausing", "You can pause for 6 months in the app <!channel>.")
    _read(service, assistant)
    _read(service, assistant)
    assert assistant.replies.drafts.find(waiting).status is DraftStatus.STALE
    (told,) = slack.bot_messages(slack.open_dm(BEN))
    shown = "\n".join(read_texts(told["blocks"]))
    assert "“Pausing” was changed, and 1 reply to customers rests on what it said" in shown
    assert "https://x.example/r1" in shown
    assert "You could write: A correction to our earlier reply: You can pause for 6 months" in shown
    assert "<!channel>" not in shown


def test_an_admin_is_asked_once_before_many_documents_leave_and_decides(
    slack: SlackDouble, service: Service, assistant: Assistant, tmp_path: Path
) -> None:
    _read(service, assistant)
    for number in range(5):
        (tmp_path / "wiki" / f"page{number}.md").unlink()
    _read(service, assistant)
    _read(service, assistant)
    channel = slack.open_dm(ANNA)
    (asked,) = slack.bot_messages(channel)
    assert "5 documents gone there are kept until an admin decides" in "\n".join(read_texts(asked["blocks"]))
    root = str(tmp_path / "wiki")

    slack.click(channel, asked["ts"], KEEP_HELD, ANNA)
    wait_until_quiet(slack, service)
    assert len(assistant.knowledge.documents.hashes(root)) == 7
    assert "they are kept" in str(slack.bot_messages(channel)[0]["blocks"])

    unfold(assistant, ANNA)
    open_home(slack, ANNA, "*wiki* · folder · 7 documents", "kept until an admin decides")
    slack.click_home(ANNA, REMOVE_HELD)
    wait_until_quiet(slack, service)
    assert len(assistant.knowledge.documents.hashes(root)) == 2


def test_an_admin_reads_a_source_from_home_and_nobody_else_sees_them(
    slack: SlackDouble, service: Service, assistant: Assistant, tmp_path: Path
) -> None:
    unfold(assistant, ANNA, BEN)
    view = open_home(slack, ANNA, "Where documents come from", "not read yet")
    assert READ_SOURCE in list_actions(view)
    slack.click_home(ANNA, READ_SOURCE)
    wait_for_home(slack, ANNA, "read just now")
    assert len(assistant.knowledge.documents.hashes(str(tmp_path / "wiki"))) == 7

    open_home(slack, BEN, "Earshot")
    assert "Where documents come from" not in read_home(slack, BEN)
