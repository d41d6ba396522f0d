"""The shape of what is kept about the terms of mentions, by which posts are counted."""

from sqlite_utils import Database

_TABLE = """
create table mention_terms (
    number integer primary key,
    mention_id text not null unique,
    terms text
)
"""
# Only the terms are looked up: each is one word of the ascii tokenizer, which takes every other letter as it is.
_INDEX = """
create virtual table mention_terms_index using fts5(
    terms, content = 'mention_terms', content_rowid = 'number', tokenize = 'ascii', detail = none, columnsize = 0
)
"""
# Triggers, so that no way to add, change or remove a post can forget its terms. SQL cannot stem: terms that are null
# are filled in before the next count.
_ADDED = """
create trigger mention_terms_added after insert on mentions begin
    insert into mention_terms (mention_id) values (new.mention_id);
end
"""
_EDITED = """
create trigger mention_terms_edited after update of text on mentions when old.text <> new.text begin
    update mention_terms set terms = null where mention_id = new.mention_id;
end
"""
_DELETED = """
create trigger mention_terms_deleted after delete on mentions begin
    delete from mention_terms where mention_id = old.mention_id;
end
"""
_FILLED = """
create trigger mention_terms_filled after update of terms on mention_terms when new.terms is not null begin
    insert into mention_terms_index (rowid, terms) values (new.number, new.terms);
end
"""
_EMPTIED = """
create trigger mention_terms_emptied before update of terms on mention_terms when old.terms is not null begin
    insert into mention_terms_index (mention_terms_index, rowid, terms) values ('delete', old.number, old.terms);
end
"""
_DROPPED = """
create trigger mention_terms_dropped before delete on mention_terms when old.terms is not null begin
    insert into mention_terms_index (mention_terms_index, rowid, terms) values ('delete', old.number, old.terms);
end
"""


def mention_terms(db: Database) -> None:
    """The terms of every post, and an index to find posts by them; those of known posts are still to be filled in."""
    for statement in (
        _TABLE,
        "create index mention_terms_missing on mention_terms(number) where terms is null",
        _INDEX,
        *(_ADDED, _EDITED, _DELETED, _FILLED, _EMPTIED, _DROPPED),
        "insert into mention_terms (mention_id) select mention_id from mentions",
    ):
        db.execute(statement)
