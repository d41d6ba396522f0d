"""The language of a text, by two small detectors that agree or make up for each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain import About, Finding

ENGLISH = "en"

VERSION = "language-2 (eldc 0.4, cld2)"
UNKNOWN = "unknown"
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\bhttp\b|\bRT\b")
_LETTER = re.compile(r"[^\W\d_]")
_ASCII_WORD = re.compile(r"[a-z']+")
_NAMES = {"iw": "he", "no": "nb", "und": UNKNOWN, "un": UNKNOWN, "jw": "jv", "fil": "tl"}
# What CLD2 is asked for: languages that eldc lacks and that many people write in. The rarer ones that it knows as well
# (Hausa, Galician, Waray, ...) it mostly finds in short texts of Spanish, Portuguese and Turkish.
_FROM_CLD2 = frozenset("af bs cy eo ga id kk la lg mi mk mn nn sn so st sw tn ts xh zu".split())
_SURE = 0.9
_SURE_PERCENT = 80
_FEW_LETTERS = 20
_LIKELY = 0.75
_WESTERN = frozenset("de es fr it nl pl pt".split())
_SHORT, _MOST_NAMES = 8, 3  # words
_LEAST_ALONE = 0.75  # of a single word, and of names alone: “wow”, “Maria Lopez”
_LEAST_LEAD = 0.03  # of a single word over the next language: “ok” and “no” are of many
_LEAST_HINDI_WORDS, _LEAST_HINDI_SHARE = 2, 0.2
# Common words of Hindi in Latin script, which neither detector knows; none is a common English word.
_HINDI = frozenset(
    """hai hain nahi nahin nai kya ki ka ke ko mein aur bhi toh se ye yeh wo woh kar karo kiya raha rahe rahi tha thi
    hum tum aap mere mera meri kuch sab koi ab jo bhai apne apna liye kyu kyun ek hoga hota hoti karne gaya gya abhi
    sirf phir wala log lekin jai sahi acha accha jab tab kaise itna bahut bohot unke uska uske iske isko usko diya
    krna""".split()
)


@dataclass(frozen=True)
class _Guess:
    """What one detector says; `confidence` from 0 to 1."""

    language: str
    confidence: float


class LanguageFinder:
    """eldc knows 60 languages best and fastest; CLD2 adds those eldc lacks, and Latin Hindi is known by its words."""

    def __init__(self) -> None:
        import eldc

        eldc.init()
        self._eldc = eldc.instance()

    def find_language(self, text: str, claimed: str | None = None) -> Finding:
        """A code of ISO 639-1, or `unknown`; `claimed` is what the network says, which decides on short texts."""
        plain = "".join(sign if sign.isprintable() else " " for sign in _NOISE.sub(" ", text))
        letters = len(_LETTER.findall(plain))
        guess = self._guess(plain) if letters else _Guess(UNKNOWN, 0.0)
        prior = _to_code(claimed)
        if prior and prior != guess.language and (letters < _FEW_LETTERS or guess.confidence < 0.5):
            return Finding(About.LANGUAGE, prior, 0.5, VERSION, "The network says so, the text is too short to tell.")
        confidence = max(guess.confidence, 0.95) if prior == guess.language else guess.confidence
        return Finding(About.LANGUAGE, guess.language, round(confidence, 3), VERSION)

    def _guess(self, text: str) -> _Guess:
        found = self._eldc.detect_details(text)
        lead = _Guess(_NAMES.get(found.language, found.language), float(found.scores.get(found.language, 0.0)))
        if lead.language in ("hi", "mr"):
            return lead
        if _is_latin_hindi(text, lead.language):
            return _Guess("hi", 0.8)
        if _is_one_word(text) and _measure_lead(found.scores) < _LEAST_LEAD:
            return _Guess(UNKNOWN, 0.0)
        if lead.confidence < _LEAST_ALONE and (_is_one_word(text) or _is_name(text)):
            return _Guess(UNKNOWN, 0.0)
        other = _ask_cld2(text)
        if lead.language == UNKNOWN:
            return other
        is_sure = other.confidence * 100 >= _SURE_PERCENT and lead.confidence < _SURE
        return other if other.language in _FROM_CLD2 and is_sure else lead


def name_language(found: Finding) -> str:
    """Return the language to read a question or a document in: English unless another one is likely."""
    return found.label if found.label != UNKNOWN and found.confidence >= _LIKELY else "en"


def reads_english(language: str | None) -> bool:
    """Return whether a post is read as English: also one whose language is unknown."""
    return (language or UNKNOWN).lower().partition("-")[0] in ("en", "und", UNKNOWN)


def _ask_cld2(text: str) -> _Guess:
    import pycld2

    try:
        _, _, found = pycld2.detect(text, bestEffort=True)
    except pycld2.error:  # a sign it takes for broken UTF-8
        return _Guess(UNKNOWN, 0.0)
    name, percent = found[0][1], found[0][2]
    return _Guess(_NAMES.get(name, name.partition("-")[0]), percent / 100)


def _is_one_word(text: str) -> bool:
    return text.isascii() and len(_ASCII_WORD.findall(text.lower())) == 1


def _is_name(text: str) -> bool:
    """Whether it may be nothing but names: two or three words, each with a capital, and no mark of a sentence."""
    words = text.split()
    return 1 < len(words) <= _MOST_NAMES and all(w[:1].isupper() and w.isalpha() and w.isascii() for w in words)


def _measure_lead(scores: Mapping[str, float]) -> float:
    first, second, *_ = [*sorted(scores.values(), reverse=True), 0.0, 0.0]
    return first - second


def _is_latin_hindi(text: str, lead: str) -> bool:
    """Common words of Hindi tell it, but for those of the likeliest language: “wo” and “mein” are German as well."""
    words = _ASCII_WORD.findall(text.lower())
    own = find_stop_words(lead) if lead in _WESTERN and len(words) <= _SHORT else frozenset()
    hits = [word for word in words if word in _HINDI and word not in own]
    return len(set(hits)) >= _LEAST_HINDI_WORDS and len(hits) >= _LEAST_HINDI_SHARE * len(words)


@lru_cache
def find_stop_words(lang: str) -> frozenset[str]:
    """Words of a language that tell nothing alone; none where no list is known."""
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(lang)) if stopwordsiso.has_lang(lang) else frozenset()


def _to_code(claimed: str | None) -> str:
    code = (claimed or "").lower().replace("_", "-").partition("-")[0]
    return "" if code in ("", "und", "qme", "zxx", "qam", "qst", "art") else _NAMES.get(code, code)
