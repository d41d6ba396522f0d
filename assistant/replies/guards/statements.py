"""Whether a sentence states anything, in the languages that replies are written in: the rest needs no source.

Asking, thanking, asking for something, and saying what we do about it state nothing of the product.
"""

import re

from assistant.text.facts.courtesy import is_courtesy
from assistant.text.facts.links import find_addresses
from assistant.text.tokens import split_words

_LEAST_WORDS = 3
_LEAST_LEFT = 4  # of what follows `Thanks for asking,`
# The first words of a courtesy, or words that make one of the whole sentence.
_KIND = re.compile(
    r"\b(?:sorry|apolog\w*|thank\w*|thx|glad|delighted|appreciate\w*|hope|understand\w*|welcome"
    r"|congrat\w*|regret|cheers"
    r"|frustrating|love to|happy to|hear (?:you|that|this|about)|wish you|enjoy|made (?:our|my) day"
    r"|danke\w*|tut (?:mir|uns)|leid\b|leider|entschuldig\w*|verzeih\w*|freu\w*|hoffe\w*|gern\w*|ärgerlich|schade"
    r"|merci|désolée?s?|pardon|excus\w*|ravie?s?|espér\w*|heureu\w*|plaisir|bienvenue|navrée?s?"
    r"|gracias|perdón|perdona|sentimos|siento|lament\w*|esper\w*|alegr\w*|encantad\w*"
    r"|grazie|scus\w*|spiace|dispiac\w*|sper\w*|felic\w*|piacere"
    r"|obrigad\w*|desculp\w*|pena|agradec\w*"
    r"|dzięk\w*|przepraszam\w*|przykro|szkoda|cieszy\w*|mamy nadzieję|miło"
    r"|bedankt|dank\w*|spijt\w*|vervelend|hopelijk|fijn|jammer"
    r"|спасибо|извин\w*|жаль|شكر\w*|آسف\w*|عذر\w*)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:thank\w*|danke\w*|merci|gracias|grazie|obrigad\w*|dzięk\w*|bedankt)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:(?:hi|hey|hello|hallo|bonjour|hola|ciao|olá|cześć|hoi)\b[^,.!–-]{0,30}[,.!–-]\s*)?"
    r"(?:(?:also|then|and|so|if so|if not|just|for now|in the meantime|meanwhile|once done|if you\b[^,]{0,60}),?\s+)?"
    r"(?:please|kindly|pls|let(?:['’]s| us| me)|feel free|dm|pm|send|tell|give|share|check|try|reach|visit|follow|see"
    r"|take|contact|call|keep|stay|go|drop|message|write|tap|open|choose|remember|make sure|don['’]t"
    r"|do not|have a look"
    r"|look|stop|wait|use|note"
    r"|get back|find out|update|add|install|restart|switch|turn|hold|pull|press|click|select|scroll"
    r"|here(?:['’]s| is| are|\b to help)|(?:could|can|would) you|(?:i"
    r"|we)(?:['’]d)? (?:strongly )?(?:suggest|recommend|encourage)"
    r"|you(?:['’]ll| can| could| may| might|['’]d)?(?: also| still| always)*(?: want to)? (?:reach|find"
    r"|read|try|contact|check|visit|confirm)"
    r"|bitte|schick\w*|schreib\w*|melde?\w*|probier\w*|schau\w*|gib|sag\w*"
    r"|envoie\w*|envoyez|écri\w*|contacte\w*|dites|dis|essay\w*|regarde\w*|n['’]hésite\w*|s['’]il (?:te|vous) pla\w*"
    r"|por favor|env[ií]\w*|escr[ií]b\w*|m[áa]nda\w*|cuéntanos|dinos|prueba\w*|per favore|scriv\w*|inviaci|invia\w*"
    r"|envie\w*|escreva|mande|diga|fale|proszę|prosimy|napisz\w*|wyślij\w*|daj\w*|sprawdź\w*"
    r"|alsjeblieft|alstublieft|stuur\w*|schrijf\w*|laat)\b",
    re.IGNORECASE,
)
_WE_DO = re.compile(
    r"^\W*(?:(?:and|but|so|hi|hey|hello|yes|rest assured)\b[^,]{0,20},?\s+)?(?:we|i|our (?:\w+ )?team)"
    r"(?:['’](?:ve|re|ll|d|m))?(?: (?:have|are|am|will|would|can(?:not|['’]t)?|could|unable to"
    r"|may be able to|not|['’]ve|just|also|already|now|both|is|was|do))*"
    r" (?:pass\w*|look\w*|check\w*|sen[dt]\w*|shar\w*|forward\w*|escalat\w*|investigat\w*|reach\w*|help\w*|assist"
    r"|get back|sort\w*"
    r"|follow\w*|flag\w*|not(?:e|ed|ing)|ask\w*|talk\w*|contact\w*|let you|work\w*|hear|heard|see|saw|read|know|need"
    r"|want\w*|like|suggest\w*|recommend\w*|try\w*|dig\w*|tak(?:e|en|ing)|agree|feel|wonder|think|love|replied|sent"
    r"|messaged|keep|kept|report\w*|found|find|wish|appreciat\w*|understand\w*|listen\w*|here|standing)\b",
    re.IGNORECASE,
)


def states_something(sentence: str) -> bool:
    """Return whether it may state a fact of the company or the product."""
    said = _leave_opening_out(sentence.strip())
    words = split_words(said)
    if len(words) < _LEAST_WORDS or said.endswith(("?", "？", "؟")) or is_courtesy(said):
        return False
    if _KIND.search(said) or _ASKS.match(said) or _WE_DO.match(said):
        return False
    return not find_addresses(said)  # it says where to read more


def _leave_opening_out(sentence: str) -> str:
    """`Thanks for asking, the helmet comes with it`: what follows the courtesy."""
    opening, mark, rest = sentence.partition(",")
    is_opening = bool(mark) and bool(_THANKS.search(opening)) and len(split_words(rest)) >= _LEAST_LEFT
    return rest.strip() if is_opening else sentence
