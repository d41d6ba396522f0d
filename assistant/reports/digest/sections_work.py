"""Figures to sections about what we did: replies, drafts, documents that are missing, costs, aims."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from assistant.domain import Figure, Mention
from assistant.knowledge.sources.standing import tell_duration
from assistant.reports.charts import Chart, tell_values
from assistant.reports.digest.names import name_network, shorten, show_value
from assistant.reports.digest.sections_posts import Name, build_line, build_table
from assistant.reports.digest.types import DigestSection, Line, Material, quote
from assistant.reports.figures import find, group, label_of, value
from assistant.reports.figures.goals import LEAST_BASE
from assistant.reports.figures.topics import MOST_POSTS, Theme

_STAGES = ("written to found", "found to drafted", "drafted to approved", "approved to sent")
_RESPONSE = (
    ("answered_share", "response rate"),
    ("sla_kept", "within target"),
    ("hours_to_reply", "median response time"),
    ("hours_to_reply_90th", "90th percentile"),
    ("calendar_hours_to_reply", "customer wait"),
    ("edit_distance", "of a draft's words changed by people's edits"),
)
_MOST_GAPS = 8


def build_goals(material: Material) -> DigestSection:
    """Each aim of the company beside its figure."""
    lines = tuple(
        Line(
            standing.goal.aim,
            standing.value or 0,
            show_value(standing.value, standing.unit),
            standing.goal.measure,
            note=f"{standing.goal.target} by {standing.goal.by:%d %b %Y}: {standing.verdict}",
        )
        for standing in material.standings
    )
    return DigestSection("Our aims", lines, is_first=True)


def build_sections_of_work(material: Material) -> list[DigestSection]:
    """The sections about our work."""
    return [
        build_response(material),
        build_stages(material),
        build_table(material, "Answered, by network", "answered_share_by_network", name_network),
        build_table(material, "Answered, by topic", "answered_share_by_topic"),
        _build_times(material, "Time to reply, by network", "hours_to_reply_by_network", name_network),
        _build_times(material, "Time to reply, by topic", "hours_to_reply_by_topic"),
        build_table(material, "Decisions on drafts", "drafts_by_decision"),
        build_table(material, "Why drafts were rejected", "reasons_for_rejecting"),
        build_table(material, "How customers felt after our reply", "feeling_after_reply"),
        _build_promises(material),
        _build_themes(
            material,
            "Questions that no public document answers",
            material.unanswered,
            "customer_questions_without_document",
        ),
        _build_gaps(material),
        _build_themes(material, "Ideas: what customers want", material.ideas, "ideas"),
        _build_freshness(material),
        _build_costs(material),
        _build_maturity(material),
    ]


def build_response(material: Material) -> DigestSection:
    """Build the section on response rate and times."""
    lines = [
        build_line(figure, label)
        for name, label in _RESPONSE
        if (figure := find(material.figures, name)) and figure.value is not None and _says_something(figure)
    ]
    return DigestSection("Our replies", tuple(lines), is_first=True)


def _says_something(figure: Figure) -> bool:
    """Nine of ten are told of ten at least."""
    return not figure.name.endswith("_90th") or figure.base is None or figure.base >= LEAST_BASE


def build_stages(material: Material) -> DigestSection:
    """Build the section on how long each stage from the post to the reply took, with a picture."""
    title = "Where the time goes, in working hours"
    nineties = {label_of(figure): figure.value for figure in group(material.figures, "hours_to_reply_by_stage_90th")}
    if not any(nineties.values()):
        return DigestSection(title)
    lines = list_stages(material)
    values, marks = tuple(line.value for line in lines), tuple(float(nineties[stage] or 0) for stage in _STAGES)
    alt = f"Bars. Median, in working hours: {tell_values(_STAGES, values)}. "
    alt += f"90th percentile: {tell_values(_STAGES, marks)}."
    chart = Chart("stages", "bars", title, alt, _STAGES, (("median", values),), marks, "90th percentile")
    cost = group(material.figures, "costliest_stage")
    note = (
        f"{label_of(cost[0]).capitalize()} takes most: {show_value(cost[0].value, 'percent')} of the time."
        if cost
        else ""
    )
    return DigestSection(title, lines, chart, note=note)


def _build_times(material: Material, title: str, name: str, tell: Name = str) -> DigestSection:
    """Half within and nine of ten within, of what was sent on a network or about a topic."""
    section = build_table(material, title, name, tell)
    nineties = {label_of(figure): figure for figure in group(material.figures, f"{name}_90th")}
    return replace(section, lines=tuple(_add_ninetieth(line, nineties) for line in section.lines))


def _add_ninetieth(line: Line, nineties: Mapping[str, Figure]) -> Line:
    ninetieth = nineties[line.figure.partition(".")[2]]
    return replace(line, text=f"{line.text}, 90th percentile {show_value(ninetieth.value, 'hours')}")


def list_stages(material: Material) -> tuple[Line, ...]:
    """Each stage with half and nine of ten, also where all took no time; none where nothing was sent."""
    medians = {label_of(figure): figure for figure in group(material.figures, "hours_to_reply_by_stage")}
    nineties = {label_of(figure): figure.value for figure in group(material.figures, "hours_to_reply_by_stage_90th")}
    return tuple(_build_stage(medians[stage], stage, nineties[stage]) for stage in _STAGES if stage in medians)


def _build_stage(median: Figure, stage: str, ninetieth: object) -> Line:
    text = f"{show_value(median.value, 'hours')}, 90th percentile {show_value(ninetieth, 'hours')}"
    return Line(stage, float(median.value or 0), text, median.name)


def _build_promises(material: Material) -> DigestSection:
    section = build_table(material, "What our replies promised", "promises")
    note = "Found by their words in our replies. Whether a later reply kept a promise, only a person can say."
    return DigestSection(section.title, section.lines, note=note if section.lines else "")


def _build_themes(material: Material, title: str, themes: Sequence[tuple[Theme, Mention]], name: str) -> DigestSection:
    quotes = []
    for theme, post in themes:
        count = len(theme.mention_ids)
        quotes.append(quote(material, post, f"{count} posts" if count > 1 else "1 post"))
    figure = find(material.figures, name)
    told = f"{show_value(figure.value)} posts; " if figure and themes else ""
    note = f"{told}similar posts are grouped (latest {MOST_POSTS})." if themes else ""
    return DigestSection(title, quotes=tuple(quotes), note=note, figure=name if themes else "")


def _build_gaps(material: Material) -> DigestSection:
    lines = tuple(
        Line(shorten(gap.question, 90), float(gap.count), f"asked {gap.count}×", note=", ".join(gap.nearest[:2]))
        for gap in material.gaps[:_MOST_GAPS]
    )
    asked, vain = value(material.figures, "questions_asked"), value(material.figures, "questions_unanswered")
    note = f"Colleagues asked {show_value(asked)} questions, {show_value(vain)} got no answer." if asked else ""
    return DigestSection("Unanswered staff questions", lines, note=note)


def _build_freshness(material: Material) -> DigestSection:
    lines = [
        Line(
            label_of(figure),
            float(figure.value or 0),
            f"{tell_duration(timedelta(minutes=float(figure.value or 0)))}, of {show_value(figure.base)} changes",
            figure.name,
        )
        for figure in group(material.figures, "minutes_to_answers_95th")
    ]
    recalls = find(material.figures, "replies_to_recall")
    if recalls and recalls.value:
        lines.append(build_line(recalls, "sent replies that rest on what was changed"))
    note = "Nineteen of twenty changes of a source were in answers within this time." if lines else ""
    return DigestSection("How fresh our answers are", tuple(lines), note=note)


def _build_costs(material: Material) -> DigestSection:
    calls = find(material.figures, "model_calls")
    lines = [build_line(calls, "calls of the chat model")] if calls and calls.value else []
    for figure in group(material.figures, "model_tokens"):
        lines.append(build_line(figure, f"tokens {label_of(figure)}"))
    for figure in group(material.figures, "network_readings"):
        lines.append(build_line(figure, f"readings of {name_network(label_of(figure))}"))
    minutes = find(material.figures, "minutes_spared")
    if minutes:
        lines.append(Line("minutes saved", minutes.high or 0, str(minutes.value), minutes.name))
    note = f"Assumed, not measured: {minutes.note}." if minutes else ""
    return DigestSection("Costs and time saved", tuple(lines), note=note)


def _build_maturity(material: Material) -> DigestSection:
    found = material.maturity
    if found is None:
        return DigestSection("How far we have come")
    if not found.next_stage:
        return DigestSection("How far we have come", note=f"Stage: {found.stage}, the last one.")
    needs = "; ".join(found.missing)
    note = f"Stage: {found.stage}. The next is {found.next_stage}; it needs: {needs}."
    return DigestSection("How far we have come", note=note)
