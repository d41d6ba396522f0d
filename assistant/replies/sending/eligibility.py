"""A Mention to its Eligibility: the rules over what the store knows of the post, its author and our answer."""

from collections.abc import Callable, Collection
from datetime import datetime

from assistant.domain import Eligibility, Mention
from assistant.listening.networks.base.protocol import PostNow
from assistant.listening.networks.base.reply_rules import Facts, Rule, Standing, asks_to_stop, judge_eligibility
from assistant.replies.sending.optouts import OptOutTables
from assistant.replies.tables.send_ledger import LedgerTables


class Judging:
    """Judges posts by the rules. `senders` are the networks that Earshot can send to."""

    def __init__(
        self,
        ledger: LedgerTables,
        opt_outs: OptOutTables,
        senders: Collection[str],
        standing: Standing,
        rules: tuple[Rule, ...],
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._opt_outs = opt_outs
        self._senders = senders
        self._standing = standing
        self._rules = rules
        self._clock = clock

    def judge(self, mention: Mention, post_now: PostNow | None = None) -> Eligibility:
        """May this post be answered; with `post_now`, the post as it is on its network, locks count too."""
        facts = Facts(
            now=self._clock(),
            has_sender=mention.network in self._senders,
            has_opted_out=self._opt_outs.find(mention.author, mention.network) is not None,
            replied_at=self._ledger.replied_at(mention.mention_id),
            is_locked=bool(post_now and post_now.is_locked),
        )
        return judge_eligibility(mention, facts, self._standing, self._rules)

    def note_opt_outs(self, mentions: Collection[Mention], now: datetime) -> None:
        """Note the authors whose posts ask us to stop."""
        asking = [mention for mention in mentions if asks_to_stop(mention.text)]
        if asking:
            self._opt_outs.add_from_posts(asking, now)
