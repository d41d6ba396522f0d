"""Answers what customers say: how many posts, how they feel, what they name, and some of them word for word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from assistant.domain import Answer, Citation, Look, Mention, Sentence, Sentiment, Support
from assistant.index.terms import find_terms
from assistant.opinions.asking import Kind, OpinionQuestion, read_question
from assistant.opinions.period import Period, last_days
from assistant.store.opinions import OpinionTables, Posts

_USUAL_DAYS = 30
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SAMPLES, _OFTEN_NAMED = 4, 5
_SAMPLE_CHARACTERS = 300
_WRITER = "counts"
_ADJECTIVES = {Kind.NEGATIVE: "unhappy", Kind.POSITIVE: "kind", Kind.QUESTIONS: "asking something"}


@dataclass(frozen=True)
class _Found:
    """What is counted: the posts about the subject however they feel, and when they are from."""

    asked: OpinionQuestion
    posts: Posts
    period: Period

    @property
    def subject(self) -> str:
        """` on x name “battery” and “range”`, with the words as they were asked for; empty for posts about anything."""
        words = [f"“{self.asked.terms[term]}”" for term in self.posts.forms]
        joint = " and " if self.posts.least == len(words) else " or "
        network = f" on {self.posts.network}" if self.posts.network else ""
        return network + (f" naming {joint.join(words)}" if words else "")


class Opinions:
    """Every number comes from SQL, every word of a customer from one post."""

    def __init__(self, tables: OpinionTables, zone: ZoneInfo) -> None:
        self._tables = tables
        self._zone = zone

    def answer(self, text: str, now: datetime) -> Answer | None:
        """None for a question that is not about what customers say."""
        asked = read_question(text, now, self._zone)
        if not asked:
            return None
        found = self._find(asked, now)
        samples = self._choose_samples(found)
        return self._tell(found, samples) if samples else _tell_nothing(found)

    def _find(self, asked: OpinionQuestion, now: datetime) -> _Found:
        """Without a period the last days count; where they hold nothing, all posts that are kept."""
        networks = self._tables.networks()
        network = next((word for word in asked.terms.values() if word in networks), "")
        forms = {term: self._find_forms(term) for term, word in asked.terms.items() if word != network}
        period = asked.period or last_days(_USUAL_DAYS, now)
        posts = self._loosen(Posts(period.start_at, period.end_at, forms, len(forms), "", network))
        if not asked.period and not self._tables.count(posts)[0]:
            period = Period(_BEGINNING, now, "at any time")
            posts = self._loosen(replace(posts, start_at=_BEGINNING, least=len(forms)))
        return _Found(asked, posts, period)

    def _loosen(self, posts: Posts) -> Posts:
        """Where no post names all of the terms, those that name any."""
        return posts if self._tables.count(posts)[0] else replace(posts, least=min(1, len(posts.forms)))

    def _find_forms(self, term: str) -> tuple[str, ...]:
        """The words in posts that are forms of this stem, which may end otherwise than they do (`batteri`)."""
        return tuple(word for word in self._tables.words_beginning(term[:3]) if term in find_terms(word)) or (term,)

    def _tell(self, found: _Found, samples: Sequence[Mention]) -> Answer:
        counted = [Sentence(text, Support.COUNTED) for text in self._count(found)]
        quoted = [
            Sentence(f"“{_shorten(mention.text)}”", Support.QUOTED, (number,))
            for number, mention in enumerate(samples, start=1)
        ]
        sentences = (*counted, *quoted)
        return Answer(
            answer="\n".join(s.text + "".join(f" [{number}]" for number in s.citations) for s in sentences),
            is_grounded=True,
            reason="Counted among the posts that Earshot has collected; the quotes are samples.",
            sentences=sentences,
            citations=tuple(_cite(number, mention) for number, mention in enumerate(samples, start=1)),
            writer=_WRITER,
        )

    def _count(self, found: _Found) -> list[str]:
        tables, posts = self._tables, found.posts
        total, people = tables.count(posts)
        feelings = ", ".join(f"{count} {sentiment}" for sentiment, count in tables.count_sentiments(posts).items())
        told = [f"{_plural(total, 'post')}{found.subject} {found.period.label}, by {_people(people)}: {feelings}."]
        if found.asked.kind is not Kind.ALL:
            asked_for = tables.count(replace(posts, kind=found.asked.kind))[0]
            told.append(f"{asked_for} of them {'is' if asked_for == 1 else 'are'} {_ADJECTIVES[found.asked.kind]}.")
        if len(posts.forms) > 1 and posts.least == 1:
            each = tables.count_terms(posts)
            told.append(f"None names all of that; {_list({found.asked.terms[term]: n for term, n in each.items()})}.")
        networks = tables.count_networks(posts)
        if len(networks) > 1:
            told.append(f"By network: {_list(networks)}.")
        named = tables.often_named(replace(posts, kind=found.asked.kind), _OFTEN_NAMED)
        return [*told, f"They often name: {_list(named)}."] if named else told

    def _choose_samples(self, found: _Found) -> list[Mention]:
        """What was asked for, where there is any; else one of each feeling, the commonest first and most of all."""
        asked_for = self._tables.samples(replace(found.posts, kind=found.asked.kind), _MOST_SAMPLES)
        if asked_for and found.asked.kind is not Kind.ALL:
            return asked_for
        feelings = self._tables.count_sentiments(found.posts)
        order = sorted(Sentiment, key=lambda sentiment: -feelings[sentiment])
        by_feeling = [self._tables.samples(replace(found.posts, kind=feeling), 2) for feeling in order]
        first = [mention for mentions in by_feeling for mention in mentions[:1]]
        more = [mention for mentions in by_feeling for mention in mentions[1:]]
        return [*first, *more][:_MOST_SAMPLES] or self._tables.samples(found.posts, _MOST_SAMPLES)


def _tell_nothing(found: _Found) -> Answer:
    reason = f"No post{found.subject} {found.period.label} was collected."
    return Answer(f"I do not know. {reason}", False, reason, Look.FINDINGS, writer=_WRITER)


def _cite(number: int, mention: Mention) -> Citation:
    author = mention.author or "somebody"
    title = f"{author} on {mention.network}, {mention.created_at:%Y-%m-%d}"
    return Citation(number, mention.mention_id, title, "", mention.url, mention.text)


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SAMPLE_CHARACTERS else flat[: _SAMPLE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def _list(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{label} ({count})" for label, count in counts.items())


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
