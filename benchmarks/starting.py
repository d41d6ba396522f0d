"""Start-up time of the program, as a person at a terminal meets it."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

_RUNS = 5
_PROGRAM = Path(sys.executable).with_name("earshot")


def measure_starts(home: Path, knowledge: Path) -> list[tuple[object, ...]]:
    """A row a command: seconds to its first output and to its end, the medians of five runs on warm files."""
    environment = {**os.environ, "EARSHOT_HOME": str(home)}
    _run(["ingest", str(knowledge)], environment)
    rows = list[tuple[object, ...]]()
    for words in (["--help"], ["ask", "How do customers pause their plan?"]):
        runs = [_run(words, environment) for _ in range(_RUNS + 1)][1:]
        first, end = (median(seconds) for seconds in zip(*runs, strict=True))
        rows.append((f"earshot {words[0]}", f"{first:.2f}", f"{end:.2f}"))
    return rows


def _run(words: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds to the first byte on either stream and to the end."""
    start = perf_counter()
    with subprocess.Popen(  # noqa: S603  # our own program, with words of our own
        [str(_PROGRAM), *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        if process.stdout is None:
            raise RuntimeError("there is no pipe to read from")
        process.stdout.read(1)
        first = perf_counter() - start
        process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"earshot {' '.join(words)} failed")
    return first, perf_counter() - start
