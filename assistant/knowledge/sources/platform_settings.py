"""Sections of sources.yaml for platforms that are asked over their APIs."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from assistant.core.yaml_fields import Address, KeyName
from assistant.knowledge.sources.section import SourceSection

_SPACE_WITHIN = re.compile(r"(https?://[^?#]*?)/(?:spaces|display)/([^/?#]+)(?:/.*)?")


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
