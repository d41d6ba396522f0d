"""The double as tests see it: one object with everything that people do and see."""

from .faulting import Faulting
from .interacting import Interacting
from .modals import Modals
from .reading import Reading


class SlackDouble(Interacting, Modals, Reading, Faulting):
    """A Slack workspace on 127.0.0.1.

    Use it in a with statement. Give `http_url` to deliver by signed HTTP requests instead of Socket Mode.
    """
