"""Guard 6, “world changed”: is the post, its thread and the evidence still as they were when the draft was made?

What changed between two looks at a post, its thread and its evidence, in words that show what was and what is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from assistant.core.audit import Recorder, hash_text
from assistant.domain import Draft, Mention, ThreadPost
from assistant.errors import EarshotError, ReviewError, edge
from assistant.listening.networks.base.protocol import Looks, PostNow
from assistant.replies.tables.baselines import Baseline, CitedPassage
from assistant.replies.tables.review import ReviewTables

GONE = "The post was deleted on its network."
_CONTEXT_WORDS = 4
_MOST_CHARACTERS = 160
_MOST_POSTS = 2


def compare_kept(was: Baseline, now: Baseline, thread: Sequence[ThreadPost]) -> tuple[str, ...]:
    """Compare the store with what a draft was made from; `thread` are the posts that `now` names."""
    return (*_compare_post(was.post, now.post), *_compare_thread(was, now, thread), *_compare_evidence(was, now))


def compare_seen(was: Mention, now: PostNow, known_ids: frozenset[str], since: datetime) -> tuple[str, ...]:
    """Compare the platform with the store; others' replies count when they are younger than `since`.

    Any reply of ours counts, whenever it was written: one post is answered once.
    """
    if now.mention is None:
        return (GONE,)
    unknown = [reply for reply in now.replies if reply.external_id not in known_ids]
    fresh = [reply for reply in unknown if reply.is_ours or reply.created_at > since]
    locked = ("The thread is locked: nobody can answer there any more.",) if now.is_locked else ()
    return (*_compare_post(was.text, now.mention.text), *_tell_replies(fresh), *locked)


def is_answered(now: PostNow) -> bool:
    """Return whether our own account has answered the post."""
    return any(reply.is_ours for reply in now.replies)


def show_difference(was: str, now: str) -> tuple[str, str]:
    """The parts of two texts in which they differ, with some words around them."""
    before, after = was.split(), now.split()
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    longest = min(len(before), len(after)) - start
    pairs = zip(reversed(before), reversed(after), strict=False)
    end = next((i for i, (a, b) in enumerate(pairs) if a != b or i >= longest), longest)
    return _cut(before, start, len(before) - end), _cut(after, start, len(after) - end)


def _cut(words: list[str], start: int, end: int) -> str:
    first, last = max(0, start - _CONTEXT_WORDS), min(len(words), end + _CONTEXT_WORDS)
    text = " ".join(words[first:last])
    text = f"{text[:_MOST_CHARACTERS].rstrip()}…" if len(text) > _MOST_CHARACTERS else text
    return f"{'… ' if first else ''}{text}{' …' if last < len(words) else ''}"


def _compare_post(was: str, now: str) -> Iterator[str]:
    if was.split() != now.split():
        before, after = show_difference(was, now)
        yield f"The post was edited: it said “{before}”, it says “{after}”."


def _compare_thread(was: Baseline, now: Baseline, thread: Sequence[ThreadPost]) -> Iterator[str]:
    before = {post.external_id: post.text_hash for post in was.thread}
    after = {post.external_id: post.text_hash for post in now.thread}
    yield from _tell_replies([post for post in thread if post.external_id not in before])
    for post in thread:
        if post.external_id in before and before[post.external_id] != after.get(post.external_id):
            yield f"A post of the thread was edited; it says “{_shorten(post.text)}”."
    if gone := len(before.keys() - after.keys()):
        yield f"{gone} post{'s' if gone > 1 else ''} of the thread {'are' if gone > 1 else 'is'} gone."


def _compare_evidence(was: Baseline, now: Baseline) -> Iterator[str]:
    for before, after in zip(was.evidence, now.evidence, strict=False):
        if before != after:
            yield _tell_passage(before, after)


def _tell_passage(was: CitedPassage, now: CitedPassage) -> str:
    if not now.text:
        return f"“{was.title}” no longer says: “{_shorten(was.quote)}”."
    if was.text == now.text:
        return f"“{was.title}” is called “{now.title}” now."
    before, after = show_difference(was.text, now.text)
    return f"“{was.title}” was changed: it said “{before}”, it says “{after}”."


def _tell_replies(replies: Sequence[ThreadPost]) -> Iterator[str]:
    for reply in (reply for reply in replies if reply.is_ours):
        yield f"Our own account has answered: “{_shorten(reply.text)}”."
    others = [reply for reply in replies if not reply.is_ours]
    if others:
        told = "; ".join(
            f"{reply.author or 'somebody'} wrote “{_shorten(reply.text)}”" for reply in others[-_MOST_POSTS:]
        )
        yield f"The thread has grown by {len(others)}: {told}."


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return f"{flat[:_MOST_CHARACTERS].rstrip()}…" if len(flat) > _MOST_CHARACTERS else flat


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
        raise _explain(draft, note, post)

    def retire_outdated(self, draft_id: int, now: datetime) -> bool:
        """Make a draft that waits stale where a passage that it cites was changed; returns whether it is."""
        draft = self._tables.drafts.find(draft_id)
        was = self._tables.baselines.find(draft_id)
        if was is None:
            return False
        differences = tuple(_compare_evidence(was, self._tables.baselines.read(draft.mention_id, draft.citations)))
        if differences:
            self.make_stale(draft, " ".join(dict.fromkeys(differences)), now)
        return bool(differences)

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
                f"I couldn't check the post again, so nothing is sent: {error.message}",
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


def _explain(draft: Draft, note: str, post: PostNow | None) -> ReviewError:
    message = f"Draft {draft.draft_id} is no longer up to date, and nothing is sent. {note}"
    if post is not None and post.mention is None:
        return ReviewError(message, "There is nobody to answer.")
    if post is not None and post.is_locked:
        return ReviewError(message, "No reply can be sent there.")
    return ask_for_new(message, draft.mention_id)


def ask_for_new(message: str, mention_id: str) -> ReviewError:
    """An error whose way out is a new draft."""
    return ReviewError(message, f"A new one: earshot draft {mention_id}", in_slack="“New draft” on its card makes one.")
