"""A Slack double, an `earshot run` against it, and what the double's journal says of how they got on."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.cli.demo_slack import load_double
from assistant.core.config import Settings

CHANNELS, REVIEW = [f"C0BENCH{number:02}" for number in range(40)], "C0REVIEW"
_ROOT = Path(__file__).resolve().parent.parent
_ASKER = "U0ASKER0"
_SERVICE = [sys.executable, "-m", "benchmarks.slack_service"]
_START_SECONDS = 180
# Slack sends an unacked event again at once, after one minute and after five; here after 12 and 60 seconds.
_RETRY_FACTOR = 0.2


@dataclass(frozen=True)
class Asked:
    """A question that was put: where, and when, on the monotonic clock."""

    channel: str
    ts: str
    at: float


class Rig:
    """The double `slack` and the process that serves it."""

    def __init__(self, home: Path, knowledge: Path, slack: Any) -> None:
        self.slack = slack
        self._environment = {
            **os.environ,
            **{name.upper(): "" for name in Settings.model_fields},
            "PYTHONPATH": str(_ROOT),
            "EARSHOT_HOME": str(home),
            "KNOWLEDGE_DIR": str(knowledge),
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "INTERNAL_CHANNELS": ",".join(CHANNELS),
            "REVIEW_CHANNEL": REVIEW,
            "COLLECT_SCHEDULE": "0 0 1 1 *",
            "DIGEST_SCHEDULE": "0 0 1 1 *",
        }
        # In a folder of its own, where no .env and no networks.yaml of the developer's is read.
        self._folder = home
        self._process: subprocess.Popen[str] | None = None

    def prepare(self, chunks: int) -> None:
        """Fill the home; in a process of its own, since whoever opened the index keeps it."""
        subprocess.run([*_SERVICE, "prepare", str(chunks)], env=self._environment, cwd=self._folder, check=True)  # noqa: S603

    def start(self) -> None:
        """Start the service and wait until it is connected."""
        opened = len(self.slack.journal.calls_to("apps.connections.open"))
        self._process = subprocess.Popen(  # noqa: S603
            [*_SERVICE, "run"],
            env=self._environment,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        opening = self.slack.journal.calls_to
        self.slack.wait_for(lambda: len(opening("apps.connections.open")) > opened, _START_SECONDS, "the start")
        self.slack.wait_for_connection(timeout=_START_SECONDS)

    def kill(self) -> None:
        """SIGKILL, as a crash."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def order(self, word: str, rest: str = "") -> float:
        """Let the service do something of its own, beside its work for Slack; the seconds that took."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the service was not started")
        process.stdin.write(f"{word} {rest}\n")
        process.stdin.flush()
        return float(process.stdout.readline().split()[1])

    def cpu_seconds(self) -> float | None:
        """Return the service's CPU seconds so far; None where the system does not say."""
        try:
            fields = (
                Path(f"/proc/{self._process.pid if self._process else 0}/stat").read_text().rsplit(")", 1)[1].split()
            )
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, channel: str, text: str) -> Asked:
        """A mention of the bot."""
        at = time.monotonic()
        return Asked(channel, self.slack.say(channel, _ASKER, f"<@{self.slack.bot_user_id}> {text}"), at)

    def answers_of(self, asked: Asked) -> int:
        """Count the bot's whole messages in the question's thread."""
        thread = self.slack.thread(asked.channel, asked.ts)
        return sum(bool(one.get("bot_id")) and one.get("streaming_state") != "in_progress" for one in thread)

    def wait_for_answers(self, questions: list[Asked], seconds: float) -> None:
        """Until each has one, or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not all(map(self.answers_of, questions)):
            time.sleep(0.1)


@contextmanager
def running_rig(home: Path, knowledge: Path) -> Iterator[Rig]:
    """A rig with an empty home; its process ends with it."""
    double = load_double()
    with double.SlackDouble(retry_factor=_RETRY_FACTOR) as slack:
        slack.add_user(_ASKER, "asker")
        for channel in (*CHANNELS, REVIEW):
            slack.add_channel(channel, channel.lower(), members=[_ASKER])
        rig = Rig(home, knowledge, slack)
        try:
            yield rig
        finally:
            rig.kill()


@dataclass(frozen=True)
class Times:
    """Seconds from the question to the first thing that shows, and to the whole answer; inf where none came."""

    first_signs: list[float]
    answers: list[float]


def read_times(rig: Rig, questions: list[Asked]) -> Times:
    """From the journal: a status, a reaction, a stream or a message in the question's thread."""
    firsts: dict[str, float] = {}
    wholes: dict[str, float] = {}
    threads: dict[str, str] = {}
    for call in list(rig.slack.journal.calls):
        ts = call.args.get("thread_ts") or call.args.get("timestamp") or threads.get(str(call.args.get("ts")))
        if not ts or call.error or call.seconds is None or not call.response:
            continue
        end = call.at + call.seconds
        if call.method in ("assistant.threads.setStatus", "reactions.add", "chat.startStream", "chat.postMessage"):
            firsts.setdefault(ts, end)
        if call.method == "chat.startStream":
            threads[call.response["ts"]] = ts
        if call.method in ("chat.postMessage", "chat.stopStream"):
            wholes.setdefault(ts, end)
    none = float("inf")
    return Times(
        [firsts.get(asked.ts, none) - asked.at for asked in questions],
        [wholes.get(asked.ts, none) - asked.at for asked in questions],
    )


def percentile(values: list[float], share: float) -> float:
    """Of what was measured; a value that never came counts as endless."""
    return float(np.percentile(values, share, method="higher")) if values else float("nan")


def count_refusals(rig: Rig) -> Counter[str]:
    """Calls whose payload Slack would not have taken, by their error code."""
    codes = "invalid_blocks invalid_blocks_format invalid_arguments msg_blocks_too_long msg_too_long no_text".split()
    return Counter(call.error for call in rig.slack.journal.calls if call.error in codes)
