"""The verdicts on answers as people read them: shares in a table, and every answer one by one, as JSONL or a page."""

import html
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from evals.rubric import JudgedAnswer, Verdict

COLUMNS = (
    "group",
    "questions",
    "right",
    "partly",
    "wrong",
    "wrongly refused",
    "rightly refused",
    "right or partly",
    "characters",
)
_STYLE = (
    "body{font:15px/1.45 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid #ccc}"
    "pre{white-space:pre-wrap;background:#f6f6f6;padding:.6rem}.right,.rightly_refused{color:#17692f}"
    ".partly{color:#8a5a00}.wrong,.wrongly_refused{color:#a3171b}small{color:#555}"
)


def build_rows(name: str, judged: Sequence[JudgedAnswer]) -> list[tuple[object, ...]]:
    """Return a row for each half of the set, one for all of it where both were asked, and one for each kind.

    The last column is the median length of the answers that were given.
    """
    splits = dict.fromkeys(each.question.split for each in judged)
    groups = {f"{name} {split}": [e for e in judged if e.question.split is split] for split in sorted(splits)}
    if len(groups) > 1:
        groups[f"{name} all"] = list(judged)
    for kind in dict.fromkeys(each.question.kind for each in judged):
        groups[f"  {kind}"] = [each for each in judged if each.question.kind is kind]
    return [_to_row(group, members) for group, members in groups.items()]


def count_verdicts(judged: Sequence[JudgedAnswer]) -> dict[str, int]:
    """Return how often each verdict was given, those that were not included."""
    counts = Counter(each.verdict for each in judged)
    return {verdict.value: counts[verdict] for verdict in Verdict}


def _to_row(group: str, judged: Sequence[JudgedAnswer]) -> tuple[object, ...]:
    counts = count_verdicts(judged)
    cells = [f"{count} ({count / len(judged):.0%})" for count in counts.values()]
    helped = counts[Verdict.RIGHT] + counts[Verdict.PARTLY]
    lengths = [len(each.answer.text) for each in judged if each.answer.is_grounded]
    return (group, len(judged), *cells, f"{helped / len(judged):.0%}", f"{median(lengths):.0f}" if lengths else "–")


def write_answers(path: Path, judged: Sequence[JudgedAnswer]) -> None:
    """Write every question with its answer and verdict, as a page where the name ends in .html, else as JSONL."""
    lines = _to_page(judged) if path.suffix == ".html" else map(_to_json, judged)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _to_json(each: JudgedAnswer) -> str:
    asked, answer = each.question, each.answer
    line = {
        "id": asked.question_id,
        "split": asked.split,
        "kind": asked.kind,
        "question": asked.question,
        "truth": asked.truth,
        "page": asked.pages,
        "verdict": each.verdict,
        "reason": each.reason,
        "answer": answer.text,
        "is_grounded": answer.is_grounded,
        "look": answer.look,
        "cited": answer.pages,
        "nearest": answer.nearest,
    }
    return json.dumps(line, ensure_ascii=False)


def _to_page(judged: Sequence[JudgedAnswer]) -> Iterator[str]:
    """Yield an HTML page, the worst verdicts first."""
    yield f'<!doctype html><meta charset="utf-8"><title>Answers</title><style>{_STYLE}</style><h1>Answers</h1>'
    worst = (Verdict.WRONG, Verdict.WRONGLY_REFUSED, Verdict.PARTLY, Verdict.RIGHT, Verdict.RIGHTLY_REFUSED)
    for each in sorted(judged, key=lambda one: worst.index(one.verdict)):
        asked, answer = each.question, each.answer
        said = "".join(f"<p><small>{html.escape(f'{turn.role}: {turn.text}')}</small></p>" for turn in asked.history)
        about = f"{asked.question_id} · {asked.kind} · {asked.who} in {asked.where} · readers: {asked.audience}"
        yield f"<article><p><small>{html.escape(about)}</small></p>{said}<h3>{html.escape(asked.question)}</h3>"
        yield f'<p><b class="{each.verdict}">{each.verdict.replace("_", " ")}</b>: {html.escape(each.reason)}</p>'
        yield f"<pre>{html.escape(answer.text)}</pre><p><small>cited: {html.escape(', '.join(answer.pages) or 'none')}"
        yield f"<br>truth: {html.escape(asked.truth)} ({html.escape(', '.join(asked.pages) or 'no page')})</small></p>"
        yield "</article>"
