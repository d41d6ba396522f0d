"""What people do with the app's buttons, menus, commands and shortcuts."""

import copy
import time

from .acting import Acting
from .aliases import Json
from .api import Call
from .api.content import check_message_blocks
from .api.responding import post_answer
from .errors import Impossible, SlackError
from .forms import WITHOUT_STATE, Choice, Values, build_state, choose, takes_several
from .interactions import (
    build_action,
    build_channel_ref,
    build_command,
    build_common,
    build_message_container,
)
from .journal import Delivery
from .response_urls import ResponseUrl
from .transcript import list_elements
from .workspace import Channel, find_message

HIDDEN_FROM_APPS = ("shown_to", "is_ephemeral", "channel")


class Interacting(Acting):
    def click(
        self,
        channel: str,
        ts: str,
        action_id: str,
        user: str,
        *,
        choose: Choice = None,
        block_id: str | None = None,
        values: Values | None = None,
    ) -> Delivery:
        """Use a button or menu that really is on the message, or on an ephemeral one that this user sees.

        `choose` is an option's value, or several for a menu of many; for feedback_buttons it is positive or negative.
        `values` is what else the person has entered there.
        """
        with self.world.lock:
            place = self.world.workspace.channel(channel)
            message, is_ephemeral = self._find_shown(place, ts, user)
            payload = self._build_click(message, action_id, user, choose, block_id, values)
            payload["container"] = build_message_container(place, message, is_ephemeral)
            payload["channel"] = build_channel_ref(place)
            payload["response_url"] = self._issue_response_url(place, user, message)
            if not is_ephemeral:
                payload["message"] = copy.deepcopy(message)
            return self.world.dispatcher.emit("interactive", payload)

    def click_in_view(
        self,
        user: str,
        action_id: str,
        *,
        choose: Choice = None,
        block_id: str | None = None,
        values: Values | None = None,
    ) -> Delivery:
        """Use a button or menu of the user's top modal."""
        with self.world.lock:
            return self._click_view(self.world.views.top(user), user, action_id, choose, block_id, values)

    def click_home(
        self,
        user: str,
        action_id: str,
        *,
        choose: Choice = None,
        block_id: str | None = None,
        values: Values | None = None,
    ) -> Delivery:
        """Use a button or menu of the user's Home tab."""
        with self.world.lock:
            if user not in self.world.views.homes:
                raise Impossible(f"no Home tab was published for {user}")
            return self._click_view(self.world.views.homes[user], user, action_id, choose, block_id, values)

    def slash(self, command: str, text: str, user: str, channel: str) -> Delivery:
        """A slash command. What the app answers in its ack is posted, to the person alone unless it says in_channel."""
        with self.world.lock:
            place, person = self.world.workspace.channel(channel), self.world.workspace.person(user)
            if "commands" not in self.settings.scopes:
                raise Impossible("the app has no commands scope, so it has no slash commands")
            if self.settings.commands is not None and command not in self.settings.commands:
                raise Impossible(f"{command} is not a valid command; the app has {sorted(self.settings.commands)}")
            url = self._issue_response_url(place, user, None)
            trigger_id = self.world.triggers.issue(user)
            payload = build_command(self.settings, person, place, command, text, url, trigger_id)
            return self.world.dispatcher.emit("slash_commands", payload, on_ack=self._post_command_answer)

    def shortcut(
        self, callback_id: str, user: str, channel: str | None = None, message_ts: str | None = None
    ) -> Delivery:
        """A global shortcut, or, with channel and message_ts, one on that message."""
        with self.world.lock:
            person = self.world.workspace.person(user)
            if self.settings.shortcuts is not None and callback_id not in self.settings.shortcuts:
                raise Impossible(f"the app has no shortcut {callback_id}; it has {sorted(self.settings.shortcuts)}")
            payload = build_common(self.settings, person, "message_action" if message_ts else "shortcut")
            payload.update(callback_id=callback_id, action_ts=f"{time.time():.6f}")
            payload["trigger_id"] = self.world.triggers.issue(user)
            if channel and message_ts:
                place, message = self._find(channel, message_ts)
                payload.update(channel=build_channel_ref(place), message_ts=message_ts, message=copy.deepcopy(message))
                payload["response_url"] = self._issue_response_url(place, user, message)
            return self.world.dispatcher.emit("interactive", payload)

    def _click_view(
        self, view: Json, user: str, action_id: str, choice: Choice, block_id: str | None, values: Values | None
    ) -> Delivery:
        payload = self._build_click(view, action_id, user, choice, block_id, values)
        payload["container"] = {"type": "view", "view_id": view["id"]}
        payload["view"] = {**copy.deepcopy(view), "state": copy.deepcopy(payload["state"])}
        return self.world.dispatcher.emit("interactive", payload)

    def _build_click(
        self,
        holder: Json,
        action_id: str,
        user: str,
        choice: Choice,
        block_id: str | None,
        values: Values | None,
    ) -> Json:
        block, element = find_element(holder, action_id, block_id)
        payload = build_common(self.settings, self.world.workspace.person(user), "block_actions")
        payload["trigger_id"] = self.world.triggers.issue(user)
        payload["actions"] = [build_action(element, block["block_id"], choose(element, choice))]
        entered = copy.deepcopy(values or {})
        if choice is not None and element["type"] not in WITHOUT_STATE:
            several = [choice] if isinstance(choice, str) and takes_several(element) else choice
            entered.setdefault(block["block_id"], {})[element["action_id"]] = several
        payload["state"] = {"values": build_state(holder["blocks"], entered)}
        return payload

    def _find_shown(self, place: Channel, ts: str, user: str) -> tuple[Json, bool]:
        message = find_message(place, ts)
        if message is not None:
            return message, False
        for one in self.world.workspace.ephemerals:
            if one["ts"] == ts and one["shown_to"] == user:
                return one, True
        raise Impossible(f"no message {ts} in {place.id} that {user} can see")

    def _issue_response_url(self, place: Channel, user: str, message: Json | None) -> str:
        ts, thread_ts = (message or {}).get("ts"), (message or {}).get("thread_ts")
        token = self.world.response_urls.issue(ResponseUrl(place.id, user, ts, thread_ts))
        return f"{self.world.base_url}/response/{token}"

    def _post_command_answer(self, delivery: Delivery) -> None:
        """Runs in the server's thread."""
        answer = delivery.response or {}
        if not answer.get("text") and not answer.get("blocks"):
            return
        with self.world.lock:
            call = Call(self.world, answer)
            place = self.world.workspace.channel(delivery.payload["channel_id"])
            content = {key: answer[key] for key in ("text", "blocks", "attachments") if answer.get(key)}
            try:
                if "blocks" in content:
                    content["blocks"] = check_message_blocks(call, content["blocks"])
                post_answer(call, place, delivery.payload["user_id"], content, None)
            except SlackError as error:
                delivery.problem = f"the command's answer was refused: {error.code} {error.extra}"


def find_element(holder: Json, action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and the element, from a message or view; the test fails where a person would see no such button."""
    seen: list[str] = []
    for block in holder.get("blocks") or []:
        for element in list_elements(block):
            seen.append(element["action_id"])
            if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                return block, element
    raise Impossible(f"no button or menu {action_id} here; there is {seen or 'none'}")
