"""The flow of settings: what an admin asks for in a form, done or refused; anybody else is told why not."""

from collections.abc import Callable
from typing import Any

from assistant.core.cron import is_schedule
from assistant.core.home import Home
from assistant.domain import Audience
from assistant.errors import EarshotError, InputError, edge, leave_out_folders
from assistant.listening.analysis.topics import Topic, parse_topic
from assistant.live_settings.changes import SettingChanges
from assistant.live_settings.overlay import ADMINS, TOPICS, Adjustable, SettingKind, find_adjustable
from assistant.slack.client.blocks import Block, escape, is_slack_user
from assistant.slack.client.membership import Membership
from assistant.slack.client.readers import Readers
from assistant.slack.home.schedule_words import is_too_often
from assistant.slack.home.settings_forms import (
    NAME,
    VALUE,
    Form,
    build_setting_form,
    build_told_modal,
    build_topic_form,
    build_topics_modal,
    find_obstacle,
    read_topic,
    read_value,
)

_TITLE = "Settings"
_EXAMPLES = "For example: every Monday at 9, first Monday of the month at 9."
_INTERNAL = "internal_channels"  # a help channel may have guests: answers there come from public documents
Errors = dict[str, str]


class SettingFlow:
    """Builds forms, and takes what comes back from them."""

    def __init__(self, home: Home, adjusting: SettingChanges, membership: Membership, readers: Readers) -> None:
        self._home = home
        self._adjusting = adjusting
        self._membership = membership
        self._readers = readers

    def build_form(self, name: str, user: str) -> Block:
        """The form of a setting, or why there is none for this person."""
        return self._build(lambda: self._build_form(name, user))

    def build_topic_form(self, topic_name: str, user: str) -> Block:
        """The form of a topic, empty without a name."""
        return self._build(lambda: self._build_topic_form(topic_name, user))

    def save(self, form: Form, values: dict[str, Any], user: str) -> Errors:
        """Keep what was entered; what is wrong comes back, by the block it belongs to."""
        return self._try(VALUE, lambda: self._save(form, values, user))

    def save_topic(self, form: Form, values: dict[str, Any], user: str) -> Errors:
        """Likewise for a topic."""
        return self._try(NAME, lambda: self._save_topic(form, parse_topic(read_topic(values)), user))

    def remove_topic(self, form: Form, user: str) -> Block:
        """Take a topic away; what to show then."""
        return self._build(lambda: self._remove_topic(form, user))

    def set_back(self, form: Form, user: str) -> Block:
        """Let the environment's value count again; what to show then."""
        return self._build(lambda: self._set_back(form, user))

    def build_topics(self, user: str) -> Block:
        """The list of topics as it is now."""
        return self.build_form(TOPICS, user)

    def _build_form(self, name: str, user: str) -> Block:
        self._adjusting.check_admin(user)
        seen, standing = self._adjusting.version(name), self._adjusting.look_up(name)
        _refuse(find_obstacle(standing))
        if standing.adjustable.kind is SettingKind.TOPICS:
            return build_topics_modal(standing, seen, self._readers.wording_for(user))
        groups = self._membership.list_groups() if standing.adjustable.kind is SettingKind.PEOPLE else []
        return build_setting_form(standing, seen, groups, self._readers.wording_for(user))

    def _build_topic_form(self, topic_name: str, user: str) -> Block:
        self._adjusting.check_admin(user)
        seen, standing = self._adjusting.version(TOPICS), self._adjusting.look_up(TOPICS)
        topics = [one for one in standing.value if isinstance(one, Topic)]
        topic = next((one for one in topics if one.name == topic_name), None)
        if topic_name and topic is None:
            raise InputError(f"There is no topic {topic_name} any more.", "Open the topics again.")
        _refuse(find_obstacle(standing, topic))
        return build_topic_form(topic, seen)

    def _save(self, form: Form, values: dict[str, Any], user: str) -> None:
        adjustable = find_adjustable(form.name)
        value = read_value(adjustable.kind, values)
        self._adjusting.check_admin(user)
        self._refuse_what_has_no_effect(adjustable, value)
        self._adjusting.change(form.name, value, user, self._home.clock(), form.seen)

    def _refuse_what_has_no_effect(self, adjustable: Adjustable, value: str | list[str]) -> None:
        """Raises InputError for what could be entered and would then count for nothing; what stood there stays."""
        standing = self._adjusting.look_up(adjustable.name).value
        new = [one for one in value if one not in standing] if isinstance(value, list) else [value] if value else []
        if adjustable.kind is SettingKind.SCHEDULE and not is_schedule(str(value)):
            raise InputError("I can't read this as a time.", _EXAMPLES)
        if adjustable.kind is SettingKind.SCHEDULE and is_too_often(str(value)):
            raise InputError("This would post a summary more than once a day.", _EXAMPLES)
        for name in new:
            if adjustable.kind is SettingKind.PEOPLE:
                self._refuse_outsider(name)
            elif adjustable.kind in (SettingKind.CHANNEL, SettingKind.CHANNELS):
                self._refuse_channel(name, adjustable.name == _INTERNAL)

    def _refuse_outsider(self, user: str) -> None:
        if is_slack_user(user) and not self._membership.is_full_member(user):
            raise InputError(
                f"{self._membership.name_of(user)} isn't a full member of the company and would have no rights.",
                "Choose somebody who is.",
            )

    def _refuse_channel(self, channel: str, is_internal: bool) -> None:
        if not self._membership.may_post_in(channel):
            raise InputError("Earshot isn't in this channel.", "Invite it: /invite @Earshot")
        self._membership.refuse_outsiders(channel)
        if is_internal and self._membership.audience_of_readers(channel) is Audience.PUBLIC:
            raise InputError(
                f"#{self._membership.channel_name(channel)} has guests, so answers there would still use public "
                "documents only.",
                "Choose a channel without guests.",
            )

    def _save_topic(self, form: Form, topic: Topic, user: str) -> None:
        if not topic.examples:
            raise InputError("Without examples, no post is sorted by this topic.", "Add one as a customer writes it.")
        self._adjusting.put_topic(topic, form.topic, user, self._home.clock(), form.seen)

    def _remove_topic(self, form: Form, user: str) -> Block:
        self._adjusting.remove_topic(form.topic, user, self._home.clock(), form.seen)
        return build_told_modal(_TITLE, f"The topic {escape(form.topic)} is removed. Close this to see the others.")

    def _set_back(self, form: Form, user: str) -> Block:
        self._adjusting.set_back(form.name, user, self._home.clock(), form.seen)
        stays = " Who was an admin from the start stays one." if form.name == ADMINS else ""
        return build_told_modal(_TITLE, f"“{find_adjustable(form.name).title}” has its default again.{stays}")

    def _build(self, build: Callable[[], Block]) -> Block:
        try:
            with edge("looking a setting up"):
                return build()
        except EarshotError as error:
            return build_told_modal(_TITLE, escape(self._membership.put_names(_say(error))))

    def _try(self, place: str, change: Callable[[], None]) -> Errors:
        try:
            with edge("changing a setting"):
                change()
        except EarshotError as error:
            return {place: self._membership.put_names(_say(error))}
        return {}


def _refuse(obstacle: str) -> None:
    if obstacle:
        raise InputError(obstacle, "Nothing was changed.")


def _say(error: EarshotError) -> str:
    """What is wrong with a setting ends without a full stop."""
    return leave_out_folders(f"{error.message.rstrip('.')}. {error.in_slack}".strip())
