"""Ports that others send requests to: one way to open them, with limits on what is half sent."""

import threading
from typing import Any

from waitress.server import create_server

from assistant.errors import NetworkError

_SILENT_SECONDS = 10
# Whoever opens a hundred connections and sends half a request on each must leave room for the others.
_MOST_CONNECTIONS = 500


def serve(application: Any, address: str, port: int, setting: str, threads: int, most_bytes: int) -> Any:
    """Serve a WSGI application until the returned server's `close`. Raises NetworkError when the port is taken."""
    try:
        server = create_server(
            application,
            host=address,
            port=port,
            threads=threads,
            ident="earshot",
            asyncore_use_poll=True,  # with select(), it would fall silent once the process has 1,024 files open
            max_request_body_size=most_bytes,
            channel_timeout=_SILENT_SECONDS,
            cleanup_interval=_SILENT_SECONDS // 2,
            connection_limit=_MOST_CONNECTIONS,
        )
    except OSError as error:
        raise NetworkError(
            f"{address}, port {port} cannot be used: {error.strerror}.", f"Set {setting} or LISTEN_ADDRESS."
        ) from error
    threading.Thread(target=server.run, name=setting.lower(), daemon=True).start()
    return server
