"""Runs the statements of a migration."""

from sqlite_utils import Database


def run_script(db: Database, script: str) -> None:
    """Statement by statement: `executescript` would commit the migration's own transaction before it begins."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
