"""The kind of words a post calls for: its kind and, where something went wrong, what it is about."""

import re
from dataclasses import dataclass

from assistant.domain import Intent, Sentiment
from assistant.replies.drafting.case import Case

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
# Looks from the beginning of a sentence only: from each place in it would take the square of a text without questions.
_QUESTION = re.compile(r"(?:(?<![^.!?？…\n])[^.!?？…\n]*+)?[?？]+")
_LEAST_WORDS = 4
_SURE = 0.6


@dataclass(frozen=True)
class Situation:
    """`kind` is an intent's name, `report` or `other`; `matter` is what went wrong, where that is known.

    `is_addressed`: the post begins with a handle, so that its author waits for an answer.
    """

    kind: str
    matter: str = ""
    is_unhappy: bool = False
    is_addressed: bool = False

    @property
    def openings(self) -> tuple[str, ...]:
        """Situations of the phrases, the closest first."""
        return (f"{self.kind} {self.matter}", f"{self.kind}{' unhappy' if self.is_unhappy else ''}", self.kind, "other")

    @property
    def next_steps(self) -> tuple[str, ...]:
        """Likewise."""
        asks = ("question",) if self.kind == "other" and self.is_addressed else ()
        return (self.matter, *asks, self.kind, "general")


def find_situation(case: Case) -> Situation:
    """The kind by intent and feeling: a kind word is never answered with an apology, nor a complaint with thanks."""
    text = case.question.text
    matter = next((name for name, pattern in _MATTER.items() if pattern.search(text)), "")
    asks = case.found.is_question or bool(_HELP.search(text))
    kind = _find_kind(case, matter, asks)
    is_unhappy = case.is_unhappy if kind != "question" else bool(matter) or (case.is_unhappy and _tells_something(text))
    matter = matter if kind in ("complaint", "question") else ""
    return Situation(kind, matter, is_unhappy, case.mention.text.lstrip().startswith("@"))


def _tells_something(text: str) -> bool:
    """Whether anything but questions is said: `What happens if it is stolen?` sounds bad, and nothing has happened."""
    return len(_QUESTION.sub(" ", text).split()) >= _LEAST_WORDS


def _find_kind(case: Case, matter: str, asks: bool) -> str:
    intent, is_happy = case.intent, case.found.sentiment is Sentiment.POSITIVE
    is_sure = case.sureness >= _SURE
    if matter == "report" and not asks:
        return matter
    if intent in (Intent.JOB, Intent.PRESS) and is_sure:
        return intent
    if intent is Intent.LEAVING and is_sure and not asks:
        return intent
    if intent is Intent.IDEA and is_sure and not (matter and case.is_unhappy):
        return intent
    if intent is Intent.PURCHASE and is_sure and not matter and not case.is_unhappy:
        return "question" if asks else intent
    if asks:
        return "question"
    if intent is Intent.PRAISE and case.is_unhappy and not matter:
        return "other"  # the two findings contradict each other: neither sorry nor thanks for the praise
    if case.is_unhappy or (not is_happy and (matter or (intent is Intent.COMPLAINT and is_sure))):
        return "complaint"
    if matter:
        return "other"
    return "praise" if is_happy or (intent is Intent.PRAISE and is_sure) else "other"
