"""What an event means: what is for Earshot is heard whichever way it comes, and nothing it did itself ever is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.slack.answers.events import Asked, Deleted, Edited, FollowUp, Silence, read_event

OWN, ANNA = "U0OWN", "U0ANNA"
WORDS = st.sampled_from(
    ["thanks", f"<@{OWN}>", "<@U0BEN>", "how?", "", ":tada:", "&amp;", "<https://a.example|a>", "ok " * 9]
)
TEXTS = st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=80)


def wrap(**event: Any) -> dict[str, Any]:
    """An event in its envelope."""
    kept = {"type": "message", "channel": "C1", "channel_type": "channel", "user": ANNA, "ts": "2.0", **event}
    return {"team_id": "T1", "event": kept, "authorizations": [{"user_id": OWN}]}


@given(TEXTS, st.sampled_from(["message", "app_mention"]), st.sampled_from(["channel", "im", "group"]), st.booleans())
def test_no_text_breaks_the_reading_and_a_mention_has_one_key(
    text: str, kind: str, channel_type: str, is_reply: bool
) -> None:
    thread = {"thread_ts": "1.0"} if is_reply else {}
    heard = read_event(wrap(type=kind, channel_type=channel_type, text=text, **thread))
    if f"<@{OWN}>" in text or channel_type == "im" or kind == "app_mention":
        assert isinstance(heard, Asked)
        assert heard.key == "question:T1:C1:2.0"
    else:
        assert isinstance(heard, FollowUp) is is_reply


@given(st.dictionaries(st.sampled_from(["subtype", "text", "thread_ts", "bot_id", "message"]), st.none() | st.text()))
def test_earshot_never_answers_itself(event: dict[str, Any]) -> None:
    event.pop("message", None)
    event["subtype"] = "" if event.get("subtype") in ("message_changed", "message_deleted") else event.get("subtype")
    assert read_event(wrap(**{**event, "user": OWN}), (OWN, "B0OWN")) is None


@pytest.mark.parametrize(
    ("text", "silence"),
    [
        ("<@U0BEN> did you see?", Silence.TO_OTHERS),
        ("<!here> look", Silence.TO_OTHERS),
        ("Thanks a lot! :tada:", Silence.COURTESY),
        (":+1:", Silence.COURTESY),
        ("ok, and for how long?", None),
        ("thank you, what about <@U0BEN>?", None),
        ("what is ok to do?", None),
    ],
)
def test_what_is_left_alone_in_a_thread(text: str, silence: Silence | None) -> None:
    heard = read_event(wrap(text=text, thread_ts="1.0"))
    assert isinstance(heard, FollowUp)
    assert heard.silence is silence


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_a_question_with_a_file_or_sent_to_the_channel_too_is_one(subtype: str) -> None:
    assert isinstance(read_event(wrap(text=f"<@{OWN}> what is this?", subtype=subtype)), Asked)


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "pinned_item", "message_replied"])
def test_what_nobody_said_is_nothing(subtype: str) -> None:
    assert read_event(wrap(text=f"<@{OWN}> joined", subtype=subtype)) is None


def test_an_unfolded_link_is_no_edit_and_a_changed_word_is_one() -> None:
    message = {"user": ANNA, "ts": "1.0", "text": f"<@{OWN}> a?"}
    same = wrap(subtype="message_changed", message=message, previous_message=message)
    assert read_event(same) is None
    changed = {**message, "text": f"<@{OWN}> b?", "edited": {"ts": "3.0"}}
    edited = read_event(wrap(subtype="message_changed", message=changed, previous_message=message))
    assert isinstance(edited, Edited)
    assert (edited.asked.key, edited.version, edited.is_to_us) == ("question:T1:C1:1.0", "3.0", True)


def test_only_the_deletion_of_what_may_have_been_a_question_is_heard() -> None:
    for text, heard in ((f"<@{OWN}> a?", Deleted("question:T1:C1:1.0", "C1")), ("lunch?", None)):
        before = {"user": ANNA, "ts": "1.0", "text": text}
        assert read_event(wrap(subtype="message_deleted", previous_message=before, deleted_ts="1.0")) == heard
