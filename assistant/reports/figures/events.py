"""Events of a period, and dangers: posts about one thing that came at once, and posts that report harm or the law.

Each is counted like every other figure, and leads to its posts.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.core.database import Row, to_text, to_time
from assistant.domain import Figure, Intent, Sentiment, TriageAction, Urgency
from assistant.listening.analysis.keywords import find_words
from assistant.listening.analysis.urgency import tell_danger, tell_law, tell_outage
from assistant.reports.figures.bursts import Burst, CountedPost, find_bursts
from assistant.reports.figures.query import POSTS, FigureQuery, FigureScope, to_figure
from assistant.reports.figures.tables import MeasuringTables

_HOUR = timedelta(hours=1)
_CALM = timedelta(hours=1)
_IN_A_ROW = 3
_LEAST_SHARE = 0.15
_MOST_PLACES, _MOST_HEARD, _MOST_DANGERS = 4, 3, 5
_STEM = 6
_QUOTED_RUN = 8
_TELLING = 1.5
_CLAUSE_WORDS = range(3, 13)
_MOST_CLAUSE = 80
_ENGLISH, _LEAST_ENGLISH = "en", 3

_SAID = f"{POSTS} and coalesce(intent, '') not in ('{Intent.SPAM}', '{Intent.JOB}')"
_ROWS = f"""select p.mention_id, p.created_at, p.network, coalesce(p.author, '') as author, p.followers, p.language,
p.intent, p.urgency, p.sentiment, p.action, coalesce(city.label, p.country, '') as place,
m.in_reply_to, m.external_id, exists (select 1 from replies r where r.mention_id = p.mention_id
and r.deleted_at is null) or exists (select 1 from answered n where n.mention_id = p.mention_id) as is_answered
from (select * {_SAID}) p join mentions m on m.mention_id = p.mention_id
left join findings city on city.mention_id = p.mention_id and city.about = 'city'
order by p.created_at, p.mention_id"""
_WORDS = f"select w.mention_id, w.word from (select mention_id {_SAID}) p join mention_words w using (mention_id)"
_BRANDS = "select distinct name from mention_brands where is_ours"
_TEXTS = "select mention_id, text from mentions where mention_id in (select value from json_each(:ids))"
# Posts that share five of its words may quote it; their texts tell.
_KINDRED = """select b.mention_id from mention_words a join mention_words b using (word)
where a.mention_id = :id and b.mention_id <> :id group by 1 having count(*) >= 5"""
_BEHIND = "from mentions where mention_id in (select value from json_each(:ids))"
_COUNTED = "select '' as label, count(*) as value from json_each(:ids)"
_CLAUSE = re.compile(r"[.!?;:\n…()\[\]\"“”„«»|]+|,\s|\s[–—-]\s")
# Names of people, links, and what breaks off.
_UNFIT = re.compile(r"[@#]|://|\b(?:an?|the|for|of|to|and|or|my|your|is|was|with)$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_TOKEN = re.compile(r"(?<!\w)[^\W_][\w'’-]*")


class EventKind(StrEnum):
    """The kind of an event, as it is called in its title."""

    DANGER = "Danger"
    LAW = "Legal matter"
    OUTAGE = "Outage"
    TROUBLE = "Complaints"
    PRAISE = "Praise"
    TALK = "Talk"


# By what many of its posts say; the first kind that fits.
_SIGNS: dict[EventKind, Callable[[str], str]] = {
    EventKind.DANGER: tell_danger,
    EventKind.LAW: tell_law,
    EventKind.OUTAGE: tell_outage,
}


@dataclass(frozen=True)
class Voice:
    """Somebody who was heard: their `mention_id` is the post that is meant."""

    mention_id: str
    author: str
    network: str
    followers: int
    is_press: bool


@dataclass(frozen=True)
class Event:
    """Posts about one thing. `name` is said by one of them, `mention_ids` begin with the one to show first.

    `calm_at` is when it had passed; `later` counts the posts after that.
    """

    kind: EventKind
    name: str
    places: tuple[str, ...]
    began_at: datetime
    peak_at: datetime
    calm_at: datetime
    later: int
    networks: tuple[tuple[str, int], ...]
    voices: tuple[Voice, ...]
    mention_ids: tuple[str, ...]
    figures: tuple[Figure, ...]

    def count(self, name: str) -> int:
        """One of its figures, such as `people`; 0 where there is none."""
        found = next((figure for figure in self.figures if figure.name.startswith(f"event_{name}.")), None)
        return int(found.value or 0) if found and isinstance(found.value, int) else 0


def measure_events(tables: MeasuringTables, span: FigureScope) -> tuple[list[Event], list[Event]]:
    """The events of a period, the largest first, and the dangers that still wait, the gravest first."""
    start = span.before.start_at
    values = span.bind(span.period, None) | {"start": to_text(start)}
    rows = tables.rows(span.scoped(_ROWS), values)
    words = _read_words(tables, span, values)
    posts = _build_posts(rows, words, start)
    first, last = ((moment - start) / _HOUR for moment in (span.period.start_at, min(span.period.end_at, span.now)))
    bursts = find_bursts(posts, round(first), int(last) + 1) if posts else []
    events = [_build_event(tables, span, rows, burst, number) for number, burst in enumerate(bursts, start=1)]
    told = {mention_id for event in events for mention_id in event.mention_ids}
    waiting = [row for row in rows if to_time(row["created_at"]) >= span.period.start_at]
    return events, _find_dangers(tables, span, waiting, told)


def _read_words(tables: MeasuringTables, span: FigureScope, values: dict[str, str | None]) -> dict[str, frozenset[str]]:
    """Beginnings of words, so that forms of a word are one; the company's own names are left out."""
    own = {word for row in tables.rows(_BRANDS, {}) for word in find_words(row["name"], None)}
    found: dict[str, set[str]] = defaultdict(set)
    for row in tables.rows(span.scoped(_WORDS), values):
        if row["word"] not in own:
            found[row["mention_id"]].add(row["word"][:_STEM])
    return {mention_id: frozenset(words) for mention_id, words in found.items()}


def _build_posts(rows: Sequence[Row], words: dict[str, frozenset[str]], start: datetime) -> list[CountedPost]:
    ids = {(row["network"], row["external_id"]): row["mention_id"] for row in rows}
    return [
        CountedPost(
            mention_id=row["mention_id"],
            hour=(to_time(row["created_at"]) - start) / _HOUR,
            person=_name_person(row),
            place=row["place"],
            words=words.get(row["mention_id"], frozenset()),
            answers=ids.get((row["network"], row["in_reply_to"]), ""),
        )
        for row in rows
    ]


def _name_person(row: Row) -> str:
    return f"{row['network']}\x1f{row['author'] or row['mention_id']}"


def _build_event(tables: MeasuringTables, span: FigureScope, rows: Sequence[Row], burst: Burst, number: int) -> Event:
    members = [rows[place] for place in burst.posts]
    texts = _read_texts(tables, [row["mention_id"] for row in members])
    kind = _find_kind(members, texts)
    clauses = sorted(_list_clauses(members, texts, burst.weights, _SIGNS.get(kind)), reverse=True)
    best, name = (clauses[0][1], clauses[0][2]) if clauses else (members[0]["mention_id"], "")
    shown = list(dict.fromkeys([best, *(mention_id for _, mention_id, _ in clauses)]))
    return _put_together(span, members, kind, name, shown, str(number))


def _put_together(
    span: FigureScope, members: Sequence[Row], kind: EventKind, name: str, shown: Sequence[str], label: str
) -> Event:
    times = [to_time(row["created_at"]) for row in members]
    began, calm = _find_ends(times)
    hours = Counter(moment.replace(minute=0, second=0, microsecond=0) for moment in times)
    rest = [row["mention_id"] for row in members if row["mention_id"] not in set(shown)]
    networks = Counter(row["network"] for row in members)
    return Event(
        kind=kind,
        name=name,
        places=_find_places(members),
        began_at=began,
        peak_at=max(hours, key=lambda hour: (hours[hour], -hour.timestamp())),
        calm_at=calm,
        later=sum(moment > calm for moment in times),
        networks=tuple(networks.most_common()),
        voices=_find_voices(members),
        mention_ids=(*shown, *rest),
        figures=tuple(_count(span, members, label)),
    )


def _count(span: FigureScope, members: Sequence[Row], label: str) -> Iterator[Figure]:
    """Its numbers as figures; that of people leads to all of its posts."""
    wanting = [row for row in members if row["action"] == TriageAction.REPLY]
    chosen: tuple[tuple[str, str, Sequence[Row]], ...] = (
        ("event_posts", "posts", members),
        ("event_people", "people", list({_name_person(row): row for row in members}.values())),
        ("event_replied", "posts", [row for row in members if row["is_answered"]]),
        ("event_waiting", "posts", [row for row in wanting if not row["is_answered"]]),
        ("event_press", "posts", [row for row in members if row["intent"] == Intent.PRESS]),
        ("event_leaving", "posts", [row for row in members if row["intent"] == Intent.LEAVING]),
    )
    for name, unit, rows in chosen:
        ids = json.dumps([row["mention_id"] for row in rows], ensure_ascii=False)
        figure = to_figure(span, FigureQuery(name, unit, _COUNTED, _BEHIND), {"label": label, "value": len(rows)})
        yield replace(figure, values={**figure.values, "ids": ids})


def _find_ends(times: Sequence[datetime]) -> tuple[datetime, datetime]:
    """From the first post that others soon follow to the last one that follows others."""
    ordered = sorted(times)
    runs = [
        (first, last) for first, last in zip(ordered, ordered[_IN_A_ROW - 1 :], strict=False) if last - first <= _CALM
    ]
    return (runs[0][0], runs[-1][1]) if runs else (ordered[0], ordered[-1])


def _find_places(members: Sequence[Row]) -> tuple[str, ...]:
    places = Counter(row["place"] for row in members if row["place"])
    least = max(2, _LEAST_SHARE * sum(places.values()))
    named = [place for place, number in places.most_common(_MOST_PLACES) if number >= least]
    return tuple(named) or tuple(place for place, _ in places.most_common(1))


def _find_voices(members: Sequence[Row]) -> tuple[Voice, ...]:
    """The press first, then those with most followers; each once."""
    voices = {}
    for row in members:
        voice = Voice(
            row["mention_id"], row["author"], row["network"], row["followers"] or 0, row["intent"] == Intent.PRESS
        )
        key = _name_person(row)
        if row["author"] and (voice.is_press or voice.followers) and not (key in voices and not voice.is_press):
            voices[key] = voice
    ordered = sorted(voices.values(), key=lambda voice: (-voice.is_press, -voice.followers))
    return tuple(ordered[:_MOST_HEARD])


def _find_kind(members: Sequence[Row], texts: dict[str, str]) -> EventKind:
    said = [texts.get(row["mention_id"], "") for row in members]
    for kind, tell in _SIGNS.items():
        if sum(bool(tell(text)) for text in said) >= _LEAST_SHARE * len(said):
            return kind
    felt = Counter(row["sentiment"] for row in members)
    unhappy = sum(row["sentiment"] == Sentiment.NEGATIVE or row["intent"] == Intent.COMPLAINT for row in members)
    if 3 * unhappy >= len(members) and unhappy > felt[Sentiment.POSITIVE]:
        return EventKind.TROUBLE
    return EventKind.PRAISE if 2 * felt[Sentiment.POSITIVE] > len(members) else EventKind.TALK


def _read_texts(tables: MeasuringTables, ids: Sequence[str]) -> dict[str, str]:
    rows = tables.rows(_TEXTS, {"ids": json.dumps(list(ids), ensure_ascii=False)})
    return {row["mention_id"]: row["text"] for row in rows}


def _list_clauses(
    members: Sequence[Row], texts: dict[str, str], weights: dict[str, float], sign: Callable[[str], str] | None
) -> Iterator[tuple[float, str, str]]:
    """For each post its clause that says most of what the others say; in English where enough of them write it.

    One that bears the sign of the event's kind says more. The press asks about it from outside.
    """
    tongues = Counter(row["language"] for row in members)
    tongue = _ENGLISH if tongues[_ENGLISH] >= _LEAST_ENGLISH else tongues.most_common(1)[0][0]
    shared = Counter(stem for row in members for stem in _stem(texts.get(row["mention_id"], ""), row["language"]))
    for place in {row["place"] for row in members}:  # the title names them besides
        shared.pop(place.lower()[:_STEM], None)
    for row in members:
        if row["language"] == tongue and row["intent"] != Intent.PRESS:
            said = [
                (_weigh(clause, row["language"], weights, shared) * (_TELLING if sign and sign(clause) else 1), clause)
                for clause in split_clauses(texts.get(row["mention_id"], ""))
            ]
            score, clause = max(said, default=(0.0, ""))
            if score > 0:
                yield score, row["mention_id"], clause


def split_clauses(text: str) -> list[str]:
    """The parts of a post that can stand in a title: three to twelve words, without names of people and links."""
    parts = [" ".join(part.split()).strip(" ,'’") for part in _CLAUSE.split(text)]
    return [
        part
        for part in parts
        if len(_TOKEN.findall(part)) in _CLAUSE_WORDS and len(part) <= _MOST_CLAUSE and not _UNFIT.search(part)
    ]


def _weigh(clause: str, language: str | None, weights: dict[str, float], shared: Counter[str]) -> float:
    stems = {stem for stem in _stem(clause, language) if weights.get(stem, 0) > 0 and shared[stem] > 1}
    total = sum(weights[stem] * shared[stem] ** 0.5 for stem in stems)
    return float(total / (len(_TOKEN.findall(clause)) + 2) ** 0.5)


def _stem(text: str, language: str | None) -> set[str]:
    return {word[:_STEM] for word in find_words(text, language)}


def _find_dangers(tables: MeasuringTables, span: FigureScope, rows: Sequence[Row], told: set[str]) -> list[Event]:
    """Posts that report harm or the law and that nobody answered, each with the posts that pick it up."""
    found = []
    for row in rows:
        if row["urgency"] == Urgency.HIGH and row["mention_id"] not in told and not row["is_answered"]:
            text = _read_texts(tables, [row["mention_id"]]).get(row["mention_id"], "")
            kind = EventKind.DANGER if tell_danger(text) else EventKind.LAW if tell_law(text) else None
            # Who only asks whether something is dangerous has not come to harm.
            if kind and (row["sentiment"] == Sentiment.NEGATIVE or row["intent"] == Intent.COMPLAINT):
                found.append((kind, row, text))
    ordered = sorted(found, key=lambda one: one[0] is not EventKind.DANGER)
    events: list[Event] = []
    taken = set(told)
    for kind, row, text in ordered[:_MOST_DANGERS]:
        if row["mention_id"] not in taken:
            members = _find_echoes(tables, rows, row, text)
            taken |= {member["mention_id"] for member in members}
            clause = _find_sentence(text, kind)
            label = f"danger-{len(events) + 1}"
            events.append(_put_together(span, members, kind, clause, [row["mention_id"]], label))
    return events


def _find_sentence(text: str, kind: EventKind) -> str:
    """The sentence that says so."""
    sentences = [" ".join(part.split()) for part in _SENTENCE.split(text) if part.strip()]
    return next((sentence for sentence in sentences if _SIGNS[kind](sentence)), "") or " ".join(text.split())


def _find_echoes(tables: MeasuringTables, rows: Sequence[Row], first: Row, text: str) -> list[Row]:
    """The post, what was written in answer to it, and those that quote it."""
    ids = {(row["network"], row["external_id"]): row for row in rows}
    kindred = tables.rows(_KINDRED, {"id": first["mention_id"]})
    texts = _read_texts(tables, [row["mention_id"] for row in kindred])
    runs = _list_runs(text)
    members = {first["mention_id"]}
    for row in rows:
        asked = ids.get((row["network"], row["in_reply_to"]))
        if (asked and asked["mention_id"] in members) or runs & _list_runs(texts.get(row["mention_id"], "")):
            members.add(row["mention_id"])
    return [row for row in rows if row["mention_id"] in members]


def _list_runs(text: str) -> set[tuple[str, ...]]:
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    return {tuple(tokens[place : place + _QUOTED_RUN]) for place in range(len(tokens) - _QUOTED_RUN + 1)}
