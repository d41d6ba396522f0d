"""Modals: triggers, hashes, the stack, and what a person or an app cannot do with them."""

import pytest
from slack_double.aliases import Json
from slack_double.double import SlackDouble
from slack_double.errors import Impossible
from slack_double.samples import (
    Clock,
    actions,
    add_form,
    client_of,
    modal,
    open_form,
    plain,
    refused,
    running_double,
    select,
)
from slack_double.serving import build_app, connect


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"no_such_block": "?"}},
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
    ],
)
def test_an_answer_that_slack_would_refuse_leaves_the_modal_open_with_a_problem(
    answer: Json, slack: SlackDouble
) -> None:
    app, seen = build_app(slack), list[Json]()
    add_form(app, seen, answer)
    with connect(slack, app):
        open_form(slack)
        delivery = slack.submit_view("U1", {"answer": {"text": "x"}})
    assert "refused" in (delivery.problem or "")
    assert [view["callback_id"] for view in slack.views("U1")] == ["form"]


def test_a_person_cannot_do_what_slack_does_not_offer(slack: SlackDouble) -> None:
    ts = client_of(slack).chat_postMessage(channel="C1", text="menu", blocks=[actions(select())])["ts"]
    with pytest.raises(Impossible, match="no button or menu approve"):
        slack.click("C1", ts, "approve", "U1")
    with pytest.raises(Impossible, match="offers"):
        slack.click("C1", ts, "pick", "U1", choose="z")
    with pytest.raises(Impossible, match="no modal open"):
        slack.submit_view("U1")
    with pytest.raises(Impossible, match="bot's message"):
        slack.edit_message("C1", ts, "mine now")


def test_a_form_with_an_empty_required_input_or_an_unknown_one_is_not_sent(slack: SlackDouble) -> None:
    app, seen = build_app(slack), list[Json]()
    add_form(app, seen)
    with connect(slack, app):
        open_form(slack)
        with pytest.raises(Impossible, match="required"):
            slack.submit_view("U1")
        with pytest.raises(Impossible, match="no input other/text"):
            slack.submit_view("U1", {"other": {"text": "x"}})


def open_with_trigger(slack: SlackDouble, trigger_id: str) -> Json:
    return dict(client_of(slack).views_open(trigger_id=trigger_id, view=modal())["view"])


def test_a_trigger_works_once_and_for_three_seconds() -> None:
    clock = Clock()
    with running_double(clock=clock) as slack:
        first, second = (slack.slash("/x", "", "U1", "C1").payload["trigger_id"] for _ in range(2))
        clock.now += 2.9
        open_with_trigger(slack, first)
        with refused("exchanged_trigger_id"):
            open_with_trigger(slack, first)
        clock.now += 0.2
        with refused("expired_trigger_id"):
            open_with_trigger(slack, second)
        with refused("invalid_trigger_id"):
            open_with_trigger(slack, "made.up")


def test_a_view_is_updated_only_with_its_latest_hash_and_three_is_the_most_on_a_stack(slack: SlackDouble) -> None:
    client = client_of(slack)
    first, *more = (slack.slash("/x", "", "U1", "C1").payload["trigger_id"] for _ in range(4))
    view = open_with_trigger(slack, first)
    updated = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(callback_id="new"))["view"]
    assert (updated["id"], slack.views("U1")[0]["callback_id"]) == (view["id"], "new")
    with refused("hash_conflict"):
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    client.views_push(trigger_id=more[0], view=modal())
    client.views_push(trigger_id=more[1], view=modal())
    with refused("push_limit_reached"):
        client.views_push(trigger_id=more[2], view=modal())
    for _ in range(3):
        slack.close_view("U1")
    with refused("not_found"):
        client.views_update(view_id=view["id"], view=modal())
