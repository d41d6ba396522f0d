"""Whatever several people, faults and crashes do in any order: one reply a post, approved word for word."""

import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from fakes_reply import Desk, Fault, Killed, Platform, TickingClock, Window, make_mention
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, consumes, invariant, multiple, rule

from assistant.core.roles import EVERY_ROLE, Role
from assistant.domain import Decision, DecisionAction, DraftStatus, Mention, ThreadPost
from assistant.domain.replies import Effect, Objection
from assistant.errors import EarshotError, ReviewError
from assistant.listening.networks.base.protocol import PostNow, SentReply
from assistant.replies.review.content import read_content

Seen = tuple[int, str]
ROLES = {
    "ada": frozenset({Role.REVIEWER}),
    "grace": frozenset({Role.REVIEWER, Role.SECOND_APPROVER}),
    "mary": EVERY_ROLE,
    "eve": frozenset[Role](),
}
PEOPLE = st.sampled_from(list(ROLES))
BLOCKED = Objection("canary", "secret", "is secret", Effect.BLOCK)
HELD = Objection("claims", "refund", "is a promise", Effect.HOLD)
TEXTS = st.sampled_from(["Thanks.", "Thanks!", "thanks.", "Danke, ü 🚲", " Two\nlines ", "A secret.", "A refund."])
POSTS = [*(make_mention(str(number)) for number in range(1, 9)), make_mention("9", network="unsent")]
BETWEEN = ["nothing", "nothing", "a freeze", "an answer", "a day"]


class Watched(Platform):
    """A platform that asks, at the very moment of a send, whether anything may leave."""

    def __init__(self, check: Callable[[Mention, str], None]) -> None:
        super().__init__()
        self._check = check

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Sender."""
        self._check(mention, text)
        return super().send(mention, text, send_key)


class Replying(RuleBasedStateMachine):
    """Several desks over one home, and a platform that may do anything; `seen` is what a person has on the screen."""

    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.platform = Watched(self.check_send)
        self.window = Window()
        self.wrongs: list[str] = []
        self.desk = self.open_desk(TickingClock())
        self.taken: list[Decision] = []
        self.claimed_by_hand: set[int] = set()

    def open_desk(self, clock: TickingClock) -> Desk:
        home, find_roles = Path(self.folder.name), lambda user: ROLES[user]
        return Desk(home, {"file": self.platform}, clock, {"file": self.window}, find_roles, [BLOCKED, HELD])

    def check_send(self, mention: Mention, text: str) -> None:
        """Whatever was done before, this must hold when a reply leaves; kept, as an error would be told away."""
        tables = self.desk.tables
        draft_id = self.desk.drafts.live_draft_id(mention.mention_id)
        live = tables.approvals.live(draft_id or 0)
        draft = self.desk.drafts.find(draft_id or 0)
        approval = live.approval if live else None
        people = {approval.approved_by, approval.second_by} - {""} if approval else set()
        holds = {
            "frozen": tables.freezes.current() is None,
            "approved": bool(live and live.is_complete and approval and approval.expires_at > self.desk.clock.moment),
            "hash": bool(approval and approval.content_hash == read_content(tables, draft).hash),
            "text": draft.text == text,
            "roles": all(Role.REVIEWER in ROLES[person] for person in people) and bool(people),
            "two": len(people) == 2 or not any(word in text for word in ("secret", "refund")),
            "second": len(people) < 2 or any(Role.SECOND_APPROVER in ROLES[person] for person in people),
            "overruled": "secret" not in text or bool(approval and approval.overruled),
            "world": self.window.posts.get(mention.mention_id, PostNow(mention)) == PostNow(mention),
        }
        self.wrongs += [name for name, is_so in holds.items() if not is_so]

    def teardown(self) -> None:
        self.window.is_down = False
        self.platform.lookup_works = True
        self.platform.faults.clear()
        self.desk.sending.resume()
        self.check_what_customers_read()
        left = self.desk.drafts.list_with_status([DraftStatus.SENDING, DraftStatus.UNKNOWN])
        assert left == [], "a working platform leaves nothing unsettled"
        self.desk.store.close()
        self.folder.cleanup()

    @rule(target=seen, post=st.sampled_from(POSTS), text=TEXTS)
    def draft(self, post: Mention, text: str) -> Seen | MultipleResults[Seen]:
        try:
            draft = self.desk.drafts.find(self.desk.add_draft(text, post))
        except ReviewError:  # somebody said that the post is not ours
            return multiple()
        return draft.draft_id, draft.text

    @rule(target=seen, what=seen)
    def read_again(self, what: Seen) -> Seen:
        return what[0], self.desk.drafts.find(what[0]).text

    @rule(what=seen, person=PEOPLE, overrule=st.sampled_from(["", "", "It is public since today."]))
    def approve(self, what: Seen, person: str, overrule: str) -> None:
        self._decide(DecisionAction.APPROVE, what, person, what[1], overrule)

    @rule(what=seen, person=PEOPLE)
    def say_it_is_not_ours(self, what: Seen, person: str) -> None:
        self._decide(DecisionAction.NOT_OURS, what, person, self.desk.drafts.find(what[0]).text)

    @rule(what=seen, person=PEOPLE, claims=st.booleans())
    def claim_or_release(self, what: Seen, person: str, claims: bool) -> None:
        claiming = self.desk.reviewing.claiming
        act = claiming.claim if claims else claiming.release
        self._try(lambda: act(what[0], person, self.desk.clock()))

    @rule(person=PEOPLE, freezes=st.booleans())
    def freeze_or_unfreeze(self, person: str, freezes: bool) -> None:
        freezing, now = self.desk.freezing, self.desk.clock()
        self._try(lambda: freezing.freeze(person, "", now) if freezes else freezing.unfreeze(person, now))

    @rule(
        post=st.sampled_from(POSTS),
        text=st.sampled_from(["Thanks.", "A refund.", "A secret."]),
        people=st.lists(PEOPLE, min_size=1, max_size=3),
        overrule=st.sampled_from(["", "It is public."]),
        what_happens=st.sampled_from(BETWEEN),
    )
    def click_and_send(self, post: Mention, text: str, people: list[str], overrule: str, what_happens: str) -> None:
        """On a calm day people read a draft and click, something may happen, and it would leave."""
        self.window.is_down = False
        self.window.posts.clear()
        for person in ("grace", "mary", "grace"):
            self._try(partial(self.desk.freezing.unfreeze, person, self.desk.clock()))
        try:
            draft = self.desk.drafts.find(self.desk.add_draft(text, post))
        except ReviewError:
            return
        for person in people:
            self._decide(DecisionAction.APPROVE, (draft.draft_id, draft.text), person, draft.text, overrule)
        if what_happens == "a freeze":
            self.desk.freezing.freeze("mary", "", self.desk.clock())
        elif what_happens == "an answer":
            self.somebody_answers(post)
        elif what_happens == "a day":
            self.let_time_pass(25)
        self._try(lambda: self.desk.sending.send(draft.draft_id))

    @rule(hours=st.sampled_from([1, 5, 25]))
    def let_time_pass(self, hours: int) -> None:
        self.desk.clock.moment += timedelta(hours=hours)

    @rule(is_down=st.booleans())
    def break_or_mend_the_window(self, is_down: bool) -> None:
        self.window.is_down = is_down

    @rule(post=st.sampled_from(POSTS))
    def somebody_answers(self, post: Mention) -> None:
        answer = ThreadPost("file", "r9", "bob", "Solved.", self.desk.clock(), post.external_id)
        self.window.posts[post.mention_id] = PostNow(post, (answer,))

    @rule()
    def the_answers_go(self) -> None:
        self.window.posts.clear()

    @rule(what=seen, person=PEOPLE, text=TEXTS)
    def edit(self, what: Seen, person: str, text: str) -> None:
        self._decide(DecisionAction.EDIT, what, person, text.strip())

    @rule(what=seen, person=PEOPLE)
    def reject(self, what: Seen, person: str) -> None:
        self._decide(DecisionAction.REJECT, what, person, self.desk.drafts.find(what[0]).text)

    @rule(what=seen)
    def send(self, what: Seen) -> None:
        self._try(lambda: self.desk.sending.send(what[0]))

    @rule(what=seen)
    def mark_sent(self, what: Seen) -> None:
        before = self.desk.status(what[0])
        try:
            self.desk.sending.mark_sent(what[0], None)
        except ReviewError:
            assert before not in (DraftStatus.APPROVED, DraftStatus.UNKNOWN)
        else:
            assert before in (DraftStatus.APPROVED, DraftStatus.UNKNOWN)
            self.claimed_by_hand.add(what[0])

    @rule()
    def resume(self) -> None:
        self._try(self.desk.sending.resume)

    @rule()
    def restart(self) -> None:
        self.desk.store.close()
        self.desk = self.open_desk(self.desk.clock)

    @rule(fault=st.sampled_from(list(Fault)))
    def break_next_send(self, fault: Fault) -> None:
        self.platform.faults.append(fault)

    @rule(works=st.booleans())
    def break_or_mend_lookup(self, works: bool) -> None:
        self.platform.lookup_works = works

    @rule(what=consumes(seen))
    def close_the_window(self, what: Seen) -> None:
        """A person looks away."""

    @invariant()
    def check_nothing_left_that_must_not(self) -> None:
        assert self.wrongs == []

    @invariant()
    def check_audit(self) -> None:
        assert self.desk.tables.audit.verify().problem == ""
        told = self.desk.store.rows(
            """select subject, action, who from audit where action in
            ('first-approval', 'approve', 'edit', 'reject', 'not-ours') order by number"""
        )
        assert [tuple(row.values()) for row in told] == [
            (f"draft:{d.draft_id}", d.action, d.decided_by) for d in self.taken
        ]

    @invariant()
    def check_what_customers_read(self) -> None:
        approved = {(d.draft_id, d.text) for d in self.taken if d.action is DecisionAction.APPROVE}
        by_post = defaultdict(list)
        for mention_id, text, key in self.platform.delivered:
            by_post[mention_id].append(text)
            assert (int(key.split("-")[1]), text) in approved, "a sent text was approved word for word"
        assert all(len(texts) == 1 for texts in by_post.values()), "one reply a post"

    @invariant()
    def check_replies(self) -> None:
        replies = self.desk.store.rows("select draft_id, mention_id, text, how from replies")
        assert len({row["mention_id"] for row in replies}) == len(replies)
        sent = {d.draft_id for d in self.desk.drafts.list_with_status([DraftStatus.SENT])}
        assert {row["draft_id"] for row in replies} == sent
        arrived = {(mention_id, text) for mention_id, text, _ in self.platform.delivered}
        for row in replies:
            by_hand = row["draft_id"] in self.claimed_by_hand
            assert (row["how"] == "assist") == by_hand
            assert by_hand or (row["mention_id"], row["text"]) in arrived

    @invariant()
    def check_decisions(self) -> None:
        kept = self.desk.store.rows("select draft_id, action, decided_by, text from decisions order by id")
        assert [tuple(row.values()) for row in kept] == [
            (d.draft_id, d.action, d.decided_by, d.text) for d in self.taken
        ]
        ends = (DecisionAction.REJECT, DecisionAction.NOT_OURS)
        final = [d.draft_id for d in self.taken if d.action in ends]
        assert len(final) == len(set(final)), "exactly one winner"

    def _decide(self, action: DecisionAction, what: Seen, person: str, text: str, overrule: str = "") -> None:
        draft_id, seen_text = what
        before = self.desk.drafts.find(draft_id)
        now = self.desk.clock()
        reviewing = self.desk.reviewing
        try:
            if action is DecisionAction.APPROVE:
                after = reviewing.approve(draft_id, person, now, seen_text, "", True, overrule)
                action = DecisionAction.FIRST if after.status is DraftStatus.PENDING else action
            elif action is DecisionAction.EDIT:
                reviewing.edit(draft_id, text, person, now, seen_text, "Let it stand.")
            elif action is DecisionAction.REJECT:
                reviewing.reject(draft_id, "", person, now)
            else:
                reviewing.set_not_ours(draft_id, "", person, now)
        except ReviewError:
            after = self.desk.drafts.find(draft_id)
            assert after.status in (before.status, DraftStatus.STALE), "who is refused changes nothing"
            assert after.text == before.text
            assert person != "eve" or after.status is before.status
        else:
            assert before.status is DraftStatus.PENDING
            assert person != "eve", "nobody without a role decides"
            self.taken.append(Decision(draft_id, action, person, now, text))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Killed:
            self.restart()
        except EarshotError:
            pass


Replying.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
# Over two minutes on a busy machine; a time-out in the middle looks like a machine that draws differently each time.
TestWhateverPeopleDoAPostIsAnsweredOnceAndAsApproved = pytest.mark.timeout(600)(Replying.TestCase)
