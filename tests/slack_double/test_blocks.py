"""Block Kit's rules, seen through the Web API."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_double.block_cases import BAD, BAD_VIEWS, GOOD, GOOD_VIEWS, LIMITED
from slack_double.double import SlackDouble
from slack_double.samples import actions, client_of, modal, option, refused, section, select


@pytest.mark.parametrize("name", GOOD)
def test_good_blocks_are_taken(name: str, quiet: SlackDouble) -> None:
    answer = client_of(quiet).chat_postMessage(channel="C1", text="x", blocks=GOOD[name])
    kept = quiet.thread("C1", answer["ts"])[0]["blocks"]
    assert [block["type"] for block in kept] == [block["type"] for block in GOOD[name]]


@pytest.mark.parametrize("name", BAD)
def test_bad_blocks_are_refused_with_a_pointer_to_the_mistake(name: str, quiet: SlackDouble) -> None:
    blocks, message = BAD[name]
    with refused("invalid_blocks") as answer:
        client_of(quiet).chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert any(message in line for line in answer["response_metadata"]["messages"]), answer


@pytest.mark.parametrize("name", GOOD_VIEWS)
def test_good_views_are_taken(name: str, quiet: SlackDouble) -> None:
    trigger_id = quiet.slash("/x", "", "U1", "C1").payload["trigger_id"]
    assert client_of(quiet).views_open(trigger_id=trigger_id, view=GOOD_VIEWS[name])["view"]["blocks"]


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_bad_views_are_refused_before_the_trigger_is_used_up(name: str, quiet: SlackDouble) -> None:
    view, message = BAD_VIEWS[name]
    trigger_id = quiet.slash("/x", "", "U1", "C1").payload["trigger_id"]
    with refused("invalid_arguments") as answer:
        client_of(quiet).views_open(trigger_id=trigger_id, view=view)
    assert any(message in line for line in answer["response_metadata"]["messages"]), answer
    client_of(quiet).views_open(trigger_id=trigger_id, view=modal(section()))


def test_a_menu_value_over_the_documented_limit_is_taken_with_a_warning(quiet: SlackDouble) -> None:
    client_of(quiet).chat_postMessage(channel="C1", text="x", blocks=[actions(select(options=[option("x" * 76)]))])
    assert "less than 76 characters" in quiet.warnings[-1]


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(sorted(LIMITED)), excess=st.integers(-70, 300), letter=st.sampled_from("xé日🙂"))
def test_a_field_is_refused_exactly_when_it_is_too_long(
    quiet: SlackDouble, name: str, excess: int, letter: str
) -> None:
    most, build = LIMITED[name]
    blocks = [build(letter * (most + excess))]
    if excess <= 0:
        client_of(quiet).chat_postMessage(channel="C1", text="x", blocks=blocks)
    else:
        with refused("invalid_blocks") as answer:
            client_of(quiet).chat_postMessage(channel="C1", text="x", blocks=blocks)
        assert f"must be less than {most + 1} characters" in str(answer["response_metadata"]["messages"])
