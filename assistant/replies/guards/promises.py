"""Promises and claims need a citation: money, dates, guarantees, legal and medical statements that rest on nothing."""

import re
from dataclasses import dataclass

from assistant.domain import Support
from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.dates import find_dates
from assistant.replies.guards.guards import Candidate, CheckedSentence, split_parts
from assistant.text.facts.agreement import find_figures
from assistant.text.facts.links import without_addresses

_CARRIED = (Support.QUOTED, Support.SUPPORTED, Support.COUNTED, Support.COURTESY)


@dataclass(frozen=True)
class _Kind:
    """What makes a sentence a claim of this kind, and what is said of it."""

    words: re.Pattern[str]
    name: str
    effect: Effect


def _kind(words: str, name: str, effect: Effect) -> _Kind:
    return _Kind(re.compile(rf"\b(?:{words})", re.IGNORECASE), name, effect)


# English first. Of other languages only the commonest words, and every figure, are known.
_KINDS = (
    _kind(
        r"refund|reimburs|compensat|money[ -]back|(?:your )?money back|get your money|credit (?:you|your|of)"
        r"|a credit\b"
        r"|voucher|gift card|goodwill|waive|free of charge|for free\b|at no (?:cost|charge)|on (?:us|the house)\b"
        r"|discount|we(?:'|’)ll (?:pay|cover)|we will (?:pay|cover)|pay you\b|make it up to you"
        r"|(?:pay|paid|give) (?:it |you |everything )?back\b|(?:everything|it all) back\b|no charge"
        r"|half[- ](?:price|off)|two for one"
        r"|free (?:month|week|year|ride|swap|delivery|shipping|repair|replacement)|(?:month|week|ride) for nothing"
        r"|owe you|(?:n(?:'|’)t|not|never|nobody will) (?:\w+ ){0,2}(?:pay|charge)|consider it paid"
        r"|erstatt|entschädig|gutsch(?:rift|ein)|kostenlos|umsonst|rabatt|geld (?:\w+ )?zurück|gratis"
        r"|rembours|dédommag|gratuit|argent\b|offert\b|remise|reembols|indemni|dinero|devolv|descuento"
        r"|zwr[oó][tc]|rekompensat|pieni[ąę]d|rabat|zniżk|bezpłatn|darmo|rimbors|risarci|soldi\b|sconto|restitui"
        r"|rembolso|dinheiro|desconto|terugbetal|vergoed|geld terug|korting"
        r"|возмест|компенсац|деньг|верн[её]м|скидк|бесплатн|(?:ال)?(?:استرداد|أموال|تعويض|خصم|مجان)",
        "a promise of money or something free",
        Effect.BLOCK,
    ),
    _kind(
        r"costs? (?:only |just )?[£€$\d]|price[sd]?\b.*\d|[£€$]\s?\d|\d[\d.,]*\s?(?:£|€|\$|eur\b|usd\b|gbp\b|pln\b|zł)"
        r"|\w+ ?(?:euros?|pounds?|dollars?|cents?|złotych|złoty|quid|bucks|pfund|franken)\b|(?:eur|usd|gbp|chf|pln) ?\d"
        r"|\d+ ?(?:%|per cent|percent) (?:off|less|cheaper)",
        "a price or an amount",
        Effect.BLOCK,
    ),
    _kind(
        r"legal(?:ly)?\b|lawyer|lawsuit|court\b|sue\b|liab(?:le|ility)|gdpr|privacy law|your rights?\b|entitled"
        r"|warrant(?:y|ies)\b"
        r"|(?:our|the company(?:'|’)s) fault|we (?:are|were) (?:at fault|responsible|negligent|to blame)|we admit"
        r"|breach of"
        r"|complian(?:t|ce)|contract(?:ual)?\b|responsib(?:le|ility)|the right to|our (?:own )?mistake"
        r"|haft(?:bar|ung|en)\b|rechtlich|verantwortlich|anspruch auf|responsab|droit (?:de|à)|derecho a|prawo do"
        r"|odpowiedzialn|ответствен|مسؤول",
        "a legal statement",
        Effect.BLOCK,
    ),
    _kind(
        r"medical|doctor|diagnos|symptom|treatment|medicine|medication|dos(?:e|age)|cure[sd]?\b|heal(?:s|ing)?\b"
        r"|allerg|side effects?|pregnan|(?:is|are|it(?:'|’)s|perfectly|completely|totally) safe\b|safe (?:for|to)\b"
        r"|(?:not|no) (?:dangerous|harmful|danger|risk)|harmless|poison|toxic|injur(?:y|ies)"
        r"|catch(?:es)? fire|explod|get hurt|nothing can happen|(?:un)?gefährlich|völlig sicher|arzt|ärzt"
        r"|sans (?:danger|risque)|médecin|médical|peligro|médico|pericolo|perigo|bezpieczn|lekarz|gevaar"
        r"|безопасн|خطر|آمن",
        "a statement about health or safety",
        Effect.BLOCK,
    ),
    _kind(
        r"guarant|we promise|i promise|promise you|100 ?%|never (?:again|happen)|(?:won(?:'|’)t|will not|cannot"
        r"|can(?:'|’)t)"
        r" happen again|(?:always|definitely|certainly) (?:work|be|get|arrive|fix)|without (?:fail|exception)"
        r"|rest assured"
        r"|for sure\b|you have my word|we swear|count on it|garant[íi]|verspr[eo]ch|obiec|gwarant|promet|promis\b"
        r"|гарант|обеща|ضمان",
        "a guarantee",
        Effect.HOLD,
    ),
    _kind(
        r"(?:by|until|before|from|on|this|next) (?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight"
        r"|by the end of"
        r"|within (?:the |an? |a few |\d+ |two |three |five )?(?:next )?\w* ?(?:minute|hour|day|week|month)s?"
        r"|in (?:the next |an? |a few |\d+ |a couple of |two |three |five )\w* ?(?:minute|hour|day|week|month)s?"
        r"|(?:next|this|coming) (?:week|month|year|spring|summer|autumn|winter)|later today"
        r"|(?:is|are|will be|be) (?:fixed|resolved|delivered|back|ready|released|launched|available) (?:soon"
        r"|shortly|by|on|in)"
        r"|by (?:noon|midnight|the weekend)|arrives? (?:soon|shortly)"
        r"|(?<!guten )morgen\b|übermorgen|heute noch|bis (?:mon|diens|donners|frei|sams|sonn)tag"
        r"|nächste (?:woche|monat)|demain|la semaine prochaine|mañana|la próxima semana|jutro|w przyszłym tygodniu"
        r"|domani|amanhã|завтра|غدا|coming soon"
        r"|(?:we(?:'|’)ll|we will|going to|about to|plan(?:ning)? to) (?:launch|release|ship|open|introduc)\w*",
        "a date, a deadline or an announcement",
        Effect.HOLD,
    ),
)
# What we ask for or hear of is no promise of ours.
_ASKED = re.compile(
    r"^(?:could|can|would|did|do|does|have|has|when|what|which|where|how|is|are|was|were"
    r"|please)\b.*\?\s*$",
    re.I | re.S,
)
_OURS = re.compile(
    r"\b(?:we|i)(?:'|’)?(?:ll| will| can| could| shall| may)\b|\byou(?:'|’)?(?:ll| will)\b", re.IGNORECASE
)
_FIGURE = _Kind(re.compile(""), "a figure", Effect.HOLD)
_MEND = "Add a source, or remove the claim."


class ClaimsGuard:
    """Looks at every sentence of the exact text that no public document carries."""

    def check(self, candidate: Candidate) -> list[Objection]:
        """One finding a sentence, of the kind that weighs most."""
        parts = [part for part in split_parts(candidate) if part.support not in _CARRIED]
        return [_tell(part, kind) for part in parts if (kind := find_claim(part.text)) is not None]


def find_claim(sentence: str) -> _Kind | None:
    """Find the claim of a sentence; None for one that claims nothing that needs a citation."""
    sentence = without_addresses(sentence)
    if _ASKED.match(sentence.strip()) and not _OURS.search(sentence):
        return None
    found = next((kind for kind in _KINDS if kind.words.search(sentence)), None)
    if found is None and find_dates(sentence):
        return _KINDS[-1]
    # Whatever the language: a number with a unit or a time is a fact.
    has_figure = any(figure.unit not in ("", "word", "phone") for figure in find_figures(sentence))
    return found or (_FIGURE if has_figure else None)


def _tell(part: CheckedSentence, kind: _Kind) -> Objection:
    reason = f"“{part.text}” is {kind.name}, and no public document is quoted for it. {_MEND}"
    return Objection("claims", part.text, reason, kind.effect, part.start)
