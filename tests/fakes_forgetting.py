"""A home in which a person left traces everywhere, and a look at its raw bytes."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from assistant.core.database import Store
from assistant.domain import (
    About,
    Analysis,
    Answer,
    Citation,
    Draft,
    DraftStatus,
    Finding,
    Mention,
    Period,
    Question,
    Sentence,
    Sentiment,
    Support,
    ThreadPost,
    Triage,
    TriageAction,
)
from assistant.knowledge.tables.questions import QuestionTables
from assistant.listening.tables.analyses import DiscoveredTables
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.post_vectors import MentionVectorTables
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.privacy.tables import ForgettingTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.lessons import forget_lessons
from assistant.text.tokens import find_terms

AUTHOR = "Quillona"
# Marks that stand nowhere else: in the name, the text, the words of it, the place, the address, the thread, the label.
TRACES = ("quillon", "zorbelflux", "grimbleton", "wexfordish", "parentsaid")


class Traces:
    """All tables over a home, and what a person leaves in them."""

    def __init__(self, home: Path, now: datetime) -> None:
        self.now = now
        self.store = Store(home / "earshot.db")
        # As SQLite is built by most: some systems overwrite what is deleted without being asked.
        self.store.db.execute("pragma secure_delete = off").fetchall()
        self.mentions = MentionTables(self.store)
        self.upstream = UpstreamTables(self.store, forget_lessons)
        self.drafts = DraftTables(self.store)
        self.questions = QuestionTables(self.store)
        self.threads = ThreadTables(self.store)
        self.numbers = MentionVectorTables(self.store)
        self.opinions = OpinionTables(self.store)
        self.discovered = DiscoveredTables(self.store)
        self.forgetting = ForgettingTables(self.store, self.upstream)

    def post(
        self, number: int, author: str = AUTHOR, network: str = "x", days: int = 0, author_id: str | None = None
    ) -> Mention:
        """Keep a post with all that is found out about one; `days` says how old it is."""
        mention = Mention(
            mention_id=f"{network}:{number}",
            network=network,
            external_id=str(number),
            author=author,
            text=f"{author} says zorbelflux{number} broke" if author == AUTHOR else f"Post {number} by {author}",
            created_at=self.now - timedelta(days=days),
            location="Grimbleton" if author == AUTHOR else None,
            url=f"https://x.example/{author}/{number}",
            in_reply_to="p1" if author == AUTHOR else None,
            author_id=author_id,
        )
        self.upstream.keep([mention], self.now)
        self.find_out(mention)
        return mention

    def find_out(self, mention: Mention) -> None:
        """Analyse a post, correct that, and say that it has a vector and terms."""
        reason = f"It names {mention.text}."
        found = Analysis(
            mention.mention_id,
            Sentiment.NEGATIVE,
            -0.5,
            tuple(mention.text.lower().split()),
            False,
            "1",
            (Finding(About.TOPIC, "repairs", 0.9, "1", reason),),
        )
        self.mentions.add_analyses([(found, Triage(mention.mention_id, TriageAction.REPLY, reason))], self.now)
        self.mentions.analyses.add_sketches({mention.mention_id: [1, 2]})
        self.mentions.corrections.add(mention.mention_id, {About.TOPIC: "wexfordish"}, "bo", self.now)
        self.numbers.mark_kept(list(self.numbers.number([mention]).values()))
        self.opinions.fill_terms(lambda text: find_terms(text))

    def discover(self, *mentions: Mention) -> None:
        """Keep a topic of these posts."""
        week = Period("2026-W46", self.now - timedelta(days=7), self.now)
        self.discovered.save(week, [(1, "zorbelflux, broke", b"\0\0\0\0", [m.mention_id for m in mentions])])

    def parent(self, author: str = AUTHOR, external_id: str = "p1", days: int = 0) -> None:
        """Keep a post that others answer."""
        post = ThreadPost("x", external_id, author, f"{author} parentsaid it", self.now - timedelta(days=days))
        self.upstream.keep_parents([post])

    def draft(self, mention: Mention, text: str = "Dear Quillona, sorry.") -> int:
        """Keep a pending draft."""
        citation = Citation(1, "doc", "Repairs", "", None, "Sorry.")
        sentence = Sentence(text, Support.QUOTED, (1,))
        made = Draft(0, mention.mention_id, text, DraftStatus.PENDING, (sentence,), (citation,), "q", "1", self.now)
        return self.drafts.add(made)

    def ask(self, *mentions: Mention) -> None:
        """Keep an answer to staff that quotes posts."""
        quotes = [Sentence(f"“{m.text}”", Support.QUOTED, (n,)) for n, m in enumerate(mentions, start=1)]
        sentences = (Sentence("2 posts.", Support.COUNTED), *quotes)
        citations = tuple(
            Citation(n, m.mention_id, f"{m.author} on x", "", m.url, m.text) for n, m in enumerate(mentions, start=1)
        )
        text = "\n".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in sentences)
        self.questions.add(
            Question("What do people say?"), Answer(text, True, "", sentences=sentences, citations=citations), self.now
        )

    def leave_traces(self) -> None:
        """A person's traces in every table, and another person's posts among them."""
        first = self.post(1)
        self.post(2)
        other = self.post(3, "bo")
        self.parent()
        self.draft(first)
        self.ask(first, other)
        self.discover(first)


def find_traces(home: Path) -> list[str]:
    """Which marks stand in the bytes of any database file of a home, as `mark in file`."""
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"]
    contents = {path.name: path.read_bytes().lower() for path in files}
    return [f"{mark} in {name}" for name, content in contents.items() for mark in TRACES if mark.encode() in content]


def is_sound(home: Path) -> bool:
    """Whether the database holds together, its index of terms included."""
    db = sqlite3.connect(home / "earshot.db")
    try:
        db.execute("insert into mention_terms_index (mention_terms_index) values ('integrity-check')")
        return bool(db.execute("pragma integrity_check").fetchone()[0] == "ok")
    finally:
        db.rollback()
        db.close()
