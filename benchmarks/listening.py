"""Speed of posts from a file to analysed, embedded and searchable, and the share of embedding."""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np

from assistant.app import Assistant
from assistant.cli.collect import collect_posts
from assistant.core.config import Settings
from assistant.listening.networks.file import read_posts
from benchmarks.heartbeat import Heartbeat

_BATCH = 500
_DAYS = 30
_SEARCHES = 40
_HOSTILE, _LONG = 200, 20_000
_UNITS = ("\n", "-", "😡 ", "<!-- ", "{{a ", "a@b ", "![ ", "1. ", "` ", "please write ", "_a ", "자 ")


def measure_listening(folder: Path, posts: Path, counts: Sequence[int]) -> list[tuple[object, ...]]:
    """A row a count, each in a process and a home of its own: seconds, embedding alone, peak memory, search p95, the
    longest time that no other thread ran. Two hundred hostile posts come in between.

    Where the file has fewer posts they come again with a number behind, over the last days.
    """
    return [_measure_in_process(folder / f"posts-{count}", posts, count) for count in counts]


def _measure_in_process(home: Path, posts: Path, count: int) -> tuple[object, ...]:
    home.mkdir(parents=True)
    file = home / "posts.jsonl"
    write_posts(posts, file, count)
    done = subprocess.run(  # noqa: S603  # our own program, with words of our own
        [sys.executable, "-m", __name__, str(home), str(file)], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    ratio = told["seconds"] / told["embedding"]
    return (
        f"{count:,}",
        f"{told['seconds']:.0f}",
        f"{told['embedding']:.0f}",
        f"{ratio:.2f}x",
        f"{count / told['seconds']:.0f}",
        f"{told['peak_mb']:.0f}",
        f"{told['search_p95_ms']:.0f}",
        f"{told['gap_ms']:.0f}",
    )


def write_posts(posts: Path, file: Path, count: int) -> None:
    """Posts of a file with new ids over thirty days; where there are too few they come again with a number behind."""
    texts = [post.text for post in read_posts(posts) if hasattr(post, "text")]
    end = datetime(2026, 11, 30, tzinfo=UTC)
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            again = number // len(texts)
            text = texts[number % len(texts)] + (f" ({again})" if again else "")
            at = end - timedelta(days=_DAYS * (count - number) / count)
            line = {"id": str(number), "author": f"person-{number % (count // 3 + 1)}", "text": text}
            out.write(json.dumps({**line, "created_at": at.isoformat()}) + "\n")
            if number % max(1, count // _HOSTILE) == 0:
                unit = _UNITS[number % len(_UNITS)]
                hostile = {**line, "id": f"hostile-{number}", "text": f"How do I pause? {unit * 10_000}"[:_LONG]}
                out.write(json.dumps({**hostile, "created_at": at.isoformat()}) + "\n")


def _measure(home: Path, file: Path) -> dict[str, float]:
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    assistant = Assistant(Settings.model_validate({"earshot_home": home, "earshot_chroma_url": ""}))
    for embedder in (assistant.knowledge.embedder, assistant.knowledge.post_embedder):
        embedder.embed(texts[:32])  # loads the models, as the service does before it takes anything in
    assistant.listening.analyser.warm_up()
    begin = perf_counter()
    for start in range(0, len(texts), _BATCH):
        assistant.knowledge.embedder.embed(texts[start : start + _BATCH])
    embedding = perf_counter() - begin
    begin = perf_counter()
    with Heartbeat() as heart:
        collect_posts(
            assistant.home, assistant.listening, assistant.replies, assistant.privacy, "", file, lambda text: None
        )
    seconds = perf_counter() - begin
    times = []
    for text in texts[:: max(1, len(texts) // _SEARCHES)]:
        begin = perf_counter()
        assistant.listening.mention_index.search(text, datetime(2026, 11, 1, tzinfo=UTC), 10)
        times.append(perf_counter() - begin)
    return {
        "seconds": seconds,
        "gap_ms": heart.longest * 1000,
        "embedding": embedding,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "search_p95_ms": float(np.percentile(times[5:], 95)) * 1000,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(Path(sys.argv[1]), Path(sys.argv[2]))))
