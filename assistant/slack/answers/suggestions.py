"""Questions that Earshot suggests: about what somebody looks at, else other ones each time, in their language."""

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk import WebClient

from assistant.alerts.build import Alerts
from assistant.core.home import Home
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Audience, Series
from assistant.knowledge.build import Knowledge
from assistant.reports.digest import name_network
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.readers import Readers
from assistant.slack.client.tables import SlackTables

MESSAGE_CONTEXT, CHANNEL_CONTEXT = "slack#/types/message_context", "slack#/types/channel_id"
_PROMPTS, _TITLE_CHARACTERS = 4, 75
_PAGES, _SHOWN_PAGES = 12, 2
_WEEK = (Say.SUGGESTION_POSTS, Say.SUGGESTION_PRAISE, Say.SUGGESTION_ASKED)
_SECONDS = 60  # after which other questions take their turn

Entity = dict[str, Any]


class Suggestions:
    """Chooses the questions and hands them to Slack."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        alerts: Alerts,
        posts: SlackTables,
        membership: Membership,
        readers: Readers,
        find_post: Callable[[int], str],
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._alerts = alerts
        self._posts = posts
        self._membership = membership
        self._readers = readers
        self._find_post = find_post

    def show(self, client: WebClient, channel: str, user: str, entities: Sequence[Entity] = ()) -> None:
        """Suggest what can be asked here. Without a thread_ts: with one, an agent view shows nothing at all."""
        wording = self._readers.wording_for(user)
        chosen = self.choose(self._look_at(entities, user, wording), wording)
        prompts = [{"title": text[:_TITLE_CHARACTERS], "message": text} for text in chosen]
        with translated():
            client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, title=wording.say(Say.SUGGESTIONS_TITLE), prompts=prompts
            )

    def choose(self, first: Sequence[str], wording: Wording) -> list[str]:
        """What is looked at comes first; pages and posts take turns below it."""
        turn = int(self._home.clock().timestamp()) // _SECONDS
        titles = self._knowledge.documents.recent_titles(Audience.PUBLIC, _PAGES)
        start = turn * _SHOWN_PAGES % len(titles) if titles else 0
        pages = [wording.say(Say.SUGGESTION_PAGE, title=title) for title in [*titles[start:], *titles[:start]]]
        week = wording.say(_WEEK[turn % len(_WEEK)])
        shown = [*first, *pages[: 1 if first else _SHOWN_PAGES], week, wording.say(Say.WHAT_CAN_YOU_DO)]
        return list(dict.fromkeys(shown))[:_PROMPTS]

    def _look_at(self, entities: Sequence[Entity], user: str, wording: Wording) -> list[str]:
        """Questions on the first thing that there are some on; Slack orders them by relevance."""
        for entity in entities:
            value = entity.get("value")
            found: list[str] = []
            if entity.get("type") == MESSAGE_CONTEXT and isinstance(value, dict):
                key = self._posts.find_key(value.get("channel_id", ""), value.get("message_ts", ""))
                found = self._suggest_on(key, wording)
            elif entity.get("type") == CHANNEL_CONTEXT and isinstance(value, str):
                found = self._suggest_in(value, user)
            if found:
                return found
        return []

    def _suggest_on(self, key: str, wording: Wording) -> list[str]:
        """Questions on a message of ours, by the key under which it was posted."""
        kind, _, rest = key.partition(":")
        number = rest.split(":")[0]
        if kind == "digest":
            return [wording.say(one) for one in (Say.SUGGESTION_POSTS, Say.SUGGESTION_PRAISE)]
        if not number.isdigit():
            return []
        if kind == "alert":
            return _ask_about(self._alerts.tables.find(int(number)).series, wording)
        if kind == "crisis":
            return _ask_about(self._alerts.crises.find(int(number)).series, wording)
        post = self._find_post(int(number)) if kind == "card" else ""
        return [post] if post else []

    def _suggest_in(self, channel: str, user: str) -> list[str]:
        """What was asked and answered in a channel, where this person reads along."""
        asked = self._knowledge.questions.list_answered(channel, _SHOWN_PAGES)
        return asked if asked and self._membership.is_in(channel, user) else []


def _ask_about(series: Series, wording: Wording) -> list[str]:
    """What to ask of the posts that an alert or a crisis is about."""
    if series.topic:
        both = (Say.SUGGESTION_SUBJECT, Say.SUGGESTION_SUBJECT_WEEK)
        return [wording.say(one, subject=series.topic) for one in both]
    if series.network:
        return [wording.say(Say.SUGGESTION_NETWORK, network=name_network(series.network))]
    return [wording.say(Say.SUGGESTION_TODAY)]
