"""From a section of sources.yaml to the source that it describes. Nothing is asked before it is read."""

from pathlib import Path

from assistant.knowledge.sources.folder.read import FolderSource
from assistant.knowledge.sources.git.clone import Clone, RepositoryAddress
from assistant.knowledge.sources.git.read import GitSource
from assistant.knowledge.sources.page.read import PageSource, name_page
from assistant.knowledge.sources.platform_registry import build_platform_source
from assistant.knowledge.sources.protocol import Source
from assistant.knowledge.sources.room import SourceRoom
from assistant.knowledge.sources.section import SourceSection
from assistant.knowledge.sources.settings import FolderSection, GitSection, PageSection, WebsiteSection
from assistant.knowledge.sources.website.read import WebsiteSource
from assistant.knowledge.sources.website.site import VisitedSite


def build_source(section: SourceSection, room: SourceRoom) -> Source:
    """The source of a section. Raises ConfigError and SourceError for a place that cannot be meant."""
    match section:
        case FolderSection():
            path = section.path.expanduser().resolve()
            return FolderSource(path, room.max_bytes, section.audience, section.address)
        case PageSection():
            urls = {name_page(url): url for url in section.urls}
            return PageSource(section.name, urls, room.max_bytes, section.audience)
        case GitSection():
            return _build_git(section, room)
        case WebsiteSection():
            site = VisitedSite(section.url, section.pages_a_second, room.max_bytes)
            return WebsiteSource(section.name, site, section.audience, section.sitemap or "", section.most_pages)
    return build_platform_source(section, room)


def _build_git(section: GitSection, room: SourceRoom) -> GitSource:
    key = str(section.ssh_key.expanduser()) if section.ssh_key else ""
    url = str(Path(section.url).expanduser()) if section.url.startswith("~") else section.url
    address = RepositoryAddress(url, section.branch or "", section.user or "", room.find_key(section.token), key)
    clone = Clone(room.folder / f"{section.name}.clone", address)
    folder = section.folder or ""
    return GitSource(section.name, clone, url, room.max_bytes, folder, section.audience, section.address)


def find_root(section: SourceSection) -> str:
    """The source of its Documents: a folder's path, and elsewhere the name."""
    return str(section.path.expanduser().resolve()) if isinstance(section, FolderSection) else section.name
