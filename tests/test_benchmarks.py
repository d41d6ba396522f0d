"""The benchmarks fill tables directly, so that a change of a table must not pass them by."""

from assistant.core.database import Store
from benchmarks.posts import DEFAULT_END, fill_posts


def test_made_up_weeks_fit_the_tables_with_their_analyses_and_replies(store: Store) -> None:
    fill_posts(store, DEFAULT_END, days=14, count=2_000)
    count = {name: store.rows(f"select count(*) as n from {name}")[0]["n"] for name in ("mentions", "analyses")}
    assert count == {"mentions": 2_000, "analyses": 2_000}
    assert store.rows("select 1 from replies r join drafts d using (draft_id) where d.status = 'sent'")
