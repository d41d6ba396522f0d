"""Figures to sections about what was said: days, feeling, topics, networks, countries, people, posts."""

from collections.abc import Callable
from dataclasses import replace

from assistant.domain import Figure
from assistant.reports.charts import Chart, tell_values
from assistant.reports.digest.names import (
    name_country,
    name_day,
    name_language,
    name_network,
    name_networks,
    show_change,
    show_value,
)
from assistant.reports.digest.types import DigestSection, Line, Material, Quote, quote, quote_examples
from assistant.reports.figures import find, group, label_of, name_kind, table, value

_MOST_BARS = 10
_FEELINGS = ("negative", "neutral", "unsure", "positive")
_TRIAGE = {"reply": "need a reply", "watch": "monitor", "ignore": "no action"}
_UNSORTED = "not sorted yet"
_MOVES = {"rising": "rising", "falling": "falling", "new": "new"}
Name = Callable[[str], str]


def build_sections_of_posts(material: Material) -> list[DigestSection]:
    """The sections about posts, in the order in which a manager asks."""
    return [
        build_trend(material),
        _build_feeling(material),
        _build_topics(material),
        _build_discovered(material),
        _add_rest(material, build_table(material, "What people want", "posts_by_intent"), "intent", _UNSORTED),
        _add_rest(
            material,
            build_table(material, "What the posts need", "posts_by_triage", _TRIAGE.__getitem__),
            "sorting",
            _UNSORTED,
        ),
        _build_networks(material),
        build_table(material, "Share of voice, ours and competitors'", "share_of_voice"),
        _add_rest(
            material, build_table(material, "Languages", "posts_by_language", name_language), "language", "unknown"
        ),
        _build_countries(material),
        _build_posts(material),
        *_build_people(material),
    ]


def build_table(material: Material, title: str, name: str, tell: Name = str) -> DigestSection:
    """One query's figures as a table; empty where all are 0."""
    figures = group(material.figures, name)
    if not any(figure.value for figure in figures):
        return DigestSection(title)
    return DigestSection(title, tuple(build_line(figure, tell(label_of(figure))) for figure in figures))


def _add_rest(material: Material, section: DigestSection, name: str, label: str) -> DigestSection:
    """The table with a last row for the posts that are in none of the others, so that it adds up."""
    rest = find(material.figures, f"posts_without.{name}")
    if not section.lines or rest is None or not rest.value:
        return section
    return replace(section, lines=(*section.lines, build_line(rest, label)))


def build_line(figure: Figure, label: str) -> Line:
    """One figure as a row."""
    number = float(figure.value) if isinstance(figure.value, int | float) else 0.0
    change = show_change(figure.change, figure.unit)
    return Line(label, number, show_value(figure.value, figure.unit), figure.name, change, figure.note)


def build_bars(material: Material, name: str, section: DigestSection) -> Chart | None:
    """Bars for a table's largest rows, with marks for the period before where it can be compared."""
    lines = section.lines[:_MOST_BARS]
    if not lines:
        return None
    by_name = {figure.name: figure for figure in material.figures}
    before = tuple(by_name[line.figure].before for line in lines)
    kind = name_kind(material.period)
    values = tuple(line.value for line in lines)
    labels = tuple(line.label for line in lines)
    marks = before if any(mark is not None for mark in before) else ()
    alt = f"Bars. {section.title}: {tell_values(labels, values)}."
    if marks:
        alt += f" The {kind} before: {tell_values(labels, [mark or 0 for mark in marks])}."
    return Chart(name, "bars", section.title, alt, labels, ((f"this {kind}", values),), marks, f"the {kind} before")


def build_trend(material: Material) -> DigestSection:
    """Posts day by day, with their feeling as a picture."""
    section = build_table(material, "Posts a day", "posts_by_day", name_day)
    if not section.lines:
        return section
    kind = "week" if name_kind(material.period) == "quarter" else "day"
    counts = {figure.name: float(figure.value or 0) for figure in group(material.figures, "sentiment_by_day")}
    days = [row["label"] for row in table(material.figures, "posts_by_day")]
    series = tuple(
        (feeling, tuple(counts.get(f"sentiment_by_day.{day}.{feeling}", 0.0) for day in days)) for feeling in _FEELINGS
    )
    labels = tuple(line.label for line in section.lines)
    parts = "; ".join(f"{name}: {tell_values(labels, values)}" for name, values in series if any(values))
    alt = f"Stacked bars, posts a {kind} by sentiment. {parts}."
    title = f"Posts a {kind}, by sentiment"
    return DigestSection(title, section.lines, Chart("trend", "stacked", title, alt, labels, series), is_first=True)


def _build_feeling(material: Material) -> DigestSection:
    section = build_table(material, "Sentiment", "posts_by_sentiment")
    net = find(material.figures, "net_sentiment")
    if not section.lines or net is None:
        return section
    notes = {line.note for line in section.lines if line.note}
    lines = tuple(Line(x.label, x.value, x.text + _tell_bar(material, x), x.figure, x.change) for x in section.lines)
    text = f"Net sentiment {show_value(net.value)} (positive % minus negative %)."
    changed = f" {show_change(net.change, 'points')} against before." if net.change else ""
    known = "The ranges are 95 % error bars from checked posts." if len(notes) > 1 else "".join(notes)
    section = DigestSection(section.title, lines, note=f"{text}{changed} {known}".strip())
    return _add_rest(material, section, "sorting", _UNSORTED)


def _tell_bar(material: Material, line: Line) -> str:
    figure = find(material.figures, line.figure)
    if figure is None or figure.low is None or figure.high is None:
        return ""
    return f" ({figure.low:,.0f} to {figure.high:,.0f})"


def _build_topics(material: Material) -> DigestSection:
    section = build_table(material, "Topics", "posts_by_topic")
    moves = [(move, figure) for move in _MOVES for figure in group(material.figures, f"topics_{move}")]
    told = {label_of(figure): move for move, figure in moves}
    lines = tuple(
        Line(x.label, x.value, x.text, x.figure, x.change, told.get(x.label, "")) for x in section.lines[:_MOST_BARS]
    )
    quotes: tuple[Quote, ...] = ()
    for move, figure in moves[:4]:
        quotes += quote_examples(material, figure.name, 2, f"{label_of(figure)}, {move}")
    for line in lines[: 3 if not quotes else 0]:
        quotes += quote_examples(material, line.figure, 1, line.label)
    section = DigestSection(section.title, lines)
    section = DigestSection(section.title, lines, build_bars(material, "topics", section), quotes)
    return _add_rest(material, section, "topic", "no topic")


def _build_discovered(material: Material) -> DigestSection:
    section = build_table(material, "Topics discovered in the posts", "discovered_topics")
    quotes = [quote_examples(material, line.figure, 1, line.label) for line in section.lines[:3]]
    return DigestSection(section.title, section.lines, quotes=tuple(found for some in quotes for found in some))


def _build_networks(material: Material) -> DigestSection:
    names = name_networks([row["label"] for row in table(material.figures, "posts_by_network")])
    section = build_table(material, "Networks", "posts_by_network", names.__getitem__)
    return DigestSection(section.title, section.lines, build_bars(material, "networks", section))


def _build_countries(material: Material) -> DigestSection:
    section = build_table(material, "Countries", "posts_by_country", name_country)
    if not section.lines:
        return section
    without = value(material.figures, "posts_without_country")
    note = f"Country unknown: {show_value(without)} posts."
    return DigestSection(section.title, section.lines, build_bars(material, "countries", section), note=note)


def _build_posts(material: Material) -> DigestSection:
    quotes = []
    for figure in group(material.figures, "posts_that_mattered"):
        for post in material.examples.get(figure.name, ()):
            quotes.append(quote(material, post, figure.note))
    return DigestSection("Posts that mattered, and why", quotes=tuple(quotes))


def _build_people(material: Material) -> list[DigestSection]:
    kinds = (("Advocates", "advocates"), ("Critics", "critics"), ("Most followed", "influencers"))
    return [
        DigestSection(
            f"People worth knowing: {title.lower()}",
            tuple(
                Line(_name_person(label_of(figure)), float(figure.value or 0), figure.note, figure.name)
                for figure in group(material.figures, name)
            ),
        )
        for title, name in kinds
    ]


def _name_person(label: str) -> str:
    network, _, author = label.partition("/")
    return f"{author}, {name_network(network)}"
