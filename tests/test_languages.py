"""Which embedder reads posts, documents and answers, and what doctor says of it."""

from pathlib import Path

from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.cli.knowledge import embed_anew
from assistant.core.config import Settings
from assistant.service.doctor import examine


def _open(tmp_path: Path, multilingual: FakeEmbedder | None, languages: str = "") -> Assistant:
    settings = Settings(_env_file=None, earshot_home=tmp_path / "home", languages=languages)
    return Assistant(settings, embedder=FakeEmbedder("english"), multilingual=multilingual)


def _embedder_lines(assistant: Assistant) -> str:
    return " ".join({check.name: check for check in examine(assistant)}["embedder"].details)


def test_posts_are_read_by_the_multilingual_embedder_where_there_is_one(tmp_path: Path) -> None:
    assert _open(tmp_path, FakeEmbedder("all languages")).knowledge.post_embedder.name == "all languages"
    assert _open(tmp_path, None).knowledge.post_embedder.name == "english"


def test_posts_of_an_older_home_are_read_as_before_until_a_reindex(tmp_path: Path) -> None:
    _open(tmp_path, None).listening.mention_index.rebuild()
    older = _open(tmp_path, FakeEmbedder("all languages"))
    assert older.knowledge.post_embedder.name == "english"
    assert "earshot reindex" in _embedder_lines(older)
    fresh = _open(tmp_path, FakeEmbedder("all languages"))
    embed_anew(fresh.knowledge, fresh.listening)
    assert _open(tmp_path, FakeEmbedder("all languages")).knowledge.post_embedder.name == "all languages"


def test_doctor_says_when_only_english_is_read(tmp_path: Path) -> None:
    assert "not installed" in _embedder_lines(_open(tmp_path, None))
    assert "English only, as LANGUAGES" in _embedder_lines(_open(tmp_path, None, "en"))


def test_texts_are_compared_by_the_embedder_that_reads_both(tmp_path: Path) -> None:
    multilingual = FakeEmbedder("all languages")
    knowledge = _open(tmp_path, multilingual).knowledge
    knowledge.measure_likeness("Where is my parcel?", ["Parcels arrive within three days."])
    assert multilingual.texts == []
    knowledge.measure_likeness("Wo ist mein Paket?", ["Parcels arrive within three days."])
    assert len(multilingual.texts) == 2
