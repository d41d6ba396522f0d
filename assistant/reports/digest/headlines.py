"""The sentences that are read first: templates over the figures, every number a figure's."""

from assistant.domain import Audience, Figure, ScopeKind
from assistant.reports.digest.names import name_networks, name_scope, show_value
from assistant.reports.digest.types import Material
from assistant.reports.figures import find, group, label_of, name_kind, value
from assistant.reports.figures.coverage import Outage

NOBODY = "No posts found for this {kind}."


def write_headlines(material: Material) -> tuple[str, ...]:
    """Three sentences: what was said, what moved or is most spoken of, what we answered."""
    kind = name_kind(material.period)
    told = [_tell_posts(material, kind), _tell_subject(material.figures, kind)]
    if not value(material.figures, "posts"):
        told = [NOBODY.format(kind=kind)]
    if material.audience is Audience.INTERNAL:
        told.append(_tell_replies(material.figures, kind))
    return tuple(told)


def tell_coverage(material: Material) -> tuple[str, ...]:
    """What was heard and what was not, a sentence each; a last one says what cannot be compared with before."""
    hearing, kind = material.hearing, name_kind(material.period)
    named = _name_all(material)
    names = ", ".join(named[network] for network in hearing.networks)
    sentences = _tell_scope(material)
    sentences += [f"Heard: {names}." if names else "No network was heard."]
    sentences += [_tell_outage(outage, named[outage.network]) for outage in hearing.outages]
    # The present state is told of a period that it belongs to.
    for coverage in material.coverages:
        if coverage.failed_since and coverage.failure and coverage.failed_since < material.period.end_at:
            sentences.append(f"{named[coverage.network]} still cannot be read: {coverage.failure}")
    if hearing.removed:
        sentences.append(f"{_count(hearing.removed, 'post was', 'posts were')} deleted since and count no more.")
    if not hearing.is_over:
        sentences.append(f"The {kind} is not over: nothing is compared with the one before.")
    elif not hearing.comparable and hearing.networks:
        sentences.append(f"Nothing is compared with the {kind} before: no network was heard in both alike.")
    elif hearing.not_comparable:
        names = ", ".join(named[network] for network in hearing.not_comparable)
        sentences.append(f"Changes leave {names} out, which was not heard alike in the {kind} before.")
    return tuple(sentences)


def _tell_scope(material: Material) -> list[str]:
    """Whose posts count, and what is left out for it."""
    scope = material.scope
    if scope.kind is None:
        return []
    missing = ["topics discovered in the posts"]
    if material.audience is Audience.INTERNAL:
        missing = ["our aims", "what colleagues asked", "what it cost", "how far we have come", *missing]
    if scope.kind is not ScopeKind.NETWORK:
        missing.append("posts deleted since")
    if scope.kind is ScopeKind.BRAND:
        missing.append("share of voice")
    whose = {ScopeKind.TOPIC: "about the", ScopeKind.BRAND: "that name the"}.get(scope.kind, "from")
    listed = f"{', '.join(missing[:-1])} and {missing[-1]}"
    told = f"Only posts {whose} {name_scope(scope)} count here."
    if not material.is_scope_known:
        told += " No post that was kept is one of them: perhaps the name is written in another way."
    return [told, f"Left out, for it cannot be told apart: {listed}."]


def _name_all(material: Material) -> dict[str, str]:
    """Every network of the hearing, feeds of one host told apart."""
    hearing = material.hearing
    told = (*hearing.networks, *hearing.not_comparable, *(outage.network for outage in hearing.outages))
    return name_networks(list(dict.fromkeys((*told, *(coverage.network for coverage in material.coverages)))))


def _tell_outage(outage: Outage, name: str) -> str:
    span = f"{outage.began_at:%a %d %b %H:%M} to {outage.ended_at:%a %d %b %H:%M} UTC"
    lasted = "less than an hour" if outage.hours < 1 else f"{outage.hours:g} hour{'s' if outage.hours != 1 else ''}"
    if outage.kind == "down":
        return f"{name} could not be read for {lasted} ({span})."
    return f"{name} had more posts than were read for {lasted} ({span})."


def _tell_posts(material: Material, kind: str) -> str:
    figures = material.figures
    posts, change = find(figures, "posts"), find(figures, "posts_change")
    authors = value(figures, "authors")
    source = f" from {_count(authors, 'author')}" if isinstance(authors, int) and authors else ""
    sentence = f"{_count(posts.value if posts else 0, 'post')}{source}"
    if change and isinstance(change.value, int | float):
        more = "more" if change.value > 0 else "fewer"
        # A share of the comparable networks only must not be read as one of all.
        where = " where both can be compared" if material.hearing.not_comparable else ""
        steady = f", as many as the {kind} before"
        moved = f", {show_value(abs(change.value), 'percent')} {more} than the {kind} before"
        sentence += (moved if change.value else steady) + where
    shares = [
        f"{show_value(value(figures, f'{feeling}_share'), 'percent')} {feeling}" for feeling in ("negative", "positive")
    ]
    return f"{sentence}: {' and '.join(shares)}." if value(figures, "negative_share") is not None else f"{sentence}."


def _tell_subject(figures: tuple[Figure, ...], kind: str) -> str:
    for move in ("new", "rising", "falling"):
        for figure in group(figures, f"topics_{move}")[:1]:
            verb = {"new": "came up", "rising": "rose most", "falling": "fell most"}[move]
            posts = f"{_count(figure.value, 'post')}, {show_value(figure.before)} the {kind} before"
            return f"“{label_of(figure)}” {verb}: {posts}."
    for name, what in (("posts_by_topic", "Most spoken of"), ("discovered_topics", "Most spoken of")):
        for figure in group(figures, name)[:1]:
            return f"{what}: {label_of(figure)}, in {_count(figure.value, 'post')}."
    words = [label_of(figure) for figure in group(figures, "topic_words")[:3]]
    return f"Most used words: {', '.join(words)}." if words else "No topic stands out."


def _tell_replies(figures: tuple[Figure, ...], kind: str) -> str:
    wanting, share = value(figures, "posts_by_triage.reply"), value(figures, "answered_share")
    replies, hours = value(figures, "replies"), value(figures, "calendar_hours_to_reply")
    asked = "None of them needs a reply" if value(figures, "posts") else ""
    if wanting:
        verb = "post needs" if wanting == 1 else "posts need"
        asked = f"{show_value(wanting)} {verb} a reply, {show_value(share, 'percent')} got one"
    if not replies:
        sent = f"no reply was sent this {kind}"
    elif replies == 1:
        sent = f"1 reply was sent, {show_value(hours)} hours after the post"
    else:
        sent = f"{show_value(replies)} replies were sent, half of them within {show_value(hours)} hours"
    text = f"{asked}; {sent}." if asked else f"{sent}."
    return text[0].upper() + text[1:]


def _count(number: object, noun: str, plural: str = "") -> str:
    return f"{show_value(number)} {noun if number == 1 else plural or noun + 's'}"
