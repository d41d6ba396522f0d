"""What the visitor does in the page, done in the double: each click becomes a real payload to the app."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..aliases import Json
from ..errors import Impossible
from ..journal import Delivery
from .composing import encode_typed

if TYPE_CHECKING:
    from .double import SlackPage

SETTLE_SECONDS = 5
MOST_TYPED = 12_000


class Doing:
    """Blocks until the app has answered, so it must not run in the server's own thread."""

    def __init__(self, slack: "SlackPage") -> None:
        self._slack = slack
        self._deeds: dict[str, Callable[[Json], Delivery | None]] = {
            "say": self._say,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "open": self._open,
            "stop": self._stop,
        }

    def do(self, asked: Json) -> Json:
        """`{"do": name, "user": id, ...}`; the answer's `problem` is what Slack would have shown as an error."""
        try:
            if asked["user"] not in self._slack.guide.roles:
                raise Impossible("there is no such person here")
            delivery = self._deeds[asked["do"]](asked)
        except Impossible as error:
            return {"problem": str(error)}
        except (KeyError, TypeError) as error:
            return {"problem": f"the page sent what the double does not understand: {error!r}"}
        if delivery is None:
            return {"problem": None}
        wait = self._slack.settings.ack_timeout + SETTLE_SECONDS
        self._slack.wait_for(lambda: delivery.settled, wait, "the app's answer")
        return {"problem": self._describe(delivery), "errors": delivery.errors}

    def _describe(self, delivery: Delivery) -> str | None:
        name = self._slack.manifest.name
        if delivery.problem == "connection_failed":
            return f"{name} is not connected."
        if delivery.problem in ("timeout", "http_timeout"):
            return f"{name} did not answer within {self._slack.settings.ack_timeout:.0f} seconds."
        return delivery.problem

    def _say(self, asked: Json) -> Delivery | None:
        text = str(asked["text"]).strip()
        if not text:
            raise Impossible("There is nothing to send.")
        if len(text) > MOST_TYPED:
            raise Impossible(f"A message has at most {MOST_TYPED} characters.")
        if text.startswith("/") and asked.get("thread"):
            raise Impossible("Slack takes no commands in threads.")
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            return self._slack.slash(command, rest.strip(), asked["user"], asked["channel"])
        with self._slack.world.lock:
            encoded = encode_typed(text, self._slack.world.workspace)
        self._slack.say(asked["channel"], asked["user"], encoded, asked.get("thread") or None)
        return None

    def _edit(self, asked: Json) -> None:
        self._refuse_others_message(asked)
        with self._slack.world.lock:
            encoded = encode_typed(str(asked["text"]), self._slack.world.workspace)
        self._slack.edit_message(asked["channel"], asked["ts"], encoded)

    def _delete(self, asked: Json) -> None:
        self._refuse_others_message(asked)
        self._slack.delete_message(asked["channel"], asked["ts"])

    def _react(self, asked: Json) -> None:
        channel, ts, user, name = asked["channel"], asked["ts"], asked["user"], asked["name"]
        try:
            self._slack.react(channel, ts, user, name)
        except Impossible:
            self._slack.unreact(channel, ts, user, name)

    def _click(self, asked: Json) -> Delivery:
        user, action_id = asked["user"], asked["action_id"]
        more: dict[str, Any] = {name: asked.get(name) for name in ("choose", "block_id", "values")}
        if asked["where"] == "modal":
            return self._slack.click_in_view(user, action_id, **more)
        if asked["where"] == "home":
            return self._slack.click_home(user, action_id, **more)
        return self._slack.click(asked["channel"], asked["ts"], action_id, user, **more)

    def _submit(self, asked: Json) -> Delivery:
        return self._slack.submit_view(asked["user"], asked["values"])

    def _close(self, asked: Json) -> Delivery | None:
        return self._slack.close_view(asked["user"])

    def _shortcut(self, asked: Json) -> Delivery:
        return self._slack.shortcut(asked["callback_id"], asked["user"], asked.get("channel"), asked.get("ts"))

    def _open(self, asked: Json) -> Delivery | None:
        delivery = self._slack.open_home(asked["user"], asked["tab"])
        # Many apps do not ask for this event, and nobody who opens a tab is told so.
        return delivery if delivery.problem is None else None

    def _stop(self, asked: Json) -> Delivery:
        return self._slack.stop_session(asked["channel"], asked["thread"], asked["user"])

    def _refuse_others_message(self, asked: Json) -> None:
        written = [one for one in self._slack.messages(asked["channel"]) if one["ts"] == asked["ts"]]
        if not written or written[0]["user"] != asked["user"]:
            raise Impossible("Only whoever wrote a message can change it.")
