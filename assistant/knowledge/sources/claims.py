"""The readers whom sources.yaml names for a file or page, also where somebody reads that by hand."""

from pathlib import Path

from assistant.knowledge.ingest.web import is_url
from assistant.knowledge.sources.section import SourceSection, is_within
from assistant.knowledge.sources.settings import FolderSection, PageSection, SourceSettings, WebsiteSection


def find_claimed(settings: SourceSettings, place: str) -> tuple[tuple[str, ...], ...]:
    """The lists of every source that a file's path or a page's address is part of."""
    found = ((section, _find_id(section, place)) for section in settings.sections)
    return tuple(
        dict.fromkeys(
            names
            for section, document_id in found
            if document_id is not None
            for names in section.find_readers(document_id)
        )
    )


def _find_id(section: SourceSection, place: str) -> str | None:
    """What a source calls it; None for what is no part of it."""
    match section:
        case FolderSection() if not is_url(place):
            folder, path = section.path.expanduser().resolve(), Path(place).resolve()
            return str(path.relative_to(folder)) if path.is_relative_to(folder) else None
        case PageSection() if is_url(place):
            return place if place.rstrip("/") in {url.rstrip("/") for url in section.urls} else None
        case WebsiteSection() if is_url(place):
            return place[len(section.url) :].strip("/") if is_within(place, section.url.rstrip("/")) else None
    return None
