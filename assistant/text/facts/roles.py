"""Roles of names and numbers: all words of a sentence may be in a text and yet be swapped."""

import re
from collections.abc import Sequence
from itertools import combinations, permutations

from assistant.text.facts.numbers import Quantity, read_figures
from assistant.text.facts.words import FUNCTION_WORDS, content_stems, stem

_SEGMENT_END = re.compile(r"[,;:.()!?](?=\s|$)|\b(?:and|but|while|whereas)\b|[—–·|]")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w&-]+(?: [A-ZÀ-ÖØ-Þ][\w&-]+)*")
_LEAST_SHARED = 0.75
_PASSIVE = re.compile(r"\bby\b")


def swaps_roles(sentence: str, nearest: Sequence[str]) -> bool:
    """Return whether names or numbers have changed places in the sentence against one of its nearest sentences."""
    text = " . ".join(nearest)
    return (
        _swaps_figures(sentence, text)
        or _swaps_names(sentence, text)
        or any(_turns_names(sentence, one) for one in nearest)
    )


def _swaps_figures(sentence: str, text: str) -> bool:
    said, meant = _lead_words(sentence), _lead_words(text)
    shared = [figure for figure in said if figure in meant]
    its_order = [figure for figure in meant if figure in said]
    for one, other in permutations(meant, 2):
        if one in shared and meant[one] and _is_led_by_another(said[one], meant[one], meant[other]):
            return True
        # `from 400 to 900`: no word of its own stands before the second.
        is_turned = one in shared and other in shared and shared.index(one) < shared.index(other)
        if is_turned and not meant[one] and its_order.index(one) > its_order.index(other):
            return True
    return False


def _is_led_by_another(said: list[str], its: list[str], others: list[str]) -> bool:
    """Whether the nearest word before the number that tells the two apart belongs to the other number."""
    telling = [word for word in reversed(said) if (word in its) != (word in others)]
    return bool(telling) and telling[0] in others


def _lead_words(text: str) -> dict[Quantity, list[str]]:
    """The words of its segment that stand before each number and after the one before it."""
    plain, placed = read_figures(text)
    leads: dict[Quantity, list[str]] = {}
    end = 0
    for one in placed:
        before = plain[end : one.start]
        leads.setdefault(one.figure, []).extend(content_stems(_SEGMENT_END.split(before)[-1]))
        end = one.end
    return leads


def _swaps_names(sentence: str, text: str) -> bool:
    """`Hanneke leads repairs` where Priya does and Hanneke leads sales."""
    meant = _companions(text)
    for name, said in _companions(sentence).items():
        its = meant.get(name, set())
        others = [words for other, words in meant.items() if its and other != name and other not in said]
        if any(said & (theirs - its) and not said & (its - theirs) for theirs in others):
            return True
    return False


def _companions(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for segment in _SEGMENT_END.split(text):
        words = set(content_stems(segment))
        for name in _names(segment):
            found.setdefault(name, set()).update(words - {name})
    return found


def _turns_names(sentence: str, nearest: str) -> bool:
    """`Bosch pays Larkspur` for `Larkspur pays Bosch`; a passive turns them round rightly."""
    said_words, its_words = set(content_stems(sentence)), set(content_stems(nearest))
    is_edit = len(said_words & its_words) >= _LEAST_SHARED * max(len(said_words), len(its_words))
    if not is_edit or bool(_PASSIVE.search(sentence)) != bool(_PASSIVE.search(nearest)):
        return False
    meant = _names(nearest)
    said = [name for name in _names(sentence) if name in meant]
    return any(meant.index(one) > meant.index(other) for one, other in combinations(said, 2))


def _names(text: str) -> list[str]:
    """The first word of every run of words with a capital, in order."""
    runs = [[word for word in run.lower().split() if word not in FUNCTION_WORDS] for run in _NAME.findall(text)]
    return list(dict.fromkeys(stem(run[0]) for run in runs if run))
