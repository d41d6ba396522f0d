"""Builds every part once from Settings, when it is first asked for; the only reader of the clock."""

from assistant.wiring.assistant import Assistant
from assistant.wiring.knowing import read_clock

__all__ = ["Assistant", "read_clock"]
