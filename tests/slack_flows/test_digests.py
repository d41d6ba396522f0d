"""Digests in Slack: each once, with what its readers may see, and with the posts and files behind it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, BEN, GUEST, run_service, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Answer, Audience, Mention, Question
from assistant.knowledge.tables.questions import AskedIn
from assistant.reports.digest.plans import DigestPlan
from assistant.reports.figures import find_period
from assistant.service.service import Service
from assistant.slack.digests.flow import connect_digests

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
IN_WEEK = datetime(2026, 11, 11, 12, tzinfo=UTC)
MANAGERS, OPEN = "C0MANAGERS", "C0OPEN"
COMMAND = "/earshot"


NATIVE = ("data_table", "data_visualization")


def lack(slack: SlackDouble, *parts: str) -> None:
    """Make the workspace one that Slack has not brought these blocks to yet."""
    slack.world.settings = replace(slack.world.settings, refused_parts=frozenset(parts))


@pytest.fixture
def slack(slack: SlackDouble) -> SlackDouble:
    """Beside the usual channels one of full members only, and one with a guest."""
    slack.add_channel(MANAGERS, "managers", members=[ANNA, BEN])
    slack.add_channel(OPEN, "partners", members=[ANNA, GUEST])
    return slack


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    plans = tmp_path / "digests.yaml"
    plans.write_text(f"digests:\n  - channel: {OPEN}\n    scope:\n      network: mastodon\n")
    return settings.model_copy(update={"digest_channel": MANAGERS, "digests_file": plans})


@pytest.fixture
def assistant(assistant: Assistant) -> Assistant:
    """A week of posts on two networks, and a question that staff asked in vain."""
    add_posts(assistant, 12)
    asked = AskedIn("C0TEAM", None, ANNA, "question:1")
    assistant.home.clock = lambda: MONDAY
    question = Question("What is the codeword of the merger?", Audience.INTERNAL)
    assistant.knowledge.questions.add(question, Answer("", False, ""), IN_WEEK, asked)
    return assistant


def add_posts(assistant: Assistant, number: int) -> None:
    says = ("I love the app", "The app is broken, I hate it", "How do I pause my plan?")
    posts = [
        Mention(
            f"{network}:{n}",
            network,
            str(n),
            f"eve{n}",
            f"{says[n % 3]} <!channel> {n} on {network}",
            IN_WEEK + timedelta(minutes=n),
            url=f"https://{network}.example/{n}",
        )
        for network in ("x", "mastodon")
        for n in range(number)
    ]
    assistant.listening.mentions.add(posts, IN_WEEK)
    assistant.listening.sort_new_mentions(IN_WEEK)


def read_heads(slack: SlackDouble, channel: str) -> list[dict[str, Any]]:
    return [one for one in slack.bot_messages(channel) if one.get("thread_ts") in (None, one["ts"])]


def post_digests(slack: SlackDouble, service: Service) -> None:
    service.rounds.post_digest(MONDAY)
    wait_until_quiet(slack, service)


def read_all(slack: SlackDouble, channel: str) -> str:
    return "\n".join(read_texts([one["blocks"] for one in slack.bot_messages(channel)]))


def test_a_digest_opens_with_its_sentences_and_charts_and_has_sortable_tables_in_the_thread(
    slack: SlackDouble, service: Service
) -> None:
    post_digests(slack, service)
    [head] = read_heads(slack, MANAGERS)
    kinds = [block["type"] for block in head["blocks"]]
    assert kinds[:4] == ["header", "context", "section", "context"]
    charts = [block for block in head["blocks"] if block["type"] == "data_visualization"]
    assert len(charts) == 2
    assert charts[0]["title"] == "Posts a day, by sentiment"
    assert [one["name"] for one in charts[0]["chart"]["series"]] == ["negative", "neutral", "positive"]
    assert sum(point["value"] for one in charts[0]["chart"]["series"] for point in one["data"]) == 24
    assert slack.files == []
    blocks = [block for one in slack.thread(MANAGERS, head["ts"])[1:] for block in one["blocks"]]
    tables = {block["caption"]: block["rows"] for block in blocks if block["type"] == "data_table"}
    assert tables["Networks"] == [
        [{"type": "raw_text", "text": "What"}, {"type": "raw_text", "text": "Number"}],
        [{"type": "raw_text", "text": "Mastodon"}, {"type": "raw_number", "value": 12, "text": "12"}],
        [{"type": "raw_text", "text": "X"}, {"type": "raw_number", "value": 12, "text": "12"}],
    ]


def test_where_slack_has_no_charts_yet_a_digest_has_pictures_and_tables_in_words(
    slack: SlackDouble, service: Service
) -> None:
    lack(slack, *NATIVE)
    post_digests(slack, service)
    [head] = read_heads(slack, MANAGERS)
    kinds = [block["type"] for block in head["blocks"]]
    assert kinds[:4] == ["header", "context", "section", "context"]
    assert len(head["blocks"][2]["text"]["text"].split("\n")) == 4
    images = [block for block in head["blocks"] if block["type"] == "image"]
    assert len(images) >= 2
    assert all("ars" in image["alt_text"] for image in images)
    by_id = {one.id: one for one in slack.files}
    assert all((by_id[image["slack_file"]["id"]].content or b"").startswith(b"\x89PNG") for image in images)
    assert all(by_id[image["slack_file"]["id"]].alt_text == image["alt_text"] for image in images)
    [actions] = [block for block in head["blocks"] if block["type"] == "actions"]
    assert [button["text"]["text"] for button in actions["elements"]] == [
        "Show the posts",
        "Export CSV",
        "Full report",
    ]
    thread = "\n".join(read_texts([one["blocks"] for one in slack.thread(MANAGERS, head["ts"])[1:]]))
    for title in ("Sentiment", "Networks", "Unanswered staff questions", "Costs and time saved"):
        assert f"*{title}*" in thread
    assert "&lt;!channel&gt;" in thread
    assert "<!channel>" not in thread


def test_each_channel_gets_its_own_scope_and_outsiders_see_nothing_of_our_work(
    slack: SlackDouble, service: Service
) -> None:
    post_digests(slack, service)
    ours, theirs = read_all(slack, MANAGERS), read_all(slack, OPEN)
    assert "24 posts" in ours
    assert "12 posts" in theirs
    assert "Only posts from Mastodon count here." in theirs
    assert "codeword" in ours
    for inner in (
        "codeword",
        "Costs and time saved",
        "People worth knowing",
        "Our replies",
        "need a reply",
        "x.example",
    ):
        assert inner not in theirs
    assert "no reply was sent" in ours
    assert "no reply was sent" not in theirs


def test_however_often_and_wherever_it_is_due_each_digest_is_there_once(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    for _ in range(2):
        post_digests(slack, service)
    before = {channel: len(slack.bot_messages(channel)) for channel in (MANAGERS, OPEN)}
    connect_digests(assistant.home, assistant.reports, assistant.slack).post(
        assistant.reports.digest_plans[0], find_period("2026-W46", assistant.settings.zone)
    )
    assert {channel: len(slack.bot_messages(channel)) for channel in (MANAGERS, OPEN)} == before
    assert len(read_heads(slack, MANAGERS)) == len(read_heads(slack, OPEN)) == 1


def test_after_a_restart_nothing_comes_twice_and_what_was_missed_comes_for_each_channel(
    slack: SlackDouble, settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    tmp_path.joinpath("digests.yaml").write_text(
        f"digests:\n  - channel: {OPEN}\n    cron: 0 10 * * 1\n    scope: {{network: mastodon}}\n"
    )
    again = settings.model_copy(update={"digest_schedule": "0 9 * * 1"})
    for number, moment in enumerate(
        (MONDAY - timedelta(days=3), MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))
    ):
        parts = Assistant(again, embedder=FakeEmbedder())
        parts.home.clock = partial(datetime.fromtimestamp, moment.timestamp(), UTC)
        with run_service(parts, slack) as running:
            wait_until_quiet(slack, running)
        assert len(read_heads(slack, MANAGERS)) == len(read_heads(slack, OPEN)) == (1 if number else 0)
    assert "2026-W46" in read_heads(slack, MANAGERS)[0]["text"]


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(("number", "lacking"), [(1, ()), (2, ()), (2, NATIVE), (3, NATIVE), (4, NATIVE)])
def test_killed_at_any_message_the_next_try_completes_the_digest_once(
    slack: SlackDouble, assistant: Assistant, number: int, lacking: Sequence[str], is_after: bool
) -> None:
    lack(slack, *lacking)
    flow = connect_digests(assistant.home, assistant.reports, assistant.slack)
    flow._posting._outgoing._spacing_seconds = 0
    plan, week = assistant.reports.digest_plans[0], find_period("2026-W46", assistant.settings.zone)
    calls = iter(range(1, 100))

    def die(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            is_now = next(calls) == number
            if is_now and not is_after:
                raise PowerCutError
            done = real(*args, **kwargs)
            if is_now:
                raise PowerCutError
            return done

        return call

    client = flow._posting._client
    client.chat_postMessage = die(client.chat_postMessage)  # type: ignore[method-assign]
    flow._uploads._client.files_completeUploadExternal = die(  # type: ignore[method-assign]
        flow._uploads._client.files_completeUploadExternal
    )
    with pytest.raises(PowerCutError):
        flow.post(plan, week)
    again = connect_digests(assistant.home, assistant.reports, assistant.slack)
    again._posting._outgoing._spacing_seconds = 0
    assert again.post(plan, week)
    assert not again.post(plan, week)
    texts = [json.dumps(one["blocks"]) for one in slack.bot_messages(MANAGERS)]
    assert len(read_heads(slack, MANAGERS)) == 1
    assert len({text.split('"block_id"')[0] + str(len(text)) for text in texts}) == len(texts)
    names = [one.name for one in slack.files]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("part", NATIVE)
def test_what_slack_lacks_is_replaced_and_the_rest_kept(slack: SlackDouble, service: Service, part: str) -> None:
    lack(slack, part)
    post_digests(slack, service)
    kinds = {block["type"] for one in slack.bot_messages(MANAGERS) for block in one["blocks"]}
    assert kinds & {*NATIVE} == {*NATIVE} - {part}
    assert "Unanswered staff questions" in read_all(slack, MANAGERS)


def test_killed_between_posting_and_noting_it_is_not_posted_again(slack: SlackDouble, assistant: Assistant) -> None:
    flow = connect_digests(assistant.home, assistant.reports, assistant.slack)
    plan, week = assistant.reports.digest_plans[0], find_period("2026-W46", assistant.settings.zone)
    flow.post_to(f"{plan.key}:{week.label}", plan.channel, week, plan.scope)  # and then the power fails
    count = len(slack.bot_messages(MANAGERS))
    assert connect_digests(assistant.home, assistant.reports, assistant.slack).post(plan, week)
    assert len(slack.bot_messages(MANAGERS)) == count


def test_a_token_without_the_right_to_upload_posts_the_words_and_says_what_is_missing(assistant: Assistant) -> None:
    scopes = frozenset("chat:write channels:read channels:history users:read".split())
    with SlackDouble(scopes=scopes, rate_limit=False) as bare:
        bare.add_user(ANNA, "anna")
        bare.add_channel(MANAGERS, "managers", members=[ANNA])
        lack(bare, *NATIVE)
        update = {"slack_api_url": bare.api_url}
        assistant.home.settings = assistant.settings.model_copy(update=update)
        flow = connect_digests(assistant.home, assistant.reports, assistant.slack)
        flow.post(DigestPlan("digest", MANAGERS, "week", ""), find_period("2026-W46", assistant.settings.zone))
        assert "Add the scope files:write" in read_all(bare, MANAGERS)


def open_posts(slack: SlackDouble, service: Service, user: str) -> dict[str, Any]:
    post_digests(slack, service)
    [head] = read_heads(slack, MANAGERS)
    slack.click(MANAGERS, head["ts"], "digest_posts", user)
    return read_form(slack, service, user)


def read_form(slack: SlackDouble, service: Service, user: str) -> dict[str, Any]:
    """The form, once it holds more than that it is being filled in."""
    slack.wait_for(
        lambda: [view for view in slack.views(user)[-1:] if "Counting…" not in str(view["blocks"])], what="the form"
    )
    wait_until_quiet(slack, service)
    return slack.views(user)[-1]


def test_show_the_posts_opens_the_posts_behind_a_number_page_by_page(slack: SlackDouble, service: Service) -> None:
    view = open_posts(slack, service, ANNA)
    shown = "\n".join(read_texts(view["blocks"]))
    assert "*All posts: 24*" in shown
    assert "24 posts, 1 to 5 of them here" in shown
    assert shown.count("open the post") == 5
    assert "<!channel>" not in shown
    slack.click_in_view(ANNA, "digest_page_on")
    wait_until_quiet(slack, service)
    assert "6 to 10 of them here" in "\n".join(read_texts(slack.views(ANNA)[-1]["blocks"]))
    [menu] = [block["elements"][0] for block in view["blocks"] if block["type"] == "actions"][:1]
    [negative] = [one for one in menu["options"] if one["text"]["text"].startswith("Negative posts")]
    slack.click_in_view(ANNA, "digest_number", choose=negative["value"])
    wait_until_quiet(slack, service)
    shown = "\n".join(read_texts(slack.views(ANNA)[-1]["blocks"]))
    assert f"*{negative['text']['text']}*" in shown
    assert "I love the app" not in shown


def test_a_section_shows_its_own_numbers_only(slack: SlackDouble, service: Service) -> None:
    post_digests(slack, service)
    [head] = read_heads(slack, MANAGERS)
    for message in slack.thread(MANAGERS, head["ts"])[1:]:
        for block in message["blocks"]:
            button = block.get("accessory")
            if button and button["value"].endswith("|Networks"):
                slack.click(MANAGERS, message["ts"], "digest_posts", ANNA, block_id=block["block_id"])
    form = read_form(slack, service, ANNA)
    [menu] = [block["elements"][0] for block in form["blocks"] if block["type"] == "actions"][:1]
    assert [one["text"]["text"] for one in menu["options"]] == ["Mastodon: 12", "X: 12"]


def test_where_authors_stay_unnamed_the_form_names_and_links_nobody(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.home.settings = assistant.settings.model_copy(update={"digest_hide_authors": True})
    assert not [text for text in read_texts(open_posts(slack, service, ANNA)["blocks"]) if "eve" in text]


@pytest.mark.parametrize("action", ["digest_csv", "digest_report"])
def test_a_file_comes_to_the_direct_messages_of_who_asked_once(
    slack: SlackDouble, service: Service, action: str
) -> None:
    post_digests(slack, service)
    [head] = read_heads(slack, MANAGERS)
    clicked = slack.click(MANAGERS, head["ts"], action, ANNA)
    slack.world.dispatcher.redeliver(clicked)
    wait_until_quiet(slack, service)
    [message] = slack.bot_messages(slack.open_dm(ANNA))
    [shared] = [one for one in slack.files if one.channels]
    name = {"digest_csv": "earshot-2026-W46.csv", "digest_report": "earshot-2026-W46.html"}[action]
    assert (shared.name, shared.channels) == (name, [slack.open_dm(ANNA)])
    content = (shared.content or b"").decode("utf-8-sig")
    assert content.startswith("period,name,value" if action == "digest_csv" else "<!doctype html>")
    assert "2026-W46" in message["text"]
    assert any(f"I sent you {name}" in one["text"] for one in slack.ephemerals)


def test_the_posts_behind_a_number_can_be_exported_from_the_form(slack: SlackDouble, service: Service) -> None:
    open_posts(slack, service, ANNA)
    slack.click_in_view(ANNA, "digest_posts_csv")
    wait_until_quiet(slack, service)
    [shared] = [one for one in slack.files if one.channels]
    assert shared.name == "earshot-2026-W46-posts.csv"
    assert len((shared.content or b"").decode("utf-8-sig").strip().split("\r\n")) == 25


def ask(
    slack: SlackDouble, service: Service, text: str, user: str = ANNA, channel: str = "C0TEAM"
) -> list[dict[str, Any]]:
    slack.slash(COMMAND, f"summary {text}".strip(), user, channel)
    wait_until_quiet(slack, service)
    return [one for one in slack.ephemerals if one["shown_to"] == user]


@pytest.mark.parametrize("text", ["", "last", "2026-W46", "last week", "2026-11", "this month", "2026-q4"])
def test_earshot_summary_answers_the_person_alone_with_sentences_charts_and_buttons(
    slack: SlackDouble, service: Service, text: str
) -> None:
    *_, told = ask(slack, service, text)
    kinds = [block["type"] for block in told["blocks"]]
    assert kinds.count("data_visualization") + kinds.count("image") >= 2
    assert "24 posts" in told["text"]
    assert "digest_report" in json.dumps(told["blocks"])
    assert slack.bot_messages("C0TEAM") == []


def test_a_summary_for_one_person_has_pictures_where_slack_has_no_charts_yet(
    slack: SlackDouble, service: Service
) -> None:
    lack(slack, *NATIVE)
    *_, told = ask(slack, service, "")
    assert [block["type"] for block in told["blocks"]].count("image") >= 2


def test_earshot_summary_takes_a_scope(slack: SlackDouble, service: Service) -> None:
    *_, told = ask(slack, service, "2026-W46 network=mastodon")
    assert told["text"].startswith("Week 2026-W46, Mastodon: Nothing stood out this week")
    assert "12 posts" in told["text"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yesterday", "yesterday isn't a week, month or quarter. Write it like 2026-W46, 2026-11 or 2026-Q4."),
        ("2026-W54", "2026-W54 isn't a week, month or quarter."),
        ("2031-W01", "The week 2031-W01 hasn't begun."),
        ("last planet=mars", "There is no scope planet."),
        ("2026-W46 network=nonsense", "There's no network nonsense. There are: app_store, bluesky, facebook,"),
        ("country=Germany", "Germany is no country's code. Write two letters, such as DE or GB."),
        ("<!channel>", "&lt;!channel&gt; isn't a week"),
    ],
)
def test_what_cannot_be_read_gets_a_plain_message(slack: SlackDouble, service: Service, text: str, told: str) -> None:
    [answer] = ask(slack, service, text)
    assert told in answer["text"]


def test_guests_are_refused_plainly_by_every_way(slack: SlackDouble, service: Service) -> None:
    slack.invite(MANAGERS, GUEST)
    *_, refused = ask(slack, service, "", GUEST)
    assert refused["text"].startswith("Only full members of the company may do this.")
    post_digests(slack, service)
    [head] = read_heads(slack, MANAGERS)
    for action in ("digest_csv", "digest_report", "digest_posts"):
        slack.click(MANAGERS, head["ts"], action, GUEST)
        wait_until_quiet(slack, service)
    assert "Only full members" in str(read_form(slack, service, GUEST)["blocks"])
    assert not [one for one in slack.files if one.channels]
    assert len([one for one in slack.ephemerals if "Only full members" in one["text"]]) == 3


def test_an_empty_week_says_so_and_when_there_were_posts(slack: SlackDouble, service: Service) -> None:
    *_, told = ask(slack, service, "2026-W30")
    assert "No posts found for this week" in told["text"]
    assert "The posts that are kept are from 2026-11-11 to 2026-11-11." in "\n".join(read_texts(told["blocks"]))


class PowerCutError(BaseException):
    """Nothing after this runs."""
