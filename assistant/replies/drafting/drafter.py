"""Drafts that are kept: one live draft a post, its versions, and what a person asks to be changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from assistant.domain import Draft, DraftStatus, Mention, Support
from assistant.errors import InputError, ReviewError
from assistant.listening.tables.posts import AddressTables, MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.replies.drafting.case import Wish
from assistant.replies.drafting.composer import Composer
from assistant.replies.tables.drafts import DraftTables, DraftVersion, VersionTables

PASTED = "pasted"
_DRAFT_IT_ANYWAY = "reply anyway"
_PASTE = 'Paste the text instead: earshot draft --text "…"'


class Drafter:
    """Drafts replies to kept mentions, to pasted texts and to addresses of posts."""

    def __init__(
        self,
        proposing: Composer,
        mentions: MentionTables,
        drafts: DraftTables,
        versions: VersionTables,
        threads: ThreadTables,
        addresses: AddressTables,
        read_post: Callable[[str], Mention | None],
    ) -> None:
        self._proposing = proposing
        self._mentions = mentions
        self._drafts = drafts
        self._versions = versions
        self._threads = threads
        self._addresses = addresses
        self._read_post = read_post

    def draft_mention(self, mention_id: str, now: datetime) -> Draft:
        """Draft a reply to a kept mention; its live draft when it has one. Raises InputError for an unknown id."""
        mention = self._mentions.find(mention_id)
        live = self._drafts.live_draft_id(mention.mention_id)
        if live is not None:
            return self._drafts.find(live)
        if mention.removed_at:
            raise InputError(f"The post {mention.mention_id} was deleted on its network.", "There is nobody to answer.")
        made = self._proposing.propose(mention, now, self._threads.thread(mention.mention_id))
        return self._drafts.find(self._drafts.add(made))

    def draft_text(
        self, text: str, now: datetime, network: str = "file", lang: str | None = None, post_id: str = "text"
    ) -> Draft:
        """A draft for any pasted post, which is not kept. Raises InputError for a post without words."""
        kind = network.strip().lower() or "file"
        return self._proposing.propose(Mention(f"{kind}:{post_id}", kind, post_id, "", text, now, lang), now)

    def draft_pasted(self, text: str, post_id: str, now: datetime) -> Draft:
        """A kept draft for a post that somebody pasted; the same `post_id` again is the same post.

        The post is kept as one of the network `pasted`, which nothing can be sent to: a person posts the reply.
        Raises InputError for a post without words.
        """
        mention = Mention(f"{PASTED}:{post_id}", PASTED, post_id, "", text.strip(), now)
        live = self._drafts.live_draft_id(mention.mention_id)
        if live is None:
            made = self._proposing.propose(mention, now)
            self._mentions.add([mention], now)
            live = self._drafts.add(made)
        return self._drafts.find(live)

    def draft_address(self, address: str, now: datetime) -> Draft:
        """Draft a reply to the post at an address: a kept mention, or one that its network shows us now.

        Raises InputError that asks for the text where neither is there.
        """
        known = self._addresses.find(address)
        if known:
            return self.draft_mention(known, now)
        mention = self._read_post(address)
        if mention is None:
            raise InputError(f"The post at {address} is not among those kept here, and no network reads it.", _PASTE)
        self._mentions.add([mention], now)
        return self.draft_mention(mention.mention_id, now)

    def regenerate(self, draft_id: int, instruction: str, made_by: str, now: datetime) -> Draft:
        """A new version by a person's instruction. Raises ReviewError when the draft does not wait any more."""
        if not instruction.strip():
            raise InputError("Say what to change.", 'For example: "shorter, offer the phone number"')
        seen = self._find_pending(draft_id)
        quoted = tuple(s.text for s in seen.sentences if s.support is Support.QUOTED)
        wish = Wish(instruction.strip(), seen.text, quoted, no_reply_is_overruled=True)
        return self._replace(seen, wish, instruction.strip(), made_by, now)

    def draft_anyway(self, draft_id: int, made_by: str, now: datetime) -> Draft:
        """Overrule `do not reply`: a version with a reply takes its place. Raises ReviewError when it proposes one."""
        seen = self._find_pending(draft_id)
        if not seen.no_reply_reason:
            raise ReviewError(f"Draft {draft_id} proposes a reply already.", "Edit it, or ask for another version.")
        return self._replace(seen, Wish(no_reply_is_overruled=True), _DRAFT_IT_ANYWAY, made_by, now)

    def list_versions(self, draft_id: int) -> list[DraftVersion]:
        """All versions of a draft, oldest first. Raises ReviewError for an unknown one."""
        self._drafts.find(draft_id)
        return self._versions.list(draft_id)

    def bring_back(self, draft_id: int, version: int, made_by: str, now: datetime) -> Draft:
        """An earlier version is the newest again. Raises ReviewError when there is none, or the draft waits no more."""
        seen = self._find_pending(draft_id)
        chosen = next((one.draft for one in self._versions.list(draft_id) if one.draft.version == version), None)
        if chosen is None:
            raise ReviewError(
                f"Draft {draft_id} has no version {version}.", f"earshot draft {seen.mention_id} --versions lists them."
            )
        self._versions.put(chosen, seen, f"version {version} brought back", made_by, now)
        return self._drafts.find(draft_id)

    def _replace(self, seen: Draft, wish: Wish, instruction: str, made_by: str, now: datetime) -> Draft:
        mention = self._mentions.find(seen.mention_id)
        made = self._proposing.propose(mention, now, self._threads.thread(mention.mention_id), wish)
        self._versions.put(replace(made, created_at=seen.created_at), seen, instruction, made_by, now)
        return self._drafts.find(seen.draft_id)

    def _find_pending(self, draft_id: int) -> Draft:
        draft = self._drafts.find(draft_id)
        if draft.status is not DraftStatus.PENDING:
            raise ReviewError(f"Draft {draft_id} is {draft.status}: nothing can be changed any more.", "")
        return draft
