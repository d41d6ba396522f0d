"""Platforms that can be answered, as a real HTTP server plays them: what they accept stays, and every step may fail."""

from networks.platforms import bluesky, discourse, facebook, instagram, mastodon, reddit, x, youtube

PLATFORMS = {
    platform.name: platform
    for platform in (
        mastodon.PLATFORM,
        bluesky.PLATFORM,
        x.PLATFORM,
        reddit.PLATFORM,
        youtube.PLATFORM,
        facebook.PLATFORM,
        instagram.PLATFORM,
        discourse.PLATFORM,
    )
}
