"""The flow of the weekly digest: its blocks, and posting it once a week."""

from assistant.digest import COVERAGE_TITLE, PROMISE, Digest, Line, Quote, Section, name_period, shorten
from assistant.domain import Period
from assistant.slack.blocks import (
    Block,
    build_context,
    build_header,
    build_link,
    build_section,
    cut,
    escape,
    escape_line,
)
from assistant.slack.posting import Posting
from assistant.wiring import Assistant

_BAR_CELLS = 10
_MOST_ROWS = 10
_MOST_QUOTES = 3
_MOST_BLOCKS = 50  # of Slack
_MOST_CHARACTERS = 2900  # of the 3,000 that Slack allows
_MOST_TABLE = 2000
_MOST_MESSAGE = 11_000
_LABEL_CHARACTERS = 24
NOTHING = "Nothing to tell."


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
        text = f"{name_period(week)}: {' '.join(digest.headlines)}"
        self._posting.post_once(f"digest:{week.label}", channel, text, build_digest_blocks(digest))
        schedules.note_digest_posted(week.label, self._assistant.clock())
        return True


def build_digest_blocks(digest: Digest) -> list[Block]:
    """The digest as Block Kit: what was not heard, the sentences, then the sections, as many as a message holds."""
    blocks = [build_header(name_period(digest.period))]
    if digest.dates.strip():
        blocks.append(build_context(escape_line(digest.dates, 100)))
    if digest.coverage:
        gaps = "\n".join(f"• {escape_line(sentence, 200)}" for sentence in digest.coverage[:_MOST_ROWS])
        blocks.append(build_section(f"*{COVERAGE_TITLE}*\n{gaps}"))
    blocks.append(build_section(cut(escape(" ".join(digest.headlines)), _MOST_CHARACTERS) or NOTHING))
    for section in digest.sections:
        more = _build_section_blocks(section)
        # A message that Slack would refuse shows nothing at all.
        if len(blocks) + len(more) >= _MOST_BLOCKS or _count([*blocks, *more]) > _MOST_MESSAGE:
            break
        blocks += more
    return [*blocks, build_context(PROMISE)]


def _count(blocks: list[Block]) -> int:
    return sum(len(str(block)) for block in blocks)


def _build_section_blocks(section: Section) -> list[Block]:
    parts = [f"*{escape_line(section.title, 150) or NOTHING}*"]
    if section.note:
        parts.append(escape_line(section.note, 600))
    if section.lines:
        parts.append(_draw(section))
    quotes = [build_section(_describe_post(quote)) for quote in section.quotes[:_MOST_QUOTES]]
    return [build_section("\n".join(parts)), *quotes]


def _describe_post(quote: Quote) -> str:
    why = f"_{escape_line(quote.why, 150)}_\n" if quote.why else ""
    author = f"{escape_line(quote.author, 60)} · " if quote.author else ""
    link = f" · {build_link('open the post', quote.url)}" if quote.url else ""
    return f"{why}> {escape_line(quote.text, 160)}\n{author}{escape_line(quote.network, 60)}{link}"


def _draw(section: Section) -> str:
    lines = section.lines[:_MOST_ROWS]
    # A backtick would end the table.
    labels = [shorten(line.label, _LABEL_CHARACTERS).replace("`", "'") for line in lines]
    width = max(map(len, labels))
    drawn = [
        f"{label:<{width}} {'█' * _cells(line.value, section.most):<{_BAR_CELLS}} {_tell(line)}".rstrip()
        for label, line in zip(labels, lines, strict=True)
    ]
    return f"```{cut(escape(chr(10).join(drawn)), _MOST_TABLE)}```"


def _tell(line: Line) -> str:
    return shorten("  ".join(part for part in (line.text, line.change, line.note) if part), 100).replace("`", "'")


def _cells(value: float, most: float) -> int:
    return round(_BAR_CELLS * min(1.0, max(0.0, value) / most)) if value else 0
