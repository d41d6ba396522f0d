"""From a section of sources.yaml to a source on a platform, with its key."""

import base64

from assistant.errors import ConfigError
from assistant.knowledge.sources.base.platform import Platform
from assistant.knowledge.sources.confluence.read import ConfluenceSource
from assistant.knowledge.sources.confluence.space import WikiSpace
from assistant.knowledge.sources.helpcentre.intercom import VERSION as INTERCOM_VERSION
from assistant.knowledge.sources.helpcentre.intercom import build_intercom
from assistant.knowledge.sources.helpcentre.zendesk import build_zendesk
from assistant.knowledge.sources.issues.read import build_github, build_gitlab
from assistant.knowledge.sources.notion.read import VERSION, NotionSource
from assistant.knowledge.sources.platform_settings import (
    ConfluenceSection,
    IntercomSection,
    IssuesSection,
    NotionSection,
    ZendeskSection,
)
from assistant.knowledge.sources.protocol import Source
from assistant.knowledge.sources.room import SourceRoom
from assistant.knowledge.sources.section import SourceSection


def build_platform_source(section: SourceSection, room: SourceRoom) -> Source:
    """The source of a section. Raises ConfigError."""
    match section:
        case ConfluenceSection():
            return _build_confluence(section, room)
        case NotionSection():
            key = _bear(room.find_key(section.token))
            mend = "Check the token, and that it may read content."
            platform = Platform("Notion", section.url, {**key, "Notion-Version": VERSION}, mend)
            return NotionSource(section.name, platform, room.now, section.audience)
        case ZendeskSection():
            return _build_zendesk(section, room)
        case IntercomSection():
            headers = {**_bear(room.find_key(section.token)), "Intercom-Version": INTERCOM_VERSION}
            platform = Platform("Intercom", section.url, headers, "Check the token, and that it may read articles.")
            return build_intercom(section.name, platform, section.audience)
        case IssuesSection():
            return _build_issues(section, room)
    raise ConfigError(f"Nothing reads sources of the kind {section.kind}.", "Update Earshot.")


def _build_confluence(section: ConfluenceSection, room: SourceRoom) -> ConfluenceSource:
    token = room.find_key(section.token)
    if section.is_cloud and token and not section.user:
        raise ConfigError(f"The source {section.name} needs user.", "Write the e-mail address that the token is of.")
    key = _sign(section.user, token) if section.user and token else _bear(token)
    mend = "Check url, user and token, and that its account may see the space."
    platform = Platform(f"Confluence ({section.name})", section.api_url, key, mend)
    space = WikiSpace(platform, section.space, section.page or "", section.is_cloud, section.attachments)
    return ConfluenceSource(section.name, space, room.max_bytes, section.audience)


def _build_zendesk(section: ZendeskSection, room: SourceRoom) -> Source:
    token = room.find_key(section.token)
    if token and not section.user:
        raise ConfigError(f"The source {section.name} needs user.", "Write the e-mail address that the token is of.")
    key = _sign(f"{section.user}/token", token) if token else {}
    platform = Platform("Zendesk", section.url, key, "Check url, locale, user and token.")
    return build_zendesk(section.name, platform, section.locale or "", section.audience)


def _build_issues(section: IssuesSection, room: SourceRoom) -> Source:
    who = "GitLab" if section.is_gitlab else "GitHub"
    mend = "Check url and token, and that it may read issues."
    platform = Platform(who, section.api_url, _bear(room.find_key(section.token)), mend)
    build = build_gitlab if section.is_gitlab else build_github
    return build(section.name, platform, section.project, section.audience)


def _bear(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _sign(user: str, token: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{token}'.encode()).decode()}"}
