"""Cuts Markdown into sentences that can be quoted word for word: list items, table rows and steps stay whole."""

import re
from collections.abc import Iterable, Iterator

from sentencex import segment

_BREAK = re.compile(r"\n\s*\n")
_LINE_BLOCK = re.compile(r"^\s*(?:[-*+]\s|\d+[.)]\s|\||>)")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
# Within bounds: looked for up to the end from each mark, a text of nothing but marks takes the square of its length.
_LINK = re.compile(r"!?\[([^\]]{0,300})\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_ESCAPED = re.compile(r"\\([*\[\]<>{}|`$])")  # `3\*4`
_MARKS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")
_CLOSING = re.compile(r"(?:\[\^[^\]\s]{1,40}\]|[*_`\"”’)\]])+(?=\s|$)")
_LEAD = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+|>\s*|#{1,6}\s+)")
_CLOSING_SIGNS = ')"”’」』）*_'
_WIDE_ENDS = "。！？｡．"  # no space follows these
# After these no sentence ends, in whatever language they are: those that are words of another one are left out.
_ABBREVIATIONS = frozenset(
    """abs anm approx aprox av avda bijv blz bzgl bzw dhr dipl dott dr ecc env evtl fr geb ggf godz hr incl inkl inż
    itd itp jr kl lic mevr mgr mr mrs ms mwst mł np núm pag pág pkt pl prof rys sig sr sra srta str tel tj tlf tys
    tzn tzw ud uds ul usw uu ee vgl wg wł zgl zob zł zzgl śp św""".split()
)
_BEFORE_NUMBER = frozenset(
    "art ca cap fig kap max min nr n no nº núm ok p pag pág par pkt pos ref s str ust vol".split()
)
# German writes ordinals with a dot, and every noun with a capital: `am 31. März`, `im 2. Stock`.
_BEFORE_ORDINAL = frozenset("am ab beim bis das dem den der des die im ins jeden jeder jedes seit vom zum zur".split())
_MONTHS = ("Jan", "Feb", "März", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
_TAIL, _ORDINAL_DIGITS = 40, 2
_PAGE = 2_000
_ENDS = re.compile(r"[.!?…。！？｡．।॥؟۔։።][)\"”’»」』）*_]*(?:\[\^[^\]\s]{1,40}\])*\s*$")


def split_sentences(text: str, language: str = "en") -> list[str]:
    """The sentences of a piece of Markdown in order, each a verbatim part of it without white space at its ends."""
    return [sentence for block in _BREAK.split(text) for sentence in _split_block(block, language) if sentence]


def ends_sentence(text: str) -> bool:
    """Return whether the text ends as a sentence does, in any script."""
    return bool(_ENDS.search(text))


def to_plain(markdown: str) -> str:
    """A sentence as a person reads it: links as their text, no emphasis marks, no list mark, cells set apart."""
    text = _LINK.sub(r"\1", _LEAD.sub("", markdown))
    text = _ESCAPED.sub(r"\1", _MARKS.sub(r"\2", text))
    if text.strip().startswith("|"):
        text = " · ".join(cell.strip() for cell in text.strip().strip("|").split("|") if cell.strip())
    return " ".join(text.split())


def _split_block(block: str, language: str) -> Iterator[str]:
    for part in _join_paragraph_lines(block):
        if _LINE_BLOCK.match(part):
            if not _TABLE_RULE.match(part):
                yield part.strip()
        else:
            yield from (sentence.strip() for sentence in _give_marks_back(_undo_cuts(_segment(language, part))))


def _segment(language: str, part: str) -> Iterator[str]:
    """Cut a part into sentences, a page at a time: the library takes the square of a length, and holds the program."""
    rest = ""
    for start in range(0, len(part), _PAGE):
        *whole, rest = segment(language, rest + part[start : start + _PAGE])
        yield from whole
        if len(rest) > _PAGE:  # no sentence is as long: its end would be looked for again and again
            yield rest
            rest = ""
    if rest:
        yield rest


def _undo_cuts(sentences: Iterable[str]) -> list[str]:
    """Join what was cut within a sentence: its library knows abbreviations of one language, and texts are in many."""
    kept: list[str] = []
    for sentence in sentences:
        if kept and (_is_cut_in_word(kept[-1], sentence) or _goes_on(kept[-1], sentence.lstrip())):
            kept[-1] += sentence
        else:
            kept.append(sentence)
    return kept


def _is_cut_in_word(before: str, after: str) -> bool:
    """`needs .NET 8` is one sentence: where no space follows a dot, none ends, but in scripts that use no spaces."""
    if before[-1:].isspace() or not after[:1].isalnum():
        return False
    return not before.rstrip(_CLOSING_SIGNS).endswith(tuple(_WIDE_ENDS))


def _goes_on(before: str, after: str) -> bool:
    """Whether the dot at the end is one of an abbreviation or an ordinal."""
    *_, previous, last = ("", "", *before[-_TAIL:].split())
    if not last.endswith("."):
        return False
    word = last[:-1].strip("(„“«»\"'’").rpartition("’")[2].rpartition("'")[2].casefold()
    if word.isdecimal() and len(word) <= _ORDINAL_DIGITS:
        # `od 3. grudnia`: other languages write the next word small.
        return previous.casefold() in _BEFORE_ORDINAL or after.startswith(_MONTHS) or after[:1].islower()
    if after[:1].isdecimal() and word in _BEFORE_NUMBER:
        return True
    is_short = len(word) == 1 or "." in word  # `m.in. na`, `9 a.m. del`
    is_roman = len(word) > 1 and last.isupper() and set(word) <= set("ivxlc")
    is_inside = after[:1].islower() and (is_roman or (is_short and word.replace(".", "").isalpha()))
    return word in _ABBREVIATIONS or is_inside


def _give_marks_back(sentences: Iterable[str]) -> list[str]:
    """`**Do not ride.** Choose` is cut before the marks that close it: they belong to what stands before them."""
    kept: list[str] = []
    for sentence in sentences:
        closing = _CLOSING.match(sentence)
        if kept and closing and not kept[-1][-1:].isspace():
            kept[-1] += closing[0]
            sentence = sentence[closing.end() :]
        kept.append(sentence)
    return kept


def _join_paragraph_lines(block: str) -> list[str]:
    """Wrapped lines belong to the paragraph or list item above them; a new item or row begins a part of its own."""
    parts: list[str] = []
    for line in block.split("\n"):
        is_table_row = bool(parts) and parts[-1].lstrip().startswith("|")
        if not parts or _LINE_BLOCK.match(line) or is_table_row:
            parts.append(line)
        else:
            parts[-1] += "\n" + line
    return parts
