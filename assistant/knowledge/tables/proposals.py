"""Tables of who a question was handed to, and of the documents that colleagues' replies propose."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.core.database import Row, Store, to_text, to_time
from assistant.errors import InputError

_WRITTEN = "gap:"


class ProposalStatus(StrEnum):
    """The outcome of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


class ProposalKind(StrEnum):
    """`answer`: a colleague's reply that may become a document. `fix`: a document said something wrong."""

    ANSWER = "answer"
    FIX = "fix"


@dataclass(frozen=True)
class OwnerRequest:
    """A question that its asker handed to the owner of a document.

    The owner is asked, and replies, in `channel` and `thread_ts`; the answer that did not help stands in the others.
    """

    question_key: str
    question: str
    asked_by: str
    owner: str
    channel: str
    thread_ts: str
    answer_channel: str
    answer_thread_ts: str


@dataclass(frozen=True)
class Proposal:
    """An owner's reply to a question; it becomes a document only once a person accepts it.

    A fix says that `passage` of the document `document_id` is wrong: `text` are the words that `author` put in its
    place when they edited the draft `draft_id`, and `owner` is the document's; of an answer it is who was
    asked. `document` is the file that came of it.
    """

    proposal_id: int
    question: str
    text: str
    author: str
    author_name: str
    status: ProposalStatus
    proposed_at: datetime
    document: str | None
    kind: ProposalKind = ProposalKind.ANSWER
    document_id: str = ""
    owner: str = ""
    passage: str = ""
    draft_id: int | None = None
    decided_by: str = ""
    url: str = ""
    question_key: str = ""
    decided_at: datetime | None = None
    title: str = ""
    edited_by: str = ""
    message_ts: str = ""


def name_written(asked: str, form: str) -> str:
    """The key of an answer that was missing and came with this form; `asked` are the numbers of what lacked it."""
    return f"{_WRITTEN}{asked},#{form}"


class ProposalTables:
    """Reads and writes requests to owners and proposals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_request(self, request: OwnerRequest, now: datetime) -> None:
        """Keep who a question was handed to, once."""
        self._store.change(
            "insert or ignore into owner_requests values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            request.question_key,
            request.question,
            request.asked_by,
            request.owner,
            request.channel,
            request.thread_ts,
            request.answer_channel,
            request.answer_thread_ts,
            to_text(now),
        )

    def find_request(self, channel: str, thread_ts: str, owner: str) -> OwnerRequest | None:
        """Find the last request to somebody in a thread."""
        row = self._store.row(
            "select * from owner_requests where channel = ? and thread_ts = ? and owner = ? order by asked_at desc",
            channel,
            thread_ts,
            owner,
        )
        return OwnerRequest(**{name: row[name] for name in row if name != "asked_at"}) if row else None

    def propose(
        self,
        request: OwnerRequest,
        text: str,
        author_name: str,
        message_ts: str,
        now: datetime,
        url: str = "",
        title: str = "",
    ) -> Proposal | None:
        """Keep a reply, or add it to the open proposal of the same question; the same message again changes nothing.

        None once the proposal is decided. `url` leads to the thread that it was said in.
        """
        self._store.change(
            "insert into proposals (question_key, question, text, author, author_name, message_ts, status, proposed_at,"
            " url, title) values (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?) on conflict (question_key) do update set"
            " text = text || char(10) || char(10) || excluded.text,"
            " message_ts = message_ts || ' ' || excluded.message_ts"
            " where status = 'open' and instr(message_ts, excluded.message_ts) = 0",
            request.question_key,
            request.question,
            text,
            request.owner,
            author_name,
            message_ts,
            to_text(now),
            url,
            title,
        )
        row = self._store.row("select * from proposals where question_key = ?", request.question_key)
        return _to_proposal(row) if row and row["status"] == ProposalStatus.OPEN else None

    def propose_fix(self, fix: Proposal, place: int) -> None:
        """Keep a fix, or its newest words; `place` counts those of one draft. Once it is decided nothing changes."""
        self._store.change(
            "insert into proposals (question_key, question, text, author, author_name, message_ts, status, proposed_at,"
            " kind, document_id, owner, passage, draft_id) values (?, ?, ?, ?, ?, '', 'open', ?, 'fix', ?, ?, ?, ?)"
            " on conflict (question_key) do update set text = excluded.text, passage = excluded.passage"
            " where status = 'open'",
            f"fix:{fix.draft_id}:{place}",
            fix.question,
            fix.text,
            fix.author,
            fix.author_name,
            to_text(fix.proposed_at),
            fix.document_id,
            fix.owner,
            fix.passage,
            fix.draft_id,
        )

    def edit(self, proposal_id: int, question: str, text: str, title: str, edited_by: str) -> bool:
        """Put other words in the place of an open answer's; False when it is decided already."""
        sql = """update proposals set question = ?, text = ?, title = ?, edited_by = ?
            where proposal_id = ? and status = 'open' and kind = 'answer'"""
        return bool(self._store.change(sql, question, text, title, edited_by, proposal_id))

    def assign(self, proposal_id: int, owner: str) -> None:
        """Note whose word an answer waits for."""
        self._store.change("update proposals set owner = ? where proposal_id = ?", owner, proposal_id)

    def list_open(self) -> list[Proposal]:
        """The proposals that wait for somebody, oldest first."""
        return [_to_proposal(r) for r in self._store.rows("select * from proposals where status = 'open' order by 1")]

    def list_written(self) -> frozenset[int]:
        """The numbers of questions for which an answer was written that waits for somebody's word."""
        keys = (one.question_key for one in self.list_open() if one.question_key.startswith(_WRITTEN))
        return frozenset(int(part) for key in keys for part in key.removeprefix(_WRITTEN).split(",") if part.isdigit())

    def list_answers(self) -> list[Proposal]:
        """Every proposed answer, also those that are decided."""
        return [_to_proposal(r) for r in self._store.rows("select * from proposals where kind = 'answer' order by 1")]

    def find(self, proposal_id: int) -> Proposal:
        """One proposal. Raises InputError for a number that is none."""
        row = self._store.row("select * from proposals where proposal_id = ?", proposal_id)
        if row is None:
            raise InputError(f"There is no proposal {proposal_id}.", "earshot proposals list shows them.", in_slack="")
        return _to_proposal(row)

    def decide(
        self, proposal_id: int, status: ProposalStatus, document: str | None, now: datetime, decided_by: str = ""
    ) -> bool:
        """Accept or drop an open proposal; False when it is decided already."""
        sql = """update proposals set status = ?, document = ?, decided_at = ?, decided_by = ?
            where proposal_id = ? and status = 'open'"""
        return bool(self._store.change(sql, status, document, to_text(now), decided_by, proposal_id))

    def withdraw(self, message_ts: str, now: datetime) -> None:
        """Its author deleted the reply: an open proposal made of it is dropped."""
        sql = "update proposals set status = 'dropped', decided_at = ? where status = 'open' and instr(message_ts, ?)"
        self._store.change(sql, to_text(now), message_ts)


def _to_proposal(row: Row) -> Proposal:
    names = (
        *("proposal_id", "question", "text", "author", "author_name", "document"),
        *("document_id", "owner", "passage", "draft_id", "decided_by", "url", "question_key"),
        *("title", "edited_by", "message_ts"),
    )
    return Proposal(
        **{name: row[name] for name in names},
        status=ProposalStatus(row["status"]),
        proposed_at=to_time(row["proposed_at"]),
        kind=ProposalKind(row["kind"]),
    )
