"""Freezing from Slack: one person stops every send, two lift it; whoever froze, the reviewers are informed."""

from typing import Any

from slack_bolt import Ack, App, Respond

from assistant.core.database import Row
from assistant.core.home import Home
from assistant.core.roles import Action
from assistant.errors import InputError
from assistant.replies.build import Replies
from assistant.replies.review.freeze import describe_freeze
from assistant.slack.client.blocks import Block, build_button, build_confirm, build_section, tell_text
from assistant.slack.client.client import translated
from assistant.slack.client.commands import COMMAND, Command, Commands, Issued
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.respond import told_alone
from assistant.slack.tables import SlackStore

FREEZE_IN_CRISIS = "freeze_in_crisis"
_TWO_LIFT = f"Two people lift it, in my Home tab or with `{COMMAND} unfreeze`."
_IN_CRISIS = "Frozen from the crisis's thread"
_CONFIRM = build_confirm("Freeze all replies?", "Nothing is sent to customers until two people lift it.", "Freeze")


def build_freeze_button() -> Block:
    """The way to freeze from where a crisis is handled."""
    button = build_button("Freeze all replies", FREEZE_IN_CRISIS, "freeze", "danger", _CONFIRM)
    return {"type": "actions", "elements": [button]}


class FreezeCommands:
    """`/earshot freeze` and `/earshot unfreeze`: done when they are answered, since nothing may leave meanwhile."""

    def __init__(self, home: Home, replies: Replies, membership: Membership) -> None:
        self._home = home
        self._replies = replies
        self._freezing = replies.review_desk.build_freezing(membership.find_roles, "Slack")

    def add_to(self, app: App) -> None:
        """Register the button that a stop in a crisis shows."""
        app.action(FREEZE_IN_CRISIS)(self.handle_freeze)

    def handle_freeze(self, body: dict[str, Any], ack: Ack, respond: Respond) -> None:
        """Freeze before the click is acked, as the command does; who clicked is told, and the channel by a post."""
        with told_alone(respond, "freezing replies"):
            user = body["user"]["id"]
            told = self._tell(self._freezing.freeze(user, _IN_CRISIS, self._home.clock()), user)
            with translated():
                respond(text=told, response_type="ephemeral", replace_original=False)
        ack()

    def build_commands(self) -> Commands:
        """The subcommands."""
        return {
            "freeze": Command(self.freeze, "WHY", "stops every unsent reply at once", needs=Action.FREEZE),
            "unfreeze": Command(self.unfreeze, "", "asks to lift that; it takes two people", needs=Action.UNFREEZE),
        }

    def freeze(self, issued: Issued) -> str:
        """Freeze. Raises EarshotError where the person may not, or gives no reason."""
        if not issued.text:
            raise InputError("Say why: everybody who wants to send sees it.", f"{COMMAND} freeze The app is down")
        return self._tell(self._freezing.freeze(issued.user, issued.text, self._home.clock()), issued.user)

    def unfreeze(self, issued: Issued) -> str:
        """Ask to lift it, or lift it. Raises EarshotError where nothing is frozen, or the same person asks twice."""
        return self._tell(self._freezing.unfreeze(issued.user, self._home.clock()), issued.user)

    def _tell(self, told: str, user: str) -> str:
        return tell_text(told, {user, *_find_people(self._replies.review_tables.freezes.latest())})


class FreezeFlow:
    """Tells the review channel of each freeze, of who asks to lift it, and of its end; once, whoever did it where."""

    def __init__(
        self, home: Home, replies: Replies, slack_store: SlackStore, posting: Poster, membership: Membership
    ) -> None:
        self._home = home
        self._replies = replies
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership

    def announce(self) -> None:
        """Post what was not posted to the channel yet."""
        row = self._replies.review_tables.freezes.latest()
        if row is None or not self._home.settings.review_channel:
            return
        begun = f"freeze:{row['id']}"
        if row["lifted_at"]:
            if self._is_told(begun):
                lifted = f"Replies are no longer frozen: {row['first_lift_by']} and {row['lifted_by']} lifted it."
                self._post(
                    f"{begun}:lifted", f":white_check_mark: {lifted} Re-approve anything you still want to send.", row
                )
            return
        self._post(begun, f":snowflake: {describe_freeze({**row, 'first_lift_by': ''})} {_TWO_LIFT}", row)
        if row["first_lift_by"]:
            asks = f"{row['first_lift_by']} asks to lift the freeze. {_TWO_LIFT}"
            self._post(f"{begun}:asked:{row['first_lift_at']}", f":busts_in_silhouette: {asks}", row)

    def _post(self, key: str, text: str, row: Row) -> None:
        if not self._is_told(key):
            self._membership.refuse_outsiders(self._home.settings.review_channel)
            told = tell_text(text, _find_people(row))
            self._posting.post_once(key, self._home.settings.review_channel, told, [build_section(told)])

    def _is_told(self, key: str) -> bool:
        post = self._slack_store.slack_posts.find_post(key)
        return post is not None and post.ts is not None


def _find_people(row: Row | None) -> set[str]:
    return {str(row[name]) for name in ("frozen_by", "first_lift_by", "lifted_by")} if row else set()
