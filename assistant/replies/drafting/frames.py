"""The greeting before a reply and the sign-off after it, cut from the words between them."""

import re
from dataclasses import dataclass

from assistant.replies.drafting.limits import HANDLE as AUTHOR
from assistant.text.facts.courtesy import is_courtesy

_HELLO = (
    "hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening)|hallo|guten tag|moin|liebe[rs]?|bonjour|bonsoir|salut"
    "|hola|buen[oa]s (?:días|tardes)|olá|bom dia|boa tarde|ciao|salve|buongiorno|hoi|goedemorgen|cześć|dzień dobry"
)
_GREETING = re.compile(
    rf"\A\s*(?P<greeting>(?:@[\w.-]*\w(?:@[\w.-]+\w)?[,:]?\s+)?(?:{_HELLO})\b(?:\s+(?:there|again|all|@[\w.-]*\w(?:@[\w.-]+\w)?|[^\W\d_][\w'’-]*)){{0,2}}"
    rf"\s*[,!:.–—]+|@[\w.-]*\w(?:@[\w.-]+\w)?[,:]?)(?=\s)\s*",
    re.IGNORECASE,
)
_SIGNER = r"\s?(?:(?:[Yy]our|[Tt]he)\s[\w'’]+|[A-ZÀ-ÖØ-Þ][\w'’]*)(?:\s[\w'’]+){0,2}\.?"
_SIGNED = re.compile(rf"[-–—~^*]{_SIGNER}\Z")
_ENDED = re.compile(rf"(?:\^|(?<=[.!?…)\n])\s*[-–—~*]){_SIGNER}\Z")
_BYE = "best(?: wishes| regards)?|kind regards|regards|cheers|yours|take care|all the best"
_CLOSING = re.compile(rf"(?:{_BYE})(?:[,!.]?|[,!\n]\s*[\w'’]+(?:\s[\w'’]+){{0,3}}\.?)\Z", re.IGNORECASE)
# Signed by all of us: a name or initials are one colleague's, and whoever approves the next draft is another one.
_OURS = re.compile(
    rf"(?:[-–—~^*]\s?|(?:{_BYE})[,!]\s+)(?:(?:your|the)(?:\s[\w'’]+){{1,3}}|(?:[\w'’]+\s)?team(?:\s[\w'’]+)?)\.?"
    rf"|(?:{_BYE})[,!.]?",
    re.IGNORECASE,
)
_LAST = re.compile(r"(?:\A|(?<=[.!?…\n]))\s*([^\n.!?…]+[.!?…]*)\s*\Z")
_PLAIN = frozenset("there again all everyone everybody".split())
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_FULL_NAME = re.compile(r"([A-ZÀ-ÖØ-Þ][^\W\d_]+)\s+[A-ZÀ-ÖØ-Þ][^\d_]*")
NAME, HANDLE = "{name}", "{handle}"


@dataclass(frozen=True)
class Frame:
    """`own_lines`: greeting or sign-off are on lines of their own."""

    greeting: str
    body: str
    sign_off: str
    own_lines: bool = False


def read_frame(text: str) -> Frame:
    """A reply in its three parts; greeting and sign-off are empty where there is none."""
    rest = text.strip()
    found = _GREETING.match(rest)
    greeting = found["greeting"] if found else ""
    apart = "\n" in found[0][len(greeting) :] if found else False
    rest = rest[found.end() :] if found else rest
    last = _ENDED.search(rest) or _LAST.search(rest)
    sign_off = last[0].strip() if last and is_sign_off(last[0].strip()) and last.start() else ""
    body = rest[: last.start()] if last and sign_off else rest
    apart = apart or bool(sign_off and rest[: len(rest.rstrip()) - len(sign_off)].endswith("\n"))
    return Frame(greeting, body.strip(), sign_off, apart)


def is_greeting(text: str) -> bool:
    """Return whether a sentence is nothing but a greeting."""
    found = _GREETING.match(f"{text.strip()} ")
    return bool(found) and found.end() >= len(text.strip())  # type: ignore[union-attr]


def is_sign_off(text: str) -> bool:
    """`– Ana`, `^AB`, `Best wishes, the team`."""
    return bool(_SIGNED.fullmatch(text) or _CLOSING.match(text))


def to_template(greeting: str, author: str) -> str | None:
    """A greeting with the author's names taken out; None where it still names somebody."""
    handle = author.strip().lstrip("@")
    text = " ".join(greeting.split())
    if handle:
        text = re.sub(rf"@{re.escape(handle)}(?!\w)", HANDLE, text, flags=re.IGNORECASE)
    hello = re.match(rf"(?:{re.escape(HANDLE)}[,:]?\s*)?(?:(?:{_HELLO})\b)?", text, re.IGNORECASE)
    start = hello.end() if hello else 0
    rest = text[start:]
    for word in _WORD.findall(rest):
        if word.casefold() in _PLAIN:
            continue
        if len(word) < 2 or word.casefold() not in handle.casefold():
            return None
        rest = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", NAME, rest, count=1)
    return None if "@" in text else text[:start] + rest


def fill_template(template: str, author: str) -> str:
    """The greeting for one author; what is not known of them, or is no handle, is left out."""
    handle = author.strip().lstrip("@")
    name = _FULL_NAME.fullmatch(author.strip())
    text = template.replace(HANDLE, f"@{handle}" if AUTHOR.fullmatch(handle) else "")
    text = text.replace(NAME, name[1] if name else "")
    return re.sub(r"\s+(?=[,!:.–—])", "", " ".join(text.split())).strip()


def may_be_said(words: str) -> bool:
    """Return whether words may be in every draft: courtesy, a greeting, a shared sign-off; nothing stated or named."""
    plain = words.replace(NAME, "").replace(HANDLE, "").strip()
    if re.search(r"[\d@#<>{}\n]|https?:|www\.|\w\.\w", plain):
        return False
    if is_greeting(plain):
        return to_template(plain, "") is not None
    if is_sign_off(plain) or re.match(rf"(?:{_BYE})\b", plain, re.IGNORECASE):
        return bool(_OURS.fullmatch(plain))
    return not plain or is_courtesy(plain)
