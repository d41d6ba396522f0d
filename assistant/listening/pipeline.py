"""Mentions in the store to analysed and sorted ones: those that nobody has looked at yet, or an older version has.

Analysis to reply, watch or ignore, each with the reason: a pure function.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from assistant.domain import About, Analysis, Intent, Mention, Period, Sentiment, Triage, TriageAction, Urgency
from assistant.errors import InputError
from assistant.listening.analysis.analyser import Analyser, Surroundings
from assistant.listening.analysis.corrections import Lessons
from assistant.listening.analysis.duplicates import find_first, sketch
from assistant.listening.analysis.influence import Crowd, Crowds, Reach
from assistant.listening.analysis.keywords import find_words
from assistant.listening.analysis.topic_discovery import Discovered, discover
from assistant.listening.tables.analyses import DiscoveredTables
from assistant.listening.tables.posts import MentionTables
from assistant.text.embedding import Vectors
from assistant.text.language import UNKNOWN

_REPOST = re.compile(r"^\s*RT @")
_SPAM = re.compile(
    r"\b(?:airdrop|(?:crypto|forex|token) (?:giveaway|presale|signals?|profits?|investment|trading)|presale live"
    r"|free (?:iphone|gift ?card|followers)|click (?:my|the) (?:link|bio)|link in bio|onlyfans"
    r"|earn [$€£]?\d+|make [$€£]?\d+ a day|whatsapp me|dm (?:me )?for (?:promo|collab)|check my channel"
    r"|seo services|backlinks|do.?follow links|guest post|rank you #?1|selected as (?:a |the )?winner)\b",
    re.IGNORECASE,
)
_LINK_OR_NAME = re.compile(r"(?:https?://|www\.)\S+|@\w+")
_WORD = re.compile(r"[^\W\d_]{2}")
_SURE = 0.6


def triage(mention: Mention, analysis: Analysis) -> Triage:
    """Decide what to do with a mention; the first rule that fits gives the reason."""
    action, reason = _decide(mention, analysis)
    return Triage(mention.mention_id, action, reason)


def reads_like_spam(text: str) -> bool:
    """By phrases that hardly anybody else writes."""
    return bool(_SPAM.search(text))


def _decide(mention: Mention, analysis: Analysis) -> tuple[TriageAction, str]:
    if _REPOST.match(mention.text):
        return TriageAction.IGNORE, "It repeats somebody else's post."
    if analysis.copy_of:
        return TriageAction.IGNORE, f"It repeats an earlier post, {analysis.copy_of}."
    if reads_like_spam(mention.text) or _is_surely(analysis, Intent.SPAM):
        return TriageAction.IGNORE, "It reads like spam."
    # Not by `analysis.words`: they leave stop words out, and `How do I do that?` is nothing else.
    if not _WORD.search(_LINK_OR_NAME.sub(" ", mention.text)):
        return TriageAction.IGNORE, "It says nothing in words."
    if analysis.competitors_alone:
        return TriageAction.WATCH, f"It is about {' and '.join(analysis.competitors_alone)}, not about us."
    urgency = analysis.find(About.URGENCY)
    if urgency and urgency.label == Urgency.HIGH:
        return TriageAction.REPLY, f"It is urgent. {urgency.reason}"
    if _is_surely(analysis, Intent.JOB):
        return TriageAction.REPLY, "It asks about work with us."
    if analysis.is_question:
        return TriageAction.REPLY, "It asks a question."
    return _decide_by_feeling(analysis)


def _decide_by_feeling(analysis: Analysis) -> tuple[TriageAction, str]:
    score = f"(sentiment {analysis.sentiment_score:+.2f})"
    if analysis.sentiment is Sentiment.NEGATIVE:
        return TriageAction.REPLY, f"Negative {score}."
    if _is_surely(analysis, Intent.LEAVING):
        return TriageAction.REPLY, "The author may be cancelling."
    if analysis.sentiment is Sentiment.POSITIVE:
        return TriageAction.WATCH, "Praise, no reply needed."
    if analysis.sentiment is Sentiment.UNSURE:
        return TriageAction.WATCH, f"It asks nothing, and its sentiment is unsure {score}."
    return TriageAction.WATCH, "It neither asks nor complains."


def _is_surely(analysis: Analysis, intent: Intent) -> bool:
    found = analysis.find(About.INTENT)
    return found is not None and found.label == intent and found.confidence >= _SURE


_BATCH = 500
_REPEAT_DAYS = 30

KeepVectors = Callable[[Sequence[Mention], Vectors], None]
NextBatch = Callable[[int, str], list[Mention]]
Review = Callable[[Sequence[Mention], Sequence[Analysis], datetime], Sequence[Analysis]]


def keep_analyses(_batch: Sequence[Mention], analyses: Sequence[Analysis], _now: datetime) -> Sequence[Analysis]:
    """A review that changes nothing."""
    return analyses


def sort_new_mentions(
    mentions: MentionTables,
    analyser: Analyser,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
    keep_vectors: KeepVectors = lambda batch, vectors: None,
    review: Review = keep_analyses,
) -> int:
    """Analyse and triage what is new, batch by batch; returns how many. Stopped midway, it goes on where it was.

    `keep_vectors` gets each batch and its vectors before anything of it is kept: it may see a batch twice.
    `review` may change the analyses of a batch, as a chat model does that is asked about the unsure ones.
    """
    return _Sorting(mentions, analyser, now, keep_vectors, review).sort(mentions.without_analysis, progress)


def sort_again(
    mentions: MentionTables, analyser: Analyser, now: datetime, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Analyse again what another version has looked at; returns how many."""

    def find_batch(limit: int, after: str) -> list[Mention]:
        return mentions.with_other_analysis(analyser.version, limit, after)

    return _Sorting(mentions, analyser, now).sort(find_batch, progress)


def relabel_mention(
    mentions: MentionTables,
    analyser: Analyser,
    mention_id: str,
    labels: Mapping[About, str],
    corrected_by: str,
    now: datetime,
) -> None:
    """Keep what a person said of a mention, and sort it again by that. Raises InputError for one that is not there."""
    mention = mentions.find(mention_id)
    if mention.removed_at:
        raise InputError(f"The post {mention.mention_id} is no longer there.", "There is nothing to correct.")
    mentions.corrections.add(mention.mention_id, labels, corrected_by, now)
    _Sorting(mentions, analyser, now).sort_batch([mention])


class _Sorting:
    """One round of sorting: what holds for all batches is looked up once."""

    def __init__(
        self,
        mentions: MentionTables,
        analyser: Analyser,
        now: datetime,
        keep_vectors: KeepVectors = lambda batch, vectors: None,
        review: Review = keep_analyses,
    ) -> None:
        self._mentions = mentions
        self._tables = mentions.analyses
        self._analyser = analyser
        self._now = now
        self._keep_vectors = keep_vectors
        self._review = review
        self._crowds = self._find_crowds()
        self._lessons: Lessons = analyser.learn(*mentions.corrections.all())

    def sort(self, find_batch: NextBatch, progress: Callable[[int], None]) -> int:
        done, after = 0, ""
        while batch := find_batch(_BATCH, after):
            self.sort_batch(batch)
            done, after = done + len(batch), batch[-1].mention_id
            progress(done)
        return done

    def sort_batch(self, batch: Sequence[Mention]) -> None:
        """Analyse, triage and keep a batch: all of it or nothing."""
        sketches = {mention.mention_id: sketch(mention.text) for mention in batch}
        copies = self._find_copies(batch, sketches)
        to_us = self._tables.find_answers([m.mention_id for m in batch], self._analyser.handles)
        known = Surroundings(self._crowds, self._find_authors(batch), copies, self._lessons, to_us)
        analysed = self._analyser.analyse_all(batch, known)
        self._keep_vectors(batch, analysed.vectors)
        analyses = self._review(batch, analysed.analyses, self._now)
        found = [(analysis, triage(mention, analysis)) for mention, analysis in zip(batch, analyses, strict=True)]
        with self._mentions.transaction():
            self._mentions.add_analyses(found, self._now)
            self._tables.add_sketches({name: hashes for name, hashes in sketches.items() if name not in copies})

    def _find_crowds(self) -> Crowds:
        followers, engagement = self._tables.sizes_of("followers"), self._tables.sizes_of("engagement")
        names = followers.keys() | engagement.keys()
        return Crowds({name: Crowd(followers.get(name, ()), engagement.get(name, ())) for name in names})

    def _find_authors(self, batch: Sequence[Mention]) -> dict[str, Reach]:
        known = self._tables.authors_of([mention.mention_id for mention in batch])
        return {mention_id: Reach(posts, reactions) for mention_id, (posts, reactions) in known.items()}

    def _find_copies(self, batch: Sequence[Mention], sketches: Mapping[str, Sequence[int]]) -> dict[str, str]:
        """Which mentions of the batch repeat an earlier one, of the batch or of the last month."""
        since = min(mention.created_at for mention in batch) - timedelta(days=_REPEAT_DAYS)
        hashes = {number for numbers in sketches.values() for number in numbers}
        earlier = self._tables.candidates(sorted(hashes), since)
        copies: dict[str, str] = {}
        for mention in sorted(batch, key=lambda mention: (mention.created_at, mention.mention_id)):
            numbers = sketches[mention.mention_id]
            texts = dict(
                pair for number in numbers for pair in earlier.get(number, ()) if pair[0] != mention.mention_id
            )
            first = find_first(mention.text, list(texts), texts)
            if first:
                copies[mention.mention_id] = first
                continue
            for number in numbers:
                earlier.setdefault(number, []).append((mention.mention_id, mention.text))
        return copies


def discover_topics(tables: DiscoveredTables, analyser: Analyser, week: Period) -> list[tuple[Discovered, list[str]]]:
    """Find and keep the topics of a week's posts; each with the ids of its posts, the most typical first."""
    posts = tables.posts(week)
    vectors = analyser.embed([text for _, text, _ in posts])
    words = [find_words(text, None if language in (None, UNKNOWN) else language) for _, text, language in posts]
    before = [(key, np.frombuffer(centroid, dtype=np.float32)) for key, centroid in tables.before(week)]
    width = vectors.shape[1]
    found = discover(vectors, words, analyser.same_topic, [(key, row) for key, row in before if len(row) == width])
    topics = [(topic, [posts[place][0] for place in topic.places]) for topic in found]
    tables.save(week, [(topic.key, topic.label, topic.centroid.tobytes(), ids) for topic, ids in topics])
    return topics
