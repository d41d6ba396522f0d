"""What people rely on when a file comes with their question: it is read, or they are told that it was not."""

import pytest
from fakes_api import ApiServer
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, TEAM, find_answers, wait_until_quiet

from assistant.service.service import Service
from assistant.slack.answers.attachments import Attachments
from assistant.slack.answers.events import Asked
from assistant.slack.answers.masking import mask
from assistant.slack.client.client import build_client

NOTE = b"# From a customer\n\nHow do customers pause their plan? Call +49 30 901820 or write to ada@mail.example.\n"


def ask(slack: SlackDouble, service: Service, text: str, files: dict[str, bytes], channel: str = TEAM) -> str:
    """Ask with files, and give all that the answer shows."""
    ts = slack.say(channel, ANNA, text, files=files)
    (answer,) = find_answers(slack, channel, ts)
    wait_until_quiet(slack, service)
    return "\n".join(read_texts(answer["blocks"]))


@pytest.mark.parametrize("is_direct", [False, True])
def test_a_file_is_read_together_with_the_question(slack: SlackDouble, service: Service, is_direct: bool) -> None:
    channel = slack.open_dm(ANNA) if is_direct else TEAM
    shown = ask(slack, service, f"<@{slack.bot_user_id}> what about this?", {"note.md": NOTE}, channel)
    assert "in the app for up to three months" in shown
    assert "I read *note.md* too." in shown


def test_a_mention_looks_its_message_up_since_its_event_shows_no_file(slack: SlackDouble, service: Service) -> None:
    slack.drop_next_event()  # the message's own; what is left is the mention's
    shown = ask(slack, service, f"<@{slack.bot_user_id}> what about this?", {"note.md": NOTE})
    assert "I read *note.md* too." in shown


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.heic", b"\x00\x00", "I didn't read *photo.heic*: I can't read .heic files."),
        ("empty.txt", b" ", "I didn't read *empty.txt*: it is empty."),
        ("broken.pdf", b"%PDF-1.4 nothing", "I didn't read *broken.pdf*: it is not a readable PDF file."),
        ("<!channel>.exe", b"MZ", "I didn't read *&lt;!channel&gt;.exe*: I can't read .exe files."),
    ],
)
def test_a_file_that_cannot_be_read_is_never_ignored_in_silence(
    slack: SlackDouble, service: Service, name: str, content: bytes, said: str
) -> None:
    shown = ask(slack, service, f"<@{slack.bot_user_id}> how do customers pause their plan?", {name: content})
    assert said in shown
    assert "in the app for up to three months" in shown


def test_personal_data_of_a_file_is_neither_kept_nor_shown(slack: SlackDouble, service: Service) -> None:
    shown = ask(slack, service, f"<@{slack.bot_user_id}> this?", {"note.md": NOTE})
    kept = "\n".join(service.flows.questions._home.store.db.conn.iterdump())
    for secret in ("901820", "ada@mail.example"):
        assert secret not in shown
        assert secret not in kept
    assert "[phone]" in kept


def test_masking_puts_a_kind_in_the_place_of_each_personal_thing() -> None:
    assert mask("Write to ada@mail.example, IBAN DE89 3704 0044 0532 0130 00.") == "Write to [mail], IBAN [iban]."


def test_a_file_that_another_app_keeps_is_not_fetched_as_its_server_would_get_the_token() -> None:
    """Whoever adds such a file chooses its address."""
    slack, outside = ApiServer(), ApiServer()
    outside.put("/note.md", NOTE)
    slack.put("/api/files.info", {"ok": True, "file": {"name": "note.md", "url_private": f"{outside.url}/note.md"}})
    try:
        client = build_client("xoxb-1-2-a", f"{slack.url}/api/")
        [read] = Attachments(client).read(Asked("k", TEAM, "1.1", ANNA, "this?", files=("F1",)))
    finally:
        slack.close()
        outside.close()
    assert (read.text, read.problem) == ("", "it is kept outside of Slack")
    assert outside.asked == []
