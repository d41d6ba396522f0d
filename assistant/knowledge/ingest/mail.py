"""E-mails as documents: who wrote what to whom and when, and the text; what is attached is named."""

import io
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from assistant.knowledge.ingest.converted import Converted, list_unread
from assistant.knowledge.ingest.html_pages import read_html
from assistant.knowledge.ingest.visible import decode_html, decode_text

_SIGNATURE = "\n-- \n"
_MOST_NAMES = 5


def read_eml(content: bytes) -> Converted:
    """An e-mail as it is sent and saved by most programs."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ValueError("no e-mail")
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    body = _read_part(plain) if plain is not None else ""
    if not body.strip() and html is not None:
        body = read_html(decode_html(_read_bytes(html), html.get_content_charset())).text
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    return _build(
        str(message["subject"] or ""),
        str(message["from"] or ""),
        str(message["to"] or ""),
        _to_time(str(message["date"] or "")),
        body,
        names,
    )


def _read_bytes(part: MIMEPart) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _read_part(part: MIMEPart) -> str:
    return decode_text(_read_bytes(part), part.get_content_charset())


def read_msg(content: bytes) -> Converted:
    """An e-mail as Outlook saves it."""
    from oxmsg import Message

    message = Message.load(io.BytesIO(content))
    body = message.body or ""
    if not body.strip() and message.html_body:
        body = read_html(message.html_body).text
    to = ", ".join(recipient.name or recipient.email_address for recipient in message.recipients)
    names = [attachment.file_name or "a file" for attachment in message.attachments]
    return _build(message.subject or "", message.sender or "", to, message.sent_date, body, names)


def _build(subject: str, sender: str, to: str, sent: datetime | None, body: str, names: list[str]) -> Converted:
    written = body.replace("\r\n", "\n").split(_SIGNATURE)[0].strip()
    head = {"From": sender, "To": to, "Date": f"{sent:%Y-%m-%d %H:%M}" if sent else ""}
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    shown = ", ".join(names[:_MOST_NAMES]) + (" and others" if len(names) > _MOST_NAMES else "")
    unread = f"{'attachment' if len(names) == 1 else 'attachments'} ({shown})" if names else ""
    marks = {"owner": sender, "updated": sent.date().isoformat() if sent else ""}
    title = " ".join(subject.split())
    text = "\n\n".join(["\n".join(lines), written]) if written else ""
    kept = {name: value for name, value in marks.items() if value}
    return Converted(text, title or None, kept, list_unread(unread))


def _to_time(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written) if written else None
    except (ValueError, TypeError):
        return None
