"""Builders for the tests of lessons: drafts with words of courtesy and one quoted fact, and what becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from fakes_reply import NOW, Desk, TickingClock, make_mention

from assistant.domain import (
    About,
    Analysis,
    Citation,
    Draft,
    DraftStatus,
    Finding,
    Intent,
    Mention,
    Sentence,
    Sentiment,
    Support,
    Triage,
    TriageAction,
    Urgency,
)
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.proposals import ProposalTables
from assistant.replies.lessons.chat_labels import EditLabeller
from assistant.replies.lessons.decided import Decided
from assistant.replies.lessons.learner import Learner
from assistant.replies.tables.lessons import LessonTables

OPENING, FACT, CLOSING = (
    "Thanks for asking.",
    "You can pause for 3 months in the app.",
    "Please write again if you like.",
)
CITATION = Citation(1, "pausing.md", "Pausing", "", "https://larkspur.example/pause", FACT)
SENTENCES = (
    Sentence(OPENING, Support.COURTESY),
    Sentence(FACT, Support.QUOTED, (1,)),
    Sentence(CLOSING, Support.COURTESY),
)
PROPOSED = f"{OPENING} {FACT} {CLOSING}"

Edit = Callable[[str], str]


def make_draft(mention_id: str = "x:1", sentences: Sequence[Sentence] = SENTENCES, no_reply: str = "") -> Draft:
    """A proposal that was not decided yet."""
    text = " ".join(sentence.text for sentence in sentences)
    status = DraftStatus.PENDING
    made = Draft(0, mention_id, text, status, tuple(sentences), (CITATION,), "quoting", "", NOW)
    return replace(made, no_reply_reason=no_reply)


def make_decided(final: str, sentences: Sequence[Sentence] = SENTENCES, author: str = "ada") -> Decided:
    """A draft that people approved with this text."""
    return Decided(make_draft(sentences=sentences), author, "x", Intent.OTHER, False, False, final)


class School:
    """Drafts that are decided through real reviewing, and what is learned from them; guards object to `objections`."""

    def __init__(
        self, home: Path, document_id: str = CITATION.document_id, labeller: EditLabeller | None = None
    ) -> None:
        self._document_id = document_id
        self.desk = Desk(home, {}, TickingClock())
        self.store = self.desk.store
        self.lessons, self.proposals = LessonTables(self.store), ProposalTables(self.store)
        self.objections: set[str] = set()
        self.learning = Learner(
            self.desk.tables,
            self.lessons,
            self.proposals,
            DocumentTables(self.store),
            self.desk.recorder,
            lambda decided, sentences: {one for one in self.objections if one in " ".join(s.text for s in sentences)},
            labeller,
        )
        self._number = 0

    def post(self, intent: Intent = Intent.OTHER, author: str = "ada") -> Mention:
        """Keep one more post, analysed."""
        self._number += 1
        text = f"Post number {self._number} about bikes"
        mention = replace(make_mention(str(self._number), text, "x"), author=author)
        self.desk.mentions.add([mention], NOW)
        findings = (Finding(About.INTENT, intent, 0.9, "1"), Finding(About.URGENCY, Urgency.NORMAL, 0.9, "1"))
        found = Analysis(mention.mention_id, Sentiment.NEUTRAL, 0, (), False, "1", findings)
        triage = Triage(mention.mention_id, TriageAction.REPLY, "")
        self.desk.mentions.add_analyses([(found, triage)], NOW)
        return mention

    def propose(self, intent: Intent = Intent.OTHER, author: str = "ada", no_reply: str = "") -> int:
        """A pending draft for one more post."""
        sentences = () if no_reply else SENTENCES
        made = make_draft(self.post(intent, author).mention_id, sentences, no_reply)
        cited = replace(CITATION, document_id=self._document_id)
        return self.desk.drafts.add(replace(made, citations=(cited,)))

    def approve(self, times: int, edit: Edit = lambda text: text, intent: Intent = Intent.OTHER) -> None:
        """So many drafts, each edited so and approved."""
        for _ in range(times):
            draft_id = self.propose(intent)
            text = edit(PROPOSED)
            if text != PROPOSED:
                self.desk.reviewing.edit(draft_id, text, "ben", NOW)
            self.desk.reviewing.approve(draft_id, "ben", self.desk.clock(), accepts_unsupported=True)

    def refuse(self, times: int, reason: str, intent: Intent = Intent.OTHER) -> None:
        """So many drafts, each rejected for this reason."""
        for _ in range(times):
            self.desk.reviewing.reject(self.propose(intent), reason, "ben", self.desk.clock())

    def actions(self) -> list[str]:
        """What the audit tells of lessons, oldest first."""
        return [row["action"] for row in self.desk.tables.audit.rows() if row["action"].startswith("lesson-")]
