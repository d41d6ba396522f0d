"""Commands of lessons: list, try, undo, weeks."""

import getpass
from datetime import timedelta
from typing import Annotated

import typer

from assistant.cli.options import AsJson, By, open_assistant
from assistant.cli.output import print_json, print_table, say
from assistant.domain import Lesson, LessonStatus
from assistant.replies.drafting.lessons import describe_advice
from assistant.replies.lessons.trial import LEAST_CASES
from assistant.reports.figures import week_of
from assistant.reports.figures.drafts import measure_weeks

LessonId = Annotated[int, typer.Argument(help="The lesson's number; earshot lessons list shows them.", min=1)]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program as `lessons …`."""
    lessons = typer.Typer(help="What people's edits and refusals taught the drafts.", no_args_is_help=True)
    lessons.command("list")(list_lessons)
    lessons.command("try")(try_out)
    for command in (undo, weeks):
        lessons.command()(command)
    app.add_typer(lessons, name="lessons")


def list_lessons(
    ctx: typer.Context,
    is_all: Annotated[bool, typer.Option("--all", help="Also what was seen once, and edits without a rule.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the lessons: kept, dropped, undone, and those that wait, with what their trials said."""
    assistant = open_assistant(ctx)
    assistant.replies.learning.learn(assistant.clock())
    lessons = assistant.replies.lessons.list_with()
    if as_json:
        print_json({"lessons": lessons})
        return
    shown = [one for one in lessons if is_all or (one.status is not LessonStatus.NOTED and one.drafts > 1)]
    if not shown:
        say("No lesson yet. Three drafts that people change alike make one; --all also shows what was seen once.")
    _print_lessons(shown)
    if left_out := len(lessons) - len(shown):
        say(
            f"{left_out} more were seen once, or hold nothing that a draft could follow: --all shows them.", style="dim"
        )


def try_out(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Replay past drafts with every lesson that waits; keep those that bring drafts nearer to what is approved."""
    assistant = open_assistant(ctx)
    tried = assistant.replies.learning.try_out(assistant.clock())
    if as_json:
        print_json({"lessons": tried})
        return
    _print_lessons(tried)
    if not tried:
        say("Nothing to try: no lesson has enough drafts yet that it would change. earshot lessons list --all")


def undo(ctx: typer.Context, lesson_id: LessonId, by: By = "", as_json: AsJson = False) -> None:
    """Remove a lesson for good: drafts no longer follow it, and it is not tried again."""
    assistant = open_assistant(ctx)
    lesson = assistant.replies.learning.undo(lesson_id, by or getpass.getuser(), assistant.clock())
    if as_json:
        print_json({"lesson": lesson})
    else:
        say(f"Lesson {lesson_id} is undone: {_describe(lesson)}")


def weeks(
    ctx: typer.Context,
    count: Annotated[int, typer.Option(min=1, max=104, help="How many weeks, this one included.")] = 8,
    as_json: AsJson = False,
) -> None:
    """Show, week by week, which share of drafts was sent unedited, and how far the approved were from the proposed."""
    assistant = open_assistant(ctx)
    zone, now = assistant.settings.zone, assistant.clock()
    periods = [week_of(now - timedelta(weeks=back), zone) for back in reversed(range(count))]
    figures = measure_weeks(assistant.reports.measuring, periods)
    if as_json:
        print_json({"weeks": figures})
        return
    print_table(
        ("week", "approved", "unedited", "mean edit distance"),
        [(one.week, one.approved, _show(one.unedited_share), _show(one.edit_distance)) for one in figures],
    )
    say(
        "The distance is of words, from 0 % (as proposed) to 100 %; drafts that nobody edited count as 0 %.",
        style="dim",
    )


def _print_lessons(lessons: list[Lesson]) -> None:
    rows: list[tuple[object, ...]] = [
        (one.lesson_id, one.status, one.scope, one.drafts, _tell_trial(one), f"{one.kind}: {_describe(one)}")
        for one in sorted(lessons, key=lambda one: (_SHOWN.index(one.status), one.lesson_id))
    ]
    if rows:
        print_table(("lesson", "status", "where", "drafts", "cases: distance", "what"), rows)


def _tell_trial(lesson: Lesson) -> str:
    trial = lesson.trial
    if lesson.status in _TRIED:
        return f"{trial.cases}: {trial.before:.3f} → {trial.after:.3f}"
    return f"{trial.cases} of {LEAST_CASES}" if lesson.status is LessonStatus.WAITING else ""


def _describe(lesson: Lesson) -> str:
    said = describe_advice(lesson.advice) if lesson.advice else "People changed this; there is no rule in it."
    return f"{said} {lesson.trial.reason}" if lesson.status is LessonStatus.DROPPED else said


def _show(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


_TRIED = (LessonStatus.KEPT, LessonStatus.DROPPED, LessonStatus.UNDONE)
_SHOWN = (*_TRIED, LessonStatus.WAITING, LessonStatus.NOTED)
