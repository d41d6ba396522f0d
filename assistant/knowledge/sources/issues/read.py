"""Issues and releases as documents: what is known of a bug, whether it is open, and in which version it went away."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from pydantic import Field

from assistant.domain import Audience
from assistant.errors import NetworkError
from assistant.knowledge.sources.base.listed import ListedDocument, ListedSource
from assistant.knowledge.sources.base.platform import Payload, Platform, PlatformReply
from assistant.knowledge.sources.base.written import PlatformDocument

_TEAM = ("OWNER", "MEMBER", "COLLABORATOR")


class _Label(Payload):
    name: str = ""


class _Issue(Payload):
    number: int
    title: str
    body: str | None = None
    state: str
    html_url: str
    updated_at: datetime
    labels: tuple[_Label | str, ...] = ()
    pull_request: Mapping[str, object] | None = None


class _Comment(Payload):
    body: str | None = None
    issue_url: str
    author_association: str = ""


class _Release(Payload):
    id: int
    name: str | None = None
    tag_name: str
    body: str | None = None
    html_url: str
    draft: bool = False
    published_at: datetime | None = None


class _Issues(Payload):
    items: tuple[_Issue, ...]


class _Comments(Payload):
    items: tuple[_Comment, ...]


class _Releases(Payload):
    items: tuple[_Release, ...]


class _GitlabIssue(Payload):
    number: int = Field(alias="iid")
    title: str
    description: str | None = None
    state: str
    web_url: str
    updated_at: datetime
    labels: tuple[str, ...] = ()
    is_confidential: bool = Field(False, alias="confidential")


class _GitlabLinks(Payload):
    self: str | None = None


class _GitlabRelease(Payload):
    name: str | None = None
    tag_name: str
    description: str | None = None
    released_at: datetime | None = None
    links: _GitlabLinks = Field(_GitlabLinks(), alias="_links")
    is_upcoming: bool = Field(False, alias="upcoming_release")


class _GitlabIssues(Payload):
    items: tuple[_GitlabIssue, ...]


class _GitlabReleases(Payload):
    items: tuple[_GitlabRelease, ...]


def build_github(root: str, platform: Platform, project: str, audience: Audience | None) -> ListedSource:
    """Issues of a repository of GitHub with what its team answered, and its releases."""
    top = f"/repos/{project}"
    is_open = partial(_is_open, platform, top)
    listing = partial(_list_github, root, platform, top, is_open)
    return ListedSource(root, platform, listing, partial(_find_address, top, "issues", "releases"), audience)


def build_gitlab(root: str, platform: Platform, project: str, audience: Audience | None) -> ListedSource:
    """Issues of a project of GitLab, and its releases; confidential ones are closed."""
    top = f"/projects/{project.replace('/', '%2F')}"
    is_open = partial(_is_open, platform, f"{top}/issues?per_page=1")
    listing = partial(_list_gitlab, root, platform, top, is_open)
    return ListedSource(root, platform, listing, partial(_find_address, top, "issues", "releases"), audience)


def _find_address(top: str, issues: str, releases: str, key: str) -> str:
    kind, _, name = key.partition("/")
    return f"{top}/{issues if kind == 'issue' else releases}/{name.replace('/', '%2F')}"


def _is_open(platform: Platform, path: str) -> bool:
    plain = platform.without_key()
    try:
        return plain.is_there(path)
    finally:
        plain.close()


def _list_github(root: str, platform: Platform, top: str, is_open: Callable[[], bool]) -> Iterator[ListedDocument]:
    answers = _list_answers(platform, top)
    for page in platform.list_pages(f"{top}/issues?state=all&per_page=100", _Issues, _find_next):
        for one in page.items:
            if one.pull_request is None:
                names = [label if isinstance(label, str) else label.name for label in one.labels]
                text = _tell_issue(one.state, names, one.body or "", answers.get(one.number, []))
                yield _write(root, f"issue/{one.number}", one.title, one.html_url, text, one.updated_at, is_open)
    for releases in platform.list_pages(f"{top}/releases?per_page=100", _Releases, _find_next):
        for release in releases.items:
            title = f"Release {release.name or release.tag_name}"
            text = _tell_release(release.published_at, release.body or "")
            key, is_away = f"release/{release.id}", release.draft
            yield _write(root, key, title, release.html_url, text, release.published_at, is_open, is_away=is_away)


def _list_answers(platform: Platform, top: str) -> dict[int, list[str]]:
    """What the team wrote below issues, by number: what a stranger writes there is no knowledge of the company's."""
    found: dict[int, list[str]] = {}
    for page in platform.list_pages(f"{top}/issues/comments?per_page=100&sort=created", _Comments, _find_next):
        for comment in page.items:
            number = comment.issue_url.rstrip("/").rpartition("/")[2]
            if comment.author_association in _TEAM and number.isdigit() and comment.body:
                found.setdefault(int(number), []).append(comment.body)
    return found


def _list_gitlab(root: str, platform: Platform, top: str, is_open: Callable[[], bool]) -> Iterator[ListedDocument]:
    for page in platform.list_pages(f"{top}/issues?scope=all&per_page=100", _GitlabIssues, _find_next):
        for one in page.items:
            text = _tell_issue(one.state, list(one.labels), one.description or "", [])
            key = f"issue/{one.number}"
            closed = one.is_confidential
            yield _write(root, key, one.title, one.web_url, text, one.updated_at, is_open, closed)
    try:
        yield from _list_gitlab_releases(root, platform, top, is_open)
    except NetworkError as error:
        if error.status not in (403, 404):  # a project may have no releases at all
            raise


def _list_gitlab_releases(
    root: str, platform: Platform, top: str, is_open: Callable[[], bool]
) -> Iterator[ListedDocument]:
    for page in platform.list_pages(f"{top}/releases?per_page=100", _GitlabReleases, _find_next):
        for one in page.items:
            if not one.is_upcoming:
                text = _tell_release(one.released_at, one.description or "")
                title = f"Release {one.name or one.tag_name}"
                yield _write(root, f"release/{one.tag_name}", title, one.links.self, text, one.released_at, is_open)


def _write(
    root: str,
    key: str,
    title: str,
    url: str | None,
    text: str,
    changed_at: datetime | None,
    is_open: Callable[[], bool],
    is_closed: bool = False,
    is_away: bool = False,
) -> ListedDocument:
    content = text.encode("utf-8", errors="replace")
    document = PlatformDocument(root, key, title, url, Audience.INTERNAL, content, ".md", changed_at=changed_at)
    return ListedDocument(document, is_away, is_closed, is_open)


def _tell_issue(state: str, labels: list[str], body: str, answers: list[str]) -> str:
    """An issue's state before its text, so that an answer says whether it is still open."""
    is_open = state in ("open", "opened")
    told = [f"This issue is {'open: it is not solved yet' if is_open else 'closed'}."]
    if named := ", ".join(filter(None, labels)):
        told.append(f"Labels: {named}.")
    told += [body, *(f"The team answered:\n\n{answer}" for answer in answers)]
    return "\n\n".join(filter(None, told))


def _tell_release(released_at: datetime | None, body: str) -> str:
    return "\n\n".join(filter(None, (f"Released on {released_at:%Y-%m-%d}." if released_at else "", body)))


def _find_next(_page: object, reply: PlatformReply) -> str:
    return reply.next
