"""`earshot run` in a process of its own, which the Slack benchmark fills, orders about, and kills."""

import sys
import time
from pathlib import Path

import numpy as np

from assistant.app import Assistant
from assistant.core.config import load_settings
from assistant.service.service import Service
from benchmarks.filling import build_vocabulary, fill

_SEED = 1


def main() -> None:
    """`prepare CHUNKS` fills the home and ends; `run` serves, and answers orders on its input with `done SECONDS`."""
    assistant = Assistant(load_settings())
    if sys.argv[1] == "prepare":
        rng = np.random.default_rng(_SEED)
        fill(assistant, build_vocabulary(rng), rng, int(sys.argv[2]), lambda text: None)
        assistant.knowledge.ingest.run([str(assistant.settings.knowledge_dir)], None, assistant.clock())
        return
    service = Service(assistant)
    service.start()
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        began = time.monotonic()
        if word == "posts":
            assistant.listening.collecting.collect_file(Path(rest), assistant.clock())
            assistant.listening.sort_new_mentions(assistant.clock())
        elif word == "cards":
            service.rounds.collect(assistant.clock())
        sys.stdout.write(f"done {time.monotonic() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
