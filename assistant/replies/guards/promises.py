"""Promises and claims need a source: money, dates, guarantees, legal and medical statements that rest on nothing.

What states something else of what our pages are about, and none of them says, is shown.
"""

import re
from dataclasses import dataclass

from assistant.domain import Support
from assistant.domain.replies import Effect, Objection
from assistant.replies.guards.dates import find_dates
from assistant.replies.guards.guards import Candidate, CheckedSentence, split_parts
from assistant.replies.guards.sources import FindSource, Sourced, find_nothing
from assistant.replies.guards.statements import states_something
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


_IS_FREE = "a promise that something is free"
_FREE = (
    r"free of charge|for free\b|at no (?:extra |additional )?(?:cost|charge)|free\b(?! to\b)|costs? nothing"
    r"|kostenlos|kostenfrei|umsonst|gratis|gratuit|bezpłatn|darmo|za darmo|бесплатн|(?:ال)?مجان"
)
_SAYS_FREE = re.compile(
    rf"\b(?:{_FREE}|(?:is|are|there is|we charge) no (?:\w+ ){{0,2}}(?:fee|charge)|\w+ nothing)", re.IGNORECASE
)
# English first. Of other languages only the commonest words, and every figure, are known.
_KINDS = (
    _kind(
        r"refund|reimburs|compensat|money[ -]back|(?:your )?money back|get your money|credit (?:you|your|of)"
        r"|a credit\b"
        r"|voucher|gift card|goodwill|waive|on (?:us|the house)\b"
        r"|discount|we(?:'|’)ll (?:pay|cover)|we will (?:pay|cover)|pay you\b|make it up to you"
        r"|(?:pay|paid|give) (?:it |you |everything )?back\b|(?:everything|it all) back\b|no charge"
        r"|half[- ](?:price|off)|two for one"
        r"|free (?:month|week|year|ride|swap|delivery|shipping|repair|replacement)|(?:month|week|ride) for nothing"
        r"|our treat|owe you|(?:n(?:'|’)t|not|never|nobody will) (?:\w+ ){0,2}(?:pay|charge)|consider it paid"
        r"|erstatt|entschädig|gutsch(?:rift|ein)|rabatt|geld (?:\w+ )?zurück|schenken (?:dir|ihnen|euch)|geschenkt"
        r"|rembours|dédommag|argent\b|offert\b|(?:vous|t['’]) ?offr|remise|reembols|indemni|dinero|devolv"
        r"|descuento|regala(?:mos|remos)|invita la casa"
        r"|zwr[oó][tc]|rekompensat|pieni[ąę]d|rabat|zniżk|w prezencie|rimbors|risarci|soldi\b|sconto|restitui"
        r"|in omaggio|regaliamo|oferta (?:nossa|da casa)|oferecemos"
        r"|rembolso|dinheiro|desconto|terugbetal|vergoed|geld terug|korting|cadeau"
        r"|возмест|компенсац|деньг|верн[её]м|скидк|(?:ال)?(?:استرداد|أموال|تعويض|خصم)",
        "a promise of money",
        Effect.BLOCK,
    ),
    _kind(_FREE, _IS_FREE, Effect.BLOCK),
    _kind(
        r"costs? (?:only |just )?[£€$\d]|price[sd]?\b.*\d|[£€$]\s?\d|\d[\d.,]*\s?(?:£|€|\$|eur\b|usd\b|gbp\b"
        r"|pln\b|zł)"
        r"|\w+ ?(?:euros?|pounds?|dollars?|cents?|złotych|złoty|quid|bucks|pfund|franken)\b|(?:eur|usd|gbp"
        r"|chf|pln) ?\d"
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
        r"|(?:totalmente|completamente|perfettamente|perfectamente|absolutamente|complètement|totalement|absolut|ganz"
        r"|völlig|volledig|całkowicie|w pełni|helemaal) (?:segur|sicur|s[ûu]re?\b|sicher|veilig|bezpieczn)"
        r"|(?:segur|sicur)[oa]s? al 100|sans (?:danger|risque)|médecin|médical|peligro|médico|pericolo|perigo"
        r"|bezpieczn|lekarz|gevaar"
        r"|безопасн|خطر|آمن",
        "a statement about health or safety",
        Effect.BLOCK,
    ),
    _kind(
        r"guarant|we promise|i promise|promise you|100 ?%|never (?:again|happen)|(?:won(?:'|’)t|will not|cannot"
        r"|can(?:'|’)t)"
        r" happen again|(?:always|definitely|certainly) (?:work|be|get|arrive|fix)|without (?:fail|exception)"
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
_STATEMENT = _Kind(re.compile(""), "a statement", Effect.WARN)
_NUMBER = re.compile(r"(?<![\w/.-])\d{1,9}(?:[.,]\d{1,9})?(?![\w/-])")  # of something that no list of units knows
_ABOUT_US = 0.42  # as a cosine: docs/decisions.md has how many sentences of other companies are that near
_NEAR_CHARACTERS = 160
_MEND = "Add a source, or remove the claim."


class ClaimsGuard:
    """Looks at every sentence of the exact text that no public page carries."""

    def __init__(self, find_source: FindSource = find_nothing) -> None:
        self._find_source = find_source

    def check(self, candidate: Candidate) -> list[Objection]:
        """One finding a sentence, of the kind that weighs most."""
        parts = [part for part in split_parts(candidate) if part.support not in _CARRIED]
        return [found for part in parts if (found := self._check(part)) is not None]

    def _check(self, part: CheckedSentence) -> Objection | None:
        kind = find_claim(part.text)
        if kind is None and not states_something(part.text):
            return None
        sourced = self._find_source(part.text)
        if sourced.support in _CARRIED:
            return None
        is_shown = kind or is_about_us(sourced) or _NUMBER.search(part.text)
        return _tell(part, kind, sourced) if is_shown else None


def is_about_us(sourced: Sourced) -> bool:
    """Return whether a public page is about what a sentence without a source says."""
    return sourced.fact is not None and sourced.fact.likeness >= _ABOUT_US


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


def _tell(part: CheckedSentence, kind: _Kind | None, sourced: Sourced) -> Objection:
    """What no page denies may be true: where a page has all its amounts, a second person compares the two."""
    kind = kind or _STATEMENT
    near = f" The nearest says: “{_shorten(sourced.fact.text)}”" if sourced.fact and is_about_us(sourced) else ""
    near += f" ({sourced.fact.chunk.title})." if sourced.fact and near else ""
    may_be_true = sourced.agrees or (kind.name == _IS_FREE and any(_SAYS_FREE.search(one.text) for one in sourced.near))
    effect = Effect.HOLD if may_be_true and kind.effect is Effect.BLOCK else kind.effect
    reason = f"“{part.text}” is {kind.name}, and no public page says it.{near} {_MEND}"
    return Objection("claims", part.text, reason, effect, part.start)


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return f"{flat[:_NEAR_CHARACTERS].rstrip()}…" if len(flat) > _NEAR_CHARACTERS else flat
