"""From a section of sources.yaml to the source that it describes. Nothing is asked before it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.errors import ConfigError
from assistant.knowledge.sources.folder.read import FolderSource
from assistant.knowledge.sources.git.clone import Clone, RepositoryAddress
from assistant.knowledge.sources.git.read import GitSource
from assistant.knowledge.sources.page.read import PageSource, name_page
from assistant.knowledge.sources.protocol import Source
from assistant.knowledge.sources.settings import FolderSection, GitSection, PageSection, SourceSection, WebsiteSection
from assistant.knowledge.sources.website.read import WebsiteSource
from assistant.knowledge.sources.website.site import VisitedSite


@dataclass(frozen=True)
class SourceRoom:
    """What sources need of the program: room for copies, the size of a document, keys by name, and the time."""

    folder: Path
    max_bytes: int
    read_key: Callable[[str], str]
    now: Callable[[], datetime]

    def find_key(self, name: str | None) -> str:
        """The value of a key by the name of its variable; empty for none. Raises ConfigError when it is not set."""
        value = self.read_key(name) if name else ""
        if name and not value:
            raise ConfigError(f"The key {name} is not set.", "Put it into .env, or into the environment.")
        return value


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
    raise ConfigError(f"Nothing reads sources of the kind {section.kind}.", "Update Earshot.")


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
