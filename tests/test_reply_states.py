"""Whatever several people, faults and crashes do in any order: one reply a post, approved word for word."""

import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from fakes_reply import Desk, Fault, Killed, Platform, make_mention
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from assistant.domain import Decision, DecisionAction, DraftStatus, Mention
from assistant.errors import EarshotError, ReviewError

Seen = tuple[int, str]
PEOPLE = st.sampled_from(["ada", "grace", "mary"])
TEXTS = st.sampled_from(["Thanks.", "Thanks!", "thanks.", "Danke, ü 🚲", " Two\nlines "])
POSTS = [make_mention("1"), make_mention("2"), make_mention("3", network="unsent")]


class Replying(RuleBasedStateMachine):
    """Several desks over one home, and a platform that may do anything; `seen` is what a person has on the screen."""

    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.platform = Platform()
        self.desk = Desk(Path(self.folder.name), {"file": self.platform})
        self.taken: list[Decision] = []
        self.claimed_by_hand: set[int] = set()

    def teardown(self) -> None:
        self.platform.lookup_works = True
        self.platform.faults.clear()
        self.desk.sending.resume()
        self.check_what_customers_read()
        left = self.desk.drafts.list_with_status([DraftStatus.SENDING, DraftStatus.UNKNOWN])
        assert left == [], "a working platform leaves nothing unsettled"
        self.desk.store.close()
        self.folder.cleanup()

    @rule(target=seen, post=st.sampled_from(POSTS), text=TEXTS)
    def draft(self, post: Mention, text: str) -> Seen:
        draft = self.desk.drafts.find(self.desk.add_draft(text, post))
        return draft.draft_id, draft.text

    @rule(target=seen, what=seen)
    def read_again(self, what: Seen) -> Seen:
        return what[0], self.desk.drafts.find(what[0]).text

    @rule(what=seen, person=PEOPLE)
    def approve(self, what: Seen, person: str) -> None:
        self._decide(DecisionAction.APPROVE, what, person, what[1])

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
        self.desk = Desk(Path(self.folder.name), {"file": self.platform}, self.desk.clock)

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
        final = [d.draft_id for d in self.taken if d.action is not DecisionAction.EDIT]
        assert len(final) == len(set(final)), "exactly one winner"

    def _decide(self, action: DecisionAction, what: Seen, person: str, text: str) -> None:
        draft_id, seen_text = what
        before = self.desk.drafts.find(draft_id)
        now = self.desk.clock()
        try:
            if action is DecisionAction.APPROVE:
                self.desk.reviewing.approve(draft_id, person, now, seen_text)
            elif action is DecisionAction.EDIT:
                self.desk.reviewing.edit(draft_id, text, person, now, seen_text)
            else:
                self.desk.reviewing.reject(draft_id, "", person, now)
        except ReviewError:
            has_changed = action is not DecisionAction.REJECT and before.text != seen_text
            assert before.status is not DraftStatus.PENDING or has_changed
        else:
            assert before.status is DraftStatus.PENDING
            self.taken.append(Decision(draft_id, action, person, now, text))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Killed:
            self.restart()
        except EarshotError:
            pass


Replying.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestWhateverPeopleDoAPostIsAnsweredOnceAndAsApproved = Replying.TestCase
