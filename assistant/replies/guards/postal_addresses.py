"""Postal addresses by their shape in a dozen countries: there is no list of all streets, and no model here for them."""

import re
from collections.abc import Iterable, Iterator

_NAME = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŹĆĄĘŐČŠŽŘ][\w'’.-]*|d[eoauií][aslo]?|del?la|des|dos|las?|von|van|der|den|sur|le|[a-z]{1,2}\.)"
_HOUSE = r"\d{1,5}(?:\s?[A-Za-z](?![\w'’]))?(?:\s?[/-]\s?\d{1,4}[A-Za-z]?)?"
_AFTER_NAME = (
    "Street|St|Str|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Square|Sq|Terrace|Close|Crescent"
    "|Way|Place|Pl|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Trl|Row|Hill|Grove|Gardens|Mews|Walk|Parade|Esplanade"
    "|Turnpike|Alley|Quay|Green|Rise|View|Park|Wharf|Loop|Pass|Point|Ridge|Route"
)
_BEFORE_NAME = (
    r"[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Cc]ours|[Aa]llée|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso"
    r"|[Cc]alle|C/|[Aa]venida|[Pp]aseo|[Pp]laza|[Cc]allejón|[Rr]ambla|[Rr]ua|[Tt]ravessa|[Pp]raça|[Ll]argo|[Aa]lameda"
    r"|[Uu]l\.|[Uu]lica|[Aa]l\.|[Aa]leja|[Pp]l\.|[Pp]lac|[Oo]s\.|[Oo]siedle|[Nn]áměstí|[Nn]ám\.|[Tt]řída|[Cc]esta"
    r"|[Ss]trada|[Ss]tr\.|[Rr]\.|[Aa]v\.|[Cc]ra\.|[Cc]arrera"
)
_ENDING = (
    r"straße|strasse|straße|str\.|gasse|weg|platz|allee|ring|damm|ufer|steig|gatan|gata|gränd|vägen|väg|stigen"
    r"|vej|vejen"
    r"|gade|stræde|allé|veien|veg|vegen|katu|tie|kuja|polku|tanu|laan|straat|dreef|plein|kade|gracht|singel|hof"
    r"|pad|dijk"
    r"|tee|utca|út|tér|ulica|köz|sokak|caddesi|götu"
)
_POSTCODE = (
    r"(?:[A-Z]{1,2}[- ]?)?\d{4,5}(?:-\d{3,4})?|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{3}-\d{4}"
)
_TOWN = rf"{_NAME}(?:[ -]{_NAME}){{0,3}}"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 12 Tannery Road; 5 High St. Apt 4
        rf"(?<![\w.,:£€$]){_HOUSE},?\s+(?:{_NAME}\s+){{1,4}}?(?:{_AFTER_NAME})\b\.?(?:\s(?:[NSEW]|NE|NW|SE|SW)\b)?",
        # 7, rue Éric Mercier; ul. Długa 5; Via Canali, 53
        rf"(?:(?<![\w.,:]){_HOUSE},?\s+)?\b(?:{_BEFORE_NAME})\s?{_NAME}(?:\s{_NAME}){{0,4}},?\s(?:n[°ºr.]*\s?)?{_HOUSE}(?!\w)",
        rf"(?<![\w.,:]){_HOUSE},?\s+(?:{_BEFORE_NAME})\s?{_NAME}(?:\s{_NAME}){{0,4}}",
        # Hamanngasse 5/4; Lange Straße 7; Fabriksgatan 30
        rf"\b[A-ZÀ-ÞŁŚŻ][\w-]*(?:\s[A-ZÀ-ÞŁŚŻ][\w-]*)?(?:{_ENDING}|\s(?:{_ENDING}))\.?,?\s{_HOUSE}(?!\w)",
        # Bakkeholtet 5, 3244 Aune: any name, number, postcode and town, in either order
        rf"\b{_NAME}(?:\s{_NAME}){{0,3}},?\s{_HOUSE}\.?\s*[,\n]\s*(?:{_POSTCODE})\s*,?\s*{_TOWN}",
        rf"(?<![\w.,:]){_HOUSE},?\s+{_NAME}(?:\s{_NAME}){{0,3}}\s*[,\n]\s*(?:{_TOWN}\s*[,\n]?\s*)?(?:[A-Z]{{2}}\s+)?(?:{_POSTCODE})\b",
        # Dunajska 56, Studen; 0138 Brisas 6802
        rf"\b{_NAME}(?:\s{_NAME}){{0,2}}\s\d{{1,4}}[a-zA-Z]?,\s{_TOWN}",
        rf"(?<![\w.,:£€$#]){_HOUSE}\s{_NAME}(?:\s{_NAME}){{0,2}}\s\d{{1,4}}[a-zA-Z]?(?!\w)",
        r"\b(?:[AFD]PO|USN[SV]|USCGC)\b[^\n]{0,30}?\s*(?:[AFD]PO\s)?A[AEP]\s\d{5}",
        # Berlin 10115 is weaker: only at the end of a line or with a region's letters
        rf"\b{_TOWN},?\s+[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?\b",
        rf"(?m)(?:^|,\s?)(?:{_POSTCODE}) {_TOWN}\s*(?:$|,)",
        r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR) ?\d[A-Z]{2}\b",
        r"\b[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z] ?\d[A-CEGHJ-NPR-TV-Z]\d\b",
        r"(?i)\bP\.?\s?O\.?\s?Box\s\d+|\b(?:postbus|postfach|apartado|casilla|case postale)\s\d+",
        r"\b(?:Apt|Apartment|Suite|Flat|Unit)\b\.?\s?#?\d+[A-Z]?\b",
        # what is said to be one
        r"(?i:\b(?:zip|post(?:al)?)[ -]?codes?\b(?:\s(?:is|of|for|to|from|in|now"
        r"|:))*:?\s)(?=[A-Z0-9 -]*\d)[A-Z0-9][A-Z0-9-]{2,9}(?:\s\d[A-Z]{2}\b)?",
        r"(?i:\b(?:address(?:\sof\s\S+)?(?:\s(?:is|was|to|has changed to|changed to))|(?:lives?|living|resid\w+"
        r"|located|stay\w*) (?:at|on)"
        r"|(?:home|house|office) (?:is )?at|(?:deliver|ship|send|mail|moved?)\w*(?: \w+){0,3} to|come to))[:\s]+"
        rf"(?=[^.!?\n]{{0,60}}\d)(?P<place>(?:{_NAME}[ ,]+){{0,4}}{_HOUSE}(?:[ ,]+{_NAME}){{0,5}})",
    )
)
# What is between the lines of one address; quoted mail has a mark before each line.
_BREAK = r"[\s,>?*|]{1,8}"
_GAP = re.compile(_BREAK)
_MORE = re.compile(
    rf"(?:{_BREAK}(?:(?:{_POSTCODE})\s*)?{_TOWN}){{0,3}}{_BREAK}(?:[A-Z]{{2}}\s)?(?:{_POSTCODE})(?!\w)(?:\s{_NAME})?"
)
_NUMBER_BEFORE = re.compile(r"(?<![\w.,:£€$])\d{1,5}[ ,]{1,2}\Z")


def find_postal(text: str) -> list[tuple[int, int]]:
    """Find addresses, first and one after last, each with what belongs to it on the lines around."""
    # Whoever writes all in small letters writes names so too.
    shown = text if any(sign.isupper() for sign in text) else _raise_letters(text)
    found = sorted(_find_spans(shown))
    spans = _join(shown, ((_reach_back(shown, start), _reach(shown, end)) for start, end in found))
    return [(start, start + len(shown[start:end].rstrip(" .,\n"))) for start, end in spans]


def _find_spans(text: str) -> Iterator[tuple[int, int]]:
    """What a pattern finds, or the part of it that is the place itself."""
    for pattern in _PATTERNS:
        group = "place" if "place" in pattern.groupindex else 0
        yield from (found.span(group) for found in pattern.finditer(text))


def _raise_letters(text: str) -> str:
    return re.sub(r"(?<!\w)[^\W\d_]", lambda found: found[0].upper() if len(found[0].upper()) == 1 else found[0], text)


def _reach_back(text: str, start: int) -> int:
    before = _NUMBER_BEFORE.search(text, max(0, start - 9), start)
    return before.start() if before else start


def _reach(text: str, end: int) -> int:
    more = _MORE.match(text, end)
    return more.end() if more else end


def _join(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last: tuple[int, int] | None = None
    for start, end in spans:
        if last and (start <= last[1] or _GAP.fullmatch(text[last[1] : start])):
            last = (last[0], max(end, last[1]))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last
