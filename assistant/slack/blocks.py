"""Pieces of Block Kit that all flows use: text from outside is escaped and cut so that no limit of Slack breaks."""

from typing import Any

Block = dict[str, Any]

_SECTION_CHARACTERS = 2900  # Slack's limit is 3,000
_HEADER_CHARACTERS = 150
_ELLIPSIS = "…"


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


def build_section(mrkdwn: str) -> Block:
    """A paragraph. `mrkdwn` must be escaped already; empty text, which Slack refuses, becomes a dash."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, _SECTION_CHARACTERS) or "-"}}


def build_header(text: str) -> Block:
    """A headline in plain text."""
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, _HEADER_CHARACTERS), "emoji": False}}


def build_context(mrkdwn: str) -> Block:
    """Small print. `mrkdwn` must be escaped already."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, _SECTION_CHARACTERS) or "-"}]}


def build_button(label: str, action_id: str, value: str, style: str = "") -> Block:
    """A button; `style` is `primary`, `danger` or empty."""
    button: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action_id,
        "value": value,
    }
    return {**button, "style": style} if style else button


def build_link(label: str, url: str | None) -> str:
    """A link in mrkdwn, or the bare label when there is no address; both come from outside."""
    if not url or not url.startswith(("https://", "http://")):
        return escape(label)
    safe_url = escape(url).replace("|", "%7C").replace(" ", "%20")
    return f"<{safe_url}|{escape(label).replace('|', '¦')}>"
