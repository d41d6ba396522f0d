"""From what to listen for to the networks that do it. Nothing is imported or asked before a network is read.

The address of a post to the post, read through its network.

From networks.yaml to what looks at single posts, and to senders where `replies: true` allows it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from assistant.domain import Attempt, Mention
from assistant.errors import OPERATOR, NetworkError
from assistant.listening.networks.appstore import AppStoreNetwork, StoreApp
from assistant.listening.networks.base.protocol import Network, Recheck
from assistant.listening.networks.base.reply_rules import CompanyStanding
from assistant.listening.networks.base.sender import PlatformSender, PostClient
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.bluesky.reply import BlueskyPosts
from assistant.listening.networks.discourse.read import DiscourseNetwork, Forum
from assistant.listening.networks.discourse.reply import DiscoursePosts
from assistant.listening.networks.facebook.read import FacebookNetwork
from assistant.listening.networks.facebook.reply import FacebookPosts
from assistant.listening.networks.hackernews import HackerNewsNetwork
from assistant.listening.networks.instagram.read import InstagramNetwork
from assistant.listening.networks.instagram.reply import InstagramPosts
from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.mastodon.reply import MastodonPosts
from assistant.listening.networks.reddit.read import RedditKeys, RedditNetwork
from assistant.listening.networks.reddit.reply import RedditPosts
from assistant.listening.networks.rss import RssNetwork
from assistant.listening.networks.settings import (
    DiscourseSection,
    FindKey,
    NetworkSettings,
    RedditSection,
    XSection,
    YouTubeSection,
)
from assistant.listening.networks.x.read import XNetwork
from assistant.listening.networks.x.reply import XKeys, XPosts
from assistant.listening.networks.youtube.read import YouTubeNetwork
from assistant.listening.networks.youtube.reply import YouTubeKeys, YouTubePosts

_Clock = Callable[[], datetime]


def build_networks(listening: NetworkSettings, feeds: Sequence[str], read_key: FindKey, now: _Clock) -> list[Network]:
    """Every network that is configured; `feeds` come on top of those in the file.

    `read_key` gives the value of an environment variable, empty when it is not set; it is asked at each first read,
    so that one missing key stops its own network only.
    """
    urls = dict.fromkeys((*feeds, *listening.feeds))
    networks: list[Network] = [RssNetwork(url, now) for url in urls]
    find_key = partial(require_key, read_key)
    for build in (_build_talk, _build_meta, _build_open):
        networks += build(listening, find_key, now)
    return networks


def require_key(read_key: FindKey, name: str) -> str:
    """The value of a key by the name of its environment variable. Raises NetworkError when it is not set."""
    value = read_key(name)
    if not value:
        raise NetworkError(
            f"The key {name} is not set.", "Put it into .env, or into the environment.", in_slack=OPERATOR
        )
    return value


def _build_talk(listening: NetworkSettings, find_key: FindKey, now: _Clock) -> list[Network]:
    """Networks where people talk to us and about us."""
    networks: list[Network] = []
    ours, terms = _find_ours(listening), listening.terms
    words, others = tuple(dict.fromkeys((*listening.brands, *listening.handles))), listening.competitors
    if reddit := listening.reddit:
        find_keys = partial(_find_reddit_keys, reddit, find_key)
        networks.append(RedditNetwork(find_keys, words, reddit.subreddits, ours, now, competitors=others))
    if mastodon := listening.mastodon:
        find_token = partial(find_key, mastodon.access_token)
        network = MastodonNetwork(mastodon.server, find_token, (*words, *others), listening.hashtags, ours, now)
        networks.append(network)
    if bluesky := listening.bluesky:
        find_password = partial(find_key, bluesky.app_password)
        known = ours | {bluesky.handle.lower()}
        networks.append(
            BlueskyNetwork(bluesky.handle, find_password, (*terms, *others), known, now, bluesky.server or "")
        )
    if x := listening.x:
        find_token, paid = partial(find_key, x.bearer_token), others if x.competitors else ()
        networks.append(XNetwork(find_token, x.user_id or "", terms, ours, now, competitors=paid))
    return networks


def _build_meta(listening: NetworkSettings, find_key: FindKey, now: _Clock) -> list[Network]:
    """Networks that show what is written on our own pages."""
    networks: list[Network] = []
    ours = _find_ours(listening)
    if youtube := listening.youtube:
        find = partial(find_key, youtube.api_key)
        networks.append(YouTubeNetwork(find, youtube.channels, youtube.videos, ours, now))
    if facebook := listening.facebook:
        networks.append(FacebookNetwork(partial(find_key, facebook.access_token), facebook.page, ours, now))
    if instagram := listening.instagram:
        networks.append(InstagramNetwork(partial(find_key, instagram.access_token), instagram.account, ours, now))
    return networks


def _build_open(listening: NetworkSettings, find_key: FindKey, now: _Clock) -> list[Network]:
    """Places that anybody may read."""
    networks: list[Network] = []
    ours, names = _find_ours(listening), tuple(dict.fromkeys((*listening.brands, *listening.competitors)))
    if listening.hackernews and listening.hackernews.enabled:
        networks.append(HackerNewsNetwork(names, ours, now))
    for section in listening.discourse:
        networks.append(DiscourseNetwork(_build_forum(section, find_key), names, ours, now))
    if listening.app_store:
        apps = [StoreApp(section.app, section.countries) for section in listening.app_store]
        networks.append(AppStoreNetwork(apps, now))
    return networks


def _build_forum(section: DiscourseSection, find_key: FindKey) -> Forum:
    if section.api_key is None:
        return Forum(section.url, section.everything)
    return Forum(section.url, section.everything, section.api_username, partial(find_key, section.api_key))


def _find_reddit_keys(section: RedditSection, find_key: FindKey) -> RedditKeys:
    return RedditKeys(
        find_key(section.client_id),
        find_key(section.client_secret),
        section.username,
        find_key(section.password) if section.password else "",
    )


def _find_ours(listening: NetworkSettings) -> frozenset[str]:
    return frozenset(handle.lower() for handle in listening.handles)


# Only networks whose addresses hold the id by which a post can be asked for.
_PATTERNS = (
    ("x", r"(?:x|twitter)\.com/[^/]+/status/(?P<id>\d+)", "{id}"),
    ("reddit", r"reddit\.com/r/[^/]+/comments/\w+/[^/]*/(?P<id>\w+)", "t1_{id}"),
    ("reddit", r"reddit\.com/r/[^/]+/comments/(?P<id>\w+)", "t3_{id}"),
    ("hackernews", r"news\.ycombinator\.com/item\?(?:.*&)?id=(?P<id>\d+)", "{id}"),
    ("youtube", r"youtube\.com/watch\?(?:.*&)?lc=(?P<id>[\w.-]+)", "{id}"),
    ("discourse:{host}", r"(?P<host>[\w.-]+)/t/[^/]+/(?P<id>\d+/\d+)", "{id}"),
)


def parse_address(address: str) -> tuple[str, str] | None:
    """Network and id on it, as mentions have them; None for an address of another kind."""
    plain = re.sub(r"^(?:https?://)?(?:(?:www|old|m|mobile)\.)?", "", address.strip(), flags=re.IGNORECASE)
    for network, pattern, external_id in _PATTERNS:
        found = re.match(pattern, plain, re.IGNORECASE)
        if found:
            parts = found.groupdict()
            return network.format(**parts), external_id.format(**parts)
    return None


def read_post(address: str, networks: Sequence[Network]) -> Mention | None:
    """The post as its network shows it now; None where no configured network can be asked, or shows none.

    Raises NetworkError.
    """
    parsed = parse_address(address)
    if parsed is None:
        return None
    name, external_id = parsed
    for network in networks:
        if network.name == name and isinstance(network, Recheck):
            found = network.recheck([external_id]).mentions
            return next((mention for mention in found if mention.external_id == external_id), None)
    return None


_Now = Callable[[], datetime]


def build_posts(
    listening: NetworkSettings, networks: Sequence[Network], read_key: FindKey, now: _Now
) -> dict[str, PostClient]:
    """Single posts of each network that has them, by its name; over the readers' own connections."""
    find_key = partial(require_key, read_key)
    found = ((network.name, _build(network, listening, find_key, now)) for network in networks)
    return {name: posts for name, posts in found if posts}


def build_senders(
    posts: Mapping[str, PostClient], listening: NetworkSettings, find_attempt: Callable[[str], Attempt]
) -> dict[str, PlatformSender]:
    """A sender for each network whose section says `replies: true`."""
    sections = {name: getattr(listening, name, None) for name in posts if ":" not in name}
    forums = {f"discourse:{section.url.partition('://')[2]}": section for section in listening.discourse}
    allowed = {name for name, section in {**sections, **forums}.items() if section and section.replies}
    return {name: PlatformSender(one, find_attempt) for name, one in posts.items() if name in allowed}


def find_standing(listening: NetworkSettings) -> CompanyStanding:
    """Return what eligibility needs to know about the company."""
    reddit, x = listening.reddit, listening.x
    return CompanyStanding(
        handles=frozenset(handle.lower() for handle in listening.handles),
        welcome=frozenset(name.lower() for name in reddit.welcome) if reddit else frozenset(),
        unwelcome=frozenset(name.lower() for name in reddit.unwelcome) if reddit else frozenset(),
        has_ai_approval=bool(x and x.ai_replies_approved),
        has_enterprise=bool(x and x.has_enterprise),
    )


def _build(network: Network, listening: NetworkSettings, find_key: FindKey, now: _Now) -> PostClient | None:
    match network:
        case MastodonNetwork():
            return MastodonPosts(network)
        case BlueskyNetwork() if listening.bluesky:
            return BlueskyPosts(network, listening.bluesky.handle, now)
        case RedditNetwork() if listening.reddit:
            return RedditPosts(network, listening.reddit.username)
        case XNetwork() if listening.x:
            return XPosts(network, listening.x.user_id or "", _find_x_keys(listening.x, find_key))
        case YouTubeNetwork() if listening.youtube:
            return YouTubePosts(network, _find_youtube_keys(listening.youtube, find_key), now)
        case FacebookNetwork() if listening.facebook:
            return FacebookPosts(network, listening.facebook.page)
        case InstagramNetwork() if listening.instagram:
            return InstagramPosts(network, listening.instagram.account)
        case DiscourseNetwork():
            names = {section.url: section.api_username for section in listening.discourse}
            return DiscoursePosts(network, names.get(network.url, ""))
    return None


def _find_x_keys(section: XSection, find_key: FindKey) -> Callable[[], XKeys] | None:
    names = (section.consumer_key, section.consumer_secret, section.access_token, section.access_token_secret)
    known = [name for name in names if name]
    return (lambda: XKeys(*(find_key(name) for name in known))) if len(known) == len(names) else None


def _find_youtube_keys(section: YouTubeSection, find_key: FindKey) -> Callable[[], YouTubeKeys] | None:
    names = (section.client_id, section.client_secret, section.refresh_token)
    known = [name for name in names if name]
    return (lambda: YouTubeKeys(*(find_key(name) for name in known))) if len(known) == len(names) else None
