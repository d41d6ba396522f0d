"""The agent view: what is suggested to somebody who opens Earshot's Messages tab."""

from slack_sdk import WebClient

from assistant.domain import Audience
from assistant.knowledge.build import Knowledge
from assistant.slack.answers.flow import WHAT_CAN_YOU_DO
from assistant.slack.client.client import translated

_TITLE = "What would you like to know?"
_FROM_POSTS = "What do customers complain about this week?"
_TITLES, _MOST_CHARACTERS = 2, 75


def suggest_prompts(knowledge: Knowledge, client: WebClient, channel: str) -> None:
    """Suggest what Earshot can answer here. Without a thread_ts: with one, an agent view shows nothing at all."""
    titles = knowledge.documents.recent_titles(Audience.PUBLIC, _TITLES)
    asked = [f"What does {title} say?" for title in titles]
    prompts = [{"title": text[:_MOST_CHARACTERS], "message": text} for text in (*asked, _FROM_POSTS, WHAT_CAN_YOU_DO)]
    with translated():
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, title=_TITLE, prompts=prompts)
