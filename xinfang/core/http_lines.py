"""Connections to other servers of the house: over TLS with the certificate checked, or plain to this machine alone."""

import http.client
import ssl
from urllib.parse import SplitResult


def line_to(at: SplitResult, seconds: float) -> http.client.HTTPConnection:
    """Return a connection to this address, not open yet; the settings have checked where plain HTTP may lead."""
    host = at.hostname or ""
    if at.scheme == "https":
        return http.client.HTTPSConnection(host, at.port, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, at.port, timeout=seconds)
