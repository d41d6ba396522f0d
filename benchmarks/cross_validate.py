"""Cross-validates the English head for sentiment: steadier than one held-out fifth, where a set is small.

    python -m benchmarks.cross_validate FILE --models .earshot/models --also FILE --emotions FILE

Five folds by a hash of each post's words, so that copies of a post are never parted. Scores count the posts of FILE
alone; posts of the other files are learnt from only. VADER's own recall on the same posts stands beside it.
"""

import hashlib
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.metrics import recall_score

from assistant.listening.analysis.classifiers import Dense, Feelings, Sparse, Words
from assistant.listening.analysis.sentiment import FEELING_NAMES, join_english
from assistant.text.embedding_int8 import build_embedder
from assistant.text.language import reads_english
from benchmarks.train_heads import fit_emotions, fit_head
from evals.analysis import Labelled, read_labelled

_FOLDS = 5


def cross_validate(
    data: Path,
    models: Annotated[Path, typer.Option(help="Where int8 copies of the embedder are kept.")],
    also: Annotated[list[Path], typer.Option(help="More posts to learn from.")],
    emotions: Annotated[Path, typer.Option(help="JSONL with labels.emotion, in English.")],
) -> None:
    """Print macro recall, of the head and of VADER."""
    measured = _read(data)
    others = {post.key: post for path in also for post in _read(path)}
    posts = [*measured, *(post for key, post in others.items() if key not in {post.key for post in measured})]
    texts, labels = [post.text for post in posts], [FEELING_NAMES.index(post.label) for post in posts]
    reader, embedder, words = Feelings(), build_embedder("auto", "", models), Words().read(texts)
    feelings = reader.read(texts, [True] * len(texts))
    keys = {post.key for post in posts}
    felt = [post for post in read_labelled(emotions, "emotion") if post.key not in keys]
    told = [post.text for post in felt]
    head = fit_emotions(felt, embedder.embed(told), Words().read(told))
    dense = join_english(embedder.embed(texts), feelings, reader.read_course(texts), head, words)
    found = _predict(posts, labels, dense, words)[: len(measured)]
    vader = np.where(feelings[:, 5] > 0, 2, np.where(feelings[:, 6] > 0, 0, 1))[: len(measured)]
    for name, guesses in (("head", found), ("VADER", vader)):
        typer.echo(f"{name}: macro recall {recall_score(labels[: len(measured)], guesses, average='macro'):.3f}")
    typer.echo(f"{len(measured)} posts measured, {len(posts)} learnt from")


def _read(path: Path) -> list[Labelled]:
    posts = read_labelled(path, "sentiment")
    return [post for post in posts if post.label in FEELING_NAMES and reads_english(post.lang)]


def _predict(posts: list[Labelled], labels: list[int], dense: Dense, words: Sparse) -> Dense:
    folds = np.array([int(hashlib.md5(post.key.encode()).hexdigest(), 16) % _FOLDS for post in posts])  # noqa: S324
    found = np.zeros(len(posts), dtype=np.float32)
    names = tuple(str(feeling) for feeling in FEELING_NAMES)
    for fold in range(_FOLDS):
        here, there = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        head = fit_head(names, [labels[place] for place in there], dense[there], [words[there]])
        found[here] = head.predict(dense[here], [words[here]]).argmax(axis=1)
    return found


if __name__ == "__main__":
    typer.run(cross_validate)
