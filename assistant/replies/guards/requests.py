"""Asking a customer for personal data in a reply that everybody reads: their answer would stand in public."""

import re
from collections.abc import Iterator

from assistant.domain.replies import Effect, Objection
from assistant.text.sentences import split_sentences

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
