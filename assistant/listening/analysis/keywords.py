"""The words a post is about: no stop words of its language, no handles, no links, no numbers."""

import html
import re
from functools import cache

from stopwordsiso import has_lang, stopwords

_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\w)[@#]?\w*\d\w*|@\w+")
_WORD = re.compile(r"(?<!\w)[^\W\d_][\w'’-]{1,23}\w(?!\w)")
_MOST_WORDS = 30


def find_words(text: str, language: str | None) -> tuple[str, ...]:
    """Up to 30 different words in small letters, in order of first use; an unknown language is taken for English.

    Exports of some networks write `&amp;` for an ampersand.
    """
    code = (language or "en")[:2].lower()
    stops = _stop_words(code if has_lang(code) else "en")
    words = (word.replace("’", "'") for word in _WORD.findall(_NOISE.sub(" ", html.unescape(text).lower())))
    kept = (word.removesuffix("'s") for word in words if word not in stops and "'" not in word.removesuffix("'s"))
    return tuple(dict.fromkeys(kept))[:_MOST_WORDS]


@cache
def _stop_words(code: str) -> frozenset[str]:
    return frozenset(stopwords(code)) | frozenset(stopwords("en"))
