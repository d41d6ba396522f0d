"""Answers what customers say: how many posts, how they feel, what they name, and some of them word for word."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.domain import Answer, Citation, Look, Mention, Question, Sentence, Support
from assistant.listening.insights.chat_questions import Translator
from assistant.listening.insights.measured import ADJECTIVES, measure
from assistant.listening.insights.measures import CountKind
from assistant.listening.insights.periods import BEGINNING, AskedPeriod, last_days, since
from assistant.listening.insights.phrasebook import Phrasebooks
from assistant.listening.insights.questions import OpinionKind, OpinionQuestion, Reader
from assistant.listening.tables.insights import OpinionTables, PostFilter
from assistant.text.tokens import find_terms

COUNTS_WRITER = "counts"
_USUAL_DAYS = 30
_MOST_SAMPLES, _OFTEN_NAMED = 4, 5
_SAMPLE_CHARACTERS, _WORD_CHARACTERS, _OTHER_CHARACTERS = 300, 40, 120


@dataclass(frozen=True)
class _Found:
    """What is counted: the posts about the subject however they feel, and when they are from.

    `missing` are terms that were asked for and that no post names.
    """

    asked: OpinionQuestion
    posts: PostFilter
    period: AskedPeriod
    missing: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """` on x naming “battery” and “range”`, in the words that were asked for; empty for posts about anything."""
        joint = " or " if self.posts.is_any else " and "
        said = f" on {self.posts.network}" if self.posts.network else ""
        said += f" from {_cut(self.posts.place, _WORD_CHARACTERS)}" if self.posts.place else ""
        said += f" in {_name_language(self.posts.language)}" if self.posts.language else ""
        said += f" naming {self.name(self.posts.terms, joint)}" if self.posts.terms else ""
        return said + (f" but not {self.name(self.posts.without, ' or ')}" if self.posts.without else "")

    def name(self, terms: Sequence[str], joint: str = ", ") -> str:
        """The words that these terms stand for."""
        words = self.asked.terms | self.asked.without
        return joint.join(f"“{_cut(words[term], _WORD_CHARACTERS)}”" for term in terms)


class Opinions:
    """Every number comes from SQL, every word of a customer from one post.

    Posts about competitors alone count where `names_competitor` says that a question names one.
    """

    def __init__(
        self,
        tables: OpinionTables,
        zone: ZoneInfo,
        names_competitor: Callable[[str], bool] = lambda text: False,
        is_hiding_authors: bool = False,
        translator: Translator | None = None,
        phrasebooks: Phrasebooks | None = None,
    ) -> None:
        self._phrasebooks = phrasebooks
        self._tables = tables
        self._zone = zone
        self._names_competitor = names_competitor
        self._is_hiding_authors = is_hiding_authors
        self._translator = translator

    def catch_up(self) -> None:
        """Read the words of posts that are new; after a collecting, so that nobody has to wait for it."""
        self._tables.fill_terms(find_terms)

    def answer(self, question: Question, now: datetime, period: AskedPeriod | None = None) -> Answer | None:
        """None for a question that is not about what customers say, or may not be and that no post is about.

        Of a `period`, where one is given, whatever time the question speaks of.
        """
        translate = self._phrasebooks.translate if self._phrasebooks else None
        reader = Reader(now, self._zone, self._tables.networks(), self._tables.places(), translate)
        asked = reader.read(question)
        if not asked and self._translator:
            asked = self._translator.translate(question, reader)
        if not asked:
            return None
        self.catch_up()
        said = (question.text, *(turn.text for turn in question.history))
        asked = replace(asked, has_competitors=any(self._names_competitor(text) for text in said))
        if period:
            asked = replace(asked, period=period, is_since=False)
        found = self._find(asked, now)
        if found:
            return self._tell(found, now)
        return _tell_nothing(self._build(asked, now)[-1]) if asked.is_certain else None

    def _find(self, asked: OpinionQuestion, now: datetime) -> _Found | None:
        """Posts that name all: of the last days, else of any time; where there are none, posts that name some."""
        wanted = self._build(asked, now)
        for found in wanted:
            if self._tables.count(found.posts)[0] or asked.measure is CountKind.CHANGE:
                return found
        is_loose = asked.is_certain and len(asked.terms) > 1
        return next((some for found in wanted if is_loose and (some := self._loosen(found))), None)

    def _loosen(self, found: _Found) -> _Found | None:
        """Without the words that no post names; where none names all the others, the posts that name any."""
        counts = self._tables.count_terms(found.posts)
        named = tuple(term for term, count in counts.items() if count)
        if not named:
            return None
        posts = replace(found.posts, terms=named)
        if not self._tables.count(posts)[0]:
            posts = replace(posts, is_any=True)
        return replace(found, posts=posts, missing=tuple(term for term in counts if term not in named))

    def _build(self, asked: OpinionQuestion, now: datetime) -> list[_Found]:
        any_time = AskedPeriod(BEGINNING, now, "at any time")
        period = since(asked.period, now) if asked.period and asked.is_since else asked.period
        periods = [period] if period else [last_days(_USUAL_DAYS, now), any_time]
        posts = PostFilter(
            BEGINNING,
            now,
            tuple(asked.terms),
            network=asked.network,
            has_competitors=asked.has_competitors,
            without=tuple(asked.without),
            place=asked.place,
            language=asked.language,
        )
        return [_Found(asked, replace(posts, start_at=p.start_at, end_at=p.end_at), p) for p in periods]

    def _tell(self, found: _Found, now: datetime) -> Answer:
        samples = self._choose_samples(found)
        measured = measure(self._tables, found.asked, found.posts, found.period, now, self._is_hiding_authors)
        told = [*measured, *self._count(found), *([] if measured else self._detail(found))]
        counted = [Sentence(text, Support.COUNTED) for text in told]
        quoted = [Sentence(f"“{_quote(m.text)}”", Support.QUOTED, (n,)) for n, m in enumerate(samples, start=1)]
        sentences = (*counted, *quoted)
        reasons = [
            "Counted among the posts that Earshot has collected; the quotes are samples.",
            *_tell_left_out(found),
        ]
        return Answer(
            answer="\n".join(s.text + "".join(f" [{number}]" for number in s.citations) for s in sentences),
            is_grounded=True,
            reason=" ".join(reasons),
            look=Look.PARTIAL if found.posts.is_any or found.missing or len(reasons) > 1 else Look.ANSWER,
            sentences=sentences,
            citations=tuple(_cite(number, mention) for number, mention in enumerate(samples, start=1)),
            writer=COUNTS_WRITER,
        )

    def _count(self, found: _Found) -> list[str]:
        tables, posts = self._tables, found.posts
        total, people = tables.count(posts)
        by = f", by {_people(people)}" if people else ""
        feelings = f": {self._describe_feelings(posts)}" if total else ""
        told = [f"{_plural(total, 'post')}{found.subject} {found.period.label}{by}{feelings}."]
        if found.missing:
            told.append(f"No post names {found.name(found.missing, ' or ')} {found.period.label}.")
        if posts.is_any:
            counts = {found.asked.terms[term]: count for term, count in tables.count_terms(posts).items()}
            told.append(f"None names all of that; {_list(counts)}.")
        return told

    def _detail(self, found: _Found) -> list[str]:
        """What is worth knowing beside the count, where nothing else was asked for."""
        tables, posts, told = self._tables, found.posts, list[str]()
        if found.asked.kind is not OpinionKind.ALL:
            asked_for = tables.count(replace(posts, kind=found.asked.kind))[0]
            told.append(f"{asked_for} of them {'is' if asked_for == 1 else 'are'} {ADJECTIVES[found.asked.kind]}.")
        networks = tables.count_networks(posts)
        if len(networks) > 1:
            told.append(f"By network: {_list(networks)}.")
        named = self._find_often_named(found)
        return [*told, f"They often name: {_list(named)}."] if named else told

    def _describe_feelings(self, posts: PostFilter) -> str:
        feelings, unknown = self._tables.count_sentiments(posts)
        told = [f"{count} {sentiment}" for sentiment, count in feelings.items()] if any(feelings.values()) else []
        return ", ".join([*told, f"{unknown} not analysed yet"] if unknown else told)

    def _find_often_named(self, found: _Found) -> dict[str, int]:
        """Words that the question did not use itself."""
        own = set(found.posts.terms)
        more = _OFTEN_NAMED + 8 * len(own)  # so many forms of a word at the most
        named = self._tables.often_named(replace(found.posts, kind=found.asked.kind), more)
        return dict([item for item in named.items() if own.isdisjoint(find_terms(item[0]))][:_OFTEN_NAMED])

    def _choose_samples(self, found: _Found) -> list[Mention]:
        """What was asked for, where there is any; else one of each feeling, the commonest first and most of all."""
        if found.asked.kind is not OpinionKind.ALL:
            asked_for = self._tables.samples(replace(found.posts, kind=found.asked.kind), _MOST_SAMPLES)
            if asked_for:
                return asked_for
        feelings, _ = self._tables.count_sentiments(found.posts)
        order = sorted(feelings, key=lambda feeling: -feelings[feeling])
        by_feeling = [self._tables.samples(replace(found.posts, kind=feeling), 2) for feeling in order]
        first = [mention for mentions in by_feeling for mention in mentions[:1]]
        more = [mention for mentions in by_feeling for mention in mentions[1:]]
        return [*first, *more][:_MOST_SAMPLES] or self._tables.samples(found.posts, _MOST_SAMPLES)


def _tell_nothing(found: _Found) -> Answer:
    reason = " ".join([f"No post{found.subject} {found.period.label} was collected.", *_tell_left_out(found)])
    return Answer(reason, False, reason, Look.FINDINGS, writer=COUNTS_WRITER)


def _tell_left_out(found: _Found) -> list[str]:
    """What of the question the counts do not answer."""
    asked, told = found.asked, []
    if asked.unread:
        words = ", ".join(f"“{_cut(word, _WORD_CHARACTERS)}”" for word in asked.unread[:4])
        told.append(f"Not understood as a time, and left out: {words}.")
    if asked.dropped:
        told.append(f"Only the first {len(asked.terms)} words were looked for.")
    if asked.others:
        questions = ", ".join(f"“{_cut(other, _OTHER_CHARACTERS)}”" for other in asked.others[:3])
        told.append(f"Not answered here, please ask by itself: {questions}.")
    return told


def _cite(number: int, mention: Mention) -> Citation:
    author = mention.author.strip() or "somebody"
    title = f"{author} on {mention.network}, {mention.created_at:%Y-%m-%d}"
    return Citation(number, mention.mention_id, title, "", mention.url, mention.text)


def _quote(text: str) -> str:
    """A post on one line; brackets around a number would look like a mark of ours."""
    return re.sub(r"\[(\d+)\]", r"［\1］", _cut(text, _SAMPLE_CHARACTERS))


def _cut(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rsplit(" ", 1)[0] + "…"


def _list(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{label} ({count})" for label, count in counts.items())


def _name_language(code: str) -> str:
    from babel import Locale

    return str(Locale.parse("en").languages[code])


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
