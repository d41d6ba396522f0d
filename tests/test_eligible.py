"""Whether a post may be answered: the strictest rule wins, names itself, and says until when a yes holds."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes_reply import NOW, Desk, Platform, make_mention

from assistant.domain import Eligibility, MayReply, Mention
from assistant.errors import ConfigError
from assistant.listening.networks.base import reply_rules as eligibility
from assistant.listening.networks.base.reply_rules import (
    CompanyStanding,
    Facts,
    asks_to_stop,
    judge_eligibility,
    load_rules,
)

OURS = CompanyStanding(handles=frozenset({"larkspurbikes"}), welcome=frozenset({"bikes"}), has_ai_approval=True)
RULES = load_rules()


def judge(mention: Mention, standing: CompanyStanding = OURS, **facts: Any) -> Eligibility:
    known = {"now": NOW + timedelta(hours=1), "has_sender": True, **facts}
    return judge_eligibility(mention, Facts(**known), standing, RULES)


def on(network: str, text: str = "Hi @LarkspurBikes, a question?", **more: Any) -> Mention:
    return replace(make_mention("1", text, network), **more)


IN_BIKES = "https://www.reddit.com/r/Bikes/comments/p/_/c1/"


@pytest.mark.parametrize(
    ("mention", "standing", "facts", "may_reply", "rule"),
    [
        (on("file"), OURS, {}, "yes", ""),
        (on("mastodon"), OURS, {}, "yes", ""),
        (on("mastodon"), OURS, {"has_sender": False}, "assist", "no-sender"),
        (on("mastodon", removed_at=NOW), OURS, {}, "no", "deleted"),
        (on("mastodon"), OURS, {"has_opted_out": True, "has_sender": False}, "no", "opted-out"),
        (on("file", "Please stop replying to me."), OURS, {}, "no", "asked-to-stop"),
        (on("bluesky"), OURS, {"replied_at": NOW}, "no", "one-reply"),
        (on("reddit", url=IN_BIKES), OURS, {"is_locked": True}, "no", "locked"),
        (on("x"), OURS, {}, "yes", ""),
        (on("x", "Larkspur Bikes is bad"), OURS, {}, "assist", "x-summoned"),
        (on("x", "mail@larkspurbikes.example"), OURS, {}, "assist", "x-summoned"),
        (on("x", "Larkspur is bad"), replace(OURS, has_enterprise=True), {}, "yes", ""),
        (on("x"), replace(OURS, has_ai_approval=False), {}, "assist", "x-ai-approval"),
        (on("x", "Larkspur"), OURS, {"replied_at": NOW}, "no", "one-reply"),
        (on("facebook"), OURS, {}, "yes", ""),
        (on("facebook"), OURS, {"now": NOW + timedelta(hours=25)}, "assist", "meta-window-facebook"),
        (
            on("instagram", in_reply_to="m1"),
            OURS,
            {"now": NOW + timedelta(hours=25)},
            "assist",
            "meta-window-instagram",
        ),
        (on("instagram"), OURS, {}, "assist", "instagram-own-media"),
        (on("reddit", url=IN_BIKES), OURS, {}, "yes", ""),
        (on("reddit"), OURS, {}, "assist", "reddit-subreddit"),
        (on("reddit", url=IN_BIKES.replace("Bikes", "other")), OURS, {}, "assist", "reddit-subreddit"),
        (on("reddit", url=IN_BIKES), replace(OURS, unwelcome=frozenset({"bikes"})), {}, "assist", "reddit-subreddit"),
        (on("reddit", url=IN_BIKES), OURS, {"now": NOW + timedelta(days=181)}, "assist", "reddit-archived"),
        (on("discourse:forum.example"), OURS, {}, "yes", ""),
    ],
)
def test_the_strictest_rule_decides_and_names_itself(
    mention: Mention, standing: CompanyStanding, facts: dict[str, Any], may_reply: str, rule: str
) -> None:
    judged = judge(mention, standing, **facts)
    assert (judged.may_reply, judged.rule) == (may_reply, rule)
    assert judged.reason


def test_a_yes_on_facebook_says_until_when_it_holds() -> None:
    assert judge(on("facebook")).until == NOW + timedelta(hours=24)
    assert judge(on("mastodon")).until is None


@pytest.mark.parametrize(
    "text",
    [
        "Stop replying to me!",
        "@larkspurbikes please stop responding to my posts",
        "Don't reply to me again.",
        "do not contact me",
        "Just leave me alone",
        "Hören Sie bitte auf, mir zu antworten.",
        "Schreibt mir bitte nicht mehr",
        "Lasst mich in Ruhe.",
        "Arrêtez de me répondre",
        "Dejen de escribirme",
        "Nie piszcie do mnie więcej",
        "Lasciatemi in pace",
        "Deixem-me em paz",
        "Laat me met rust",
        "STOP",
        "@larkspurbikes stop!",
    ],
)
def test_who_asks_us_to_stop_is_heard(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "If you don't reply to me I will cancel.",
        "Why did you stop replying to me?",
        "You never reply to me when I ask",
        "Please reply to me",
        "My brakes stop working, reply please",
        "Stop selling bikes without brakes",
        "He said to stop, and I replied",
        "Stop @larkspurbikes from stealing my money",
        "Your app stopped responding",
        "Warum antwortet ihr mir nicht mehr?",
        "",
    ],
)
def test_who_complains_of_our_silence_is_not_silenced(text: str) -> None:
    assert not asks_to_stop(text)


def test_a_post_full_of_conditions_and_refusals_is_read_at_once() -> None:
    began = time.thread_time()
    assert not asks_to_stop("if " * 3_000 + ". " + "if leave me alone " * 600)
    assert time.thread_time() - began < 2


def test_each_rule_names_its_source_and_the_day_it_was_read() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source
        assert rule.since <= rule.read
        assert rule.says.endswith(".")
        assert rule.verified or rule.note, "what could not be read says so"


@pytest.mark.parametrize("content", ["- name: a\n", "- name: [", "[]\n- x\n"])
def test_rules_that_are_written_wrongly_are_told_with_their_place(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "eligibility.yaml").write_text(content)
    monkeypatch.setattr(eligibility, "files", lambda _: tmp_path)
    with pytest.raises(ConfigError, match=r"eligibility\.yaml"):
        load_rules()


def test_who_opted_out_is_left_alone_there_and_only_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"file": Platform()})
    draft_id = desk.approved()
    desk.opt_outs.add("@Ada", "file", "bo", NOW)
    desk.sending.send(draft_id)
    assert desk.sending.eligibility("file:1").rule == "opted-out"
    assert desk.outcomes(draft_id) == []
    assert desk.opt_outs.find("ada", "mastodon") is None
    assert desk.opt_outs.remove("ADA", "File")
    assert desk.sending.send(draft_id).status == "sent"


def test_an_opt_out_follows_a_person_to_another_name_also_after_they_were_forgotten(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    post = replace(make_mention("2"), author="fay.test", author_id="did:plc:fay")
    desk.mentions.add([post], NOW)
    desk.opt_outs.add("fay.test", "file", "bo", NOW)
    assert desk.opt_outs.find("fay2.test", "file", "did:plc:fay")
    desk.store.change("update mentions set author = '', author_id = null")
    assert desk.opt_outs.find("fay2.test", "file", "did:plc:fay")
    assert desk.opt_outs.find("fay2.test", "file", "did:plc:other") is None


def test_an_opt_out_of_an_older_earshot_holds_for_the_next_name_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    desk.opt_outs.add("fay.test", "file", "bo", NOW)  # before any post of theirs was kept with its account
    for number, name in (("2", "fay.test"), ("3", "fay2.test")):
        desk.mentions.add([replace(make_mention(number), author=name, author_id="did:plc:fay")], NOW)
    assert desk.opt_outs.find("fay2.test", "file", "did:plc:fay")


def test_an_opt_out_keeps_no_name(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    desk.opt_outs.add("Quillon", "discourse", "bo", NOW)
    assert desk.opt_outs.find("quillon", "discourse:forum.example") is not None
    assert "uillon" not in str(desk.store.rows("select * from opt_outs"))
    assert desk.opt_outs.find("", "discourse") is None


def test_a_yes_becomes_a_no_once_the_post_was_answered_and_a_yes_again_once_that_was_deleted(tmp_path: Path) -> None:
    class Deleting(Platform):
        def delete(self, mention: Mention, reply: object) -> None:
            self.delivered.clear()

    platform = Deleting()
    desk = Desk(tmp_path, {"file": platform})
    draft_id = desk.approved()
    desk.sending.send(draft_id)
    assert desk.sending.eligibility("file:1").rule == "one-reply"
    assert desk.sending.delete(draft_id, "bo").status == "deleted"
    assert platform.delivered == []
    reply = desk.drafts.reply_to(draft_id)
    assert reply is not None
    assert (reply.deleted_by, reply.text) == ("bo", "Thanks for asking.")
    assert [(row["action"], row["done_by"]) for row in desk.ledger.changes(draft_id)] == [("delete", "bo")]
    assert desk.sending.eligibility("file:1").may_reply is MayReply.YES
    assert desk.add_draft("Once more.") != draft_id


def test_times_are_told_in_utc() -> None:
    late = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert "It ended at 2026-11-19 09:00 UTC." in judge(on("facebook"), now=late).reason
