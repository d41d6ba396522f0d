"""Cuts a text into what can be quoted without losing its meaning: each with the words that it depends on.

A list comes with its lead-in, a row with its header, steps in one piece, a sentence with what limits it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import zip_longest

from assistant.text.blocks import Block, BlockKind, BlockPart, read_blocks
from assistant.text.sentences import ends_sentence, split_sentences, to_plain

_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_NESTED = re.compile(r"\n(?=\s*(?:[-*+]|\d+[.)])\s)")
_FENCE = re.compile(r"^\s*(?:```+|~~~+)[^\n]*\n|\n\s*(?:```+|~~~+)\s*$")
_MARK_ALONE = r"(?:\\?\*|†|‡)(?=[\s|.,;:)]|$)"
_NOTE = re.compile(r"(?:\[\^([^\]\s]{1,40})\]:|(\\\*|†|‡)(?=[\s\w]))[ \t]*")
_CITED = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)|(?<=[^\s*])(" + _MARK_ALONE + ")")
_BOLD = re.compile(r"\s*(?:\*\*|__)([^*_\n]+)(?:\*\*|__)\s*")
_LINK_TARGET = re.compile(r"\[[^\]\n]{1,200}\]:\s*\S+")
_LABELLED = re.compile(r"(?:[-*+]\s+)?(?:\*\*|__)?[^\s:][^:\n]{0,40}:(?:\*\*|__)?\s+\S")
_OPENING = re.compile(r"[\s*_\"“'(>]*")
_LIMITS = re.compile(
    r"(?:however|but|except|unless|exceptions?|although|though|otherwise|nevertheless|only if|not (?:if|when|for)"
    r"|(?:this|that|it|they) (?:does|do|is|are) not|(?:this|that) (?:only )?applies"
    r"|jedoch|aber|außer|ausnahme[n]?|allerdings|sauf|mais|toutefois|cependant|pero|excepto|salvo|sin embargo"
    r"|ma|tranne|però|maar|behalve|tenzij|ale|jednak|chyba że|com exceção|exceto|mas)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?:both|it|its|they|their|this|these|those|he|she|then|after that|if not|if so|instead|in that case)\b",
    re.IGNORECASE,
)
_MOST_LIST, _MOST_STEPS, _MOST_PROSE = 700, 900, 500


@dataclass(frozen=True)
class Unit:
    """`quote` stands in the text word for word from `start` on; `text` is how a person reads it, with its context.

    `heading` is a heading within the text that it stands under. Without some heading it would say too little or
    something else where `needs_heading`. One that does not `stand_alone` has words in its `text` from elsewhere.
    """

    quote: str
    text: str
    start: int = 0
    heading: str = ""
    needs_heading: bool = False
    stands_alone: bool = True
    is_row: bool = False

    @property
    def end(self) -> int:
        """Return the end of the quote."""
        return self.start + len(self.quote)


@lru_cache(maxsize=256)
def split_units(text: str) -> tuple[Unit, ...]:
    """The units of a text in order. A heading, a table's header and a lead-in without its list are none."""
    return tuple(_Cutter(text).cut())


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


@dataclass
class _Cutter:
    text: str
    heading: str = ""
    lead: _Span | None = None
    skipped: int = -1  # the place up to which a paragraph was already quoted with what it limits
    notes: dict[str, str] = field(default_factory=dict)

    def cut(self) -> Iterator[Unit]:
        blocks = read_blocks(self.text)
        self.notes = {mark: said for block in blocks for mark, said in self._read_notes(block)}
        for block, following in zip_longest(blocks, blocks[1:]):
            units = list(self._cut_block(block, following))
            yield from (self._add_note(unit) for unit in self._add_limit(units, block, following))

    def _cut_block(self, block: Block, following: Block | None) -> Iterator[Unit]:
        lead, self.lead = self.lead, None
        if block.kind is BlockKind.HEADING:
            self.heading = to_plain(self.text[block.start : block.end].split("\n", 1)[0])
        elif block.kind is BlockKind.PROSE:
            yield from self._cut_prose(block, following, lead)
        elif block.kind is BlockKind.TABLE:
            yield from self._cut_table(block, lead)
        elif block.kind is BlockKind.CODE:
            yield from self._cut_code(block, lead)
        else:
            yield from self._cut_list(block, lead)

    # Paragraphs

    def _cut_prose(self, block: Block, following: Block | None, lead: _Span | None) -> Iterator[Unit]:
        raw = self.text[block.start : block.end]
        if _NOTE.match(raw) or _LINK_TARGET.fullmatch(raw):
            return
        if heading := _read_heading(raw):
            self.heading = heading
            return
        sentences = [span for span in self._place_sentences(block) if span.start >= self.skipped]
        if sentences and self._leads_in(sentences[-1], following):
            self.lead = sentences[-1]
            if not self._ends(sentences[-1]) or raw.rstrip("*_ ").endswith(":"):
                sentences = sentences[:-1]
        if not sentences:
            return
        if self._is_of_lines(sentences):
            yield from self._cut_lines(_Span(sentences[0].start, sentences[-1].end))
            return
        first, *rest = self._join(sentences)
        yield self._unit(_Span(lead.start, first.end) if lead and self._introduces(lead) else first)
        yield from (self._unit(span) for span in rest)

    def _leads_in(self, sentence: _Span, following: Block | None) -> bool:
        if following is None or following.kind is BlockKind.HEADING:
            return False
        return following.kind is not BlockKind.PROSE or self._introduces(sentence)

    def _introduces(self, span: _Span) -> bool:
        return self._read(span).rstrip("*_ ").endswith(":")

    def _ends(self, span: _Span) -> bool:
        return ends_sentence(self._read(span))

    def _is_of_lines(self, sentences: Sequence[_Span]) -> bool:
        """Whether it is no prose: a phone list, opening hours, a note without full stops."""
        lines = self.text[sentences[0].start : sentences[-1].end].split("\n")
        return not any(map(self._ends, sentences)) or (len(lines) > 1 and all(map(_LABELLED.match, lines)))

    def _cut_lines(self, span: _Span) -> Iterator[Unit]:
        whole = self._read(span)
        if len(whole) <= _MOST_LIST:
            yield self._unit(span, "\n".join(to_plain(line) for line in whole.split("\n")), needs_heading=True)
            return
        place = span.start
        for line in whole.split("\n"):
            stripped = line.strip()
            if stripped:
                start = place + line.index(stripped)
                yield self._unit(_Span(start, start + len(stripped)), needs_heading=True)
            place += len(line) + 1

    def _place_sentences(self, block: Block) -> list[_Span]:
        place, spans = block.start, []
        for sentence in split_sentences(self.text[block.start : block.end]):
            start = self.text.index(sentence, place)
            place = start + len(sentence)
            if not sentence.startswith("|"):  # a row that has lost its header means nothing
                spans.append(_Span(start, place))
        return spans

    def _join(self, sentences: Sequence[_Span]) -> list[_Span]:
        """What limits a sentence, or points back to it, stays with it."""
        joined: list[_Span] = []
        for sentence in sentences:
            if joined and self._continues(joined[-1], sentence):
                joined[-1] = _Span(joined[-1].start, sentence.end)
            else:
                joined.append(sentence)
        return joined

    def _continues(self, before: _Span, span: _Span) -> bool:
        said = _OPENING.sub("", self._read(span), count=1)
        if _LIMITS.match(said):
            return True
        return bool(_POINTS_BACK.match(said)) and span.end - before.start <= _MOST_PROSE

    # Lists, tables, code

    def _cut_list(self, block: Block, lead: _Span | None) -> Iterator[Unit]:
        start = lead.start if lead else block.start
        most = _MOST_STEPS if block.kind is BlockKind.STEPS else _MOST_LIST
        if block.end - start <= most:
            shown = [*([to_plain(self._read(lead))] if lead else []), *map(self._show_item, block.parts)]
            yield self._unit(_Span(start, block.end), "\n".join(shown), needs_heading=not lead)
            return
        runs = self._pack(block) if block.kind is BlockKind.STEPS else [[part] for part in block.parts]
        for run in runs:
            yield self._cut_items(block, run, lead)

    def _cut_items(self, block: Block, run: Sequence[BlockPart], lead: _Span | None) -> Unit:
        shown = [to_plain(self._read(lead))] if lead else []
        if block.kind is BlockKind.STEPS:
            named = f"Step {run[0].number}" if len(run) == 1 else f"Steps {run[0].number}–{run[-1].number}"
            shown.append(f"{named} of {block.parts[-1].number}:")
        shown += map(self._show_item, run)
        unit = self._unit(_Span(run[0].start, run[-1].end), "\n".join(shown), needs_heading=not lead)
        return replace(unit, stands_alone=False)

    def _pack(self, block: Block) -> list[list[BlockPart]]:
        """Steps in as few pieces as there must be."""
        runs: list[list[BlockPart]] = [[]]
        for part in block.parts:
            if runs[-1] and part.end - runs[-1][0].start > _MOST_STEPS:
                runs.append([])
            runs[-1].append(part)
        return runs

    def _show_item(self, part: BlockPart) -> str:
        first, *nested = _NESTED.split(self.text[part.start : part.end])
        mark = f"{part.number}." if part.number else "•"
        return "\n".join([f"{mark} {to_plain(first)}", *(f"  • {to_plain(line)}" for line in nested)])

    def _cut_table(self, block: Block, lead: _Span | None) -> Iterator[Unit]:
        header = [to_plain(cell) for cell in block.header]
        said = f"{to_plain(self._read(lead))}\n" if lead and self._introduces(lead) else ""
        for row in block.parts:
            shown = _show_row(header, [to_plain(cell) for cell in row.cells])
            if shown:
                yield replace(self._unit(_Span(row.start, row.end), said + shown), stands_alone=not said, is_row=True)

    def _cut_code(self, block: Block, lead: _Span | None) -> Iterator[Unit]:
        code = _FENCE.sub("", self.text[block.start : block.end])
        if code.strip() and len(code) <= _MOST_LIST:
            said = f"{to_plain(self._read(lead))}\n" if lead else ""
            unit = self._unit(_Span(block.start, block.end), f"{said}```\n{code}\n```", needs_heading=not lead)
            yield replace(unit, stands_alone=False)

    # What is said elsewhere of a unit

    def _add_limit(self, units: list[Unit], block: Block, following: Block | None) -> list[Unit]:
        """A paragraph that begins with `However` or `Except` limits what is above it."""
        if not units or following is None or following.kind is not BlockKind.PROSE:
            return units
        limits = self._place_sentences(following)[:1]
        if not limits or not _LIMITS.match(_OPENING.sub("", self._read(limits[0]), count=1)):
            return units
        self.skipped = limits[0].end
        said = to_plain(self._read(limits[0]))
        if block.kind is BlockKind.PROSE:
            last = units[-1]
            quote = self.text[last.start : limits[0].end]
            return [*units[:-1], replace(last, quote=quote, text=f"{last.text} {said}")]
        return [replace(unit, text=f"{unit.text}\n{said}", stands_alone=False) for unit in units]

    def _read_notes(self, block: Block) -> Iterator[tuple[str, str]]:
        if block.kind is not BlockKind.PROSE:
            return
        mark = ""
        for line in self.text[block.start : block.end].split("\n"):
            found = _NOTE.match(line)
            mark = (found[1] or found[2][-1]) if found else mark
            if mark:
                yield mark, to_plain(line[found.end() if found else 0 :])

    def _add_note(self, unit: Unit) -> Unit:
        cited = [(found[1] or found[2][-1]) for found in _CITED.finditer(unit.quote)]
        notes = [self.notes[mark] for mark in dict.fromkeys(cited) if mark in self.notes]
        text = _CITED.sub("", unit.text) if notes else unit.text
        return replace(unit, text="\n".join([text, *notes]), stands_alone=unit.stands_alone and not notes)

    def _unit(self, span: _Span, text: str = "", needs_heading: bool = False) -> Unit:
        quote = self._read(span)
        return Unit(quote, text or to_plain(quote), span.start, self.heading, needs_heading)

    def _read(self, span: _Span) -> str:
        return self.text[span.start : span.end]


def _read_heading(paragraph: str) -> str:
    """A paragraph that does a heading's work: a line in bold or in capitals, without a full stop."""
    found = _BOLD.fullmatch(paragraph)
    if found and not found[1].rstrip().endswith((".", "!")):
        return to_plain(found[1]).rstrip(":")
    is_capitals = paragraph.isupper() and "\n" not in paragraph and len(paragraph.split()) > 1
    return to_plain(paragraph) if is_capitals and not ends_sentence(paragraph) else ""


def _show_row(header: Sequence[str], cells: Sequence[str]) -> str:
    named = [f"{name}: {cell}" if name else cell for name, cell in zip(header, cells, strict=False) if cell]
    return "; ".join(named)
