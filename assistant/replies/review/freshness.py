"""Guard 6, “world changed”: is the post, its thread and the evidence still as they were when the draft was made?"""

from collections.abc import Mapping
from datetime import datetime

from assistant.core.audit import hash_text
from assistant.core.recording import Recorder
from assistant.domain import Draft, Mention
from assistant.edge import edge
from assistant.errors import EarshotError, ReviewError
from assistant.listening.networks.base.protocol import Looks, PostNow
from assistant.replies.review.differences import compare_kept, compare_seen, is_answered
from assistant.replies.tables.review import ReviewTables


class Freshness:
    """Looks at the platform where it can be looked at, and at the store everywhere."""

    def __init__(self, tables: ReviewTables, looks: Mapping[str, Looks], recorder: Recorder) -> None:
        self._tables = tables
        self._looks = looks
        self._recorder = recorder

    def refuse_changed(self, draft: Draft, mention: Mention, now: datetime, who: str = "") -> None:
        """Raises ReviewError when the world changed, and the draft is stale then; also when nobody can tell.

        Then nothing is changed, and it can be tried again.
        """
        post = self._look(mention)
        differences = (*self._compare_kept(draft), *self._compare_seen(draft, mention, post))
        if not differences:
            return
        note = " ".join(dict.fromkeys(differences))
        self.make_stale(draft, note, now, who)
        if post is not None:
            self._take_in(mention, post, now)
        raise _explain(draft, note, is_gone=post is not None and post.mention is None)

    def make_stale(self, draft: Draft, note: str, now: datetime, who: str = "") -> None:
        """The draft is no longer wanted; `note` says why."""
        tables = self._tables
        with tables.transaction():
            if tables.drafts.make_stale(draft.draft_id, note, now):
                tables.approvals.end(draft.draft_id, now)
                tables.claims.end(draft.draft_id)
                self._recorder.record_draft(now, who, "stale", draft.draft_id, note_hash=hash_text(note))

    def _look(self, mention: Mention) -> PostNow | None:
        looks = self._looks.get(mention.network)
        if looks is None:
            return None
        try:
            with edge(f"looking at {mention.mention_id} again"):
                return looks.look(mention)
        except EarshotError as error:
            raise ReviewError(
                f"The post could not be looked at again, so nothing is sent: {error.message}",
                f"Nothing was changed; try again in a while. {error.hint}".strip(),
            ) from error

    def _compare_kept(self, draft: Draft) -> tuple[str, ...]:
        was = self._tables.baselines.find(draft.draft_id)
        if was is None:
            return ()
        now = self._tables.baselines.read(draft.mention_id, draft.citations)
        return compare_kept(was, now, self._tables.baselines.thread(draft.mention_id))

    def _compare_seen(self, draft: Draft, mention: Mention, post: PostNow | None) -> tuple[str, ...]:
        if post is None:
            return ()
        known = frozenset(known.external_id for known in self._tables.baselines.thread(draft.mention_id))
        return compare_seen(mention, post, known, draft.created_at)

    def _take_in(self, mention: Mention, post: PostNow, now: datetime) -> None:
        """What was seen is kept, so that the next draft is made from it."""
        if post.mention is None:
            self._tables.upstream.remove([mention.mention_id], now)
        else:
            self._tables.upstream.keep([post.mention], now)
            if is_answered(post):
                self._tables.decisions.note_answered(mention.mention_id, now)


def _explain(draft: Draft, note: str, is_gone: bool) -> ReviewError:
    hint = "There is nobody to answer." if is_gone else f"A new draft: earshot draft {draft.mention_id}"
    return ReviewError(f"Draft {draft.draft_id} is no longer up to date, and nothing is sent. {note}", hint)
