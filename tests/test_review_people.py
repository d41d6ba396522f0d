"""Who may decide, when one person is not enough, who is on a draft, and what is not ours to answer."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, make_mention

from assistant.core.config import Settings
from assistant.core.roles import EVERY_ROLE, Role, find_roles
from assistant.domain import DecisionAction, Draft, DraftStatus, Sentence, Support
from assistant.domain.replies import Effect, Objection
from assistant.errors import ConfigError, EarshotError, ReviewError
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.promises import ClaimsGuard
from assistant.replies.review.rules import ReviewRules, load_rules, parse_rules
from assistant.replies.style_guides import Guide

REVIEWER = frozenset({Role.REVIEWER})
SECOND = frozenset({Role.REVIEWER, Role.SECOND_APPROVER})
ROLES = {"ada": REVIEWER, "bob": REVIEWER, "grace": SECOND, "mary": EVERY_ROLE}
BLOCKED = Objection("canary", "Project Heron", "is a code name", Effect.BLOCK)
HELD = Objection("claims", "refund", "is a promise", Effect.HOLD)
WARNED = Objection("manner", "!!!", "is loud", Effect.WARN)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, {}, find_roles=lambda user: ROLES.get(user, frozenset()), findings=[BLOCKED, HELD, WARNED])


def risky(desk: Desk) -> int:
    """A draft for somebody with many followers."""
    return desk.add_draft(mention=replace(make_mention(), followers=50_000))


def test_whoever_has_no_role_is_told_why_and_nothing_happens(desk: Desk) -> None:
    draft_id = desk.add_draft()
    reviewing = desk.reviewing
    for decide in (
        lambda: reviewing.approve(draft_id, "eve", NOW),
        lambda: reviewing.edit(draft_id, "Hello.", "eve", NOW),
        lambda: reviewing.reject(draft_id, "", "eve", NOW),
        lambda: reviewing.set_not_ours(draft_id, "", "eve", NOW),
        lambda: reviewing.claiming.claim(draft_id, "eve", NOW),
        lambda: reviewing.claiming.release(draft_id, "eve", NOW),
        lambda: desk.freezing.freeze("eve", "", NOW),
    ):
        with pytest.raises(ReviewError, match="Only reviewers may decide on drafts") as caught:
            decide()
        assert "An admin can add you" in caught.value.hint
    assert desk.status(draft_id) is DraftStatus.PENDING
    assert list(desk.tables.audit.rows()) == []


def test_a_risky_draft_needs_two_people_one_of_them_a_second_approver(desk: Desk) -> None:
    draft_id = risky(desk)
    assert desk.reviewing.find_needs(draft_id, NOW).second_because == ("its author has 50,000 followers",)

    assert desk.reviewing.approve(draft_id, "ada", NOW).status is DraftStatus.PENDING
    with pytest.raises(ReviewError, match="You have approved draft 1; a second person has to as well: its author"):
        desk.reviewing.approve(draft_id, "ada", NOW)
    with pytest.raises(ReviewError, match="needs a second approver: its author has 50,000 followers"):
        desk.reviewing.approve(draft_id, "bob", NOW)
    assert desk.reviewing.approve(draft_id, "grace", NOW).status is DraftStatus.APPROVED

    live = desk.tables.approvals.live(draft_id)
    assert live is not None
    assert (live.approval.approved_by, live.approval.second_by) == ("ada", "grace")
    assert [d.action for d in desk.tables.decisions.of_draft(draft_id)] == [
        DecisionAction.FIRST,
        DecisionAction.APPROVE,
    ]


def test_a_second_approver_may_come_first(desk: Desk) -> None:
    draft_id = risky(desk)
    desk.reviewing.approve(draft_id, "grace", NOW)
    assert desk.reviewing.approve(draft_id, "bob", NOW).status is DraftStatus.APPROVED


def test_an_edit_takes_the_first_approval_away(desk: Desk) -> None:
    draft_id = risky(desk)
    desk.reviewing.approve(draft_id, "ada", NOW)
    desk.reviewing.edit(draft_id, "Other words.", "bob", NOW)
    assert desk.reviewing.approve(draft_id, "grace", NOW, accepts_unsupported=True).status is DraftStatus.PENDING


def test_what_a_guard_holds_needs_two_and_what_it_warns_of_is_only_shown(desk: Desk) -> None:
    held = desk.add_draft("You get a refund.")
    warned = desk.add_draft("Thanks!!!", make_mention("2"))
    assert desk.reviewing.approve(held, "ada", NOW).status is DraftStatus.PENDING
    assert desk.reviewing.find_needs(warned, NOW).findings == (WARNED,)
    assert desk.reviewing.approve(warned, "ada", NOW).status is DraftStatus.APPROVED


def test_what_a_guard_blocks_is_approved_only_over_a_second_approvers_reason(desk: Desk) -> None:
    draft_id = desk.add_draft("Project Heron is here.")
    for reason in ("", "It is public since today."):
        with pytest.raises(ReviewError, match="can't be sent as written: “Project Heron” is a code name"):
            desk.reviewing.approve(draft_id, "ada", NOW, overrule=reason)
    with pytest.raises(ReviewError, match="can't be sent as written"):
        desk.reviewing.approve(draft_id, "grace", NOW, overrule="  ")

    desk.reviewing.approve(draft_id, "grace", NOW, overrule="It is public since today.")
    assert desk.reviewing.approve(draft_id, "ada", NOW).status is DraftStatus.APPROVED
    live = desk.tables.approvals.live(draft_id)
    assert live is not None
    assert live.approval.overruled == ("canary: “Project Heron” is a code name",)
    assert live.overruled_because == "It is public since today."
    assert [row["who"] for row in desk.tables.audit.rows() if row["action"] == "overrule"] == ["grace"]
    desk.clearing.check(desk.drafts.find(draft_id), make_mention())


def test_a_sentence_that_no_document_says_must_be_accepted_expressly(desk: Desk) -> None:
    mention = make_mention()
    desk.mentions.add([mention], NOW)
    said = "Pedal 7 fits every bike."
    sentences = (Sentence("Hello.", Support.COURTESY), Sentence(said, Support.UNSUPPORTED))
    text = f"Hello. {said}"
    desk.findings = ClaimsGuard().check(Candidate(text, mention, sentences, (), Guide("x", 500)))
    draft_id = desk.drafts.add(Draft(0, mention.mention_id, text, DraftStatus.PENDING, sentences, (), "", "", NOW))
    with pytest.raises(ReviewError, match=r"No document says this: “Pedal 7 fits every bike\.”"):
        desk.reviewing.approve(draft_id, "ada", NOW)
    assert desk.reviewing.approve(draft_id, "ada", NOW, accepts_unsupported=True).status is DraftStatus.APPROVED


def test_only_what_was_seen_can_be_approved(desk: Desk) -> None:
    draft_id = desk.add_draft()
    seen = desk.reviewing.find_needs(draft_id, NOW).content.short_hash
    with pytest.raises(ReviewError, match="isn't the text, post or evidence that you saw"):
        desk.reviewing.approve(draft_id, "ada", NOW, seen_hash="0123456789ab")
    assert desk.reviewing.approve(draft_id, "ada", NOW, seen_hash=seen.upper()).status is DraftStatus.APPROVED


def test_an_approval_ends_after_its_hours_and_the_draft_waits_again(desk: Desk) -> None:
    draft_id = desk.add_draft()
    desk.reviewing.approve(draft_id, "ada", NOW)
    desk.clock.moment = NOW + timedelta(hours=25)
    with pytest.raises(ReviewError, match="The approval by ada has run out"):
        desk.clearing.check(desk.drafts.find(draft_id), make_mention())
    draft = desk.drafts.find(draft_id)
    assert (draft.status, draft.note) == (DraftStatus.PENDING, "The approval by ada has run out.")
    assert desk.reviewing.approve(draft_id, "bob", desk.clock()).status is DraftStatus.APPROVED


def test_an_approved_draft_without_an_approval_on_record_is_never_sent(desk: Desk) -> None:
    draft_id = desk.add_draft()
    desk.drafts.move(draft_id, DraftStatus.PENDING, DraftStatus.APPROVED, NOW)
    assert not desk.ledger.claim(draft_id, "key", NOW)
    with pytest.raises(ReviewError, match="No approval of it is on record"):
        desk.clearing.check(desk.drafts.find(draft_id), make_mention())
    assert desk.status(draft_id) is DraftStatus.PENDING


def test_one_person_is_on_a_draft_and_others_are_told_who(desk: Desk) -> None:
    draft_id = desk.add_draft()
    claim = desk.reviewing.claiming.claim(draft_id, "ada", NOW)
    assert claim.expires_at == NOW + timedelta(hours=4)
    for other in (
        lambda: desk.reviewing.claiming.claim(draft_id, "bob", NOW),
        lambda: desk.reviewing.edit(draft_id, "Hello.", "bob", NOW),
        lambda: desk.reviewing.approve(draft_id, "bob", NOW),
        lambda: desk.reviewing.reject(draft_id, "", "bob", NOW),
        lambda: desk.reviewing.claiming.release(draft_id, "bob", NOW),
    ):
        with pytest.raises(ReviewError, match=r"ada claimed draft 1 at 2026-11-18 09:00 UTC\."):
            other()
    desk.reviewing.claiming.release(draft_id, "mary", NOW)
    assert desk.reviewing.claiming.claim(draft_id, "bob", NOW).claimed_by == "bob"
    late = NOW + timedelta(hours=4)
    assert desk.reviewing.claiming.claim(draft_id, "ada", late).claimed_by == "ada"
    desk.reviewing.approve(draft_id, "ada", late)
    assert desk.reviewing.claiming.find(draft_id, late) is None


def test_of_many_threads_that_claim_at_once_one_wins(tmp_path: Path, desk: Desk) -> None:
    draft_id = desk.add_draft()
    start = threading.Barrier(6)
    results: list[str] = []

    def claim(number: int) -> None:
        mine = Desk(tmp_path, {})
        start.wait()
        try:
            mine.reviewing.claiming.claim(draft_id, f"person {number}", NOW)
            results.append("won")
        except EarshotError as error:
            results.append(error.message)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = desk.reviewing.claiming.find(draft_id, NOW)
    assert winner is not None
    assert results.count("won") == 1
    assert sum(result.startswith(f"{winner.claimed_by} claimed draft 1") for result in results) == 5


def test_of_two_second_approvals_at_once_one_counts(tmp_path: Path, desk: Desk) -> None:
    draft_id = risky(desk)
    desk.reviewing.approve(draft_id, "ada", NOW)
    start = threading.Barrier(2)
    results: list[str] = []

    def approve(user: str) -> None:
        mine = Desk(tmp_path, {})
        start.wait()
        try:
            results.append(mine.reviewing.approve(draft_id, user, NOW).status)
        except EarshotError as error:
            results.append(error.message)

    threads = [threading.Thread(target=approve, args=(user,)) for user in ("grace", "mary")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results)[1] == "approved"
    assert "already approved by" in sorted(results)[0]
    assert len(desk.tables.decisions.of_draft(draft_id)) == 2


def test_a_post_that_is_not_ours_is_not_drafted_again_until_somebody_takes_it_back(desk: Desk) -> None:
    draft_id = desk.add_draft()
    assert desk.reviewing.set_not_ours(draft_id, "It is about another shop.", "ada", NOW).status is DraftStatus.REJECTED
    with pytest.raises(ReviewError, match="ada said that file:1 is not ours to answer: It is about another shop"):
        desk.add_draft()
    desk.reviewing.unset_not_ours("file:1", "bob", NOW)
    assert desk.add_draft() == 2


def test_every_edit_is_kept_with_how_far_it_went(desk: Desk) -> None:
    draft_id = desk.add_draft("You can pause your plan.")
    desk.reviewing.edit(draft_id, "You may pause your plan.", "ada", NOW)
    [edit] = desk.tables.decisions.edits(draft_id)
    assert (edit.before, edit.after) == ("You can pause your plan.", "You may pause your plan.")
    assert (edit.word_distance, edit.character_distance) == (0.2, 0.0833)


@pytest.mark.parametrize(
    ("settings", "user", "found"),
    [
        (((), (), ()), "U1", SECOND),
        (((), (), ()), "U4", frozenset()),  # not in the review channel
        ((("U1",), (), ()), "U1", SECOND),
        ((("U1",), (), ()), "U2", frozenset()),
        ((("U1",), ("U2",), ()), "U1", REVIEWER),
        ((("U1",), ("U2",), ()), "U2", SECOND),
        (((), ("U2",), ()), "U1", REVIEWER),
        ((("U1",), ("U2",), ("U3",)), "U3", EVERY_ROLE),
    ],
)
def test_roles_follow_the_settings(settings: tuple[tuple[str, ...], ...], user: str, found: frozenset[Role]) -> None:
    names = dict(zip(("reviewers", "second_approvers", "admins"), settings, strict=True))
    roles = find_roles(Settings.model_validate(names), lambda names: user in names, lambda: user != "U4")
    assert roles == found | {Role.MEMBER, Role.MANAGER}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "second_approver:\n  pres: true\n",
            "review.yaml, line 2: there is no field second_approver.pres, perhaps press",
        ),
        ("second_approver:\n  press: maybe\n", "review.yaml, line 2: second_approver.press must be true or false"),
        ("second_approver:\n  followers: many\n", "review.yaml, line 2: second_approver.followers"),
        ("second_approver:\n  followers: -1\n", "review.yaml, line 2: second_approver.followers"),
        ("- press\n", "review.yaml, line 1: it must hold fields"),
        ("second_approver: [\n", "this is no YAML"),
    ],
)
def test_a_fault_in_the_rules_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_rules(text, "review.yaml")
    assert told in caught.value.message
    assert "review.example.yaml" in caught.value.hint


def test_the_example_is_what_counts_without_a_file(tmp_path: Path) -> None:
    example = Path(__file__).parent.parent / "review.example.yaml"
    assert load_rules(example, is_needed=True) == ReviewRules() == load_rules(tmp_path / "none.yaml", is_needed=False)
    with pytest.raises(ConfigError, match=r"none\.yaml is not there"):
        load_rules(tmp_path / "none.yaml", is_needed=True)


@pytest.mark.parametrize(
    ("text", "intent", "because"),
    [
        ("I write for the Herald.", "press", "somebody from the press asks"),
        ("My lawyer will call you.", "complaint", "It may become a matter of law: it says “lawyer”."),
        ("The battery caught fire!", "complaint", "Somebody may be in danger: it says “caught fire”."),
    ],
)
def test_the_usual_rules_ask_for_two_on_press_law_and_danger(text: str, intent: str, because: str) -> None:
    assert ReviewRules().list_reasons(make_mention(text=text), intent, ()) == (because,)
    assert ReviewRules().list_reasons(make_mention(text="Where is it?"), "question", ()) == ()
    off = parse_rules("second_approver:\n  press: no\n  legal: no\n  safety: no\n  networks: [file]\n", "review.yaml")
    assert off.list_reasons(make_mention(text=text), intent, ()) == ("every reply on file does",)
