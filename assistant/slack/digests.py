"""The flow of the weekly digest: its blocks, and posting it once a week."""

from assistant.digest import GAPS_TITLE, POSTS_TITLE, PROMISE, Digest, Section, name_network, shorten
from assistant.domain import Mention, Period
from assistant.slack.blocks import Block, build_context, build_header, build_link, build_section, escape, escape_line
from assistant.slack.posting import Posting
from assistant.wiring import Assistant

_BAR_CELLS = 12
_MOST_ROWS = 15
_MOST_CHARACTERS = 2900  # of the 3,000 that Slack allows
_LABEL_CHARACTERS = 24


class DigestFlow:
    """Posts the digest to DIGEST_CHANNEL."""

    def __init__(self, assistant: Assistant, posting: Posting) -> None:
        self._assistant = assistant
        self._posting = posting

    def post(self, week: Period) -> bool:
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
    blocks = [build_header(f"Week {digest.week.label}")]
    if digest.dates:
        blocks.append(build_context(digest.dates))
    blocks.append(build_section(escape(" ".join(digest.headlines))))
    blocks += [build_section(_draw(section)) for section in digest.sections]
    if digest.posts:
        blocks.append(build_section(f"*{POSTS_TITLE}*"))
        blocks += [build_section(_describe_post(post)) for post in digest.posts]
    if digest.gaps:
        gaps = "\n".join(f"• {escape_line(gap, 300)}" for gap in digest.gaps[:_MOST_ROWS])
        blocks.append(build_section(f"*{GAPS_TITLE}*\n{gaps}"[:_MOST_CHARACTERS]))
    return [*blocks, build_context(PROMISE)]


def _describe_post(post: Mention) -> str:
    where = f"{escape_line(post.author, 60) or 'somebody'} · {escape_line(name_network(post.network), 60)}"
    link = f" · {build_link('open the post', post.url)}" if post.url else ""
    return f"> {escape_line(post.text, 160)}\n{where}{link}"


def _draw(section: Section) -> str:
    rows = section.rows[:_MOST_ROWS]
    # A backtick would end the table.
    labels = [shorten(str(row["label"]), _LABEL_CHARACTERS).replace("`", "'") for row in rows]
    width = max(map(len, labels))
    digits = max(len(str(row["value"])) for row in rows)
    lines = []
    for label, row in zip(labels, rows, strict=True):
        bar = "█" * _cells(row["value"], section.most)
        lines.append(f"{label:<{width}} {bar:<{_BAR_CELLS}} {row['value']:>{digits}}")
    return f"*{escape(section.title)}*\n```{escape(chr(10).join(lines))}```"


def _cells(value: float, most: float) -> int:
    return round(_BAR_CELLS * value / most) if value else 0
