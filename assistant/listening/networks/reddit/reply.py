"""Single posts on Reddit, with the script app's account."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain import Mention, ThreadPost
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import limited, refused, unreadable
from assistant.listening.networks.base.payload import get_field, read_id, read_post, to_reply
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.listening.networks.reddit.read import RedditNetwork, find_children, to_mention

_WHO = "Reddit"
_PAGE = 100
_REASONS = {
    "THREAD_LOCKED": "the thread is locked",
    "TOO_OLD": "the thread is archived",
    "DELETED_COMMENT": "the comment was deleted",
    "DELETED_LINK": "the post was deleted",
    "SUBREDDIT_NOTALLOWED": "this subreddit does not let our account write",
    "USER_BLOCKED": "somebody in the thread has blocked our account",
    "TOO_LONG": "the text is too long",
}


class RedditPosts:
    """See Posts. `username` is the account that answers."""

    who = _WHO
    mend = "Check username: and password: under reddit: in networks.yaml, and whether Reddit approved your app."
    settles = timedelta(minutes=2)

    def __init__(self, network: RedditNetwork, username: str) -> None:
        self._network = network
        self._username = username

    def connect(self) -> object:
        """See Posts."""
        return self._network.connect()

    def answer(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Posts."""
        form = {"thing_id": mention.external_id, "text": text, "api_type": "json", "raw_json": "1"}
        body = get_field(self._network.connect().post("/api/comment", form), "json")
        _refuse_errors(get_field(body, "errors"))
        things = get_field(get_field(body, "data"), "things")
        data = get_field(things[0], "data") if isinstance(things, list) and things else None
        path = get_field(data, "permalink")
        url = f"https://www.reddit.com{path}" if isinstance(path, str) and path.startswith("/") else None
        return SentReply(read_id(_WHO, data, "name"), url)

    def read_own(self, mention: Mention, send_key: str, since: datetime) -> Sequence[ThreadPost]:
        """See Posts: our account's newest comments; a hundred of them reach far beyond any try."""
        params: dict[str, str | int] = {"sort": "new", "limit": _PAGE, "raw_json": 1}
        body = self._network.connect().get(f"/user/{self._username}/comments", params)
        posts = [post for thing in find_children(body) if isinstance(post := to_mention(thing), Mention)]
        return [to_reply(post, is_ours=True) for post in posts if post.in_reply_to == mention.external_id]

    def locate(self, mention: Mention, external_id: str) -> str | None:
        """See Posts."""
        thread = (mention.conversation_id or mention.external_id).partition("_")[2]
        return f"https://www.reddit.com/comments/{thread}/_/{external_id.partition('_')[2]}/"

    def remove(self, mention: Mention, external_id: str) -> None:
        """See Posts. Reddit answers the same whether the comment was there or not."""
        self._network.connect().post("/api/del", {"id": external_id})

    def look(self, mention: Mention) -> PostNow:
        """See Posts. A thread is locked by its moderators, archived by its age."""
        kind, _, number = mention.external_id.partition("_")
        thread = (mention.conversation_id or mention.external_id).partition("_")[2]
        params: dict[str, str | int] = {"depth": 2, "limit": _PAGE, "raw_json": 1}
        if kind == "t1":
            params["comment"] = number
        try:
            body = self._network.connect().get(f"/comments/{thread}", params)
        except NetworkError as error:
            if error.status == 404:
                return PostNow(None)
            raise
        if not isinstance(body, list) or len(body) < 2:
            raise unreadable(_WHO)
        links, comments = find_children(body[0]), find_children(body[1])
        link = links[0] if links else None
        if kind == "t3":
            return self._build(link, comments, link)
        post = next(
            (thing for thing in comments if get_field(get_field(thing, "data"), "name") == f"t1_{number}"), None
        )
        if post is None:
            return PostNow(None)
        below = get_field(get_field(post, "data"), "replies")
        return self._build(post, find_children(below) if below else [], link)

    def _build(self, post: object, below: Sequence[object], link: object) -> PostNow:
        mention = read_post(_WHO, to_mention(post))
        if mention is None:
            return PostNow(None)
        found = [reply for thing in below if isinstance(reply := to_mention(thing), Mention)]
        replies = [to_reply(one, one.author.lower() == self._username.lower()) for one in found]
        is_locked = any(
            get_field(get_field(thing, "data"), name) is True
            for thing in (post, link)
            for name in ("locked", "archived")
        )
        return PostNow(mention, tuple(sorted(replies, key=lambda reply: reply.created_at)), is_locked)


def _refuse_errors(errors: object) -> None:
    """Reddit tells what it does not like with status 200."""
    if not isinstance(errors, list) or not errors:
        return
    code = str(errors[0][0]) if isinstance(errors[0], list) and errors[0] else ""
    if code == "RATELIMIT":
        raise limited(_WHO, None)
    reason = _REASONS.get(code, "it does not say why")
    raise refused(f"{_WHO} refuses the reply: {reason}.", "Open the post and look whether it can still be answered.")
