"""Block Kit's rules, as Slack enforces them: what a message's blocks and a view may look like."""

from .report import Report
from .surfaces import check_blocks, check_view

__all__ = ["Report", "check_blocks", "check_view"]
