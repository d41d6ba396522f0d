"""A wiki as Confluence answers for it, by its public documentation: lists in parts, versions, restrictions, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes_api import Answer, ApiServer, Asked

KEY = "Bearer wiki-key"


@dataclass
class WikiPage:
    """A page, or a file (whose `page` is where it is attached)."""

    title: str
    text: str | bytes
    above: tuple[str, ...] = ()
    page: str = ""
    version: int = 1
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_public: bool = False
    kind: str = "page"
    space: str = "HELP"


@dataclass
class Wiki:
    """Answers like a Data Center, or with `top` /wiki like the Cloud; each list gives two entries a part."""

    server: ApiServer
    top: str = ""
    pages: dict[str, WikiPage] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    folders: dict[str, bool] = field(default_factory=dict)
    lost_cursors: int = 0
    key: str = KEY

    def __post_init__(self) -> None:
        self.server.find = self.answer

    def answer(self, asked: Asked) -> Answer | None:
        """What it answers; None for what it does not know."""
        path = asked.path.removeprefix(self.top)
        is_known = asked.headers.get("authorization") == self.key
        if not is_known and asked.headers.get("authorization"):
            return Answer({"message": "no"}, 401)
        parts = path.strip("/").split("/")
        if path in ("/rest/api/content", "/rest/api/content/search"):
            return self._list(asked, is_known)
        if path.startswith("/download/") or path.endswith("/download"):
            key = parts[-2] if path.endswith("/download") else parts[-1]
            return self._give(key, lambda page: Answer(page.text), is_known)
        if parts[-1] == "read":
            is_open = self.folders.get(parts[3])
            return None if is_open is None else Answer({"restrictions": _restrict((), () if is_open else ("staff",))})
        if path == "/api/v2/spaces":
            return Answer({"results": [{"id": "77", "key": "HELP"}]})
        if path.startswith(("/rest/api/content/", "/api/v2/")):
            return self._give(parts[3], lambda page: Answer(self._show(page)), is_known)
        return None

    def _give(self, key: str, build: Any, is_known: bool) -> Answer | None:
        page = self.pages.get(key)
        return build(page) if page and (is_known or page.is_public) else None

    def _show(self, page: WikiPage) -> Mapping[str, Any]:
        shown = {"value": page.text if page.kind != "attachment" else "", "representation": "export_view"}
        body: dict[str, Any] = {"status": "current", "title": page.title, "body": {"export_view": shown}}
        if page.kind == "attachment":
            return body | ({"pageId": page.page} if self.top else {"container": {"id": page.page}})
        return body | (
            {"spaceId": "77" if page.space == "HELP" else "78"} if self.top else {"space": {"key": page.space}}
        )

    def _list(self, asked: Asked, is_known: bool) -> Answer:
        kinds = _find_kinds(asked)
        found = [
            key
            for key, page in self.pages.items()
            if page.kind in kinds and page.space == "HELP" and key not in self.unlisted
        ]
        found = [key for key in found if is_known or self.pages[key].is_public]
        start = int(asked.query.get("start", 0))
        if start and self.lost_cursors:
            self.lost_cursors -= 1
            return Answer({"message": "cursor expired"}, 400)
        shown = [self._describe(key, asked) for key in found[start : start + 2]]
        links: dict[str, Any] = {"base": f"https://wiki.larkspur.example{self.top}", "context": self.top}
        if start + 2 < len(found):
            query = "&".join(f"{name}={value}" for name, value in asked.query.items() if name != "start")
            path = asked.path.removeprefix(self.top)
            links["next"] = f"{path}?{query.replace(' ', '%20')}&start={start + 2}"
        return Answer({"results": shown, "start": start, "limit": 2, "size": len(shown), "_links": links})

    def _describe(self, key: str, asked: Asked) -> dict[str, Any]:
        page = self.pages[key]
        body: dict[str, Any] = {
            "id": key,
            "type": page.kind,
            "status": "current",
            "title": page.title,
            "version": {"number": page.version, "when": "2026-11-02T09:00:00.000Z", "by": {"displayName": "Ann Ash"}},
            "_links": {"webui": f"/spaces/HELP/pages/{key}", "download": f"{self.top}/download/attachments/{key}"},
        }
        if page.kind == "attachment":
            body["container"] = {"id": page.page, "type": "page"}
        else:
            body["ancestors"] = [{"id": one, "type": "page"} for one in page.above]
        if "restrictions" in asked.query["expand"]:
            body["restrictions"] = {"read": {"operation": "read", "restrictions": _restrict(page.users, page.groups)}}
        return body


def _restrict(users: tuple[str, ...], groups: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "user": {"results": [{"displayName": name} for name in users], "size": len(users)},
        "group": {"results": [{"name": name} for name in groups], "size": len(groups)},
    }


def _find_kinds(asked: Asked) -> tuple[str, ...]:
    cql = asked.query.get("cql", "")
    if "attachment" in cql:
        return ("attachment",)
    return ("page", "blogpost") if cql else (asked.query["type"],)
