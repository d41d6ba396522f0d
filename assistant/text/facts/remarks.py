"""What a model says beside its answer: a question back, or what it could not answer."""

from collections.abc import Iterable

from assistant.text.facts.links import find_addresses, without_addresses
from assistant.text.facts.matching import find_figures, has_figures, has_names
from assistant.text.sentences import split_sentences

_MOST_CHARACTERS = 200
_MARKUP = frozenset("<>[]*`|")


def keep_remark(text: str, given: Iterable[str], is_question: bool = False) -> str:
    """The remark on one line; nothing when it is long, more than a sentence, or states a fact that was not given."""
    flat = " ".join(text.split())
    if len(flat) > _MOST_CHARACTERS or len(split_sentences(flat)) != 1 or _MARKUP & set(flat):
        return ""
    if is_question and not (flat.endswith("?") and flat.count("?") == 1):
        return ""
    known = "\n".join(given)
    rest = without_addresses(flat)
    # `A monthly or a yearly plan?` may be asked: only what has digits is invented.
    figures = {figure for figure in find_figures(rest) if figure.value.strip("-") and figure.unit != "word"}
    is_given = find_addresses(flat) <= find_addresses(known) and has_figures(known, figures) and has_names(known, rest)
    return flat if is_given else ""
