"""Numbers to pictures with matplotlib: readable on a phone, safe for colour-blind eyes, in light and dark."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from warnings import catch_warnings, filterwarnings

_WIDTH_INCHES = 3.7  # as wide as a phone: letters keep their size there, and grow on a desk
_ROW_INCHES, _EDGE_INCHES = 0.3, 0.55
_TREND_INCHES = 2.4
_PNG_DOTS = 240
_MOST_LETTERS = 20
_MOST_TICKS = 8
_FONT = "DejaVu Sans"  # comes with matplotlib: the same pixels on every machine
# For signs that it lacks, where they are installed; a script that none of them has is drawn as boxes.
_OTHER_FONTS = (
    *("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans CJK KR", "WenQuanYi Zen Hei"),
    *("Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai", "Noto Emoji", "Symbola"),
)
# matplotlib's settings are the process's, and two pictures may be wanted at the same moment.
_DRAWING = Lock()


@dataclass(frozen=True)
class ChartTheme:
    """Colours of one background. Orange, blue and greys differ in lightness too, for eyes that see no hue."""

    page: str
    ink: str
    soft: str
    line: str
    bar: str
    series: tuple[str, ...]  # negative, neutral, unsure, positive


LIGHT = ChartTheme("#ffffff", "#1b1f24", "#57606a", "#d0d7de", "#0b6e99", ("#c4480a", "#59626c", "#8a939d", "#0b6e99"))
DARK = ChartTheme("#0d1117", "#e6edf3", "#9da7b1", "#30363d", "#56b4e9", ("#ff9248", "#a6adb5", "#6e7681", "#56b4e9"))


@dataclass(frozen=True)
class Chart:
    """A chart: `stacked` bars over time, or `bars` for labels, each with a mark of `marks` if there are any.

    `alt` says in words what the picture shows.
    """

    name: str
    kind: str
    title: str
    alt: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    marks: tuple[float | None, ...] = ()
    marks_name: str = ""

    @cached_property
    def svg(self) -> str:
        """The picture for a page: its colours are the page's CSS variables, its letters the page's own."""
        text = self.svg_on_white
        for value, name in _find_variables(LIGHT):
            text = text.replace(value, f"var(--{name})")
        return text

    @cached_property
    def svg_on_white(self) -> str:
        """The picture for paper."""
        text = _draw(self, LIGHT, "svg").decode()
        text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
        text = text.replace(f"'{_FONT}'", "system-ui, sans-serif")
        text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{self.name}-", text)
        return re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', self._build_tag, text, count=1)

    def png(self, theme: ChartTheme = LIGHT) -> bytes:
        """The picture as a file for Slack or a document, on an opaque background."""
        return _draw(self, theme, "png")

    def _build_tag(self, found: re.Match[str]) -> str:
        from html import escape

        return f'<svg viewBox="{found[1]}" role="img" aria-label="{escape(self.alt)}">'


def _find_variables(theme: ChartTheme) -> list[tuple[str, str]]:
    names = ("negative", "neutral", "unsure", "positive")
    # `bar` is the colour of positive too: whichever comes first stands for both.
    return [
        *zip(theme.series, names, strict=True),
        *((value, name) for name, value in vars(theme).items() if isinstance(value, str)),
    ]


def _draw(chart: Chart, theme: ChartTheme, form: str) -> bytes:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows = 0 if chart.kind == "stacked" else len(chart.labels)
    height = _TREND_INCHES if chart.kind == "stacked" else _EDGE_INCHES + _ROW_INCHES * rows
    # Not pyplot, which keeps every picture in a list of the process.
    style: Any = {"font.family": _find_fonts(), "font.size": 9, "svg.fonttype": "none", "svg.hashsalt": chart.name}
    with _DRAWING, rc_context(style), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure = Figure((_WIDTH_INCHES, height), layout="constrained", facecolor=theme.page)
        axes = figure.add_subplot()
        _draw_frame(axes, theme)
        (_draw_stacked if chart.kind == "stacked" else _draw_bars)(axes, chart, theme)
        out = io.BytesIO()
        metadata = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, dpi=_PNG_DOTS, metadata=metadata)
    return out.getvalue()


def _find_fonts() -> list[str]:
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return [_FONT, *(name for name in _OTHER_FONTS if name in there)]


def _draw_frame(axes: Any, theme: ChartTheme) -> None:
    axes.set_facecolor(theme.page)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=theme.soft, length=0)


def _draw_stacked(axes: Any, chart: Chart, theme: ChartTheme) -> None:
    places = range(len(chart.labels))
    floor = [0.0] * len(chart.labels)
    for (name, values), colour in zip(chart.series, theme.series, strict=True):
        if any(values):
            axes.bar(places, values, 0.78, bottom=floor, color=colour, label=name, edgecolor=theme.page, linewidth=0.6)
        floor = [low + value for low, value in zip(floor, values, strict=True)]
    step = -(-len(chart.labels) // _MOST_TICKS)
    axes.set_xticks(list(places)[::step], _name_ticks(chart.labels[::step]))
    axes.yaxis.grid(visible=True, color=theme.line, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    _draw_legend(axes, theme, 4)


def _draw_bars(axes: Any, chart: Chart, theme: ChartTheme) -> None:
    values = chart.series[0][1]
    places = list(range(len(values)))[::-1]
    axes.barh(places, values, 0.62, color=theme.bar, label=chart.series[0][0])
    ends = [max(value, mark or 0) for value, mark in zip(values, chart.marks or values, strict=True)]
    for place, value, end in zip(places, values, ends, strict=True):
        axes.annotate(
            _show_number(value), (end, place), (8, 0), textcoords="offset points", va="center", color=theme.ink
        )
    marked = [(mark, place) for mark, place in zip(chart.marks, places, strict=False) if mark is not None]
    if marked:
        axes.tick_params(axis="y", pad=7)  # a mark at nought would cover the labels' ends
        look: Any = {"ms": 5, "mfc": theme.page, "mec": theme.ink, "clip_on": False, "zorder": 3}
        axes.plot(*zip(*marked, strict=True), "D", label=chart.marks_name, **look)
        _draw_legend(axes, theme, 2)
    axes.set_yticks(places, [_cut(label) for label in chart.labels], color=theme.ink)
    axes.set_xlim(0, max([1e-9, *ends]) * 1.2)
    axes.set_xticks([])


def _draw_legend(axes: Any, theme: ChartTheme, columns: int) -> None:
    handles, names = axes.get_legend_handles_labels()
    # Lines come before bars by themselves; what is drawn large is named first.
    order = sorted(range(len(names)), key=lambda place: hasattr(handles[place], "get_marker"))
    axes.legend(
        [handles[place] for place in order],
        [names[place] for place in order],
        # Long labels leave little room at the right, and none of it for words that go beyond the edge.
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=columns,
        frameon=False,
        labelcolor=theme.ink,
        borderpad=0.2,
        handlelength=1,
        handletextpad=0.4,
        columnspacing=1,
    )


def _name_ticks(labels: Sequence[str]) -> list[str]:
    """`Mon 9 Nov`, `Tue 10 Nov` on two lines each, the month only where it begins: there is no room for more."""
    ticks, month = [], ""
    for label in labels:
        weekday, _, rest = label.partition(" ")
        day, _, name = rest.partition(" ")
        ticks.append(f"{weekday}\n{day} {name if name != month else ''}".rstrip())
        month = name
    return ticks


def _cut(label: str) -> str:
    return label if len(label) <= _MOST_LETTERS else label[: _MOST_LETTERS - 1].rstrip() + "…"


def tell_values(labels: Sequence[str], values: Sequence[float]) -> str:
    """Labels with their values, as an alt text lists them."""
    return ", ".join(f"{label} {_show_number(value)}" for label, value in zip(labels, values, strict=True))


def _show_number(value: float) -> str:
    """A number with all its digits before the point, thousands apart, and two behind it at most."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")
