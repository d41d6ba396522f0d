"""Handlers of the jobs in the inbox: each kind of job with its flow."""

from assistant.app import Assistant
from assistant.errors import EarshotError, edge
from assistant.reports.figures import find_period
from assistant.service.jobs import Handler, Payload
from assistant.slack.alerts.flow import CrisisClick
from assistant.slack.answers.ask_expert import Handed
from assistant.slack.answers.blocks import build_direct_offer
from assistant.slack.answers.events import Asked, Deleted, Edited
from assistant.slack.answers.intake import Inbox, Intake, MissedFlow
from assistant.slack.answers.private import Click, PrivateAsk
from assistant.slack.answers.votes import Voted
from assistant.slack.app import Flows
from assistant.slack.cards.document_fixes import FixClick
from assistant.slack.digests.requests import FileAsk, SummaryAsk

_UNASKED = ("offer_direct", "delete", "catch_up")  # nobody waits for these


class Handlers:
    """The handlers of one service; what follows from some work is put into the inbox in its turn."""

    def __init__(self, assistant: Assistant, flows: Flows, put: Inbox) -> None:
        self._assistant = assistant
        self._flows = flows
        self._put = put
        self._missed = MissedFlow(
            assistant.knowledge, flows.client, Intake(assistant.home, assistant.knowledge, assistant.slack, put)
        )

    def build_handlers(self) -> dict[str, Handler]:
        """A handler for every kind of work; the person it is for is informed when it fails."""
        return {kind: self._telling(kind, handle) for kind, handle in self._list_handlers().items()}

    def _telling(self, kind: str, handle: Handler) -> Handler:
        def handle_or_tell(payload: Payload) -> None:
            try:
                with edge(f"handling a {kind}"):
                    handle(payload)
            except EarshotError as error:
                if error.is_transient or kind in _UNASKED:
                    raise
                self._flows.failures.tell(kind, payload, error)

        return handle_or_tell

    def _list_handlers(self) -> dict[str, Handler]:
        flows = self._flows
        return {
            "question": self._answer,
            "edit": self._edit,
            "delete": lambda payload: flows.edits.delete(Deleted(**payload)),
            "private_question": lambda payload: flows.private.answer(PrivateAsk(**payload)),
            "share": lambda payload: flows.private.share(Click(**payload)),
            "ask_direct": self._ask_direct,
            "offer_direct": self._offer_direct,
            "hand_over": lambda payload: flows.knowing.hand_over(Handed(**payload)),
            "owner_reply": lambda payload: flows.knowing.take_reply(Asked(**payload)),
            "catch_up": lambda payload: self._missed.catch_up(**payload),
            "vote": lambda payload: flows.votes.take(Voted(**payload)),
            "vote_reason": lambda payload: flows.votes.explain(**payload),
            "decision": flows.deciding.decide,
            "draft": flows.drafts.draft,
            "card": lambda payload: flows.reviews.refresh(payload["draft_id"]),
            "relabel": lambda payload: flows.reviews.relabel(**payload),
            "crisis": lambda payload: flows.alerts.take(CrisisClick(**payload)),
            "home": lambda payload: flows.home.open(payload["user"]),
            "home_choice": lambda payload: flows.home.choose(**payload),
            "unfreeze": lambda payload: flows.home.unfreeze(payload["user"]),
            "fix": lambda payload: flows.fixes.take(FixClick(**payload)),
            "digest": self._post_digest,
            "digest_posts": lambda payload: flows.summaries.show_posts(**payload),
            "digest_file": lambda payload: flows.summaries.send_file(FileAsk(**payload)),
            "summary": lambda payload: flows.summaries.answer(SummaryAsk(**payload)),
        }

    def _answer(self, payload: Payload) -> None:
        asked = Asked(**payload)
        self._flows.questions.answer(asked)
        if not asked.is_direct:
            # Apart from the answer, so that neither waits for, nor repeats, the other.
            self._put("offer_direct", f"offer:{asked.key}", payload)

    def _offer_direct(self, payload: Payload) -> None:
        asked = Asked(**payload)
        if self._flows.questions.may_offer_more(asked):
            self._flows.private.offer_direct(asked, build_direct_offer(asked.key))

    def _edit(self, payload: Payload) -> None:
        self._flows.edits.edit(Edited(Asked(**payload["asked"]), payload["version"], payload["is_to_us"]))

    def _ask_direct(self, payload: Payload) -> None:
        asked = self._flows.private.ask_in_direct(Click(**payload))
        if asked:
            self._flows.questions.answer(asked)

    def _post_digest(self, payload: Payload) -> None:
        period = find_period(payload["label"], self._assistant.settings.zone)
        for plan in self._assistant.reports.digest_plans:
            if plan.key == payload["plan"]:
                self._flows.digests.post(plan, period)
