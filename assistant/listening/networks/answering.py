"""From networks.yaml to what looks at single posts, and to senders where `replies: true` allows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from assistant.domain import Attempt
from assistant.listening.networks.base.protocol import Network
from assistant.listening.networks.base.reply_rules import Standing
from assistant.listening.networks.base.sender import Posts, ReplySender
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.bluesky.reply import BlueskyPosts
from assistant.listening.networks.discourse.read import DiscourseNetwork
from assistant.listening.networks.discourse.reply import DiscoursePosts
from assistant.listening.networks.facebook.read import FacebookNetwork
from assistant.listening.networks.facebook.reply import FacebookPosts
from assistant.listening.networks.instagram.read import InstagramNetwork
from assistant.listening.networks.instagram.reply import InstagramPosts
from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.mastodon.reply import MastodonPosts
from assistant.listening.networks.reddit.read import RedditNetwork
from assistant.listening.networks.reddit.reply import RedditPosts
from assistant.listening.networks.registry import require_key
from assistant.listening.networks.settings import FindKey, Listening, XSection, YouTubeSection
from assistant.listening.networks.x.read import XNetwork
from assistant.listening.networks.x.reply import XKeys, XPosts
from assistant.listening.networks.youtube.read import YouTubeNetwork
from assistant.listening.networks.youtube.reply import YouTubeKeys, YouTubePosts

_Clock = Callable[[], datetime]


def build_posts(listening: Listening, networks: Sequence[Network], read_key: FindKey, now: _Clock) -> dict[str, Posts]:
    """Single posts of each network that has them, by its name; over the readers' own connections."""
    find_key = partial(require_key, read_key)
    found = ((network.name, _build(network, listening, find_key, now)) for network in networks)
    return {name: posts for name, posts in found if posts}


def build_senders(
    posts: Mapping[str, Posts], listening: Listening, find_attempt: Callable[[str], Attempt]
) -> dict[str, ReplySender]:
    """A sender for each network whose section says `replies: true`."""
    sections = {name: getattr(listening, name, None) for name in posts if ":" not in name}
    forums = {f"discourse:{section.url.partition('://')[2]}": section for section in listening.discourse}
    allowed = {name for name, section in {**sections, **forums}.items() if section and section.replies}
    return {name: ReplySender(one, find_attempt) for name, one in posts.items() if name in allowed}


def find_standing(listening: Listening) -> Standing:
    """What eligibility asks of the company."""
    reddit, x = listening.reddit, listening.x
    return Standing(
        handles=frozenset(handle.lower() for handle in listening.handles),
        welcome=frozenset(name.lower() for name in reddit.welcome) if reddit else frozenset(),
        unwelcome=frozenset(name.lower() for name in reddit.unwelcome) if reddit else frozenset(),
        has_ai_approval=bool(x and x.ai_replies_approved),
        has_enterprise=bool(x and x.has_enterprise),
    )


def _build(network: Network, listening: Listening, find_key: FindKey, now: _Clock) -> Posts | None:
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
