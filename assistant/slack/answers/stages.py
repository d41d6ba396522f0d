"""What is done for an answer, as task cards of its stream: each stage once it has happened, and never a word of it."""

from collections.abc import Callable

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Stage, StageKind
from assistant.slack.client.blocks import Block

_SAID = {
    StageKind.SEARCHED: Say.STAGE_SEARCHED,
    StageKind.FIT: Say.STAGE_FIT,
    StageKind.WRITING: Say.STAGE_WRITING,
    StageKind.CHECKED: Say.STAGE_CHECKED,
    StageKind.LEFT_OUT: Say.STAGE_LEFT_OUT,
}


class LiveStages:
    """Shows the stages while a model writes, which takes a while; what is quick is shown with the answer."""

    def __init__(self, show: Callable[[list[Block]], bool], wording: Wording) -> None:
        self._show = show
        self._wording = wording
        self._waiting: list[Block] = []
        self._is_shown = True

    def tell(self, stage: Stage) -> None:
        """Show a stage as soon as there is a stream for it; where Slack takes none, nothing."""
        self._waiting.append(_build_card(stage, self._wording))
        has_begun = stage.kind not in (StageKind.SEARCHED, StageKind.FIT)
        if has_begun and self._is_shown:
            self._is_shown = self._show(self._waiting)
            self._waiting = []


def list_cards(answer: Answer, wording: Wording) -> tuple[Block, ...]:
    """What was really done for an answer, from its trace; nothing for what was counted from posts."""
    trace = answer.trace
    if trace is None or not answer.is_grounded:
        return ()
    stages = [
        Stage(StageKind.SEARCHED, trace.chunks),
        Stage(StageKind.FIT, len(trace.found)),
        Stage(StageKind.CHECKED, len(answer.sentences) + len(trace.dropped)),
    ]
    stages += [Stage(StageKind.LEFT_OUT, len(trace.dropped))] if trace.dropped else []
    return tuple(_build_card(stage, wording) for stage in stages)


def _build_card(stage: Stage, wording: Wording) -> Block:
    """Writing becomes checked: both are one card."""
    title, is_writing = wording.say(_SAID[stage.kind], count=stage.count), stage.kind is StageKind.WRITING
    card_id = StageKind.CHECKED if is_writing else stage.kind
    status = "in_progress" if is_writing else "complete"
    return {"type": "task_update", "id": card_id, "title": title[:1].upper() + title[1:], "status": status}
