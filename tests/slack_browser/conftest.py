"""One browser for all of these tests, since it takes seconds to start; each test begins on an empty page."""

from collections.abc import Iterator

import pytest

from slack_browser.browser import Browser, running_browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Chromium on an empty page."""
    yield chromium
    chromium.leave()
