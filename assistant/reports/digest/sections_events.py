"""What happened: events and dangers as the sentences that are read first, and as sections with their posts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.domain import Audience
from assistant.reports.digest.names import hide_handles, name_country, name_network, shorten, show_value
from assistant.reports.digest.sections_posts import build_line
from assistant.reports.digest.types import DigestSection, Line, Material, News, Quote, quote_examples
from assistant.reports.figures import find, name_kind
from assistant.reports.figures.events import Event, EventKind
from assistant.reports.figures.subjects import Subject

_MOST_EVENTS, _MOST_DANGERS = 3, 2
_MOST_NAME = 90
_QUOTES = 3
_GRAVE = (EventKind.DANGER, EventKind.LAW)
_PLEASANT = (EventKind.PRAISE, EventKind.TALK)
_ROWS = {
    "posts": "posts",
    "people": "people",
    "press": "from the press",
    "leaving": "leave, or say so",
    "replied": "got a reply",
    "waiting": "wait for a reply",
}
_OURS = ("replied", "waiting")


def write_news(material: Material) -> tuple[News, ...]:
    """What happened, how big it was, and what to do, a sentence each; that nothing did, where it was so."""
    events = material.events[:_MOST_EVENTS]
    told = [_tell_event(material, event) for event in events if event.kind not in _PLEASANT]
    told += [_tell_danger(material, event) for event in material.dangers[:_MOST_DANGERS]]
    told += [_tell_event(material, event) for event in events if event.kind in _PLEASANT]
    posts = find(material.figures, "posts")
    if not told:
        quiet = f"Nothing stood out this {name_kind(material.period)}: no event, and no danger that waits."
        told = [News(quiet)] if posts and posts.value else []
    work = _tell_work(material) if material.audience is Audience.INTERNAL else None
    subjects = _tell_subjects(material)
    return (*told, *(one for one in (work, subjects) if one))


def build_sections_of_events(material: Material) -> list[DigestSection]:
    """A section for each event, one for the dangers that still wait, and what people speak of besides."""
    events = [_build_event(material, event) for event in material.events]
    return [*events, _build_dangers(material), _build_subjects(material)]


def _tell_event(material: Material, event: Event) -> News:
    posts, people = event.count("posts"), event.count("people")
    all_posts = find(material.figures, "posts")
    whole = float(all_posts.value or 0) if all_posts and isinstance(all_posts.value, int) else 0.0
    share = f", {100 * posts / whole:.0f} % of the {name_kind(material.period)}" if whole else ""
    text = (
        f"{_name(event)}, {_tell_time(material, event)}: {_count(posts, 'post')} by {_count(people, 'person')}{share}."
    )
    text += f" “{_say(material, event.name)}”." if event.name else ""
    press, leaving = event.count("press"), event.count("leaving")
    also = [f"{press} from the press"] * bool(press) + [f"{leaving} leaving"] * bool(leaving)
    text += f" {' and '.join(also)}.".capitalize() if also else ""
    return News(text, event.figures)


def _tell_danger(material: Material, event: Event) -> News:
    people = event.count("people")
    others = f"; {_count(people, 'person')} write about it" if people > 1 else ""
    text = f"{_name(event)}, {_tell_moment(material, event.began_at)}: “{_say(material, event.name)}”{others}."
    if material.audience is Audience.INTERNAL:
        text = f"{text[:-1]}, and we haven't answered."
    return News(text, event.figures)


def _tell_work(material: Material) -> News | None:
    """What to do, in the order in which it matters."""
    steps: list[str] = []
    grave = [event for event in material.dangers if event.kind in _GRAVE]
    if grave:
        what = "danger" if grave[0].kind is EventKind.DANGER else "legal matter"
        others = " (others are below)" if len(grave) > 1 else ""
        steps.append(f"answer the {what} and hand it to who is in charge{others}")
    press = sum(event.count("press") for event in material.events)
    if press:
        steps.append(f"reply to the press ({_count(press, 'post')})")
    troubles = [event for event in material.events if event.kind not in _PLEASANT]
    waiting = sum(event.count("waiting") for event in troubles)
    if waiting:
        steps.append(
            f"say in public what happened, and reply to the {_count(waiting, 'post')} about it that still wait"
        )
    figures = tuple(figure for event in (*material.events, *material.dangers) for figure in event.figures)
    return News(f"To do: {'; '.join(steps)}.", figures) if steps else None


def _build_event(material: Material, event: Event) -> DigestSection:
    is_ours = material.audience is Audience.INTERNAL
    shown = [name for name in _ROWS if is_ours or name not in _OURS]
    found = {figure.name.partition(".")[0].removeprefix("event_"): figure for figure in event.figures}
    lines = tuple(build_line(found[name], _ROWS[name]) for name in shown if found[name].value or name == "replied")
    quotes = quote_examples(material, event.figures[0].name, _QUOTES)
    return DigestSection(
        f"{_name(event)}: “{_say(material, event.name)}”",
        lines,
        quotes=quotes,
        note=_tell_course(material, event),
        is_first=True,
    )


def _build_dangers(material: Material) -> DigestSection:
    quotes: list[Quote] = []
    for event in material.dangers:
        why = f"{_name(event)}, {_count(event.count('posts'), 'post')}"
        quotes += quote_examples(material, event.figures[0].name, 1, why)
    lines = tuple(
        build_line(event.figures[0], f"{_name(event)}: {shorten(_say(material, event.name), 60)}")
        for event in material.dangers
    )
    return DigestSection("Dangers that still wait", lines, quotes=tuple(quotes), is_first=True)


def _build_subjects(material: Material) -> DigestSection:
    """Each subject with its share, its change against the period before, and three posts."""
    all_posts = find(material.figures, "posts")
    whole = float(all_posts.value or 0) if all_posts and isinstance(all_posts.value, int) else 0.0
    lines: list[Line] = []
    quotes: list[Quote] = []
    for subject in material.subjects:
        name = _say(material, subject.name)
        line = build_line(subject.figure, f"“{name}”")
        share = f"{100 * line.value / whole:.0f} % of all posts" if whole else ""
        lines.append(replace(line, note=share))
        quotes += quote_examples(material, subject.figure.name, _QUOTES, f"“{name}”")
    return DigestSection("What people speak of besides", tuple(lines), quotes=tuple(quotes), is_first=True)


def _tell_subjects(material: Material) -> News | None:
    told = [f"“{_say(material, one.name)}” ({_count(len(one.mention_ids), 'post')})" for one in material.subjects[:3]]
    figures = tuple(subject.figure for subject in material.subjects)
    return News(f"Besides, people speak of {', '.join(told)}.", figures) if told else None


def _tell_course(material: Material, event: Event) -> str:
    """How it went on, and who spoke of it."""
    peak = event.peak_at.astimezone(material.zone)
    told = [f"{_tell_time(material, event)}, most from {peak:%H:%M} to {peak + timedelta(hours=1):%H:%M}."]
    if event.later:
        told.append(f"{_count(event.later, 'more post')} came after that.")
    networks = ", ".join(f"{name_network(network)} {number}" for network, number in event.networks[:4])
    told.append(f"Written on {networks}.")
    if event.voices and not material.is_hiding_authors:
        heard = [
            f"{voice.author} ({name_network(voice.network)}{', press' if voice.is_press else ''}"
            f"{f', {show_value(voice.followers)} followers' if voice.followers else ''})"
            for voice in event.voices
        ]
        told.append(f"Most heard: {', '.join(heard)}.")
    text = " ".join(told)
    return text[0].upper() + text[1:]


def _name(event: Event) -> str:
    places = [name_country(place) if len(place) == 2 else place for place in event.places]
    where = f"{', '.join(places[:-1])} and {places[-1]}" if len(places) > 1 else "".join(places)
    return f"{event.kind} in {where}" if where else str(event.kind)


def _say(material: Material, name: str) -> str:
    name = hide_handles(name, material.known_names) if material.is_hiding_authors else name
    return shorten(name, _MOST_NAME)


def _tell_time(material: Material, event: Event) -> str:
    began, calm = event.began_at.astimezone(material.zone), event.calm_at.astimezone(material.zone)
    if began.date() == calm.date():
        return f"{_tell_moment(material, began)} to {calm:%H:%M}"
    return f"{_tell_moment(material, began)} to {_tell_moment(material, calm)}"


def _tell_moment(material: Material, moment: datetime) -> str:
    local = moment.astimezone(material.zone)
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"


def _count(number: int, noun: str) -> str:
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{show_value(number)} {noun if number == 1 else plural}"


def list_shown(events: Sequence[Event], subjects: Sequence[Subject]) -> dict[str, tuple[str, ...]]:
    """By the figure that counts them: the posts of each event and each subject to show."""
    shown = {event.figures[0].name: event.mention_ids[:_QUOTES] for event in events}
    return shown | {subject.figure.name: subject.mention_ids[:_QUOTES] for subject in subjects}
