"""One payload of each network becomes one Mention, or a reason why not; nothing that is JSON ever stops a read."""

import copy
from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import payloads
from networks.payloads import at

from assistant.domain import Mention
from assistant.listening.networks import appstore, hackernews
from assistant.listening.networks.base.pages import ListingReader, translate
from assistant.listening.networks.base.protocol import GONE
from assistant.listening.networks.bluesky import read as bluesky
from assistant.listening.networks.discourse import read as discourse
from assistant.listening.networks.facebook import read as facebook
from assistant.listening.networks.instagram import read as instagram
from assistant.listening.networks.mastodon import read as mastodon
from assistant.listening.networks.reddit import read as reddit
from assistant.listening.networks.x import read as x
from assistant.listening.networks.youtube import read as youtube

WHEN = at(5)
_USERS = {user["id"]: user for user in payloads.USERS}


def _translate_x(payload: object) -> Mention | str:
    return x.to_mention(payload, _USERS)


def _translate_forum(payload: object) -> Mention | str:
    return discourse.to_mention(payload, "bikes.example")


TRANSLATORS: list[tuple[Callable[[object], Mention | str], Any]] = [
    (reddit.to_mention, payloads.reddit_post(1, WHEN)),
    (mastodon.to_mention, payloads.status(1, WHEN)),
    (bluesky.to_mention, payloads.sky_post(1, WHEN)),
    (_translate_x, payloads.tweet(1, WHEN)),
    (youtube.to_mention, payloads.video_comment(1, WHEN)),
    (facebook.to_mention, payloads.page_comment(1, WHEN)),
    (instagram.to_mention, payloads.media_comment(1, WHEN)),
    (hackernews.to_mention, payloads.hit(1, WHEN)),
    (_translate_forum, payloads.forum_post(1, WHEN)),
    (appstore.to_mention, payloads.review(1, WHEN)),
]


def _found(found: Mention | str) -> Mention:
    assert isinstance(found, Mention), found
    return found


def test_a_reddit_comment_keeps_its_thread() -> None:
    post = payloads.reddit_post(1, WHEN)
    post["data"] |= {"parent_id": "t1_above", "edited": WHEN.timestamp() + 60, "title": "no title of a comment"}
    found = _found(reddit.to_mention(post))
    assert (found.in_reply_to, found.conversation_id, found.engagement) == ("t1_above", "t3_p", 3)
    assert found.url == "https://www.reddit.com/r/bikes/comments/p/_/c1/"
    assert found.edited_at == at(4)


def test_a_reddit_submission_is_its_title_and_text() -> None:
    data = {"name": "t3_p", "created_utc": WHEN.timestamp(), "title": "Larkspur?", "selftext": "Any good?"}
    found = _found(reddit.to_mention({"kind": "t3", "data": {**data, "score": 3, "num_comments": 4}}))
    assert (found.text, found.conversation_id, found.engagement) == ("Larkspur?\nAny good?", "t3_p", 7)


@pytest.mark.parametrize("word", ["[deleted]", "[removed]"])
def test_a_reddit_post_that_is_gone_is_called_so(word: str) -> None:
    assert reddit.to_mention(payloads.reddit_post(1, WHEN, author=word, text=word)) == GONE


def test_a_private_message_on_reddit_is_no_post() -> None:
    assert reddit.to_mention({"kind": "t4", "data": {"body": "psst"}}) == "is no post or comment"


def test_a_mastodon_status_is_read_as_people_see_it() -> None:
    found = _found(
        mastodon.to_mention({"type": "mention", "status": payloads.status(1, WHEN, text="My<br>bike &amp; me")})
    )
    assert (found.text, found.lang, found.followers, found.engagement) == ("@us My\nbike & me", "en", 12, 3)


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_a_mastodon_status_that_is_not_public_is_left_alone(visibility: str) -> None:
    private = {**payloads.status(1, WHEN), "visibility": visibility}
    assert mastodon.to_mention(private) == "is not public"
    assert translate([private], ListingReader(WHEN, mastodon.to_mention)) == ((), ()), "and nobody is told of it"


def test_a_boost_is_no_post() -> None:
    assert mastodon.to_mention({**payloads.status(2, WHEN), "reblog": payloads.status(1, WHEN)}) == "is a boost"


def test_a_bluesky_post_is_never_older_than_its_server_saw_it_nor_younger() -> None:
    post = payloads.sky_post(1, WHEN)
    post["record"] |= {
        "createdAt": "2099-01-01T00:00:00Z",
        "reply": {"root": {"uri": "at://a/b/r"}, "parent": {"uri": "at://a/b/p"}},
    }
    found = _found(bluesky.to_mention(post))
    assert (found.created_at, found.in_reply_to, found.conversation_id) == (WHEN, "at://a/b/p", "at://a/b/r")
    assert found.url == "https://bsky.app/profile/ann.example/post/1"


def test_an_edited_post_on_x_keeps_its_first_number() -> None:
    first, latest = payloads.tweet(1, at(60)), payloads.tweet(2, at(30), text="Mended &amp; fine")
    latest["edit_history_tweet_ids"] = [first["id"], latest["id"]]
    found = _found(_translate_x(latest))
    assert (found.external_id, found.created_at, found.edited_at) == (first["id"], at(60), at(30))
    assert (found.text, found.url) == ("Mended & fine", f"https://x.com/ann/status/{latest['id']}")
    assert (found.location, found.followers, found.engagement) == ("Leeds", 12, 3)


def test_a_long_post_on_x_is_read_to_its_end() -> None:
    assert _found(_translate_x({**payloads.tweet(1, WHEN), "note_tweet": {"text": "All of it"}})).text == "All of it"


def test_a_repost_on_x_is_no_post() -> None:
    repost = {**payloads.tweet(1, WHEN), "referenced_tweets": [{"type": "retweeted", "id": "5"}]}
    assert _translate_x(repost) == "is a repost"


def test_a_reply_on_youtube_belongs_to_its_thread() -> None:
    comment = copy.deepcopy(payloads.video_comment(1, WHEN)["snippet"]["topLevelComment"])
    comment["snippet"] |= {"parentId": "y0", "updatedAt": payloads.iso(at(4))}
    found = _found(youtube.to_mention(comment))
    assert (found.in_reply_to, found.conversation_id, found.edited_at) == ("y0", "y0", at(4))
    assert found.url == "https://www.youtube.com/watch?v=v1&lc=y1"


def test_a_comment_on_facebook_belongs_to_its_post() -> None:
    comment = {**payloads.page_comment(1, WHEN), "object": {"id": "42_900"}}
    assert _found(facebook.to_mention(comment)).in_reply_to == "42_900"
    below = _found(facebook.to_mention({**comment, "parent": {"id": "900_7"}}))
    assert (below.in_reply_to, below.conversation_id, below.engagement) == ("900_7", "42_900", 3)


def test_a_review_shows_its_stars() -> None:
    assert _found(appstore.to_mention(payloads.review(1, WHEN))).text == "★★☆☆☆ My bike"


@pytest.mark.parametrize("change", [{"user_deleted": True}, {"hidden": True}, {"deleted_at": "2026-11-16"}])
def test_a_forum_post_that_is_gone_is_called_so(change: dict[str, object]) -> None:
    assert _translate_forum({**payloads.forum_post(1, WHEN), **change}) == GONE


@pytest.mark.parametrize(("translate", "payload"), TRANSLATORS)
def test_half_a_character_and_nul_never_reach_the_database(
    translate: Callable[[object], Mention | str], payload: Any
) -> None:
    found = translate(_replace(payload, "My bike", "My \ud800 bike\0"))
    assert _found(found).text.encode()
    assert "\0" not in _found(found).text


def _replace(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {name: _replace(part, old, new) for name, part in value.items()}
    if isinstance(value, list):
        return [_replace(part, old, new) for part in value]
    return value.replace(old, new) if isinstance(value, str) else value


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=6,
)


def _paths(value: Any) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *path) for key, part in parts for path in _paths(part))]


@pytest.mark.parametrize(("translate", "payload"), TRANSLATORS)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_stands_in_a_payload_it_becomes_a_mention_or_a_reason(
    translate: Callable[[object], Mention | str], payload: Any, data: st.DataObject
) -> None:
    changed: Any = {"whole": copy.deepcopy(payload)}
    for _ in range(data.draw(st.integers(1, 3))):
        path = ("whole", *data.draw(st.sampled_from(_paths(payload))))
        try:
            holder = changed
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = data.draw(_JSON)
        except (KeyError, IndexError, TypeError):  # an earlier change took that place away
            continue
    _check(translate(changed["whole"]))


def _check(found: Mention | str) -> None:
    if isinstance(found, str):
        assert found
        return
    assert found.mention_id == f"{found.network}:{found.external_id}"
    assert found.external_id
    assert found.text.strip()
    assert found.created_at.tzinfo is UTC
    assert found.url is None or found.url.startswith(("https://", "http://"))
    assert found.engagement is None or 0 <= found.engagement < 2**63
    (found.author + found.text + found.external_id + (found.location or "") + (found.lang or "")).encode()
