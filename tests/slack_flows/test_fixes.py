"""What a document's owner relies on when somebody put its fact right in a reply: asked once, and only they decide."""

from fakes_learning import FACT, PROPOSED, School
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import Audience
from assistant.service.service import Service
from assistant.slack.cards.document_fixes import MENDED, RIGHT

WRONG = PROPOSED.replace("3 months", "6 months <!channel>")


def _ask(slack: SlackDouble, service: Service, assistant: Assistant) -> str:
    """A fact is put right, its owner is Ben; gives the channel where Ben is asked."""
    page = assistant.settings.earshot_home.parent / "knowledge" / Audience.PUBLIC / "pausing.md"
    page.write_text(f"---\nowner: ben@example.com\n---\n{FACT}\n")
    assistant.knowledge.ingest.run([str(page.parent.parent)], None, assistant.clock())
    School(assistant.settings.earshot_home, "public/pausing.md").approve(1, lambda text: WRONG)
    service.rounds.learn()
    service.rounds.learn()
    return slack.open_dm(BEN)


def test_the_owner_is_asked_once_and_is_told_while_the_document_still_says_it(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    channel = _ask(slack, service, assistant)
    (asked,) = slack.bot_messages(channel)
    shown = "\n".join(read_texts(asked["blocks"]))
    assert FACT in shown
    assert "You can pause for 6 months" in shown
    assert "<!channel>" not in shown

    slack.click(channel, asked["ts"], MENDED, BEN)
    wait_until_quiet(slack, service)
    assert "still says" in str(slack.ephemerals) + str(slack.bot_messages(channel))
    assert len(assistant.knowledge.proposals.list_open()) == 1


def test_only_the_owner_decides_and_the_question_then_has_no_buttons(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    channel = _ask(slack, service, assistant)
    (asked,) = slack.bot_messages(channel)
    slack.click(channel, asked["ts"], RIGHT, ANNA)
    wait_until_quiet(slack, service)
    assert len(assistant.knowledge.proposals.list_open()) == 1

    slack.click(channel, asked["ts"], RIGHT, BEN)
    wait_until_quiet(slack, service)
    assert assistant.knowledge.proposals.list_open() == []
    (done,) = slack.bot_messages(channel)
    assert f"{BEN}: the document is right." in str(done["blocks"])
    assert "actions" not in [block["type"] for block in done["blocks"]]
