"""The moment at which tests of networks happen, and posts in each platform's own shape."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HUSH = "hush-hush-key"  # whatever happens, this must never be told
OURS = frozenset({"larkspurbikes"})


def clock() -> datetime:
    """The moment at which tests happen."""
    return NOW


def at(minutes_ago: int) -> datetime:
    """A moment before now."""
    return datetime.fromtimestamp(NOW.timestamp() - 60 * minutes_ago, UTC)


def iso(moment: datetime) -> str:
    """As most platforms write a time."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def reddit_post(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A comment of a listing."""
    path = f"/r/bikes/comments/p/_/c{number}/"
    data = {"name": f"t1_c{number}", "author": author, "body": text, "created_utc": moment.timestamp()}
    return {"kind": "t1", "data": {**data, "permalink": path, "link_id": "t3_p", "score": 3, "edited": False}}


def reddit_listing(*posts: Any, after: str | None = None) -> Any:
    """A listing's page."""
    return {"kind": "Listing", "data": {"children": list(posts), "after": after}}


def status(number: int, moment: datetime, author: str = "ann@other.example", text: str = "My bike") -> Any:
    """A Mastodon status."""
    return {
        "id": str(number),
        "created_at": iso(moment),
        "edited_at": None,
        "visibility": "public",
        "spoiler_text": "",
        "language": "en",
        "content": f'<p><a href="https://m.example/@u">@<span>us</span></a> {text}</p>',
        "url": f"https://other.example/@ann/{number}",
        "in_reply_to_id": None,
        "favourites_count": 2,
        "reblogs_count": 1,
        "replies_count": 0,
        "reblog": None,
        "account": {"id": "7", "acct": author, "followers_count": 12},
    }


def sky_post(number: int, moment: datetime, author: str = "ann.example", text: str = "My bike") -> Any:
    """A Bluesky post view."""
    return {
        "uri": f"at://did:plc:ann/app.bsky.feed.post/{number}",
        "cid": "c",
        "author": {"did": "did:plc:ann", "handle": author},
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": iso(moment), "langs": ["en"]},
        "indexedAt": iso(moment),
        "likeCount": 2,
        "repostCount": 1,
        "replyCount": 0,
    }


def tweet_id(number: int, moment: datetime) -> str:
    """X puts the time into the id."""
    return str(((int(moment.timestamp() * 1000) - 1288834974657) << 22) + number)


def tweet(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """An X post; its author is user 7, or 8 for us."""
    post_id = tweet_id(number, moment)
    return {
        "id": post_id,
        "text": text,
        "author_id": "8" if author == "larkspurbikes" else "7",
        "created_at": iso(moment),
        "lang": "en",
        "conversation_id": post_id,
        "edit_history_tweet_ids": [post_id],
        "public_metrics": {"like_count": 2, "retweet_count": 1, "reply_count": 0, "quote_count": 0},
    }


USERS: list[dict[str, Any]] = [
    {"id": "7", "username": "ann", "location": "Leeds", "public_metrics": {"followers_count": 12}},
    {"id": "8", "username": "LarkspurBikes"},
]


def tweets(*posts: Any, after: str | None = None, included: tuple[Any, ...] = ()) -> Any:
    """A page of X."""
    meta = {"result_count": len(posts), **({"next_token": after} if after else {})}
    return {"data": list(posts), "includes": {"users": USERS, "tweets": list(included)}, "meta": meta}


def video_comment(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A YouTube comment thread."""
    snippet = {
        "videoId": "v1",
        "textDisplay": text,
        "textOriginal": text,
        "authorDisplayName": author,
        "likeCount": 2,
        "publishedAt": iso(moment),
        "updatedAt": iso(moment),
    }
    comment = {"kind": "youtube#comment", "id": f"y{number}", "snippet": snippet}
    return {
        "kind": "youtube#commentThread",
        "id": f"y{number}",
        "snippet": {"videoId": "v1", "topLevelComment": comment, "totalReplyCount": 1},
    }


def page_comment(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A comment on a Facebook page's post."""
    return {
        "id": f"900_{number}",
        "message": text,
        "created_time": moment.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "from": {"id": "555", "name": author},
        "permalink_url": f"https://www.facebook.com/900/posts/1?comment_id={number}",
        "like_count": 2,
        "comment_count": 1,
    }


def feed(*comments: Any, after: str | None = None) -> Any:
    """A Facebook page's feed: one post of ours with comments."""
    paging = (
        {"paging": {"cursors": {"after": after}, "next": f"https://g.example/?access_token={HUSH}"}} if after else {}
    )
    post = {
        "id": "42_900",
        "message": "New colours",
        "created_time": "2026-11-15T09:00:00+0000",
        "from": {"id": "42", "name": "Larkspur Bikes"},
        "comments": {"data": list(comments), **paging},
    }
    return {"data": [post]}


def media_comment(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """An Instagram comment."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": f"i{number}", "text": text, "timestamp": stamp, "username": author, "like_count": 2}


def media(*comments: Any) -> Any:
    """Our Instagram media."""
    medium = {
        "id": "m1",
        "caption": "New colours",
        "timestamp": "2026-11-15T09:00:00+0000",
        "username": "LarkspurBikes",
    }
    return {"data": [{**medium, "permalink": "https://www.instagram.com/p/1/", "comments": {"data": list(comments)}}]}


def hit(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A hit of Hacker News's search."""
    return {
        "objectID": str(number),
        "created_at": iso(moment),
        "author": author,
        "comment_text": f"<p>{text}</p>",
        "parent_id": 1,
        "story_id": 1,
        "points": 3,
    }


def forum_post(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A Discourse post."""
    return {
        "id": number,
        "username": author,
        "created_at": iso(moment),
        "cooked": f"<p>{text}</p>",
        "topic_id": 5,
        "topic_slug": "colours",
        "post_number": number,
        "reply_to_post_number": None,
    }


def review(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """An App Store review."""
    return {
        "author": {"name": {"label": author}, "uri": {"label": "https://itunes.example/1"}},
        "updated": {"label": moment.strftime("%Y-%m-%dT%H:%M:%S-00:00")},
        "im:rating": {"label": "2"},
        "im:version": {"label": "3.1"},
        "id": {"label": str(number)},
        "title": {"label": ""},
        "content": {"label": text, "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.example/review"}},
        "im:voteCount": {"label": "4"},
    }
