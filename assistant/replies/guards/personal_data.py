"""Personal data of anyone: phones, mails, cards, bank accounts, numbers of persons, addresses, unless they are public.

phonenumbers (Google's rules) and python-stdnum know what numbers look like; docs/decisions.md has what was measured.

Asking a customer for personal data in a reply that everybody reads: their answer would be public.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.lookalikes import Folded, spell_plainly
from assistant.replies.guards.postal_addresses import find_postal
from assistant.text.sentences import split_sentences
from assistant.text.tokens import split_words

_ASKING = re.compile(
    r"\b(?:provide|send|share|give|tell|post|leave|reply with|comment with|what(?:'|’)?s|what (?:is|are)"
    r"|schick\w*|send\w*|teil\w*|gib|geben|nenn\w*|schreib\w*)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:(?:phone|mobile|telephone|account|card|passport|customer|order|booking|reservation|policy)[ -]"
    r"(?:numbers?|details)|(?:home|postal|street|billing|delivery|e-?mail)[ -]address(?:es)?"
    r"|your (?:e-?mail|password|pin code)|date of birth"
    r"|\w*(?:telefon|handy|konto|karten|kunden|bestell|ausweis)nummer|e-mail-adresse|passwort"
    r"|(?:deine|ihre) (?:adresse|anschrift)|geburtsdatum)\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:privat\w*|direct(?:ly)?|direktnachricht\w*|dms?|without|pms?|pn|inbox|forms?|formular|never|not|don(?:'|’)t|nie\w*"
    r"|nicht)\b",
    re.IGNORECASE,
)


def find_requests(text: str) -> Iterator[Objection]:
    """Each place that asks for it, unless the reply speaks of a private way, or of never asking."""
    if _PRIVATE.search(text):
        return
    start = 0
    for sentence in split_sentences(text):
        start = text.find(sentence, start)
        thing = _PERSONAL.search(sentence)
        if thing and _ASKING.search(sentence):
            reason = f"“{thing[0]}” is asked for where everybody reads the answer: ask for a private message."
            yield Objection("personal data", thing[0], reason, Effect.HOLD, start + thing.start())


_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@(?:[\w-]+(?:\.[\w-]+)+|(?:gmail|hotmail|outlook|yahoo|icloud|gmx)\b)")
# What is in a link is judged as a link: article numbers are no phones.
_LINK = re.compile(
    r"(?:[a-z][a-z+.-]{0,40}://|www\.)\S+|(?<![\w@.])[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}\.[a-z]{2,63}/\S+", re.IGNORECASE
)
_CARD = re.compile(r"(?<![\w.-])\d(?:[ ./_*-]{0,2}\d){11,18}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ .-]{0,2}[A-Z\d]){11,30}(?!\w)", re.I)
_PERSON_NUMBER = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")
_NUMBER = re.compile(
    r"(?<![\w@/#£€$.,-])(?:\+|\()?\d(?:[ ()./_*-]{0,3}\d){5,14}(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\w/@-]|[.,]\d)", re.I
)
_IP = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\w)")
# A date, a span of years, a round number.
_DATE_LIKE = re.compile(
    r"(?:(?:19|20)\d\d[-./][01]?\d[-./][0-3]?\d|[0-3]?\d[-./][0-3]?\d[-./](?:19|20)?\d\d)(?:\s.*)?\Z"
    r"|(?:19|20)\d\d\s?-\s?(?:19|20)\d\d\Z|\d{1,3}(?:[ ,]000)+\Z"
)
_LEAST_PHONE_DIGITS, _MOST_PHONE_DIGITS = 7, 15
_COMPARED_DIGITS = 7


@dataclass(frozen=True)
class PersonalSpan:
    """Personal data in a text: what kind, from where to where."""

    kind: str
    start: int
    end: int


_KINDS = {
    "mail": ("mail address", Effect.BLOCK),
    "iban": ("bank account", Effect.BLOCK),
    "card": ("card number", Effect.BLOCK),
    "person_number": ("personal number", Effect.BLOCK),
    "ip": ("network address", Effect.HOLD),
    "phone": ("phone number", Effect.BLOCK),
    "address": ("postal address", Effect.HOLD),
}


class PersonalGuard:
    """The guard on personal data: what a public document states about the company itself is nobody's."""

    def __init__(self, documents: DocumentTables) -> None:
        self._documents = documents

    def check(self, candidate: Candidate) -> list[Objection]:
        """One finding for each place; kinds that are sure of themselves go before those that are not."""
        public = "\n".join(citation.quote for citation in candidate.citations)
        found = list(find_requests(candidate.text))
        for span in find_personal(_hide_handle(candidate.text, candidate.mention.author)):
            words = candidate.text[span.start : span.end]
            if not self._is_public(span.kind, words, public):
                name, effect = _KINDS[span.kind]
                reason = (
                    f"“{words}” looks like a {name} that no public page has: leave it out, or ask for it in private."
                )
                found.append(Objection("personal data", words, reason, effect, span.start))
        return found

    def _is_public(self, kind: str, words: str, quotes: str) -> bool:
        if kind in ("phone", "card", "person_number"):
            digits = _digits(spell_plainly(words).text)[-_COMPARED_DIGITS:]
            texts = [quotes, *self._documents.texts_with(Audience.PUBLIC, digits[-3:], limit=1000)]
            return any(digits in _digits(text) for text in texts)
        wanted = f" {' '.join(split_words(words))} "
        rare = max(split_words(words), key=len, default="")
        texts = [quotes, *self._documents.texts_with(Audience.PUBLIC, rare)]
        return any(wanted in f" {' '.join(split_words(text))} " for text in texts)


def _hide_handle(text: str, author: str) -> str:
    """The post's author is addressed by the name they wrote under: digits in that are no phone number."""
    handle = author.strip().lstrip("@")
    if not handle:
        return text
    return re.sub(rf"(?<!\w)@{re.escape(handle)}(?!\w)", lambda found: " " * len(found[0]), text, flags=re.IGNORECASE)


def find_personal(text: str) -> list[PersonalSpan]:
    """Personal data in order; where two kinds overlap, the surer one."""
    text = _LINK.sub(lambda found: " " * len(found[0]), text)
    spans: list[PersonalSpan] = []
    for kind, start, end in _find_all(text):
        if not any(start < span.end and span.start < end for span in spans):
            spans.append(PersonalSpan(kind, start, end))
    return sorted(spans, key=lambda span: span.start)


def _find_all(text: str) -> Iterator[tuple[str, int, int]]:
    """Numbers and mails however they are spelt; postal addresses are known by their capitals."""
    plain, as_it_stands = spell_plainly(text), Folded(text, tuple(range(len(text))))
    for kind, find in _FINDERS.items():
        said = as_it_stands if kind == "address" else plain
        for start, end in find(said.text):
            yield kind, said.place(start), said.place(end - 1) + 1


def _find_ibans(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import iban

    for found in _IBAN.finditer(text):
        # Spaces may go on into the next words: the longest beginning that is right.
        for end in range(found.end(), found.start() + 14, -1):
            if not text[end - 1].isspace() and iban.is_valid(text[found.start() : end]):
                yield found.start(), end
                break


def _find_cards(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import luhn

    return (found.span() for found in _CARD.finditer(text) if luhn.is_valid(_digits(found[0])))


def _find_phones(text: str) -> Iterator[tuple[int, int]]:
    """What Google's rules take for a possible number anywhere, and any other run of so many digits."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    spans = {(m.start, m.end) for m in PhoneNumberMatcher(text, "US", leniency=Leniency.POSSIBLE)}
    spans |= {found.span() for found in _NUMBER.finditer(text)}
    for start, end in sorted(spans):
        count = len(_digits(re.split(r"x|ext", text[start:end])[0]))
        if _LEAST_PHONE_DIGITS <= count <= _MOST_PHONE_DIGITS and not _DATE_LIKE.match(text[start:end].strip()):
            yield start, end


def _finder(pattern: re.Pattern[str]) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (found.span() for found in pattern.finditer(text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


_FINDERS: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "mail": _finder(_MAIL),
    "iban": _find_ibans,
    "card": _find_cards,
    "person_number": _finder(_PERSON_NUMBER),
    "ip": _finder(_IP),
    "address": lambda text: iter(find_postal(text)),
    "phone": _find_phones,
}
