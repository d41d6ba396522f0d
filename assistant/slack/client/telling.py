"""What a person is told in Slack: no commands for a terminal, and people by their names."""

import re
from collections.abc import Collection, Mapping

from assistant.errors import EarshotError
from assistant.slack.client.blocks import escape
from assistant.slack.client.people import is_slack_user, name_person

# Hints name commands for whoever has the machine; in Slack, the card has a button for each.
_IN_SLACK = (
    (re.compile(r"Read it |earshot review (?:show|list)"), "The card shows how it stands now."),
    (re.compile(r"earshot draft\b"), "“New draft” on the card makes a new one."),
    (re.compile(r"earshot review delete"), "What was sent can be deleted on its card."),
    (re.compile(r"earshot review ours"), "“It is ours after all” on its card takes that back."),
    (re.compile(r"--accept-unsupported"), "Edit the text, or approve it expressly."),
)
_UNFREEZE = re.compile(r"(?<!/)earshot unfreeze")


def put_error(error: EarshotError) -> str:
    """The error as plain text, with what to do in Slack."""
    hint = next((said for pattern, said in _IN_SLACK if pattern.search(error.hint)), error.hint)
    return f"{error.message} {hint}".strip()


def tell_text(text: str, people: Collection[str] = ()) -> str:
    """A sentence of Earshot's own as mrkdwn. Only ids that are known to be people's become mentions of them."""
    names = {person: name_person(person) for person in people if is_slack_user(person)}
    return _UNFREEZE.sub("`/earshot unfreeze`", put_names(escape(text), names))


def put_names(text: str, names: Mapping[str, str]) -> str:
    """The text with a name in place of each of these ids."""
    for person, name in names.items():
        text = name.join(re.split(rf"(?<![\w@<]){re.escape(person)}(?!\w)", text))
    return text
