"""Sections of sources.yaml for platforms that are asked over their APIs."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from assistant.core.yaml_fields import Address, KeyName
from assistant.knowledge.sources.section import SourceSection

_SPACE_WITHIN = re.compile(r"(https?://[^?#]*?)/(?:spaces|display)/([^/?#]+)(?:/.*)?")

_HELP_WITHIN = re.compile(r"(https?://[^/?#]+)/hc(?:/([a-z]{2,3}(?:-[a-zA-Z0-9]{2,8})*))?(?:/.*)?")


class ConfluenceSection(SourceSection):
    """A space of Confluence, or what is below one `page` of it; `user` is the e-mail address of a key of the Cloud."""

    keys = ("token",)
    kind: Literal["confluence"]
    url: Address
    space: Annotated[str, Field(pattern=r"^[~\w.-]+$", max_length=255)]
    page: Annotated[str, Field(pattern=r"^\d{1,20}$")] | None = None
    user: Annotated[str, Field(max_length=200)] | None = None
    token: KeyName | None = None
    edition: Literal["cloud", "data center"] | None = None
    attachments: bool = True

    @model_validator(mode="before")
    @classmethod
    def _split_address(cls, fields: Any) -> Any:
        """Take the address of a space as people copy it from their browser."""
        found = _SPACE_WITHIN.fullmatch(str(fields.get("url"))) if isinstance(fields, dict) else None
        return {"space": found[2], **fields, "url": found[1]} if found else fields

    @property
    def is_cloud(self) -> bool:
        """Return whether it is Atlassian's own."""
        host = urlsplit(self.url).hostname or ""
        return self.edition == "cloud" or (not self.edition and host.endswith((".atlassian.net", "api.atlassian.com")))

    @property
    def api_url(self) -> str:
        """Where its API begins."""
        return f"{self.url}/wiki" if self.is_cloud and not self.url.endswith("/wiki") else self.url

    @property
    def place(self) -> str:
        """Its address, with the space."""
        return f"{self.url} {self.space}"


class NotionSection(SourceSection):
    """What of Notion is shared with the connection whose key this is."""

    keys = ("token",)
    kind: Literal["notion"]
    token: KeyName
    url: Address = "https://api.notion.com"

    @property
    def place(self) -> str:
        """What is read."""
        return "what is shared with the connection"


class ZendeskSection(SourceSection):
    """A help centre of Zendesk; without `user` and `token` what everybody sees. Without a locale all of them."""

    keys = ("token",)
    kind: Literal["zendesk"]
    url: Address
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*$")] | None = None
    user: Annotated[str, Field(max_length=200)] | None = None
    token: KeyName | None = None

    @model_validator(mode="before")
    @classmethod
    def _split_address(cls, fields: Any) -> Any:
        """Take the address of a help centre as people copy it from their browser."""
        found = _HELP_WITHIN.fullmatch(str(fields.get("url"))) if isinstance(fields, dict) else None
        if not found:
            return fields
        return {**({"locale": found[2]} if found[2] else {}), **fields, "url": found[1]}

    @property
    def place(self) -> str:
        """Its address."""
        return self.url


class IntercomSection(SourceSection):
    """A help centre of Intercom."""

    keys = ("token",)
    kind: Literal["intercom"]
    token: KeyName
    url: Address = "https://api.intercom.io"

    @property
    def place(self) -> str:
        """Where it is asked."""
        return self.url


class IssuesSection(SourceSection):
    """Issues and releases of a repository; `host` says which kind of host it is where its name does not."""

    keys = ("token",)
    kind: Literal["issues"]
    url: Address
    host: Literal["github", "gitlab"] | None = None
    token: KeyName | None = None

    @model_validator(mode="after")
    def _check_host(self) -> "IssuesSection":
        if not self.host and not {"github", "gitlab"} & set((urlsplit(self.url).hostname or "").split(".")):
            raise ValueError("host must be github or gitlab: the address does not say which")
        if "/" not in self.project:
            raise ValueError("url must be the address of a repository, such as https://github.com/owner/name")
        return self

    @property
    def project(self) -> str:
        """The repository's path at its host."""
        return urlsplit(self.url).path.strip("/").removesuffix(".git").removesuffix("/issues").removesuffix("/-")

    @property
    def is_gitlab(self) -> bool:
        """Return whether its host is a GitLab."""
        return self.host == "gitlab" or (not self.host and "gitlab" in (urlsplit(self.url).hostname or ""))

    @property
    def api_url(self) -> str:
        """Where the host's API begins."""
        parts = urlsplit(self.url)
        if self.is_gitlab:
            return f"{parts.scheme}://{parts.netloc}/api/v4"
        return "https://api.github.com" if parts.hostname == "github.com" else f"{parts.scheme}://{parts.netloc}/api/v3"

    @property
    def place(self) -> str:
        """Its address."""
        return self.url
