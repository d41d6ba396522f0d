"""From what to listen for to the networks that do it. Nothing is imported or asked before a network is read."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from assistant.errors import NetworkError
from assistant.listening.networks.appstore import AppStoreNetwork, StoreApp
from assistant.listening.networks.base.protocol import Network
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.discourse.read import DiscourseNetwork, Forum
from assistant.listening.networks.facebook.read import FacebookNetwork
from assistant.listening.networks.hackernews import HackerNewsNetwork
from assistant.listening.networks.instagram.read import InstagramNetwork
from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.reddit.read import RedditKeys, RedditNetwork
from assistant.listening.networks.rss import RssNetwork
from assistant.listening.networks.settings import DiscourseSection, FindKey, Listening, RedditSection
from assistant.listening.networks.x.read import XNetwork
from assistant.listening.networks.youtube.read import YouTubeNetwork

_Clock = Callable[[], datetime]


def build_networks(listening: Listening, feeds: Sequence[str], read_key: FindKey, now: _Clock) -> list[Network]:
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
        raise NetworkError(f"The key {name} is not set.", "Put it into .env, or into the environment.")
    return value


def _build_talk(listening: Listening, find_key: FindKey, now: _Clock) -> list[Network]:
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


def _build_meta(listening: Listening, find_key: FindKey, now: _Clock) -> list[Network]:
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


def _build_open(listening: Listening, find_key: FindKey, now: _Clock) -> list[Network]:
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


def _find_ours(listening: Listening) -> frozenset[str]:
    return frozenset(handle.lower() for handle in listening.handles)
