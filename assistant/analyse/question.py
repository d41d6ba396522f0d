"""Whether a post asks something."""

import re

_ASKS = re.compile(
    r"\?|？|؟|^\s*(?:@\w+\s+)*(?:how|what|when|where|why|who|which|can|could|do|does|is|are|any(?:one|body))\b"
    r"|\b(?:does anyone|anybody|anyone know|how do i|how can i|is there a|wondering (?:if|whether))\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+")


def is_question(text: str) -> bool:
    """By its question mark or its first words; a question mark inside a link does not count."""
    return bool(_ASKS.search(_LINK.sub(" ", text)))
