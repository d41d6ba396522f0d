"""A made-up stretch of customers' posts, analyses, decisions, replies and questions, as plain lists and in a store."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assistant.core.database import Store
from assistant.domain import (
    Analysis,
    Answer,
    Decision,
    DecisionAction,
    Draft,
    DraftStatus,
    Mention,
    Question,
    Reply,
    Sentiment,
    Triage,
    TriageAction,
)
from assistant.knowledge.tables.questions import QuestionTables
from assistant.listening.tables.posts import MentionTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.send_ledger import LedgerTables

NASTY = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ week }}'
_WORDS = ["battery", "brake", "price", "winter", "app", "larkspur", "lock", "helmet"]
# `x` + `1a` and `x1` + `a` are two people; nobody is nobody.
_AUTHORS = [("x", "1a"), ("x1", "a"), ("file", "ada"), ("file", "grace"), ("mastodon", "ada"), ("x", "")]


Post = tuple[Mention, Analysis | None, TriageAction | None]


@dataclass
class World:
    """What happened, as plain lists: (who or what, ..., when)."""

    posts: list[Post] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    questions: list[tuple[bool, datetime]] = field(default_factory=list)
    drafted: dict[int, str] = field(default_factory=dict)


def make_world(seed: int, start_at: datetime, days: int, size: int) -> World:
    """A random world from `start_at` on; some things happen exactly at midnight somewhere."""
    chance = random.Random(seed)
    world = World()

    def moment() -> datetime:
        hours = chance.choice([chance.randrange(24 * days), chance.randrange(days) * 24])
        return start_at + timedelta(hours=hours, milliseconds=chance.choice([0, 0, 1, 59_999, 3_599_999]))

    for number in range(chance.randrange(size + 1)):
        world.posts.append(_make_post(chance, number, moment()))
    for draft_id, (mention, _, _) in enumerate(chance.sample(world.posts, len(world.posts) // 2), start=1):
        world.drafted[draft_id] = mention.mention_id
        _decide(chance, world, draft_id, mention, moment)
    world.questions = [(chance.random() < 0.7, moment()) for _ in range(chance.randrange(9))]
    return world


def _make_post(chance: random.Random, number: int, created_at: datetime) -> Post:
    network, author = chance.choice(_AUTHORS)
    name = f"{network}:{number}"
    text = chance.choice(["Where is my bike?", NASTY, "Grüße 🚲"])
    followers = chance.choice([None, 0, 5, 500])
    mention = Mention(
        name, network, str(number), author, text, created_at, "en", url="https://x.example/1", followers=followers
    )
    if chance.random() < 0.1:
        return mention, None, None
    words = tuple(chance.sample(_WORDS, chance.randrange(4)))
    analysis = Analysis(name, chance.choice(list(Sentiment)), 0.0, words, False, "test")
    return mention, analysis, chance.choice(list(TriageAction))


def _decide(
    chance: random.Random, world: World, draft_id: int, mention: Mention, moment: Callable[[], datetime]
) -> None:
    for _ in range(chance.choice([0, 0, 1, 2])):
        world.decisions.append(Decision(draft_id, DecisionAction.EDIT, "ada", moment(), "Text."))
    final = chance.choice([None, DecisionAction.APPROVE, DecisionAction.APPROVE, DecisionAction.REJECT])
    if final is not None:
        world.decisions.append(Decision(draft_id, final, "ada", moment(), "Text."))
    if final is DecisionAction.APPROVE and chance.random() < 0.8:
        sent_at = mention.created_at + timedelta(minutes=chance.randrange(12_000))
        reply = Reply(draft_id, mention.mention_id, mention.network, "", "Text.", sent_at, None, "assist")
        world.replies.append(reply)


def keep_world(world: World, home: Path) -> Store:
    """The same world in a store, put there by the program's own tables."""
    store = Store(home / "earshot.db")
    mentions, drafts, questions = MentionTables(store), DraftTables(store), QuestionTables(store)
    mentions.add([mention for mention, _, _ in world.posts], world_start())
    analysed = [(found, Triage(found.mention_id, action, "")) for _, found, action in world.posts if found and action]
    mentions.add_analyses(analysed, world_start())
    for draft_id, mention_id in world.drafted.items():
        draft = Draft(0, mention_id, "Text.", DraftStatus.PENDING, (), (), "quoting", "", world_start())
        assert drafts.add(draft) == draft_id
    for decision in world.decisions:
        after = {"approve": DraftStatus.APPROVED, "reject": DraftStatus.REJECTED, "edit": DraftStatus.PENDING}
        assert DecisionTables(store).decide(decision, "Text.", after[decision.action])
    for reply in world.replies:
        assert LedgerTables(store, drafts).end_assisted(reply)
    for is_grounded, asked_at in world.questions:
        questions.add(Question("What?"), Answer("", is_grounded, ""), asked_at)
    return store


def world_start() -> datetime:
    """When things were noted down: no figure may depend on it."""
    return datetime.fromisoformat("2020-01-01T00:00:00+00:00")
