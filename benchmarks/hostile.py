"""What texts made to be slow cost at every stage: seconds of CPU, and how they grow with the text."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import process_time

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Draft, Mention, Period, Question
from assistant.domain.outside import POST, bound
from assistant.knowledge.ingest.chunking import split_document
from assistant.knowledge.ingest.conversion import convert
from assistant.listening.networks.base.sender import is_alike
from assistant.replies.lessons.differences import match_sentences
from assistant.replies.review.edited_text import judge_anew
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.cards.blocks import build_card
from assistant.slack.cards.details import build_details_modal
from assistant.slack.cards.reader import CardReader
from assistant.text.sentences import split_sentences
from benchmarks.heartbeat import Heartbeat

UNITS = (
    *("\n", " ", "\t", "-", "*", "=", "#", "_", "`", "|", "<", "<a", "<!--", "{%", "{{", "{:", "[", "![", "](", "[a]("),
    *("(", "a@", "@a ", "a.", "a-", "1", "1.", "1 ", "ab ", "AB ", "?", "! ", "…", "http://", "//", ": ", "é", "😡"),
    *("😡🤬", "- \n", "a\n", "\n \n", "\u3164", "自", "not ", "system ", "write ", "-=", "| -", "<% ", "${", "--\n"),
    *("Ab. ", "A.B. ", '"', "' ", "5 € ", "+1 ", "a/", "the "),
)
LENGTHS = (1_000, 5_000, 10_000, 20_000, 40_000)
_ASKED = "How do I pause my plan? "
_TOP = 2  # of each stage: these are measured at every length
_NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
_WEEK = Period("2026-W46", datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC))
_WEEK_OF_ALL = "week and its digest"
_EDIT = 3_000  # what a form of Slack takes
_LEAST_SECONDS = 0.05  # below it a share is noise

Stage = Callable[[str], object]


@dataclass(frozen=True)
class Hostile:
    """A unit over and over, as it stands or broken by other words; `text` is of a length."""

    unit: str
    is_broken: bool

    def text(self, length: int) -> str:
        """As long a text as is asked for."""
        if not self.is_broken:
            return (self.unit * (length // len(self.unit) + 1))[:length]
        step = 4 * len(self.unit) + 3
        return "".join(f"{self.unit * 4}q{number % 89} " for number in range(length // step + 1))[:length]

    def __str__(self) -> str:
        """As people may read it."""
        return f"{self.unit!r}{', broken' if self.is_broken else ''}"


ALL = tuple(Hostile(unit, is_broken) for unit in UNITS for is_broken in (False, True))


def measure_hostile(folder: Path, knowledge: Path, names: Sequence[str] = ()) -> Iterator[tuple[object, ...]]:
    """A row a stage: the worst unit, its seconds at each length, the growth of four times the text, the longest gap.

    `names` are the stages to measure, all where there are none.
    """
    assistant = _open(folder / "home", knowledge)
    for name, stage in _build_stages(assistant).items():
        if not names or name in names:
            stage(_ASKED)  # loads what is loaded once
            yield (name, *_measure_stage(stage))
    if not names or _WEEK_OF_ALL in names:
        yield (_WEEK_OF_ALL, *_measure_week(folder))


def _open(home: Path, knowledge: Path | None) -> Assistant:
    settings = {"earshot_home": home, "earshot_chroma_url": ""}
    assistant = Assistant(Settings.model_validate(settings), lambda: _NOW)
    if knowledge:
        assistant.knowledge.ingest.run([str(knowledge)], None, _NOW)
    return assistant


def _measure_stage(stage: Stage) -> tuple[object, ...]:
    with Heartbeat() as heart:
        longest = sorted(ALL, key=lambda one: -_time(stage, one.text(LENGTHS[-1])))[:_TOP]
    measured = {one: [_time(stage, one.text(length)) for length in LENGTHS] for one in longest}
    worst, seconds = max(measured.items(), key=lambda one: one[1][-1])
    growth = max(_find_growth(times) for times in measured.values())
    return (str(worst), *(f"{one:.3f}" for one in seconds), _tell(growth), f"{heart.longest * 1000:.0f}")


def _time(stage: Stage, text: str) -> float:
    # The shorter of two: a machine that is busy makes work longer, never shorter.
    return min(_time_once(stage, text) for _ in range(2 if len(text) < LENGTHS[-1] else 1))


def _time_once(stage: Stage, text: str) -> float:
    began = process_time()
    stage(text)
    return process_time() - began


def _find_growth(seconds: list[float]) -> float:
    """How much longer four times the text takes than four times as long: 1 is linear. 0 where nobody waits for it."""
    pairs = ((seconds[1], seconds[3]), (seconds[2], seconds[4]))
    return max((long / (4 * short) for short, long in pairs if long > _LEAST_SECONDS), default=0.0)


def _tell(growth: float) -> str:
    return f"{growth:.2f}" if growth else "–"


def _build_stages(assistant: Assistant) -> dict[str, Stage]:
    numbers = count()
    draft = assistant.replies.drafting.draft_text(_ASKED, _NOW)
    cards = CardReader(assistant.home, assistant.listening, assistant.replies)

    def mention(text: str) -> Mention:
        number = str(next(numbers))
        return Mention(f"file:{number}", "file", number, "ann", _ASKED + text, _NOW)

    def draw(text: str) -> None:
        kept = mention(text)
        assistant.listening.mentions.add([kept], _NOW)
        card = cards.read(assistant.replies.drafts.add(replace(draft, mention_id=kept.mention_id)))
        build_card(card, _NOW.date())
        build_details_modal(card, _NOW.date())

    def guard(text: str) -> None:
        edited = judge_anew(text[:_EDIT], draft, assistant.replies.sources.find)
        changed: Draft = replace(draft, text=text[:_EDIT], sentences=edited.sentences)
        kept = mention(text)
        assistant.listening.mentions.add([kept], _NOW)
        assistant.replies.check_text(changed, kept)

    def ask(text: str) -> None:
        question = Question(_ASKED + text)
        answer = assistant.knowledge.reply(question, _NOW)
        wording = assistant.knowledge.choose_wording(question)
        build_answer_blocks(answer, question.audience, _NOW.date(), wording)

    return {
        "bound": lambda text: bound(text, POST),
        "sentences": lambda text: split_sentences(bound(text, POST)),
        "analyse": lambda text: assistant.listening.analyser.analyse_all([mention(text)]),
        "draft": lambda text: assistant.replies.drafting.draft_text(_ASKED + text, _NOW),
        "card and details": draw,
        "lessons of an edit": lambda text: match_sentences(draft.sentences, split_sentences(bound(text, POST))),
        "reply found again": lambda text: is_alike(bound(text, POST), bound(_ASKED + text[::-1], POST)),
        "ask": ask,
        "search of posts": lambda text: assistant.listening.mention_index.search(bound(text, POST), _NOW, 10),
        "page .md": lambda text: split_document(convert(f"# Page\n{text}".encode(), ".md").text),
        "page .html": lambda text: split_document(convert(f"<h1>Page</h1><p>{text}".encode(), ".html").text),
        "table .csv": lambda text: split_document(convert(f"a,b\n{text},c".encode(), ".csv").text),
        "judged edit and guards": guard,
    }


def _measure_week(folder: Path) -> tuple[object, ...]:
    """All units as posts of one week: sorted, and its digest with the page of it."""
    seconds, longest = [], 0.0
    for length in LENGTHS:
        assistant = _open(folder / f"week-{length}", None)
        posts = [
            Mention(f"file:{n}", "file", str(n), "ann", _ASKED + one.text(length), _NOW) for n, one in enumerate(ALL)
        ]
        assistant.listening.mentions.add(posts, _NOW)
        began = process_time()
        with Heartbeat() as heart:
            assistant.listening.sort_new_mentions(_NOW)
            assistant.reports.page(assistant.reports.digest(_WEEK))
        seconds.append(process_time() - began)
        longest = max(longest, heart.longest)
    told = (f"{one:.3f}" for one in seconds)
    return (f"{len(ALL)} posts", *told, _tell(_find_growth(seconds)), f"{longest * 1000:.0f}")


if __name__ == "__main__":
    for row in measure_hostile(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]):
        sys.stdout.write(" | ".join(map(str, row)) + "\n")
        sys.stdout.flush()
