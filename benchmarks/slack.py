"""Earshot under load in Slack: its acks, its answers, and whether any is lost or given twice."""

import json
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from benchmarks.listening import write_posts
from benchmarks.slack_rig import CHANNELS, REVIEW, Asked, Rig, count_refusals, percentile, read_times, running_rig

Row = tuple[object, ...]
_ASKERS = 10
_RATES = (1, 2, 3, 4, 6, 8, 12, 16)
_RATE_SECONDS = 15
_PATIENCE_SECONDS = 3.0
_ANSWER_SECONDS = 120
_EVENTS_A_SECOND = 4
_DISCONNECTS, _KILLS = 3, 2
_SEED = 1
_FUZZED = (
    "🚲👩🏽‍🔧🇵🇱" * 300,
    "שלום \u202e עולם \u2067مرحبا " * 50,
    "x" * 40_000,
    "word " * 8_000,
    "*bold* _it_ ~no~ `code` ```fence``` > quote :tada: <!channel> <@U0ASKER0> <https://evil.example|our site>",
    "Z̸̡̛͖͇̱̲̈́͒a̷̢͎̫͋l̴̰͛g̷̺̓ő̶" * 60,
    "&" * 39_000,
    "`>\n" * 3_000,
    " \u200b\u00ad ",
)


def measure_slack(folder: Path, root: Path, chunks: int, mentions: int, events: int) -> list[Row]:
    """A row a figure: what, how much of it, and the figure."""
    questions = _read_questions(root / "examples" / "questions.jsonl")
    home = folder / "home"
    home.mkdir(parents=True)
    with running_rig(home, root / "knowledge") as rig:
        rig.prepare(chunks)
        rig.start()
        return [
            *_measure_answers(rig, questions, min(events, 100)),
            *_measure_acks(rig, questions, _make_posts(folder, root, mentions), mentions),
            *_measure_rates(rig, questions),
            *_measure_payloads(rig, folder),
            *_measure_faults(rig, questions, events),
        ]


def _read_questions(path: Path) -> list[str]:
    return [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]


def _make_posts(folder: Path, root: Path, count: int) -> Path:
    file = folder / "posts.jsonl"
    write_posts(root / "examples" / "week.jsonl", file, count)
    return file


def _measure_answers(rig: Rig, questions: list[str], count: int) -> list[Row]:
    """One question after the other."""
    asked: list[Asked] = []
    for text, channel, _ in zip(cycle(questions), cycle(CHANNELS), range(count + 1), strict=False):
        asked.append(rig.ask(channel, text))
        rig.wait_for_answers(asked[-1:], _ANSWER_SECONDS)
    times = read_times(rig, asked[1:])  # the first one warms up
    return [
        ("first sign, p95", f"{count} questions, one by one", f"{percentile(times.first_signs, 95):.2f} s"),
        ("answer, p95", f"{count} questions, one by one", f"{percentile(times.answers, 95):.2f} s"),
    ]


def _measure_acks(rig: Rig, questions: list[str], posts: Path, count: int) -> list[Row]:
    """Ten people ask without a pause, each after the last answer, while posts are taken in, sorted and embedded."""
    stopping = threading.Event()
    asked: list[Asked] = []

    def keep_asking(channel: str, mine: list[str]) -> None:
        for text in cycle(mine):
            if stopping.is_set():
                return
            asked.append(rig.ask(channel, text))
            rig.wait_for_answers(asked[-1:] and [asked[-1]], _ANSWER_SECONDS)

    begun = len(rig.slack.journal.deliveries)
    people = [
        threading.Thread(target=keep_asking, args=(CHANNELS[n], questions[n::_ASKERS]), daemon=True)
        for n in range(_ASKERS)
    ]
    for person in people:
        person.start()
    seconds = rig.order("posts", str(posts))
    stopping.set()
    for person in people:
        person.join(_ANSWER_SECONDS)
    deliveries = rig.slack.journal.deliveries[begun:]
    latencies = [one.latency if one.latency is not None else float("inf") for one in deliveries]
    times = read_times(rig, asked)
    how = f"10 ask, {count:,} posts come in within {seconds:.0f} s"
    return [
        ("ack, p50", how, f"{percentile(latencies, 50) * 1000:.0f} ms"),
        ("ack, p99", f"{len(latencies):,} events", f"{percentile(latencies, 99) * 1000:.0f} ms"),
        ("first sign, p95", f"{len(asked)} questions meanwhile", f"{percentile(times.first_signs, 95):.2f} s"),
        ("answer, p95", f"{len(asked)} questions meanwhile", f"{percentile(times.answers, 95):.2f} s"),
    ]


def _measure_rates(rig: Rig, questions: list[str]) -> list[Row]:
    """More and more questions a second, until one in twenty waits longer than three seconds."""
    rows: list[Row] = []
    for rate in _RATES:
        before, began = rig.cpu_seconds(), time.monotonic()
        asked = _ask_at(rig, questions, rate, rate * _RATE_SECONDS)
        rig.wait_for_answers(asked, _ANSWER_SECONDS)
        after, seconds = rig.cpu_seconds(), time.monotonic() - began
        p95 = percentile(read_times(rig, asked).answers, 95)
        cores = "" if before is None or after is None else f", {(after - before) / seconds:.1f} cores"
        rows.append((f"{rate} questions a second", f"for {_RATE_SECONDS} s{cores}", f"answer p95 {p95:.2f} s"))
        if p95 > _PATIENCE_SECONDS:
            break
    return rows


def _ask_at(rig: Rig, questions: list[str], rate: float, count: int) -> list[Asked]:
    asked: list[Asked] = []
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        asked.append(rig.ask(CHANNELS[number % len(CHANNELS)], questions[number % len(questions)]))
    return asked


def _measure_payloads(rig: Rig, folder: Path) -> list[Row]:
    """Cards for posts, and answers to questions, that hold what breaks other programs."""
    file = folder / "fuzzed.jsonl"
    at = datetime.now(UTC).isoformat()
    posts = [
        {"id": f"fuzzed-{n}", "author": text[:80] or "x", "text": f"How do I pause my plan? {text}", "created_at": at}
        for n, text in enumerate(_FUZZED)
    ]
    file.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    before = len(rig.slack.bot_messages(REVIEW))
    rig.order("posts", str(file))
    rig.order("cards")
    asked = [rig.ask(CHANNELS[n], text[:12_000]) for n, text in enumerate(_FUZZED)]
    rig.wait_for_answers(asked, _ANSWER_SECONDS)
    cards, answered = len(rig.slack.bot_messages(REVIEW)) - before, sum(map(bool, map(rig.answers_of, asked)))
    refused = count_refusals(rig)
    told = ", ".join(f"{count} {code}" for code, count in refused.items())
    how = f"{cards} cards, {answered} of {len(asked)} fuzzed questions answered, {len(rig.slack.journal.calls):,} calls"
    return [("payloads refused", how, told or "0")]


def _measure_faults(rig: Rig, questions: list[str], count: int) -> list[Row]:
    """Events doubled, sent again, cut off and killed: each question is to be answered once."""
    rng = random.Random(_SEED)  # noqa: S311  # which events are doubled is no secret
    places = rng.sample(range(count // 10, count), _DISCONNECTS + _KILLS)
    cuts, kills = places[:_DISCONNECTS], places[_DISCONNECTS:]
    asked: list[Asked] = []
    for number in range(count):
        if rng.random() < 0.1:
            rig.slack.duplicate_next_event()
        asked.append(rig.ask(CHANNELS[number % len(CHANNELS)], questions[number % len(questions)]))
        if rng.random() < 0.05:
            rig.slack.redeliver()
        if number in cuts:
            rig.slack.disconnect(hard=number != cuts[0])
        if number in kills:
            rig.kill()
            rig.start()
        time.sleep(1 / _EVENTS_A_SECOND)
    rig.wait_for_answers(asked, _ANSWER_SECONDS)
    time.sleep(_PATIENCE_SECONDS)  # for an answer too many
    counts = Counter(map(rig.answers_of, asked))
    twice = sum(times for answers, times in counts.items() if answers > 1)
    how = f"{count} events, 10 % doubled, 5 % sent again, {_DISCONNECTS} disconnects, {_KILLS} kill -9"
    return [("answered once, twice, never", how, f"{counts[1]}, {twice}, {counts[0]}")]
