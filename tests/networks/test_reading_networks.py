"""Every network over real HTTP: what is new comes in, once, and each way it can fail is told apart, without a key."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fakes_api import Answer, ApiServer
from networks.cases import CASES, Case, build_bluesky, build_mastodon, build_reddit, build_x
from networks.payloads import HUSH, NOW, at

from assistant.errors import EarshotError, NetworkError, TransientNetworkError
from assistant.listening.networks.base.protocol import Network

every_network = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture
def api() -> Iterator[ApiServer]:
    api = ApiServer()
    yield api
    api.close()


def _fail(case: Case, api: ApiServer, fault: Answer) -> NetworkError:
    """The error with which a read ends when all but the log-in fails."""
    case.serve(api, [])
    api.break_down(fault, *case.spared)
    with pytest.raises(NetworkError) as caught:
        case.build(api.url).read("")
    _check_silence(caught.value)
    return caught.value


def _check_silence(error: EarshotError) -> None:
    assert HUSH not in f"{error.message} {error.hint}"
    said = re.sub(r"http://127\.0\.0\.1:\d+ under \w+: in networks\.yaml", "", f"{error.message} {error.hint}")
    assert "127.0.0.1" not in said.replace("The forum 127.0.0.1", "")


@every_network
def test_what_is_new_comes_in(case: Case, api: ApiServer) -> None:
    case.serve(api, [case.post(12, at(5)), case.post(11, at(10))])
    network = case.build(api.url)
    page = network.read("")
    assert [mention.created_at for mention in page.mentions] == [at(5), at(10)]
    for mention in page.mentions:
        assert "My bike" in mention.text
        assert (mention.network, mention.mention_id) == (network.name, f"{network.name}:{mention.external_id}")
        assert mention.author.startswith("ann")
    assert (page.rejected, page.is_capped, page.failure) == ((), False, None)


@every_network
def test_a_second_read_goes_on_from_the_first(case: Case, api: ApiServer) -> None:
    case.serve(api, [case.post(11, at(60))])
    network = case.build(api.url)
    cursor = network.read("").cursor
    case.serve(api, [case.post(13, at(1)), case.post(12, at(30)), case.post(11, at(60)), case.post(10, at(200))])
    found = network.read(cursor)
    assert {mention.created_at for mention in found.mentions} == {at(1), at(30), at(60)}


@every_network
def test_an_id_that_comes_twice_is_one_post(case: Case, api: ApiServer) -> None:
    case.serve(api, [case.post(11, at(5)), case.post(11, at(5))])
    assert len(case.build(api.url).read("").mentions) == 1


@every_network
def test_our_own_posts_are_left_out(case: Case, api: ApiServer) -> None:
    if case.name == "app_store":
        pytest.skip("nobody reviews under a company's handle")
    case.serve(api, [case.post(12, at(5), author="larkspurbikes"), case.post(11, at(10))])
    page = case.build(api.url).read("")
    assert [mention.created_at for mention in page.mentions] == [at(10)]
    assert page.rejected == ()


@every_network
def test_a_post_from_the_future_counts_from_now_and_hides_nothing(case: Case, api: ApiServer) -> None:
    case.serve(api, [case.post(12, at(-600)), case.post(11, at(10))])
    network = case.build(api.url)
    page = network.read("")
    assert [mention.created_at for mention in page.mentions] == [NOW, at(10)]
    case.serve(api, [case.post(13, at(0))])
    assert len(network.read(page.cursor).mentions) == 1, "a later post is heard all the same"


@every_network
def test_a_post_that_makes_no_sense_spoils_only_itself(case: Case, api: ApiServer) -> None:
    case.serve(api, [case.post(12, at(5)), {"id": 5, "im:rating": {"label": "x"}}, case.post(11, at(10))])
    page = case.build(api.url).read("")
    assert [mention.created_at for mention in page.mentions] == [at(5), at(10)]
    assert len(page.rejected) == 1


@every_network
def test_a_post_without_an_author_is_taken(case: Case, api: ApiServer) -> None:
    case.serve(api, [case.post(11, at(5), author="")])
    found = case.build(api.url).read("").mentions
    assert [mention.author for mention in found] == ([""] if case.name != "x" else ["ann"])


@every_network
def test_nothing_new_is_no_failure(case: Case, api: ApiServer) -> None:
    case.serve(api, [])
    page = case.build(api.url).read("")
    assert (page.mentions, page.rejected, page.failure) == ((), (), None)


@every_network
@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_lasts_until_somebody_mends_it(status: int, case: Case, api: ApiServer) -> None:
    error = _fail(case, api, Answer({"error": HUSH}, status))
    assert not error.is_transient
    assert error.message


@every_network
@pytest.mark.parametrize("status", [500, 503])
def test_a_platform_in_trouble_may_work_later(status: int, case: Case, api: ApiServer) -> None:
    assert _fail(case, api, Answer({"error": HUSH}, status)).is_transient


@every_network
def test_a_rate_limit_says_when_to_come_back(case: Case, api: ApiServer) -> None:
    headers = {
        "reddit": {"x-ratelimit-remaining": "0", "x-ratelimit-used": "100", "x-ratelimit-reset": "300"},
        "mastodon": {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "300", "X-RateLimit-Reset": "4102444800"},
        "bluesky": {"ratelimit-reset": str(int(NOW.timestamp()) + 300)},
        "x": {"x-rate-limit-reset": str(int(NOW.timestamp()) + 300)},
    }
    error = _fail(case, api, Answer({"error": HUSH}, 429, headers.get(case.name, {"Retry-After": "300"})))
    assert isinstance(error, TransientNetworkError)
    assert error.retry_at is not None
    if case.name == "mastodon":  # its SDK goes by this machine's clock, so the moment is one far away
        assert error.retry_at == NOW + timedelta(days=1), "and nobody is left alone for longer than a day"
    else:
        assert error.retry_at == at(-5)
        assert "before 2026-11-16 09:05 UTC" in error.message


@every_network
@pytest.mark.parametrize("body", [b'{"data": [{"id": "1", "te', b"", b"\x00\xff", b"[" * 5000])
def test_an_answer_that_is_no_whole_json_may_work_later(body: bytes, case: Case, api: ApiServer) -> None:
    assert _fail(case, api, Answer(body)).is_transient


@every_network
def test_an_answer_that_breaks_off_may_work_later(case: Case, api: ApiServer) -> None:
    assert _fail(case, api, Answer({"data": []}, is_cut=True)).is_transient


@every_network
def test_a_web_page_instead_of_json_is_told(case: Case, api: ApiServer) -> None:
    error = _fail(case, api, Answer(b"<!doctype html><html><body><h1>Hello</h1></body></html>"))
    assert "JSON" in error.message


@every_network
@pytest.mark.parametrize("body", [{"something": "else"}, [], 5, None, "words"])
def test_an_answer_in_another_shape_does_not_pass_for_silence(body: object, case: Case, api: ApiServer) -> None:
    if case.name == "mastodon":
        pytest.skip("its SDK makes a list of everything")
    assert _fail(case, api, Answer(body)).message


@every_network
def test_a_server_that_is_not_there_may_come_back(case: Case, api: ApiServer) -> None:
    network = case.build(api.url)
    api.close()
    with pytest.raises(TransientNetworkError, match="cannot be reached") as caught:
        network.read("")
    _check_silence(caught.value)


@pytest.mark.parametrize("build", [build_reddit, build_mastodon, build_bluesky, build_x])
def test_a_server_that_does_not_answer_is_not_waited_for(build: object, api: ApiServer) -> None:
    assert callable(build)
    network: Network = build(api.url, timeout_seconds=1)
    api.break_down(Answer({}, delay_seconds=4))
    with pytest.raises(TransientNetworkError, match=r"in time|cannot be reached"):
        network.read("")
