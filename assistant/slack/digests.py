"""The flow of the weekly digest: its blocks, and posting it once a week."""

from assistant.digest import Digest, Section, shorten
from assistant.domain import Week
from assistant.slack.blocks import Block, build_context, build_header, build_link, build_section, escape
from assistant.slack.posting import Posting
from assistant.wiring import Assistant

_BAR_CELLS = 12
_MOST_ROWS = 15


class DigestFlow:
    """Posts the digest to DIGEST_CHANNEL."""

    def __init__(self, assistant: Assistant, posting: Posting) -> None:
        self._assistant = assistant
        self._posting = posting

    def post(self, week: Week) -> bool:
        """Post a week's digest once; False when there is no channel or it was posted before."""
        channel = self._assistant.settings.digest_channel
        schedules = self._assistant.schedules
        if not channel or schedules.digest_is_posted(week.label):
            return False
        digest = self._assistant.digest(week)
        text = f"Week {week.label}: {' '.join(digest.headlines)}"
        self._posting.post_once(f"digest:{week.label}", channel, text, build_digest_blocks(digest))
        schedules.note_digest_posted(week.label, self._assistant.clock())
        return True


def build_digest_blocks(digest: Digest) -> list[Block]:
    """The digest as Block Kit: the sentences first, then tables, then the posts that wait."""
    blocks = [build_header(f"Week {digest.week.label}"), build_section(escape(" ".join(digest.headlines)))]
    blocks += [build_section(_draw(section)) for section in digest.sections]
    if digest.posts:
        lines = [f"• {escape(shorten(post.text, 160))} ({build_link(post.network, post.url)})" for post in digest.posts]
        blocks.append(build_section("*Posts that wait for an answer*\n" + "\n".join(lines)))
    blocks.append(build_context("Every number is counted from the posts that were kept, by SQL."))
    return blocks


def _draw(section: Section) -> str:
    rows = section.rows[:_MOST_ROWS]
    width = min(24, max(len(str(row["label"])) for row in rows))
    lines = []
    for row in rows:
        bar = "█" * _cells(row["value"], section.most)
        lines.append(f"{shorten(str(row['label']), width):<{width}} {bar:<{_BAR_CELLS}} {row['value']}")
    return f"*{escape(section.title)}*\n```{escape(chr(10).join(lines))}```"


def _cells(value: float, most: float) -> int:
    return round(_BAR_CELLS * value / most) if value else 0
