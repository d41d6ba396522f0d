"""Whether everybody can open an address: what counts as public has to be so in the same round."""

from assistant.errors import SourceError, UnavailableError
from assistant.knowledge.ingest import web

_MOST_BYTES = 20_000_000


def is_open(url: str) -> bool:
    """Return whether an address opens without any key. Raises UnavailableError where nobody can tell now."""
    try:
        return bool(web.fetch_page(url, _MOST_BYTES))
    except UnavailableError:
        raise
    except SourceError:
        return False
