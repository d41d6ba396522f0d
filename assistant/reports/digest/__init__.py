"""Figures to the summary of a week, a month or a quarter: as text, Slack blocks, HTML, PDF and CSV."""

from assistant.digest.building import build_digest
from assistant.digest.exporting import figures_to_csv, posts_to_csv
from assistant.digest.naming import (
    name_language,
    name_network,
    name_networks,
    name_period,
    name_scope,
    name_summary,
    shorten,
    show_value,
)
from assistant.digest.overview import Overview
from assistant.digest.pages import COVERAGE_TITLE, PROMISE, to_html, to_pdf, to_text
from assistant.digest.parts import Digest, Line, Material, Quote, Section
from assistant.digest.quoting import quote_post

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
