"""Indexes by which what hangs on a post is found quickly when the post goes."""

from sqlite_utils import Database


def forgetting(db: Database) -> None:
    """Without them, each removed post would read all drafts and all that discovered topics hold."""
    db.execute("create index drafts_mention on drafts(mention_id)")
    db.execute("create index discovered_posts_mention on discovered_posts(mention_id)")
    db.execute("create index replies_mention on replies(mention_id)")
