"""Intent of posts, by a head over their vectors, betraying words, sentiment and whether they ask something.

Words that betray what a post wants, in nine languages: signs for the head for intents, and reasons for people.

Whether a post asks something.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from assistant.domain import About, Finding, Intent
from assistant.listening.analysis.classifiers import Dense, load_head, reads_vectors

_WORDS = {
    "leaving": r"""cancel(?:l?ed|l?ing)?\b(?!\s+(?:at|by|again|three|twice|on\s+us))|unsubscrib\w*|uninstall\w*
        |clos(?:e|ed|ing)\s+my\s+account
        |switch(?:ed|ing)?\s+(?:to|away)|not\s+renew\w*|leaving\b|i\s+quit\b|gave\s+(?:it|mine)\s+back|goodbye
        |end\s+my\s+(?:contract|plan|membership)
        |gekündigt|kündig\w*|wechsle\w*|résili\w+|arrêter\s+mon\s+abonnement|je\s+pars\b|baja\b|cancelad\w+
        |cancelei|devolvi|disdett\w+|rezygnuj\w*
        |wypowiedz\w+|opgezegd|opzeggen|hand(?:ing|ed)\b.{0,20}\bback|return(?:ing|ed)?\s+(?:it|mine)|je\s+rends
        |lost\s+a\s+customer""",
    "job": r"""hiring|vacanc\w+|recruiter|recruit(?:ing|ment)|apprentice\w*|intern(?:s|ship)\b
        |job(?:s|\s+opening)?\b.{0,40}\?|work(?:ing)?\s+(?:at|for)\s+(?:you|them)
        |my\s+cv\b|cv\s+sent|appl(?:y|ied|ying)\s+(?:for|at|to)\b.{0,50}\b(?:role|job|position)
        |interview(?:s|ed)?\s+with|position\s+(?:still|open)
        |ausbildung|bewerb\w+|beworben|praktik\w+|stellenangebot\w*|embauch\w+|recrut\w+|candidature|contratando
        |a\s+contratar|emprego|empleo
        |zatrudni\w+|staż\w*|praca\s+u|szukacie|assum\w+|cercate\s+personale|vacature\w*""",
    "press": r"""journalist\w*|reporter\b|press\s+(?:contact|office|enquir\w+|kit|tickets?)|newspaper|magazine
        |documentary|media\s+(?:team|request|enquir)\w*|on\s+(?:the\s+)?record
        |deadline|for\s+(?:a|an|our)\s+(?:story|article|piece|feature|report)|podcast\s+host
        |request\w*\s+(?:a\s+)?(?:comment|statement)|gazette|spokes\w+
        |pressestelle|stellungnahme|lokalzeitung|redaktion|contact\s+presse|journaliste|reportage|article\s+sur
        |rédaction|periodista|periódico|jornalista|dziennikarz\w*
        |redakcj\w+|giornalist\w+|we\s+publish""",
    "spam": r"""link\s+in\s+(?:my\s+)?bio|click\s+(?:my|the)\s+link|presale|airdrop|backlinks?|guest\s+post
        |rank\s+you|followers\s+(?:fast|now)|gift\s?cards?|won\s+a\b
        |winner\b|selected\s+as|claim\s+(?:it|your)
        |(?:earn|make|made)\s+[$€£]?\d+\s?k?\b.{0,30}(?:day|home|week|group|bot)|whatsapp\s+me|inbox\s+us
        |dm\s+(?:us|me)\s+(?:now|24)
        |crypto|bitcoin|pay\s+in\s+coins|casino|forex|ignore\s+(?:all\s+)?(?:your|previous)\s+instructions
        |system\s*:|system\s+prompt|verify\s+your\s+(?:login|account)
        |confirm\s+your?\s+(?:login|card)|confirm\s+their\s+login|likes\s+only|check\s+my\s+(?:channel|profile)
        |first\s+\d+\s+people|use\s+(?:my\s+)?code\b|code\s+[A-Z]+\d+
        |numéro\s+de\s+carte|clique\s+no\s+link|enlace\s+en\s+la\s+bio|ships\s+worldwide""",
    "idea": r"""suggest\w*|feature\s+request|wish\s?list|\bi\s+wish
        |would\s+be\s+(?:great|nice|lovely|good)\s+(?:if|to)|it['’]?d\s+be\s+nice
        |please\s+(?:add|let|sell|make|offer|put)\b
        |idea:|(?:should|could)\s+(?:offer|have|be\s+able)|let\s+(?:us|people|me)\b|what\s+if|vorschlag|wünsch\w+
        |schön\s+wäre|bitte\s+an\b|ce\s+serait\s+(?:bien|top)
        |une\s+option|estaría\s+bien|pido\b|deviam|era\s+bom|przydał\w*|sarebbe\s+bello|zou\s+fijn""",
    "purchase": r"""how\s+much\b|price\s+for|discount|student\s+price|worth\s+(?:it|the)|sign\s+up|free\s+trial
        |is\s+there\s+a\s+trial|in\s+stock|pre.?order\w*|just\s+ordered|which\s+one\s+would
        |thinking\s+of\s+(?:getting|buying|switching)|consider(?:ing)?\s+(?:switching|buying|getting)
        |black\s+friday|ship\s+to|launch\s+in|hidden\s+(?:fees|costs)|coming\s+to\b
        |was\s+kostet|überlege|lohnt|kommt\b.{0,40}\bnach\b|wäre\s+(?:sofort\s+)?dabei|combien|je\s+regarde
        |cuánto\s+cuesta|fianza|depósito|quanto\s+custa|assinar|ile\s+kosztuje|czy\s+warto
        |sconto|costi\s+nascosti|wat\s+kost""",
    "praise": r"""love|thank(?:s|\s+you)|amazing|best\b|shout\s?out|recommend\w*|brilliant|excellent|well\s+done
        |wonderful|lovely|happy|kudos|five\s+stars|danke|super\b|toll\b|zufrieden
        |merci|respect\b|adore|gracias|obrigad\w+|excelente|cinco\s+estrelas|dzięk\w+|polecam|super\b|świetn\w+
        |grazie|felic\w+|bedankt|prima\b""",
    "complaint": r"""broken?|crash\w*|fail(?:s|ed|ing)?|refund|terrible|worst|late\b|delay\w*|waiting|still\s+no
        |nobody|no\s+answer|charged|twice|again\b|bug\b|won['’]t|can['’]?t|cannot|doesn['’]?t|not\s+work\w*
        |locked\s+out|outage|disappoint\w+|rude|lost|kaputt|störung|geht\s+nicht|funktioniert\s+nicht|abgesagt
        |abgelaufen|wartet?e?\b|doppelt\w*|panne|impossible|bloqué\w*|personne\b|prélevé
        |plus\s+rien|avería|no\s+funciona|caída|esperando|avariad\w+|não\s+funciona|à\s+espera|ninguém|nie\s+działa
        |padł|awari\w+|guasto|non\s+funziona|rimandat\w+|kapot|stuk\b""",
}


@cache
def _pattern(intent: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_WORDS[intent]})", re.IGNORECASE | re.VERBOSE)


CUED = tuple(_WORDS)


def find_cues(text: str) -> dict[str, str]:
    """For each intent that the text has a word of: the first such word, as it stands there."""
    found = {intent: _pattern(intent).search(text) for intent in CUED}
    return {intent: match.group() for intent, match in found.items() if match}


_VERB = r"(?:can|could|do|does|did|is|are|am|was|were|will|would|should|shall|must|may|might|has|have)(?:n['’]?t)?"
_SOMEBODY = (
    r"(?:i|you|u|ya|we|they|he|she|it|there|this|that|these|those|the|a|an|my|your|our|his|her|their"
    r"|any|anyone|anybody|someone|somebody|everyone|people)"
)
_ORDER = r"(?:do|have)\s+(?:an?|the|this|that|it|my|your)\b|(?:is|was|were|has)\s+an?\b"  # `Do your job`, `Was a treat`
# `What a bike!` and `When I ride it` begin like questions; what follows the first word tells them apart.
_ASKS = re.compile(
    rf"""[?？؟]
    |(?:^|(?<=[.!…\n])\s)[\s¿]*(?:[@#]\w+[\s,:]+)*(?:(?:hi|hello|hey|and|but|ok|okay|quick\ question)[\s,:!.-]+)*(?:
        (?:how|what|when|where|why|who|which|whose)(?:['’]?s\b|['’]re\b|\s+{_VERB}\b|\s+to\b)
        |(?:how|what|which|whose)\s+(?!an?\b)\w+(?:\s+\w+)?\s+{_VERB}\b(?!\s+not\b)
        |how\s+(?:about|come)\b
        |what\s+(?:happens|if)\b
        |(?!{_ORDER}){_VERB}\s+{_SOMEBODY}\b
        |(?:are|does)\s+(?!not\b)[@\#]?\w+
        |any(?:one|body)\b(?!\s+who\b))
    |\b(?:does\ any(?:one|body)|any(?:one|body)\ (?:know|else|here|tried)|how\ (?:do|can)\ i|is\ there\ an?y?
        |wondering\ (?:if|whether|how|when|what)|can\ (?:some|any)(?:one|body)|i\ wonder\ (?:if|whether))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+")


def is_question(text: str) -> bool:
    """By its question mark or a sentence's first words; a question mark inside a link does not count."""
    return bool(_ASKS.search(_LINK.sub(" ", text)))


VERSION = "intent-1"
_VECTOR_WEIGHT = 2.0
_LONG = 200


class IntentFinder:
    """The head, loaded once; `embedder` is the name of what made the vectors."""

    def __init__(self, embedder: str) -> None:
        self._reads_vectors = reads_vectors(embedder)
        self._head = load_head("intents", embedder)
        self.labels = self._head.labels

    def find_odds(self, texts: Sequence[str], vectors: Dense, moods: Dense) -> Dense:
        """Return the odds of each intent of `labels`, one row a text; `moods` are the odds of the sentiments."""
        signs = read_signs(texts, moods)
        return self._head.predict(join_features(vectors, signs) if self._reads_vectors else signs)


def read_signs(texts: Sequence[str], moods: Dense) -> Dense:
    """Return what the head reads besides vectors, a row a text."""
    rows = [_read(text) for text in texts]
    signs = np.array(rows, dtype=np.float32).reshape(len(texts), len(CUED) + 4)
    return np.hstack([signs, moods])


def join_features(vectors: Dense, signs: Dense) -> Dense:
    """Vectors and signs side by side, weighed as the head was trained."""
    return np.hstack([_VECTOR_WEIGHT * vectors, signs])


def name_intent(labels: Sequence[str], odds: Sequence[float], text: str) -> Finding:
    """The likeliest intent, with the word that betrays it where there is one."""
    best = int(np.argmax(odds))
    intent = Intent(labels[best])
    cue = find_cues(text).get(intent)
    reason = f"It says “{cue}”." if cue else ""
    return Finding(About.INTENT, intent, round(float(odds[best]), 3), VERSION, reason)


def _read(text: str) -> list[bool]:
    cues = find_cues(text)
    return [*(intent in cues for intent in CUED), is_question(text), "?" in text, "!" in text, len(text) > _LONG]
