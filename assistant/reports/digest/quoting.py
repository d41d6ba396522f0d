"""Posts as quotes, and without the people who wrote them where they are to stay unnamed."""

import html
from dataclasses import replace

from assistant.domain import Mention
from assistant.reports.digest.names import hide_handles, name_network
from assistant.reports.digest.types import Material, Quote


def quote(material: Material, post: Mention, why: str = "") -> Quote:
    """A post to show. A link or an id leads to its author too: where authors stay unnamed there is none."""
    made = quote_post(post, material.is_hiding_authors, material.known_names, why)
    return replace(made, created_at=post.created_at.astimezone(material.zone))


def quote_post(post: Mention, is_hiding_authors: bool, known_names: tuple[str, ...], why: str = "") -> Quote:
    """A post to show; the handles of `known_names`, the company's and its competitors', are never hidden."""
    hidden, text = is_hiding_authors, html.unescape(post.text)  # exports of some networks write `&amp;`
    return Quote(
        mention_id="" if hidden else post.mention_id,
        text=hide_handles(text, known_names) if hidden else text,
        author="" if hidden else post.author,
        network=name_network(post.network),
        created_at=post.created_at,
        url=None if hidden else post.url,
        why=why,
    )


def quote_examples(material: Material, name: str, most: int, why: str = "") -> tuple[Quote, ...]:
    """Posts that show a figure."""
    return tuple(quote(material, post, why) for post in material.examples.get(name, ())[:most])
