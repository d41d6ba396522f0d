"""Files in Slack: there once under a key, whatever breaks, and shown as soon as Slack has processed them."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, DIGEST

from assistant.app import Assistant
from assistant.errors import NetworkError
from assistant.slack.client.client import build_client
from assistant.slack.client.poster import Poster
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.uploads import Uploads, build_image

PNG = b"\x89PNG bytes"
ALT = "Posts a day: Mon 3, Tue 5"


@pytest.fixture
def uploads(slack: SlackDouble, assistant: Assistant) -> Uploads:
    return make_uploads(slack, assistant)


def make_uploads(slack: SlackDouble, assistant: Assistant) -> Uploads:
    client = build_client(slack.bot_token, slack.api_url)
    return Uploads(client, assistant.slack.uploads, assistant.clock, RateLimit(0), pause_seconds=0.01)


def test_a_picture_is_uploaded_once_with_its_title_and_what_a_screen_reader_says(
    slack: SlackDouble, uploads: Uploads
) -> None:
    first = uploads.upload_once("week:trend", "Posts a day", PNG, ALT)
    assert uploads.upload_once("week:trend", "Posts a day", PNG, ALT) == first
    assert uploads.upload_once("week:topics", "Topics", PNG, ALT) != first
    trend, _ = slack.files
    assert (trend.id, trend.title, trend.name, trend.alt_text) == (first, "Posts a day", "Posts-a-day.png", ALT)
    assert (trend.content, trend.channels) == (PNG, [])


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("status", [429, 500, "reset", "lost"])
def test_whatever_call_fails_once_the_file_is_there_once(
    slack: SlackDouble, uploads: Uploads, method: str, status: Any
) -> None:
    slack.fail_next(method, status, retry_after=0)
    file_id = uploads.share_once("week:csv", DIGEST, "week.csv", b"a,b", "The figures")
    assert [one.id for one in slack.files] == [file_id]
    assert len(slack.bot_messages(DIGEST)) == 1


@pytest.mark.parametrize("step", ["files_getUploadURLExternal", "files_completeUploadExternal"])
@pytest.mark.parametrize("is_after", [False, True])
def test_killed_around_any_call_the_next_start_shares_the_file_once(
    slack: SlackDouble, assistant: Assistant, step: str, is_after: bool
) -> None:
    uploads = make_uploads(slack, assistant)
    real: Callable[..., Any] = getattr(uploads._client, step)

    def die(**arguments: Any) -> None:
        if is_after:
            real(**arguments)
        raise PowerCutError

    setattr(uploads._client, step, die)
    with pytest.raises(PowerCutError):
        uploads.share_once("week:csv", DIGEST, "week.csv", b"a,b", "The figures")
    again = make_uploads(slack, assistant)
    again.share_once("week:csv", DIGEST, "week.csv", b"a,b", "The figures")
    again.share_once("week:csv", DIGEST, "week.csv", b"a,b", "The figures")
    [message] = slack.bot_messages(DIGEST)
    assert (message["text"], message["files"][0]["name"]) == ("The figures", "week.csv")


def test_a_refusal_is_told_with_the_scope_that_is_missing(assistant: Assistant) -> None:
    with SlackDouble(scopes=frozenset({"chat:write"})) as slack, pytest.raises(NetworkError) as refused:
        make_uploads(slack, assistant).upload_once("key", "Title", PNG, ALT)
    assert "files:write" in refused.value.hint


def test_a_message_waits_until_slack_has_processed_its_picture(
    slack: SlackDouble, assistant: Assistant, uploads: Uploads
) -> None:
    image = build_image(uploads.upload_once("key", "Title", PNG, ALT), ALT)
    slack.process_files_slowly(2)
    make_posting(slack, assistant).post_once("post", DIGEST, "text", [image])
    [message] = slack.bot_messages(DIGEST)
    assert message["blocks"][0]["type"] == "image"


def test_a_picture_that_slack_lost_does_not_hold_the_words_up(slack: SlackDouble, assistant: Assistant) -> None:
    posting = make_posting(slack, assistant)
    posting.post_once("post", DIGEST, "text", [build_image("F404", f"<!channel> {ALT}")])
    [message] = slack.bot_messages(DIGEST)
    assert "slack_file" not in str(message["blocks"])
    assert f"&lt;!channel&gt; {ALT}" in str(message["blocks"])


def test_a_private_file_reaches_one_person(slack: SlackDouble, assistant: Assistant, uploads: Uploads) -> None:
    direct = make_posting(slack, assistant).open_direct(ANNA)
    uploads.share_once("key", direct, "report.html", b"<html>", "The report")
    assert [one.channels for one in slack.files] == [[direct]]


def make_posting(slack: SlackDouble, assistant: Assistant) -> Poster:
    client = build_client(slack.bot_token, slack.api_url)
    return Poster(client, assistant.slack.slack_posts, assistant.clock, RateLimit(0), pause_seconds=0.01)


class PowerCutError(BaseException):
    """Nothing after this runs."""
