"""Pieces of Block Kit that all flows use: text from outside is escaped and cut so that no limit of Slack breaks.

Names of people and channels in messages: an id of Slack as a mention, anything else as escaped text.

What a person is told in Slack: no commands for a terminal, and people by their names.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from assistant.errors import EarshotError, leave_out_folders

Block = dict[str, Any]

SECTION_CHARACTERS = 2900  # Slack's limit is 3,000
_URL_CHARACTERS = 1000
_HEADER_CHARACTERS = 150
_ELLIPSIS = "…"
_WHITE_SPACE = re.compile(r"\s")


def escape(text: str) -> str:
    """Text from outside as mrkdwn that can neither ping anybody nor forge a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """At most `most` characters, with an ellipsis for what is missing; an escaped sign is never cut in half."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    ampersand = kept.rfind("&")
    if ampersand > len(kept) - 5 and ";" not in kept[ampersand:]:
        kept = kept[:ampersand]
    return kept + _ELLIPSIS


def escape_line(text: str, most: int) -> str:
    """Text from outside as one escaped line of at most `most` characters, cut at a word's end."""
    line = escape(" ".join(text.split()))
    if len(line) <= most:
        return line
    return cut(line, most).removesuffix(_ELLIPSIS).rsplit(" ", 1)[0] + _ELLIPSIS


def join_lines(lines: Sequence[str], most: int) -> str:
    """As many whole lines as fit: a cut through a line could leave half a link behind."""
    kept: list[str] = []
    for line in lines:
        if len("\n".join([*kept, line, _ELLIPSIS])) > most:
            return "\n".join([*kept, _ELLIPSIS])
        kept.append(line)
    return "\n".join(kept)


def build_section(mrkdwn: str) -> Block:
    """A paragraph. `mrkdwn` must be escaped already; empty text, which Slack refuses, becomes a dash."""
    return {"type": "section", "text": _build_mrkdwn(mrkdwn)}


def build_header(text: str) -> Block:
    """A headline in plain text."""
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, _HEADER_CHARACTERS), "emoji": False}}


def build_context(mrkdwn: str) -> Block:
    """Small print. `mrkdwn` must be escaped already."""
    return {"type": "context", "elements": [_build_mrkdwn(mrkdwn)]}


def build_button(
    label: str, action_id: str, value: str, style: str = "", confirm: Block | None = None, spoken: str = ""
) -> Block:
    """A button; `style` is `primary`, `danger` or empty, `confirm` a dialog that asks before the click counts.

    `spoken` is what a screen reader says in place of the label.
    """
    button: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action_id,
        "value": value,
    }
    extras = {"style": style, "confirm": confirm, "accessibility_label": spoken}
    return {**button, **{name: value for name, value in extras.items() if value}}


def build_confirm(title: str, question: str, yes: str, no: str = "Go back") -> Block:
    """A dialog that asks whether a click is meant."""
    texts = {"title": title, "text": question, "confirm": yes, "deny": no}
    return {name: {"type": "plain_text", "text": text} for name, text in texts.items()}


def build_link(label: str, url: str | None) -> str:
    """A link in mrkdwn, or the bare label without a usable address; both come from outside."""
    safe_url = _WHITE_SPACE.sub("%20", escape(url or "")).replace("|", "%7C")
    if len(safe_url) > _URL_CHARACTERS or not safe_url.startswith(("https://", "http://")):
        return escape(label)
    return f"<{safe_url}|{escape(label).replace('|', '¦')}>"


def build_time(moment: datetime) -> str:
    """A moment in mrkdwn, which Slack shows in the reader's own time zone."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}, {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


def build_day(moment: datetime) -> str:
    """A day in mrkdwn, as short as Slack has it: where a line has to do."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}|{moment:%Y-%m-%d}>"


def count_characters(part: object) -> int:
    """All text in blocks, as far as it counts for what Slack takes in one message."""
    if isinstance(part, list):
        return sum(map(count_characters, part))
    if not isinstance(part, dict):
        return 0
    own = part.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(count_characters, part.values()))


def _build_mrkdwn(text: str) -> Block:
    # Without `verbatim` Slack makes links and mentions of its own out of what strangers wrote.
    return {"type": "mrkdwn", "text": cut(text, SECTION_CHARACTERS) or "-", "verbatim": True}


_SLACK_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_SLACK_GROUP = re.compile(r"S[A-Z0-9]{5,}")
_SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}")


def is_slack_user(name: str) -> bool:
    """Return whether a name is the id of a Slack user."""
    return bool(_SLACK_USER.fullmatch(name))


def name_person(name: str) -> str:
    """A person in mrkdwn; `earshot` is the program itself."""
    if name == "earshot":
        return "Earshot"
    return f"<@{name}>" if is_slack_user(name) else escape_line(name, 60)


def name_person_or_group(name: str) -> str:
    """A person or a user group in mrkdwn. Only where Slack notifies nobody of it, such as App Home."""
    return f"<!subteam^{name}>" if _SLACK_GROUP.fullmatch(name) else name_person(name)


def name_channel(name: str) -> str:
    """A channel in mrkdwn."""
    return f"<#{name}>" if _SLACK_CHANNEL.fullmatch(name) else escape_line(name, 60)


def tell_error(error: EarshotError) -> str:
    """What went wrong and what to do; of files only their names: where they lie is for who has the machine."""
    return leave_out_folders(f"{error.message} {error.in_slack}".strip())


def tell_failure(error: EarshotError, lead: str = "That didn't work.") -> str:
    """The error after words that something failed; a refusal is an answer, and needs none."""
    return tell_error(error) if error.is_refusal else f"{lead} {tell_error(error)}"


def tell_text(text: str, people: Collection[str] = ()) -> str:
    """A sentence of Earshot's own as mrkdwn. Only ids that are known to be people's become mentions of them."""
    names = {person: name_person(person) for person in people if is_slack_user(person)}
    return put_names(escape(text), names)


def put_names(text: str, names: Mapping[str, str]) -> str:
    """The text with a name in place of each of these ids."""
    for person, name in names.items():
        text = name.join(re.split(rf"(?<![\w@<]){re.escape(person)}(?!\w)", text))
    return text
