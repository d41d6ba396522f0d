"""The shape of what is kept about the vectors of mentions."""

from sqlite_utils import Database

_TABLE = """
create table mention_vectors (
    number integer primary key autoincrement,
    mention_id text not null unique,
    month text not null,
    is_kept integer not null default 0,
    is_outdated integer not null default 0
)
"""
# Triggers, so that no way to change or remove a post can forget its vector.
_EDITED = """
create trigger mention_vectors_edited after update of text on mentions when old.text <> new.text begin
    update mention_vectors set is_outdated = 1, is_kept = 0 where mention_id = new.mention_id;
end
"""
_DELETED = """
create trigger mention_vectors_deleted after delete on mentions begin
    update mention_vectors set is_outdated = 1, is_kept = 0 where mention_id = old.mention_id;
end
"""


def mention_vectors(db: Database) -> None:
    """Numbers for the vectors of mentions; `month` names the collection that holds them."""
    for statement in (
        _TABLE,
        "create index mention_vectors_month on mention_vectors(month)",
        "create index mention_vectors_outdated on mention_vectors(number) where is_outdated",
        _EDITED,
        _DELETED,
    ):
        db.execute(statement)
