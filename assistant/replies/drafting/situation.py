"""The kind of words a post calls for: its kind and, where something went wrong, what it is about."""

import re
from dataclasses import dataclass

from assistant.domain import Intent, Sentiment
from assistant.listening.analysis.intent import find_cues
from assistant.replies.drafting.case import Case
from assistant.text.language import reads_english

# What went wrong, by words that betray it in nine languages; the first that fits counts.
_MATTERS = {
    "report": r"""phish\w*|scam(?:mer|ming|s)?\b|impersonat\w*|report(?:ing)?\s+(?:abuse|a\s+site)
        |betrug\w*|fraude\b|truffa\b|oszust\w+""",
    "account": r"""(?:ca\s?n['’]?t|cannot|unable\s+to|not|back|how\s+(?:do|can)\s+i|help\s+me|me|to)
            \s+(?:log|sign)\s?-?in\b
        |login\b|password|hacked|locked\s+out|(?:2|two).?(?:step|factor)|logged\s+out\b|sigin\b
        |(?:suspended|terminated|disabled|recover|get|getting)\b.{0,30}\b(?:account|channel)
        |(?:account|channel)\b.{0,40}\b(?:back|suspended|terminated|disabled)
        |passwor[dt]|einloggen|anmelden|mein\w*\s+konto|mon\s+compte|contraseña|mi\s+cuenta|senha\b|palavra-passe
        |minha\s+conta|mio\s+account|wachtwoord|inloggen|hasł[oa]|moje\w*\s+kont\w+""",
    "payment": r"""charged|refund\w*|payment|billed|billing|invoice|(?:taken?|got\w*|took)\b.{0,12}\bmoney
        |paid\b.{0,40}\b(?:not|never|no|nothing|twice)
        |abgebucht|rechnung|zahlung|erstattung|prélev\w+|rembours\w+|facture|cobr(?:ad|ar|an|o)\w*|reembols\w+
        |pagamento|rimbors\w+|addebit\w+|betaling|afgeschreven|terugbetal\w+|zapłac\w+|zwrot\w*|obciąż\w+""",
    "fault": r"""error|crash\w*|bug(?:gy|s)?\b|glitch\w*|freez(?:es?|ing)\b|stuck|broken?\b|blank|acting\s+(?:up|weird)
        |loading\s+screen|(?:completely\s+)?missing\b|lost\s+my\b
        |(?:does|did|do|is|are|wo|ca|has)\s?n['’]?t\s+(?:work\w*|load\w*|let|connect|open|play|start|download|show)
        |(?:not|stopped|stops|no\s+longer)\s+(?:work\w*|load\w*|connect\w*|open\w*|play\w*|start\w*|let)
        |(?:won['’]?t|wont|cannot|can['’]?t|cant)\s+(?:\w+\s+){0,2}
            (?:work|load|connect|open|play|start|access|update|launch|let|get(?!\s+(?:through|hold|an?\s+answer)))
        |(?:is|are|went|goes|been)\s+(?:\w+\s+)?(?:down|offline)\b|outage|your\s+servers?\b|service\s+loss
        |no\s+(?:signal|internet|connection)\b
        |keeps?\s+(?:crash|freez|stopp|disconnect|load|buffer|kick|giv|ask|show|say|do)\w*ing|is\s+still\b
        |kaputt|defekt|(?:funktioniert|geht|lädt|läuft|startet|öffnet|entsperrt)\s+(?:\w+\s+){0,2}nicht\b|fehler|stürzt|panne\b|ne\s+(?:marche|fonctionne)\s+pas
        |bloqué\w*|no\s+funciona|avería|não\s+funciona|avaria\w*|non\s+funziona|guast\w+|werkt\s+niet|kapot
        |nie\s+działa|awari\w+|zepsu\w+|لا\s+(?:ت|ي)عمل|معطل""",
    "delivery": r"""(?:did\s?n['’]?t|did\s+not|never|has\s?n['’]?t|not)\s+arriv\w+
        |(?:my|the|an?|no)\s+(?:delivery|parcel|package|order)\b|not\s+deliver\w*|undelivered
        |(?:not|never|yet|still|when|n['’]t)\b.{0,30}\bshipp(?:ed|ing)\b
        |shipp(?:ed|ing)\b.{0,30}\b(?:late|delay\w*|not|never|yet)\b
        |(?:bought|ordered|purchased)\b.{0,80}
            \b(?:did(?:n['’]?t|\s+not)|never|haven['’]?t|not)\s+(?:get|got|receiv\w+|arriv\w+)
        |lieferung|geliefert|paket\b|livraison|colis\b|entrega\b|pedido\b|encomenda|consegna|pacco\b|bezorg\w+|pakket
        |dostaw\w+|paczk\w+""",
    "waiting": r"""on\s+hold\b|wait(?:ed|ing)\b|no\s+(?:answer|reply|response)|still\s+(?:no|nothing|haven)
        |nobody\s+(?:answers|replies)|in\s+line\b|(?:not|never|n['’]t)\s+(?:\w+\s+)?(?:received?|got(?:ten)?)\b
        |(?:ca\s?n['’]?t|cannot|unable\s+to|could\s?n['’]?t)\s+(?:get\s+through|reach|get\s+hold)|need\s+an\s+answer
        |yet\s+to\s+(?:hear|receive|get|arrive)\b
        |warte\w*|keine\s+antwort|attends?\b|sans\s+réponse|esper(?:o|ando|amos)\b|à\s+espera|aspett\w+|wacht(?:en)?\b
        |czekam\w*|nikt\s+nie\s+(?:odbiera|odpowiada)|أنتظر""",
}
_MATTER = {name: re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE | re.VERBOSE) for name, words in _MATTERS.items()}
_HELP = re.compile(
    r"(?<!\w)(?:help\b|how\s+(?:do|can|to)\b|hilfe\b|aide[rz]?\b|ayud\w+|ajud\w+|aiut\w+|pomo(?:c|ż)\w*)", re.IGNORECASE
)
# Whose own matter it is: `I` and `my` in nine languages. Without them, people tell of others, or of how things are.
_OWN = re.compile(
    r"(?<!\w)(?:i|i['’](?:m|ve|d|ll)|my|me|mine|we|we['’](?:re|ve)|our|us|ich|mir|mich|mein\w*|wir|uns|unser\w*|je|j['’]\w+|moi|mon|ma"
    r"|mes|me|m['’]\w+|nous|notre|nos|yo|mi|mis|me|nosotros|nuestr\w+|eu|meu|minha|meus|minhas|me|nós|noss[oa]s?|ja|mój"
    r"|moj\w+|mnie|mi|mam|my|nas|nasz\w*|io|mio|mia|miei|mie|ci|nostr\w+|ik|mijn|me|wij|we|ons|onze|أنا|لدي|عندي)(?!\w)",
    re.IGNORECASE,
)
_MOCKS = re.compile(
    "[\U0001f44f\U0001f644\U0001f643\U0001f921\U0001f602\U0001f923\U0001f605\U0001f606\U0001f480\U0001f62d]"
    r"|\blol\b|\blmao\b"
)
_SURE, _SURELY_HAPPY, _SURELY_UNHAPPY = 0.6, 0.6, -0.5
_MOST_CHARACTERS = 400  # longer posts tell more than one thing
_ASKS_PRIVATE = ("complaint", "leaving", "report")


@dataclass(frozen=True)
class Situation:
    """`kind` is an intent's name, `report` or `other`; `matter` is what went wrong, where that is known.

    `is_unhappy`: surely, and with us. Only where it `is_certain` may a reply do without a fact.
    """

    kind: str
    matter: str = ""
    is_unhappy: bool = False
    is_certain: bool = False

    @property
    def openings(self) -> tuple[str, ...]:
        """Situations of the phrases, the closest first."""
        return (f"{self.kind} {self.matter}", f"{self.kind}{' unhappy' if self.is_unhappy else ''}", self.kind, "other")

    @property
    def next_steps(self) -> tuple[str, ...]:
        """Likewise."""
        return (self.matter, self.kind, "general")

    @property
    def asks_private(self) -> bool:
        """Return whether the next step is a private message."""
        return self.kind in _ASKS_PRIVATE


def find_situation(case: Case) -> Situation:
    """The kind by intent and feeling: a kind word is never answered with an apology, nor a complaint with thanks."""
    text = case.question.text
    matter = next((name for name, pattern in _MATTER.items() if pattern.search(text)), "")
    asks = case.found.is_question or bool(_HELP.search(text))
    is_unhappy = _is_unhappy_with_us(case, matter, asks)
    kind = _find_kind(case, matter, asks, is_unhappy)
    if asks and is_unhappy and _is_sure(case, "complaint", matter):
        kind = "complaint"
    is_certain = (not asks or kind == "complaint") and _is_plain(case) and _is_sure(case, kind, matter)
    return Situation(kind, matter if kind in ("complaint", "question") else "", is_unhappy, is_certain)


def _is_unhappy_with_us(case: Case, matter: str, asks: bool) -> bool:
    """A question that sounds bad is none yet: something must have gone wrong, and be said to us or with our name."""
    if not case.is_unhappy or case.found.competitors_alone or case.intent not in _UNHAPPY:
        return False
    if reads_english(case.lang) and case.found.sentiment_score > _SURELY_UNHAPPY:
        return False
    return case.names_us and _is_own_matter(case) and bool(matter or not asks)


_UNHAPPY = (Intent.COMPLAINT, Intent.QUESTION, Intent.LEAVING, Intent.OTHER)


def _is_own_matter(case: Case) -> bool:
    """The author's own, and not an answer to somebody else."""
    last = case.thread[-1] if case.thread else None
    is_talk = last is not None and not last.is_ours and last.author != case.mention.author
    return not is_talk and bool(_OWN.search(case.question.text) or case.is_to_us)


def _is_plain(case: Case) -> bool:
    """Neither a joke by its signs nor a long story, and about us."""
    text = case.mention.text
    return len(text) <= _MOST_CHARACTERS and not _MOCKS.search(text)


def _is_sure(case: Case, kind: str, matter: str) -> bool:
    if kind == "complaint":
        return bool(matter or case.is_to_us) and case.intent is Intent.COMPLAINT and case.sureness >= _SURE
    if kind == "praise":
        is_happy = case.found.sentiment is Sentiment.POSITIVE and case.found.sentiment_score >= _SURELY_HAPPY
        return is_happy and case.names_us and "praise" in find_cues(case.question.text)
    return kind in ("leaving", "idea", "report") and case.names_us and _is_own_matter(case)


def _find_kind(case: Case, matter: str, asks: bool, is_unhappy: bool) -> str:
    intent, is_sure = case.intent, case.sureness >= _SURE
    if matter == "report" and not asks:
        return matter
    if asks:
        return "question"
    if intent in (Intent.LEAVING, Intent.IDEA) and is_sure:
        return intent
    if is_unhappy:
        return "complaint"
    is_happy = case.found.sentiment is Sentiment.POSITIVE
    return "praise" if is_happy and intent is Intent.PRAISE and is_sure else "other"
