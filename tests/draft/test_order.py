"""The most dangerous and oldest posts are drafted first, and everybody sees them in this order."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fakes import FakeEmbedder
from fakes_reply import NOW, PROMPTS, make_mention

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.replies.review.approval import list_queue

POSTS = {
    "new": ("Why is my parcel late again?", 1),
    "old": ("Why is my parcel late again and again, dear shop?", 9),
    "outage": ("The app is down, does anybody know more?", 2),
    "danger": ("My brake failed and I am injured!", 0),
}
FIRST_TO_LAST = ["file:danger", "file:outage", "file:old", "file:new"]


def test_danger_then_outages_then_the_oldest_come_first_in_drafting_cards_and_home(tmp_path: Path) -> None:
    values = {"earshot_home": tmp_path / "home", "knowledge_dir": tmp_path, "prompts_dir": PROMPTS}
    assistant = Assistant(Settings.model_validate(values), lambda: NOW, embedder=FakeEmbedder())
    posts = [replace(make_mention(n, text), created_at=NOW - timedelta(hours=age)) for n, (text, age) in POSTS.items()]
    assistant.listening.mentions.add(posts, NOW)
    assistant.listening.sort_new_mentions(NOW)

    assert assistant.listening.mentions.to_draft(3) == FIRST_TO_LAST[:3]

    for post in posts:
        assistant.replies.drafting.draft_mention(post.mention_id, NOW)
    drafts = assistant.replies.drafts
    waiting = [drafts.find(one.draft_id).mention_id for one in list_queue(assistant.replies.review_tables, NOW)]
    cards = [drafts.find(draft_id).mention_id for draft_id in assistant.slack.cards.missing()]
    assert waiting == cards == FIRST_TO_LAST
