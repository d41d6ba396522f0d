"""Sources of documents from sources.yaml: where each is, how often it is read, and keys by the name of a variable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError

from assistant.core.yaml_fields import Address, KeyName, PageAddress, SettingsSection
from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.errors import ConfigError
from assistant.knowledge.sources.platform_settings import (
    ConfluenceSection,
    IntercomSection,
    IssuesSection,
    NotionSection,
    ZendeskSection,
)
from assistant.knowledge.sources.section import SourceSection

MEND = "sources.example.yaml shows how it is written."


class FolderSection(SourceSection):
    """A folder of this machine; `address` says where staff open its documents."""

    kind: Literal["folder"]
    path: Path
    address: Address | None = None

    @property
    def place(self) -> str:
        """Its path."""
        return str(self.path)

    def find_readers(self, document_id: str) -> tuple[tuple[str, ...], ...]:
        """Of a link, both where it lies and where it leads count."""
        lists = super().find_readers(document_id)
        folder = self.path.expanduser().resolve()
        real = (folder / document_id).resolve() if self.folders else folder
        if not real.is_relative_to(folder):
            return lists
        return tuple(dict.fromkeys((*lists, *super().find_readers(real.relative_to(folder).as_posix()))))


class PageSection(SourceSection):
    """Single web pages."""

    kind: Literal["page"]
    urls: tuple[PageAddress, ...] = Field(min_length=1)

    @property
    def place(self) -> str:
        """The first of them."""
        more = len(self.urls) - 1
        return self.urls[0] + (f" and {more} more" if more else "")


def _check_repository(value: str) -> str:
    if value.startswith(("https://", "http://", "ssh://")):
        parts = urlsplit(value)
        if parts.password or (parts.username and parts.scheme != "ssh"):
            raise ValueError("must not hold a key: put it into .env and its name into token")
        is_fit = bool(parts.hostname)
    else:
        is_fit = bool(re.fullmatch(r"[\w.-]+@[\w.-]+:[^\s:]+|[/~][^\0]*", value))
    if not is_fit:
        raise ValueError("must be an address such as https://…, ssh://…, git@host:owner/name.git, or a path")
    return value


def _check_folder(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/"):
        raise ValueError("must be a path within the repository, such as docs")
    return value


class GitSection(SourceSection):
    """A folder of a git repository; its main branch unless another is named."""

    keys = ("token",)
    kind: Literal["git"]
    url: Annotated[str, AfterValidator(_check_repository)]
    branch: Annotated[str, Field(pattern=r"^[\w][\w./-]{0,200}$")] | None = None
    folder: Annotated[str, Field(max_length=300), AfterValidator(_check_folder)] | None = None
    user: Annotated[str, Field(pattern=r"^[\w.@+-]{1,100}$")] | None = None
    token: KeyName | None = None
    ssh_key: Path | None = None
    address: Address | None = None

    @property
    def place(self) -> str:
        """Its address, with the folder."""
        return f"{self.url} {self.folder or ''}".strip()


class WebsiteSection(SourceSection):
    """All pages below an address; `sitemap` is where it is not the one that robots.txt names."""

    kind: Literal["website"]
    url: PageAddress
    sitemap: PageAddress | None = None
    pages_a_second: float = Field(5.0, gt=0, le=1000)
    most_pages: int = Field(10_000, gt=0, le=200_000)

    @property
    def place(self) -> str:
        """Its address."""
        return self.url


FORMS: Mapping[str, type[SourceSection]] = {
    "folder": FolderSection,
    "page": PageSection,
    "website": WebsiteSection,
    "git": GitSection,
    "confluence": ConfluenceSection,
    "notion": NotionSection,
    "zendesk": ZendeskSection,
    "intercom": IntercomSection,
    "issues": IssuesSection,
}


class _Outline(SettingsSection):
    sources: tuple[Any, ...] = ()


@dataclass(frozen=True)
class SourceSettings:
    """The sources of one file, in its order; `lines` are those on which each begins."""

    sections: tuple[SourceSection, ...] = ()
    lines: tuple[int, ...] = ()

    def find(self, name: str) -> SourceSection:
        """A source by its name. Raises ConfigError."""
        for section in self.sections:
            if section.name == name:
                return section
        known = ", ".join(section.name for section in self.sections) or "none"
        raise ConfigError(f"There is no source {name}.", f"sources.yaml has: {known}.")

    @property
    def key_names(self) -> tuple[str, ...]:
        """The environment variables that hold keys."""
        found = (getattr(section, field) for section in self.sections for field in section.keys)
        return tuple(dict.fromkeys(name for name in found if name))


def load_sources(path: Path, is_needed: bool) -> SourceSettings:
    """Read sources.yaml; nothing without the file, unless it is needed. Raises ConfigError with file and line."""
    text = read_settings_file(path, is_needed, "SOURCES_FILE")
    return SourceSettings() if text is None else parse_sources(text, str(path))


def parse_sources(text: str, name: str) -> SourceSettings:
    """The text of sources.yaml, checked. No message ever repeats a value: it may be a key in a wrong place."""
    file = FieldsFile(name, MEND, is_each_once=False)
    outline = file.parse_form(text, _Outline, "sources", ["sources"])
    raw = outline.sources if outline else ()
    sections = tuple(_parse_section(file, name, number, fields) for number, fields in enumerate(raw))
    lines = tuple(file.line_of(("sources", number)) for number in range(len(raw)))
    for number, section in enumerate(sections):
        if any(other.name == section.name for other in sections[:number]):
            raise ConfigError(f"{name}, line {lines[number]}: this name is in the list twice.", MEND)
    return SourceSettings(sections, lines)


def _parse_section(file: FieldsFile, name: str, number: int, fields: Any) -> SourceSection:
    place = ("sources", number)
    if not isinstance(fields, dict):
        raise ConfigError(f"{name}, line {file.line_of(place)}: a source must hold fields, such as kind:", MEND)
    form = FORMS.get(str(fields.get("kind")))
    if form is None:
        line = file.line_of((*place, "kind") if "kind" in fields else place)
        raise ConfigError(f"{name}, line {line}: kind must be one of {', '.join(FORMS)}.", MEND)
    try:
        return form.model_validate(fields)
    except ValidationError as error:
        raise ConfigError(file.tell(error, list(form.model_fields), place), MEND) from None
