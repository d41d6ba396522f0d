"""Mentions in the store to analysed and sorted ones: those that nobody has looked at yet."""

from collections.abc import Callable
from datetime import datetime

from assistant.analyse.analysing import Analyser
from assistant.store.mentions import MentionTables
from assistant.triage import triage

_BATCH = 500


def sort_new_mentions(
    mentions: MentionTables, analyser: Analyser, now: datetime, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Analyse and triage what is new, batch by batch; returns how many. Stopped midway, it goes on where it was."""
    done = 0
    while batch := mentions.without_analysis(_BATCH):
        found = [(analysis, triage(mention, analysis)) for mention in batch for analysis in [analyser.analyse(mention)]]
        mentions.add_analyses(found, now)
        done += len(batch)
        progress(done)
    return done
