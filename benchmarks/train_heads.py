"""Makes the heads of assistant/listening/analysis/weights from labelled posts; no data is kept, only weights.

    python -m benchmarks.train_heads assistant/listening/analysis/weights --models .earshot/models --sentiment FILE \
        --sentiment FILE --emotions FILE --intents examples/intents.yaml --intent-test examples/week-intents.jsonl

Sentiment files are JSONL (plain or .gz) with id, text, lang and labels.sentiment, the file of emotions has
labels.emotion. Every fifth post, by a hash of its
words, is held out: `earshot eval analysis --held-out` measures on those alone, and a post that stands in two files, or
twice, is held out in both. See assistant/listening/analysis/weights/MODEL_CARD.md for the data, its licences and the
figures.
"""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import yaml
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from assistant.listening.analysis.classifiers import (
    Dense,
    Feelings,
    Head,
    Pieces,
    Sparse,
    Words,
    read_head,
    weigh,
    write_head,
)
from assistant.listening.analysis.intent import join_features, read_signs
from assistant.listening.analysis.sentiment import FEELING_NAMES, SentimentFinder, join_english
from assistant.text.embedding_int8 import build_embedder
from assistant.text.language import reads_english
from assistant.text.multilingual import build_multilingual
from evals.analysis import Labelled, read_labelled

Suffixes = tuple[str, ...]

_MULTILINGUAL = "-multilingual"
# The same share of posts is nearer than this with either model.
_LIKEST = {"": 0.6, _MULTILINGUAL: 0.57}
_IS_GOOD = {"anger": 0, "sadness": 0, "joy": 1, "optimism": 1}


def train(
    folder: Path,
    models: Annotated[Path, typer.Option(help="Where int8 copies of the embedder are kept.")],
    sentiment: Annotated[list[Path], typer.Option(help="JSONL with labels.sentiment.")],
    emotions: Annotated[Path, typer.Option(help="JSONL with labels.emotion, in English.")],
    intents: Annotated[Path, typer.Option(help="YAML: intent to example posts.")],
    intent_test: Annotated[
        Path, typer.Option(help="JSONL with labels.intent: what is too near to one of it is left out.")
    ],
    multilingual: Annotated[
        bool, typer.Option("--multilingual", help="Train those for the multilingual model.")
    ] = False,
) -> None:
    """Train and write every head: with vectors of the bundled or the multilingual model, and (`-wordy`) without any."""
    embedder = build_multilingual(models) if multilingual else build_embedder("auto", "", models)
    if embedder is None:
        raise typer.BadParameter("The package with the multilingual weights is not installed.")
    suffixes = (_MULTILINGUAL,) if multilingual else ("", "-wordy")
    posts = [post for path in sentiment for post in read_labelled(path, "sentiment") if not post.is_held_out]
    posts = list({post.key: post for post in posts if post.label in FEELING_NAMES}.values())
    felt = [post for post in read_labelled(emotions, "emotion") if not post.is_held_out]
    typer.echo(f"emotions: {len(felt)} posts")
    _train_emotions(folder, felt, embedder.embed([post.text for post in felt]), suffixes)
    for name, english in (("english", True), ("others", False)):
        chosen = [post for post in posts if reads_english(post.lang) is english]
        typer.echo(f"{name}: {len(chosen)} posts")
        _train_sentiment(folder, name, chosen, embedder.embed([post.text for post in chosen]), english, suffixes)
    examples = yaml.safe_load(intents.read_text(encoding="utf-8"))
    pairs = [(text, label) for label, texts in examples.items() for text in texts]
    vectors = embedder.embed([text for text, _ in pairs])
    tests = embedder.embed([post.text for post in read_labelled(intent_test, "intent")])
    kept = np.flatnonzero((vectors @ tests.T).max(axis=1) < _LIKEST[suffixes[0]])
    typer.echo(f"intents: {len(kept)} of {len(pairs)} posts, the others are too near to a post of the test")
    _train_intents(folder, [pairs[place] for place in kept], vectors[kept], embedder.name, suffixes)


def _train_emotions(folder: Path, posts: list[Labelled], vectors: Dense, suffixes: Suffixes) -> None:
    words = Words().read([post.text for post in posts])
    for suffix in suffixes:
        dense = vectors[:, :0] if suffix == "-wordy" else vectors
        write_head(fit_emotions(posts, dense, words), folder / f"emotions{suffix}.npz")


def fit_emotions(posts: list[Labelled], dense: Dense, words: Sparse) -> Head:
    """A head for bad and good emotions, of posts labelled with one of the four of TweetEval."""
    return fit_head(("bad", "good"), [_IS_GOOD[post.label] for post in posts], dense, [words])


def _train_sentiment(
    folder: Path, name: str, posts: list[Labelled], vectors: Dense, english: bool, suffixes: Suffixes
) -> None:
    texts, labels = [post.text for post in posts], [FEELING_NAMES.index(post.label) for post in posts]
    reader, words = Feelings(), Words().read(texts)
    feelings = reader.read(texts, [english] * len(texts))
    names = tuple(str(feeling) for feeling in FEELING_NAMES)
    for suffix in suffixes:
        dense = vectors[:, :0] if suffix == "-wordy" else vectors
        if english:
            emotions = read_head(folder / f"emotions{suffix}.npz")
            joined = join_english(dense, feelings, reader.read_course(texts), emotions, words)
            head = fit_head(names, labels, joined, [words])
        else:
            head = fit_head(names, labels, np.hstack([dense, feelings]), [words, Pieces().read(texts)])
        write_head(head, folder / f"{name}{suffix}.npz")


def _train_intents(
    folder: Path, pairs: list[tuple[str, str]], vectors: Dense, embedder: str, suffixes: Suffixes
) -> None:
    texts = [text for text, _ in pairs]
    names = tuple(dict.fromkeys(label for _, label in pairs))
    labels = [names.index(label) for _, label in pairs]
    moods = SentimentFinder(embedder).find_moods(texts, vectors, [True] * len(texts)).odds
    signs = read_signs(texts, moods)
    for suffix in suffixes:
        dense = signs if suffix == "-wordy" else join_features(vectors, signs)
        write_head(fit_head(names, labels, dense, []), folder / f"intents{suffix}.npz")


def fit_head(names: tuple[str, ...], labels: list[int], dense: Dense, blocks: list[Sparse]) -> Head:
    """A logistic regression with balanced classes, as a Head; blocks as the readers of features give them."""
    from scipy.sparse import csr_matrix, hstack

    idf = [np.asarray(TfidfTransformer().fit(block).idf_, dtype=np.float32) for block in blocks]
    parts: list[Any] = [csr_matrix(dense), *(weigh(block, row) for block, row in zip(blocks, idf, strict=True))]
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000).fit(hstack(parts).tocsr(), labels)
    rows, starts = model.coef_, model.intercept_
    if len(names) == 2:  # scikit-learn then keeps one row, of what is above the other
        rows, starts = np.vstack([-rows, rows]) / 2, np.concatenate([-starts, starts]) / 2
    joined = np.concatenate(idf) if idf else np.zeros(0, dtype=np.float32)
    return Head(names, np.asarray(rows, np.float32), np.asarray(starts, np.float32), joined)


if __name__ == "__main__":
    typer.run(train)
