"""Measures what is found out about posts whose right labels are known: one kind at a time.

Measures what cannot be told by one label a post: pairs that repeat each other, and irony beside VADER.

Reads posts whose right labels are known, and says which of them no head was trained on.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from assistant.core.home import read_clock
from assistant.domain import About, Correction, Intent, Sentiment
from assistant.errors import InputError
from assistant.listening.analysis.classifiers import Feelings
from assistant.listening.analysis.corrections import learn
from assistant.listening.analysis.duplicates import is_repeat, sketch
from assistant.listening.analysis.intent import IntentFinder
from assistant.listening.analysis.place import PlaceFinder
from assistant.listening.analysis.sentiment import FEELING_NAMES, LEAST_SURE, SentimentFinder
from assistant.listening.analysis.topics import Topic, build_topics
from assistant.text.embedding import Embedder, Vectors
from assistant.text.language import LanguageFinder, reads_english
from evals.corpus import read_lines

_HINT = 'A line looks like {"id": "1", "text": "…", "lang": "en", "labels": {"sentiment": "negative"}}.'
_NOISE = re.compile(r"@\w+|https?://\S+|\bhttp\b")
_GAP = re.compile(r"\W+")
_PARTS = 5


@dataclass(frozen=True)
class Labelled:
    """A post with its right label; `line` is the whole object of the file."""

    post_id: str
    text: str
    lang: str | None
    label: str
    line: dict[str, Any]

    @property
    def key(self) -> str:
        """The post's words alone: two copies with other handles or links have the same."""
        return _GAP.sub(" ", _NOISE.sub(" ", self.text.lower())).strip()[:80]

    @property
    def is_held_out(self) -> bool:
        """One post in five, by a hash of its words, on which no shipped head was trained."""
        return int(hashlib.sha256(self.key.encode()).hexdigest(), 16) % _PARTS == 0


def read_labelled(path: Path, kind: str) -> list[Labelled]:
    """All posts of a JSONL file (plain or .gz) that have the label `kind`, within `labels` or beside the text."""
    found = []
    for place, line in read_lines(path, _HINT):
        labels = line.get("labels")
        label = labels.get(kind) if isinstance(labels, dict) and kind in labels else line.get(kind)
        if label is None:
            continue
        if not isinstance(line.get("text"), str):
            raise InputError(f"{place} has no text.", _HINT)
        found.append(Labelled(str(line.get("id") or place), line["text"], line.get("lang"), str(label), line))
    if not found:
        raise InputError(f"No post of {path} has a label {kind}.", _HINT)
    return found


_BATCH = 1000
_SEED = 1
_EXAMPLES = 5
_TEST_AFTER = 1000


@dataclass(frozen=True)
class Scores:
    """Scores of labels; `by_group` is the accuracy of each language, kind or label, with its posts.

    `macro_recall` and `macro_f1` count every right label alike. `unsure` is the share that would be called unsure:
    here it counts as what is nearest.
    """

    posts: int
    accuracy: float
    macro_recall: float
    macro_f1: float
    unsure: float | None
    posts_a_second: float
    by_group: dict[str, tuple[float, int]]


@dataclass(frozen=True)
class _Found:
    labels: list[str]
    groups: list[str]
    seconds: float
    unsure: float | None = None


def measure_language(posts: Sequence[Labelled]) -> Scores:
    """Languages, by `lang` of each line; what the network claims is not given to the detectors."""
    finder = LanguageFinder()
    finder.find_language("warm")
    start = perf_counter()
    labels = [finder.find_language(post.text).label for post in posts]
    groups = [str(post.line.get("kind") or post.label) for post in posts]
    return _score(posts, _Found(labels, groups, perf_counter() - start))


def measure_sentiment(posts: Sequence[Labelled], embedder: Embedder) -> Scores:
    """Feelings; posts labelled otherwise than negative, neutral or positive are left out."""
    posts = [post for post in posts if post.label in FEELING_NAMES]
    start = perf_counter()
    odds = find_moods(posts, embedder, embed(posts, embedder))
    labels = [str(FEELING_NAMES[place]) for place in odds.argmax(axis=1)]
    unsure = float((odds.max(axis=1) < LEAST_SURE).mean())
    return _score(posts, _Found(labels, [str(post.lang) for post in posts], perf_counter() - start, unsure))


def measure_intent(posts: Sequence[Labelled], embedder: Embedder) -> Scores:
    """Intents. Labels may be a few of them only, and `other` then means every intent that is none of those."""
    start = perf_counter()
    vectors = embed(posts, embedder)
    finder = IntentFinder(embedder.name)
    odds = finder.find_odds([post.text for post in posts], vectors, find_moods(posts, embedder, vectors))
    known = {post.label for post in posts}
    found = [finder.labels[place] for place in odds.argmax(axis=1)]
    labels = [label if label in known else "other" for label in found]
    return _score(posts, _Found(labels, [post.label for post in posts], perf_counter() - start))


def measure_topics(posts: Sequence[Labelled], embedder: Embedder) -> Scores:
    """Topics from a name and five random posts each, measured on all other posts."""
    rng = np.random.default_rng(_SEED)
    names = sorted({post.label for post in posts})
    places = {name: [at for at, post in enumerate(posts) if post.label == name] for name in names}
    chosen = {name: rng.choice(own, min(_EXAMPLES, len(own)), replace=False).tolist() for name, own in places.items()}
    topics = [Topic(name=name, examples=tuple(posts[at].text for at in chosen[name])) for name in names]
    taken = {at for own in chosen.values() for at in own}
    rest = [post for at, post in enumerate(posts) if at not in taken]
    finder = build_topics(topics, embedder)
    if finder is None or not rest:
        raise InputError("There are too few posts for topics.", "Each topic needs more than five.")
    start = perf_counter()
    nearness = finder.measure(embed(rest, embedder))
    labels = [finder.names[place] for place in nearness.argmax(axis=1)]
    return _score(rest, _Found(labels, ["all"] * len(rest), perf_counter() - start))


def measure_corrections(posts: Sequence[Labelled], embedder: Embedder, counts: Sequence[int]) -> dict[str, Scores]:
    """The learning curve of sentiment: scores after so many corrections, always on the same other posts.

    `any N` corrects random posts, right or wrong; `wrong N` only such as were found wrongly, as people do.
    """
    posts = [post for post in posts if post.label in FEELING_NAMES]
    vectors = embed(posts, embedder)
    odds = find_moods(posts, embedder, vectors)
    order = np.random.default_rng(_SEED).permutation(len(posts)).tolist()
    half = len(order) // 2
    pool, rest = order[:half], order[half:]
    wrong = [at for at in pool if FEELING_NAMES[int(odds[at].argmax())] != posts[at].label]
    curve = {}
    for name, source in (("any", pool), ("wrong", wrong)):
        for count in counts:
            revised = _revise(posts, vectors, odds, source[:count], rest)
            labels = [str(FEELING_NAMES[place]) for place in revised.argmax(axis=1)]
            chosen = [posts[at] for at in rest]
            curve[f"{name} {count}"] = _score(chosen, _Found(labels, ["all"] * len(rest), 1.0))
    return curve


def measure_place(posts: Sequence[Labelled]) -> list[tuple[Labelled, str]]:
    """For each post with a profile's place: what was found, to be checked by a person; empty for nothing."""
    finder = PlaceFinder()
    found = []
    for post in posts:
        findings = finder.find_place(post.label, post.text)
        found.append((post, ", ".join(finding.label for finding in reversed(findings))))
    return found


def embed(posts: Sequence[Labelled], embedder: Embedder) -> Vectors:
    """The posts' vectors, batch by batch."""
    texts = [post.text for post in posts]
    return np.concatenate([embedder.embed(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])


def _revise(
    posts: Sequence[Labelled], vectors: Vectors, odds: Vectors, corrected: Sequence[int], rest: Sequence[int]
) -> Vectors:
    now = read_clock()
    corrections = [Correction(posts[at].post_id, About.SENTIMENT, posts[at].label, "eval", now) for at in corrected]
    learnt = learn(corrections, vectors[list(corrected)]).learnt.get(About.SENTIMENT) if corrections else None
    return learnt.revise(FEELING_NAMES, odds[rest], vectors[rest]) if learnt else odds[rest]


def find_moods(posts: Sequence[Labelled], embedder: Embedder, vectors: Vectors) -> Vectors:
    """Return the odds of each sentiment, one row a post."""
    languages = LanguageFinder()
    english = [reads_english(languages.find_language(post.text, post.lang).label) for post in posts]
    return SentimentFinder(embedder.name).find_moods([post.text for post in posts], vectors, english).odds


def _score(posts: Sequence[Labelled], found: _Found) -> Scores:
    from sklearn.metrics import f1_score, recall_score

    right = [post.label for post in posts]
    names = sorted(set(right))
    hits: dict[str, list[bool]] = {}
    for post, label, group in zip(posts, found.labels, found.groups, strict=True):
        hits.setdefault(group, []).append(post.label == label)
    return Scores(
        posts=len(posts),
        accuracy=float(np.mean([post.label == label for post, label in zip(posts, found.labels, strict=True)])),
        macro_recall=float(recall_score(right, found.labels, labels=names, average="macro", zero_division=0)),
        macro_f1=float(f1_score(right, found.labels, labels=names, average="macro", zero_division=0)),
        unsure=found.unsure,
        posts_a_second=len(posts) / max(found.seconds, 1e-9),
        by_group={group: (float(np.mean(flags)), len(flags)) for group, flags in sorted(hits.items())},
    )


_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_IRONIC = ("irony", *_YES)
_IS_POSITIVE = 5  # the column of Feelings that says whether VADER's score is above its threshold
_WANTS = {Sentiment.NEGATIVE: Intent.COMPLAINT, Sentiment.POSITIVE: Intent.PRAISE, Sentiment.NEUTRAL: Intent.OTHER}


@dataclass(frozen=True)
class RepeatScores:
    """Of labelled pairs: how many were merged, and the ids of those that were wrongly merged or wrongly kept apart."""

    pairs: int
    merged: int
    false_merges: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True)
class IronyScores:
    """The share of ironic posts that are called positive, by Earshot and by VADER, and of the others beside it."""

    ironic: int
    called_positive: float
    called_positive_by_vader: float
    others: int
    others_called_positive: float
    others_called_positive_by_vader: float


def measure_repeats(pairs: Sequence[Labelled]) -> RepeatScores:
    """Pairs of `text` and `earlier`, labelled yes or no. Raises InputError for a line that is none."""
    merged, false, missed = 0, list[str](), list[str]()
    for pair in pairs:
        earlier, label = pair.line.get("earlier"), pair.label.lower()
        if not isinstance(earlier, str) or label not in (*_YES, *_NO):
            raise InputError(
                f"The line {pair.post_id} is no labelled pair.",
                'A line looks like {"id": "1", "text": "…", "earlier": "…", "repeat": "no"}.',
            )
        # As in the store: only posts that share a hash are ever compared.
        is_merged = bool(set(sketch(pair.text)) & set(sketch(earlier))) and is_repeat(pair.text, earlier)
        merged += is_merged
        if is_merged and label in _NO:
            false.append(pair.post_id)
        if not is_merged and label in _YES:
            missed.append(pair.post_id)
    return RepeatScores(len(pairs), merged, tuple(false), tuple(missed))


def measure_irony(posts: Sequence[Labelled], embedder: Embedder) -> IronyScores:
    """Posts labelled `irony` (or yes) and others. Raises InputError when one of both is missing."""
    flags = [post.label.lower() in _IRONIC for post in posts]
    if all(flags) or not any(flags):
        raise InputError("Irony is measured on posts that are ironic and posts that are not.", "Label some of both.")
    odds = find_moods(posts, embedder, embed(posts, embedder))
    ours = odds.argmax(axis=1) == FEELING_NAMES.index(Sentiment.POSITIVE)
    vaders = Feelings().read([post.text for post in posts], [True] * len(posts))[:, _IS_POSITIVE] > 0
    ironic = [place for place, flag in enumerate(flags) if flag]
    others = [place for place, flag in enumerate(flags) if not flag]
    return IronyScores(
        len(ironic),
        float(ours[ironic].mean()),
        float(vaders[ironic].mean()),
        len(others),
        float(ours[others].mean()),
        float(vaders[others].mean()),
    )


def map_feelings(posts: Sequence[Labelled]) -> list[Labelled]:
    """Posts labelled by sentiment, relabelled by intent: unhappy ones complain, kind ones praise, the rest neither.

    Those with other labels stay as they are.
    """
    return [replace(post, label=_WANTS[Sentiment(post.label)]) if post.label in _WANTS else post for post in posts]
