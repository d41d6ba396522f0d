"""The people who read what Earshot says: what to say things to each of them in."""

import logging

from assistant.core.wording import Wording, Wordings
from assistant.domain import Answer
from assistant.errors import NetworkError
from assistant.knowledge.tables.questions import KeptQuestion
from assistant.slack.client.membership import Membership

_log = logging.getLogger(__name__)


class Readers:
    """Words to a person are in the language of their Slack, those about an answer in the answer's."""

    def __init__(self, wordings: Wordings, membership: Membership) -> None:
        self._wordings = wordings
        self._membership = membership

    def locale_of(self, user: str) -> str:
        """The language and country that a person has set in Slack, such as `de-DE`; empty where Slack does not say."""
        try:
            return self._membership.locale_of(user)
        except NetworkError as error:
            _log.info("the language of %s is not known: %s", user, error.message)
            return ""

    def wording_for(self, user: str) -> Wording:
        """What to say things to this person in."""
        return self._wordings.choose(self.locale_of(user))

    def wording_about(self, kept: KeptQuestion | None, user: str) -> Wording:
        """What to tell somebody about a question in: who asked it hears the language that it was answered in."""
        if kept and kept.asked.user == user:
            return self.wording_of(kept.answer)
        return self.wording_for(user)

    def wording_of(self, answer: Answer) -> Wording:
        """What this answer was given in."""
        return self._wordings.choose(answer.language)
