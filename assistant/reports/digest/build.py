"""The material of a period to its Digest."""

from collections.abc import Callable
from dataclasses import replace

from assistant.domain import Audience, Figure
from assistant.reports.digest.headlines import tell_coverage, write_headlines
from assistant.reports.digest.names import name_day
from assistant.reports.digest.sections_posts import build_sections_of_posts
from assistant.reports.digest.sections_work import build_goals, build_sections_of_work
from assistant.reports.digest.types import Digest, Material, Section
from assistant.reports.figures import PUBLIC_NAMES

# Given the template's sentences and the figures, sentences that may take their place.
Tell = Callable[[tuple[str, ...], tuple[Figure, ...]], tuple[str, ...]]


def build_digest(material: Material, tell: Tell | None = None) -> Digest:
    """Put a period's figures in order; every number in its sentences is a figure's value."""
    material = restrict(material)
    headlines = write_headlines(material)
    made = build_sections_of_posts(material)
    if material.audience is Audience.INTERNAL:
        made = [build_goals(material), *made, *build_sections_of_work(material)]
    told = (section for section in made if section.lines or section.quotes or section.note)
    return Digest(
        period=material.period,
        dates=tell_dates(material),
        made_at=material.made_at,
        headlines=tell(headlines, material.figures) if tell else headlines,
        coverage=tell_coverage(material),
        sections=tuple(_without_empty_chart(section) for section in told),
        figures=material.figures,
        scope=material.scope,
    )


def restrict(material: Material) -> Material:
    """Only what this audience may see: outsiders see what was said in public, and neither our work nor our view of it.

    Figures that are left out can be in no sentence, no table and no file.
    """
    if material.audience is Audience.INTERNAL:
        return material
    shown = tuple(figure for figure in material.figures if figure.name.partition(".")[0] in PUBLIC_NAMES)
    matter = tuple(replace(f, note="") if f.name.startswith("posts_that_mattered.") else f for f in shown)
    return replace(material, figures=matter, coverages=())


def _without_empty_chart(section: Section) -> Section:
    """A picture of one bar, or of none, tells nothing that its table does not."""
    chart = section.chart
    return replace(section, chart=None) if chart and chart.kind == "bars" and len(chart.labels) < 2 else section


def tell_dates(material: Material) -> str:
    """From which day to which; nothing for a period without days."""
    if not material.days:
        return ""
    first, last = material.days[0].label, material.last_day
    return f"{name_day(first)} to {name_day(last)} {last[:4]}"
