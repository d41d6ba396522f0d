"""Figures to the summary of a week, a month or a quarter: as text, Slack blocks, HTML, PDF and CSV."""

from assistant.reports.digest.build import build_digest
from assistant.reports.digest.export import COVERAGE_TITLE, PROMISE, to_html, to_pdf, to_text
from assistant.reports.digest.exporting import figures_to_csv, posts_to_csv
from assistant.reports.digest.names import (
    name_language,
    name_network,
    name_networks,
    name_period,
    name_scope,
    name_summary,
    shorten,
    show_value,
)
from assistant.reports.digest.overview import Overview
from assistant.reports.digest.quoting import quote_post
from assistant.reports.digest.types import Digest, Line, Material, Quote, Section

__all__ = [
    "COVERAGE_TITLE",
    "PROMISE",
    "Digest",
    "Line",
    "Material",
    "Overview",
    "Quote",
    "Section",
    "build_digest",
    "figures_to_csv",
    "name_language",
    "name_network",
    "name_networks",
    "name_period",
    "name_scope",
    "name_summary",
    "posts_to_csv",
    "quote_post",
    "shorten",
    "show_value",
    "to_html",
    "to_pdf",
    "to_text",
]
