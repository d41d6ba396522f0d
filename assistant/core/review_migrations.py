"""Tables of decisions: approvals, claims, edits, freezes, what a draft was made from, and the audit."""

from sqlite_utils import Database

from assistant.core.migrating import run_script


def review(db: Database) -> None:
    """What people decide, and what it rests on."""
    run_script(
        db,
        """
        create table approvals (
            id integer primary key autoincrement,
            draft_id integer not null references drafts(draft_id) on delete cascade,
            content_hash text not null,
            approved_by text not null,
            approved_at text not null,
            expires_at text not null,
            second_by text not null default '',
            overruled text not null default '[]',
            overruled_because text not null default '',
            is_by_second_approver integer not null,
            is_complete integer not null,
            ended_at text
        );
        -- One approval of a draft counts at a time; those that were withdrawn or ran out stay to be read.
        create unique index approvals_live on approvals(draft_id) where ended_at is null;
        create table claims (
            draft_id integer primary key references drafts(draft_id) on delete cascade,
            claimed_by text not null,
            claimed_at text not null,
            expires_at text not null
        );
        -- Distances run from 0 (the same) to 1 (nothing is left).
        create table edits (
            id integer primary key autoincrement,
            draft_id integer not null references drafts(draft_id) on delete cascade,
            edited_by text not null,
            edited_at text not null,
            before text not null,
            after text not null,
            character_distance real not null,
            word_distance real not null
        );
        create index edits_draft on edits(draft_id);
        -- The post, its thread and the cited passages as they were when the draft was made.
        create table baselines (
            draft_id integer primary key references drafts(draft_id) on delete cascade,
            post text not null,
            thread text not null,
            evidence text not null
        );
        create table not_ours (
            mention_id text primary key references mentions(mention_id) on delete cascade,
            decided_by text not null,
            decided_at text not null,
            reason text not null
        );
        -- Posts that our own account answered without Earshot.
        create table answered (
            mention_id text primary key references mentions(mention_id) on delete cascade,
            noticed_at text not null
        );
        create table freezes (
            id integer primary key autoincrement,
            frozen_by text not null,
            frozen_at text not null,
            reason text not null,
            first_lift_by text not null default '',
            first_lift_at text,
            lifted_by text not null default '',
            lifted_at text
        );
        create unique index freezes_on on freezes(coalesce(lifted_at, '')) where lifted_at is null;
        """,
    )


def audit(db: Database) -> None:
    """Rows that can only be added, each with the hash of the one before it; the head tells where the last one is."""
    run_script(
        db,
        """
        create table audit (
            number integer primary key,
            at text not null,
            who text not null,
            action text not null,
            subject text not null,
            details text not null,
            previous_hash text not null,
            hash text not null
        );
        create index audit_action on audit(action, number);
        create table audit_head (id integer primary key check (id = 1), number integer not null, hash text not null);
        insert into audit_head values (1, 0, '');
        create trigger audit_no_update before update on audit
            begin select raise(abort, 'the audit is append-only'); end;
        create trigger audit_no_delete before delete on audit
            begin select raise(abort, 'the audit is append-only'); end;
        -- `insert or replace` would delete a row without the trigger above: a number is given once, the next one only.
        create trigger audit_next before insert on audit when
            (new.number, new.previous_hash) is not (select number + 1, hash from audit_head)
            begin select raise(abort, 'the audit is append-only'); end;
        create trigger audit_moves_head after insert on audit
            begin update audit_head set number = new.number, hash = new.hash; end;
        create trigger audit_head_stays before delete on audit_head
            begin select raise(abort, 'the audit is append-only'); end;
        create trigger audit_head_rises before update on audit_head when new.number <> old.number + 1
            begin select raise(abort, 'the audit is append-only'); end;
        """,
    )
