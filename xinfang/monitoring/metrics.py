"""What Prometheus reads: the level of each check and what was measured, on an address of its own."""

from collections.abc import Iterator
from wsgiref.simple_server import WSGIServer

from django.db import close_old_connections
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric

from .queries import checks


class _Checks:
    """Looks each time it is asked."""

    def collect(self) -> Iterator[Metric]:
        """Yield the level of each check, and what was measured of it."""
        close_old_connections()
        level = GaugeMetricFamily("xinfang_check_level", "0 well, 1 remark, 2 fault", labels=["check"])
        measured = GaugeMetricFamily(
            "xinfang_check_measured",
            "Seconds since it last happened or until it ends, bytes left, or how many wait",
            labels=["check"],
        )
        for check in checks():
            level.add_metric([check.code], check.level)
            if check.measured is not None:
                measured.add_metric([check.code], check.measured)
        close_old_connections()
        yield level
        yield measured


def serve_metrics(host: str, port: int) -> WSGIServer:
    """Answer at this address, in a thread, until the server that is returned is shut down.

    Raises:
        OSError: the port is taken.
    """
    registry = CollectorRegistry()
    registry.register(_Checks())
    server, _ = start_http_server(port, addr=host, registry=registry)
    return server
