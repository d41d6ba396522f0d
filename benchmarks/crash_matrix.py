"""Kills a send with kill -9 at each step, by each sender, restarts it, and counts the replies: a table of the result.

python -m benchmarks.crash_matrix
"""

import signal
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"


def main() -> None:
    """Print a Markdown table: how often the reply stands on the platform after the restart; 1 everywhere is right."""
    sys.path.insert(0, str(TESTS))
    from crash_driver import MATRIX
    from networks.platforms import PLATFORMS

    rows = {name: _count(name) for name in PLATFORMS}
    rows["file"] = _count_file()
    places = list(dict.fromkeys((*MATRIX, *rows["file"])))
    print(f"| killed at | {' | '.join(rows)} |")  # noqa: T201
    print(f"|---|{'---|' * len(rows)}")  # noqa: T201
    for place in places:
        print(f"| {place} | {' | '.join(str(row.get(place, '')) for row in rows.values())} |")  # noqa: T201
    counts = [count for row in rows.values() for count in row.values()]
    lost, double = sum(count == 0 for count in counts), sum(count > 1 for count in counts)
    print(f"\n{len(counts)} kills: {lost} lost, {double} double")  # noqa: T201


def _count(name: str) -> dict[str, int]:
    from fakes_reply import Desk
    from networks.platforms import PLATFORMS
    from networks.platforms.server import PlatformServer
    from test_crash_matrix import TEXT, count_after_restart, run_matrix

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        desk = Desk(home, {})
        desk.add_draft(TEXT, PLATFORMS[name].mention)
        desk.store.close()
        server = PlatformServer(PLATFORMS[name])
        found = {place: count_after_restart(copy, server) for place, copy in run_matrix(home, server)}
        server.close()
    return found


def _count_file() -> dict[str, int]:
    from crash_driver import PLACES, open_desk
    from test_crashes import TEXT, finish, read_outbox, run_driver

    found = {}
    for place in PLACES:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            open_desk(home).add_draft(TEXT)
            if run_driver(home, "one", place).returncode != -signal.SIGKILL:
                raise SystemExit(f"the process did not die at: {place}")
            finish(open_desk(home))
            found[place] = len(read_outbox(home))
    return found


if __name__ == "__main__":
    main()
