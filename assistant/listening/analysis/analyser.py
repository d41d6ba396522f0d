"""Mentions to their Analyses, a batch at a time: puts the single questions together, and embeds each batch once."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module

import numpy as np

from assistant.domain import About, Analysis, Correction, Finding, Intent, Mention, Sentiment
from assistant.errors import InputError
from assistant.listening.analysis import duplicates as repeats
from assistant.listening.analysis import influence, intent, place, sentiment, topics, urgency
from assistant.listening.analysis.brands import BrandFinder, Names
from assistant.listening.analysis.classifiers import Dense
from assistant.listening.analysis.corrections import Lessons, learn
from assistant.listening.analysis.influence import Crowds, Reach
from assistant.listening.analysis.intent import IntentFinder, is_question, name_intent
from assistant.listening.analysis.keywords import find_words
from assistant.listening.analysis.place import PlaceFinder, load_places
from assistant.listening.analysis.sentiment import FEELING_NAMES, SentimentFinder, name_sentiment
from assistant.listening.analysis.topics import Topic, TopicFinder, build_topics, name_topic
from assistant.listening.analysis.urgency import Signs, find_urgency
from assistant.text import language
from assistant.text.calibration import calibration_of
from assistant.text.embedding import Embedder
from assistant.text.language import LanguageFinder, reads_english

# Far more than a post on most networks; some questions take longer than in proportion to the text.
_MOST_READ = 20_000
_GAP = re.compile(r"(\s\s)\s+")
_PARTS = (language, sentiment, topics, intent, urgency, place, influence, repeats)


@dataclass(frozen=True)
class Surroundings:
    """Context besides the mentions themselves: their authors, copies, and people's corrections.

    `to_us` are ids of mentions that answer a post of ours.
    """

    crowds: Crowds = field(default_factory=Crowds)
    authors: Mapping[str, Reach] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    lessons: Lessons = field(default_factory=Lessons)
    to_us: frozenset[str] = frozenset()


NOTHING_KNOWN = Surroundings()


@dataclass(frozen=True)
class Analysed:
    """Analyses in the order of their mentions, and the vectors of their texts (no columns without an embedder)."""

    analyses: tuple[Analysis, ...]
    vectors: Dense


@dataclass(frozen=True)
class _Odds:
    """How likely each label is, one row a mention."""

    labels: Sequence[str]
    rows: Dense


class Analyser:
    """Finds out everything about mentions. Without an embedder, heads that read words alone answer, and no topics.

    `english`, where it is another embedder, tells the topics of posts in English.
    """

    def __init__(
        self,
        embedder: Embedder | None = None,
        own_topics: Sequence[Topic] = (),
        brands: BrandFinder | None = None,
        english: Embedder | None = None,
    ) -> None:
        self._embedder = embedder
        self._english = english if embedder and english and english.name != embedder.name else None
        self._own_topics = tuple(own_topics)
        self._brands = brands or BrandFinder(Names())
        self._lessons = Lessons()
        self._learnt_from: tuple[Correction, ...] = ()

    @cached_property
    def version(self) -> str:
        """Names everything that finds something out: it changes with any part, with the embedder and the topics."""
        told = repr(self._own_topics) if self._own_topics else ""
        told += self._brands.version
        names = [embedder.name for embedder in (self._embedder, self._english) if embedder]
        parts = [part.VERSION for part in _PARTS] + [" ".join(names), told]
        return f"analysis-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:10]}"

    @property
    def topic_names(self) -> tuple[str, ...]:
        """The company's own topics, and `none` behind them; nothing where there are none."""
        return (*(topic.name for topic in self._own_topics), topics.NONE) if self._own_topics else ()

    def set_topics(self, own_topics: Sequence[Topic]) -> None:
        """Judge by other topics from now on; what was found before stays as it is until it is analysed again."""
        self._own_topics = tuple(own_topics)
        for known in ("version", "_topics", "_english_topics"):
            self.__dict__.pop(known, None)

    @property
    def same_topic(self) -> float:
        """The cosine of two centroids from which on they are of one topic."""
        return calibration_of(self._embedder.name if self._embedder else "").same_topic

    @property
    def handles(self) -> tuple[str, ...]:
        """Our own accounts."""
        return self._brands.names.handles

    def check_topic(self, name: str) -> None:
        """Raise InputError for what is neither a topic of the company's nor `none`; empty means that none is given."""
        names = [topic.name for topic in self._own_topics]
        if name and name != topics.NONE and not names:
            raise InputError(
                f"There is no topic {name}: no topics are set up.",
                "Write topics.yaml; topics.example.yaml shows how.",
                in_slack="An admin can add topics in my Home tab.",
            )
        if name and name not in (*names, topics.NONE):
            raise InputError(f"There is no topic {name}.", f"Topics are: {', '.join([*names, topics.NONE])}.")

    def warm_up(self) -> None:
        """Load the gazetteer and SciPy: meanwhile no other thread runs, and the first post should not wait for them."""
        import_module("scipy.cluster.hierarchy")
        import_module("scipy.optimize")
        load_places()

    def analyse(self, mention: Mention) -> Analysis:
        """The Analysis of one mention."""
        return self.analyse_all([mention]).analyses[0]

    def find_language(self, text: str, claimed: str | None = None) -> str:
        """The language of any text; see LanguageFinder."""
        return self._languages.find_language(text, claimed).label

    def embed(self, texts: Sequence[str]) -> Dense:
        """The texts' vectors; without an embedder they have no columns."""
        if self._embedder is None or not texts:
            return np.zeros((len(texts), 0), dtype=np.float32)
        return self._embedder.embed(texts)

    def learn(self, corrections: Sequence[Correction], texts: Sequence[str]) -> Lessons:
        """Lessons from corrections and the texts of their mentions, oldest first; learnt again only when some came."""
        if tuple(corrections) != self._learnt_from:
            self._lessons, self._learnt_from = learn(corrections, self.embed(texts)), tuple(corrections)
        return self._lessons

    def analyse_all(self, mentions: Sequence[Mention], known: Surroundings = NOTHING_KNOWN) -> Analysed:
        """The Analyses of a batch; of a very long post only its beginning is read."""
        mentions = [_shorten(mention) for mention in mentions]
        texts = [mention.text for mention in mentions]
        vectors = self.embed(texts)
        if not mentions:
            return Analysed((), vectors)
        languages = [self._languages.find_language(mention.text, mention.lang) for mention in mentions]
        is_english = [reads_english(found.label) for found in languages]
        moods = self._sentiments.find_moods(texts, vectors, is_english)
        wanted = _Odds(self._intents.labels, self._intents.find_odds(texts, vectors, moods.odds))
        feelings = _revise(About.SENTIMENT, _Odds(FEELING_NAMES, moods.odds), vectors, known)
        intents = _revise(About.INTENT, wanted, vectors, known)
        subjects = self._find_subjects(texts, is_english, vectors, known)
        analyses = (
            self._put_together(mention, languages[at], feelings.rows[at], _row(intents, at), _row(subjects, at), known)
            for at, mention in enumerate(mentions)
        )
        return Analysed(tuple(analyses), vectors)

    def _find_subjects(
        self, texts: Sequence[str], is_english: Sequence[bool], vectors: Dense, known: Surroundings
    ) -> _Odds | None:
        finder, english = self._topics, self._english_topics  # once: another thread may set other topics
        if finder is None:
            return None
        labels, rows = finder.find_odds(vectors)
        places = np.flatnonzero(is_english)
        if english and self._english and english.names == finder.names and len(places):
            mine = [texts[int(place)] for place in places]
            rows[places] = english.find_odds(self._english.embed(mine))[1]
        return _revise(About.TOPIC, _Odds(labels, rows), vectors, known)

    def _put_together(
        self,
        mention: Mention,
        tongue: Finding,
        odds: Dense,
        wants: tuple[Sequence[str], list[float]],
        subject: tuple[Sequence[str], list[float]],
        known: Surroundings,
    ) -> Analysis:
        feeling, score = name_sentiment(odds.tolist(), self._sentiments.find_rule(reads_english(tongue.label)))
        feeling = known.lessons.settle(mention.mention_id, feeling)
        wanted = _match_intents(*wants, feeling.label)
        want = known.lessons.settle(mention.mention_id, name_intent(wants[0], wanted, mention.text))
        author = known.authors.get(mention.mention_id, Reach())
        weight = known.crowds.find_influence(mention, author)
        sentiment_found = Sentiment(feeling.label)
        hurry = find_urgency(Signs(mention, sentiment_found, want, weight.label, author.posts))
        topic = name_topic(*subject) if len(subject[0]) else Finding(About.TOPIC, topics.NONE, 0.0, topics.VERSION)
        findings = [tongue, feeling, want, known.lessons.settle(mention.mention_id, topic), hurry, weight]
        findings += self._places.find_place(mention.location, mention.text)
        return Analysis(
            mention_id=mention.mention_id,
            sentiment=sentiment_found,
            sentiment_score=_agree(score, sentiment_found, feeling),
            words=find_words(mention.text, tongue.label if tongue.label != language.UNKNOWN else None),
            is_question=is_question(mention.text),
            version=self.version,
            findings=tuple(findings),
            copy_of=known.copies.get(mention.mention_id),
            brands=self._brands.find_brands(mention, mention.mention_id in known.to_us),
        )

    @cached_property
    def _languages(self) -> LanguageFinder:
        return LanguageFinder()

    @cached_property
    def _sentiments(self) -> SentimentFinder:
        return SentimentFinder(self._embedder.name if self._embedder else "")

    @cached_property
    def _intents(self) -> IntentFinder:
        return IntentFinder(self._embedder.name if self._embedder else "")

    @cached_property
    def _places(self) -> PlaceFinder:
        return load_places()

    @cached_property
    def _topics(self) -> TopicFinder | None:
        return build_topics(self._own_topics, self._embedder) if self._embedder else None

    @cached_property
    def _english_topics(self) -> TopicFinder | None:
        return build_topics(self._own_topics, self._english) if self._english else None


def _shorten(mention: Mention) -> Mention:
    text = _GAP.sub(r"\1", mention.text[:_MOST_READ])
    return mention if text == mention.text else replace(mention, text=text)


def _revise(about: About, odds: _Odds, vectors: Dense, known: Surroundings) -> _Odds:
    learnt = known.lessons.learnt.get(about)
    if learnt is None or not vectors.shape[1]:
        return odds
    return _Odds(odds.labels, learnt.revise(odds.labels, odds.rows, vectors))


def _row(odds: _Odds | None, place: int) -> tuple[Sequence[str], list[float]]:
    return (odds.labels, odds.rows[place].tolist()) if odds else ((), [])


def _match_intents(labels: Sequence[str], odds: Sequence[float], feeling: str) -> list[float]:
    """Nobody praises unhappily or complains happily: the odds of the one go to the other."""
    found = dict(zip(labels, odds, strict=True))
    pair = {
        Sentiment.NEGATIVE: (Intent.PRAISE, Intent.COMPLAINT),
        Sentiment.POSITIVE: (Intent.COMPLAINT, Intent.PRAISE),
    }
    wrong, right = pair.get(Sentiment(feeling), ("", ""))
    if wrong in found and right in found:
        found[right] += found.pop(wrong)
    return [found.get(label, 0.0) for label in labels]


def _agree(score: float, found: Sentiment, feeling: Finding) -> float:
    """The score, or an end of the scale where a person said otherwise."""
    if feeling.version != "person":
        return score
    return {Sentiment.NEGATIVE: -1.0, Sentiment.POSITIVE: 1.0}.get(found, 0.0)
