"""Answers in Slack: pure functions from an Answer to blocks that always fit one message.

The buttons under an answer; each carries the key of its question.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.domain import Answer, Audience, Sentence
from assistant.listening.insights.answers import COUNTS_WRITER
from assistant.slack.answers.votes import build_feedback, build_vote_buttons
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_confirm,
    build_context,
    build_section,
    cut,
    escape,
)
from assistant.slack.client.sources import describe_answer_sources, join_sources

PASSAGES, WHY, ASK_OWNER, SHARE, ASK_DIRECT = "show_passages", "show_why", "ask_owner", "share_answer", "ask_in_direct"
_CONFIRM_OWNER = build_confirm(
    "Ask someone who knows",
    "The owner of the nearest document gets your question with your name. Their reply becomes a proposed document, "
    "which a person accepts first.",
    "Ask them",
)


def build_answer_buttons(answer: Answer, question_key: str, is_private: bool = False) -> list[Block]:
    """Feedback where something was answered, then what one may do with it; a private answer can be shared."""
    buttons = [build_button("Share with the channel", SHARE, question_key, "primary")] if is_private else []
    buttons += [build_button("Show the passages", PASSAGES, question_key)] if answer.citations else []
    buttons.append(build_button("Why?", WHY, question_key, spoken="Why this answer?"))
    if not is_private and any(near.owner for near in answer.nearest):
        buttons.append(build_button("Ask someone who knows", ASK_OWNER, question_key, confirm=_CONFIRM_OWNER))
    # Feedback buttons are for messages that stay; an ephemeral one gets plain buttons.
    feedback = build_vote_buttons(question_key) if is_private else build_feedback(question_key)
    return [*([feedback] if answer.is_grounded else []), {"type": "actions", "elements": buttons}]


def build_direct_offer(question_key: str) -> Block:
    """The way to a direct message."""
    return {"type": "actions", "elements": [build_button("Ask in a direct message", ASK_DIRECT, question_key)]}


# Slack takes about 13,000 characters in a message: these add up to less, whatever stands in an answer.
_MOST_SECTIONS = 2
_SENTENCE_CHARACTERS = SECTION_CHARACTERS - 100  # the marks of its citations follow
_REASON_CHARACTERS = 1000
_PUBLIC_NOTE = "Answered from public documents only."
_CHANNEL_NOTE = f"{_PUBLIC_NOTE} In a direct message I can use internal ones too."


def build_answer_blocks(
    answer: Answer,
    audience: Audience,
    today: date,
    is_direct: bool = False,
    question_key: str = "",
    is_private: bool = False,
) -> list[Block]:
    """The sentences, what their numbers mean, what a reader should know, and buttons to vote, look closer and ask on.

    `question_key` is what a vote is kept under; without it there are no buttons. A private answer is one that only
    the person who asked sees.
    """
    blocks = _build_body(answer, today) if answer.is_grounded else [build_section(escape(answer.answer))]
    if audience is Audience.PUBLIC and answer.writer != COUNTS_WRITER:
        # Whoever is answered like this in a direct message is a guest, whom nothing internal is for.
        blocks.append(build_context(_PUBLIC_NOTE if is_direct or is_private else _CHANNEL_NOTE))
    return [*blocks, *(build_answer_buttons(answer, question_key, is_private) if question_key else [])]


def _build_body(answer: Answer, today: date) -> list[Block]:
    texts = [escape(sentence.text) for sentence in answer.sentences]
    lines = [cut(text, _SENTENCE_CHARACTERS) + _mark(s) for text, s in zip(texts, answer.sentences, strict=True)]
    sections, kept = _fill_sections(lines)
    is_cut = any(len(text) > _SENTENCE_CHARACTERS for text in texts[:kept])
    sources = join_sources(describe_answer_sources(_keep(answer, kept), today), SECTION_CHARACTERS)
    notes = [_describe_rest(len(lines) - kept, is_cut), sources, cut(escape(answer.reason), _REASON_CHARACTERS)]
    return [*map(build_section, sections), *(build_context(note) for note in notes if note)]


def _mark(sentence: Sentence) -> str:
    return "".join(f" [{number}]" for number in sentence.citations)


def _fill_sections(lines: Sequence[str]) -> tuple[list[str], int]:
    """The texts of the sections, and how many lines found room in them."""
    sections = [""]
    for number, line in enumerate(lines):
        joined = f"{sections[-1]}\n{line}" if sections[-1] else cut(line, SECTION_CHARACTERS)
        if len(joined) <= SECTION_CHARACTERS:
            sections[-1] = joined
        elif len(sections) < _MOST_SECTIONS:
            sections.append(cut(line, SECTION_CHARACTERS))
        else:
            return sections, number
    return sections, len(lines)


def _keep(answer: Answer, count: int) -> Answer:
    """The answer with its first sentences only, and the citations that they rest on."""
    if count == len(answer.sentences):
        return answer
    sentences = answer.sentences[:count]
    numbers = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(citation for citation in answer.citations if citation.number in numbers)
    return replace(answer, sentences=sentences, citations=citations)


def _describe_rest(left_out: int, is_cut: bool) -> str:
    missing = [f"{left_out} more sentence{'s'[: left_out != 1]}"] if left_out else []
    missing += ["the end of a long sentence"] if is_cut else []
    return f"Not shown here: {' and '.join(missing)}. `earshot ask` prints the whole answer." if missing else ""
