"""A platform's API, for tests that ask it."""

from collections.abc import Iterator

import pytest
from fakes_api import ApiServer
from networks import cases

_TOKEN = {"access_token": "t", "expires_in": 3600, "scope": "*", "token_type": "bearer"}


@pytest.fixture
def api() -> Iterator[ApiServer]:
    api = ApiServer()
    api.put(cases.TOKEN, _TOKEN)
    yield api
    api.close()
