"""Figures to the summary of a week, a month or a quarter: as text, Slack blocks, HTML, PDF and CSV."""

from assistant.reports.digest.build import Overview, build_digest
from assistant.reports.digest.export import (
    COVERAGE_TITLE,
    PROMISE,
    figures_to_csv,
    posts_to_csv,
    to_html,
    to_pdf,
    to_text,
)
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
from assistant.reports.digest.types import Digest, DigestSection, Line, Material, Quote, quote_post

__all__ = [
    "COVERAGE_TITLE",
    "PROMISE",
    "Digest",
    "DigestSection",
    "Line",
    "Material",
    "Overview",
    "Quote",
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
