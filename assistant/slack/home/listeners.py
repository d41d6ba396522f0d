"""The listeners of App Home and of the forms that open from it."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.core.job import Inbox
from assistant.errors import EarshotError, edge
from assistant.slack.cards.decisions import CardClick
from assistant.slack.client.blocks import Block, tell_error, tell_failure
from assistant.slack.client.client import translated
from assistant.slack.client.forms import open_form
from assistant.slack.home.blocks import FREEZE, UNFREEZE
from assistant.slack.home.flow import HomeChosen, HomeFlow, HomeOpened, LiftAsked
from assistant.slack.home.queue import HOME_CHOOSE, OPEN_SEVERAL
from assistant.slack.home.settings import Errors, SettingFlow
from assistant.slack.home.settings_forms import (
    ADD_TOPIC,
    CHANGE_SETTING,
    EDIT_TOPIC,
    REMOVE_TOPIC,
    SAVE_FREEZE,
    SAVE_SETTING,
    SAVE_TOPIC,
    SET_BACK,
    VALUE,
    build_freeze_form,
    build_told_modal,
    read_form,
)
from assistant.slack.home.several import SAVE_SEVERAL, read_several

Body = dict[str, Any]
_log = logging.getLogger(__name__)
_CHOOSE = re.compile(rf"^{re.escape(HOME_CHOOSE)}\.")


class HomeListeners:
    """Listeners for clicks in a Home."""

    def __init__(self, home: HomeFlow, settings: SettingFlow, inbox: Inbox) -> None:
        self._home = home
        self._settings = settings
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register every listener."""
        app.action(_CHOOSE)(self.handle_choose)
        app.action(UNFREEZE)(self.handle_unfreeze)
        app.action(FREEZE)(self.handle_open_freeze)
        app.action(OPEN_SEVERAL)(self.handle_open_several)
        app.action(CHANGE_SETTING)(self.handle_open_setting)
        for action_id in (ADD_TOPIC, EDIT_TOPIC):
            app.action(action_id)(self.handle_open_topic)
        for action_id in (SET_BACK, REMOVE_TOPIC):
            app.action(action_id)(self.handle_take_back)
        app.view(SAVE_FREEZE)(self.handle_freeze)
        app.view(SAVE_SEVERAL)(self.handle_several)
        app.view(SAVE_SETTING)(self.handle_save)
        app.view(SAVE_TOPIC)(self.handle_save_topic)

    def handle_choose(self, body: Body, ack: Ack) -> None:
        """A filter, a page, an order, a week."""
        action, user = body["actions"][0], body["user"]["id"]
        field = str(action["action_id"]).split(".")[1]
        value = str((action.get("selected_option") or {}).get("value") or action.get("value") or "")
        self._inbox(HomeChosen(user, field, value), f"home_choice:{user}:{action['action_ts']}")
        ack()

    def handle_unfreeze(self, body: Body, ack: Ack) -> None:
        """Somebody asks to lift the freeze."""
        user = body["user"]["id"]
        self._inbox(LiftAsked(user), f"unfreeze:{user}:{body['actions'][0]['action_ts']}")
        ack()

    def handle_open_freeze(self, body: Body, ack: Ack, client: WebClient) -> None:
        """The form that asks whether a freeze is meant."""
        ack()
        with self._told_at_home(body), translated():
            open_form(client, body["trigger_id"], build_freeze_form())

    def handle_open_several(self, body: Body, ack: Ack, client: WebClient) -> None:
        """The form that rejects several drafts."""
        ack()
        with self._told_at_home(body), translated():
            view = self._home.build_several_form(body["user"]["id"])
            client.views_open(trigger_id=body["trigger_id"], view=view)

    def handle_several(self, body: Body, ack: Ack) -> None:
        """Each draft is decided by itself, as by a click on its card: one that was changed keeps no other waiting."""
        view, user = body["view"], body["user"]["id"]
        action, chosen, reason = read_several(view["state"]["values"])
        for seen in chosen if action else ():
            click = CardClick(action, seen, user, self._home.find_channel(seen.draft_id), reason)
            self._inbox(click, f"decision:{view['id']}:{seen.draft_id}")
        self._answer(ack, body, {})

    def handle_freeze(self, body: Body, ack: Ack) -> None:
        """It is meant: frozen before it is acked, for nothing is more urgent."""
        user = body["user"]["id"]
        reason = body["view"]["state"]["values"][VALUE][VALUE].get("value") or ""
        self._answer(ack, body, _try(lambda: self._home.freeze(user, str(reason).strip())))

    def handle_open_setting(self, body: Body, ack: Ack, client: WebClient) -> None:
        """The form of a setting: one that says so at once, then what stands there."""
        ack()
        name, user = str(body["actions"][0]["value"]), body["user"]["id"]
        with self._told_at_home(body), translated():
            loading = build_told_modal("Settings", "Looking it up…")
            view = client.views_open(trigger_id=body["trigger_id"], view=loading)["view"]
            form = self._settings.build_form(name, user)
            client.views_update(view_id=view["id"], hash=view["hash"], view=form)

    def handle_open_topic(self, body: Body, ack: Ack, client: WebClient) -> None:
        """The form of a topic, above the list of them."""
        ack()
        action = body["actions"][0]
        name = str(action["value"]) if action["action_id"] == EDIT_TOPIC else ""
        form = self._settings.build_topic_form(name, body["user"]["id"])
        with self._told_at_home(body), translated():
            client.views_push(trigger_id=body["trigger_id"], view=form)

    def handle_take_back(self, body: Body, ack: Ack, client: WebClient) -> None:
        """Set a setting back, or take a topic away: kept before it is acked."""
        action, user, view = body["actions"][0], body["user"]["id"], body["view"]
        take_back = self._settings.set_back if action["action_id"] == SET_BACK else self._settings.remove_topic
        told = take_back(read_form(str(action["value"])), user)
        self._show_home(body, user)
        ack()
        with self._told_at_home(body):
            with translated():
                client.views_update(view_id=view["id"], view=told)
            self._show_topics(client, view, user)

    def handle_save(self, body: Body, ack: Ack) -> None:
        """A setting: kept before it is acked."""
        form, user = read_form(body["view"]["private_metadata"]), body["user"]["id"]
        self._answer(ack, body, self._settings.save(form, body["view"]["state"]["values"], user))

    def handle_save_topic(self, body: Body, ack: Ack, client: WebClient) -> None:
        """A topic: likewise, and the list below shows it."""
        view, user = body["view"], body["user"]["id"]
        errors = self._settings.save_topic(read_form(view["private_metadata"]), view["state"]["values"], user)
        self._answer(ack, body, errors)
        if not errors:
            with self._told_at_home(body):
                self._show_topics(client, view, user)

    @contextmanager
    def _told_at_home(self, body: Body) -> Iterator[None]:
        """A form that does not open is told of at the top of the Home: there is no message to answer below."""
        try:
            with edge("opening a form"):
                yield
        except EarshotError as error:
            user = body["user"]["id"]
            _log.warning("a form did not open for %s: %s %s", user, error.message, error.hint)
            self._home.tell(user, tell_failure(error))
            self._inbox(HomeOpened(user), f"home:{user}:{body['trigger_id']}")

    def _answer(self, ack: Ack, body: Body, errors: Errors) -> None:
        if errors:
            ack(response_action="errors", errors=errors)
            return
        self._show_home(body, body["user"]["id"])
        ack()

    def _show_home(self, body: Body, user: str) -> None:
        view = body["view"]
        self._inbox(HomeOpened(user), f"home:{user}:{view['id']}:{view.get('hash', '')}")

    def _show_topics(self, client: WebClient, view: Block, user: str) -> None:
        """The list of topics that a form was opened from."""
        below = view.get("previous_view_id")
        if below:
            with translated():
                client.views_update(view_id=below, view=self._settings.build_topics(user))


def _try(act: Callable[[], None]) -> Errors:
    try:
        with edge("freezing replies"):
            act()
    except EarshotError as error:
        return {VALUE: tell_error(error)}
    return {}
