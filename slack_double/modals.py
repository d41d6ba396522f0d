"""What people do with modals: fill them in and send them, or close them."""

import copy

from .aliases import Json
from .api.views import check_view_or_refuse
from .core import Core
from .errors import Impossible, SlackError
from .forms import Values, build_state, refuse_missing
from .interactions import build_closed, build_submission
from .journal import Delivery

SETTLE_SECONDS = 5


class Modals(Core):
    def submit_view(self, user: str, values: Values | None = None) -> Delivery:
        """Fill in and send the user's top modal, wait for the app's answer and do what it says.

        An answer with errors leaves the modal open (`delivery.errors`). No ack in time leaves it open with Slack's
        own message (`delivery.problem`), as does an answer with a view that Slack would refuse.
        """
        with self.world.lock:
            view = self.world.views.top(user)
            if not view.get("submit"):
                raise Impossible("the top modal has no submit button")
            state = build_state(view["blocks"], values or {})
            refuse_missing(view["blocks"], state)
            sent = {**copy.deepcopy(view), "state": {"values": state}}
            person = self.world.workspace.person(user)
            payload = build_submission(self.settings, person, sent, self.world.triggers.issue(user))
            delivery = self.world.dispatcher.emit("interactive", payload, on_ack=self._obey)
        self.wait_for(lambda: delivery.settled, self.settings.ack_timeout + SETTLE_SECONDS, "the submission's end")
        return delivery

    def close_view(self, user: str) -> Delivery | None:
        """The x or Cancel; the app is told only when the view asked for it with notify_on_close."""
        with self.world.lock:
            view = self.world.views.top(user)
            self.world.views.close_top(user)
            if not view["notify_on_close"]:
                return None
            payload = build_closed(self.settings, self.world.workspace.person(user), view)
            return self.world.dispatcher.emit("interactive", payload)

    def _obey(self, delivery: Delivery) -> None:
        """Runs in the server's thread."""
        with self.world.lock:
            try:
                self._follow(delivery, delivery.response or {})
            except SlackError as error:
                delivery.problem = f"the answer to the submission was refused: {error.code} {error.extra}"

    def _follow(self, delivery: Delivery, answer: Json) -> None:
        user, sent = delivery.payload["user"]["id"], delivery.payload["view"]
        views, action = self.world.views, answer.get("response_action")
        if action == "errors":
            _refuse_unknown_blocks(answer.get("errors") or {}, sent)
        elif action == "update":
            views.update(check_view_or_refuse(self.world, answer.get("view"), "modal"), sent["id"], None, None)
        elif action == "push":
            views.push(user, check_view_or_refuse(self.world, answer.get("view"), "modal"))
        elif action == "clear":
            views.close_all(user)
        elif action is None:
            views.close_top(user)
        else:
            raise SlackError("invalid_response_action", action=action)


def _refuse_unknown_blocks(errors: dict[str, str], view: Json) -> None:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    unknown = sorted(set(errors) - inputs)
    if unknown or not errors:
        raise SlackError("invalid_errors", unknown_block_ids=unknown)
