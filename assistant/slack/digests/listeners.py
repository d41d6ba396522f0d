"""The listeners for digests: each writes down what was clicked or asked, acks, and leaves the work to the inbox."""

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from assistant.core.job import Inbox
from assistant.core.roles import Action
from assistant.slack.answers.intake import Body
from assistant.slack.client.client import translated
from assistant.slack.client.commands import Command, Commands, Issued
from assistant.slack.client.failures import hash_key
from assistant.slack.client.respond import told_alone
from assistant.slack.digests.blocks import CSV, REPORT, SHOW
from assistant.slack.digests.posts_behind import PICK, POSTS_CSV, TURN, TURN_ON, build_loading_modal, read_step
from assistant.slack.digests.requests import FileAsk, PostsStep, SummaryAsk, SummaryFlow


class DigestListeners:
    """Listeners for clicks on digests."""

    def __init__(self, summaries: SummaryFlow, inbox: Inbox) -> None:
        self._summaries = summaries
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register the buttons of digests and of the form with their posts."""
        app.action(SHOW)(self.handle_show)
        for action_id in (PICK, TURN, TURN_ON):
            app.action(action_id)(self.handle_step)
        for action_id in (CSV, REPORT, POSTS_CSV):
            app.action(action_id)(self.handle_file)

    def build_commands(self) -> Commands:
        """The subcommand for managers."""
        told = "sums up the last week for you alone; `this`, 2026-W46, 2026-11 or 2026-Q4, and `topic=billing`"
        return {"summary": Command(self.ask, "[WEEK] [SCOPE]", told, needs=Action.READ_SUMMARY)}

    def ask(self, issued: Issued) -> str:
        """`/earshot summary`. Raises InputError for what cannot be read; the rest is written down."""
        self._summaries.read(issued.text)
        key = f"summary:{hash_key(issued.trigger_id)}{hash_key(issued.response_url)}"
        asked = SummaryAsk(key, issued.channel, issued.user, issued.text, issued.response_url)
        self._inbox(asked, key)
        return ""

    def handle_show(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """Show the posts: the form opens while the trigger still holds, and is filled by the inbox."""
        ack()
        with told_alone(respond, "showing posts"), translated():
            view = client.views_open(trigger_id=body["trigger_id"], view=build_loading_modal())["view"]
            self._fill(body, str(view["id"]))

    def handle_step(self, body: Body, ack: Ack) -> None:
        """Another number or another page in the form."""
        self._fill(body, body["view"]["id"])
        ack()

    def handle_file(self, body: Body, ack: Ack) -> None:
        """A button that gives a file."""
        action, user, view = body["actions"][0], body["user"]["id"], body.get("view")
        key = f"digest_file:{user}:{action['action_ts']}:{action['action_id']}"
        place = view["private_metadata"] if view else action["value"]
        channel = (body.get("channel") or {}).get("id") or ""
        self._inbox(FileAsk(key, action["action_id"], place, user, channel), key)
        ack()

    def _fill(self, body: Body, view_id: str) -> None:
        step = PostsStep(view_id, str(read_step(body)), body["user"]["id"])
        self._inbox(step, f"digest_posts:{view_id}:{body['actions'][0]['action_ts']}")
