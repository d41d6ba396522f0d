"""Tables of review cards in Slack."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def card_states(db: Database) -> None:
    """A card that shows an older state of its draft is found by it."""
    run_script(db, "alter table cards add column shown text not null default '';")
