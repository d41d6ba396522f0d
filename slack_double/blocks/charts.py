"""Charts of a data_visualization block, with the limits that Slack's page and its refusals name."""

from typing import Any

from .checks import Check, Rule, array, by_type, number, shape, string
from .report import Report

_MOST_SEGMENTS = 6
_VALUE = number(-1e15, 1e15)
_LABEL = string(20, 1)
_POINT = shape({"label": _LABEL, "value": _VALUE})
_SERIES = shape({"name": _LABEL, "data": array(_POINT, 20, 1)})
_AXES = shape({"categories": array(_LABEL, 20, 1)}, {"x_label": string(50), "y_label": string(50)})


def _segments_are_positive(value: dict[str, Any], at: str, report: Report) -> None:
    for index, segment in enumerate(value["segments"]):
        if segment["value"] <= 0:
            report.error("must be more than 0", f"{at}/segments/{index}/value")


def _series_fit(value: dict[str, Any], at: str, report: Report) -> None:
    """Every series has one value for each category, and a name of its own."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) != len(categories):
        report.error("categories must be unique", f"{at}/axis_config/categories")
    names = [series["name"] for series in value["series"]]
    if len(set(names)) != len(names):
        report.error("series names must be unique", f"{at}/series")
    for index, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            report.error("data labels must match the categories", f"{at}/series/{index}/data")


def _over_categories(type_name: str) -> tuple[str, Check]:
    rule: Rule = _series_fit
    return type_name, shape({"series": array(_SERIES, 6, 1), "axis_config": _AXES}, {}, rule, type_name=type_name)


CHART = by_type(
    {
        "pie": shape({"segments": array(_POINT, _MOST_SEGMENTS, 1)}, {}, _segments_are_positive, type_name="pie"),
        **dict(map(_over_categories, ("line", "bar", "area"))),
    }
)
