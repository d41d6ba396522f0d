"""The two doubles that most tests use."""

from collections.abc import Iterator

import pytest
from slack_double.double import SlackDouble
from slack_double.samples import running_double


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with running_double(retry_factor=0.001) as double:
        yield double


@pytest.fixture(scope="module")
def quiet() -> Iterator[SlackDouble]:
    """One double for the many calls that leave nothing behind that matters to another test."""
    with running_double(rate_limit=False) as double:
        yield double
