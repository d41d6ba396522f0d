"""A folder of a git repository: what changed between the commit that was read and the one that is there now."""

import re
from pathlib import PurePosixPath

from assistant.domain import Audience
from assistant.errors import OPERATOR, CursorExpiredError, InputError
from assistant.knowledge.ingest.owners import CODEOWNERS_PLACES
from assistant.knowledge.sources.folder.read import FolderSource
from assistant.knowledge.sources.git.clone import Clone
from assistant.knowledge.sources.protocol import SourcePage

_HOSTS = {"github.com": "blob/{branch}", "gitlab.com": "-/blob/{branch}", "bitbucket.org": "src/{branch}"}
_WHERE = re.compile(r"(?:https://|ssh://(?:git@)?|git@)([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?")
_CLOSED = " closed"  # behind the commit in a cursor: asked to be public, and not open to everybody
_WHO_KNOWS = frozenset({*CODEOWNERS_PLACES, ".mailmap"})


class GitSource:
    """Documents are the files as they lie in the repository; the cursor is the commit that was read."""

    def __init__(
        self,
        root: str,
        clone: Clone,
        url: str,
        max_bytes: int,
        folder: str = "",
        audience: Audience | None = None,
        address: str | None = None,
    ) -> None:
        self.root = root
        self._clone = clone
        self._url = url
        self._max_bytes = max_bytes
        self._folder = folder.strip("/")
        self._audience = audience
        self._address = address
        self._is_closed = False

    def read(self, cursor: str) -> SourcePage:
        """All files at first, and where owners or readers changed; later those that differ from the commit read."""
        head, branch = self._clone.find_head()
        self._is_closed = self._audience is Audience.PUBLIC and not self._clone.is_open()
        mark = _CLOSED if self._is_closed else ""
        if head + mark == cursor:
            return SourcePage((), next=cursor)
        now = self._clone.fetch(branch)
        files = self._open(branch)
        before = cursor.removesuffix(_CLOSED)
        if not cursor:
            return SourcePage(files.offer(files.found), next=now + mark, listed=files.list_ids())
        if not self._clone.knows(before):
            raise CursorExpiredError(f"The commit {before[:12]} is not there any more.")
        files.changed_at = self._clone.find_time(now)
        changed, deleted = self._clone.list_changes(before, now, "")
        if _WHO_KNOWS & (changed | deleted) or cursor != before + mark:
            return SourcePage(files.offer(files.found), next=now + mark, listed=files.list_ids())
        ids = {self._to_id(path) for path in changed}
        return SourcePage(
            files.offer([file for file in files.found if file.document_id in ids]),
            frozenset(filter(None, map(self._to_id, deleted))),
            now + mark,
        )

    def list_ids(self) -> frozenset[str]:
        """The files of the newest commit."""
        _, branch = self._clone.find_head()
        self._clone.fetch(branch)
        return self._open(branch).list_ids()

    def _open(self, branch: str) -> FolderSource:
        folder = self._clone.folder / self._folder
        if not folder.is_dir():
            raise InputError(
                f"The repository {self._url} has no folder {self._folder}.",
                "Check folder in sources.yaml.",
                in_slack=OPERATOR,
            )
        address = self._address or find_page_rule(self._url, branch, self._folder)
        audience = Audience.INTERNAL if self._is_closed else self._audience
        return FolderSource(folder, self._max_bytes, audience, address, root=self.root, is_repository=True)

    def _to_id(self, path: str) -> str:
        below = PurePosixPath(path)
        return str(below.relative_to(self._folder)) if below.is_relative_to(self._folder) else ""


def find_page_rule(url: str, branch: str, folder: str) -> str | None:
    """How the addresses of a repository's files are made, where its host is a known one."""
    found = _WHERE.fullmatch(url)
    rule = _HOSTS.get(found[1].lower()) if found else None
    if not found or not rule:
        return None
    within = f"{folder}/" if folder else ""
    return f"https://{found[1].lower()}/{found[2]}/{rule.format(branch=branch)}/{within}{{path}}"
