"""Answers in Slack: pure functions from an Answer to blocks that always fit one message.

The buttons under an answer; each carries the key of its question.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Audience
from assistant.knowledge.answers.lines import AnswerLine, name_place, read_lines
from assistant.knowledge.tables.proposals import Proposal
from assistant.listening.insights.answers import COUNTS_WRITER
from assistant.slack.answers.votes import build_feedback, build_vote_buttons
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_confirm,
    build_context,
    build_link,
    build_section,
    cut,
    escape,
    escape_line,
)
from assistant.slack.client.sources import describe_answer_sources, join_sources, tell_rest_in

PASSAGES, WHY, ASK_OWNER, SHARE, ASK_DIRECT = "show_passages", "show_why", "ask_owner", "share_answer", "ask_in_direct"
SHARE_ELSEWHERE, SHARE_WHERE = "share_elsewhere", "share_where"
FOLLOW_UP = "follow_up"
MOST_FOLLOW_UPS = 3


@dataclass(frozen=True)
class FollowUpOffer:
    """A question that the same documents answer: what its button says, and what is asked."""

    label: str
    question: str


def build_follow_ups(follow_ups: Sequence[FollowUpOffer], wording: Wording) -> list[Block]:
    """What else these documents answer, each as a button that asks it."""
    buttons = [
        build_button(cut(one.label, 75), f"{FOLLOW_UP}.{number}", one.question[:1500])
        for number, one in enumerate(follow_ups[:MOST_FOLLOW_UPS])
    ]
    return [build_context(wording.say(Say.ALSO_HERE)), {"type": "actions", "elements": buttons}] if buttons else []


def build_standard_answer(proposal: Proposal) -> list[Block]:
    """What a colleague wrote for this question, with their name and the day."""
    lines = "\n".join(f"&gt; {escape(line)}" for line in proposal.text.splitlines())
    thread = f" · {build_link('the thread', proposal.url)}" if proposal.url else ""
    name = escape_line(proposal.author_name, 80)
    told = f":bookmark: Standard answer by {name}, {proposal.proposed_at:%Y-%m-%d}{thread}"
    return [build_section(cut(lines, SECTION_CHARACTERS)), build_context(told)]


def build_answer_buttons(answer: Answer, wording: Wording, question_key: str, is_private: bool = False) -> list[Block]:
    """Feedback where something was answered, then what one may do with it; a private answer can be shared."""
    say, is_share = wording.say, is_private and answer.is_grounded
    buttons = [build_button(say(Say.BUTTON_SHARE), SHARE, question_key, "primary")] if is_share else []
    buttons += [build_button(say(Say.BUTTON_PASSAGES), PASSAGES, question_key)] if answer.citations else []
    buttons.append(build_button(say(Say.BUTTON_WHY), WHY, question_key, spoken=say(Say.BUTTON_WHY_SPOKEN)))
    if not is_private:
        label = say(Say.BUTTON_ASK_OWNER)
        confirm = build_confirm(label, say(Say.CONFIRM_OWNER), say(Say.CONFIRM_OWNER_YES), say(Say.CONFIRM_NO))
        buttons.append(build_button(label, ASK_OWNER, question_key, confirm=confirm))
        if answer.is_grounded:
            buttons.append(build_button(say(Say.BUTTON_SHARE_ELSEWHERE), SHARE_ELSEWHERE, question_key))
    # Feedback buttons are for messages that stay; an ephemeral one gets plain buttons.
    feedback = build_vote_buttons(question_key, wording) if is_private else build_feedback(question_key, wording)
    return [*([feedback] if answer.is_grounded else []), {"type": "actions", "elements": buttons}]


def build_share_form(question_key: str, origin: str, wording: Wording) -> Block:
    """A form that asks for the channel to share an answer with; `origin` is the channel that it is in."""
    say = wording.say
    shown = {"include": ["public", "private"], "exclude_external_shared_channels": True}
    select = {"type": "conversations_select", "action_id": SHARE_WHERE, "filter": shown}
    label = {"type": "plain_text", "text": say(Say.SHARE_WHERE)}
    hint = {"type": "plain_text", "text": say(Say.SHARE_HINT)}
    return {
        "type": "modal",
        "callback_id": SHARE_ELSEWHERE,
        "private_metadata": json.dumps([question_key, origin]),
        "title": {"type": "plain_text", "text": say(Say.SHARE_TITLE)},
        "submit": {"type": "plain_text", "text": say(Say.BUTTON_SHARE_ELSEWHERE).rstrip("…")},
        "close": {"type": "plain_text", "text": say(Say.SHARE_CANCEL)},
        "blocks": [{"type": "input", "block_id": SHARE_WHERE, "label": label, "hint": hint, "element": select}],
    }


def read_share(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """The question of a form, the channel that it was opened in, and the one that was chosen."""
    question_key, origin = json.loads(view["private_metadata"])
    chosen = view["state"]["values"][SHARE_WHERE][SHARE_WHERE]
    return str(question_key), str(origin), str(chosen["selected_conversation"])


def build_direct_offer(question_key: str, wording: Wording) -> Block:
    """The way to a direct message."""
    button = build_button(wording.say(Say.BUTTON_DIRECT), ASK_DIRECT, question_key)
    return {"type": "actions", "elements": [button]}


# Slack takes about 13,000 characters in a message: these add up to less, whatever stands in an answer.
_MOST_SECTIONS = 2
_HEADING_CHARACTERS = 300
_SENTENCE_CHARACTERS = SECTION_CHARACTERS - _HEADING_CHARACTERS - 150  # its heading and marks stand around it
_BULLET = re.compile(r"^(?:[•*-]|\d+[.)])\s+")
_REASON_CHARACTERS = 1000


def build_answer_blocks(
    answer: Answer,
    audience: Audience,
    today: date,
    wording: Wording,
    is_direct: bool = False,
    question_key: str = "",
    is_private: bool = False,
) -> list[Block]:
    """The sentences, what their numbers mean, what a reader should know, and buttons to vote, look closer and ask on.

    `question_key` is what a vote is kept under; without it there are no buttons. A private answer is one that only
    the person who asked sees.
    """
    blocks = _build_body(answer, today, wording) if answer.is_grounded else [build_section(escape(answer.answer))]
    if audience is Audience.PUBLIC and answer.writer != COUNTS_WRITER:
        # Whoever is answered like this in a direct message is a guest, whom nothing internal is for.
        more = [] if is_direct or is_private else [wording.say(Say.MORE_IN_DIRECT)]
        blocks.append(build_context(" ".join([wording.say(Say.PUBLIC_ONLY), *more])))
    return [*blocks, *(build_answer_buttons(answer, wording, question_key, is_private) if question_key else [])]


def _build_body(answer: Answer, today: date, wording: Wording) -> list[Block]:
    shown = list(read_lines(answer.sentences, wording))
    texts = [_embolden(escape(line.text), line.keys) for line in shown]
    lines = [
        _head(line, wording) + cut(text, _SENTENCE_CHARACTERS) + _mark(line)
        for text, line in zip(texts, shown, strict=True)
    ]
    sections, kept = _fill_sections(lines)
    is_cut = any(len(text) > _SENTENCE_CHARACTERS for text in texts[:kept])
    described = describe_answer_sources(_keep(answer, kept), today, wording)
    sources = join_sources(described, SECTION_CHARACTERS, tell_rest_in(wording))
    rest = _describe_rest(len(lines) - kept, is_cut, wording)
    notes = [rest, sources, cut(escape(answer.reason), _REASON_CHARACTERS)]
    return [*map(build_section, sections), *(build_context(note) for note in notes if note)]


def _head(line: AnswerLine, wording: Wording) -> str:
    return f"_{name_place(line, wording, escape_line(line.heading, _HEADING_CHARACTERS))}_\n" if line.heading else ""


def _embolden(text: str, keys: Sequence[str]) -> str:
    """Slack's bold ends at a line's end, and shows its own sign where that stands in the words."""
    for key in keys:
        words = escape(_BULLET.sub("", key))
        if "*" not in words and "\n" not in words and "`" not in words:
            text = text.replace(words, f"*{words}*", 1)
    return text


def _mark(line: AnswerLine) -> str:
    return "".join(f" [{number}]" for number in line.marks)


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


def _describe_rest(left_out: int, is_cut: bool, wording: Wording) -> str:
    missing = [wording.say(Say.SENTENCES_NOT_SHOWN, count=left_out)] if left_out else []
    missing += [wording.say(Say.SENTENCE_CUT)] if is_cut else []
    return " ".join(missing)
