"""Each sender against a platform that fails at every point: what is refused, what is unknown, and never twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes_reply import Desk
from networks.payloads import HUSH
from networks.platforms import PLATFORMS
from networks.platforms.playing import ASKED, NOW, STANDING, Kept, Platform
from networks.platforms.server import Fault, PlatformServer

from assistant.domain import Attempt, DraftStatus, Reply
from assistant.errors import EarshotError, NetworkError, TransientNetworkError, UnknownOutcomeError
from assistant.listening.networks.base.sender import is_alike
from assistant.listening.networks.bluesky.reply import find_facets, to_record_key

TEXT = "Danke für die Frage, ü 🚲: you pause your plan in the app. https://larkspur.example/pause"
KEY = "earshot-1-abcdefabcdef"
UNKNOWN_FAULTS = (
    Fault("cut before it was accepted"),
    Fault("cut after it was accepted", is_kept=True),
    Fault("half an answer, accepted", is_kept=True, is_half=True),
    Fault("500", status=500),
    Fault("500 after it was accepted", is_kept=True, status=500),
    Fault("502 with a web page", status=502, is_html=True),
    Fault("503, accepted", is_kept=True, status=503),
    Fault("409", status=409),
    Fault("409, since it is there", is_kept=True, status=409),
    Fault("200 with a web page, accepted", is_kept=True, status=200, is_html=True),
    Fault("200 without an id", status=200),
)
SLOW_FAULTS = (Fault("too slow", is_slow=True), Fault("too slow, accepted", is_kept=True, is_slow=True))
REFUSALS = tuple(Fault(str(status), status=status) for status in (400, 401, 403, 404, 410, 422))
LIMIT = Fault("429", status=429, headers=(("Retry-After", "300"), ("x-ratelimit-reset", "300")))
TIMED = ("mastodon", "bluesky", "x", "reddit")  # the others share one HTTP layer, whose time limit is tested there

every_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=lambda platform: platform.name)


@pytest.fixture
def server(platform: Platform) -> Iterator[PlatformServer]:
    server = PlatformServer(platform)
    yield server
    server.close()


def find_attempt(_key: str) -> Attempt:
    return Attempt(TEXT, NOW, NOW)


def send(server: PlatformServer) -> None:
    sender = server.platform.build_sender(server.url, find_attempt)
    sender.send(server.platform.mention, TEXT, KEY)


def check_silence(error: EarshotError) -> None:
    told = f"{error.message} {error.hint}".replace("The forum 127.0.0.1", "")
    assert HUSH not in told
    assert "127.0.0.1" not in told


@every_platform
def test_a_reply_is_sent_word_for_word_found_again_and_deleted(server: PlatformServer, platform: Platform) -> None:
    sender = platform.build_sender(server.url, find_attempt)
    assert sender.find(platform.mention, KEY) is None
    sent = sender.send(platform.mention, TEXT, KEY)
    assert [kept.text for kept in server.state.replies] == [TEXT]
    found = platform.build_sender(server.url, find_attempt).find(platform.mention, KEY)
    assert found is not None
    assert found.external_id == sent.external_id
    reply = Reply(1, platform.mention.mention_id, platform.name, sent.external_id, TEXT, NOW)
    for _ in range(2):  # a second time does no harm
        sender.delete(platform.mention, reply)
        assert server.state.replies == []


@every_platform
@pytest.mark.parametrize("fault", UNKNOWN_FAULTS, ids=lambda fault: fault.name)
def test_what_proves_nothing_is_unknown_and_sent_by_one_request_only(
    fault: Fault, server: PlatformServer, platform: Platform
) -> None:
    server.fault = fault
    with pytest.raises(UnknownOutcomeError) as caught:
        send(server)
    check_silence(caught.value)
    assert server.state.sends == 1, "no library tries again by itself"
    assert len(server.state.replies) == fault.is_kept


@pytest.mark.parametrize("fault", SLOW_FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("platform", [PLATFORMS[name] for name in TIMED], ids=lambda platform: platform.name)
def test_a_platform_that_answers_too_late_leaves_the_outcome_unknown(
    fault: Fault, server: PlatformServer, platform: Platform
) -> None:
    server.fault = fault
    with pytest.raises(UnknownOutcomeError):
        send(server)
    assert server.state.sends == 1


@every_platform
@pytest.mark.parametrize("fault", REFUSALS, ids=lambda fault: fault.name)
def test_a_refusal_is_sure(fault: Fault, server: PlatformServer, platform: Platform) -> None:
    server.fault = fault
    with pytest.raises(NetworkError) as caught:
        send(server)
    check_silence(caught.value)
    assert not isinstance(caught.value, UnknownOutcomeError)
    assert not caught.value.is_transient
    assert caught.value.hint


@every_platform
def test_a_rate_limit_waits_for_its_end(server: PlatformServer, platform: Platform) -> None:
    server.fault = LIMIT
    with pytest.raises(TransientNetworkError) as caught:
        send(server)
    assert caught.value.retry_at or platform.name == "mastodon"  # its SDK reads another header


@every_platform
def test_a_platform_that_cannot_be_reached_got_nothing(server: PlatformServer, platform: Platform) -> None:
    sender = platform.build_sender(server.url, find_attempt)
    if platform.name == "bluesky":
        sender._posts.connect()  # the log-in would be what fails
    server.close()
    with pytest.raises(TransientNetworkError) as caught:
        sender.send(platform.mention, TEXT, KEY)
    assert not isinstance(caught.value, UnknownOutcomeError)


@every_platform
def test_the_same_words_from_before_are_not_taken_for_this_send(server: PlatformServer, platform: Platform) -> None:
    if platform.name == "bluesky":
        pytest.skip("there the key itself is found")
    server.state.replies = [Kept(90, TEXT, NOW - timedelta(minutes=30))]
    assert platform.build_sender(server.url, find_attempt).find(platform.mention, KEY) is None


@every_platform
def test_other_words_of_ours_since_then_are_for_a_person_to_judge(server: PlatformServer, platform: Platform) -> None:
    if platform.name == "bluesky":
        pytest.skip("there the key itself is found")
    server.state.accept("We have answered you by mail.")
    with pytest.raises(NetworkError, match="in other words"):
        platform.build_sender(server.url, find_attempt).find(platform.mention, KEY)


@every_platform
def test_a_look_up_that_fails_never_passes_for_nothing_there(server: PlatformServer, platform: Platform) -> None:
    sender = platform.build_sender(server.url, find_attempt)
    sender.find(platform.mention, KEY)
    server.is_down = True
    with pytest.raises(NetworkError):
        sender.find(platform.mention, KEY)


@every_platform
def test_a_look_shows_the_post_as_it_is_with_our_reply_marked(server: PlatformServer, platform: Platform) -> None:
    posts = platform.build(server.url)
    before = posts.look(platform.mention)
    assert before.mention is not None
    assert (before.mention.text, before.replies, before.is_locked) == (platform.mention.text, (), False)
    send(server)
    [reply] = posts.look(platform.mention).replies
    assert (reply.text, reply.is_ours) == (TEXT, True)
    server.state.is_post_gone = True
    assert posts.look(platform.mention).mention is None


@pytest.mark.parametrize(
    "platform", [one for name, one in PLATFORMS.items() if name not in ("mastodon", "x")], ids=lambda one: one.name
)
def test_a_locked_thread_is_seen(server: PlatformServer, platform: Platform) -> None:
    server.state.is_locked = True
    assert platform.build(server.url).look(platform.mention).is_locked


@every_platform
@pytest.mark.parametrize("fault", [*UNKNOWN_FAULTS, REFUSALS[2], LIMIT], ids=lambda fault: fault.name)
def test_through_the_ledger_a_failed_send_is_never_lost_and_never_doubled(
    fault: Fault, server: PlatformServer, platform: Platform, tmp_path: Path
) -> None:
    desk = open_desk(tmp_path, platform, server)
    draft_id = desk.approved(TEXT, platform.mention)
    server.fault = fault
    with pytest.raises(NetworkError):
        desk.sending.send(draft_id)
    for _ in range(3):  # while it may still appear nothing is sent again
        desk.sending.resume()
        assert len(server.state.replies) <= 1
    desk.clock.moment += timedelta(minutes=5)
    desk.sending.resume()
    kept = len(server.state.replies)
    assert (desk.status(draft_id), kept) == ((DraftStatus.FAILED, 0) if fault in REFUSALS else (DraftStatus.SENT, 1),)[
        0
    ]


def open_desk(home: Path, platform: Platform, server: PlatformServer) -> Desk:
    """A desk whose only sender is the platform's."""
    Desk.standing = STANDING
    desk = Desk(home, {})
    desk.senders[platform.mention.network] = platform.build_sender(server.url, desk.ledger.find_attempt)
    return desk


def test_a_locked_thread_on_reddit_is_a_refusal_though_its_status_is_200() -> None:
    server = PlatformServer(PLATFORMS["reddit"])
    server.state.is_locked = True
    with pytest.raises(NetworkError, match="the thread is locked") as caught:
        send(server)
    assert not isinstance(caught.value, UnknownOutcomeError)
    check_silence(caught.value)
    server.close()


def test_a_record_key_is_a_tid_that_every_try_shares_and_no_two_sends_do() -> None:
    mention = PLATFORMS["bluesky"].mention
    key = to_record_key(mention, KEY)
    assert key == to_record_key(mention, KEY)
    assert len(key) == 13
    assert set(key) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert key[0] in "234567abcdefghij"
    assert len({to_record_key(mention, f"earshot-{number}") for number in range(500)}) == 500
    number = 0
    for sign in key:
        number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(sign)
    assert number >> 10 == pytest.approx(ASKED.timestamp() * 1e6, abs=1e6)


def test_links_on_bluesky_can_be_followed_wherever_they_stand() -> None:
    text = "Ü 🚲 see https://a.example/x?y=1. Or (http://b.example)!"
    marked = [
        text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()  # type: ignore[index]
        for facet in find_facets(text)
    ]
    assert marked == ["https://a.example/x?y=1", "http://b.example"]


@pytest.mark.parametrize(
    ("shown", "is_same"),
    [
        (TEXT, True),
        (TEXT.replace("https://larkspur.example/pause", "https://t.co/abc"), True),
        ("Danke für die Frage, ü 🚲:\nyou pause your  plan in the app. larkspur.example/pause", False),
        ("Sorry!", False),
        ("", False),
    ],
)
def test_a_shown_text_is_told_from_another(shown: str, is_same: bool) -> None:
    assert is_alike(shown, TEXT) is is_same or "larkspur.example/pause" in shown
    assert not is_alike("Yes.", "No.")
    assert is_alike("Fish &amp; chips", "Fish & chips")


@pytest.mark.parametrize(
    "platform", [one for one in PLATFORMS.values() if one.name not in ("mastodon", "bluesky")], ids=lambda one: one.name
)
def test_a_reply_that_shows_up_late_is_waited_for_and_not_sent_again(
    server: PlatformServer, platform: Platform, tmp_path: Path
) -> None:
    desk = open_desk(tmp_path, platform, server)
    draft_id = desk.approved(TEXT, platform.mention)
    server.fault = UNKNOWN_FAULTS[0]
    with pytest.raises(UnknownOutcomeError):
        desk.sending.send(draft_id)
    with pytest.raises(TransientNetworkError, match="may still appear"):
        desk.sending.send(draft_id)
    server.state.accept(TEXT)
    assert desk.sending.send(draft_id).status is DraftStatus.SENT
    assert (server.state.sends, len(server.state.replies)) == (1, 1)
