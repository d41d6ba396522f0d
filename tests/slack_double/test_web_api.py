"""The Web API: who may call what, and what happens to messages."""

from slack_double.double import SlackDouble
from slack_double.samples import actions, button, client_of, refused, running_double, section


def test_tokens_scopes_methods_and_arguments_are_checked_with_slacks_codes(quiet: SlackDouble) -> None:
    client = client_of(quiet)
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"]
    with refused("invalid_auth"):
        client_of(quiet, "xoxb-wrong").auth_test()
    with refused("not_authed"):
        client_of(quiet, "").auth_test()
    with refused("not_allowed_token_type"):
        client.apps_connections_open(app_token=quiet.bot_token)
    with refused("unknown_method"):
        client.api_call("chat.explode")
    with refused("invalid_arguments") as answer:
        client.api_call("reactions.add", params={"channel": "C1"})
    assert "[ERROR] missing required field: name" in answer["response_metadata"]["messages"]


def test_a_missing_scope_names_what_is_needed_and_what_was_given() -> None:
    with running_double(scopes=frozenset({"users:read"})) as slack:
        with refused("missing_scope") as answer:
            client_of(slack).chat_postMessage(channel="C1", text="hi")
        assert (answer["needed"], answer["provided"]) == ("chat:write", "users:read")


def test_the_bot_posts_only_where_it_is_a_member_and_does_not_see_foreign_private_channels(quiet: SlackDouble) -> None:
    client = client_of(quiet)
    quiet.add_channel("C2", "elsewhere", with_bot=False)
    quiet.add_channel("G2", "secret", with_bot=False, is_private=True)
    quiet.add_channel("C3", "old", is_archived=True)
    for channel, code in [
        ("C2", "not_in_channel"),
        ("G2", "channel_not_found"),
        ("C3", "is_archived"),
        ("C0", "channel_not_found"),
    ]:
        with refused(code):
            client.chat_postMessage(channel=channel, text="hi")
    quiet.add_user("U7", "outsider")
    with refused("user_not_in_channel"):
        client.chat_postEphemeral(channel="C1", user="U7", text="psst")
    dm = client.chat_postMessage(channel="U1", text="by user id")["channel"]
    assert dm == quiet.open_dm("U1") == client.conversations_open(users="U1")["channel"]["id"]


def test_people_groups_and_channels_can_be_looked_up(quiet: SlackDouble) -> None:
    client = client_of(quiet)
    quiet.add_user("U8", "visitor", is_restricted=True)
    quiet.add_usergroup("S1", users=["U1", "U2"])
    assert client.users_info(user="U8")["user"]["is_restricted"] is True
    assert client.usergroups_users_list(usergroup="S1")["users"] == ["U1", "U2"]
    assert client.conversations_members(channel="C1")["members"] == ["U1", "U2", quiet.bot_user_id]
    assert client.team_info()["team"]["id"] == quiet.team_id
    assert "general" in [one["name"] for page in client.conversations_list(limit=1) for one in page["channels"]]
    with refused("user_not_found"):
        client.users_info(user="U0")
    with refused("no_such_subteam"):
        client.usergroups_users_list(usergroup="S0")


# Messages


def test_history_is_newest_first_without_replies_and_replies_come_in_pages(slack: SlackDouble) -> None:
    client = client_of(slack)
    parent = slack.say("C1", "U1", "question")
    replies = [slack.say("C1", "U2", str(number), thread_ts=parent) for number in range(3)]
    later = slack.say("C1", "U1", "later")
    assert [one["ts"] for one in client.conversations_history(channel="C1")["messages"]] == [later, parent]
    pages = [
        [one["ts"] for one in page["messages"]]
        for page in client.conversations_replies(channel="C1", ts=parent, limit=3)
    ]
    assert pages == [[parent, *replies[:2]], replies[2:]]
    assert client.conversations_history(channel="C1", oldest=parent)["messages"][0]["ts"] == later
    assert slack.thread("C1", parent)[0]["reply_count"] == 3
    with refused("thread_not_found"):
        client.conversations_replies(channel="C1", ts="1.000001")


def test_only_the_bots_own_messages_can_be_changed_and_text_alone_removes_the_blocks(slack: SlackDouble) -> None:
    client = client_of(slack)
    own = client.chat_postMessage(channel="C1", text="card", blocks=[section(), actions(button())])["ts"]
    client.api_call("chat.update", json={"channel": "C1", "ts": own, "blocks": [section("shorter")]})
    assert [block["type"] for block in slack.bot_messages("C1")[0]["blocks"]] == ["section"]
    client.chat_update(channel="C1", ts=own, text="done")
    assert (slack.bot_messages("C1")[0]["text"], slack.bot_messages("C1")[0]["blocks"]) == ("done", [])
    persons = slack.say("C1", "U1", "mine")
    with refused("cant_update_message"):
        client.chat_update(channel="C1", ts=persons, text="yours")
    with refused("cant_delete_message"):
        client.chat_delete(channel="C1", ts=persons)
    with refused("message_not_found"):
        client.chat_update(channel="C1", ts="1.000001", text="ghost")
    client.chat_delete(channel="C1", ts=own)
    assert slack.bot_messages("C1") == []


def test_messages_that_are_empty_or_too_long_are_refused(quiet: SlackDouble) -> None:
    client = client_of(quiet)
    with refused("no_text"):
        client.api_call("chat.postMessage", json={"channel": "C1", "text": " "})
    with refused("msg_too_long"):
        client.chat_postMessage(channel="C1", text="x" * 40_001)
    with refused("msg_blocks_too_long"):
        client.chat_postMessage(channel="C1", text="x", blocks=[section("x" * 2_900) for _ in range(5)])
    with refused("invalid_blocks_format"):
        client.chat_postMessage(channel="C1", text="x", blocks="{not json")
    with refused("markdown_text_conflict"):
        client.chat_postMessage(channel="C1", text="x", markdown_text="**x**")
    with refused("cannot_reply_to_message"):
        client.chat_postMessage(channel="C1", text="x", thread_ts="1.000001")
    ts = client.chat_postMessage(channel="C1", text="x")["ts"]
    with refused("msg_too_long"):
        client.chat_update(channel="C1", ts=ts, text="x" * 4_001)


def test_a_permalink_a_reaction_and_a_file_reach_their_message(slack: SlackDouble) -> None:
    client = client_of(slack)
    ts = slack.say("C1", "U1", "look")
    client.reactions_add(channel="C1", name="eyes", timestamp=ts)
    with refused("already_reacted"):
        client.reactions_add(channel="C1", name="eyes", timestamp=ts)
    assert client.chat_getPermalink(channel="C1", message_ts=ts)["permalink"].endswith(f"/p{ts.replace('.', '')}")
    client.files_upload_v2(channel="C1", thread_ts=ts, filename="chart.png", content=b"\x89PNG", title="Chart")
    assert [(one.name, one.title, one.content) for one in slack.files] == [("chart.png", "Chart", b"\x89PNG")]
    assert slack.thread("C1", ts)[1]["files"][0]["title"] == "Chart"
    with refused("file_not_found"):
        client.files_completeUploadExternal(files=[{"id": "F0", "title": "none"}])
