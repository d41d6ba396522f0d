"""A Digest as plain text, as one self-contained HTML page, and as PDF.

Figures and the posts behind one as CSV.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from assistant.domain import Figure, Mention
from assistant.errors import InputError
from assistant.reports.digest.appendix import MAIN, Appendix
from assistant.reports.digest.names import hide_handles, name_summary, shorten, show_value
from assistant.reports.digest.types import Digest, DigestSection, Line, Quote

PROMISE = "Every number is counted, and leads to the posts behind it."
COVERAGE_TITLE = "Sources and limits"
_MOST_CHARACTERS = 100
# A number that may lead somewhere: none in a quotation, a name, a date or a time.
_SHOWN = re.compile(
    r"“[^”]*”|\d\d?:\d\d|\d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
    r"|(?<!\w)\d+(?:[.,]\d+)*(?:\N{NO-BREAK SPACE}%)?(?!\w)"
)
# The figures that the headlines tell, where their numbers are looked for.
_TOLD = (*MAIN, "posts_change", "complaints", "topics_", "posts_by_topic", "discovered_topics")


def to_text(digest: Digest) -> str:
    """The digest for a terminal or a plain-text message."""
    lines = [name_summary(digest.period, digest.scope), digest.dates, "", *digest.sentences]
    if digest.coverage:
        lines += ["", COVERAGE_TITLE, *(f"  {sentence}" for sentence in digest.coverage)]
    for section in digest.sections:
        lines += ["", section.title, *_to_rows(section)]
        lines += [f"  {section.note}"] if section.note else []
        lines += [f"  {_to_quote(quote)}" for quote in section.quotes]
    return "\n".join(lines)


def to_html(digest: Digest, for_paper: bool = False, appendix: Appendix | None = None, company: str = "") -> str:
    """The digest as one page that fetches nothing; everything from outside is escaped. On paper it is always light.

    With an appendix every number leads to its posts, further down in the page.
    """
    appendix = appendix or Appendix()
    return _load_template().render(
        digest=digest,
        appendix=appendix,
        anchors=appendix.anchors,
        company=company,
        first=[section for section in digest.sections if section.is_first],
        rest=[section for section in digest.sections if not section.is_first],
        link=lambda text, figures: _link_numbers(text, figures, appendix.anchors),
        told=[figure for name in _TOLD for figure in digest.figures if figure.name.startswith(name)],
        shorten=shorten,
        title=name_summary(digest.period, digest.scope),
        promise=PROMISE,
        coverage_title=COVERAGE_TITLE,
        for_paper=for_paper,
    )


def _link_numbers(text: str, figures: Iterable[Figure], anchors: Mapping[str, str]) -> Markup:
    """A sentence whose numbers lead to their posts; one number after the other takes the next figure of this value."""
    left = [figure for figure in figures if figure.name in anchors]
    parts, end = [], 0
    for found in _SHOWN.finditer(text):
        fits = (figure for figure in left if show_value(figure.value, figure.unit) == found[0])
        figure = next(fits, None)
        if figure:
            left.remove(figure)
            href = anchors[figure.name]
            parts += [Markup.escape(text[end : found.start()]), Markup('<a href="#{}">{}</a>').format(href, found[0])]
            end = found.end()
    return Markup("").join([*parts, Markup.escape(text[end:])])


def to_pdf(digest: Digest) -> bytes:
    """The same page as PDF. Raises InputError where what makes it is not installed."""
    hint = "Install it with the extra pdf (pip install '.[pdf]') and Pango, or print the HTML page from a browser."
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # the latter where Pango is missing
        raise InputError("PDF needs WeasyPrint, which is not there.", hint) from error
    return bytes(
        HTML(string=to_html(digest, for_paper=True), url_fetcher=_fetch_nothing).write_pdf(pdf_variant="pdf/ua-1")
    )


def _fetch_nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise InputError(f"The page wants {url}.", "A summary fetches nothing.")


@cache
def _load_template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = (files("assistant.reports.digest") / "page.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source)


def _to_rows(section: DigestSection) -> list[str]:
    if not section.lines:
        return []
    width = max(len(line.label) for line in section.lines)
    return [f"  {line.label:<{width}}  {_tell(line)}".rstrip() for line in section.lines]


def _tell(line: Line) -> str:
    return "  ".join(part for part in (line.text, line.change, line.note) if part)


def _to_quote(quote: Quote) -> str:
    why = f" ({quote.why})" if quote.why else ""
    return f"{quote.mention_id or quote.network}: {shorten(quote.text, _MOST_CHARACTERS)}{why}"


_FIGURE = ("period", "name", "value", "unit", "before", "change", "low", "high", "note", "coverage", "query")
_POST = ("mention_id", "network", "author", "created_at", "followers", "engagement", "url", "text")
# What a spreadsheet would run as a formula when it opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def figures_to_csv(figures: Iterable[Figure]) -> str:
    """A row a figure."""
    return _write(_FIGURE, ([getattr(figure, name) for name in _FIGURE] for figure in figures))


def posts_to_csv(posts: Iterable[Mention], is_hiding_authors: bool, known_names: Sequence[str]) -> str:
    """A row a post; where authors stay unnamed, neither the handle nor what leads to it, as an id may."""
    rows = []
    for post in posts:
        row = {name: getattr(post, name) for name in _POST} | {"created_at": post.created_at.isoformat()}
        if is_hiding_authors:
            row |= {"mention_id": "", "author": "", "url": "", "text": hide_handles(post.text, known_names)}
        rows.append(list(row.values()))
    return _write(_POST, rows)


def _write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_disarm(cell) for cell in row] for row in rows)
    return out.getvalue()


def _disarm(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
