"""Digests in Slack: the sentences and pictures that are read first, and sections for the thread."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain import Scope, read_scope
from assistant.reports.digest import COVERAGE_TITLE, PROMISE, Digest, DigestSection, Line, Quote, name_summary, shorten
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_header,
    build_link,
    build_section,
    count_characters,
    cut,
    escape,
    escape_line,
    join_lines,
)
from assistant.slack.digests.native import (
    MOST_CELL_CHARACTERS,
    MOST_CHARTS,
    NATIVE,
    build_charts,
    build_table,
    count_cells,
    count_charts,
)

SHOW, CSV, REPORT = "digest_posts", "digest_csv", "digest_report"
NOTHING = "Nothing to tell."
IN_THREAD = "The tables and the posts behind them are in the thread."
_MOST_ROWS = 10
_MOST_QUOTES = 3
_MOST_BLOCKS = 45  # Slack takes 50
_MOST_CHARACTERS = 2900  # of the 3,000 that Slack allows
_MOST_TABLE = 2000
_MOST_MESSAGE = 11_000
_LABEL_CHARACTERS = 22
_ROW_CHARACTERS = 90
_KEY_CHARACTERS = 400


@dataclass(frozen=True)
class DigestRef:
    """The digest that a button belongs to, and its section; small enough for a button's value."""

    label: str
    scope: str = ""
    section: str = ""

    def __str__(self) -> str:
        return f"{self.label}|{self.scope[:_KEY_CHARACTERS]}|{self.section[:_KEY_CHARACTERS]}"

    @property
    def of(self) -> Scope:
        """Return the scope of its posts. Raises InputError."""
        return read_scope(self.scope)


def read_ref(value: str) -> DigestRef:
    """The digest that a button names."""
    label, _, rest = value.partition("|")
    scope, _, section = rest.rpartition("|")
    return DigestRef(label, scope, section)


def refer_to(digest: Digest, section: str = "") -> DigestRef:
    """The digest as a button names it."""
    return DigestRef(digest.period.label, str(digest.scope), section)


def build_head_blocks(digest: Digest, pictures: list[Block], remark: str = IN_THREAD) -> list[Block]:
    """Build the head for a manager: the sentences, their basis, charts or pictures, and buttons to the details."""
    blocks = [build_header(name_summary(digest.period, digest.scope))]
    if digest.dates.strip():
        blocks.append(build_context(escape_line(digest.dates, 100)))
    told = "\n".join(escape(sentence) for sentence in digest.sentences)
    blocks.append(build_section(cut(told, _MOST_CHARACTERS) or NOTHING))
    if digest.coverage:
        gaps = [f"• {escape_line(sentence, 200)}" for sentence in digest.coverage[:_MOST_ROWS]]
        blocks.append(build_context(join_lines([f"*{COVERAGE_TITLE}*", *gaps], _MOST_CHARACTERS)))
    return [*blocks, *pictures, _build_buttons(str(refer_to(digest))), build_context(f"{remark} {PROMISE}".strip())]


@dataclass(frozen=True)
class SectionMessage:
    """A message of sections: with Slack's own tables and charts, and `plain` for where Slack refuses those."""

    blocks: tuple[Block, ...] = ()
    plain: tuple[Block, ...] = ()


def build_section_messages(digest: Digest) -> list[SectionMessage]:
    """All sections, in as many messages as they need: one that Slack refuses would show nothing at all."""
    charts = build_charts(digest.charts) or []
    left = dict(zip((chart.name for chart in digest.charts[MOST_CHARTS:]), charts[MOST_CHARTS:], strict=False))
    messages = [SectionMessage()]
    for section in digest.sections:
        head, quotes = _build_section_head(digest, section), _build_quotes(section)
        chart = [left[section.chart.name]] if section.chart and section.chart.name in left else []
        native = (head(""), *([build_table(digest, section)] if section.lines else []), *chart, *quotes)
        plain = (head(_draw(section) if section.lines else ""), *quotes)
        longer = SectionMessage((*messages[-1].blocks, *native), (*messages[-1].plain, *plain))
        if messages[-1].plain and not _fits(longer):
            longer = SectionMessage(native, plain)
            messages.append(longer)
        messages[-1] = longer
    return [message for message in messages if message.plain]


def describe_post(quote: Quote, most: int = 160) -> str:
    """A post in a few lines: why it is shown, its words, its author and network, a link."""
    why = f"_{escape_line(quote.why, 150)}_\n" if quote.why else ""
    author = f"{escape_line(quote.author, 60)} · " if quote.author else ""
    link = f" · {build_link('open the post', quote.url)}" if quote.url else ""
    return f"{why}> {escape_line(quote.text, most)}\n{author}{escape_line(quote.network, 60)}{link}"


def _fits(message: SectionMessage) -> bool:
    native = message.blocks
    both = (native, message.plain)
    is_short = all(len(one) <= _MOST_BLOCKS and sum(map(_weigh, one)) <= _MOST_MESSAGE for one in both)
    return is_short and count_cells(native) <= MOST_CELL_CHARACTERS and count_charts(native) <= MOST_CHARTS


def _weigh(block: Block) -> int:
    """What counts of a block for the length of a message: of tables the words, not their many braces."""
    return count_characters(block) if block["type"] in NATIVE else len(str(block))


def _build_buttons(value: str) -> Block:
    return {
        "type": "actions",
        "elements": [
            build_button("Show the posts", SHOW, value, "primary", spoken="Show the posts behind a number"),
            build_button("Export CSV", CSV, value, spoken="Get all figures as a CSV file"),
            build_button("Full report", REPORT, value, spoken="Get the whole summary as one HTML page"),
        ],
    }


def _build_section_head(digest: Digest, section: DigestSection) -> Callable[[str], Block]:
    """The title and note of a section, given its table in words, if any; with a button to its posts."""
    told = [f"*{escape_line(section.title, 150) or NOTHING}*", escape_line(section.note, 600)]
    named = {section.figure, *(line.figure for line in section.lines)}
    has_posts = any(figure.name in named and figure.posts_query for figure in digest.figures)
    value, spoken = str(refer_to(digest, section.title)), cut(f"Posts: {section.title}", 75)
    button = {"accessory": build_button("Show the posts", SHOW, value, spoken=spoken)} if has_posts else {}
    return lambda table: {**build_section("\n".join(part for part in (*told, table) if part)), **button}


def _build_quotes(section: DigestSection) -> list[Block]:
    return [build_section(describe_post(quote)) for quote in section.quotes[:_MOST_QUOTES]]


def _draw(section: DigestSection) -> str:
    """A table as narrow as a phone: its picture, where it has one, stands in the first message."""
    lines = section.lines[:_MOST_ROWS]
    # A backtick would end the table.
    labels = [shorten(line.label, _LABEL_CHARACTERS).replace("`", "'") for line in lines]
    width = max(map(len, labels))
    drawn = [f"{label:<{width}}  {_tell(line)}".rstrip() for label, line in zip(labels, lines, strict=True)]
    return f"```{cut(escape(chr(10).join(drawn)), _MOST_TABLE)}```"


def _tell(line: Line) -> str:
    told = "  ".join(part for part in (line.text, line.change, line.note) if part)
    return shorten(told, _ROW_CHARACTERS).replace("`", "'")
