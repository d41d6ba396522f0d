"""Passwords, keys and tokens of ours: planted, then looked for in all that is said, written or kept."""

import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.cli.options import start_logging
from assistant.cli.output import to_plain
from assistant.core.config import Settings
from assistant.domain import Audience, Mention, Question, Scope
from assistant.listening.networks.rss import name_feed
from assistant.reports.digest import figures_to_csv, to_html
from assistant.reports.figures import find_period
from assistant.service.backup import write_backup
from assistant.service.doctor import examine

NAMES = ("bot", "app", "signing", "model", "modelurl", "webhook", "feeduser", "feedpass", "feedkey", "feedtoken")
SECRETS = {name: f"planted{name}9x7" for name in NAMES}


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    """Every setting that may hold a secret holds one, and nothing outside can be reached."""
    monkeypatch.chdir(tmp_path)
    nowhere = "127.0.0.1:9"
    settings = Settings.model_validate(
        {
            "earshot_home": tmp_path / "home",
            "slack_bot_token": f"xoxb-{SECRETS['bot']}",
            "slack_app_token": f"xapp-{SECRETS['app']}",
            "slack_signing_secret": SECRETS["signing"],
            "slack_api_url": f"http://{nowhere}/api/",
            "chat_model": "openai:local",
            "chat_model_url": f"http://svc:{SECRETS['modelurl']}@{nowhere}/v1",
            "chat_model_key": SECRETS["model"],
            "webhook_secret": SECRETS["webhook"],
            "rss_feeds": (
                f"http://{SECRETS['feeduser']}:{SECRETS['feedpass']}@{nowhere}/a.rss",
                f"http://{nowhere}/b.rss?api_key={SECRETS['feedkey']}&page=1",
                f"http://{nowhere}/c.rss?access_token={SECRETS['feedtoken']}",
            ),
            "answer_confidence": 0,
            "log_level": "DEBUG",
        }
    )
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    start_logging(settings)
    yield Assistant(settings, embedder=FakeEmbedder())
    root.handlers = handlers
    root.setLevel(level)


def list_surfaces(assistant: Assistant, folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that Earshot says, writes or keeps in a round in which all that is outside fails."""
    now = assistant.clock()
    page = folder / "knowledge" / "public" / "pausing.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Pausing\n\nCustomers pause their plan in the app for up to three months.\n")
    yield "ingest", str(assistant.knowledge.ingest.run([str(folder / "knowledge")], None, now))
    yield "collect", str(assistant.listening.collecting.collect_networks(now))
    assistant.listening.mentions.add([Mention("file:1", "file", "1", "ada", "How do I pause my plan?", now)], now)
    assistant.listening.sort_new_mentions(now)
    yield "ask", str(to_plain(assistant.knowledge.answer(Question("How do customers pause?", Audience.PUBLIC))))
    yield "draft", str(to_plain(assistant.replies.drafting.draft_mention("file:1", now)))
    yield "doctor", str(to_plain(examine(assistant)))
    assistant.replies.reviewing.approve(1, "ann", now, accepts_unsupported=True)
    yield "audit", str(list(assistant.home.audit.rows()))
    digest = assistant.reports.digest(find_period("2026-W46", assistant.settings.zone), Scope(), Audience.INTERNAL)
    yield "report", to_html(digest)
    yield "figures", figures_to_csv(digest.figures)
    yield "database", "\n".join(assistant.home.store.db.conn.iterdump())
    write_backup(assistant, folder / "backup.zip")
    with zipfile.ZipFile(folder / "backup.zip") as archive:
        for name in archive.namelist():
            yield f"backup {name}", archive.read(name).decode("latin-1")
    for path in assistant.home.path.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("latin-1")


def test_no_planted_secret_is_in_anything_that_is_said_written_or_kept(assistant: Assistant, tmp_path: Path) -> None:
    found = [
        (place, name)
        for place, text in list_surfaces(assistant, tmp_path)
        for name, secret in SECRETS.items()
        if secret in text
    ]
    assert found == []


def test_a_feed_with_a_secret_is_named_by_its_place_and_others_as_they_are() -> None:
    plain = "https://forum.example/latest.rss?category=5"
    assert name_feed(plain) == plain
    one, other = (name_feed(f"https://u:{word}@forum.example:8443/latest.rss?a=1") for word in ("p1", "p2"))
    assert one.startswith("https://forum.example:8443/latest.rss#")
    assert one != other, "two feeds of one place stay apart"
    assert name_feed("https://f.example/rss?token=abc").startswith("https://f.example/rss#")
