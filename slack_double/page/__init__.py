"""The double in a browser: a page that draws the workspace as Slack would, and sends real clicks to the app.

    with SlackPage(Settings(port=8765), read_manifest(Path("slack-manifest.yaml"))) as slack:
        slack.add_user("U0ANNA", "anna")
        slack.introduce("U0ANNA", "reviewer")
        print(slack.page_url)

Vanilla JavaScript without a build step. slack-blocks-to-jsx was turned down: with React it is a bundle of 1.2 MB
(279 kB packed), and it draws messages only: no modals, no inputs, no clicks.
"""

from .double import SlackPage
from .manifest import Manifest, read_manifest

__all__ = ["Manifest", "SlackPage", "read_manifest"]
