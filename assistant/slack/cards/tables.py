"""Tables of the cards in Slack, and the state of its draft that each shows."""

from datetime import datetime, timedelta

from assistant.core.database import Row, Store, to_text
from assistant.listening.tables.posts import URGENT_FIRST

# All that a card shows and that can change: compared as one text, so that whoever changes it, and wherever, need not
# tell the cards. Claims and approvals that run out change it too.
_STATE = """select d.draft_id, d.status || ' ' || d.changed_at || ' ' || d.version
    || ' claim ' || coalesce((select c.claimed_by || c.expires_at from claims c
        where c.draft_id = d.draft_id and c.expires_at > :now), '')
    || ' approval ' || coalesce((select max(a.id) from approvals a
        where a.draft_id = d.draft_id and a.ended_at is null and a.expires_at > :now), '')
    || ' reply ' || coalesce((select r.sent_at || coalesce(r.deleted_at, '') from replies r
        where r.draft_id = d.draft_id), '')
    || ' freeze ' || coalesce((select f.id || f.first_lift_by from freezes f
        where f.lifted_at is null and d.status in ('pending', 'approved')), '')
    || ' answers ' || coalesce((select count(*) || max(coalesce(t.edited_at, t.collected_at)) from mentions t
        where t.network = m.network and t.in_reply_to = m.external_id and t.removed_at is null), '')
    || ' thread ' || (select count(*) from mentions t where t.network = m.network
        and t.conversation_id = m.conversation_id and t.removed_at is null)
    || ' parent ' || coalesce((select coalesce(t.edited_at, '') || coalesce(t.removed_at, '') from mentions t
        where t.network = m.network and t.external_id = m.in_reply_to), '')
    || (select count(*) from parent_posts p where p.network = m.network and p.external_id = m.in_reply_to)
    || ' post ' || coalesce(m.edited_at, '') || coalesce(m.removed_at, '')
    || ' analysis ' || coalesce((select n.analysed_at from analyses n where n.mention_id = d.mention_id), '') as state
    from drafts d join mentions m on m.mention_id = d.mention_id"""
_LIVE = "('pending', 'approved', 'sending', 'unknown')"
_WATCHED = timedelta(days=2)  # a draft that ended longer ago changes no more, and there are thousands of them


class CardTables:
    """Reads and writes the places of cards."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, draft_id: int) -> Row | None:
        """Channel and ts of the draft's card."""
        return self._store.row("select channel, ts from cards where draft_id = ?", draft_id)

    def add(self, draft_id: int, channel: str, ts: str, shown: str = "") -> None:
        """Remember where the draft's card is, and the state that it shows."""
        self._store.change("insert or replace into cards values (?, ?, ?, ?)", draft_id, channel, ts, shown)

    def read_state(self, draft_id: int, now: datetime) -> str:
        """The state of a draft, to be kept as shown once its card shows it; read it before what is shown."""
        rows = self._store.named_rows(
            f"{_STATE} where d.draft_id = :draft_id", {"draft_id": draft_id, "now": to_text(now)}
        )
        return str(rows[0]["state"]) if rows else ""

    def note_shown(self, draft_id: int, shown: str) -> None:
        """The draft's card shows this state."""
        self._store.change("update cards set shown = ? where draft_id = ?", shown, draft_id)

    def outdated(self, now: datetime) -> list[int]:
        """Drafts that live, or ended lately, whose card shows another state than theirs; oldest first."""
        rows = self._store.named_rows(
            f"""select s.draft_id from ({_STATE} where d.draft_id in (select draft_id from cards)
                and (d.status in {_LIVE} or d.changed_at > :since)
            ) s join cards c on c.draft_id = s.draft_id where c.shown <> s.state order by 1""",
            {"now": to_text(now), "since": to_text(now - _WATCHED)},
        )
        return [row["draft_id"] for row in rows]

    def of_removed(self) -> list[int]:
        """Drafts whose card still shows a post that was removed, and that nothing more will happen to."""
        rows = self._store.rows(
            """select c.draft_id from cards c join drafts d on d.draft_id = c.draft_id
            join mentions m on m.mention_id = d.mention_id where m.removed_at is not null
            and d.status in ('sent', 'rejected', 'stale', 'blocked', 'failed', 'deleted') order by 1"""
        )
        return [row["draft_id"] for row in rows]

    def forget(self, draft_id: int) -> None:
        """The draft's card shows nothing any more that could change."""
        self._store.change("delete from cards where draft_id = ?", draft_id)

    def missing(self) -> list[int]:
        """Pending drafts that no card shows yet, in the order in which App Home lists them."""
        rows = self._store.rows(
            f"""select d.draft_id from drafts d join mentions m on m.mention_id = d.mention_id
            left join findings urgency on urgency.mention_id = d.mention_id and urgency.about = 'urgency'
            where d.status = 'pending' and d.draft_id not in (select draft_id from cards)
            order by {URGENT_FIRST}, d.draft_id"""
        )
        return [row["draft_id"] for row in rows]
