"""Names for the shapes that cross every file."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]
