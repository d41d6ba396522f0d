"""What holds for all networks: nothing is removed without a word, and packages are loaded when they are needed."""

import contextlib
import subprocess
import sys
from typing import Any

import pytest
from fakes_api import Answer, ApiServer
from networks import cases, payloads
from networks.cases import hush
from networks.payloads import OURS, at, clock

from assistant.errors import NetworkError
from assistant.listening.networks.appstore import AppStoreNetwork
from assistant.listening.networks.base.protocol import Recheck
from assistant.listening.networks.youtube.read import YouTubeNetwork

RECHECKED = [
    ("/api/info", lambda url: cases.build_reddit(url)),
    ("/api/v1/statuses", lambda url: cases.build_mastodon(url)),
    ("/xrpc/app.bsky.feed.getPosts", lambda url: cases.build_bluesky(url)),
    ("/2/tweets", lambda url: cases.build_x(url)),
    ("/comments", lambda url: YouTubeNetwork(hush, [], [], OURS, clock, url)),
]


@pytest.mark.parametrize("body", [{}, {"posts": {}}, {"error": "later"}, 5, None])
@pytest.mark.parametrize(("path", "build"), RECHECKED)
def test_an_answer_in_another_shape_removes_nothing(path: str, build: Any, body: object, api: ApiServer) -> None:
    cases.serve_login(api)
    api.put(path, body)
    api.put("/api/v1/statuses/1", payloads.status(1, at(9)))
    api.put("/api/v1/statuses/2", Answer({"error": "later"}, 503))
    removed: tuple[str, ...] = ()
    with contextlib.suppress(NetworkError):
        removed = build(api.url).recheck(["1", "2"]).removed
    assert removed == ()


def test_a_network_without_single_posts_is_never_asked_for_them() -> None:
    assert not isinstance(AppStoreNetwork([], clock), Recheck)


SDKS = [
    ("praw", "reddit", lambda: cases.build_reddit("http://127.0.0.1:1")),
    ("mastodon", "mastodon", lambda: cases.build_mastodon("http://127.0.0.1:1")),
    ("atproto_client", "bluesky", lambda: cases.build_bluesky("http://127.0.0.1:1")),
    ("tweepy", "x", lambda: cases.build_x("http://127.0.0.1:1")),
]


@pytest.mark.parametrize(("module", "extra", "build"), SDKS)
def test_a_package_that_is_not_installed_is_named_with_the_command(
    module: str, extra: str, build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NetworkError, match="a package that is not installed") as caught:
        build().read("")
    assert caught.value.hint == f"pip install 'earshot[{extra}]'"


def test_no_package_is_loaded_before_its_network_is_read() -> None:
    program = (
        "import sys; from pathlib import Path; from networks.cases import CASES;"
        "import assistant.listening.networks.registry;"
        "[case.build('http://127.0.0.1:1') for case in CASES];"
        "print([name for name in ('praw', 'mastodon', 'atproto_client', 'tweepy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True)
    assert done.stdout.decode().strip() == "[]", done.stderr.decode()[-500:]
