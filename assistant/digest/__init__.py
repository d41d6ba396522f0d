"""Figures to the summary of a week, a month or a quarter: as text, Slack blocks, HTML, PDF and CSV."""

from assistant.digest.building import build_digest
from assistant.digest.exporting import figures_to_csv, posts_to_csv
from assistant.digest.naming import name_language, name_network, name_networks, name_period, shorten
from assistant.digest.overview import Overview
from assistant.digest.pages import COVERAGE_TITLE, PROMISE, to_html, to_pdf, to_text
from assistant.digest.parts import Digest, Line, Material, Quote, Section

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
    "posts_to_csv",
    "shorten",
    "to_html",
    "to_pdf",
    "to_text",
]
