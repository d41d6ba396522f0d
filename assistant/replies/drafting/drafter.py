"""Drafts that are kept: one live draft a post, its versions, and what a person asks to be changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from assistant.domain import Draft, DraftStatus, Mention
from assistant.domain.listening import PASTED
from assistant.errors import InputError, ReviewError
from assistant.listening.tables.posts import AddressTables, MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.replies.drafting.case import Wish
from assistant.replies.drafting.composer import Composer
from assistant.replies.drafting.wishes import read_orders
from assistant.replies.tables.drafts import DraftTables, DraftVersion, VersionTables

_DRAFT_IT_ANYWAY, _CORRECTED = "reply anyway", "labels corrected"
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
            raise InputError(
                f"The post at {address} is not among those kept here, and no network reads it.",
                _PASTE,
                in_slack="Paste its text instead of the link.",
            )
        self._mentions.add([mention], now)
        return self.draft_mention(mention.mention_id, now)

    def regenerate(self, draft_id: int, instruction: str, made_by: str, now: datetime) -> Draft:
        """A new version by a person's instruction. Raises ReviewError when the draft does not wait any more."""
        if not instruction.strip():
            raise InputError("Say what to change.", 'For example: "shorter"')
        seen = self._find_pending(draft_id)
        earlier, rejected = self._read_wishes(draft_id, instruction)
        wish = Wish(instruction.strip(), seen.text, earlier, rejected, no_reply_is_overruled=True)
        made = self._propose_again(seen, wish, now)
        if made.text == seen.text or (seen.text and not made.text):
            raise ReviewError("Nothing would change.", made.note or made.missing or "Edit the text instead.")
        return self._keep_version(made, seen, instruction.strip(), made_by, now)

    def _read_wishes(self, draft_id: int, instruction: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The wishes before this one, and the quotes of versions in whose place other facts were asked for."""
        versions = self._versions.list(draft_id)
        asked = [*(version.instruction for version in versions[1:]), instruction]
        rejected = (
            citation.quote
            for version, wish in zip(versions, asked, strict=True)
            if read_orders(wish).other_facts
            for citation in version.draft.citations
        )
        return tuple(asked[:-1]), tuple(dict.fromkeys(rejected))

    def draft_anyway(self, draft_id: int, made_by: str, now: datetime) -> Draft:
        """Overrule `do not reply`: a version with a reply takes its place. Raises ReviewError when it proposes one."""
        seen = self._find_pending(draft_id)
        if not seen.no_reply_reason:
            raise ReviewError(f"Draft {draft_id} proposes a reply already.", "Edit it, or ask for another version.")
        made = self._propose_again(seen, Wish(no_reply_is_overruled=True, insists=True), now)
        return self._keep_version(made, seen, _DRAFT_IT_ANYWAY, made_by, now)

    def follow_labels(self, mention_id: str, made_by: str, now: datetime) -> Draft | None:
        """Draft anew after a person corrected what was found about a post: an apology to praise must not stay.

        What a person wrote stays, and what is decided too.
        """
        live = self._drafts.live_draft_id(mention_id)
        seen = self._drafts.find(live) if live is not None else None
        if live is None or seen is None or seen.status is not DraftStatus.PENDING:
            return seen
        if self._versions.list(live)[-1].draft.text != seen.text:
            return seen
        made = self._propose_again(seen, Wish(), now)
        if (made.text, made.no_reply_reason) == (seen.text, seen.no_reply_reason):
            return seen
        return self._keep_version(made, seen, _CORRECTED, made_by, now)

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
                f"Draft {draft_id} has no version {version}.",
                f"earshot draft {seen.mention_id} --versions lists them.",
                in_slack="“Versions” on its card lists them.",
            )
        self._versions.put(chosen, seen, f"version {version} brought back", made_by, now)
        return self._drafts.find(draft_id)

    def _propose_again(self, seen: Draft, wish: Wish, now: datetime) -> Draft:
        mention = self._mentions.find(seen.mention_id)
        return self._proposing.propose(mention, now, self._threads.thread(mention.mention_id), wish)

    def _keep_version(self, made: Draft, seen: Draft, instruction: str, made_by: str, now: datetime) -> Draft:
        self._versions.put(replace(made, created_at=seen.created_at), seen, instruction, made_by, now)
        return self._drafts.find(seen.draft_id)

    def _find_pending(self, draft_id: int) -> Draft:
        draft = self._drafts.find(draft_id)
        if draft.status is not DraftStatus.PENDING:
            raise ReviewError(f"Draft {draft_id} is {draft.status}: nothing can be changed any more.", "")
        return draft
