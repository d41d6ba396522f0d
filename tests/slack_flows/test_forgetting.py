"""What reviewers see of a person who was forgotten: a card without their words, wherever its draft stands."""

from datetime import datetime

import pytest
from slack_double import SlackDouble
from slack_flows.people import REVIEW
from slack_flows.test_reviews import has_buttons, read_card

from assistant.app import Assistant
from assistant.domain import Mention
from assistant.service.service import Service

WORDS = "How do customers pause their plan?"


def _post_a_card(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    now: datetime = assistant.clock()
    assistant.listening.mentions.add([Mention("file:1", "file", "1", "Quillona", WORDS, now, "en")], now)
    service.rounds.collect(now)
    slack.wait_for(lambda: assistant.slack.cards.find(1), what="a card that is noted")
    assert WORDS in str(slack.bot_messages(REVIEW)[0])


@pytest.mark.parametrize("is_sent", [False, True])
def test_the_card_of_a_forgotten_post_is_emptied_at_the_next_collecting(
    is_sent: bool, slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    _post_a_card(slack, service, assistant)
    if is_sent:
        assistant.replies.reviewing.approve(1, "bo", assistant.clock())
        assistant.replies.sending.send(1)
    receipt = assistant.privacy.forgetting.forget_author("quillona", "", assistant.clock())
    assert receipt.removed.cards == 1
    service.rounds.collect(assistant.clock())
    slack.wait_for(lambda: "Quillona" not in str(read_card(slack)), what="a card without the author")
    assert WORDS not in str(read_card(slack))
    assert not has_buttons(read_card(slack))
    slack.wait_for(lambda: assistant.slack.cards.find(1) is None, what="the card to be done with")
    assert (assistant.replies.drafts.reply_to(1) is not None) == is_sent
