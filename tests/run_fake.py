"""`earshot run` in a process of its own, with the quick embedder: what the kill tests start and kill."""

import time

from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.core.config import load_settings
from assistant.service.service import Service


def main() -> None:
    """Run until killed."""
    settings = load_settings()
    assistant = Assistant(settings, embedder=FakeEmbedder())
    assistant.knowledge.ingest.run([str(settings.knowledge_dir)], None, assistant.clock())
    Service(assistant).start()
    while True:
        time.sleep(1)
