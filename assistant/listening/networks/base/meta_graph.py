"""Meta's Graph API, which Facebook and Instagram share: its errors, its limits, its nested lists."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import explain_status, find_posts, limited
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.pages import Fetch, Slice
from assistant.listening.networks.base.payload import get_field

API = "https://graph.facebook.com/v25.0"
_LIMITED = {4, 17, 32, 613, 80001, 80002, 80005, 80006}
_TROUBLE = {1, 2}  # “unknown”, “temporary”: whatever status they come with
_TOKEN_ENDED = {102, 190, 463, 467}
_REFUSED = {3, 10, *range(200, 300)}
_NOT_FOUND = 100
_HOUR = timedelta(hours=1)
_PAGE = 50
_MOST_PAGES = 10


def build_site(who: str, token: str, now: Callable[[], datetime], mend: str, base_url: str) -> Site:
    """The Graph API with a token. It goes into a header: an address would end in logs."""

    def explain(status: int, headers: Mapping[str, str], body: object) -> NetworkError | None:
        error = get_field(body, "error")
        code = get_field(error, "code")
        if code in _TROUBLE:
            return explain_status(who, 500, headers, now(), mend)
        if code in _LIMITED:
            return limited(who, now() + (_find_usage(headers) or _HOUR))
        if code in _TOKEN_ENDED:
            return NetworkError(f"{who} says that the token is no longer valid.", mend)
        if code in _REFUSED:
            return NetworkError(f"{who} does not give this token the permission to read that.", mend)
        if code == _NOT_FOUND and status == 400:
            return GraphGoneError(f"{who} has no such post or page, or does not show it to this token.", mend)
        return None

    return Site(who, base_url or API, now, mend, {"Authorization": f"Bearer {token}"}, explain)


class GraphGoneError(NetworkError):
    """A post that was deleted, or that never was."""


def follow_edge(site: Site, path: str, fields: str, page: int) -> Fetch:
    """A listing below an object, such as a post's comments; newest first."""

    def fetch(token: str, _since: datetime) -> Slice:
        place = {"after": token} if token else {}
        order = {"order": "reverse_chronological", "filter": "stream"} if path.endswith("/comments") else {}
        body = site.fetch(path, {"fields": fields, "limit": page, **order, **place})
        return Slice(find_posts(site.who, body, "data"), find_after(body))

    return fetch


def read_edge(site: Site, path: str, fields: str) -> list[object]:
    """All that stands in a listing below an object. Raises NetworkError, also when it is too much to be read."""
    fetch = follow_edge(site, path, fields, _PAGE)
    found: list[object] = []
    token = ""
    for _ in range(_MOST_PAGES):
        page = fetch(token, site.now())
        found += page.payloads
        token = page.next_token
        if not token:
            return found
    raise NetworkError(f"{site.who} has too many replies there to read them all.", "Look at the post yourself.")


def find_data(body: object) -> list[object]:
    """The posts that came with another object; none where there are none."""
    data = get_field(body, "data")
    return data if isinstance(data, list) else []


def find_after(body: object) -> str:
    """Find the cursor of the next page; empty when there is none. The address is not used: it holds a token."""
    paging = get_field(body, "paging")
    after = get_field(get_field(paging, "cursors"), "after")
    return after if isinstance(after, str) and get_field(paging, "next") else ""


def _find_usage(headers: Mapping[str, str]) -> timedelta | None:
    """How long Meta wants to be left alone, from its usage header; None when it does not say."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
        minutes = [get_field(part, "estimated_time_to_regain_access") for parts in usage.values() for part in parts]
    except (ValueError, AttributeError, TypeError):
        return None
    known = [minute for minute in minutes if isinstance(minute, int) and 0 < minute < 1440]
    return timedelta(minutes=max(known)) if known else None


def look_up(site: Site, external_ids: Sequence[str], fields: str) -> tuple[list[object], tuple[str, ...]]:
    """Single posts, one question each, and the ids of those that are not there any more."""
    found: list[object] = []
    gone: list[str] = []
    for external_id in external_ids:
        try:
            found.append(site.fetch(f"/{external_id}", {"fields": fields}))
        except GraphGoneError:
            gone.append(external_id)
    return found, tuple(gone)


def follow_nested(site: Site, first: object, path: str, fields: str, fill: Callable[[object], object]) -> Fetch:
    """A listing whose first page came with the object above it; `fill` adds what a post does not say itself."""
    deeper = follow_edge(site, path, fields, _PAGE)

    def fetch(token: str, since: datetime) -> Slice:
        below = deeper(token, since) if token else Slice(find_data(first), find_after(first))
        return Slice([fill(payload) for payload in below.payloads], below.next_token)

    return fetch
